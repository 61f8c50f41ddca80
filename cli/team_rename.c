/* SPDX-License-Identifier: MIT */
/*
 * team rename: another name for the team that is meant, or for another one.
 */
#include "cli/team_part.h"

#include "base/err.h"

struct renaming {
	const char *from, *to;
};

static int do_rename(const char *dir, void *arg)
{
	const struct renaming *r = arg;
	char why[AUR_TEAM_WHY];
	int rc = aur_team_rename(dir, r->from, r->to, why, sizeof(why));

	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

static int exec_rename(struct cli *c, struct opts *o)
{
	char current[TEAM_NAME];
	struct aur_team *t = NULL;
	struct renaming r;
	int status = team_operands(&team_rename, o, 1, 2);

	if (status == CLI_OK)
		status = team_current(o, current);
	if (status != CLI_OK)
		return status;
	r.to = o->operand[o->noperand - 1];
	r.from = o->noperand == 2 ? o->operand[0] : current;
	status = r.from[0] != '\0' ? team_load_name(&t, r.from, 0)
				   : team_load(&t, o, TEAM_NEEDED);
	aur_team_free(t);
	if (status == CLI_OK)
		status = team_hold(do_rename, &r);
	if (status == CLI_OK && strcmp(r.from, current) == 0 &&
	    o->value[OPT_TEAM] == NULL)
		status = team_keep(r.to);
	return status == CLI_OK
		   ? team_say(c, "team %s: now called %s", r.from, r.to)
		   : status;
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry team_rename = {
    .name = "team rename",
    .summary = "give a team another name",
    .usage = "[NAME] NEW",
    .detail = "",
    .options = options,
    .exec = exec_rename,
};
