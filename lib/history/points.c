/* SPDX-License-Identifier: MIT */
/*
 * A figure in so many steps: of each the least, the mean and the greatest. Raw
 * values come in runs, rows of the tiers one by one.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/query_int.h"

#include <math.h>

struct plot {
	struct aur_point *point; /* the caller's; means are made at the end */
	double *sum;		 /* of the values of each; owned */
	size_t n;
	struct aur_wall from, to;
	int64_t step, rest; /* of a step: ns, and of all of them what is left */
	double per_ns;	    /* steps */
	size_t at;	    /* the step that was met last */
	int64_t begin, end; /* of that, less the first's begin */
	struct aur_wall was; /* the value before; 0: none, or a gap since */
	int64_t tier;	     /* ns that a rolled row covers */
	struct aur__hours told, now; /* hours of finer tiers, of this one */
};

/* --- steps ---------------------------------------------------------------- */

/* Where step `i` begins, less the first. */
static int64_t begin_of(const struct plot *p, size_t i)
{
	int64_t rest = p->rest == 0 ? 0 : p->rest * (int64_t)i / (int64_t)p->n;

	return p->step * (int64_t)i + rest;
}

/* The step of a time; what is beyond the ends is of the first or last. */
static size_t find_step(struct plot *p, int64_t t)
{
	double part = (double)t * p->per_ns;
	size_t i = part > 0 ? (size_t)part : 0;

	i = i < p->n ? i : p->n - 1;
	/* a double is off by a step at most */
	while (i > 0 && t < begin_of(p, i))
		i--;
	while (i + 1 < p->n && t >= begin_of(p, i + 1))
		i++;
	p->at = i;
	p->begin = begin_of(p, i);
	p->end = begin_of(p, i + 1);
	return i;
}

static inline size_t step_at(struct plot *p, struct aur_wall at)
{
	int64_t t = at.ns - p->from.ns;

	if (t >= p->begin && t < p->end)
		return p->at;
	/* mostly it is the next one, and all are as long */
	if (p->rest == 0 && t >= p->end && t - p->end < p->step &&
	    p->at + 1 < p->n) {
		p->begin = p->end;
		p->end += p->step;
		return ++p->at;
	}
	return find_step(p, t);
}

static inline void plot_add(
    struct plot *p, size_t i, double min, double max, double mean, uint64_t n)
{
	struct aur_point *to = &p->point[i];

	if (to->n == 0 || min < (double)to->min)
		to->min = (float)min;
	if (to->n == 0 || max > (double)to->max)
		to->max = (float)max;
	p->sum[i] += mean * (double)n;
	to->n = n < UINT32_MAX - to->n ? to->n + (uint32_t)n : UINT32_MAX;
}

/* A value is of the time that it covers, not of an instant: steps that are
 * shorter have it, too. */
static void plot_cover(struct plot *p, struct aur_wall from, struct aur_wall to,
    const struct aur__rolled *row)
{
	size_t end, i;

	if (to.ns - from.ns <= p->step || to.ns <= p->from.ns)
		return;
	from.ns = from.ns > p->from.ns ? from.ns : p->from.ns;
	to.ns = to.ns < p->to.ns ? to.ns : p->to.ns - 1;
	i = step_at(p, from);
	for (end = step_at(p, to); i <= end; i++)
		if (p->point[i].n == 0)
			plot_add(p, i, row->min, row->max, row->mean, row->n);
}

/* --- values --------------------------------------------------------------- */

static void plot_value(struct plot *p, struct aur_wall at, double v)
{
	struct aur_wall was = p->was;

	p->was = at;
	if (at.ns >= p->to.ns)
		return;
	if (at.ns >= p->from.ns)
		plot_add(p, step_at(p, at), v, v, v, 1);
	if (was.ns != 0 && was.ns < at.ns && at.ns - was.ns - 1 > p->step)
		plot_cover(p, (struct aur_wall){was.ns + 1}, at,
		    &(struct aur__rolled){at, v, v, v, 1});
}

/* Values from `k` on of which each has the next step to itself, as most have
 * that are wished by the second: nothing is between them to be covered. Where
 * they end. */
static size_t plot_each(
    struct plot *p, const struct aur__quick_run *run, size_t k)
{
	const struct aur__quick_run r = *run;
	struct aur_point *to = p->point + p->at + 1;
	double *sum = p->sum + p->at + 1;
	int64_t begin = p->from.ns + p->end, step = p->step;
	size_t first = k, end = r.n;

	if (p->rest != 0 || p->was.ns < p->from.ns + p->begin)
		return k;
	if (end - k > p->n - p->at - 1)
		end = k + p->n - p->at - 1;
	for (; k < end; k++, to++, begin += step) {
		int64_t at = r.wall[r.row[k]].ns;
		double v = r.value[k];

		if (!r.on[k] || isnan(v) || at < begin || at - begin >= step ||
		    to->n > 0)
			break;
		to->min = to->max = (float)v;
		to->n = 1;
		*sum++ += v;
	}
	if (k == first)
		return k;
	p->was = run->wall[run->row[k - 1]];
	p->at += k - first;
	p->end = begin - p->from.ns;
	p->begin = p->end - p->step;
	return k;
}

static int plot_run(void *arg, const struct aur__quick_run *run)
{
	struct plot *p = arg;

	for (size_t k = 0; k < run->n; k++) {
		k = plot_each(p, run, k);
		if (k == run->n)
			break;
		if (!run->on[k])
			p->was = (struct aur_wall){0};
		if (isnan(run->value[k]))
			p->was = (struct aur_wall){0};
		else
			plot_value(p, run->wall[run->row[k]], run->value[k]);
	}
	return 0;
}

static int plot_rolled(void *arg, const struct aur__rolled *row)
{
	struct plot *p = arg;
	const uint8_t *told = aur__hours_at(&p->told, row->at);
	uint8_t *now = aur__hours_at(&p->now, row->at);

	if (told != NULL && *told)
		return 0;
	if (now != NULL)
		*now = 1;
	plot_add(p, step_at(p, row->at), row->min, row->max, row->mean, row->n);
	plot_cover(
	    p, row->at, (struct aur_wall){row->at.ns + p->tier - 1}, row);
	return 0;
}

/* Hours of samples that are marked. */
static int plot_raw(struct aur__query *q, struct plot *p)
{
	struct aur_wall t = q->from;
	int rc = 0;

	while (rc == 0 && t.ns < q->to.ns) {
		bool raw;
		struct aur_wall end = aur__hours_run(&p->told, t, q->to, &raw);

		if (raw)
			rc = aur__quick(
			    &q->source, q->metric, t, end, false, plot_run, p);
		t = end;
	}
	return rc;
}

static int plot_tier(
    struct aur__query *q, struct plot *p, const struct aur__tier *tier)
{
	int rc;

	memset(p->now.has, 0, p->now.n);
	p->tier = tier->step * AUR_SECOND_NS;
	rc = aur__roll_read(q->source.weeks, q->source.host, tier, q->metric,
	    q->from, q->to, plot_rolled, p);
	for (size_t i = 0; i < p->now.n; i++)
		p->told.has[i] |= p->now.has[i];
	return rc;
}

static bool all_told(const struct aur__hours *h)
{
	return memchr(h->has, 0, h->n) == NULL;
}

/* The coarsest tier whose step is not longer than the wished one; AUR__TIERS:
 * every second. */
static size_t tier_for(struct aur_wall from, struct aur_wall to, size_t n)
{
	int64_t step = (to.ns - from.ns) / (int64_t)n;

	for (size_t i = AUR__TIERS; i > 0; i--)
		if (aur__tiers[i - 1].step * AUR_SECOND_NS <= step)
			return i - 1;
	return AUR__TIERS;
}

static int plot_query(struct aur__query *q, struct plot *p)
{
	size_t tier = tier_for(p->from, p->to, p->n);
	int rc;

	if (!aur__roll_has(q->metric->figure))
		return aur__quick(
		    &q->source, q->metric, q->from, q->to, true, plot_run, p);
	rc = aur__hours_raw(q, &p->told, tier == AUR__TIERS);
	aur__hours_dirty(q, &p->told);
	if (rc == 0)
		rc = plot_raw(q, p);
	for (size_t i = tier < AUR__TIERS ? tier : 0;
	     rc == 0 && i < AUR__TIERS && !all_told(&p->told); i++)
		rc = plot_tier(q, p, &aur__tiers[i]);
	return rc;
}

static int plot_init(struct plot *p, struct aur_point *points, size_t n,
    struct aur_wall from, struct aur_wall to)
{
	*p = (struct plot){.point = points,
	    .sum = aur_mem_new(n, sizeof(*p->sum)),
	    .n = n,
	    .from = from,
	    .to = to,
	    .step = (to.ns - from.ns) / (int64_t)n,
	    .rest = (to.ns - from.ns) % (int64_t)n,
	    .per_ns =
		to.ns > from.ns ? (double)n / (double)(to.ns - from.ns) : 0};
	p->end = begin_of(p, 1);
	for (size_t i = 0; i < n; i++)
		points[i] = (struct aur_point){NAN, NAN, NAN, 0};
	return p->sum == NULL ? AUR_ENOMEM : 0;
}

static void plot_release(struct plot *p)
{
	aur_mem_free(p->sum);
	aur__hours_release(&p->told);
	aur__hours_release(&p->now);
}

int aur_history_points(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    struct aur_point *points, size_t n)
{
	struct aur__query q;
	struct plot p;
	int rc;

	if (n == 0)
		return 0;
	rc = plot_init(&p, points, n, from, to);
	aur__read_begin(h);
	if (rc == 0)
		rc = aur__query_init(&q, h, host, metric, from, to);
	if (rc == 0)
		rc = aur__hours_init(&p.told, q.from, q.to);
	if (rc == 0)
		rc = aur__hours_init(&p.now, q.from, q.to);
	if (rc == 0)
		rc = plot_query(&q, &p);
	aur__read_end(h);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (points[i].n == 1)
			points[i].mean = (float)p.sum[i];
		else if (points[i].n > 0)
			points[i].mean =
			    (float)(p.sum[i] / (double)points[i].n);
	plot_release(&p);
	return rc == AUR_EABSENT ? 0 : rc;
}
