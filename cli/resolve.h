/* SPDX-License-Identifier: MIT */
/*
 * What my ~/.ssh/config makes of a host, for others who do not have it: its
 * real address, its user, its port.
 */
#ifndef CLI_RESOLVE_H
#define CLI_RESOLVE_H

#include "base/compiler.h"
#include "ssh/config.h"
#include "team/team.h"

/* Asks `ssh -G` about a host of a team, as it would be reached; some
 * milliseconds, ten seconds at most. The caller frees the config. 0;
 * AUR_EABSENT (there is no ssh, or it refuses the host), AUR_ETIMEOUT,
 * AUR_EINVALID, AUR_ELIMIT, AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int resolve_host(
    const struct aur_team_host *h, struct aur_ssh_config **ret_config);

/* What others need to reach hosts as I do, of the hosts of a team of which it
 * is not said yet: their user, and address and port where they differ. Asked
 * for before anything is locked, as it takes a while for many hosts.
 *
 *	status = resolve_ask(&r, team);
 *	... in a change of the team:  status = resolve_apply(&r, t);
 *	resolve_release(&r);                    in any case
 *
 * For me the word of my own file stays, as the alias. What cannot be known is
 * said. Both: CLI_OK, CLI_FAILED. */
struct resolved;
struct resolve {
	struct resolved *host;
	size_t n;
};

AUR_MUST_CHECK int resolve_ask(struct resolve *r, const struct aur_team *t);
AUR_MUST_CHECK int resolve_apply(const struct resolve *r, struct aur_team *t);
void resolve_release(struct resolve *r); /* zeroed is fine */

#endif
