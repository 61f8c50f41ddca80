/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "base/mem.h"
#include "history/walk_int.h"

#include <math.h>
#include <stdio.h>

static struct aur__mask mask_of(const struct aur_metric *m)
{
	const struct aur_group *g = aur_group_get(m->group);
	struct aur__mask mask = {.domains = (uint64_t)1 << g->domain};

	/* what some figures are told of beside their own domain */
	mask.domains |= AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(MEMORY);
	return mask;
}

/* The first row that the metric means; false: none. */
static bool find_row(
    const struct aur_metric *m, struct aur_figures *f, size_t *ret_row)
{
	size_t n = aur_figures_rows(f, m->group);

	for (size_t i = 0; i < n; i++)
		if (aur_metric_matches(m, f, i)) {
			*ret_row = i;
			return true;
		}
	return false;
}

static double number_of(const struct aur_value *v)
{
	double d;

	return aur_value_number(v, &d) ? d : NAN;
}

struct values {
	const struct aur_metric *metric;
	aur_history_value_fn fn;
	void *arg;
};

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct values *v = arg;
	struct aur_figures f;
	struct aur_value value = {0};
	size_t row;
	int rc = aur_figures_init(&f, before, now);

	if (rc < 0)
		return rc;
	if (find_row(v->metric, &f, &row))
		aur_figures_get(&f, v->metric->figure, row, &value);
	rc = v->fn(v->arg, now->wall, number_of(&value));
	aur_figures_release(&f);
	return rc;
}

int aur_history_values(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    aur_history_value_fn fn, void *arg)
{
	struct values v = {metric, fn, arg};
	struct aur__source s;
	int rc;

	if (host >= h->nhost)
		return 0;
	aur__scan(h, false);
	rc = aur__source_of(h, host, &s);
	if (rc < 0)
		return rc;
	return aur__walk(&s, from, to, mask_of(metric), true, on_sample, &v);
}

/* --- points -----------------------------------------------------------------
 */

struct sum {
	double min, max, sum;
	uint64_t n;
};

struct plot {
	struct sum *sum;
	size_t n;
	struct aur_wall from, to;
};

static void plot_add(struct plot *p, struct aur_wall at, double v)
{
	double part;
	struct sum *s;

	if (isnan(v) || at.ns < p->from.ns || at.ns >= p->to.ns)
		return;
	part = (double)(at.ns - p->from.ns) / (double)(p->to.ns - p->from.ns);
	s = &p->sum[(size_t)(part * (double)p->n) % p->n];
	s->min = s->n == 0 || v < s->min ? v : s->min;
	s->max = s->n == 0 || v > s->max ? v : s->max;
	s->sum += v;
	s->n++;
}

static int on_value(void *arg, struct aur_wall at, double value)
{
	plot_add(arg, at, value);
	return 0;
}

static void plot_end(const struct plot *p, struct aur_point *points)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct sum *s = &p->sum[i];

		points[i] = (struct aur_point){NAN, NAN, NAN, 0};
		if (s->n > 0)
			points[i] = (struct aur_point){(float)s->min,
			    (float)(s->sum / (double)s->n), (float)s->max,
			    s->n < UINT32_MAX ? (uint32_t)s->n : UINT32_MAX};
	}
}

int aur_history_points(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    struct aur_point *points, size_t n)
{
	struct plot p = {.n = n, .from = from, .to = to};
	int rc;

	if (n == 0)
		return 0;
	p.sum = aur_mem_new(n, sizeof(*p.sum));
	if (p.sum == NULL)
		return AUR_ENOMEM;
	rc = to.ns > from.ns
		 ? aur_history_values(h, host, metric, from, to, on_value, &p)
		 : 0;
	if (rc == 0)
		plot_end(&p, points);
	aur_mem_free(p.sum);
	return rc;
}

/* --- rows -------------------------------------------------------------------
 */

/* Names of one answer. */
#define ROWS_MOST 4096u

struct rows {
	const struct aur_metric *metric;
	struct aur_strs *strs;
	uint32_t *id; /* held */
	size_t n;
	int64_t next; /* one sample in a while is looked at */
};

static int add_row(struct rows *r, struct aur_slice name)
{
	uint32_t id, *mem;
	int rc;

	for (size_t i = 0; i < r->n; i++)
		if (aur_slice_eq(aur_strs_get(r->strs, r->id[i]), name))
			return 0;
	if (r->n == ROWS_MOST)
		return 0;
	mem = aur_mem_grow(r->id, r->n + 1, sizeof(*mem));
	if (mem == NULL)
		return AUR_ENOMEM;
	r->id = mem;
	rc = aur_strs_put(r->strs, name, &id);
	if (rc == 0)
		r->id[r->n++] = id;
	return rc;
}

static struct aur_slice row_name(
    struct aur_figures *f, const struct aur_group *g, size_t row, char text[24])
{
	struct aur_value v = {0};

	if (!g->many)
		return aur_slice_str("");
	aur_figures_get(f, g->first, row, &v);
	if (v.type == AUR_VALUE_TEXT)
		return v.s;
	(void)snprintf(
	    text, 24, "%lld", v.type == AUR_VALUE_INT ? (long long)v.i : 0ll);
	return aur_slice_str(text);
}

static int on_row_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct rows *r = arg;
	const struct aur_group *g = aur_group_get(r->metric->group);
	struct aur_figures f;
	char text[24];
	int rc;

	(void)before;
	if (now->wall.ns < r->next)
		return 0;
	r->next = now->wall.ns + 60 * AUR_SECOND_NS;
	rc = aur_figures_init(&f, NULL, now);
	if (rc < 0)
		return rc;
	for (size_t i = 0;
	     rc == 0 && i < aur_figures_rows(&f, r->metric->group); i++)
		if (aur_metric_matches(r->metric, &f, i))
			rc = add_row(r, row_name(&f, g, i, text));
	aur_figures_release(&f);
	return rc;
}

int aur_history_rows(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    aur_history_name_fn fn, void *arg)
{
	struct rows r = {.metric = metric};
	struct aur__source s;
	int rc;

	if (host >= h->nhost)
		return 0;
	aur__scan(h, false);
	rc = aur__source_of(h, host, &s);
	r.strs = rc == 0 ? aur_strs_new(AUR_MAX_STRING_BYTES) : NULL;
	if (r.strs == NULL)
		return AUR_ENOMEM;
	rc = aur__walk(&s, from, to, mask_of(metric), true, on_row_sample, &r);
	for (size_t i = 0; rc == 0 && i < r.n; i++)
		fn(arg, aur_strs_get(r.strs, r.id[i]));
	aur_mem_free(r.id);
	aur_strs_unref(r.strs);
	return rc;
}
