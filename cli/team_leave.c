/* SPDX-License-Identifier: MIT */
/*
 * team leave: takes the team away here, and tells what of me remains where.
 * Hosts are not touched: a member's key may not, and an owner has other
 * commands for it.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/text.h"
#include "ssh/key.h"
#include "team/copy.h"

#include <unistd.h>

struct leaving {
	char name[TEAM_NAME], member[TEAM_NAME], place[TEAM_NAME];
	char id[80], key[PLACE_SIZE];
	size_t nmember, nhost;
	bool has_key;
};

/* The second word of a public key's line. */
static struct aur_slice key_of(const char *line)
{
	struct aur_slice rest = aur_slice_str(line), word = {NULL, 0};

	if (aur_slice_word(&rest, &word) && aur_slice_word(&rest, &word))
		return word;
	return (struct aur_slice){NULL, 0};
}

static void find_me(struct leaving *l, const struct aur_team *t)
{
	char name[32 + TEAM_NAME], line[TEAM_KEY_LINE];
	struct aur_slice mine;

	snprintf(name, sizeof(name), ".ssh/id_aurora_%s", t->name);
	l->has_key = place_home(name, l->key, sizeof(l->key)) &&
		     access(l->key, F_OK) == 0;
	if (!l->has_key || team_read_key(l->key, line) != CLI_OK)
		return;
	mine = key_of(line);
	for (size_t i = 0; i < t->nmember; i++)
		if (mine.n > 0 && t->member[i].key != NULL &&
		    aur_slice_eq(key_of(t->member[i].key), mine))
			snprintf(l->member, TEAM_NAME, "%s", t->member[i].name);
}

static void look(struct leaving *l, const struct aur_team *t)
{
	size_t at;

	snprintf(l->name, sizeof(l->name), "%s", t->name);
	snprintf(l->id, sizeof(l->id), "%s", t->id);
	l->nmember = t->nmember;
	l->nhost = t->nhost;
	if (aur_team_published(t, &at))
		snprintf(l->place, TEAM_NAME, "%s", t->host[at].name);
	find_me(l, t);
}

static int do_delete(const char *dir, void *arg)
{
	char why[AUR_TEAM_WHY];
	int rc = aur_team_delete(dir, arg, why, sizeof(why));

	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

/* --- what remains --------------------------------------------------------- */

/* A member cannot take his line away, and an owner leaves all of them. */
static int tell_lines(struct cli *c, const struct leaving *l)
{
	if (l->member[0] != '\0')
		return team_say(c,
		    "remains: the lines of member %s on %zu host%s: its owner "
		    "runs 'aurora team remove member %s' and 'aurora team "
		    "sync'",
		    l->member, l->nhost, l->nhost == 1 ? "" : "s", l->member);
	if (l->nmember == 0 || l->nhost == 0)
		return CLI_OK;
	return team_say(c,
	    "remains: the lines of %zu member%s in ~/.ssh/authorized_keys of "
	    "%zu host%s: those that end in %s",
	    l->nmember, l->nmember == 1 ? "" : "s", l->nhost,
	    l->nhost == 1 ? "" : "s", l->id);
}

static int tell(struct cli *c, const struct leaving *l)
{
	int status = team_say(c, "team %s: left", l->name);

	if (status == CLI_OK)
		status = tell_lines(c, l);
	if (status == CLI_OK && l->has_key)
		status = team_say(
		    c, "remains: its key: rm %s %s.pub", l->key, l->key);
	if (status == CLI_OK && l->place[0] != '\0')
		status = team_say(c, "remains: the published file on %s%s%s%s",
		    l->place,
		    l->member[0] != '\0' ? ", its owner's"
					 : ": rm "
					   "~/.local/state/"
					   "aurora/teams/",
		    l->member[0] != '\0' ? "" : l->id,
		    l->member[0] != '\0' ? "" : ".json there");
	return status;
}

static int ask(const struct opts *o, const struct leaving *l)
{
	char question[160];

	snprintf(question, sizeof(question),
	    "Leave team %s? Its files here are taken away.", l->name);
	return team_confirm(o, question);
}

static int exec_leave(struct cli *c, struct opts *o)
{
	struct leaving l = {.nhost = 0};
	struct aur_team *t = NULL;
	char current[TEAM_NAME];
	int status = team_operands(&team_leave, o, 0, 0);

	if (status == CLI_OK)
		status = team_load(&t, o, TEAM_NEEDED);
	if (status != CLI_OK)
		return status;
	look(&l, t);
	aur_team_free(t);
	status = ask(o, &l);
	if (status == CLI_OK)
		status = team_hold(do_delete, l.name);
	if (status == CLI_OK)
		status = team_current(&(struct opts){.noperand = 0}, current);
	if (status == CLI_OK && strcmp(current, l.name) == 0)
		status = team_keep("");
	return status == CLI_OK ? tell(c, &l) : status;
}

static const enum opt_id options[] = {OPT_YES, OPT_END};

const struct cmd_entry team_leave = {
    .name = "team leave",
    .summary = "take a team away here, and tell what remains elsewhere",
    .usage = "[--yes]",
    .detail = "Nothing is done on hosts: what of you is there is listed, with "
	      "the command that\ntakes it away, and who can run it.",
    .options = options,
    .exec = exec_leave,
};
