/* SPDX-License-Identifier: MIT */
/*
 * A serve_source without a machine behind it: samples come from dice, acts
 * are written down.
 */
#ifndef TESTS_UNIT_WIRE_SOURCE_H
#define TESTS_UNIT_WIRE_SOURCE_H

#include "agentd/serve.h"
#include "base/err.h"
#include "base/limits.h"
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

	/* what it kept: blocks of these sizes; the bytes of block i are i */
	const size_t *block;
	size_t nblock, at, offset;
	struct aur_backfill asked;
	unsigned begins, stops;
	uint64_t more;
	int begin_err, kept_end; /* how it begins, and ends; 0: all sent */
	bool holds;		 /* has nothing at the moment */
	uint8_t bytes[AUR_MAX_PIECE];
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

static inline int fake_begin(void *arg, const struct aur_backfill *what)
{
	struct fake *f = arg;

	f->asked = *what;
	f->begins++;
	f->at = f->offset = 0;
	return f->begin_err;
}

static inline int fake_piece(
    void *arg, size_t most, struct aur_piece *ret_piece)
{
	struct fake *f = arg;
	size_t n;

	if (f->holds)
		return 0;
	if (f->at == f->nblock)
		return f->kept_end < 0 ? f->kept_end : AUR_EABSENT;
	n = f->block[f->at] - f->offset;
	if (n > most)
		n = most;
	memset(f->bytes, (int)f->at, n);
	f->offset += n;
	ret_piece->bytes = aur_slice_of(f->bytes, n);
	ret_piece->left = f->block[f->at] - f->offset;
	if (ret_piece->left == 0) {
		f->at++;
		f->offset = 0;
	}
	return 1;
}

static inline void fake_more(void *arg, uint64_t bytes)
{
	struct fake *f = arg;

	f->more += bytes;
}

static inline void fake_stop(void *arg)
{
	struct fake *f = arg;

	f->stops++;
}

static inline const struct serve_kept *fake_kept(void)
{
	static const struct serve_kept kept = {
	    fake_begin, fake_piece, fake_more, fake_stop};

	return &kept;
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
