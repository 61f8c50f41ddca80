/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, in the order of the alphabet. A command that is not
 * in here does not exist.
 */
#include "cli/cmd.h"

#include <unistd.h>

const struct cmd_entry *const cmds[] = {
    &cmd_agent,
    &cmd_completion,
    &cmd_diff,
    &cmd_doctor,
    &cmd_events,
    &cmd_export,
    &cmd_help,
    &cmd_history,
    &cmd_kill,
    &cmd_metrics,
    &cmd_ps,
    &cmd_renice,
    &cmd_status,
    &cmd_team,
    &cmd_top,
    &cmd_version,
    NULL,
};

struct word {
	const char *word, *advice;
};

/* What others call things. */
static const struct word words[] = {
#define WORD(word, advice) {word, advice},
#include "cli/words.def"
#undef WORD
};

const struct cmd_entry *cmd_find(const char *word)
{
	for (size_t i = 0; cmds[i] != NULL; i++)
		if (strcmp(cmds[i]->name, word) == 0 ||
		    (cmds[i]->alias != NULL &&
			strcmp(cmds[i]->alias, word) == 0))
			return cmds[i];
	return NULL;
}

static const char *nth_name(size_t i, void *arg)
{
	(void)arg;
	return cmds[i]->name;
}

int cmd_unknown(const char *word)
{
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(words); i++)
		if (strcmp(words[i].word, word) == 0) {
			cli_error(NULL, "there is no '%s': %s", word,
			    words[i].advice);
			return CLI_USAGE;
		}
	while (cmds[n] != NULL)
		n++;
	near = opt_nearest(word, nth_name, n, NULL);
	if (near != NULL)
		cli_error(NULL, "unknown command '%s'; did you mean '%s'?",
		    word, near);
	else
		cli_error(
		    NULL, "unknown command '%s': see 'aurora help'", word);
	return CLI_USAGE;
}

/* Words of the part's name behind that of the command; 0: others stand here.
 */
static size_t match_part(const struct cmd_entry *cmd,
    const struct cmd_entry *part, char **word, int n)
{
	struct aur_slice name = aur_slice_str(part->name + strlen(cmd->name)),
			 one;
	size_t i = 0;

	for (; aur_slice_word(&name, &one); i++)
		if (i >= (size_t)n || !aur_slice_is(one, word[i]))
			return 0;
	return i;
}

const struct cmd_entry *cmd_find_part(
    const struct cmd_entry *cmd, char **word, int n, size_t *ret_words)
{
	for (size_t i = 0; cmd->part[i] != NULL; i++) {
		size_t count = match_part(cmd, cmd->part[i], word, n);

		if (count == 0)
			continue;
		*ret_words = count;
		return cmd->part[i];
	}
	return NULL;
}

static const char *nth_part(size_t i, void *arg)
{
	const struct cmd_entry *cmd = arg;

	return cmd->part[i]->name + strlen(cmd->name) + 1;
}

/* Says which parts begin with the word, as `team add` has three. */
static bool say_begun(const struct cmd_entry *cmd, const char *word)
{
	char list[512] = "";
	size_t n = 0, length = strlen(word);

	for (size_t i = 0; cmd->part[i] != NULL; i++) {
		const char *name = nth_part(i, (void *)(uintptr_t)cmd);

		if (strncmp(name, word, length) == 0 && name[length] == ' ' &&
		    n < sizeof(list))
			n += (size_t)snprintf(list + n, sizeof(list) - n,
			    "%s%s", n > 0 ? ", " : "", name + length + 1);
	}
	if (n > 0)
		cli_error(NULL, "%s %s what? %s", cmd->name, word, list);
	return n > 0;
}

int cmd_unknown_part(
    struct cli *c, const struct cmd_entry *cmd, char **word, int n)
{
	char text[128];
	const char *near;
	size_t count = 0;

	if (n == 0) {
		c->fd = STDERR_FILENO;
		(void)cmd_usage(c, cmd);
		return CLI_USAGE;
	}
	if (say_begun(cmd, word[0]))
		return CLI_USAGE;
	while (cmd->part[count] != NULL)
		count++;
	snprintf(text, sizeof(text), "%s", word[0]);
	near = opt_nearest(text, nth_part, count, (void *)(uintptr_t)cmd);
	if (near == NULL && n > 1) {
		snprintf(text, sizeof(text), "%s %s", word[0], word[1]);
		near =
		    opt_nearest(text, nth_part, count, (void *)(uintptr_t)cmd);
	}
	if (near != NULL)
		cli_error(NULL,
		    "unknown command '%s %s'; did you mean '%s %s'?", cmd->name,
		    text, cmd->name, near);
	else
		cli_error(NULL, "unknown command '%s %s': see 'aurora help %s'",
		    cmd->name, word[0], cmd->name);
	return CLI_USAGE;
}

int cmd_no_operands(const struct cmd_entry *cmd, const struct opts *o)
{
	if (o->noperand == 0)
		return CLI_OK;
	cli_error(NULL, "'%s' is too much: usage: aurora %s%s%s", o->operand[0],
	    cmd->name, cmd->usage[0] != '\0' ? " " : "", cmd->usage);
	return CLI_USAGE;
}
