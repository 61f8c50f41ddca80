/* SPDX-License-Identifier: MIT */
/*
 * Every second becomes every minute: of an hour of a host whose time is up,
 * one sample and one table of each minute stay, raw as they were, so that the
 * moment can be drawn for two weeks. Only those samples are made.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/tidy_int.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)
#define MINUTE_NS (AUR__STEP_THIN * AUR_SECOND_NS)

struct thin {
	struct aur__tidy *t;
	struct aur__segs segs;
	struct aur__made made;
	struct aur_packer *packer;
	struct aur__tables tables;
	int64_t minute; /* of the sample, or table, that stayed last */
};

/* Whether the minute of `t` has none yet; then it has. */
static bool stays(struct thin *th, struct aur_wall t)
{
	int64_t minute = t.ns / MINUTE_NS;

	if (minute == th->minute)
		return false;
	th->minute = minute;
	return true;
}

static int thin_span(
    struct thin *th, const struct aur__seg *seg, struct aur__db *db)
{
	struct aur__source *s = &th->t->source;
	struct aur__mask all = {.domains = UINT64_MAX, .others = true};
	struct aur__span *span = aur__cache_span(
	    s->cache, db, seg->monday, s->host, seg->step, &seg->at);
	int rc = 0;

	for (size_t i = 0; rc == 0 && span != NULL && i < span->times.n; i++) {
		struct aur_sample *now;

		if (aur__segs_covered(&th->segs, seg, span->times.wall[i]) ||
		    !stays(th, span->times.wall[i]))
			continue;
		rc = aur__span_sample(span, db, i, all, s->strs, &now);
		if (rc < 0)
			break;
		rc = aur__pack_add(th->packer, now, &th->made);
		aur_sample_unref(now);
	}
	return rc == AUR_ENOMEM || rc == 0 ? rc : 0;
}

static int thin_system(struct thin *th, int64_t from, int64_t to)
{
	int rc = aur__segs_find(&th->segs, &th->t->source,
	    (struct aur_wall){from}, (struct aur_wall){to}, AUR__IN_RAW);

	th->minute = INT64_MIN;
	for (size_t i = 0; rc == 0 && i < th->segs.n; i++) {
		const struct aur__seg *seg = &th->segs.seg[i];
		struct aur__db *db;
		int err;

		if (seg->kind != AUR__SEG_BLOCK || seg->at.from.ns < from)
			continue;
		db = aur__weeks_open(th->t->source.weeks, seg->monday, &err);
		if (db != NULL)
			rc = thin_span(th, seg, db);
	}
	if (rc == 0)
		rc = aur_packer_finish(
		    th->packer, AUR_PACK_EFFORT, aur__made_add, &th->made);
	return rc;
}

static int thin_table(struct thin *th, struct aur__db *db, int64_t monday,
    const struct aur__at *at)
{
	struct aur__source *s = &th->t->source;
	struct aur__chunk *chunk =
	    aur__cache_block(s->cache, db, monday, s->host, at, s->strs);
	struct aur_wall t = {INT64_MIN};
	int rc = 0;

	while (rc == 0 && chunk != NULL) {
		struct aur_sample *now = aur__chunk_next(chunk, t);

		if (now == NULL)
			break;
		t = now->wall;
		if (stays(th, t))
			rc = aur__tables_add(&th->tables, now, &th->made);
	}
	if (chunk != NULL)
		aur__chunk_release(chunk);
	return rc;
}

static int thin_tables(
    struct thin *th, int64_t monday, int64_t from, int64_t to)
{
	struct aur__at *at = NULL;
	size_t n = 0;
	int rc;
	struct aur__db *db = aur__weeks_open(th->t->source.weeks, monday, &rc);

	if (db == NULL)
		return rc;
	rc = aur__spans_read(db, th->t->source.host, AUR_BLOCK_FRAMES,
	    "process", (struct aur_wall){from}, (struct aur_wall){to}, &at, &n);
	th->minute = INT64_MIN;
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (at[i].from.ns >= from)
			rc = thin_table(th, db, monday, &at[i]);
	if (rc == 0)
		rc = aur__tables_finish(&th->tables, &th->made);
	aur_mem_free(at);
	return rc;
}

static int put(struct thin *th, int64_t monday, int64_t from, int64_t to)
{
	int64_t host = th->t->source.host;
	struct aur__db *db;
	sqlite3_stmt *st;
	int rc = aur__write_begin(th->t->w, monday, &db);

	if (rc < 0)
		return rc;
	rc = aur__made_put(&th->made, db, host, AUR__STEP_THIN, false);
	if (rc == 0) {
		st = aur__sql_use(db, AUR__SQL_BLOCK_DROP_HOUR);
		aur__sql_i64(st, 1, host);
		aur__sql_i64(st, 2, from);
		aur__sql_i64(st, 3, to);
		rc = aur__sql_done(db, st);
	}
	return aur__write_end(th->t->w, monday, db, rc);
}

int aur__thin_hour(struct aur__tidy *t, int64_t monday, struct aur_wall hour)
{
	struct thin *th = aur_mem_new(1, sizeof(*th));
	int64_t to = hour.ns + HOUR_NS;
	int rc = AUR_ENOMEM;

	if (th == NULL)
		return rc;
	th->t = t;
	aur__tables_init(&th->tables);
	rc = aur_packer_new(&th->packer);
	if (rc == 0)
		rc = thin_system(th, hour.ns, to);
	if (rc == 0)
		rc = thin_tables(th, monday, hour.ns, to);
	if (rc == 0)
		rc = put(th, monday, hour.ns, to);
	aur__segs_release(&th->segs);
	aur_packer_free(th->packer);
	aur__tables_release(&th->tables);
	aur__made_release(&th->made);
	aur_mem_free(th);
	return rc;
}
