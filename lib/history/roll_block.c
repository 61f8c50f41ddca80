/* SPDX-License-Identifier: MIT */
/*
 * A block is gone through domain by domain and instance by instance: columns
 * are unpacked once, figures are made of them for all rows, and summed up step
 * by step. No sample is made.
 *
 * What it takes, for an hour by the second: the columns of one instance (8
 * bytes for a row of a field, 0.8 MB for the 26 of memory), the figures of one
 * group (0.4 MB for 13), and a grid of the sums of all instances, which is held
 * to GRID_BYTES: where there are more than 180 figures, the block is gone
 * through in several passes, and its columns are unpacked in each. Rejected: to
 * sum up one instance after the other to its end, which needs no grid, but
 * another way into the packer, for which a row is a row of all.
 */
#include "history/roll_make_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <assert.h>
#include <math.h>

#define GRID_BYTES (2u << 20)
#define STEPS_MOST 360u
/* Figures of a group, and totals of a domain. */
#define FIGURES_MOST 16u
#define TOTALS_MOST 2u

/* A block on its way: rows of the list [from - 1, to), of which the first is
 * the one before. */
struct pass {
	struct aur__roll_make *m;
	const struct aur__stretch *b;
	struct aur_sample *last; /* what the next block goes on */
	size_t from, to;
	int32_t begin; /* its first step */
};

/* --- rows ----------------------------------------------------------------- */

static int make_room(struct aur__roll_work *w)
{
	size_t n = w->rows.n;

	if (n <= w->cap)
		return 0;
	aur_mem_free(w->step);
	aur_mem_free(w->value);
	aur_mem_free(w->total);
	w->step = aur_mem_grow(NULL, n, sizeof(*w->step));
	w->value = aur_mem_grow(NULL, n * FIGURES_MOST, sizeof(*w->value));
	w->total = aur_mem_grow(NULL, n * TOTALS_MOST, sizeof(*w->total));
	w->cap = n;
	if (w->step != NULL && w->value != NULL && w->total != NULL)
		return 0;
	w->cap = 0;
	return AUR_ENOMEM;
}

/* The step of each row, counted from the one that goes on. A clock that was
 * set back does not bring steps back. */
static void number_steps(struct aur__roll_make *m, const struct aur__stretch *b)
{
	struct aur__roll_work *w = &m->work;
	int64_t now = 0;

	w->step[0] = -1;
	for (size_t k = 1; k < w->rows.n; k++) {
		struct aur_wall t = b->span->times.wall[w->rows.row[k]];
		int64_t step = (t.ns / AUR_SECOND_NS - m->out[0].next) /
			       aur__tiers[0].step;

		now = step > now ? step : now;
		w->step[k] = t.ns >= b->from.ns ? (int32_t)now : -1;
	}
}

/* --- the grid ------------------------------------------------------------- */

static int add_entry(struct aur__roll_make *m, const struct aur__roll_group *g,
    size_t row, struct aur__sum **ret_sum)
{
	struct aur__roll_grid *grid = &m->work.grid;
	const struct aur__sum *on = &m->rows[g->group].sum[0][row * g->n];
	struct aur__roll_entry *e;
	struct aur__sum *sum;

	assert((grid->ncolumn + g->n) * grid->steps <= grid->cap);
	if (grid->n == grid->entry_cap) {
		e = aur_mem_grow(
		    grid->entry, grid->entry_cap * 2 + 16, sizeof(*e));
		if (e == NULL)
			return AUR_ENOMEM;
		grid->entry = e;
		grid->entry_cap = grid->entry_cap * 2 + 16;
	}
	grid->entry[grid->n++] =
	    (struct aur__roll_entry){g->group, row, grid->ncolumn};
	sum = *ret_sum = &grid->sum[grid->ncolumn * grid->steps];
	grid->ncolumn += g->n;
	memset(sum, 0, g->n * grid->steps * sizeof(*sum));
	/* the first step goes on */
	for (size_t k = 0; k < g->n; k++)
		sum[k * grid->steps] = on[k];
	return 0;
}

/* Makes step `i` of the grid the one that goes on. */
static void load_step(struct aur__roll_make *m, size_t i)
{
	const struct aur__roll_grid *grid = &m->work.grid;

	for (size_t e = 0; e < grid->n; e++) {
		const struct aur__roll_entry *at = &grid->entry[e];
		size_t n = m->r->group[at->group].n;
		struct aur__sum *to = &m->rows[at->group].sum[0][at->row * n];

		for (size_t k = 0; k < n; k++)
			to[k] = grid->sum[(at->column + k) * grid->steps + i];
	}
}

/* --- an instance ---------------------------------------------------------- */

static void sum_column(
    const struct pass *p, const double *v, struct aur__sum *sum)
{
	const int32_t *step = p->m->work.step + p->from - 1;
	size_t n = p->to - p->from + 1;
	struct aur__sum s = {0};
	int32_t at = -1;

	for (size_t k = 1; k < n; k++) {
		if (step[k] < 0 || isnan(v[k]))
			continue;
		if (step[k] != at) {
			if (at >= 0)
				sum[at - p->begin] = s;
			at = step[k];
			s = sum[at - p->begin];
		}
		aur__sum_add(&s, v[k]);
	}
	if (at >= 0)
		sum[at - p->begin] = s;
}

/* Whether any row that is summed up has any of the values. */
static bool has_values(const struct pass *p, double *const *value, size_t nfig)
{
	const int32_t *step = p->m->work.step + p->from - 1;

	for (size_t k = 1; k < p->to - p->from + 1; k++)
		for (size_t i = 0; step[k] >= 0 && i < nfig; i++)
			if (!isnan(value[i][k]))
				return true;
	return false;
}

/* Sums up figures of a row with that key. */
static int sum_values(struct pass *p, const struct aur__roll_group *g,
    struct aur_key key, size_t hint, double *const *value)
{
	struct aur__sum *sum;
	size_t row;
	int rc;

	if (!has_values(p, value, g->n))
		return 0;
	rc = aur__roll_find_row(p->m, g, key, hint, &row);
	if (rc == 0)
		rc = add_entry(p->m, g, row, &sum);
	for (size_t k = 0; rc == 0 && k < g->n; k++)
		sum_column(p, value[k], sum + k * p->m->work.grid.steps);
	return rc == AUR_ELIMIT ? 0 : rc;
}

/* The track in the rows of the pass. */
static struct aur_track track_of(
    const struct pass *p, const struct aur__inst *x)
{
	struct aur_track t = x->track;

	t.row += p->from - 1;
	t.on += p->from - 1;
	t.over += p->from - 1;
	t.n = p->to - p->from + 1;
	return t;
}

static void place_values(
    const struct pass *p, size_t n, double *ret_value[FIGURES_MOST])
{
	for (size_t k = 0; k < n; k++)
		ret_value[k] = p->m->work.value + k * p->m->work.cap;
}

/* --- a domain ------------------------------------------------------------- */

static bool is_total(const struct aur__roll_group *g)
{
	size_t field;

	return aur_figure_how(g->figure[0], &field) == AUR_FIGURE_TOTAL;
}

/* Whether the domain's instances are rows of the group, or summed up in it. */
static bool is_of(const struct aur__roll_group *g, const struct aur_domain *d)
{
	return g->n > 0 && aur_group_get(g->group)->domain == d->id;
}

static int sum_figures(
    struct pass *p, const struct aur__roll_group *g, struct aur_key key)
{
	struct aur__roll_work *w = &p->m->work;
	struct aur_track t = track_of(p, &w->inst), others;
	double *value[FIGURES_MOST];
	bool other;
	int rc = aur__inst_read_other(
	    &w->other, &w->rows, g->group, UINT64_MAX, &other);

	if (rc < 0)
		return rc;
	place_values(p, g->n, value);
	if (other)
		others = track_of(p, &w->other);
	aur_track_figures(&t, &others, other, g->figure, g->n, value);
	return sum_values(p, g, key, w->inst.inst, value);
}

static void add_totals(struct pass *p, const struct aur__roll_group *g)
{
	struct aur__roll_work *w = &p->m->work;
	struct aur_track t = track_of(p, &w->inst);

	for (size_t k = 0; k < g->n && k < TOTALS_MOST; k++)
		aur_track_total(
		    &t, g->figure[k], w->value, w->total + k * w->cap);
}

static int sum_totals(struct pass *p, const struct aur__roll_group *g)
{
	struct aur__roll_work *w = &p->m->work;
	double *value[FIGURES_MOST];

	place_values(p, g->n, value);
	for (size_t k = 0; k < g->n && k < TOTALS_MOST; k++)
		for (size_t i = 0; i < p->to - p->from + 1; i++)
			value[k][i] =
			    aur_total_value(&w->total[k * w->cap + i]);
	return sum_values(p, g, (struct aur_key){{0, 0}}, 0, value);
}

/* The key of the instance that was read; a name is held. */
static int take_key(struct pass *p, struct aur_key *ret_key)
{
	const struct aur__inst *x = &p->m->work.inst;
	uint32_t id = 0;
	int rc = 0;

	if (x->track.domain->key == AUR_KEY_STRING ||
	    x->track.domain->key == AUR_KEY_LABELS)
		rc = aur_strs_put(p->m->t->source.strs,
		    aur_columns_name(x->columns, x->inst), &id);
	*ret_key = (struct aur_key){{id, 0}};
	if (x->track.domain->key == AUR_KEY_NUMBER)
		ret_key->v[0] = aur_columns_number(x->columns, x->inst);
	return rc;
}

static int sum_inst(struct pass *p)
{
	struct aur__roll_work *w = &p->m->work;
	const struct aur_domain *d = w->inst.track.domain;
	struct aur_key key;
	int rc = take_key(p, &key);

	if (rc < 0)
		return rc;
	for (unsigned k = 0; rc == 0 && k < AUR_GROUP_COUNT; k++) {
		const struct aur__roll_group *g = &p->m->r->group[k];

		if (!is_of(g, d))
			continue;
		if (is_total(g))
			add_totals(p, g);
		else
			rc = sum_figures(p, g, key);
	}
	if (d->key == AUR_KEY_STRING || d->key == AUR_KEY_LABELS)
		aur_strs_drop(p->m->t->source.strs, (uint32_t)key.v[0]);
	return rc;
}

static int sum_domain(struct pass *p, const struct aur_domain *d)
{
	struct aur__roll_work *w = &p->m->work;
	struct aur_columns *c = aur__stretch_columns(p->b, d, true);
	uint64_t fields = p->m->fields[d->id];
	int rc = 0;

	if (c == NULL)
		return 0;
	for (unsigned k = 0; k < AUR_GROUP_COUNT; k++)
		if (is_of(&p->m->r->group[k], d) &&
		    is_total(&p->m->r->group[k]))
			memset(w->total, 0,
			    w->cap * TOTALS_MOST * sizeof(*w->total));
	for (size_t i = 0; rc == 0 && i < aur_columns_insts(c); i++) {
		rc = aur__inst_read(&w->inst, &w->rows, c, i, fields);
		if (rc == 0 && p->to == w->rows.n)
			rc = aur__inst_keep(&w->inst, &w->rows, p->last);
		if (rc == 0)
			rc = sum_inst(p);
		else if (rc != AUR_ENOMEM)
			rc = 0; /* damaged, or too many */
	}
	for (unsigned k = 0; rc == 0 && k < AUR_GROUP_COUNT; k++)
		if (is_of(&p->m->r->group[k], d) &&
		    is_total(&p->m->r->group[k]))
			rc = sum_totals(p, &p->m->r->group[k]);
	return rc;
}

/* --- passes --------------------------------------------------------------- */

/* Makes the grid big enough for so many steps of all instances as it may take.
 */
static int make_grid(struct pass *p, size_t *ret_steps)
{
	struct aur__roll_grid *grid = &p->m->work.grid;
	const struct aur__roll_make *m = p->m;
	size_t columns = 1, steps;
	struct aur__sum *sum;

	for (unsigned id = 0; id < AUR_DOMAIN_COUNT; id++) {
		const struct aur_domain *d = aur_domain_get(id);
		struct aur_columns *c =
		    m->fields[id] == 0 ? NULL
				       : aur__stretch_columns(p->b, d, false);

		for (unsigned k = 0; c != NULL && k < AUR_GROUP_COUNT; k++)
			if (is_of(&m->r->group[k], d))
				columns +=
				    m->r->group[k].n * aur_columns_insts(c);
	}
	steps = GRID_BYTES / sizeof(struct aur__sum) / columns;
	steps = steps < 1 ? 1 : steps;
	steps = steps < STEPS_MOST ? steps : STEPS_MOST;
	*ret_steps = steps;
	if (columns * steps <= grid->cap)
		return 0;
	aur_mem_free(grid->sum);
	grid->cap = 0;
	sum = grid->sum = aur_mem_grow(NULL, columns * steps, sizeof(*sum));
	if (sum == NULL)
		return AUR_ENOMEM;
	grid->cap = columns * steps;
	return 0;
}

/* Chooses the rows of the next pass; the last of its steps. */
static int32_t choose_rows(struct pass *p, size_t steps)
{
	const struct aur__roll_work *w = &p->m->work;
	int32_t last = p->begin;

	for (p->to = p->from; p->to < w->rows.n; p->to++) {
		int32_t step = w->step[p->to];

		if (step >= 0 && (size_t)(step - p->begin) >= steps)
			break;
		last = step > last ? step : last;
	}
	return last;
}

/* Ends the steps of a pass but its last, which goes on. */
static int end_pass(struct pass *p, int32_t last)
{
	struct aur__roll_make *m = p->m;
	int rc = 0;

	for (int32_t i = p->begin; rc == 0 && i < last; i++) {
		load_step(m, (size_t)(i - p->begin));
		rc =
		    aur__roll_end_steps(m, m->out[0].next + aur__tiers[0].step);
	}
	load_step(m, (size_t)(last - p->begin));
	p->begin = last;
	p->from = p->to;
	return rc;
}

static int sum_block(struct pass *p)
{
	struct aur__roll_work *w = &p->m->work;
	size_t steps;
	int rc = make_grid(p, &steps);

	while (rc == 0 && p->from < w->rows.n) {
		int32_t last = choose_rows(p, steps);

		w->grid.n = w->grid.ncolumn = 0;
		w->grid.steps = (size_t)(last - p->begin) + 1;
		if (p->to == p->from) /* steps without rows */
			last = w->step[p->from];
		for (unsigned id = 0;
		     p->to > p->from && rc == 0 && id < AUR_DOMAIN_COUNT; id++)
			if (p->m->fields[id] != 0)
				rc = sum_domain(p, aur_domain_get(id));
		if (rc == 0)
			rc = end_pass(p, last);
	}
	return rc;
}

int aur__roll_block(
    void *arg, const struct aur__stretch *b, struct aur_sample **last)
{
	struct aur__roll_make *m = arg;
	struct aur__roll_work *w = &m->work;
	struct pass p = {.m = m, .b = b, .from = 1};
	int rc = aur__rows_pick(&w->rows, b, *last);

	if (rc < 0 || w->rows.n == 1)
		return rc;
	rc = make_room(w);
	if (rc < 0)
		return rc;
	p.last = aur__rows_last(&w->rows, m->t->source.strs);
	if (p.last == NULL)
		return AUR_ENOMEM;
	number_steps(m, b);
	rc = sum_block(&p);
	aur_sample_unref(*last);
	*last = p.last;
	return rc;
}

void aur__roll_work_release(struct aur__roll_work *w)
{
	aur__rows_release(&w->rows);
	aur__inst_release(&w->inst);
	aur__inst_release(&w->other);
	aur_mem_free(w->step);
	aur_mem_free(w->value);
	aur_mem_free(w->total);
	aur_mem_free(w->grid.sum);
	aur_mem_free(w->grid.entry);
}
