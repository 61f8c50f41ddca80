/* SPDX-License-Identifier: MIT */
/*
 * One figure straight from its columns: of the hundreds that a host has, a few
 * are unpacked and gone through at once, and no sample is made.
 */
#include "history/quick_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "history/inst_int.h"

#include <math.h>

struct quick {
	const struct aur_metric *metric;
	const struct aur_domain *domain;
	enum aur_figure_how how;
	uint64_t fields, others; /* of its domain; of others */
	struct aur_strs *strs;
	struct aur_wall from;
	struct aur__rows rows;
	struct aur__inst inst, other;
	double *value; /* of each row; owned, as are: */
	struct aur_total *total;
	size_t cap;
	aur__quick_fn fn;
	void *arg;
};

/* --- samples -------------------------------------------------------------- */

/* The number of the first row that the metric means; NaN: it cannot be told.
 */
static int metric_value(const struct aur_metric *m, struct aur_sample *before,
    struct aur_sample *now, double *ret_value)
{
	struct aur_figures f;
	struct aur_value v = {.type = AUR_VALUE_NULL};
	double d;
	int rc = aur_figures_init(&f, before, now);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < aur_figures_rows(&f, m->group); i++)
		if (aur_metric_matches(m, &f, i)) {
			aur_figures_get(&f, m->figure, i, &v);
			break;
		}
	*ret_value = aur_value_number(&v, &d) ? d : NAN;
	aur_figures_release(&f);
	return 0;
}

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct quick *q = arg;
	const uint32_t row = 0;
	bool on = before != NULL;
	double value;
	int rc = metric_value(q->metric, before, now, &value);

	if (rc < 0)
		return rc;
	return q->fn(
	    q->arg, &(struct aur__quick_run){&now->wall, &row, &value, &on, 1});
}

/* --- blocks --------------------------------------------------------------- */

static int make_room(struct quick *q)
{
	size_t n = q->rows.n;
	bool total = q->how == AUR_FIGURE_TOTAL;

	if (n > q->cap) {
		double *value = aur_mem_grow(q->value, n, sizeof(*value));
		struct aur_total *t =
		    aur_mem_grow(q->total, total ? n : 1, sizeof(*t));

		q->value = value != NULL ? value : q->value;
		q->total = t != NULL ? t : q->total;
		if (value == NULL || t == NULL)
			return AUR_ENOMEM;
		q->cap = n;
	}
	if (total)
		memset(q->total, 0, n * sizeof(*q->total));
	for (size_t k = 0; k < n; k++)
		q->value[k] = NAN;
	return 0;
}

/* Whether any row has the instance as a row of the group. */
static bool is_listed(const struct quick *q)
{
	for (size_t k = 1; k < q->rows.n; k++)
		if (aur_track_lists(&q->inst.track, q->metric->group, k))
			return true;
	return false;
}

static int values_of(struct quick *q, struct aur_sample *last)
{
	bool other = false;
	int rc = 0;

	if (q->others != 0)
		rc = aur__inst_read_other(
		    &q->other, &q->rows, q->metric->group, q->others, &other);
	if (rc == 0 && other)
		rc = aur__inst_keep(&q->other, &q->rows, last);
	if (rc < 0)
		return rc;
	aur_track_figures(&q->inst.track, &q->other.track, other,
	    &q->metric->figure, 1, &q->value);
	return 0;
}

/* The first instance that is meant, or all of them for a total. */
static int read_insts(
    struct quick *q, struct aur_columns *c, struct aur_sample *last)
{
	bool total = q->how == AUR_FIGURE_TOTAL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < aur_columns_insts(c); i++) {
		if (!total && !aur__inst_matches(c, i, q->metric))
			continue;
		rc = aur__inst_read(&q->inst, &q->rows, c, i, q->fields);
		/* a formula does without what the host does not have, not
		 * without what is damaged */
		if (rc == AUR_EINVALID ||
		    (rc == 0 && q->inst.damaged && q->how == AUR_FIGURE_MADE)) {
			rc = 0;
			continue;
		}
		if (rc < 0 || (!total && !is_listed(q)))
			continue;
		rc = aur__inst_keep(&q->inst, &q->rows, last);
		if (rc == 0 && !total)
			return values_of(q, last);
		if (rc == 0)
			aur_track_total(&q->inst.track, q->metric->figure,
			    q->value, q->total);
	}
	for (size_t k = 0; total && k < q->rows.n; k++)
		q->value[k] = aur_total_value(&q->total[k]);
	return rc;
}

/* Hands on what is not before the begin. */
static int tell(struct quick *q)
{
	const struct aur__rows *r = &q->rows;
	const struct aur_wall *wall = r->block->span->times.wall;
	size_t k = 1;

	while (k < r->n && wall[r->row[k]].ns < q->from.ns)
		k++;
	return q->fn(q->arg, &(struct aur__quick_run){wall, r->row + k,
				 q->value + k, r->on + k, r->n - k});
}

static int on_block(
    void *arg, const struct aur__stretch *b, struct aur_sample **last)
{
	struct quick *q = arg;
	struct aur_columns *c;
	struct aur_sample *now;
	int rc = aur__rows_pick(&q->rows, b, *last);

	if (rc < 0 || q->rows.n == 1)
		return rc;
	rc = make_room(q);
	now = rc == 0 ? aur__rows_last(&q->rows, q->strs) : NULL;
	if (now == NULL)
		return AUR_ENOMEM;
	c = aur__stretch_columns(b, q->domain, false);
	if (c != NULL)
		rc = read_insts(q, c, now);
	aur_sample_unref(*last);
	*last = now;
	return rc == 0 ? tell(q) : rc;
}

int aur__quick(struct aur__source *s, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, bool thin, aur__quick_fn fn,
    void *arg)
{
	struct aur__mask mask = {.domains = aur_group_reads(m->group)};
	size_t field;
	struct quick q = {.metric = m,
	    .domain = aur_domain_get(aur_group_get(m->group)->domain),
	    .how = aur_figure_how(m->figure, &field),
	    .fields = aur_track_fields(m->figure),
	    .others = aur_track_other_fields(m->figure),
	    .strs = s->strs,
	    .from = from,
	    .fn = fn,
	    .arg = arg};
	int rc;

	if (thin || !aur__roll_has(m->figure))
		return aur__walk(s, from, to, mask, thin, on_sample, &q);
	rc = aur__walk_blocks(s, from, to, on_block, on_sample, &q);
	aur__rows_release(&q.rows);
	aur__inst_release(&q.inst);
	aur__inst_release(&q.other);
	aur_mem_free(q.value);
	aur_mem_free(q.total);
	return rc;
}
