/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "history/query_int.h"

#include <math.h>

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

static int on_run(void *arg, const struct aur__quick_run *run)
{
	struct values *v = arg;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < run->n; i++)
		rc =
		    give(v, run->wall[run->row[i]], run->value[i], !run->on[i]);
	return rc;
}

static int on_rolled(void *arg, const struct aur__rolled *row)
{
	struct values *v = arg;

	return give(v, row->at, row->mean, false);
}

static int values_of_run(struct aur__query *q, struct values *v, bool raw,
    struct aur_wall from, struct aur_wall to)
{
	size_t had = v->n;
	int rc = 0;

	if (raw || !aur__roll_has(q->metric->figure))
		return aur__quick(
		    &q->source, q->metric, from, to, !raw, on_run, v);
	for (size_t i = 0; rc == 0 && v->n == had && i < AUR__TIERS; i++)
		rc = aur__roll_read(q->source.weeks, q->source.host,
		    &aur__tiers[i], q->metric, from, to, on_rolled, v);
	return rc;
}

static int read_values(struct aur__query *q, struct values *v)
{
	struct aur__hours hours = {0};
	int rc = aur__hours_init(&hours, q->from, q->to);

	if (rc == 0)
		rc = aur__hours_raw(q, &hours, true);
	while (rc == 0 && q->from.ns < q->to.ns) {
		bool raw;
		struct aur_wall end =
		    aur__hours_run(&hours, q->from, q->to, &raw);

		rc = values_of_run(q, v, raw, q->from, end);
		q->from = end;
	}
	aur__hours_release(&hours);
	return rc;
}

int aur_history_values(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    aur_history_value_fn fn, void *arg)
{
	struct values v = {.metric = metric, .fn = fn, .arg = arg};
	struct aur__query q;
	int rc;

	aur__read_begin(h);
	rc = aur__query_init(&q, h, host, metric, from, to);
	if (rc == 0)
		rc = read_values(&q, &v);
	else if (rc == AUR_EABSENT)
		rc = 0;
	aur__read_end(h);
	return rc;
}
