/* SPDX-License-Identifier: MIT */
/*
 * A moment: the sample of the system and the one before it, and the table of
 * processes and the one before it, put together as if they had come so. The
 * tables are older than the samples, and their parts' at_ns say how much.
 */
#include "base/err.h"
#include "history/read_int.h"
#include "history/roll_int.h"

/* How much later than its next sample something may still be shown, at
 * least: of samples, of tables. */
#define BRIDGE_NS (5 * AUR_SECOND_NS)
#define TABLE_BRIDGE_NS (30 * AUR_SECOND_NS)
#define TABLES_MOST 64u
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

/* Newest first, one more than `most` where there is one. */
static int read_tables(const struct aur__source *s, struct aur_wall at,
    size_t most, struct aur_sample *table[TABLES_MOST + 1], size_t *n)
{
	struct aur__mask mask = {.domains = AUR_WANT_DOMAIN(PROCESS)};
	int rc = 0;

	while (rc == 0 && *n <= most) {
		struct aur_sample *t;

		rc = take_last(
		    s, at, true, *n > 0 ? table[0]->boot_id : NULL, mask, &t);
		if (rc < 0 || t == NULL)
			break;
		table[(*n)++] = t;
		at.ns = t->wall.ns - 1;
	}
	return rc;
}

int aur_history_tables(struct aur_history *h, size_t host, struct aur_wall at,
    size_t most, aur_feed_table_fn fn, void *arg)
{
	struct aur_sample *table[TABLES_MOST + 1];
	struct aur__source s;
	size_t n = 0;
	int rc;

	if (host >= h->nhost)
		return 0;
	if (most > TABLES_MOST)
		most = TABLES_MOST;
	aur__read_begin(h);
	rc = aur__source_of(h, host, &s);
	if (rc == 0)
		rc = read_tables(&s, at, most, table, &n);
	aur__read_end(h);
	for (size_t i = n < most ? n : most; rc == 0 && i-- > 0;)
		fn(arg, i + 1 < n ? table[i + 1] : NULL, table[i]);
	for (size_t i = 0; i < n; i++)
		aur_sample_unref(table[i]);
	return rc;
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

/* --- bounds --------------------------------------------------------------- */

/* Of one host; `exact`: rows of tiers are opened, else their blocks' spans
 * count, which are up to a day wider. */
struct ends {
	struct aur_history *h;
	int64_t host;
	bool exact;
	int64_t from, to;
};

/* What a statement says that gives a first and a last time. */
static bool ask_ends(
    struct aur__db *db, sqlite3_stmt *st, int64_t *ret_from, int64_t *ret_to)
{
	bool any = aur__sql_step(db, st) == 1 &&
		   sqlite3_column_type(st, 0) != SQLITE_NULL;

	if (any) {
		*ret_from = aur__col_i64(st, 0);
		*ret_to = aur__col_i64(st, 1);
	}
	aur__sql_end(st);
	return any;
}

static void widen(struct ends *e, int64_t from, int64_t to)
{
	e->from = from < e->from ? from : e->from;
	e->to = to > e->to ? to : e->to;
}

struct row_ends {
	bool any;
	int64_t first, last;
};

static int on_row(void *arg, const struct aur__rolled *row)
{
	struct row_ends *r = arg;

	if (!r->any)
		r->first = row->at.ns;
	r->last = row->at.ns;
	r->any = true;
	return 0;
}

/* Rows with values in a block of a tier: of the CPU, which every host has. */
static struct row_ends rows_of(
    const struct ends *e, const struct aur__tier *tier, int64_t from)
{
	static const struct aur_metric m = {
	    AUR_GROUP_CPU, AUR_FIG_cpu_busy_percent, ""};
	struct row_ends r = {.any = false};
	struct aur_wall to = {from + tier->chunk * AUR_SECOND_NS};

	if (aur__roll_read(&e->h->weeks, e->host, tier, &m,
		(struct aur_wall){from}, to, on_row, &r) < 0)
		r.any = false;
	return r;
}

/* A row begins before its first sample: it counts where no finer one is. */
static void widen_tier(
    struct ends *e, const struct aur__tier *tier, int64_t from, int64_t to)
{
	struct row_ends r;

	if (!e->exact) {
		widen(e, from, to);
		return;
	}
	if (from < e->from) {
		r = rows_of(e, tier, from);
		if (r.any && r.first + tier->step * AUR_SECOND_NS <= e->from)
			e->from = r.first;
	}
	if (to > e->to) {
		r = rows_of(e, tier, to + 1 - tier->chunk * AUR_SECOND_NS);
		if (r.any && r.last > e->to)
			e->to = r.last;
	}
}

static void bounds_of_week(struct ends *e, struct aur__db *db)
{
	static const int64_t steps[] = {AUR__STEP_RAW, AUR__STEP_THIN};
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_BOUNDS);
	int64_t from, to;

	aur__sql_i64(st, 1, e->host);
	if (ask_ends(db, st, &from, &to))
		widen(e, from, to);
	for (size_t i = 0; i < AUR_ARRAY_LEN(steps); i++) {
		st = aur__sql_use(db, AUR__SQL_BLOCK_BOUNDS);
		aur__sql_i64(st, 1, e->host);
		aur__sql_i64(st, 2, steps[i]);
		if (ask_ends(db, st, &from, &to))
			widen(e, from, to);
	}
	for (size_t i = 0; i < AUR__TIERS; i++) {
		st = aur__sql_use(db, AUR__SQL_ROLL_BOUNDS);
		aur__sql_i64(st, 1, e->host);
		aur__sql_i64(st, 2, aur__tiers[i].step);
		if (ask_ends(db, st, &from, &to))
			widen_tier(e, &aur__tiers[i], from, to);
	}
}

/* Of the first and the last week that have something of the host. */
static void bounds_of(struct ends *e)
{
	struct aur__weeks *w = &e->h->weeks;
	size_t n = w->n, i, j;
	struct aur__db *db;
	int err;

	for (i = 0; i < n && e->from == INT64_MAX; i++) {
		db = aur__weeks_open(w, w->week[i].monday, &err);
		if (db != NULL)
			bounds_of_week(e, db);
	}
	for (j = n; j > i; j--) {
		int64_t had = e->to;

		db = aur__weeks_open(w, w->week[j - 1].monday, &err);
		if (db != NULL)
			bounds_of_week(e, db);
		if (e->to > had)
			break;
	}
}

static bool bounds(struct aur_history *h, size_t host, bool exact,
    struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	aur__read_begin(h);
	for (size_t i = 0; i < h->nhost; i++) {
		struct ends e = {h, h->host[i].id, exact, INT64_MAX, INT64_MIN};

		if (host != SIZE_MAX && host != i)
			continue;
		bounds_of(&e);
		from = e.from < from ? e.from : from;
		to = e.to > to ? e.to : to;
	}
	aur__read_end(h);
	if (from > to)
		return false;
	ret_from->ns = from;
	ret_to->ns = to;
	return true;
}

bool aur_history_bounds(struct aur_history *h, size_t host,
    struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	return bounds(h, host, true, ret_from, ret_to);
}

bool aur__read_extent(struct aur_history *h, size_t host,
    struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	return bounds(h, host, false, ret_from, ret_to);
}
