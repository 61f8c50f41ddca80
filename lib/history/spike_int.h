/* SPDX-License-Identifier: MIT */
/*
 * Spikes: minutes in which a host's CPU, memory or pressure is above what
 * people worry about and was not in the minute before. What was found of a
 * quarter of an hour is remembered, as long as nothing can be new in it; so
 * going from one to the next reads nothing twice. Internal to the room.
 *
 *	aur__spikes_read(s, number, first, n);       quarters
 *	spike = aur__spikes_near(s, number, first, n, at, dir);
 *	aur__spikes_rest(s);                         after a search
 */
#ifndef AUR_HISTORY_SPIKE_INT_H
#define AUR_HISTORY_SPIKE_INT_H

#include "history/store_int.h"

#define AUR__QUARTER_NS (900 * AUR_SECOND_NS)
/* Quarters that are read at once, at most. */
#define AUR__QUARTERS 24u

struct aur__spike {
	struct aur_wall at; /* the minute's begin */
	const char *text;   /* "CPU"; static */
	double mean;	    /* percent, in that minute */
};

struct aur__spikes;

AUR_MUST_CHECK int aur__spikes_new(
    struct aur__spikes **ret_s, struct aur_history *h);
void aur__spikes_free(struct aur__spikes *s); /* NULL is fine */

/* First and last sample of a host of the store, asked for once a search; false:
 * nothing is kept. */
bool aur__spikes_bounds(struct aur__spikes *s, size_t host,
    struct aur_wall *ret_from, struct aur_wall *ret_last);

/* Looks through `n` quarters, counted since 1970, from `first` on, of a host of
 * the store. 0, AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__spikes_read(
    struct aur__spikes *s, size_t host, int64_t first, size_t n);

/* The nearest one after (dir > 0) or before `at` in quarters that were read;
 * borrowed until the next read. NULL: none. */
const struct aur__spike *aur__spikes_near(const struct aur__spikes *s,
    size_t host, int64_t first, size_t n, struct aur_wall at, int dir);

/* Ends a search: closes what it opened. */
void aur__spikes_rest(struct aur__spikes *s);

#endif
