/* SPDX-License-Identifier: MIT */
/* What replay.c and replay_moment.c share. Internal to the room. */
#ifndef AUR_HISTORY_REPLAY_INT_H
#define AUR_HISTORY_REPLAY_INT_H

#include "history/spike_int.h"

struct aur__replay_host {
	struct aur_feed_host feed;
	size_t number; /* in the store; SIZE_MAX: not known there */
	char *id, *name, *address, **groups; /* owned */
	struct aur_want want;
};

struct aur__replay {
	struct aur_feed feed; /* first */
	struct aur_history *h;
	struct aur__spikes *spikes;
	struct aur__replay_host *host;
	size_t n;
	struct aur_wall at;
	aur_feed_listen_fn fn;
	void *arg;
};

/* From the feed's number of a host to the store's, and back; SIZE_MAX. */
size_t aur__replay_number(struct aur__replay *r, size_t i);
size_t aur__replay_place(struct aur__replay *r, size_t number);

AUR_MUST_CHECK int aur__replay_moment(struct aur__replay *r, struct aur_wall at,
    int dir, enum aur_moment what, struct aur_wall *ret_at, char *why,
    size_t size);

#endif
