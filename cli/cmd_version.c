/* SPDX-License-Identifier: MIT */
/*
 * version: one line for people and bug reports.
 */
#include "cli/cmd.h"

static int exec_version(struct cli *c, struct opts *o)
{
	int status = cmd_no_operands(&cmd_version, o);

	if (status != CLI_OK)
		return status;
	if (aur_buf_add_str(&c->out, "aurora " AUR_VERSION "\n") < 0)
		return CLI_FAILED;
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry cmd_version = {
    .name = "version",
    .summary = "the version",
    .usage = "",
    .detail = "",
    .options = options,
    .exec = exec_version,
};
