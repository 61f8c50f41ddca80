/* SPDX-License-Identifier: MIT */
/*
 * One figure over a stretch. Hours that were rolled up are read from the tier
 * that suits; hours that were not, and what is asked for by the second, from
 * samples; where a tier has let go of an hour, the next coarser one tells it.
 * Internal to the room.
 */
#ifndef AUR_HISTORY_QUERY_INT_H
#define AUR_HISTORY_QUERY_INT_H

#include "history/quick_int.h"

/* What is asked for, cut to what there is. */
struct aur__query {
	struct aur__source source;
	const struct aur_metric *metric;
	struct aur_wall from, to;
};
/* 0, AUR_EABSENT (there is nothing), AUR_ENOMEM. */
AUR_MUST_CHECK int aur__query_init(struct aur__query *q, struct aur_history *h,
    size_t host, const struct aur_metric *metric, struct aur_wall from,
    struct aur_wall to);

/* Which hours of a stretch have something. */
struct aur__hours {
	int64_t first; /* counted since 1970 */
	size_t n;
	uint8_t *has; /* owned */
};
/* 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__hours_init(
    struct aur__hours *h, struct aur_wall from, struct aur_wall to);
void aur__hours_release(struct aur__hours *h); /* zeroed is fine */
/* NULL: it is not in the stretch. */
uint8_t *aur__hours_at(struct aur__hours *h, struct aur_wall t);
/* The end of the run of hours that are alike, from `t` on. */
struct aur_wall aur__hours_run(
    struct aur__hours *h, struct aur_wall t, struct aur_wall to, bool *ret_has);

/* Marks hours that have raw samples; `all`, or only those of the log. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur__hours_raw(
    struct aur__query *q, struct aur__hours *h, bool all);
/* Marks hours that wait for being rolled up. */
void aur__hours_dirty(struct aur__query *q, struct aur__hours *h);

#endif
