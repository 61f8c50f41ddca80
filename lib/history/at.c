/* SPDX-License-Identifier: MIT */
/*
 * A moment: the sample of the system and the one before it, and the table of
 * processes and the one before it, put together as if they had come so. The
 * tables are older than the samples, and their parts' at_ns say how much.
 */
#include "base/err.h"
#include "history/read_int.h"

/* How much later than its next sample something may still be shown, at
 * least: of samples, of tables. */
#define BRIDGE_NS (5 * AUR_SECOND_NS)
#define TABLE_BRIDGE_NS (30 * AUR_SECOND_NS)
#define FAR_NS (2 * 3600 * AUR_SECOND_NS)

static int64_t bridge(int64_t step_ns, int64_t least)
{
	int64_t ns = step_ns < FAR_NS / 3 ? step_ns * 3 : FAR_NS;

	return ns > least ? ns : least;
}

static struct aur__mask mask_of(const struct aur_want *want)
{
	uint64_t processes = AUR_WANT_DOMAIN(PROCESS) |
			     AUR_WANT_DOMAIN(THREAD) |
			     AUR_WANT_DOMAIN(PROCESS_LIMIT);

	return (struct aur__mask){
	    .domains = want->domains & ~processes, .others = true};
}

static bool wants_table(const struct aur_want *want)
{
	return (want->domains & AUR_WANT_DOMAIN(PROCESS)) != 0;
}

/* What is found at or before `at`, unless it is too old or of another boot
 * than `boot_id` (NULL: any). NULL in *ret: nothing. */
static int take_last(const struct aur__source *s, struct aur_wall at,
    bool table, const uint8_t *boot_id, struct aur__mask mask,
    struct aur_sample **ret)
{
	struct aur__found f;
	int rc;

	*ret = NULL;
	if (table)
		aur__find_table(s, at, FAR_NS, &f);
	else
		aur__find_last(s, at, FAR_NS, &f);
	if (f.wall.ns == 0 ||
	    at.ns - f.wall.ns >
		bridge(f.step_ns, table ? TABLE_BRIDGE_NS : BRIDGE_NS))
		return 0;
	rc = aur__found_sample(s, &f, mask, ret);
	if (rc == 0 && boot_id != NULL &&
	    memcmp((*ret)->boot_id, boot_id, 16) != 0) {
		aur_sample_unref(*ret);
		*ret = NULL;
	}
	return rc == AUR_ENOMEM ? rc : 0;
}

/* A sample with the parts of `system` that `mask` wants and the table of
 * `table` (NULL: none). */
static int merge(struct aur_sample *system, struct aur_sample *table,
    struct aur__mask mask, struct aur_sample **ret)
{
	struct aur_sample *s = aur_sample_new(system->strs);
	const struct aur_part *p;
	int rc = s == NULL ? AUR_ENOMEM : 0;

	if (rc == 0) {
		aur_sample_copy_times(s, system);
		aur_sample_keep(s, system->keep);
	}
	for (size_t i = 0; rc == 0 && i < system->npart; i++) {
		unsigned id = system->part[i].domain->id;

		if (id < AUR_DOMAIN_COUNT ? (mask.domains >> id) & 1
					  : mask.others)
			rc = aur_sample_lend(s, system, &system->part[i]);
	}
	p = table != NULL ? aur_sample_get(table, AUR_DOMAIN_PROCESS) : NULL;
	if (rc == 0 && p != NULL) {
		rc = aur_sample_lend(s, table, p);
		s->part[s->npart - 1].at_ns =
		    p->at_ns + table->mono.ns - system->mono.ns;
	}
	if (rc < 0) {
		aur_sample_unref(s);
		return rc;
	}
	*ret = s;
	return 0;
}

struct moment {
	struct aur_sample *now, *before, *table, *table_before;
};

static void release(struct moment *m)
{
	aur_sample_unref(m->now);
	aur_sample_unref(m->before);
	aur_sample_unref(m->table);
	aur_sample_unref(m->table_before);
}

static struct aur_wall before_both(
    const struct aur_sample *system, const struct aur_sample *table)
{
	struct aur_wall t = {table->wall.ns - 1};

	if (system != NULL && system->wall.ns < t.ns)
		t = system->wall;
	return t;
}

static int read_moment(const struct aur__source *s, struct aur_wall at,
    const struct aur_want *want, struct moment *m)
{
	struct aur__mask mask = mask_of(want);
	int rc = take_last(s, at, false, NULL, mask, &m->now);

	if (rc == 0 && m->now != NULL)
		rc = take_last(s, (struct aur_wall){m->now->wall.ns - 1}, false,
		    NULL, mask, &m->before);
	if (rc < 0 || !wants_table(want))
		return rc;
	rc = take_last(s, m->now != NULL ? m->now->wall : at, true,
	    m->now != NULL ? m->now->boot_id : NULL, mask, &m->table);
	if (rc == 0 && m->table != NULL)
		rc = take_last(s, before_both(m->before, m->table), true,
		    m->table->boot_id, mask, &m->table_before);
	return rc;
}

int aur_history_at(struct aur_history *h, size_t host, struct aur_wall at,
    const struct aur_want *want, struct aur_sample **ret_before,
    struct aur_sample **ret_now)
{
	struct aur_sample *before = NULL, *now = NULL;
	struct aur__source s;
	struct moment m = {0};
	int rc;

	if (host >= h->nhost)
		return AUR_EABSENT;
	aur__read_begin(h);
	rc = aur__source_of(h, host, &s);
	if (rc == 0)
		rc = read_moment(&s, at, want, &m);
	aur__read_end(h);
	if (rc == 0 && m.now == NULL) { /* at most a table */
		m.now = m.table;
		m.before = m.table_before;
		m.table = m.table_before = NULL;
		rc = m.now == NULL ? AUR_EABSENT : 0;
	}
	if (rc == 0)
		rc = merge(m.now, m.table, mask_of(want), &now);
	if (rc == 0 && m.before != NULL)
		rc = merge(m.before, m.table_before, mask_of(want), &before);
	release(&m);
	if (rc < 0) {
		aur_sample_unref(now);
		return rc;
	}
	*ret_now = now;
	*ret_before = before;
	return 0;
}

int aur_history_step(struct aur_history *h, size_t host, struct aur_wall at,
    int dir, struct aur_wall *ret_at)
{
	struct aur__source s;
	struct aur__found f;
	int rc;

	if (host >= h->nhost)
		return AUR_EABSENT;
	rc = aur__source_of(h, host, &s);
	if (rc < 0)
		return rc;
	aur__read_begin(h);
	if (dir > 0)
		aur__find_next(&s, at, &f);
	else
		aur__find_last(&s, (struct aur_wall){at.ns - 1}, INT64_MAX, &f);
	aur__read_end(h);
	if (f.wall.ns == 0)
		return AUR_EABSENT;
	*ret_at = f.wall;
	return 0;
}

int aur__read_has(struct aur_history *h, size_t host, enum aur__lane_kind lane,
    const struct aur_sample *sample)
{
	struct aur__source s;
	struct aur_sample *had = NULL;
	int rc = aur__source_of(h, host, &s);

	if (rc == 0)
		rc = take_last(&s, sample->wall, lane == AUR__LOG_PROCESSES,
		    sample->boot_id, (struct aur__mask){0}, &had);
	if (rc == 0 && had != NULL)
		rc = lane == AUR__LOG_SYSTEM
			 ? had->wall.ns == sample->wall.ns
			 : had->wall.ns / AUR__TABLE_NS ==
			       sample->wall.ns / AUR__TABLE_NS;
	aur_sample_unref(had);
	return rc;
}

int aur__read_last(struct aur_history *h, size_t host, struct aur_wall *ret_at)
{
	struct aur__source s;
	struct aur__found f;
	int rc = aur__source_of(h, host, &s);

	if (rc < 0)
		return rc;
	aur__find_last(&s, (struct aur_wall){INT64_MAX}, INT64_MAX, &f);
	*ret_at = f.wall;
	return 0;
}

/* --- bounds -----------------------------------------------------------------
 */

/* Widens with what a statement says that gives a first and a last time. */
static void widen(
    struct aur__db *db, sqlite3_stmt *st, int64_t *from, int64_t *to)
{
	if (aur__sql_step(db, st) == 1 &&
	    sqlite3_column_type(st, 0) != SQLITE_NULL) {
		if (aur__col_i64(st, 0) < *from)
			*from = aur__col_i64(st, 0);
		if (aur__col_i64(st, 1) > *to)
			*to = aur__col_i64(st, 1);
	}
	aur__sql_end(st);
}

static void bounds_of_week(
    struct aur__db *db, int64_t host, int64_t *from, int64_t *to)
{
	static const int64_t steps[] = {AUR__STEP_RAW, AUR__STEP_THIN};
	static const int64_t rolls[] = {10, 60, 900};
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_BOUNDS);

	aur__sql_i64(st, 1, host);
	widen(db, st, from, to);
	for (size_t i = 0; i < AUR_ARRAY_LEN(steps); i++) {
		st = aur__sql_use(db, AUR__SQL_BLOCK_BOUNDS);
		aur__sql_i64(st, 1, host);
		aur__sql_i64(st, 2, steps[i]);
		widen(db, st, from, to);
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(rolls); i++) {
		st = aur__sql_use(db, AUR__SQL_ROLL_BOUNDS);
		aur__sql_i64(st, 1, host);
		aur__sql_i64(st, 2, rolls[i]);
		widen(db, st, from, to);
	}
}

/* Of the first and the last week that have something of the host. */
static void bounds_of(
    struct aur_history *h, int64_t host, int64_t *from, int64_t *to)
{
	size_t n = h->weeks.n, i, j;
	struct aur__db *db;
	int err;

	for (i = 0; i < n && *from == INT64_MAX; i++) {
		db = aur__weeks_open(&h->weeks, h->weeks.week[i].monday, &err);
		if (db != NULL)
			bounds_of_week(db, host, from, to);
	}
	for (j = n; j > i; j--) {
		int64_t had = *to;

		db = aur__weeks_open(
		    &h->weeks, h->weeks.week[j - 1].monday, &err);
		if (db != NULL)
			bounds_of_week(db, host, from, to);
		if (*to > had)
			break;
	}
}

bool aur_history_bounds(struct aur_history *h, size_t host,
    struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	aur__read_begin(h);
	for (size_t i = 0; i < h->nhost; i++) {
		int64_t first = INT64_MAX, last = INT64_MIN;

		if (host != SIZE_MAX && host != i)
			continue;
		bounds_of(h, h->host[i].id, &first, &last);
		from = first < from ? first : from;
		to = last > to ? last : to;
	}
	aur__read_end(h);
	if (from > to)
		return false;
	ret_from->ns = from;
	ret_to->ns = to;
	return true;
}
