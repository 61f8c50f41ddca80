/* SPDX-License-Identifier: MIT */
/*
 * What is done in idle moments, a little at a time: see store.c for the life
 * of a span.
 */
#include "history/roll_int.h"

#include "base/err.h"
#include "base/mem.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)
/* Behind the end of an hour before it is rolled up: it is in blocks by then, of
 * the host or of ours, which takes half as long as samples of the log. */
#define AFTER_NS (420 * AUR_SECOND_NS)
/* Blocks that come are waited for: after the last one so long. */
#define QUIET_NS (10 * AUR_SECOND_NS)
#define HOURS_MOST 16u
#define EXPIRE_NS (600 * AUR_SECOND_NS)
/* How often the log is looked through for hours that are over: of a
 * thousand hosts that is four thousand questions, and nobody waits for it. */
#define LOG_NS (60 * AUR_SECOND_NS)

/* --- our own give way ----------------------------------------------------- */

int aur__spans_read(struct aur__db *db, int64_t host, enum aur_block_kind kind,
    const char *name, struct aur_wall from, struct aur_wall to,
    struct aur__at **ret_at, size_t *ret_n)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_SPANS);
	struct aur__at *at = NULL, *mem;
	size_t n = 0;
	int rc;

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, AUR__STEP_RAW);
	aur__sql_i64(st, 3, (int64_t)kind);
	aur__sql_text(st, 4, aur_slice_str(name));
	aur__sql_i64(st, 5, from.ns);
	aur__sql_i64(st, 6, to.ns);
	while ((rc = aur__sql_step(db, st)) == 1) {
		if ((n & (n - 1)) == 0) {
			mem = aur_mem_grow(at, n == 0 ? 1 : n * 2, sizeof(*at));
			if (mem == NULL) {
				rc = AUR_ENOMEM;
				break;
			}
			at = mem;
		}
		aur__at_take(&at[n++], st);
	}
	aur__sql_end(st);
	if (rc < 0) {
		aur_mem_free(at);
		return rc;
	}
	*ret_at = at;
	*ret_n = n;
	return 0;
}

/* Whether the host's whole spans tell all of `own`. They are in order, and no
 * further apart than `apart`. */
static bool is_told(const struct aur__at *at, size_t n,
    const struct aur__at *own, struct aur_span apart)
{
	struct aur_wall t = own->from;
	bool on = true;

	while (on && t.ns <= own->to.ns) {
		on = false;
		for (size_t i = 0; i < n; i++) {
			if (at[i].own || !at[i].whole || at[i].from.ns > t.ns ||
			    at[i].to.ns < t.ns)
				continue;
			t.ns = at[i].to.ns + apart.ns;
			on = true;
		}
	}
	return t.ns > own->to.ns;
}

/* Of an hour and those beside it: what was packed when streams did not end with
 * the hour yet reaches a little into the next one, and the host's does not. */
static int drop_own(struct aur__tidy *t, struct aur__db *db,
    enum aur_block_kind kind, const char *name, struct aur_wall hour)
{
	struct aur_span apart = {
	    3 * (kind == AUR_BLOCK_FRAMES ? AUR__TABLE_NS : AUR_SECOND_NS)};
	struct aur__at *at = NULL;
	size_t n = 0;
	int rc = aur__spans_read(db, t->source.host, kind, name,
	    (struct aur_wall){hour.ns - HOUR_NS},
	    (struct aur_wall){hour.ns + 2 * HOUR_NS}, &at, &n);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		sqlite3_stmt *st;

		if (!at[i].own || !is_told(at, n, &at[i], apart))
			continue;
		st = aur__sql_use(db, kind == AUR_BLOCK_TIMES
					  ? AUR__SQL_BLOCK_DROP_SPAN
					  : AUR__SQL_BLOCK_DROP_FRAMES);
		aur__sql_i64(st, 1, t->source.host);
		aur__sql_i64(st, 2, at[i].from.ns);
		aur__sql_i64(st, 3, at[i].to.ns);
		aur__sql_blob(st, 4, aur_slice_of(at[i].boot_id, 16));
		rc = aur__sql_done(db, st);
	}
	aur_mem_free(at);
	return rc;
}

static int give_way(struct aur__tidy *t, int64_t monday, struct aur_wall hour)
{
	struct aur__db *db;
	int rc = aur__write_begin(t->w, monday, &db);

	if (rc < 0)
		return rc;
	rc = drop_own(t, db, AUR_BLOCK_TIMES, "", hour);
	if (rc == 0)
		rc = drop_own(t, db, AUR_BLOCK_FRAMES, "process", hour);
	return aur__write_end(t->w, monday, db, rc);
}

/* --- hours ---------------------------------------------------------------- */

struct hour {
	int64_t host;
	struct aur_wall t;
};

static size_t hours_of(
    struct aur__tidy *t, int64_t monday, struct hour hour[HOURS_MOST])
{
	int err;
	struct aur__db *db = aur__weeks_open(&t->w->weeks, monday, &err);
	sqlite3_stmt *st;
	size_t n = 0;

	if (db == NULL)
		return 0;
	st = aur__sql_use(db, AUR__SQL_HOUR_DUE);
	aur__sql_i64(st, 1, t->now.ns - HOUR_NS - AFTER_NS);
	while (n < HOURS_MOST && aur__sql_step(db, st) == 1)
		hour[n++] =
		    (struct hour){aur__col_i64(st, 0), {aur__col_i64(st, 1)}};
	aur__sql_end(st);
	return n;
}

/* Rolls up hours that are due; of a week at most HOURS_MOST, unless `all`. */
static int roll_up(struct aur__tidy *t, struct aur__rolls *r, bool all)
{
	struct hour hour[HOURS_MOST];
	int rc = 0;

	for (size_t i = t->w->weeks.n; rc == 0 && i > 0; i--) {
		int64_t monday = t->w->weeks.week[i - 1].monday;
		size_t n;

		if (t->w->weeks.week[i - 1].settled)
			continue;
		do {
			n = hours_of(t, monday, hour);
			for (size_t k = 0; rc == 0 && k < n; k++) {
				t->source.host = hour[k].host;
				rc = give_way(t, monday, hour[k].t);
				if (rc == 0)
					rc = aur__roll_hour(t, r, monday,
					    hour[k].t.ns / AUR_SECOND_NS);
			}
		} while (rc == 0 && all && n == HOURS_MOST);
	}
	return rc;
}

/* Years of weeks are not opened every few seconds to find that nothing is to be
 * done: who has no log and no hours that wait is not looked at until something
 * is written to it. */
static void settle(struct aur__weeks *weeks)
{
	for (size_t i = weeks->n; i > 0; i--) {
		int err;
		struct aur__week *week = &weeks->week[i - 1];
		struct aur__db *db;
		sqlite3_stmt *st;

		if (week->settled)
			continue;
		db = aur__weeks_open(weeks, week->monday, &err);
		if (db == NULL)
			continue;
		st = aur__sql_use(db, AUR__SQL_WAITS);
		week->settled =
		    aur__sql_step(db, st) == 1 && aur__col_i64(st, 0) == 0;
		aur__sql_end(st);
	}
}

/* The time of the newest sample, if that is before `now`. */
static struct aur_wall newest(struct aur__tidy *t)
{
	struct aur_wall last = {0};

	for (size_t i = t->w->weeks.n; last.ns == 0 && i > 0; i--) {
		int err;
		struct aur__db *db = aur__weeks_open(
		    &t->w->weeks, t->w->weeks.week[i - 1].monday, &err);
		sqlite3_stmt *st;

		if (db == NULL)
			continue;
		st = aur__sql_use(db, AUR__SQL_NEWEST);
		if (aur__sql_step(db, st) == 1)
			last.ns = aur__col_i64(st, 0);
		aur__sql_end(st);
	}
	return last.ns < t->now.ns ? last : t->now;
}

static int tidy(struct aur__tidy *t, bool all)
{
	struct aur__rolls *r;
	struct aur_mono now = aur_clock_mono();
	bool quiet = all || now.ns - t->w->block_at.ns > QUIET_NS;
	struct aur_wall then;
	int rc;

	settle(&t->w->weeks);
	if (all || now.ns >= t->w->log_at.ns) {
		t->w->log_at.ns = now.ns + LOG_NS;
		rc = aur__tidy_log(t);
		if (rc < 0)
			return rc;
	}
	rc = aur__rolls_new(&r);
	if (rc == 0 && quiet)
		rc = roll_up(t, r, all);
	aur__rolls_free(r);
	if (rc < 0 || (!all && now.ns < t->w->expire_at.ns))
		return rc;
	t->w->expire_at.ns = now.ns + EXPIRE_NS;
	then = newest(t);
	if (then.ns == 0)
		return 0;
	rc = aur__expire(t, then);
	return rc < 0 ? rc : aur__shed(t, then);
}

int aur__tidy(struct aur__writer *w, struct aur_wall now, bool all)
{
	struct aur__tidy t = {.w = w, .now = now, .all = all};
	int rc = aur__cache_new(&t.source.cache);

	if (rc < 0)
		return rc;
	t.source.weeks = &w->weeks;
	t.source.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	rc = t.source.strs == NULL ? AUR_ENOMEM : tidy(&t, all);
	aur__cache_free(t.source.cache);
	aur_strs_unref(t.source.strs);
	return rc;
}
