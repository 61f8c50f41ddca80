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

/* Writes into the team what others need to reach its hosts as I do, where it
 * is not said yet: the user, and the address and port where they differ. For
 * me the word of my own file stays, as the alias. CLI_OK, CLI_FAILED. */
AUR_MUST_CHECK int resolve_team(struct aur_team *t);

#endif
