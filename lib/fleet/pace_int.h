/* SPDX-License-Identifier: MIT */
/*
 * How patient a link is: every figure of lib/fleet that is a time, in one
 * place, and the arithmetic of waiting, without a clock. They are generous:
 * a machine under load is not a dead one.
 */
#ifndef AUR_FLEET_PACE_INT_H
#define AUR_FLEET_PACE_INT_H

#include "base/clock.h"

struct aur__pace {
	/* Without a sample for three intervals and at least this: stale; and
	 * after `lost` in all, or as much longer as that is than `stale`, the
	 * link is made anew. */
	struct aur_span stale, lost;
	struct aur_span step; /* at most, for each step of connecting */
	struct aur_span ping; /* between two */
	/* The wait before another try: doubles from `least` to `most`; to
	 * `known` for a host that was up. */
	struct aur_span least, most, known;
	struct aur_span local;	/* `least` for this machine */
	struct aur_span steady; /* up for so long: earlier failures forgotten */
	/* The clocks are compared so often; more than `slept` between them and
	 * this machine was asleep. */
	struct aur_span compare, slept;
	struct aur_span refused; /* a refusal is remembered */
};

/* The program's; static. */
const struct aur__pace *aur__pace_usual(void);

/* How long without a sample is too long, and how long is the end, with this
 * interval. */
struct aur_span aur__pace_stale(
    const struct aur__pace *p, struct aur_span interval);
struct aur_span aur__pace_lost(
    const struct aur__pace *p, struct aur_span interval);

struct aur__backoff {
	unsigned failures; /* in a row */
	bool known;	   /* it was up once */
	bool remote;
	struct aur_mono up_since; /* 0: is not up */
};

/* The link has failed at `now`: how long to wait, up to a quarter of it by
 * `random` for hosts that are not this one. */
struct aur_span aur__backoff_next(const struct aur__pace *p,
    struct aur__backoff *b, struct aur_mono now, uint32_t random);

/* Whether this machine slept between two looks at both clocks; remembers them
 * in `gap` (0 at first). */
bool aur__pace_slept(const struct aur__pace *p, struct aur_mono mono,
    struct aur_mono boot, struct aur_span *gap);

#endif
