/* SPDX-License-Identifier: MIT */
/* All raw samples of a stretch. Internal to the room. */
#ifndef AUR_HISTORY_WALK_INT_H
#define AUR_HISTORY_WALK_INT_H

#include "history/read_int.h"

enum aur__seg_kind { AUR__SEG_BLOCK, AUR__SEG_LOG };

/* A stretch that is in one place. */
struct aur__seg {
	enum aur__seg_kind kind;
	int64_t monday;
	int64_t step;	/* BLOCK */
	int64_t stream; /* LOG */
	struct aur__at at;
	unsigned rank; /* of two that overlap the lower counts */
	bool overlaps; /* one that is better */
};

struct aur__segs {
	struct aur__seg *seg; /* by time; owned */
	size_t n, cap;
};

/* Where samples of [from, to) stand, of these places. 0, AUR_ENOMEM. */
enum aur__places {
	AUR__IN_LOG = 1,
	AUR__IN_BLOCKS = 2,
	AUR__IN_THIN = 4, /* a sample a minute */
	AUR__IN_RAW = 3,
	AUR__IN_ALL = 7,
};
AUR_MUST_CHECK int aur__segs_find(struct aur__segs *ret, struct aur__source *s,
    struct aur_wall from, struct aur_wall to, unsigned places);
void aur__segs_release(struct aur__segs *segs);

/* Whether a sample of `seg` at `t` is told by a better one. */
bool aur__segs_covered(const struct aur__segs *segs, const struct aur__seg *seg,
    struct aur_wall t);

/* How far before the begin the sample before the first one is looked for; a
 * longer interval than any. */
#define AUR__WALK_LEAD_NS (6 * AUR_SECOND_NS)
#define AUR__WALK_FAR_NS (3600 * AUR_SECOND_NS)
/* Whether a rate is told from a sample to the next, of one boot. */
static inline bool aur__walk_goes_on(
    struct aur_mono before, struct aur_mono now, struct aur_span step)
{
	uint64_t over = (uint64_t)now.ns - (uint64_t)before.ns;
	int64_t most = AUR__WALK_FAR_NS;

	if (now.ns <= before.ns || over <= AUR__WALK_LEAD_NS)
		return now.ns > before.ns;
	if (step.ns < most)
		most = step.ns;
	return most > 0 && over <= 3 * (uint64_t)most;
}

/* Called in order of time, with the sample before where a rate can be told
 * from it (else NULL). Negative ends it. */
typedef int (*aur__walk_fn)(
    void *arg, struct aur_sample *before, struct aur_sample *now);

/* A block on the way, of which rows in (after, to) are gone through that are
 * not covered, and those before `from` only for what follows them. */
struct aur__stretch {
	const struct aur__segs *segs;
	const struct aur__seg *seg;
	struct aur__span *span; /* has rows */
	struct aur__db *db;
	struct aur_wall after, from, to;
};
/* Goes through a block as a whole. `*last`, held, is the sample that was passed
 * last, NULL none: it is to be what the block has last. Negative ends it. */
typedef int (*aur__walk_block_fn)(
    void *arg, const struct aur__stretch *block, struct aur_sample **last);

/* 0, AUR_ENOMEM, or what `fn` returned; what is damaged is left out. */
AUR_MUST_CHECK int aur__walk(struct aur__source *s, struct aur_wall from,
    struct aur_wall to, struct aur__mask mask, bool thin, aur__walk_fn fn,
    void *arg);
/* The same, without thinned samples: blocks as a whole, and samples of the log
 * one by one. */
AUR_MUST_CHECK int aur__walk_blocks(struct aur__source *s, struct aur_wall from,
    struct aur_wall to, aur__walk_block_fn block, aur__walk_fn fn, void *arg);

#endif
