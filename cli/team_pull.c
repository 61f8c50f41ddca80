/* SPDX-License-Identifier: MIT */
/* team pull: what the published copy has and we have not. */
#include "cli/team_part.h"

#include "cli/meet.h"
#include "team/copy.h"

static int pull(struct cli *c, struct opts *o, struct aur_team *t)
{
	enum meet_side side = MEET_NEITHER;
	struct meet m;
	size_t host = 0;
	char name[TEAM_NAME];
	int status = meet_side_of(o, &side);

	if (status == CLI_OK && !aur_team_published(t, &host)) {
		cli_error(NULL,
		    "team %s is not published: 'aurora team publish HOST' "
		    "does it",
		    t->name);
		status = CLI_FAILED;
	}
	if (status != CLI_OK) {
		aur_team_free(t);
		return status;
	}
	snprintf(name, sizeof(name), "%s", t->name);
	status = meet_open(&m, c, o, t, host, NULL);
	if (status == CLI_OK)
		status = meet_all(&m, o, side, NULL);
	meet_close(&m);
	return status == CLI_OK
		   ? team_say(c, "team %s: as the published copy has it", name)
		   : status;
}

static int exec_pull(struct cli *c, struct opts *o)
{
	struct aur_team *t = NULL;
	int status = team_operands(&team_pull, o, 0, 0);

	if (status == CLI_OK)
		status = team_load(&t, o, TEAM_NEEDED | TEAM_TRUSTED);
	return status == CLI_OK ? pull(c, o, t) : status;
}

static const enum opt_id options[] = {
    OPT_OURS, OPT_THEIRS, OPT_YES, OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_pull = {
    .name = "team pull",
    .summary = "take what is new in the published copy",
    .usage = "[--ours|--theirs] [--yes]",
    .detail =
	"Hosts and members are merged by their ids against the copy last seen. "
	"What both\nsides changed is shown, and nothing is done until --ours "
	"or --theirs says whose it\nis. What is new of addresses, jumps, host "
	"keys and agent commands is shown and\nasked about; without a terminal "
	"it needs --yes.",
    .options = options,
    .exec = exec_pull,
};
