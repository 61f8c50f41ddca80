/* SPDX-License-Identifier: MIT */
/*
 * team trust: shows what others changed in the file, and accepts it. Who says
 * this command where nobody can be asked has looked elsewhere, at the
 * difference of a git pull for one; so there it acts, and tells.
 */
#include "cli/team_part.h"

static int exec_trust(struct cli *c, struct opts *o)
{
	struct aur_team *t = NULL;
	int status = team_operands(&team_trusts, o, 0, 0);

	if (status == CLI_OK)
		status = team_load(&t, o, TEAM_NEEDED);
	if (status != CLI_OK)
		return status;
	if (aur_team_changes(t, NULL, NULL) == 0)
		status = team_say(c, "team %s: nothing to trust", t->name);
	else
		status = team_trust(t, o->seen[OPT_YES] > 0 || !team_can_ask());
	aur_team_free(t);
	return status;
}

static const enum opt_id options[] = {OPT_YES, OPT_END};

const struct cmd_entry team_trusts = {
    .name = "team trust",
    .summary = "accept what others changed in the team's file",
    .usage = "[--yes]",
    .detail =
	"A team's file says whom to reach and what to run there. What somebody "
	"else\nchanged in addresses, jumps, agent commands or host keys is "
	"shown and asked\nabout before anybody is reached.",
    .options = options,
    .exec = exec_trust,
};
