/* SPDX-License-Identifier: MIT */
/*
 * team publish: puts the team's file into the care of one host, merged with
 * what is there. Without a host it is the one that has it.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/meet.h"
#include "team/copy.h"

/* The host that is meant, and the one that has the copy now; t->nhost: none. */
static int find_hosts(const struct aur_team *t, const struct opts *o,
    size_t *ret_host, size_t *ret_old)
{
	size_t *pick = NULL, n = 0;
	int status = CLI_OK;

	*ret_old = t->nhost;
	if (!aur_team_published(t, ret_old))
		*ret_old = t->nhost;
	*ret_host = *ret_old;
	if (o->noperand > 0)
		status = team_pick(t, o, 0, &pick, &n);
	if (status == CLI_OK && n > 1) {
		cli_error(NULL, "one host has the team's file, not %zu", n);
		status = CLI_USAGE;
	}
	if (status == CLI_OK && n == 1)
		*ret_host = pick[0];
	aur_mem_free(pick);
	if (status == CLI_OK && *ret_host == t->nhost) {
		cli_error(NULL, "the team is not published yet: say on which "
				"host: aurora team publish HOST");
		status = CLI_USAGE;
	}
	return status;
}

/* The file at the place before leads its readers to the new one, and is theirs
 * to read until somebody takes it away. */
static int tell_old(struct cli *c, const char *old, const char *id)
{
	return team_say(c,
	    "%s still has the file as it was, for those who have not pulled: "
	    "when all have, rm ~/.local/state/aurora/teams/%s.json there",
	    old, id);
}

static int publish(struct cli *c, struct opts *o, struct aur_team *t)
{
	char id[80], team[80], old[TEAM_NAME] = "";
	enum meet_side side = MEET_NEITHER;
	size_t host, before;
	struct meet m;
	int status = find_hosts(t, o, &host, &before);

	if (status != CLI_OK) {
		aur_team_free(t);
		return status;
	}
	snprintf(id, sizeof(id), "%s", t->host[host].id);
	snprintf(team, sizeof(team), "%s", t->id);
	if (before != t->nhost && before != host)
		snprintf(old, sizeof(old), "%s", t->host[before].name);
	status = meet_open(&m, c, o, t, host, NULL);
	if (status == CLI_OK)
		status = meet_all(&m, o, side, id);
	meet_close(&m);
	if (status == CLI_OK && old[0] != '\0')
		status = tell_old(c, old, team);
	return status;
}

static int exec_publish(struct cli *c, struct opts *o)
{
	struct aur_team *t = NULL;
	int status = team_operands(&team_publish, o, 0, 1);

	if (status == CLI_OK)
		status = team_load(&t, o, TEAM_NEEDED | TEAM_TRUSTED);
	return status == CLI_OK ? publish(c, o, t) : status;
}

static const enum opt_id options[] = {OPT_YES, OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_publish = {
    .name = "team publish",
    .summary = "put the team's file on one of its hosts",
    .usage = "[--yes] [HOST]",
    .detail =
	"There the agent hands it to members, who run 'aurora team pull'; only "
	"a login\nthat may run commands there changes it. What others put "
	"there meanwhile is merged.\nWhat your ~/.ssh/config knows of hosts, "
	"user, address and port, is written into\nthe file for those who do "
	"not have it.",
    .options = options,
    .exec = exec_publish,
};
