/* SPDX-License-Identifier: MIT */
/* One step on all hosts of a sync, side by side; what its files share. */
#ifndef CLI_SYNC_INT_H
#define CLI_SYNC_INT_H

#include "cli/sync.h"

struct sync_step {
	/* What is run on a host, and its input. 0, or an error. */
	int (*prepare)(struct sync_host *h, const struct sync *s,
	    struct aur_buf *script, struct aur_slice *ret_input);
	bool (*wants)(const struct sync_host *h);
	void (*take)(struct sync_host *h, struct sync *s, struct aur_slice out);
};

/* Runs it, and comes back when it is over on all hosts that want it: Ctrl-C is
 * seen by others. CLI_OK, also where hosts failed; CLI_FAILED. */
AUR_MUST_CHECK int sync_step(struct sync *s, const struct sync_step *step);

/* Says what is wrong with a host, and marks it. */
void sync_fail(struct sync_host *h, const char *what);

/* The same for an answer that is no success, and for one that is none. */
void sync_refuse(struct sync_host *h, enum aur_keys_word word);
void sync_not_ours(struct sync_host *h);

#endif
