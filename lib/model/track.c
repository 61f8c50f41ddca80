/* SPDX-License-Identifier: MIT */
/*
 * Cells, rates, modes and what formulas are told of are gone through column by
 * column, with what the compiler can make of it. What has a function of samples
 * is a text, or of processes, and nobody draws it.
 */
#include "model/track.h"

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
 * a row more. NULL: there is no such track. */
static void fill_input(const struct aur_track *t, const struct aur__input *in,
    size_t from, size_t n, double *grown, double *ret)
{
	size_t before = from > 0;

	if (t == NULL || t->have[in->field] == NULL) {
		fill_none(ret, n);
		return;
	}
	if (in->how == AUR__INPUT_CELL || in->how == AUR__INPUT_CPUS) {
		cells(t, AUR_VALUE_REAL, in->field, from, n, ret);
		return;
	}
	if (in->how == AUR__INPUT_WAS) {
		ret[0] = NAN;
		cells(t, AUR_VALUE_REAL, in->field, from - before, n - !before,
		    ret + !before);
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

static const struct aur_track *find_track(const struct aur_track *t,
    const struct aur_track *others, size_t nother, enum aur_domain_id id)
{
	const struct aur_domain *d = aur_domain_get(id);

	if (t->domain == d)
		return t;
	for (size_t i = 0; i < nother; i++)
		if (others[i].domain == d)
			return &others[i];
	return NULL;
}

static void formula(const struct aur_track *t, const struct aur_track *others,
    size_t nother, enum aur_figure_id id, double *ret)
{
	const struct aur__formula *m = aur__source[id].formula;
	enum aur_value_type type = aur_figure_get(id)->type;
	const struct aur_track *of =
	    m != NULL ? find_track(t, others, nother, m->domain) : NULL;
	const struct aur_track *cpu =
	    find_track(t, others, nother, AUR_DOMAIN_CPU);
	double in[AUR__INPUTS][ROWS], grown[ROWS + 1];

	if (of == NULL) {
		fill_none(ret, t->n);
		return;
	}
	for (size_t from = 0, n; from < t->n; from += n) {
		n = t->n - from < ROWS ? t->n - from : ROWS;
		for (size_t i = 0; i < m->n; i++)
			fill_input(
			    m->input[i].how == AUR__INPUT_CPUS ? cpu : of,
			    &m->input[i], from, n, grown, in[i]);
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

void aur_track_figures(const struct aur_track *t,
    const struct aur_track *others, size_t nother, const enum aur_figure_id *id,
    size_t n, double *const *ret_values)
{
	enum aur_figure_id picked[AUR_FIG_COUNT];
	double *values[AUR_FIG_COUNT];
	size_t npicked = 0, field;

	for (size_t i = 0; i < n; i++) {
		switch (aur_figure_how(id[i], &field)) {
		case AUR_FIGURE_OF_MODES:
			picked[npicked] = id[i];
			values[npicked++] = ret_values[i];
			break;
		case AUR_FIGURE_MADE:
			formula(t, others, nother, id[i], ret_values[i]);
			break;
		default:
			simple(t, id[i], ret_values[i]);
		}
	}
	if (npicked > 0)
		modes(t, picked, npicked, values);
	for (size_t i = 0; i < n; i++)
		leave_out(t, id[i], ret_values[i]);
}

/* Fields of a domain that a formula is made of. */
static uint64_t inputs(const struct aur__formula *m, enum aur_domain_id id)
{
	uint64_t fields = 0;

	for (size_t i = 0; i < m->n; i++) {
		bool cpus = m->input[i].how == AUR__INPUT_CPUS;

		if ((cpus ? AUR_DOMAIN_CPU : m->domain) == id)
			fields |= (uint64_t)1 << m->input[i].field;
	}
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
			return 0;
		return fields |
		       inputs(src->formula, aur_group_get(group)->domain);
	default:
		return fields | (uint64_t)1 << src->field;
	}
}

uint64_t aur_track_other_fields(enum aur_figure_id id)
{
	enum aur_group_id group = aur_figure_get(id)->group;
	const struct aur__formula *m = aur__source[id].formula;
	uint64_t reads = aur_group_reads(group), fields = 0;

	if (m == NULL)
		return 0;
	for (unsigned d = 0; d < AUR_DOMAIN_COUNT; d++)
		if ((reads >> d & 1) && d != aur_group_get(group)->domain)
			fields |= inputs(m, d);
	return fields;
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
