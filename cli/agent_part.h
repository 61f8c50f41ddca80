/* SPDX-License-Identifier: MIT */
/*
 * The parts of `aurora agent`, each in its file, and what they share: hosts
 * that are reached and have told what is there.
 */
#ifndef CLI_AGENT_PART_H
#define CLI_AGENT_PART_H

#include "cli/cmd.h"
#include "cli/push.h"

extern const struct cmd_entry agent_install, agent_remove, agent_status,
    agent_upgrade;

struct agent_run {
	struct hosts hosts;
	struct session session;
	struct push push;
	bool *logged_in; /* to each host */
	bool unreached;	 /* a host has failed, as was said */
};

/* Reaches the hosts and asks them. Close it in any case. CLI_OK, also when
 * hosts failed; CLI_USAGE, CLI_INTERRUPTED, CLI_FAILED. */
AUR_MUST_CHECK int agent_open(
    struct agent_run *r, struct cli *c, const struct opts *o);
/* `status`, or what has failed besides; an exit status. */
int agent_close(struct agent_run *r, int status);

/* All that `remove` and `upgrade` do: reaches the hosts, lets `plan` say what
 * is to be done on each (`dry`: only told), and does it. An exit status. */
typedef int (*agent_plan_fn)(struct push_host *h, bool dry);
AUR_MUST_CHECK int agent_run_plan(
    struct cli *c, const struct opts *o, agent_plan_fn plan);

/* Prints a line about a host. CLI_OK or CLI_FAILED. */
AUR_PRINTF(2, 3) int agent_say(const struct push_host *h, const char *fmt, ...);

/* Says what would be put where, and that nothing was done. */
int agent_would(const struct push_host *h, enum aur_push_verb verb);

#endif
