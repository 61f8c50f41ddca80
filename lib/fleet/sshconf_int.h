/* SPDX-License-Identifier: MIT */
/*
 * What the user's ssh would do for a host: `ssh -G` run as a child, its answer
 * kept for ten minutes, as it costs 4 ms of CPU and a link may be made anew
 * every second. Several who ask for the same get one child.
 *
 *	rc = aur__sshconf_ask(conf, host, straight, fn, me, &ask);
 *	... fn(me) from the loop, once: aur__sshconf_config(ask)
 *	aur__sshconf_drop(ask);      what it gave is gone then
 */
#ifndef AUR_FLEET_SSHCONF_INT_H
#define AUR_FLEET_SSHCONF_INT_H

#include "fleet/fleet.h"
#include "ssh/config.h"

struct aur__sshconf;
struct aur__sshconf_ask;

/* `ssh` as aur_fleet_options has it. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__sshconf_new(
    struct aur__sshconf **ret_c, struct aur_loop *loop, const char *ssh);
void aur__sshconf_free(struct aur__sshconf *c); /* all asks are dropped */

/* `straight`: whatever ssh_config says of jumps and proxies does not count.
 * `host` is only looked at now. 0; AUR_EABSENT (no ssh), AUR_EIO, AUR_ENOMEM.
 */
AUR_MUST_CHECK int aur__sshconf_ask(struct aur__sshconf *c,
    const struct aur_fleet_host *host, bool straight, aur_loop_fn fn, void *arg,
    struct aur__sshconf_ask **ret_ask);
void aur__sshconf_drop(struct aur__sshconf_ask *ask); /* NULL is fine */

/* The answer; NULL where ssh refused, and why, for people. */
const struct aur_ssh_config *aur__sshconf_config(
    const struct aur__sshconf_ask *ask);
const char *aur__sshconf_why(const struct aur__sshconf_ask *ask);
/* The next to ask gets a new answer. */
void aur__sshconf_forget(struct aur__sshconf_ask *ask);

#endif
