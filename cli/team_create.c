/* SPDX-License-Identifier: MIT */
/*
 * team create: a team without hosts, which is the one that is meant from then
 * on.
 */
#include "cli/team_part.h"

#include "base/err.h"

static int create(const char *dir, void *arg)
{
	const char *name = arg;
	char why[AUR_TEAM_WHY];
	struct aur_team *t = NULL;
	int rc = aur_team_new(&t, dir, name, why, sizeof(why));

	if (rc == 0)
		rc = aur_team_save(t, why, sizeof(why));
	aur_team_free(t);
	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

int team_make(const char *name)
{
	int status = team_hold(create, (void *)(uintptr_t)name);

	return status == CLI_OK ? team_keep(name) : status;
}

static int exec_create(struct cli *c, struct opts *o)
{
	int status = team_operands(&team_create, o, 1, 1);

	if (status == CLI_OK)
		status = team_make(o->operand[0]);
	return status != CLI_OK
		   ? status
		   : team_say(c,
			 "team %s: made, and in use; 'aurora team add host' "
			 "and 'aurora team import' bring hosts",
			 o->operand[0]);
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry team_create = {
    .name = "team create",
    .summary = "make a team, and use it",
    .usage = "NAME",
    .detail = "",
    .options = options,
    .exec = exec_create,
};
