/* SPDX-License-Identifier: MIT */
/*
 * completion: what the shell needs to know, out of the tables.
 */
#include "cli/completion.h"

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

static int exec_completion(struct cli *c, struct opts *o)
{
	const char *shell = o->noperand == 1 ? o->operand[0] : NULL;

	for (size_t i = 0; shell != NULL && i < AUR_ARRAY_LEN(shells); i++) {
		int rc;

		if (strcmp(shells[i]->shell, shell) != 0)
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
    .detail = "As in: eval \"$(aurora completion bash)\"",
    .options = options,
    .exec = exec_completion,
};
