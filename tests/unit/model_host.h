/* SPDX-License-Identifier: MIT */
/* A host at two moments a second apart, for the tests of figures. */
#ifndef TESTS_UNIT_MODEL_HOST_H
#define TESTS_UNIT_MODEL_HOST_H

#include "model/figure.h"
#include "tests/unit/model_make.h"

struct host {
	struct aur_strs *strs;
	struct aur_sample *a, *b;
	struct aur_figures f;
};

static inline void host_init(struct host *h)
{
	*h = (struct host){.strs = make_strs()};
	h->a = make_sample(h->strs, 100);
	h->b = make_sample(h->strs, 101);
}

/* Makes the figures anew, with rates or without. */
static inline void host_ready(struct host *h, bool rates)
{
	aur_figures_release(&h->f);
	make_sure(aur_figures_init(&h->f, rates ? h->a : NULL, h->b) == 0,
	    "no figures");
}

static inline void host_release(struct host *h)
{
	aur_figures_release(&h->f);
	aur_sample_unref(h->a);
	aur_sample_unref(h->b);
	tap_ok(aur_strs_count(h->strs) == 0, "nothing is held on to");
	aur_strs_unref(h->strs);
}

static inline struct aur_value host_get(
    struct host *h, enum aur_figure_id id, size_t row)
{
	struct aur_value v;

	aur_figures_get(&h->f, id, row, &v);
	return v;
}

static inline const char *host_name(enum aur_figure_id id, size_t row)
{
	static char name[100];
	const struct aur_figure *f = aur_figure_get(id);

	snprintf(name, sizeof(name), "%s[%zu].%s",
	    aur_group_get(f->group)->name, row, f->name);
	return name;
}

/* A real; NaN: must be null. */
static inline void is_real(
    struct host *h, enum aur_figure_id id, size_t row, double want)
{
	struct aur_value v = host_get(h, id, row);

	if (!isnan(want) && v.type != AUR_VALUE_NULL)
		tap_ok(v.type == AUR_VALUE_REAL, "a real");
	tap_near(v.type == AUR_VALUE_NULL ? (double)NAN : v.d, want, 1e-6,
	    host_name(id, row));
}

static inline void is_int(
    struct host *h, enum aur_figure_id id, size_t row, int64_t want)
{
	struct aur_value v = host_get(h, id, row);

	tap_eq_int(v.type == AUR_VALUE_INT ? v.i : INT64_MIN, want,
	    host_name(id, row));
}

static inline void is_null(struct host *h, enum aur_figure_id id, size_t row)
{
	tap_eq_int(
	    host_get(h, id, row).type, AUR_VALUE_NULL, host_name(id, row));
}

static inline void is_bool(
    struct host *h, enum aur_figure_id id, size_t row, bool want)
{
	struct aur_value v = host_get(h, id, row);

	tap_ok(
	    v.type == AUR_VALUE_BOOL && v.b == want, "%s", host_name(id, row));
}

static inline void is_text(
    struct host *h, enum aur_figure_id id, size_t row, const char *want)
{
	struct aur_value v = host_get(h, id, row);
	char got[100] = "(no text)";

	if (v.type == AUR_VALUE_TEXT)
		snprintf(
		    got, sizeof(got), "%.*s", (int)v.s.n, (const char *)v.s.p);
	tap_eq_str(got, want, host_name(id, row));
}

#endif
