/* SPDX-License-Identifier: MIT */
/*
 * What the files of lib/fleet share.
 */
#ifndef AUR_FLEET_FLEET_INT_H
#define AUR_FLEET_FLEET_INT_H

#include "base/buf.h"

/* Where the agent program is: `given`, AURORA_AGENTD in the environment,
 * beside our own program, in PATH; the path is put into `ret_path`. 0;
 * AUR_EABSENT, and then `error` says for people what was looked for;
 * AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__fleet_find_agent(
    const char *given, struct aur_buf *ret_path, struct aur_buf *error);

#endif
