/* SPDX-License-Identifier: MIT */
/* A shell for which completion can be printed: one const entry in a file. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/cmd.h"

struct completion {
	const char *shell;
	int (*print)(struct aur_buf *out); /* 0 or an aur_err */
};

extern const struct completion completion_bash, completion_zsh, completion_fish;

/* The `i`th option of a command, the global ones behind its own; OPT_END. */
enum opt_id completion_option(const struct cmd_entry *cmd, size_t i);

#endif
