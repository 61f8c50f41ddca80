/* SPDX-License-Identifier: MIT */
/*
 * Cells, rates and modes are gone through column by column, with what the
 * compiler can make of it. What is made of several fields is asked of its one
 * formula: two small samples, which share the work of being prepared, are
 * filled with one row after the other.
 */
#include "model/track.h"

#include "base/err.h"
#include "base/mem.h"
#include "model/figure_int.h"
#include "model/sample_int.h"

#include <math.h>
#include <stdlib.h>

/* Beyond it not every whole number is a double. */
#define WHOLE_MAX ((uint64_t)1 << 53)

static inline bool has_bit(const uint64_t *bits, size_t row)
{
	return bits[row / 64] >> (row % 64) & 1;
}

static void fill_none(double *v, size_t n)
{
	for (size_t k = 0; k < n; k++)
		v[k] = NAN;
}

/* NaN where none passed. */
static double seconds_from(int64_t was, int64_t now)
{
	struct aur_span over;

	if (was >= 0 && now >= 0)
		over.ns = now - was;
	else /* saturating */
		over = aur_mono_since(
		    (struct aur_mono){now}, (struct aur_mono){was});
	return over.ns > 0 ? aur_span_in_seconds(over) : NAN;
}

void aur_track_times(struct aur_track *t, double *mem)
{
	t->over = mem;
	if (t->n > 0)
		mem[0] = NAN;
	for (size_t k = 1; k < t->n; k++) {
		size_t was = t->row[k - 1], now = t->row[k];

		mem[k] = t->on[k] ? seconds_from(t->at[was], t->at[now]) : NAN;
	}
}

/* --- a cell, a rate ------------------------------------------------------- */

static double cell_value(
    const struct aur_field *f, enum aur_value_type type, uint64_t cell)
{
	struct aur_value v = {.type = AUR_VALUE_NULL};
	double d;

	aur__figure_number(f, cell, type, &v);
	return aur_value_number(&v, &d) ? d : NAN;
}

static void cells(
    const struct aur_track *t, enum aur_figure_id id, size_t field, double *ret)
{
	const struct aur_field *f = &t->domain->field[field];
	enum aur_value_type type = aur_figure_get(id)->type;
	const uint64_t *cell = t->cell[field], *have = t->have[field];
	/* short ways, with the same result */
	bool number = f->kind == AUR_KIND_U64 &&
		      (type == AUR_VALUE_REAL ||
			  (type == AUR_VALUE_INT && f->scale == 0));
	double unit = aur__scale(1, abs(f->scale));

	for (size_t k = 0; k < t->n; k++) {
		size_t row = t->row[k];
		uint64_t v = cell[row];

		if (!has_bit(have, row))
			ret[k] = NAN;
		else if (!number || v >= WHOLE_MAX)
			ret[k] = cell_value(f, type, v);
		else if (f->scale < 0)
			ret[k] = (double)v / unit;
		else
			ret[k] = (double)v * unit;
	}
}

static void rates(const struct aur_track *t, size_t field, double *ret)
{
	aur_rate_column(t->domain, field, t->cell[field], t->have[field],
	    t->row, t->n, ret);
	for (size_t k = 0; k < t->n; k++)
		ret[k] /= t->over[k];
}

/* --- modes ---------------------------------------------------------------- */

/* So many rows at once: what each mode grew by is the same for all figures. */
#define ROWS 128u

/* A mode in rows [from, from + n) of the list. */
static void add_mode(const struct aur_track *t, unsigned mode, size_t from,
    size_t n, struct aur_modes *m)
{
	const uint64_t *cell = t->cell[mode], *have = t->have[mode];
	uint64_t was = 0;
	bool had = false, still = (t->still >> mode) & 1;

	for (size_t k = 0; still && k < n; k++)
		m[k].counted |= 1u << mode;
	if (still || have == NULL)
		return;
	if (from > 0) {
		was = cell[t->row[from - 1]];
		had = has_bit(have, t->row[from - 1]);
	}
	for (size_t k = 0; k < n; k++) {
		size_t row = t->row[from + k];
		bool has = has_bit(have, row);

		if (has && had)
			aur__modes_add(&m[k], t->domain, mode, was, cell[row]);
		else if (has)
			aur__modes_spoil(&m[k]);
		was = cell[row];
		had = has;
	}
}

static void modes(const struct aur_track *t, const enum aur_figure_id *id,
    size_t n, double *const *ret)
{
	struct aur_modes m[ROWS];

	for (size_t from = 0; from < t->n; from += ROWS) {
		size_t rows = t->n - from < ROWS ? t->n - from : ROWS;

		memset(m, 0, rows * sizeof(*m));
		for (unsigned mode = 0; mode < AUR_FIGURE_MODES; mode++)
			add_mode(t, mode, from, rows, m);
		for (size_t k = 0; k < rows; k++)
			if (isnan(t->over[from + k]))
				aur__modes_spoil(&m[k]);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < rows; k++)
				ret[i][from + k] =
				    aur__modes_percent(id[i], &m[k]);
	}
}

/* --- made of several fields ----------------------------------------------- */

/* A sample of one instance for each track, that is filled with a row. */
struct view {
	struct aur_sample *sample;
	struct aur_figures alone, after; /* of no sample, of the other view */
};

struct views {
	const struct aur_track *track[1 + AUR_TRACK_OTHERS];
	uint64_t varies[1 + AUR_TRACK_OTHERS]; /* bits of fields to fill in */
	size_t n;
	struct view view[2];
};

static struct aur_sample *make_sample(
    const struct views *v, struct aur_strs *strs)
{
	struct aur_sample *s = aur_sample_new(strs);

	for (size_t i = 0; s != NULL && i < v->n; i++) {
		struct aur_part *p = aur_sample_part(s, v->track[i]->domain);

		if (p == NULL ||
		    aur_part_add(p, (struct aur_key){{0, 0}}) < 0) {
			aur_sample_unref(s);
			return NULL;
		}
	}
	return s;
}

static void views_release(struct views *v)
{
	for (size_t i = 0; i < 2; i++) {
		aur_figures_release(&v->view[i].alone);
		aur_figures_release(&v->view[i].after);
		aur_sample_unref(v->view[i].sample);
	}
}

static int views_init(struct views *v)
{
	struct aur_strs *strs = aur_strs_new(0);
	int rc = strs == NULL ? AUR_ENOMEM : 0;

	for (size_t i = 0; rc == 0 && i < 2; i++) {
		v->view[i].sample = make_sample(v, strs);
		rc = v->view[i].sample == NULL ? AUR_ENOMEM : 0;
	}
	aur_strs_unref(strs);
	for (size_t i = 0; rc == 0 && i < 2; i++) {
		struct view *now = &v->view[i], *was = &v->view[!i];

		/* either can be the later one; rows have their own times */
		now->sample->mono.ns = was->sample->mono.ns + 1;
		rc = aur_figures_init(&now->alone, NULL, now->sample);
		if (rc == 0)
			rc = aur_figures_init(
			    &now->after, was->sample, now->sample);
	}
	return rc;
}

static void set_field(
    struct aur_part *p, const struct aur_track *t, size_t f, size_t row)
{
	if (has_bit(t->have[f], row))
		aur_part_set(p, 0, f, t->cell[f][row]);
	else if (aur_part_has(p, 0, f))
		aur_part_unset(p, 0, f);
}

/* Fills in what stands still, and notes what does not. */
static void fill_still(struct views *v, size_t i)
{
	const struct aur_track *t = v->track[i];

	for (size_t f = 0; f < t->domain->nfield; f++) {
		if (t->have[f] == NULL || t->n == 0 ||
		    t->domain->field[f].kind == AUR_KIND_STR)
			continue;
		for (size_t k = 0; k < 2; k++)
			set_field(&v->view[k].sample->part[i], t, f, t->row[0]);
		if (!((t->still >> f) & 1))
			v->varies[i] |= (uint64_t)1 << f;
	}
}

static void fill_row(struct views *v, struct view *view, size_t row)
{
	for (size_t i = 0; i < v->n; i++) {
		struct aur_part *p = &view->sample->part[i];
		const struct aur_track *t = v->track[i];
		size_t f = 0;

		p->inst[0].at_ns = t->at[row];
		for (uint64_t bits = v->varies[i]; bits != 0; bits >>= 1, f++)
			if (bits & 1)
				set_field(p, t, f, row);
	}
}

static void made(
    struct views *v, const enum aur_figure_id *id, size_t n, double *const *ret)
{
	const struct aur_track *t = v->track[0];

	for (size_t i = 0; i < v->n; i++)
		fill_still(v, i);
	for (size_t k = 0; k < t->n; k++) {
		struct view *now = &v->view[k & 1];
		struct aur_figures *f = t->on[k] ? &now->after : &now->alone;
		bool there = has_bit(t->there, t->row[k]);

		now->sample->mono.ns = 0;
		fill_row(v, now, t->row[k]);
		aur__figures_again(f);
		for (size_t i = 0; i < n; i++) {
			struct aur_value value = {.type = AUR_VALUE_NULL};

			if (there)
				aur__figure_follow(
				    f, id[i], &now->sample->part[0], 0, &value);
			if (!aur_value_number(&value, &ret[i][k]))
				ret[i][k] = NAN;
		}
	}
}

static int make(const struct aur_track *t, const struct aur_track *others,
    size_t nother, const enum aur_figure_id *id, size_t n, double *const *ret)
{
	struct views v = {.track = {t}, .n = 1};
	int rc;

	for (size_t i = 0; i < nother && v.n <= AUR_TRACK_OTHERS; i++)
		v.track[v.n++] = &others[i];
	rc = views_init(&v);
	if (rc == 0)
		made(&v, id, n, ret);
	views_release(&v);
	return rc;
}

/* --- all ------------------------------------------------------------------ */

/* One that needs no more than its column. */
static void simple(
    const struct aur_track *t, enum aur_figure_id id, double *ret)
{
	size_t field;
	enum aur_figure_how how = aur_figure_how(id, &field);

	if (t->have[field] == NULL || how == AUR_FIGURE_TOTAL) {
		fill_none(ret, t->n);
		return;
	}
	if (how == AUR_FIGURE_CELL) {
		cells(t, id, field, ret);
		return;
	}
	rates(t, field, ret);
	for (size_t k = 0; how == AUR_FIGURE_SHARE && k < t->n; k++)
		ret[k] = aur__share(ret[k], 1);
}

bool aur_track_lists(
    const struct aur_track *t, enum aur_group_id group, size_t k)
{
	int f = aur__listed_by(group);
	size_t row = t->row[k];

	if (f < 0)
		return has_bit(t->there, row);
	return t->have[f] != NULL && has_bit(t->have[f], row) &&
	       t->cell[f][row] != 0;
}

/* Some instances are no rows of the group. */
static void leave_out(
    const struct aur_track *t, enum aur_figure_id id, double *ret)
{
	enum aur_group_id group = aur_figure_get(id)->group;

	for (size_t k = 0; aur__listed_by(group) >= 0 && k < t->n; k++)
		if (!aur_track_lists(t, group, k))
			ret[k] = NAN;
}

int aur_track_figures(const struct aur_track *t, const struct aur_track *others,
    size_t nother, const enum aur_figure_id *id, size_t n,
    double *const *ret_values)
{
	enum aur_figure_id picked[2][AUR_FIG_COUNT];
	double *values[2][AUR_FIG_COUNT];
	size_t npicked[2] = {0, 0};
	enum { OF_MODES, OF_MORE };
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		size_t field, to;

		switch (aur_figure_how(id[i], &field)) {
		case AUR_FIGURE_OF_MODES:
			to = OF_MODES;
			break;
		case AUR_FIGURE_MADE:
			to = OF_MORE;
			break;
		default:
			simple(t, id[i], ret_values[i]);
			continue;
		}
		picked[to][npicked[to]] = id[i];
		values[to][npicked[to]++] = ret_values[i];
	}
	if (npicked[OF_MODES] > 0)
		modes(t, picked[OF_MODES], npicked[OF_MODES], values[OF_MODES]);
	if (npicked[OF_MORE] > 0)
		rc = make(t, others, nother, picked[OF_MORE], npicked[OF_MORE],
		    values[OF_MORE]);
	for (size_t i = 0; i < n; i++)
		leave_out(t, id[i], ret_values[i]);
	return rc;
}

uint64_t aur_track_fields(enum aur_figure_id id)
{
	enum aur_group_id group = aur_figure_get(id)->group;
	const struct aur__source *src = &aur__source[id];
	int listed = aur__listed_by(group);
	uint64_t fields = listed >= 0 ? (uint64_t)1 << listed : 0;

	switch (aur_figure_how(id, &(size_t){0})) {
	case AUR_FIGURE_OF_MODES:
		return fields | (((uint64_t)1 << AUR_FIGURE_MODES) - 1);
	case AUR_FIGURE_TOTAL:
		return (uint64_t)1 << src->field | (uint64_t)1 << src->counted;
	case AUR_FIGURE_MADE:
		return UINT64_MAX;
	default:
		return fields | (uint64_t)1 << src->field;
	}
}

/* --- totals --------------------------------------------------------------- */

void aur_track_total(const struct aur_track *t, enum aur_figure_id id,
    double *mem, struct aur_total *total)
{
	const struct aur__source *src = &aur__source[id];
	const uint64_t *cell = t->cell[src->counted];
	const uint64_t *have = t->have[src->counted];
	bool was = false;

	if (t->have[src->field] != NULL)
		rates(t, src->field, mem);
	else
		fill_none(mem, t->n);
	for (size_t k = 0; k < t->n; k++) {
		size_t row = t->row[k];
		bool there = has_bit(t->there, row);

		aur__total_add(&total[k], t->on[k] && was && there,
		    have != NULL && has_bit(have, row) && cell[row] != 0,
		    mem[k]);
		was = there;
	}
}
