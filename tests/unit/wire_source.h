/* SPDX-License-Identifier: MIT */
/*
 * A serve_source without a machine behind it: samples come from dice, acts
 * are written down.
 */
#ifndef TESTS_UNIT_WIRE_SOURCE_H
#define TESTS_UNIT_WIRE_SOURCE_H

#include "agentd/serve.h"
#include "base/err.h"
#include "tests/unit/wire_sample.h"

struct fake {
	struct aur_strs *strs;
	struct aur_sample *last; /* what was sampled last; held */
	struct aur_want want;
	unsigned wants, samples, acts;
	struct aur_act act;
	int act_err;
	int sample_err; /* fails the next sample */
	bool gives;	/* samples are given, not asked for */
};

static inline bool fake_want(void *arg, const struct aur_want *want)
{
	struct fake *f = arg;

	f->want = *want;
	f->wants++;
	return f->gives;
}

static inline int fake_sample(void *arg, aur_collect_part_fn part,
    void *part_arg, struct aur_sample **ret_sample)
{
	struct fake *f = arg;
	struct aur_sample *s;
	int rc = f->sample_err;

	f->sample_err = 0;
	if (rc < 0)
		return rc;
	s = next_sample(f->strs, f->last);
	if (s == NULL)
		return AUR_ENOMEM;
	f->samples++;
	s->interval = f->want.interval;
	for (size_t i = 0; part != NULL && i < s->npart; i++)
		part(part_arg, s, &s->part[i]);
	aur_sample_unref(f->last);
	f->last = aur_sample_ref(s);
	*ret_sample = s;
	return 0;
}

static inline int fake_act(
    void *arg, const struct aur_act *act, struct aur_buf *text)
{
	struct fake *f = arg;
	int rc = aur_buf_add_str(text, "done so");

	f->acts++;
	f->act = *act;
	return rc < 0 ? rc : f->act_err;
}

static inline struct serve_source fake_source(struct fake *f)
{
	return (struct serve_source){.arg = f,
	    .want = fake_want,
	    .sample = fake_sample,
	    .act = fake_act};
}

static inline void fake_release(struct fake *f)
{
	aur_sample_unref(f->last);
	aur_strs_unref(f->strs);
}

#endif
