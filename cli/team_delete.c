/* SPDX-License-Identifier: MIT */
/*
 * team delete: takes the files of a team away. What its hosts hold, keys of
 * members above all, stays there; so it says so before.
 */
#include "cli/team_part.h"

#include "base/err.h"

static int do_delete(const char *dir, void *arg)
{
	char why[AUR_TEAM_WHY];
	int rc = aur_team_delete(dir, arg, why, sizeof(why));

	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

static int ask(const struct opts *o, const struct aur_team *t)
{
	char question[256];

	snprintf(question, sizeof(question),
	    "Delete team %s with %zu host%s and %zu member%s? (what is on the "
	    "hosts stays there)",
	    t->name, t->nhost, t->nhost == 1 ? "" : "s", t->nmember,
	    t->nmember == 1 ? "" : "s");
	return team_confirm(o, question);
}

static int exec_delete(struct cli *c, struct opts *o)
{
	char current[TEAM_NAME], *name = o->operand[0];
	struct aur_team *t = NULL;
	int status = team_operands(&team_delete, o, 1, 1);

	if (status == CLI_OK)
		status = team_load_name(&t, name, 0);
	if (status == CLI_OK)
		status = ask(o, t);
	aur_team_free(t);
	if (status == CLI_OK)
		status = team_hold(do_delete, name);
	if (status == CLI_OK)
		status = team_current(o, current);
	if (status == CLI_OK && strcmp(current, name) == 0)
		status = team_keep("");
	return status == CLI_OK ? team_say(c, "team %s: deleted", name)
				: status;
}

static const enum opt_id options[] = {OPT_YES, OPT_END};

const struct cmd_entry team_delete = {
    .name = "team delete",
    .summary = "take a team's files away",
    .usage = "[--yes] NAME",
    .detail = "Asks; without a terminal it needs --yes. What is on the hosts "
	      "stays there.",
    .options = options,
    .exec = exec_delete,
};
