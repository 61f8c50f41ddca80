/* SPDX-License-Identifier: MIT */
/*
 * Rounds over the time of one host: which stretch of it is asked for next, and
 * what has come of it. Internal to the room.
 *
 *	aur__round_begin(&r, from, to);               a round is to be made
 *	if (aur__round_is_ready(&r, now))             it waits, and may ask
 *		some = aur__round_next(&r, h, number, &what);
 *	good = aur__round_takes(&r, block);           for each that comes
 *	aur__round_answered(&r);                      and when all are here
 *	aur__round_rest(&r);                          nothing is lacking
 */
#ifndef AUR_HISTORY_ROUND_INT_H
#define AUR_HISTORY_ROUND_INT_H

#include "history/history.h"

enum aur__round_state { AUR__RESTS, AUR__WAITS, AUR__ASKS };

/* What is asked for by itself; events go before. */
enum aur__round_lane { AUR__SYSTEM, AUR__PROCESSES, AUR__LANES };

struct aur__round {
	const struct aur_record_options *o; /* borrowed */
	enum aur__round_state state;
	struct aur_wall from, below[AUR__LANES]; /* still to ask for */
	bool again;	     /* a whole round is to follow */
	struct aur_mono due; /* the next whole one */
	int64_t span_ns;
	struct aur_mono not_before;
	unsigned retries;

	struct aur_history_span events; /* asked for last */
	struct aur_backfill ask;
	bool outlived;			    /* by another round */
	uint64_t bytes;			    /* that came for it */
	struct aur_wall oldest[AUR__LANES]; /* where its blocks begin */
	unsigned blocks, refused;	    /* that the store has not taken */
};

/* Begins a round over [from, to), in place of the one that is made. */
void aur__round_begin(
    struct aur__round *r, struct aur_wall from, struct aur_wall to);
/* One over the whole horizon. `settled`: up to the end of the last hour that a
 * host has finished by `now`, instead of up to `now`. */
void aur__round_whole(struct aur__round *r, struct aur_wall now, bool settled);
void aur__round_rest(struct aur__round *r);

bool aur__round_is_ready(const struct aur__round *r, struct aur_mono now);

/* What is to be asked for next, in *ret_ask; it counts as asked for. False:
 * nothing is lacking that was not asked for. */
AUR_MUST_CHECK bool aur__round_next(struct aur__round *r, struct aur_history *h,
    size_t number, struct aur_backfill *ret_ask);

/* Looks at a block that came. False: this is more than an answer can be. Who
 * then cannot keep it counts it in r->refused. */
AUR_MUST_CHECK bool aur__round_takes(
    struct aur__round *r, struct aur_slice block);

/* All that was asked for is here, or was never kept. */
void aur__round_answered(struct aur__round *r);

/* It is to be asked for again, later. False: that has been tried too often. */
AUR_MUST_CHECK bool aur__round_later(struct aur__round *r);

#endif
