/* SPDX-License-Identifier: MIT */
/*
 * What is too old goes: every second after two days (a minute's worth stays
 * for two weeks), ten seconds after two weeks, minutes after three months,
 * quarters of an hour and events after two years. A file of which nothing is
 * left to keep is unlinked. Where the folder is larger than it may be, the
 * oldest of the finest goes before its time.
 *
 * "Now" is the time of the newest sample, if that is earlier than the clock's:
 * a clock that runs ahead, or a summer without Aurora, deletes nothing.
 */
#include "history/roll_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_NS (86400 * AUR_SECOND_NS)
#define HOUR_NS (3600 * AUR_SECOND_NS)
#define RAW_NS (2 * DAY_NS)
#define THIN_NS (14 * DAY_NS)
#define EVENTS_NS (731 * DAY_NS)
/* Hours thinned in one go, so that commits are not kept waiting. */
#define HOURS_MOST 64u

/* --- every second --------------------------------------------------------- */

/* The oldest block of a step in a week. */
static bool oldest(
    struct aur__db *db, int64_t step, int64_t *ret_host, struct aur_wall *ret_t)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_OLDEST);
	bool found;

	aur__sql_i64(st, 1, step);
	found = aur__sql_step(db, st) == 1;
	if (found) {
		*ret_host = aur__col_i64(st, 0);
		ret_t->ns = aur__col_i64(st, 1);
	}
	aur__sql_end(st);
	return found;
}

/* Thins the oldest hour of a week if it began before `before`. 1: it did; 0:
 * there is none; or an error. */
static int thin_oldest(
    struct aur__tidy *t, int64_t monday, struct aur_wall before)
{
	int err;
	struct aur__db *db = aur__weeks_open(&t->w->weeks, monday, &err);
	struct aur_wall first;
	int rc;

	if (db == NULL || !oldest(db, AUR__STEP_RAW, &t->source.host, &first))
		return 0;
	first.ns -= first.ns % HOUR_NS;
	if (first.ns + HOUR_NS > before.ns)
		return 0;
	rc = aur__thin_hour(t, monday, first);
	return rc < 0 ? rc : 1;
}

static int thin_all(struct aur__tidy *t, struct aur_wall before)
{
	unsigned n = 0;
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < t->w->weeks.n; i++) {
		int64_t monday = t->w->weeks.week[i].monday;

		if (monday > before.ns)
			break;
		/* only what has been thinned yet is kept there */
		if (monday + AUR__WEEK_NS + THIN_NS < before.ns)
			continue;
		while (
		    n < HOURS_MOST && (rc = thin_oldest(t, monday, before)) > 0)
			n++;
	}
	return rc < 0 ? rc : 0;
}

/* --- tiers ---------------------------------------------------------------- */

static int drop(
    struct aur__db *db, enum aur__sql id, int64_t step, int64_t before)
{
	sqlite3_stmt *st = aur__sql_use(db, id);

	aur__sql_i64(st, 1, step);
	aur__sql_i64(st, 2, before);
	return aur__sql_done(db, st);
}

static int drop_old(struct aur__db *db, struct aur_wall now)
{
	int rc =
	    drop(db, AUR__SQL_BLOCK_DROP_OLD, AUR__STEP_THIN, now.ns - THIN_NS);

	for (size_t i = 0; rc == 0 && i < AUR__TIERS; i++)
		rc = drop(db, AUR__SQL_ROLL_DROP_OLD, aur__tiers[i].step,
		    now.ns - aur__tiers[i].keep * AUR_SECOND_NS);
	return rc;
}

/* Gives freed pages back to the file system. */
static int shrink(struct aur__db *db)
{
	return aur__db_run(
	    db, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");
}

static int expire_week(struct aur__tidy *t, int64_t monday, struct aur_wall now)
{
	struct aur__db *db;
	int64_t had;
	int rc = aur__write_begin(t->w, monday, &db);

	if (rc < 0)
		return rc;
	had = sqlite3_total_changes(db->db);
	rc = aur__write_end(t->w, monday, db, drop_old(db, now));
	if (rc == 0 && sqlite3_total_changes(db->db) > had)
		rc = shrink(db);
	return rc;
}

static void unlink_week(struct aur__weeks *weeks, size_t i)
{
	static const char *const tail[] = {"", "-wal", "-shm"};
	char name[AUR__WEEK_NAME];

	aur__week_name(weeks->week[i].monday, name);
	aur__weeks_forget(weeks, i);
	for (size_t k = 0; k < AUR_ARRAY_LEN(tail); k++) {
		char file[AUR__WEEK_NAME + 8];
		const char *path;

		(void)snprintf(file, sizeof(file), "%s%s", name, tail[k]);
		path = aur__weeks_path(weeks, file);
		if (path != NULL)
			(void)unlink(path);
	}
}

/* --- size ----------------------------------------------------------------- */

static uint64_t size_of(struct aur__weeks *weeks, int64_t monday)
{
	static const char *const tail[] = {"", "-wal"};
	char name[AUR__WEEK_NAME];
	uint64_t sum = 0;

	aur__week_name(monday, name);
	for (size_t k = 0; k < AUR_ARRAY_LEN(tail); k++) {
		char file[AUR__WEEK_NAME + 8];
		const char *path;
		struct stat st;

		(void)snprintf(file, sizeof(file), "%s%s", name, tail[k]);
		path = aur__weeks_path(weeks, file);
		if (path != NULL && stat(path, &st) == 0)
			sum += (uint64_t)st.st_blocks * 512;
	}
	return sum;
}

static uint64_t size_of_all(struct aur__weeks *weeks)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < weeks->n; i++)
		sum += size_of(weeks, weeks->week[i].monday);
	return sum;
}

/* Drops a day of a tier, or of the thinned samples, in the first week that has
 * one. 1: it did. */
static int drop_day(struct aur__tidy *t, int64_t monday, size_t tier)
{
	int64_t step = aur__tiers[tier].step, host;
	struct aur_wall first = {INT64_MAX}, thin;
	struct aur__db *db;
	sqlite3_stmt *st;
	int rc = aur__write_begin(t->w, monday, &db);

	if (rc < 0)
		return rc;
	st = aur__sql_use(db, AUR__SQL_ROLL_OLDEST);
	aur__sql_i64(st, 1, step);
	if (aur__sql_step(db, st) == 1 &&
	    sqlite3_column_type(st, 0) != SQLITE_NULL)
		first.ns = aur__col_i64(st, 0);
	aur__sql_end(st);
	if (tier == 0 && oldest(db, AUR__STEP_THIN, &host, &thin) &&
	    thin.ns < first.ns)
		first = thin;
	if (first.ns != INT64_MAX) {
		first.ns += DAY_NS;
		rc = drop(db, AUR__SQL_ROLL_DROP_OLD, step, first.ns);
		if (rc == 0 && tier == 0)
			rc = drop(db, AUR__SQL_BLOCK_DROP_OLD, AUR__STEP_THIN,
			    first.ns + HOUR_NS);
	}
	rc = aur__write_end(t->w, monday, db, rc);
	if (rc == 0 && first.ns != INT64_MAX)
		rc = shrink(db);
	return rc < 0 ? rc : first.ns != INT64_MAX;
}

/* Lets one piece go: the oldest of the finest. 1: one went; 0: no more. */
static int shed(struct aur__tidy *t, struct aur_wall now)
{
	struct aur__weeks *weeks = &t->w->weeks;
	struct aur_wall before = {now.ns - HOUR_NS};

	for (size_t i = 0; i < weeks->n; i++) {
		int64_t monday = weeks->week[i].monday;
		int rc = thin_oldest(t, monday, before);
		struct aur__db *db;

		if (rc < 0)
			return rc;
		if (rc == 0)
			continue;
		db = aur__weeks_open(weeks, monday, &rc);
		rc = db != NULL ? shrink(db) : rc;
		return rc < 0 ? rc : 1;
	}
	for (size_t k = 0; k + 1 < AUR__TIERS; k++)
		for (size_t i = 0; i < weeks->n; i++) {
			int rc = drop_day(t, weeks->week[i].monday, k);

			if (rc != 0)
				return rc;
		}
	if (weeks->n < 2)
		return 0;
	unlink_week(weeks, 0);
	return 1;
}

int aur__expire(struct aur__tidy *t, struct aur_wall now)
{
	struct aur__weeks *weeks = &t->w->weeks;
	int rc = thin_all(t, (struct aur_wall){now.ns - RAW_NS});

	while (weeks->n > 0 &&
	       weeks->week[0].monday + AUR__WEEK_NS < now.ns - EVENTS_NS)
		unlink_week(weeks, 0);
	for (size_t i = 0; rc == 0 && i < weeks->n; i++)
		if (weeks->week[i].monday < now.ns - THIN_NS)
			rc = expire_week(t, weeks->week[i].monday, now);
	return rc;
}

/* What is packed by now has left free pages in the week that is written. */
static int shrink_last(struct aur__weeks *weeks)
{
	struct aur__db *db;
	int rc;

	if (weeks->n == 0)
		return 0;
	db = aur__weeks_open(weeks, weeks->week[weeks->n - 1].monday, &rc);
	return db != NULL ? shrink(db) : rc;
}

static bool is_over(const struct aur__tidy *t)
{
	return size_of_all(&t->w->weeks) > t->w->most_bytes;
}

int aur__shed(struct aur__tidy *t, struct aur_wall now)
{
	int rc = is_over(t) ? shrink_last(&t->w->weeks) : 0;
	bool more = rc == 0;

	for (unsigned i = 0; more && i < 256 && is_over(t); i++) {
		rc = shed(t, now);
		more = rc > 0;
	}
	return rc < 0 ? rc : 0;
}
