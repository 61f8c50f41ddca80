/* SPDX-License-Identifier: MIT */
/*
 * team use: which team is meant where neither --team nor AURORA_TEAM says so.
 */
#include "cli/team_part.h"

static int exec_use(struct cli *c, struct opts *o)
{
	struct aur_team *t = NULL;
	char name[TEAM_NAME];
	int status = team_operands(&team_use, o, 1, 1);

	if (status == CLI_OK)
		status = team_load_name(&t, o->operand[0], 0);
	aur_team_free(t);
	if (status == CLI_OK)
		status = team_keep(o->operand[0]);
	if (status == CLI_OK)
		status = team_current(o, name);
	if (status != CLI_OK)
		return status;
	if (strcmp(name, o->operand[0]) != 0)
		cli_error(NULL, "%s is kept, but AURORA_TEAM or --team says %s",
		    o->operand[0], name);
	return team_say(c, "team %s: in use", o->operand[0]);
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry team_use = {
    .name = "team use",
    .summary = "which team is meant from now on",
    .usage = "NAME",
    .detail = "--team and AURORA_TEAM come before it.",
    .options = options,
    .exec = exec_use,
};
