/* SPDX-License-Identifier: MIT */
/*
 * One figure straight from its columns: of a figure that is a cell, or the
 * growth of some, no sample needs to be made. The rules are those of
 * model/rate.h: another boot, time that did not pass, a cell that was not
 * there, a counter that fell, tell nothing.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/quick_int.h"

#include <math.h>

#define FIELDS AUR_FIGURE_MODES

/* What was read of one sample. */
struct tick {
	bool there;
	unsigned have; /* bits of cells */
	struct aur_mono mono;
	struct aur_span interval;
	int64_t instant; /* of the reading, monotonic ns */
	uint64_t cell[FIELDS];
};

struct quick {
	struct aur__source *s;
	const struct aur__segs *segs;
	const struct aur_metric *metric;
	const struct aur_domain *domain;
	enum aur_figure_how how;
	enum aur_value_type type;
	size_t field, nfield; /* the first, and how many */
	double factor; /* a cell's, or what it is divided by if negative */
	struct aur_wall after, from, to;
	struct tick tick[2], *now; /* the one that is read, and the last */
	uint8_t boot_id[16];	   /* of the last */
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
	double v;

	if (!aur_rate_growth(q->domain, q->field, was, now, &v))
		return NAN;
	if (q->domain->field[q->field].kind == AUR_KIND_F64)
		return v;
	return q->factor < 0 ? v / -q->factor : v * q->factor;
}

static const struct tick *last_of(const struct quick *q)
{
	return q->now == q->tick ? &q->tick[1] : q->tick;
}

static double rate_of(const struct quick *q, const struct tick *t)
{
	const struct tick *was = last_of(q);
	double v;

	if (t->instant <= was->instant)
		return NAN;
	if (q->how == AUR_FIGURE_OF_MODES)
		return aur_figure_modes(
		    q->metric->figure, was->cell, was->have, t->cell, t->have);
	v = growth(q, was->cell[0], t->cell[0]) /
	    ((double)(t->instant - was->instant) / (double)AUR_SECOND_NS);
	if (q->how == AUR_FIGURE_SHARE)
		v = v < 0 ? 0 : v * 100 > 100 ? 100 : v * 100;
	return v;
}

static double value_of(const struct quick *q, const struct tick *t, bool gap)
{
	double v;

	if (t->have == 0)
		return NAN;
	if (q->how != AUR_FIGURE_CELL)
		return gap || last_of(q)->have == 0 ? NAN : rate_of(q, t);
	v = number(q, t->cell[0]);
	if (q->type == AUR_VALUE_BOOL)
		return v != 0;
	return q->type == AUR_VALUE_INT ? trunc(v) : v;
}

/* Whether what is read now is of another boot than the last; it is noted. */
static bool is_other(struct quick *q, const uint8_t boot_id[16])
{
	bool other = memcmp(q->boot_id, boot_id, 16) != 0;

	memcpy(q->boot_id, boot_id, 16);
	return other;
}

/* What was read into q->now. */
static int pass(struct quick *q, struct aur_wall at, bool other)
{
	struct tick *t = q->now, *last = t == q->tick ? t + 1 : q->tick;
	bool gap = !last->there || other ||
		   !aur__walk_goes_on(last->mono, t->mono, t->interval);
	int rc = 0;

	t->there = true;
	if (at.ns >= q->from.ns)
		rc = q->fn(q->arg, at, value_of(q, t, gap), gap);
	q->now = last;
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
		struct tick *t = q->now;
		ptrdiff_t i;

		if (s == NULL || s->wall.ns >= q->to.ns)
			break;
		at = s->wall;
		if (aur__segs_covered(q->segs, seg, at))
			continue;
		t->mono = s->mono;
		t->interval = s->interval;
		t->have = 0;
		i = find_inst(q->metric, s, &part);
		for (size_t k = 0; i >= 0 && k < q->nfield; k++) {
			size_t f = q->field + k;

			t->cell[k] = aur_part_cell(part, (size_t)i, f);
			t->have |= (unsigned)aur_part_has(part, (size_t)i, f)
				   << k;
		}
		if (t->have != 0)
			t->instant =
			    s->mono.ns + part->at_ns + part->inst[i].at_ns;
		rc = pass(q, at, is_other(q, s->boot_id));
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

/* Columns of an instance: of each field cells, and bits of those there. */
struct cells {
	uint64_t *cell[FIELDS], *have[FIELDS]; /* have NULL: none are there */
	int64_t *age;
};

static void read_row(struct quick *q, const struct aur_times *times,
    const struct cells *c, size_t i)
{
	struct tick *t = q->now;

	t->mono = times->mono[i];
	t->interval = times->interval[i];
	t->have = 0;
	for (size_t k = 0; k < q->nfield; k++) {
		if (c->have[k] == NULL)
			continue;
		t->have |= (unsigned)((c->have[k][i / 64] >> (i % 64)) & 1)
			   << k;
		t->cell[k] = c->cell[k][i];
	}
	t->instant = t->have != 0 ? t->mono.ns + c->age[i] : 0;
}

static int pass_rows(struct quick *q, const struct aur__seg *seg,
    const struct aur__span *span, const struct cells *c)
{
	const struct aur_times *times = &span->times;
	bool first = true;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < times->n; i++) {
		struct aur_wall at = times->wall[i];

		if (at.ns <= q->after.ns || at.ns >= q->to.ns ||
		    (seg->overlaps && aur__segs_covered(q->segs, seg, at)))
			continue;
		read_row(q, times, c, i);
		rc = pass(q, at, first && is_other(q, times->boot_id));
		first = false;
	}
	return rc;
}

/* Reads the fields into `mem`; a column that is damaged, or was never there,
 * is none. 0, AUR_ENOMEM. */
static int read_cells(struct quick *q, struct aur_columns *columns,
    ptrdiff_t inst, size_t n, uint64_t *mem, struct cells *c)
{
	int rc = AUR_EABSENT;

	c->age = (int64_t *)(void *)mem;
	if (inst >= 0)
		rc = aur_columns_ages(columns, (size_t)inst, c->age);
	for (size_t k = 0; rc == 0 && k < q->nfield; k++) {
		int field = aur_domain_field(aur_columns_domain(columns),
		    aur_slice_str(q->domain->field[q->field + k].name));
		uint64_t *cell = mem + n + k * (n + n / 64 + 1);
		int err;

		if (field < 0)
			continue;
		err = aur_columns_cells(
		    columns, (size_t)inst, (size_t)field, cell, cell + n);
		if (err == AUR_ENOMEM)
			return err;
		if (err == 0) {
			c->cell[k] = cell;
			c->have[k] = cell + n;
		}
	}
	return rc == AUR_ENOMEM ? rc : 0;
}

static int quick_block(
    struct quick *q, const struct aur__seg *seg, struct aur__db *db)
{
	struct aur__span *span = aur__cache_span(
	    q->s->cache, db, seg->monday, q->s->host, seg->step, &seg->at);
	struct aur__columns *part;
	struct cells c = {0};
	uint64_t *mem;
	size_t n;
	int rc;

	if (span == NULL || span->times.n == 0)
		return 0;
	n = span->times.n;
	part = aur__span_part(span, db, q->domain->name);
	if (part == NULL)
		return pass_rows(q, seg, span, &c);
	mem =
	    aur_mem_grow(NULL, n + q->nfield * (n + n / 64 + 1), sizeof(*mem));
	if (mem == NULL)
		return AUR_ENOMEM;
	rc = read_cells(q, part->columns,
	    find_column(q, span, db, part->columns), n, mem, &c);
	if (rc == 0)
		rc = pass_rows(q, seg, span, &c);
	aur_mem_free(mem);
	return rc;
}

/* --- a stretch
 * ---------------------------------------------------------------- */

static void choose(struct quick *q, const struct aur_metric *m)
{
	int scale;

	q->metric = m;
	q->how = aur_figure_how(m->figure, &q->field);
	q->nfield = q->how == AUR_FIGURE_OF_MODES ? AUR_FIGURE_MODES : 1;
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
	q.now = q.tick;
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
