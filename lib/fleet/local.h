/* SPDX-License-Identifier: MIT */
/*
 * This machine as a feed: an agent that runs as our child on a socket pair.
 * It is no special case of anything: bytes of the protocol go through the
 * pair as they would through ssh. If the child dies, that is the host's state
 * and error, and it is started again with backoff (0.5 s doubling to 30 s,
 * with jitter; a run of 30 s resets it).
 *
 *	struct aur_feed *feed;
 *	rc = aur_fleet_local_new(&feed, loop, NULL);
 *	...
 *	feed->class->free(feed);
 */
#ifndef AUR_FLEET_LOCAL_H
#define AUR_FLEET_LOCAL_H

#include "base/log.h"
#include "loop/loop.h"
#include "model/feed.h"

struct aur_fleet_local_options {
	const char *agent; /* program; NULL: AURORA_AGENTD in the environment,
			      beside our own program, or in PATH */
	const struct aur_log *log; /* may be NULL */
	bool once; /* the caller ends at the first failure: errors do not
		      speak of another start */
};

/* A feed with the one host "local", connecting. `loop` outlives it. 0,
 * AUR_ENOMEM. Where no agent program is found the host is in the state
 * no_agent and its error says what was looked for. */
AUR_MUST_CHECK int aur_fleet_local_new(struct aur_feed **ret_feed,
    struct aur_loop *loop, const struct aur_fleet_local_options *options);

#endif
