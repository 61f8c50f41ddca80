/* SPDX-License-Identifier: MIT */
/*
 * Taking away what aurora has put on hosts of a team, before they leave it:
 * the lines of all members, the agent and its service, the published file.
 * What others put there stays, and what remains is said.
 *
 *	struct clean k;
 *	status = clean_run(&k, c, o);       the hosts that the operands mean
 *	for (size_t i = 0; i < k.n; i++)
 *		if (k.host[i].clean) ...
 *	clean_release(&k);                  in any case
 */
#ifndef CLI_CLEAN_H
#define CLI_CLEAN_H

#include "cli/push.h"
#include "cli/sync.h"

struct clean_host {
	const char *name; /* lives as long as the struct */
	bool clean;	  /* nothing of ours is left that we may take */
};

struct clean {
	struct sync sync;
	struct push push;
	struct clean_host *host;
	size_t n;
};

/* CLI_OK when all are clean; CLI_UNSAMPLED, CLI_FAILED when some are not, as
 * has been said; CLI_INTERRUPTED, CLI_USAGE. */
AUR_MUST_CHECK int clean_run(
    struct clean *k, struct cli *c, const struct opts *o);
void clean_release(struct clean *k);

#endif
