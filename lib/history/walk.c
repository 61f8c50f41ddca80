/* SPDX-License-Identifier: MIT */
/*
 * A stretch is told by blocks of the host, by blocks of ours, by the log, and
 * by thinned blocks: in this order, where they overlap. So samples are gone
 * through place by place, each leaving out what a better one has.
 */
#include "history/walk_int.h"

#include "base/err.h"
#include "base/mem.h"

/* How far before the begin the sample before the first one is looked for. */
#define LEAD_NS AUR__WALK_LEAD_NS
#define THIN_LEAD_NS (185 * AUR_SECOND_NS)

static struct aur__seg *add(struct aur__segs *segs)
{
	struct aur__seg *mem;

	if (segs->n == segs->cap) {
		size_t cap = segs->cap * 2 + 16;

		mem = aur_mem_grow(segs->seg, cap, sizeof(*mem));
		if (mem == NULL)
			return NULL;
		segs->seg = mem;
		segs->cap = cap;
	}
	mem = &segs->seg[segs->n++];
	*mem = (struct aur__seg){0};
	return mem;
}

static int add_blocks(struct aur__segs *segs, struct aur__db *db,
    int64_t monday, int64_t host, int64_t step, struct aur_wall from,
    struct aur_wall to)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_SPANS);
	int rc;

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, step);
	aur__sql_i64(st, 3, AUR_BLOCK_TIMES);
	aur__sql_text(st, 4, aur_slice_str(""));
	aur__sql_i64(st, 5, from.ns);
	aur__sql_i64(st, 6, to.ns);
	while ((rc = aur__sql_step(db, st)) == 1) {
		struct aur__seg *seg = add(segs);

		if (seg == NULL) {
			rc = AUR_ENOMEM;
			break;
		}
		seg->kind = AUR__SEG_BLOCK;
		seg->monday = monday;
		seg->step = step;
		aur__at_take(&seg->at, st);
		seg->rank = step != AUR__STEP_RAW ? 3 : seg->at.own;
	}
	aur__sql_end(st);
	return rc;
}

static int add_log(struct aur__segs *segs, struct aur__db *db, int64_t monday,
    int64_t host, struct aur_wall from, struct aur_wall to)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_STREAMS);
	int rc;

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, AUR_KEPT_SYSTEM);
	aur__sql_i64(st, 3, from.ns);
	aur__sql_i64(st, 4, to.ns);
	while ((rc = aur__sql_step(db, st)) == 1) {
		struct aur__seg *seg = add(segs);

		if (seg == NULL) {
			rc = AUR_ENOMEM;
			break;
		}
		seg->kind = AUR__SEG_LOG;
		seg->monday = monday;
		seg->step = AUR__STEP_RAW;
		seg->stream = aur__col_i64(st, 0);
		seg->at.from.ns = aur__col_i64(st, 1);
		seg->at.to.ns = aur__col_i64(st, 2);
		seg->rank = 2;
	}
	aur__sql_end(st);
	return rc;
}

static int by_time(const void *a, const void *b)
{
	const struct aur__seg *x = a, *y = b;

	if (x->at.from.ns != y->at.from.ns)
		return x->at.from.ns < y->at.from.ns ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Notes which ones have others beside them; both are few. */
static void note_overlaps(struct aur__segs *segs)
{
	for (size_t i = 0; i < segs->n; i++) {
		struct aur__seg *a = &segs->seg[i];

		for (size_t k = i + 1; k < segs->n; k++) {
			struct aur__seg *b = &segs->seg[k];

			/* a span is an hour at most */
			if (b->at.from.ns - a->at.from.ns >
			    3700 * AUR_SECOND_NS)
				break;
			if (b->at.from.ns > a->at.to.ns)
				continue;
			a->overlaps = a->overlaps || b->rank < a->rank;
			b->overlaps = b->overlaps || a->rank < b->rank;
		}
	}
}

int aur__segs_find(struct aur__segs *ret, struct aur__source *s,
    struct aur_wall from, struct aur_wall to, unsigned places)
{
	struct aur_wall early = {from.ns - 3700 * AUR_SECOND_NS};
	int64_t monday = aur__week_of(early);
	int rc = 0;

	*ret = (struct aur__segs){0};
	for (size_t i = aur__weeks_find(s->weeks, monday);
	     rc == 0 && i < s->weeks->n && s->weeks->week[i].monday < to.ns;
	     i++) {
		struct aur__db *db;
		int err;

		monday = s->weeks->week[i].monday;
		db = aur__weeks_open(s->weeks, monday, &err);
		if (db == NULL)
			continue;
		rc = 0;
		if (places & AUR__IN_BLOCKS)
			rc = add_blocks(
			    ret, db, monday, s->host, AUR__STEP_RAW, from, to);
		if (rc != AUR_ENOMEM && (places & AUR__IN_THIN))
			rc = add_blocks(
			    ret, db, monday, s->host, AUR__STEP_THIN, from, to);
		if (rc != AUR_ENOMEM && (places & AUR__IN_LOG))
			rc = add_log(ret, db, monday, s->host, from, to);
		if (rc != AUR_ENOMEM)
			rc = 0;
	}
	if (rc < 0) {
		aur__segs_release(ret);
		return rc;
	}
	if (ret->n > 0)
		qsort(ret->seg, ret->n, sizeof(*ret->seg), by_time);
	note_overlaps(ret);
	return 0;
}

void aur__segs_release(struct aur__segs *segs)
{
	aur_mem_free(segs->seg);
	*segs = (struct aur__segs){0};
}

bool aur__segs_covered(
    const struct aur__segs *segs, const struct aur__seg *seg, struct aur_wall t)
{
	if (!seg->overlaps)
		return false;
	for (size_t i = 0; i < segs->n && segs->seg[i].at.from.ns <= t.ns; i++)
		if (segs->seg[i].rank < seg->rank &&
		    segs->seg[i].at.to.ns >= t.ns)
			return true;
	return false;
}

/* --- samples -------------------------------------------------------------- */

struct walk {
	struct aur__source *s;
	const struct aur__segs *segs;
	struct aur_wall from, to;
	struct aur__mask mask;
	aur__walk_fn fn;
	aur__walk_block_fn block; /* NULL: samples of blocks, too */
	void *arg;
	struct aur_sample *before; /* held */
};

/* Whether rates of `now` against `before` are told. */
static bool goes_on(const struct aur_sample *before,
    const struct aur_sample *now, int64_t step_ns)
{
	struct aur_span step = {
	    now->interval.ns > step_ns ? now->interval.ns : step_ns};

	return before != NULL &&
	       memcmp(before->boot_id, now->boot_id, 16) == 0 &&
	       aur__walk_goes_on(before->mono, now->mono, step);
}

static int pass(struct walk *w, struct aur_sample *now, int64_t step_ns)
{
	int rc = 0;

	if (now->wall.ns >= w->from.ns)
		rc = w->fn(w->arg,
		    goes_on(w->before, now, step_ns) ? w->before : NULL, now);
	aur_sample_unref(w->before);
	w->before = aur_sample_ref(now);
	return rc;
}

static int walk_log(struct walk *w, const struct aur__seg *seg,
    struct aur__db *db, struct aur_wall at)
{
	struct aur__source *s = w->s;
	struct aur__chunk *chunk = aur__cache_stream(s->cache, db, seg->monday,
	    s->host, AUR_KEPT_SYSTEM, seg->stream, s->strs);
	int rc = 0;

	while (rc == 0 && chunk != NULL) {
		struct aur_sample *now = aur__chunk_next(chunk, at);

		if (now == NULL || now->wall.ns >= w->to.ns)
			break;
		at = now->wall;
		if (!aur__segs_covered(w->segs, seg, at))
			rc = pass(w, now, seg->step * AUR_SECOND_NS);
	}
	return rc;
}

static int walk_block(struct walk *w, const struct aur__seg *seg,
    struct aur__db *db, struct aur_wall after)
{
	struct aur__source *s = w->s;
	struct aur__span *span = aur__cache_span(
	    s->cache, db, seg->monday, s->host, seg->step, &seg->at);
	int rc = 0;

	if (span == NULL || span->times.n == 0)
		return 0;
	if (w->block != NULL)
		return w->block(w->arg,
		    &(struct aur__stretch){
			w->segs, seg, span, db, after, w->from, w->to},
		    &w->before);
	for (size_t i = 0; rc == 0 && i < span->times.n; i++) {
		struct aur_wall t = span->times.wall[i];
		struct aur_sample *now;

		if (t.ns <= after.ns || t.ns >= w->to.ns ||
		    aur__segs_covered(w->segs, seg, t))
			continue;
		rc = aur__span_sample(span, db, i, w->mask, s->strs, &now);
		if (rc < 0)
			return rc == AUR_ENOMEM ? rc : 0;
		rc = pass(w, now, seg->step * AUR_SECOND_NS);
		aur_sample_unref(now);
	}
	return rc;
}

static int walk_seg(struct walk *w, const struct aur__seg *seg)
{
	int64_t lead = seg->step == AUR__STEP_RAW ? LEAD_NS : THIN_LEAD_NS;
	struct aur_wall after = {w->from.ns - lead};
	struct aur__db *db;
	int err;

	if (seg->at.to.ns <= after.ns)
		return 0;
	db = aur__weeks_open(w->s->weeks, seg->monday, &err);
	if (db == NULL)
		return 0;
	return seg->kind == AUR__SEG_LOG ? walk_log(w, seg, db, after)
					 : walk_block(w, seg, db, after);
}

static int walk(struct walk *w, bool thin)
{
	struct aur_wall early = {w->from.ns - (thin ? THIN_LEAD_NS : LEAD_NS)};
	struct aur__segs segs;
	int rc = aur__segs_find(
	    &segs, w->s, early, w->to, thin ? AUR__IN_ALL : AUR__IN_RAW);

	if (rc < 0)
		return rc;
	w->segs = &segs;
	for (size_t i = 0; rc == 0 && i < segs.n; i++)
		rc = walk_seg(w, &segs.seg[i]);
	aur_sample_unref(w->before);
	aur__segs_release(&segs);
	return rc;
}

int aur__walk(struct aur__source *s, struct aur_wall from, struct aur_wall to,
    struct aur__mask mask, bool thin, aur__walk_fn fn, void *arg)
{
	struct walk w = {
	    .s = s, .from = from, .to = to, .mask = mask, .fn = fn, .arg = arg};

	return walk(&w, thin);
}

int aur__walk_blocks(struct aur__source *s, struct aur_wall from,
    struct aur_wall to, aur__walk_block_fn block, aur__walk_fn fn, void *arg)
{
	struct walk w = {.s = s,
	    .from = from,
	    .to = to,
	    .fn = fn,
	    .block = block,
	    .arg = arg};

	return walk(&w, false);
}
