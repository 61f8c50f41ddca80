/* SPDX-License-Identifier: MIT */
/*
 * Cells, rates, modes and what formulas are told of are gone through column by
 * column, with what the compiler can make of it. What has a function of samples
 * is asked of it: two small samples, which share the work of being prepared,
 * are filled with one row after the other.
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
	const uint32_t *row = t->row;
	const int64_t *at = t->at;
	const bool *on = t->on;

	t->over = mem;
	if (t->n > 0)
		mem[0] = NAN;
	for (size_t k = 1, n = t->n; k < n; k++)
		mem[k] = on[k] ? seconds_from(at[row[k - 1]], at[row[k]]) : NAN;
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

/* Cells of rows [from, from + n) of the list. */
static void cells(const struct aur_track *t, enum aur_value_type type,
    size_t field, size_t from, size_t n, double *ret)
{
	const struct aur_field *f = &t->domain->field[field];
	const uint64_t *cell = t->cell[field], *have = t->have[field];
	const uint32_t *row = t->row + from;
	/* short ways, with the same result */
	bool number = f->kind == AUR_KIND_U64 &&
		      (type == AUR_VALUE_REAL ||
			  (type == AUR_VALUE_INT && f->scale == 0));
	double unit = aur__scale(1, abs(f->scale));

	for (size_t k = 0; k < n; k++) {
		uint64_t v = cell[row[k]];

		if (!has_bit(have, row[k]))
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

/* Rows one by one, as they may have resets, gaps and what was not there. */
static void modes_slow(const struct aur_track *t, const enum aur_figure_id *id,
    size_t nid, size_t from, size_t n, double *const *ret)
{
	struct aur_modes m[AUR__GREW_ROWS];

	memset(m, 0, n * sizeof(*m));
	for (unsigned mode = 0; mode < AUR_FIGURE_MODES; mode++)
		add_mode(t, mode, from, n, m);
	for (size_t k = 0; k < n; k++)
		if (isnan(t->over[from + k]))
			aur__modes_spoil(&m[k]);
	for (size_t i = 0; i < nid; i++)
		for (size_t k = 0; k < n; k++)
			ret[i][from + k] = aur__modes_percent(id[i], &m[k]);
}

/* Whether rows [from, from + n) of the list follow the one before them, and
 * each other, with none left out. */
static bool is_dense(const struct aur_track *t, size_t from, size_t n)
{
	return from > 1 && t->row[from + n - 1] - t->row[from - 1] == n;
}

static bool has_all(const uint64_t *bits, size_t from, size_t n)
{
	size_t end = from + n;

	while (from < end) {
		size_t at = from % 64, k = 64 - at;

		k = k < end - from ? k : end - from;
		if ((~bits[from / 64] >> at) << (64 - k) != 0)
			return false;
		from += k;
	}
	return true;
}

/* Differences of neighbours, and all their bits. */
static inline uint64_t subtract(
    const uint64_t *restrict cell, size_t n, uint64_t *restrict by)
{
	uint64_t any = 0;

	for (size_t k = 0; k < n; k++) {
		by[k] = cell[k + 1] - cell[k];
		any |= by[k];
	}
	return any;
}

/* What a mode grew by in dense rows; false: the slow way is to tell. */
static bool grow(const struct aur_track *t, unsigned mode, size_t from,
    size_t n, uint64_t *by)
{
	size_t row = t->row[from - 1];
	const uint64_t *cell = t->cell[mode] + row;

	if (!has_all(t->have[mode], row, n + 1))
		return false;
	/* so many are known to the compiler, which takes several at once */
	if (n == AUR__GREW_ROWS)
		return subtract(cell, AUR__GREW_ROWS, by) < AUR__GREW_MOST;
	memset(by + n, 0, (AUR__GREW_ROWS - n) * sizeof(*by));
	return subtract(cell, n, by) < AUR__GREW_MOST;
}

static bool grow_all(
    const struct aur_track *t, size_t from, size_t n, struct aur__grown *g)
{
	g->counted = g->moved = 0;
	for (unsigned mode = 0; mode < AUR_FIGURE_MODES; mode++) {
		if (t->have[mode] == NULL)
			continue;
		g->counted |= 1u << mode;
		if ((t->still >> mode) & 1)
			continue;
		if (!grow(t, mode, from, n, g->by[mode]))
			return false;
		g->moved |= 1u << mode;
	}
	aur__modes_sum(g);
	return true;
}

static void modes(const struct aur_track *t, const enum aur_figure_id *id,
    size_t nid, double *const *ret)
{
	struct aur__grown g;
	size_t n;

	for (size_t from = 0; from < t->n; from += n) {
		/* the first is no neighbour of the second */
		n = from == 0 ? 2 : AUR__GREW_ROWS;
		n = n < t->n - from ? n : t->n - from;
		if (!is_dense(t, from, n) || !grow_all(t, from, n, &g)) {
			modes_slow(t, id, nid, from, n, ret);
			continue;
		}
		for (size_t i = 0; i < nid; i++)
			aur__modes_percents(
			    id[i], &g, t->over + from, n, ret[i] + from);
	}
}

/* --- formulas ------------------------------------------------------------- */

/* So many rows at once: what is worked in stays small. */
#define ROWS 128u

/* What input `in` is in rows [from, from + n) of the list; `grown` has room for
 * a row more. */
static void fill_input(const struct aur_track *t, const struct aur__input *in,
    size_t from, size_t n, double *grown, double *ret)
{
	size_t before = from > 0;

	if (t->have[in->field] == NULL) {
		fill_none(ret, n);
		return;
	}
	if (in->how == AUR__INPUT_CELL) {
		cells(t, AUR_VALUE_REAL, in->field, from, n, ret);
		return;
	}
	aur_rate_column(t->domain, in->field, t->cell[in->field],
	    t->have[in->field], t->row + from - before, n + before, grown);
	grown += before;
	for (size_t k = 0; k < n; k++)
		if (in->how == AUR__INPUT_RATE)
			ret[k] = grown[k] / t->over[from + k];
		else
			ret[k] = t->on[from + k] ? grown[k] : NAN;
}

/* A number that came of a formula, as the figure's type says. */
static double typed(enum aur_value_type type, double v)
{
	struct aur_value value = {.type = AUR_VALUE_NULL};
	double d;

	if (type == AUR_VALUE_REAL)
		return isfinite(v) ? v : NAN;
	aur__figure_real(type, v, &value);
	return aur_value_number(&value, &d) ? d : NAN;
}

/* `t` has the group's instance, `of` what the formula is made of. */
static void formula(const struct aur_track *t, const struct aur_track *of,
    const struct aur__formula *m, enum aur_value_type type, double *ret)
{
	double in[AUR__INPUTS][ROWS], grown[ROWS + 1];

	for (size_t from = 0, n; from < t->n; from += n) {
		n = t->n - from < ROWS ? t->n - from : ROWS;
		for (size_t i = 0; i < m->n; i++)
			fill_input(of, &m->input[i], from, n, grown, in[i]);
		for (size_t k = 0; k < n; k++) {
			double one[AUR__INPUTS];

			for (size_t i = 0; i < m->n; i++)
				one[i] = in[i][k];
			ret[from + k] = has_bit(t->there, t->row[from + k])
					    ? typed(type, m->fn(one))
					    : NAN;
		}
	}
}

static void find_formula(const struct aur_track *t,
    const struct aur_track *others, size_t nother, enum aur_figure_id id,
    double *ret)
{
	const struct aur__formula *m = aur__source[id].formula;
	const struct aur_domain *d = aur_domain_get(m->domain);
	const struct aur_track *of = t->domain == d ? t : NULL;

	for (size_t i = 0; of == NULL && i < nother; i++)
		if (others[i].domain == d)
			of = &others[i];
	if (of == NULL)
		fill_none(ret, t->n);
	else
		formula(t, of, m, aur_figure_get(id)->type, ret);
}

/* --- made by functions ---------------------------------------------------- */

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
		cells(t, aur_figure_get(id)->type, field, 0, t->n, ret);
		return;
	}
	rates(t, field, ret);
	for (size_t k = 0; how == AUR_FIGURE_SHARE && k < t->n; k++)
		ret[k] = aur__share(ret[k], 1);
}

/* Whether the field that tells it lists the row. */
static inline bool lists(const struct aur_track *t, size_t f, size_t row)
{
	return has_bit(t->have[f], row) && t->cell[f][row] != 0;
}

bool aur_track_lists(
    const struct aur_track *t, enum aur_group_id group, size_t k)
{
	int f = aur__listed_by(group);

	if (f < 0)
		return has_bit(t->there, t->row[k]);
	return t->have[f] != NULL && lists(t, (size_t)f, t->row[k]);
}

/* Some instances are no rows of the group. */
static void leave_out(
    const struct aur_track *t, enum aur_figure_id id, double *ret)
{
	int f = aur__listed_by(aur_figure_get(id)->group);

	if (f < 0)
		return;
	if (t->have[f] == NULL) {
		fill_none(ret, t->n);
		return;
	}
	if (t->n > 0 && (t->still >> f) & 1 && lists(t, (size_t)f, t->row[0]))
		return;
	for (size_t k = 0; k < t->n; k++)
		if (!lists(t, (size_t)f, t->row[k]))
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
			if (aur__source[id[i]].formula != NULL) {
				find_formula(
				    t, others, nother, id[i], ret_values[i]);
				continue;
			}
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

static uint64_t inputs(const struct aur__formula *m)
{
	uint64_t fields = 0;

	for (size_t i = 0; i < m->n; i++)
		fields |= (uint64_t)1 << m->input[i].field;
	return fields;
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
		if (src->formula == NULL)
			return UINT64_MAX;
		if (src->formula->domain == aur_group_get(group)->domain)
			fields |= inputs(src->formula);
		return fields;
	default:
		return fields | (uint64_t)1 << src->field;
	}
}

uint64_t aur_track_other_fields(enum aur_figure_id id)
{
	const struct aur_group *g = aur_group_get(aur_figure_get(id)->group);
	const struct aur__formula *m = aur__source[id].formula;

	if (aur_figure_how(id, &(size_t){0}) != AUR_FIGURE_MADE)
		return 0;
	if (m == NULL)
		return UINT64_MAX;
	return m->domain == g->domain ? 0 : inputs(m);
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
