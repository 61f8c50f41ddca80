/* SPDX-License-Identifier: MIT */
/*
 * One figure straight from its columns: of a figure that is a cell, or the
 * growth of one, no sample needs to be made. The rules are those of
 * model/rate.h: another boot, time that did not pass, a cell that was not
 * there, a counter that fell, tell nothing.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/quick_int.h"

#include <math.h>

/* What was read of one sample. */
struct tick {
	bool there, have;
	struct aur_mono mono;
	struct aur_span interval;
	int64_t instant; /* of the reading, monotonic ns */
	uint64_t cell;
	uint8_t boot_id[16];
};

struct quick {
	struct aur__source *s;
	const struct aur__segs *segs;
	const struct aur_metric *metric;
	const struct aur_domain *domain;
	enum aur_figure_how how;
	enum aur_value_type type;
	size_t field;
	double factor; /* a cell's, or what it is divided by if negative */
	struct aur_wall after, from, to;
	struct tick last;
	aur__quick_fn fn;
	void *arg;
};

bool aur__quick_can(const struct aur_metric *m)
{
	const struct aur_group *g = aur_group_get(m->group);
	size_t field;

	return m->group != AUR_GROUP_PROCESSES &&
	       aur_figure_how(m->figure, &field) != AUR_FIGURE_MADE &&
	       aur_domain_get(g->domain)->field[field].kind != AUR_KIND_STR &&
	       aur__roll_has(m->figure);
}

static double number(const struct quick *q, uint64_t cell)
{
	double v = (double)cell;

	switch (q->domain->field[q->field].kind) {
	case AUR_KIND_I64:
		v = (double)(int64_t)cell;
		break;
	case AUR_KIND_F64:
		memcpy(&v, &cell, sizeof(v));
		return v;
	default:
		break;
	}
	return q->factor < 0 ? v / -q->factor : v * q->factor;
}

static double growth(const struct quick *q, uint64_t was, uint64_t now)
{
	double a = number(q, was), b = number(q, now);

	/* whole numbers are subtracted as such: doubles end at 2^53 */
	switch (q->domain->field[q->field].kind) {
	case AUR_KIND_U64:
		return now >= was ? number(q, now - was) : NAN;
	case AUR_KIND_I64:
		return (int64_t)now >= (int64_t)was ? number(q, now - was)
						    : NAN;
	default:
		return b >= a ? b - a : NAN;
	}
}

static double value_of(const struct quick *q, const struct tick *t, bool gap)
{
	const struct tick *was = &q->last;
	double v;

	if (!t->have)
		return NAN;
	if (q->how == AUR_FIGURE_CELL) {
		v = number(q, t->cell);
		if (q->type == AUR_VALUE_BOOL)
			return v != 0;
		return q->type == AUR_VALUE_INT ? trunc(v) : v;
	}
	if (gap || !was->have || t->instant <= was->instant)
		return NAN;
	v = growth(q, was->cell, t->cell) /
	    ((double)(t->instant - was->instant) / (double)AUR_SECOND_NS);
	if (q->how == AUR_FIGURE_SHARE)
		v = v < 0 ? 0 : v * 100 > 100 ? 100 : v * 100;
	return v;
}

static int pass(struct quick *q, const struct tick *t, struct aur_wall at)
{
	bool gap = !q->last.there ||
		   memcmp(q->last.boot_id, t->boot_id, 16) != 0 ||
		   !aur__walk_goes_on(q->last.mono, t->mono, t->interval);
	int rc = 0;

	if (at.ns >= q->from.ns)
		rc = q->fn(q->arg, at, value_of(q, t, gap), gap);
	q->last = *t;
	return rc;
}

/* --- the log
 * ------------------------------------------------------------------ */

/* The instance of the metric's first row; -1: it has none. */
static ptrdiff_t find_inst(const struct aur_metric *m, struct aur_sample *s,
    const struct aur_part **ret_part)
{
	struct aur_figures f;
	ptrdiff_t inst = -1;
	size_t n;

	if (aur_figures_init(&f, NULL, s) < 0)
		return -1;
	n = aur_figures_rows(&f, m->group);
	*ret_part = f.part[m->group];
	for (size_t i = 0; i < n && inst < 0 && *ret_part != NULL; i++)
		if (aur_metric_matches(m, &f, i))
			inst = (ptrdiff_t)(f.rows[m->group] != NULL
					       ? f.rows[m->group][i]
					       : i);
	aur_figures_release(&f);
	if (inst >= 0 && (size_t)inst >= (*ret_part)->n)
		inst = -1;
	return inst;
}

static int quick_log(
    struct quick *q, const struct aur__seg *seg, struct aur__db *db)
{
	struct aur__chunk *chunk = aur__cache_stream(q->s->cache, db,
	    seg->monday, q->s->host, AUR_KEPT_SYSTEM, seg->stream, q->s->strs);
	struct aur_wall at = q->after;
	int rc = 0;

	while (rc == 0 && chunk != NULL) {
		struct aur_sample *s = aur__chunk_next(chunk, at);
		const struct aur_part *part;
		struct tick t = {.there = true};
		ptrdiff_t i;

		if (s == NULL || s->wall.ns >= q->to.ns)
			break;
		at = s->wall;
		if (aur__segs_covered(q->segs, seg, at))
			continue;
		t.mono = s->mono;
		t.interval = s->interval;
		memcpy(t.boot_id, s->boot_id, sizeof(t.boot_id));
		i = find_inst(q->metric, s, &part);
		t.have = i >= 0 && aur_part_has(part, (size_t)i, q->field);
		if (t.have) {
			t.cell = aur_part_cell(part, (size_t)i, q->field);
			t.instant =
			    s->mono.ns + part->at_ns + part->inst[i].at_ns;
		}
		rc = pass(q, &t, at);
	}
	return rc;
}

/* --- blocks
 * ------------------------------------------------------------------- */

/* The instance in the columns: that of the row in a sample that has one, for
 * which rows there are is told by more than names. The first sample of a span
 * costs least. */
static ptrdiff_t find_column(struct quick *q, struct aur__span *span,
    struct aur__db *db, struct aur_columns *c)
{
	struct aur__mask mask = {.domains = (uint64_t)1 << q->domain->id};
	const size_t n = span->times.n, rows[] = {0, n / 2, n - 1};
	ptrdiff_t found = -1;

	if (q->domain->key == AUR_KEY_ONE)
		return aur_columns_insts(c) > 0 ? 0 : -1;
	for (size_t i = 0; i < AUR_ARRAY_LEN(rows) && found < 0; i++) {
		const struct aur_part *part;
		struct aur_sample *s;
		ptrdiff_t inst;

		if (aur__span_sample(span, db, rows[i], mask, q->s->strs, &s) <
		    0)
			return -1;
		inst = find_inst(q->metric, s, &part);
		if (inst >= 0 && q->domain->key == AUR_KEY_NUMBER) {
			uint64_t v = part->inst[inst].key.v[0];

			for (size_t k = 0; k < aur_columns_insts(c); k++)
				if (aur_columns_number(c, k) == v)
					found = (ptrdiff_t)k;
		} else if (inst >= 0) {
			found = aur_columns_find(
			    c, aur_part_name(part, (size_t)inst));
		}
		aur_sample_unref(s);
	}
	return found;
}

static int pass_rows(struct quick *q, const struct aur__seg *seg,
    const struct aur__span *span, const uint64_t *cell, const uint64_t *have,
    const int64_t *age)
{
	const struct aur_times *times = &span->times;
	struct tick t = {.there = true};
	int rc = 0;

	memcpy(t.boot_id, times->boot_id, sizeof(t.boot_id));
	for (size_t i = 0; rc == 0 && i < times->n; i++) {
		if (times->wall[i].ns <= q->after.ns ||
		    times->wall[i].ns >= q->to.ns ||
		    aur__segs_covered(q->segs, seg, times->wall[i]))
			continue;
		t.mono = times->mono[i];
		t.interval = times->interval[i];
		t.have = have != NULL && ((have[i / 64] >> (i % 64)) & 1);
		t.cell = t.have ? cell[i] : 0;
		t.instant = t.have ? t.mono.ns + age[i] : 0;
		rc = pass(q, &t, times->wall[i]);
	}
	return rc;
}

static int quick_block(
    struct quick *q, const struct aur__seg *seg, struct aur__db *db)
{
	struct aur__span *span = aur__cache_span(
	    q->s->cache, db, seg->monday, q->s->host, seg->step, &seg->at);
	struct aur__columns *part = NULL;
	uint64_t *cell = NULL;
	ptrdiff_t inst = -1;
	int field = -1, rc;
	size_t n;

	if (span == NULL || span->times.n == 0)
		return 0;
	n = span->times.n;
	part = aur__span_part(span, db, q->domain->name);
	if (part != NULL) {
		inst = find_column(q, span, db, part->columns);
		field = aur_domain_field(aur_columns_domain(part->columns),
		    aur_slice_str(q->domain->field[q->field].name));
	}
	if (inst < 0 || field < 0)
		return pass_rows(q, seg, span, NULL, NULL, NULL);
	cell = aur_mem_new(2 * n + n / 64 + 1, sizeof(*cell));
	if (cell == NULL)
		return AUR_ENOMEM;
	rc = aur_columns_cells(
	    part->columns, (size_t)inst, (size_t)field, cell, cell + 2 * n);
	if (rc == 0)
		rc = aur_columns_ages(
		    part->columns, (size_t)inst, (int64_t *)(void *)(cell + n));
	if (rc == 0)
		rc = pass_rows(q, seg, span, cell, cell + 2 * n,
		    (const int64_t *)(const void *)(cell + n));
	else if (rc != AUR_ENOMEM)
		rc = pass_rows(q, seg, span, NULL, NULL, NULL);
	aur_mem_free(cell);
	return rc;
}

/* --- a stretch
 * ---------------------------------------------------------------- */

static void choose(struct quick *q, const struct aur_metric *m)
{
	int scale;

	q->metric = m;
	q->how = aur_figure_how(m->figure, &q->field);
	q->domain = aur_domain_get(aur_group_get(m->group)->domain);
	q->type = aur_figure_get(m->figure)->type;
	scale = q->domain->field[q->field].scale;
	q->factor = 1;
	for (int k = 0; k < scale || k < -scale; k++)
		q->factor *= 10;
	if (scale < 0)
		q->factor = -q->factor;
}

int aur__quick(struct aur__source *s, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, aur__quick_fn fn, void *arg)
{
	struct aur__segs segs;
	struct quick q = {.s = s,
	    .segs = &segs,
	    .after = {from.ns - AUR__WALK_LEAD_NS},
	    .from = from,
	    .to = to,
	    .fn = fn,
	    .arg = arg};
	int rc = aur__segs_find(&segs, s, q.after, to, AUR__IN_RAW);

	if (rc < 0)
		return rc;
	choose(&q, m);
	for (size_t i = 0; rc == 0 && i < segs.n; i++) {
		const struct aur__seg *seg = &segs.seg[i];
		struct aur__db *db;
		int err;

		if (seg->at.to.ns <= q.after.ns)
			continue;
		db = aur__weeks_open(s->weeks, seg->monday, &err);
		if (db == NULL)
			continue;
		rc = seg->kind == AUR__SEG_LOG ? quick_log(&q, seg, db)
					       : quick_block(&q, seg, db);
	}
	aur__segs_release(&segs);
	return rc;
}
