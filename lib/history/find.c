/* SPDX-License-Identifier: MIT */
/*
 * Which sample is that of a moment. It may stand in a block that the host
 * made, in one that we made of what came live, in a thinned one, in the log,
 * or, for some minutes, in several of them: the latest counts, and of equals
 * the block.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/read_int.h"

/* A span is an hour at most: what began earlier does not reach so far. */
#define SPAN_NS (3700 * AUR_SECOND_NS)
#define PROCESS_STEP 5

/* --- what stays open ------------------------------------------------------ */

int aur__cache_new(struct aur__cache **ret_c)
{
	struct aur__cache *c = aur_mem_new(1, sizeof(*c));

	if (c == NULL || aur_unpacker_new(&c->unpacker) < 0) {
		aur_mem_free(c);
		return AUR_ENOMEM;
	}
	*ret_c = c;
	return 0;
}

void aur__cache_free(struct aur__cache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < AUR__CHUNKS; i++)
		aur__chunk_release(&c->chunk[i]);
	for (size_t i = 0; i < AUR__SPANS; i++)
		aur__span_release(&c->span[i]);
	aur_unpacker_free(c->unpacker);
	aur_mem_free(c);
}

static struct aur__chunk *place_chunk(struct aur__cache *c, int64_t monday,
    int64_t host, int64_t log_kind, int64_t id, int64_t from)
{
	struct aur__chunk *oldest = &c->chunk[0];

	for (size_t i = 0; i < AUR__CHUNKS; i++) {
		struct aur__chunk *k = &c->chunk[i];

		if (k->used != 0 && k->monday == monday && k->host == host &&
		    k->log_kind == log_kind && k->id == id && k->from == from)
			return k;
		if (k->used < oldest->used)
			oldest = k;
	}
	aur__chunk_release(oldest);
	return oldest;
}

static struct aur__chunk *get_chunk(struct aur__cache *c, struct aur__db *db,
    const struct aur__chunk *key, struct aur_strs *strs)
{
	struct aur__chunk *k = place_chunk(
	    c, key->monday, key->host, key->log_kind, key->id, key->from);
	bool fresh = k->used == 0;
	int rc = 0;

	if (fresh) {
		*k = *key;
		k->strs = aur_strs_ref(strs);
		k->begins = true;
		k->only = c->only;
		aur_buf_init(&k->frames, AUR_MAX_BLOCK_RAW);
		if (k->log_kind == 0)
			rc = aur__chunk_block(k, db);
	}
	if (k->log_kind != 0)
		rc = aur__chunk_log(k, db);
	k->used = ++c->uses;
	if (rc < 0 && fresh) {
		aur__chunk_release(k);
		return NULL;
	}
	return k;
}

struct aur__chunk *aur__cache_stream(struct aur__cache *c, struct aur__db *db,
    int64_t monday, int64_t host, int64_t log_kind, int64_t stream,
    struct aur_strs *strs)
{
	struct aur__chunk key = {
	    .monday = monday, .host = host, .log_kind = log_kind, .id = stream};

	return get_chunk(c, db, &key, strs);
}

struct aur__chunk *aur__cache_block(struct aur__cache *c, struct aur__db *db,
    int64_t monday, int64_t host, const struct aur__at *at,
    struct aur_strs *strs)
{
	struct aur__chunk key = {
	    .monday = monday, .host = host, .id = at->id, .from = at->from.ns};

	return get_chunk(c, db, &key, strs);
}

struct aur__span *aur__cache_span(struct aur__cache *c, struct aur__db *db,
    int64_t monday, int64_t host, int64_t step, const struct aur__at *at)
{
	struct aur__span *oldest = &c->span[0];

	for (size_t i = 0; i < AUR__SPANS; i++) {
		struct aur__span *s = &c->span[i];

		if (s->used != 0 && s->monday == monday && s->host == host &&
		    s->step == step && s->at.id == at->id &&
		    s->at.from.ns == at->from.ns) {
			s->used = ++c->uses;
			return s;
		}
		if (s->used < oldest->used)
			oldest = s;
	}
	aur__span_release(oldest);
	*oldest = (struct aur__span){
	    .monday = monday, .host = host, .step = step, .at = *at};
	if (aur__span_open(oldest, db, c->unpacker) < 0) {
		aur__span_release(oldest);
		return NULL;
	}
	oldest->used = ++c->uses;
	return oldest;
}

/* --- one week ------------------------------------------------------------- */

/* Rows of table block; at most 8. Which statement: by `id`. */
static size_t take_rows(struct aur__db *db, enum aur__sql id, int64_t host,
    int64_t step, enum aur_block_kind kind, const char *name,
    struct aur_wall at, struct aur__at rows[8])
{
	sqlite3_stmt *st = aur__sql_use(db, id);
	size_t n = 0;

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, step);
	aur__sql_i64(st, 3, (int64_t)kind);
	aur__sql_text(st, 4, aur_slice_str(name));
	aur__sql_i64(st, 5, at.ns);
	while (n < 8 && aur__sql_step(db, st) == 1)
		aur__at_take(&rows[n++], st);
	aur__sql_end(st);
	return n;
}

/* What was found so far is used again, so that it stays. */
static void hold(struct aur__cache *c, struct aur__found *best)
{
	if (best->span != NULL)
		best->span->used = ++c->uses;
	if (best->chunk != NULL)
		best->chunk->used = ++c->uses;
}

static void last_of_blocks(const struct aur__source *s, struct aur__db *db,
    int64_t monday, int64_t step, struct aur_wall at, struct aur__found *best)
{
	struct aur__at rows[8];
	size_t n = take_rows(db, AUR__SQL_BLOCK_AT, s->host, step,
	    AUR_BLOCK_TIMES, "", at, rows);

	for (size_t i = 0; i < n; i++) {
		int64_t most = rows[i].to.ns < at.ns ? rows[i].to.ns : at.ns;
		struct aur__span *span;
		ptrdiff_t row;

		hold(s->cache, best);
		if (most < best->wall.ns ||
		    (most == best->wall.ns &&
			(best->sample == NULL || rows[i].own)))
			continue;
		span = aur__cache_span(
		    s->cache, db, monday, s->host, step, &rows[i]);
		row = span != NULL ? aur_times_find(&span->times, at) : -1;
		if (row < 0 || span->times.wall[row].ns < best->wall.ns)
			continue;
		*best = (struct aur__found){.wall = span->times.wall[row],
		    .span = span,
		    .monday = monday,
		    .row = (size_t)row,
		    .step_ns = step * AUR_SECOND_NS};
		if (span->times.interval[row].ns > best->step_ns)
			best->step_ns = span->times.interval[row].ns;
	}
}

static void offer_sample(struct aur__found *best, struct aur__chunk *chunk,
    struct aur_sample *sample, int64_t monday, int64_t step)
{
	*best = (struct aur__found){.wall = sample->wall,
	    .monday = monday,
	    .chunk = chunk,
	    .sample = sample,
	    .step_ns = step * AUR_SECOND_NS};
	if (sample->interval.ns > best->step_ns)
		best->step_ns = sample->interval.ns;
}

/* The stream of the log that `id` finds; false: none. */
static bool find_stream(struct aur__db *db, enum aur__sql id, int64_t host,
    int64_t log_kind, struct aur_wall at, int64_t *ret_stream)
{
	sqlite3_stmt *st = aur__sql_use(db, id);
	bool found;

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, log_kind);
	aur__sql_i64(st, 3, at.ns);
	found = aur__sql_step(db, st) == 1;
	if (found)
		*ret_stream = aur__col_i64(st, 0);
	aur__sql_end(st);
	return found;
}

static void last_of_log(const struct aur__source *s, struct aur__db *db,
    int64_t monday, int64_t log_kind, int64_t step, struct aur_wall at,
    struct aur__found *best)
{
	struct aur__chunk *chunk;
	struct aur_sample *sample;
	int64_t stream;

	if (!find_stream(db, AUR__SQL_LOG_AT, s->host, log_kind, at, &stream))
		return;
	chunk = aur__cache_stream(
	    s->cache, db, monday, s->host, log_kind, stream, s->strs);
	sample = chunk != NULL ? aur__chunk_last(chunk, at) : NULL;
	if (sample != NULL && sample->wall.ns > best->wall.ns)
		offer_sample(best, chunk, sample, monday, step);
}

static void last_of_frames(const struct aur__source *s, struct aur__db *db,
    int64_t monday, int64_t step, struct aur_wall at, struct aur__found *best)
{
	struct aur__at rows[8];
	size_t n = take_rows(db, AUR__SQL_BLOCK_AT, s->host, step,
	    AUR_BLOCK_FRAMES, "process", at, rows);

	for (size_t i = 0; i < n; i++) {
		int64_t most = rows[i].to.ns < at.ns ? rows[i].to.ns : at.ns;
		struct aur__chunk *chunk;
		struct aur_sample *sample;

		hold(s->cache, best);
		if (most <= best->wall.ns)
			continue;
		chunk = aur__cache_block(
		    s->cache, db, monday, s->host, &rows[i], s->strs);
		sample = chunk != NULL ? aur__chunk_last(chunk, at) : NULL;
		if (sample != NULL && sample->wall.ns > best->wall.ns)
			offer_sample(best, chunk, sample, monday,
			    step == 1 ? PROCESS_STEP : step);
	}
}

/* --- all weeks ------------------------------------------------------------ */

typedef void (*week_fn)(const struct aur__source *s, struct aur__db *db,
    int64_t monday, struct aur_wall at, struct aur__found *best);

static void last_system(const struct aur__source *s, struct aur__db *db,
    int64_t monday, struct aur_wall at, struct aur__found *best)
{
	last_of_log(s, db, monday, AUR_KEPT_SYSTEM, 1, at, best);
	last_of_blocks(s, db, monday, AUR__STEP_RAW, at, best);
	last_of_blocks(s, db, monday, AUR__STEP_THIN, at, best);
}

static void last_table(const struct aur__source *s, struct aur__db *db,
    int64_t monday, struct aur_wall at, struct aur__found *best)
{
	last_of_log(s, db, monday, AUR_KEPT_PROCESSES, PROCESS_STEP, at, best);
	last_of_frames(s, db, monday, AUR__STEP_RAW, at, best);
	last_of_frames(s, db, monday, AUR__STEP_THIN, at, best);
}

/* From the week of `at` backwards, until one has something that no earlier
 * one can have anything after. */
static void find_last(const struct aur__source *s, struct aur_wall at,
    int64_t far, week_fn fn, struct aur__found *ret)
{
	size_t i = aur__weeks_find(s->weeks, aur__week_of(at));

	*ret = (struct aur__found){0};
	if (far > at.ns)
		far = at.ns;
	if (i == s->weeks->n || s->weeks->week[i].monday > at.ns) {
		if (i == 0)
			return;
		i--;
	}
	for (;; i--) {
		int64_t monday = s->weeks->week[i].monday;
		int err;
		struct aur__db *db;

		if (monday + AUR__WEEK_NS + SPAN_NS < at.ns - far)
			return;
		db = aur__weeks_open(s->weeks, monday, &err);
		if (db != NULL)
			fn(s, db, monday, at, ret);
		if (i == 0 || ret->wall.ns > monday + SPAN_NS)
			return;
	}
}

void aur__find_last(const struct aur__source *s, struct aur_wall at,
    int64_t far, struct aur__found *ret)
{
	find_last(s, at, far, last_system, ret);
}

void aur__find_table(const struct aur__source *s, struct aur_wall at,
    int64_t far, struct aur__found *ret)
{
	find_last(s, at, far, last_table, ret);
}

static void next_of_blocks(const struct aur__source *s, struct aur__db *db,
    int64_t monday, int64_t step, struct aur_wall at, struct aur__found *best)
{
	struct aur__at rows[8];
	size_t n = take_rows(db, AUR__SQL_BLOCK_AFTER, s->host, step,
	    AUR_BLOCK_TIMES, "", at, rows);

	for (size_t i = 0; i < n; i++) {
		struct aur__span *span;
		size_t row = 0;

		hold(s->cache, best);
		if (best->wall.ns != 0 && rows[i].from.ns >= best->wall.ns)
			continue;
		span = aur__cache_span(
		    s->cache, db, monday, s->host, step, &rows[i]);
		while (span != NULL && row < span->times.n &&
		       span->times.wall[row].ns <= at.ns)
			row++;
		if (span == NULL || row == span->times.n ||
		    (best->wall.ns != 0 &&
			span->times.wall[row].ns > best->wall.ns))
			continue;
		*best = (struct aur__found){.wall = span->times.wall[row],
		    .span = span,
		    .monday = monday,
		    .row = row,
		    .step_ns = step * AUR_SECOND_NS};
	}
}

static void next_of_log(const struct aur__source *s, struct aur__db *db,
    int64_t monday, struct aur_wall at, struct aur__found *best)
{
	struct aur__chunk *chunk;
	struct aur_sample *sample;
	int64_t stream;

	if (!find_stream(
		db, AUR__SQL_LOG_AFTER, s->host, AUR_KEPT_SYSTEM, at, &stream))
		return;
	chunk = aur__cache_stream(
	    s->cache, db, monday, s->host, AUR_KEPT_SYSTEM, stream, s->strs);
	sample = chunk != NULL ? aur__chunk_next(chunk, at) : NULL;
	if (sample != NULL &&
	    (best->wall.ns == 0 || sample->wall.ns < best->wall.ns))
		offer_sample(best, chunk, sample, monday, 1);
}

void aur__find_next(
    const struct aur__source *s, struct aur_wall at, struct aur__found *ret)
{
	struct aur_wall early = {at.ns - SPAN_NS};
	size_t i = aur__weeks_find(s->weeks, aur__week_of(early));

	*ret = (struct aur__found){0};
	for (; i < s->weeks->n; i++) {
		int64_t monday = s->weeks->week[i].monday;
		int err;
		struct aur__db *db = aur__weeks_open(s->weeks, monday, &err);

		if (db == NULL)
			continue;
		next_of_log(s, db, monday, at, ret);
		next_of_blocks(s, db, monday, AUR__STEP_RAW, at, ret);
		next_of_blocks(s, db, monday, AUR__STEP_THIN, at, ret);
		if (ret->wall.ns != 0)
			return;
	}
}

int aur__found_sample(const struct aur__source *s, const struct aur__found *f,
    struct aur__mask mask, struct aur_sample **ret_sample)
{
	struct aur__db *db;
	int err;

	if (f->span == NULL) {
		*ret_sample = aur_sample_ref(f->sample);
		return 0;
	}
	db = aur__weeks_open(s->weeks, f->monday, &err);
	if (db == NULL)
		return AUR_EIO;
	return aur__span_sample(f->span, db, f->row, mask, s->strs, ret_sample);
}

int aur__source_of(
    struct aur_history *h, size_t host, struct aur__source *ret_s)
{
	struct aur_strs *strs = aur__host_strs(h, host);

	if (strs == NULL)
		return AUR_ENOMEM;
	*ret_s = (struct aur__source){
	    .weeks = &h->weeks,
	    .cache = h->cache,
	    .strs = strs,
	    .host = h->host[host].id,
	};
	return 0;
}
