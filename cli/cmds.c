/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, in the order of the alphabet. A command that is not
 * in here does not exist.
 */
#include "cli/cmd.h"

const struct cmd_entry *const cmds[] = {
    &cmd_completion,
    &cmd_help,
    &cmd_kill,
    &cmd_metrics,
    &cmd_ps,
    &cmd_renice,
    &cmd_status,
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

int cmd_no_operands(const struct cmd_entry *cmd, const struct opts *o)
{
	if (o->noperand == 0)
		return CLI_OK;
	cli_error(NULL, "'%s' is too much: usage: aurora %s%s%s", o->operand[0],
	    cmd->name, cmd->usage[0] != '\0' ? " " : "", cmd->usage);
	return CLI_USAGE;
}
