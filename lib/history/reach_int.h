/* SPDX-License-Identifier: MIT */
/*
 * Whether a host is reached, as events: one when a host that was up is lost,
 * one when it is back. Internal to the room.
 *
 *	link_lost   cause             the link ended and was not made anew
 *	link_gap    seconds, cause    it is back; the client's own sleep does
 *	                              not count
 *	link_gap    most_seconds      a run ended while it was lost: nobody
 *	                              looked in between
 *
 * The first connecting of a run is no event, nor is its end, nor what our own
 * sleep broke and the next try mended.
 */
#ifndef AUR_HISTORY_REACH_INT_H
#define AUR_HISTORY_REACH_INT_H

#include "history/history.h"

struct aur__reach {
	bool up;   /* it has been, in this run */
	bool lost; /* and is so no more; told */
	bool told; /* in this run */
	unsigned restarts;
	struct aur_mono seen;	/* its last sample came then */
	struct aur_span asleep; /* what the client had slept by then */
	struct aur_span offset; /* its clock - ours */
	char cause[256], seconds[24];
	struct aur_event event; /* the last one told; its texts are here */
};

/* A change of the host, `f`: whether there is an event to tell. */
AUR_MUST_CHECK bool aur__reach_change(
    struct aur__reach *r, const struct aur_feed_host *f, unsigned changes);

/* Before the first sample of a run is put: whether an earlier run has left the
 * host lost, and that is to be told. */
AUR_MUST_CHECK bool aur__reach_before(struct aur__reach *r,
    struct aur_history *h, size_t number, const struct aur_feed_host *f);

#endif
