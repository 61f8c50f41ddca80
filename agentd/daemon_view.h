/* SPDX-License-Identifier: MIT */
/*
 * What one reader is shown of a sample that was taken for many: the domains
 * and fields that it asked for, and of processes what /proc would show its
 * user. Pure: a sample in, a sample out, and most cells are shared.
 */
#ifndef AGENTD_DAEMON_VIEW_H
#define AGENTD_DAEMON_VIEW_H

#include "model/sample.h"
#include "model/want.h"

/* How much of a command line is told of processes of others. */
enum view_cmdline { VIEW_FULL, VIEW_NAME, VIEW_NONE };

struct view_peer {
	uint64_t uid;
	bool whole;    /* root, the group, the service's own user: all of it */
	bool recorded; /* whole, but with command lines of all, their owners'
			  too, as `cmdline` says: what is kept on a disk */
	bool only_own; /* the host hides processes from those who do not own
			  them (hidepid) */
	enum view_cmdline cmdline;
};

/* Whether rows must have their owner for this reader to be shown the right
 * ones. */
bool view_needs_owner(
    const struct aur_want *want, const struct view_peer *peer);

/* The view of `all`, which was sampled for `wanted`, for one reader. The
 * caller owns it; it holds `all`, which nobody may write to from now on; its
 * part `agent` is its own. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int view_make(struct aur_sample *all,
    const struct aur_want *wanted, const struct aur_want *one,
    const struct view_peer *peer, struct aur_sample **ret_view);

/* Whether two readers are shown the same. */
bool view_is_same(const struct aur_want *a, const struct view_peer *pa,
    const struct aur_want *b, const struct view_peer *pb);

#endif
