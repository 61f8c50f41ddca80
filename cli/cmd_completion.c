/* SPDX-License-Identifier: MIT */
/*
 * completion: what the shell needs to know, out of the tables; and, asked by
 * the scripts while somebody types, words out of the team that is meant. A
 * list says nothing of what is wrong: a message in the middle of a command
 * line helps nobody.
 */
#include "cli/completion.h"

#include "base/mem.h"
#include "cli/place.h"
#include "cli/team.h"

static const struct completion *const shells[] = {
    &completion_bash,
    &completion_fish,
    &completion_zsh,
};

enum opt_id completion_option(const struct cmd_entry *cmd, size_t i)
{
	const enum opt_id *o = cmd->options;

	for (; *o != OPT_END; o++, i--)
		if (i == 0)
			return *o;
	for (o = opt_global; *o != OPT_END; o++, i--)
		if (i == 0)
			return *o;
	return OPT_END;
}

/* --- parts ---------------------------------------------------------------- */

/* Whether the part before `i` has the same first `n` bytes: then it has told
 * of them. */
static bool is_told(const struct cmd_entry *cmd, size_t i, size_t n)
{
	return i > 0 &&
	       strncmp(cmd->part[i - 1]->name, cmd->part[i]->name, n) == 0;
}

/* The words behind the first `n` bytes of part `i`, and of those like it. */
static int next_words(
    struct aur_buf *words, const struct cmd_entry *cmd, size_t i, size_t n)
{
	const char *head = cmd->part[i]->name;
	int rc = 0;

	for (; rc == 0 && cmd->part[i] != NULL &&
	       strncmp(cmd->part[i]->name, head, n + 1) == 0;
	     i++) {
		const char *word = cmd->part[i]->name + n + 1;
		size_t length = strcspn(word, " ");

		if (!is_told(cmd, i, n + 1 + length))
			rc = aur_buf_addf(words, " %.*s", (int)length, word);
	}
	return rc;
}

static int fork_at(struct aur_buf *b, const struct cmd_entry *cmd, size_t i,
    size_t n, completion_fork_fn fork)
{
	struct aur_buf words;
	int rc;

	aur_buf_init(&words, 65536);
	rc = next_words(&words, cmd, i, n);
	if (rc == 0)
		rc = fork(b, aur_slice_of(cmd->part[i]->name, n),
		    aur_buf_peek(&words));
	aur_buf_release(&words);
	return rc;
}

int completion_forks(
    struct aur_buf *b, const struct cmd_entry *cmd, completion_fork_fn fork)
{
	size_t own = strlen(cmd->name);
	int rc = 0;

	for (size_t i = 0; cmd->part[i] != NULL && rc == 0; i++) {
		const char *name = cmd->part[i]->name;
		const char *space = strchr(name + own + 1, ' ');
		size_t n = space != NULL ? (size_t)(space - name) : 0;

		if (n > 0 && !is_told(cmd, i, n + 1))
			rc = fork_at(b, cmd, i, n, fork);
	}
	return rc < 0 ? rc : fork_at(b, cmd, 0, own, fork);
}

/* --- lists ---------------------------------------------------------------- */

static const char *const lists[COMPLETION_LISTS] = {
    [COMPLETION_HOSTS] = "hosts",
    [COMPLETION_TARGETS] = "targets",
    [COMPLETION_GROUPS] = "groups",
    [COMPLETION_TEAMS] = "teams",
    [COMPLETION_MEMBERS] = "members",
};

const char *completion_list_name(enum completion_list list)
{
	return lists[list];
}

/* Parts of `team` whose operands are no hosts, though some are said to be. */
static const struct {
	const char *name;
	enum completion_list list;
} parts[] = {
    {"team add host", COMPLETION_NONE},
    {"team add member", COMPLETION_NONE},
    {"team edit group", COMPLETION_GROUPS},
    {"team edit member", COMPLETION_MEMBERS},
    {"team remove group", COMPLETION_GROUPS},
    {"team remove member", COMPLETION_MEMBERS},
    {"team delete", COMPLETION_TEAMS},
    {"team rename", COMPLETION_TEAMS},
    {"team use", COMPLETION_TEAMS},
};

enum completion_list completion_operands(const struct cmd_entry *cmd)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(parts); i++)
		if (strcmp(cmd->name, parts[i].name) == 0)
			return parts[i].list;
	return strstr(cmd->usage, "HOST:PID") != NULL ? COMPLETION_TARGETS
	       : strstr(cmd->usage, "HOST") != NULL   ? COMPLETION_HOSTS
						      : COMPLETION_NONE;
}

enum completion_list completion_value(enum opt_id id)
{
	switch (id) {
	case OPT_TEAM:
		return COMPLETION_TEAMS;
	case OPT_GROUP:
		return COMPLETION_GROUPS;
	case OPT_JUMP:
	case OPT_EXCLUDE:
		return COMPLETION_HOSTS;
	default:
		return COMPLETION_NONE;
	}
}

static int line(
    struct aur_buf *b, const char *mark, const char *name, const char *end)
{
	return aur_buf_addf(b, "%s%s%s\n", mark, name, end);
}

/* Each group once, where its first host stands. */
static int add_groups(
    struct aur_buf *b, const struct aur_team *t, const char *mark)
{
	int rc = 0;

	for (size_t i = 0; i < t->nhost; i++)
		for (size_t k = 0; k < t->host[i].ngroup && rc == 0; k++) {
			struct aur_slice group =
			    aur_slice_str(t->host[i].group[k]);
			size_t first = 0;

			while (!aur_team_in_group(&t->host[first], group))
				first++;
			if (first == i)
				rc = line(b, mark, t->host[i].group[k], "");
		}
	return rc;
}

static int add_hosts(struct aur_buf *b, const struct aur_team *t, bool target)
{
	const char *end = target ? ":" : "";
	int rc = line(b, "", "local", end);

	if (rc == 0 && !target)
		rc = line(b, "", "all", "");
	for (size_t i = 0; t != NULL && i < t->nhost && rc == 0; i++)
		rc = line(b, "", t->host[i].name, end);
	return rc == 0 && t != NULL && !target ? add_groups(b, t, "@") : rc;
}

static int add_teams(struct aur_buf *b)
{
	char dir[PLACE_SIZE], **names = NULL;
	int rc = 0;

	if (!place_config("teams", dir, sizeof dir) ||
	    aur_team_list(dir, &names) < 0)
		return 0;
	for (size_t i = 0; names[i] != NULL && rc == 0; i++)
		rc = line(b, "", names[i], "");
	aur_mem_free(names);
	return rc;
}

static int add_members(struct aur_buf *b, const struct aur_team *t)
{
	int rc = 0;

	for (size_t i = 0; i < t->nmember && rc == 0; i++)
		rc = line(b, "", t->member[i].name, "");
	return rc;
}

static int print_list(
    struct cli *c, const struct opts *o, enum completion_list list)
{
	struct aur_team *t = NULL;
	int rc = 0;

	if (list == COMPLETION_TEAMS)
		rc = add_teams(&c->out);
	else
		team_peek(&t, o);
	if (list == COMPLETION_HOSTS || list == COMPLETION_TARGETS)
		rc = add_hosts(&c->out, t, list == COMPLETION_TARGETS);
	else if (list == COMPLETION_GROUPS && t != NULL)
		rc = add_groups(&c->out, t, "");
	else if (list == COMPLETION_MEMBERS && t != NULL)
		rc = add_members(&c->out, t);
	aur_team_free(t);
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

/* --- the command ---------------------------------------------------------- */

static int exec_completion(struct cli *c, struct opts *o)
{
	const char *what = o->noperand == 1 ? o->operand[0] : "";

	for (int i = COMPLETION_NONE + 1; i < COMPLETION_LISTS; i++)
		if (strcmp(lists[i], what) == 0)
			return print_list(c, o, (enum completion_list)i);
	for (size_t i = 0; i < AUR_ARRAY_LEN(shells); i++) {
		int rc;

		if (strcmp(shells[i]->shell, what) != 0)
			continue;
		rc = shells[i]->print(&c->out);
		if (rc < 0)
			return cli_fail(rc);
		return cli_flush(c) ? CLI_OK : CLI_FAILED;
	}
	cli_error(NULL, "completion for which shell? bash, zsh or fish");
	return CLI_USAGE;
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry cmd_completion = {
    .name = "completion",
    .summary = "a completion script for a shell",
    .usage = "bash|zsh|fish",
    .detail = "As in: eval \"$(aurora completion bash)\"\n"
	      "While you type the script asks for hosts, targets, groups, "
	      "teams or members,\none to a line.",
    .options = options,
    .exec = exec_completion,
};
