/* SPDX-License-Identifier: MIT */
/* Which rows a list had: those of the tiers, and of a few samples of each span
 * that was not rolled up yet. */
#include "base/err.h"
#include "base/mem.h"
#include "history/roll_int.h"

#include <inttypes.h>
#include <stdio.h>

/* Names of one answer. */
#define ROWS_MOST 4096u

struct rows {
	const struct aur_metric *metric;
	struct aur_strs *strs;
	uint32_t *id; /* held */
	size_t n;
};

static int add_row(void *arg, struct aur_slice name)
{
	struct rows *r = arg;
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
	(void)snprintf(text, 24, "%" PRId64, v.type == AUR_VALUE_INT ? v.i : 0);
	return aur_slice_str(text);
}

static int add_sample(struct rows *r, struct aur_sample *now)
{
	const struct aur_group *g = aur_group_get(r->metric->group);
	struct aur_figures f;
	char text[24];
	int rc = aur_figures_init(&f, NULL, now);

	if (rc < 0)
		return rc;
	for (size_t i = 0;
	     rc == 0 && i < aur_figures_rows(&f, r->metric->group); i++)
		if (aur_metric_matches(r->metric, &f, i))
			rc = add_row(r, row_name(&f, g, i, text));
	aur_figures_release(&f);
	return rc;
}

static int add_at(struct rows *r, struct aur__source *s, struct aur_wall at)
{
	struct aur__mask mask = {
	    .domains = (uint64_t)1 << aur_group_get(r->metric->group)->domain};
	struct aur_sample *sample;
	struct aur__found f;
	int rc;

	aur__find_last(s, at, 0, &f);
	if (f.wall.ns == 0)
		return 0;
	rc = aur__found_sample(s, &f, mask, &sample);
	if (rc < 0)
		return rc == AUR_ENOMEM ? rc : 0;
	rc = add_sample(r, sample);
	aur_sample_unref(sample);
	return rc;
}

/* The first and the last sample of each place. */
static int add_raw(struct rows *r, struct aur__source *s, struct aur_wall from,
    struct aur_wall to)
{
	struct aur__segs segs;
	int rc = aur__segs_find(&segs, s, from, to, AUR__IN_ALL);

	if (rc < 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < segs.n; i++) {
		struct aur_wall a = segs.seg[i].at.from, b = segs.seg[i].at.to;

		rc = add_at(r, s, a.ns > from.ns ? a : from);
		if (rc == 0)
			rc = add_at(r, s, b.ns < to.ns ? b : to);
	}
	aur__segs_release(&segs);
	return rc;
}

static int by_bytes(const void *a, const void *b)
{
	const struct aur_slice *x = a, *y = b;

	return aur_slice_cmp(*x, *y);
}

/* In order; numbers by their value. */
static int give(const struct rows *r, aur_history_name_fn fn, void *arg)
{
	bool numbers =
	    aur_domain_get(aur_group_get(r->metric->group)->domain)->key ==
	    AUR_KEY_NUMBER;
	struct aur_slice *name = aur_mem_new(r->n + 1, sizeof(*name));

	if (name == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < r->n; i++)
		name[i] = aur_strs_get(r->strs, r->id[i]);
	if (r->n > 0)
		qsort(name, r->n, sizeof(*name), by_bytes);
	for (size_t len = 1; numbers && len < 24; len++)
		for (size_t i = 0; i < r->n; i++)
			if (name[i].n == len)
				fn(arg, name[i]);
	for (size_t i = 0; !numbers && i < r->n; i++)
		fn(arg, name[i]);
	aur_mem_free(name);
	return 0;
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
	rc = aur__source_of(h, host, &s);
	r.strs = rc == 0 ? aur_strs_new(AUR_MAX_STRING_BYTES) : NULL;
	if (r.strs == NULL)
		return AUR_ENOMEM;
	aur__read_begin(h);
	for (size_t i = 0; rc == 0 && i < AUR__TIERS; i++)
		rc = aur__roll_names(s.weeks, s.host, &aur__tiers[i], metric,
		    from, to, add_row, &r);
	if (rc == 0)
		rc = add_raw(&r, &s, from, to);
	aur__read_end(h);
	if (rc == 0)
		rc = give(&r, fn, arg);
	aur_mem_free(r.id);
	aur_strs_unref(r.strs);
	return rc;
}
