/* SPDX-License-Identifier: MIT */
/*
 * One figure over a stretch. Hours that were rolled up are read from the tier
 * that suits; hours that were not, and what is asked for by the second, from
 * samples; where a tier has let go of an hour, the next coarser one tells it.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/quick_int.h"

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

/* --- hours ------------------------------------------------------------------
 */

#define HOUR_NS (3600 * AUR_SECOND_NS)
#define HOURS_MOST 200000u

/* Which hours of a stretch have something. */
struct hours {
	int64_t first; /* counted since 1970 */
	size_t n;
	uint8_t *has;
};

static int hours_init(struct hours *h, struct aur_wall from, struct aur_wall to)
{
	h->first = from.ns / HOUR_NS;
	h->n = (size_t)(to.ns / HOUR_NS - h->first) + 1;
	if (h->n > HOURS_MOST)
		return AUR_ELIMIT;
	h->has = aur_mem_new(h->n, 1);
	return h->has == NULL ? AUR_ENOMEM : 0;
}

static uint8_t *hour_of(struct hours *h, struct aur_wall t)
{
	int64_t i = t.ns / HOUR_NS - h->first;

	return i >= 0 && (uint64_t)i < h->n ? &h->has[i] : NULL;
}

static void mark(struct hours *h, struct aur_wall from, struct aur_wall to)
{
	int64_t t = from.ns - from.ns % HOUR_NS;

	for (; t <= to.ns; t += HOUR_NS) {
		uint8_t *hour = hour_of(h, (struct aur_wall){t});

		if (hour != NULL)
			*hour = 1;
	}
}

/* What is asked for, cut to what there is. */
struct query {
	struct aur__source source;
	const struct aur_metric *metric;
	struct aur_wall from, to;
};

static int query_init(struct query *q, struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to)
{
	struct aur_wall first, last;

	if (host >= h->nhost || !aur__read_extent(h, host, &first, &last))
		return AUR_EABSENT;
	q->metric = metric;
	q->from = from.ns > first.ns ? from : first;
	q->to = to.ns <= last.ns ? to : (struct aur_wall){last.ns + 1};
	if (q->from.ns >= q->to.ns)
		return AUR_EABSENT;
	return aur__source_of(h, host, &q->source);
}

/* Marks hours that have raw samples; `all`, or only those that were not rolled
 * up. */
static int mark_raw(struct query *q, struct hours *h, bool all)
{
	struct aur__segs segs;
	int rc = aur__segs_find(
	    &segs, &q->source, q->from, q->to, all ? AUR__IN_RAW : AUR__IN_LOG);

	for (size_t i = 0; rc == 0 && i < segs.n; i++)
		mark(h, segs.seg[i].at.from, segs.seg[i].at.to);
	if (rc == 0)
		aur__segs_release(&segs);
	return rc;
}

static void mark_dirty(struct query *q, struct hours *h)
{
	struct aur__weeks *w = q->source.weeks;
	struct aur_wall early = {q->from.ns - HOUR_NS};

	for (size_t i = aur__weeks_find(w, aur__week_of(early));
	     i < w->n && w->week[i].monday < q->to.ns; i++) {
		int err;
		struct aur__db *db =
		    aur__weeks_open(w, w->week[i].monday, &err);
		sqlite3_stmt *st;

		if (db == NULL)
			continue;
		st = aur__sql_use(db, AUR__SQL_HOUR_OF);
		aur__sql_i64(st, 1, q->source.host);
		aur__sql_i64(st, 2, q->from.ns);
		aur__sql_i64(st, 3, q->to.ns);
		while (aur__sql_step(db, st) == 1) {
			uint8_t *hour =
			    hour_of(h, (struct aur_wall){aur__col_i64(st, 0)});

			if (hour != NULL)
				*hour = 1;
		}
		aur__sql_end(st);
	}
}

/* The end of the run of hours that are alike, from `t` on. */
static struct aur_wall run_end(
    struct hours *h, struct aur_wall t, struct aur_wall to, bool *ret_has)
{
	int64_t end = t.ns - t.ns % HOUR_NS;
	const uint8_t *first = hour_of(h, t), *next = first;

	*ret_has = first != NULL && *first;
	while (end < to.ns && next != NULL && *next == *first) {
		end += HOUR_NS;
		next = hour_of(h, (struct aur_wall){end});
	}
	return (struct aur_wall){end < to.ns && first != NULL ? end : to.ns};
}

/* --- values -----------------------------------------------------------------
 */

struct values {
	const struct aur_metric *metric;
	aur_history_value_fn fn;
	void *arg;
	struct aur_wall last; /* 0: none yet */
	size_t n;
};

/* A value, and before it the gap that it ends. */
static int give(struct values *v, struct aur_wall at, double value, bool gap)
{
	int rc = 0;

	if (gap && v->last.ns != 0)
		rc = v->fn(v->arg, (struct aur_wall){at.ns - 1}, NAN);
	v->last = at;
	v->n++;
	return rc == 0 ? v->fn(v->arg, at, value) : rc;
}

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
	rc = give(v, now->wall, number_of(&value), before == NULL);
	aur_figures_release(&f);
	return rc;
}

static int on_quick(void *arg, struct aur_wall at, double value, bool gap)
{
	return give(arg, at, value, gap);
}

/* Samples of a stretch: by the short way where there is one. */
static int raw_values(struct query *q, struct values *v, struct aur_wall from,
    struct aur_wall to, bool thin)
{
	if (!thin && aur__quick_can(q->metric))
		return aur__quick(&q->source, q->metric, from, to, on_quick, v);
	return aur__walk(
	    &q->source, from, to, mask_of(q->metric), thin, on_sample, v);
}

static int on_rolled(void *arg, const struct aur__rolled *row)
{
	struct values *v = arg;

	return give(v, row->at, row->mean, false);
}

static int values_of_run(struct query *q, struct values *v, bool raw,
    struct aur_wall from, struct aur_wall to)
{
	size_t had = v->n;
	int rc = 0;

	if (raw || !aur__roll_has(q->metric->figure))
		return raw_values(q, v, from, to, !raw);
	for (size_t i = 0; rc == 0 && v->n == had && i < AUR__TIERS; i++)
		rc = aur__roll_read(q->source.weeks, q->source.host,
		    &aur__tiers[i], q->metric, from, to, on_rolled, v);
	return rc;
}

static int read_values(struct query *q, struct values *v)
{
	struct hours hours = {0};
	int rc = hours_init(&hours, q->from, q->to);

	if (rc == 0)
		rc = mark_raw(q, &hours, true);
	while (rc == 0 && q->from.ns < q->to.ns) {
		bool raw;
		struct aur_wall end = run_end(&hours, q->from, q->to, &raw);

		rc = values_of_run(q, v, raw, q->from, end);
		q->from = end;
	}
	aur_mem_free(hours.has);
	return rc;
}

int aur_history_values(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    aur_history_value_fn fn, void *arg)
{
	struct values v = {.metric = metric, .fn = fn, .arg = arg};
	struct query q;
	int rc;

	aur__read_begin(h);
	rc = query_init(&q, h, host, metric, from, to);
	if (rc == 0)
		rc = read_values(&q, &v);
	else if (rc == AUR_EABSENT)
		rc = 0;
	aur__read_end(h);
	return rc;
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
	int64_t step, rest; /* of a step: ns, and of all of them what is left */
	double per_ns;	    /* steps */
	size_t last;	    /* the step that was met last */
	struct aur_wall was; /* the value before; 0: none, or a gap since */
	int64_t tier;	     /* ns that a rolled row covers */
	struct hours *told, *now; /* hours of finer tiers, of this one */
};

/* Where step `i` begins, less the first. */
static int64_t begin_of(const struct plot *p, size_t i)
{
	int64_t rest = p->rest == 0 ? 0 : p->rest * (int64_t)i / (int64_t)p->n;

	return p->step * (int64_t)i + rest;
}

static struct sum *sum_at(struct plot *p, struct aur_wall at)
{
	int64_t t = at.ns - p->from.ns;
	size_t i = p->last;

	/* mostly it is where the one before was, or the next one */
	if (t < begin_of(p, i) || t >= begin_of(p, i + 2)) {
		double part = (double)t * p->per_ns;

		i = part > 0 ? (size_t)part : 0;
		i = i < p->n ? i : p->n - 1;
	}
	/* a double is off by a step at most */
	while (i > 0 && t < begin_of(p, i))
		i--;
	while (i + 1 < p->n && t >= begin_of(p, i + 1))
		i++;
	p->last = i;
	return &p->sum[i];
}

static void plot_add(
    struct plot *p, struct aur_wall at, const struct aur__rolled *row)
{
	struct sum *s = sum_at(p, at);

	if (s->n == 0 || row->min < s->min)
		s->min = row->min;
	if (s->n == 0 || row->max > s->max)
		s->max = row->max;
	s->sum += row->mean * (double)row->n;
	s->n += row->n;
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
	end = (size_t)(sum_at(p, to) - p->sum);
	for (i = (size_t)(sum_at(p, from) - p->sum); i <= end; i++)
		if (p->sum[i].n == 0)
			p->sum[i] = (struct sum){row->min, row->max,
			    row->mean * (double)row->n, row->n};
}

static int plot_value(void *arg, struct aur_wall at, double v)
{
	struct plot *p = arg;
	struct aur__rolled row = {at, v, v, v, 1};
	struct aur_wall was = p->was;

	p->was = isnan(v) ? (struct aur_wall){0} : at;
	if (isnan(v) || at.ns >= p->to.ns)
		return 0;
	if (at.ns >= p->from.ns)
		plot_add(p, at, &row);
	if (was.ns != 0 && was.ns < at.ns)
		plot_cover(p, (struct aur_wall){was.ns + 1}, at, &row);
	return 0;
}

static int plot_rolled(void *arg, const struct aur__rolled *row)
{
	struct plot *p = arg;
	const uint8_t *told = hour_of(p->told, row->at);
	uint8_t *now = hour_of(p->now, row->at);

	if (told != NULL && *told)
		return 0;
	if (now != NULL)
		*now = 1;
	plot_add(p, row->at, row);
	plot_cover(
	    p, row->at, (struct aur_wall){row->at.ns + p->tier - 1}, row);
	return 0;
}

/* Hours of samples that are marked. */
static int plot_raw(struct query *q, struct plot *p)
{
	struct values v = {.metric = q->metric, .fn = plot_value, .arg = p};
	struct aur_wall t = q->from;
	int rc = 0;

	while (rc == 0 && t.ns < q->to.ns) {
		bool raw;
		struct aur_wall end = run_end(p->told, t, q->to, &raw);

		if (raw)
			rc = raw_values(q, &v, t, end, false);
		t = end;
	}
	return rc;
}

static int plot_tier(
    struct query *q, struct plot *p, const struct aur__tier *tier)
{
	int rc;

	memset(p->now->has, 0, p->now->n);
	p->tier = tier->step * AUR_SECOND_NS;
	rc = aur__roll_read(q->source.weeks, q->source.host, tier, q->metric,
	    q->from, q->to, plot_rolled, p);
	for (size_t i = 0; i < p->now->n; i++)
		p->told->has[i] |= p->now->has[i];
	return rc;
}

static bool all_told(const struct hours *h)
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

static int plot_query(struct query *q, struct plot *p)
{
	size_t tier = tier_for(p->from, p->to, p->n);
	int rc;

	if (!aur__roll_has(q->metric->figure)) {
		struct values v = {
		    .metric = q->metric, .fn = plot_value, .arg = p};

		return aur__walk(&q->source, q->from, q->to, mask_of(q->metric),
		    true, on_sample, &v);
	}
	rc = mark_raw(q, p->told, tier == AUR__TIERS);
	mark_dirty(q, p->told);
	if (rc == 0)
		rc = plot_raw(q, p);
	for (size_t i = tier < AUR__TIERS ? tier : 0;
	     rc == 0 && i < AUR__TIERS && !all_told(p->told); i++)
		rc = plot_tier(q, p, &aur__tiers[i]);
	return rc;
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
	struct hours told = {0}, now = {0};
	struct plot p = {
	    .n = n, .from = from, .to = to, .told = &told, .now = &now};
	struct query q;
	int rc = 0;

	if (n == 0)
		return 0;
	p.step = (to.ns - from.ns) / (int64_t)n;
	p.rest = (to.ns - from.ns) % (int64_t)n;
	p.per_ns = to.ns > from.ns ? (double)n / (double)(to.ns - from.ns) : 0;
	p.sum = aur_mem_new(n, sizeof(*p.sum));
	if (p.sum == NULL)
		return AUR_ENOMEM;
	aur__read_begin(h);
	rc = query_init(&q, h, host, metric, from, to);
	if (rc == 0)
		rc = hours_init(&told, q.from, q.to);
	if (rc == 0)
		rc = hours_init(&now, q.from, q.to);
	if (rc == 0)
		rc = plot_query(&q, &p);
	aur__read_end(h);
	if (rc == AUR_EABSENT)
		rc = 0;
	if (rc == 0)
		plot_end(&p, points);
	aur_mem_free(told.has);
	aur_mem_free(now.has);
	aur_mem_free(p.sum);
	return rc;
}
