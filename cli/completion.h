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

/* Words that only the user's files know: what `aurora completion LIST` prints
 * and the scripts ask for. */
enum completion_list {
	COMPLETION_NONE,
	COMPLETION_HOSTS,   /* names, @groups, all, local */
	COMPLETION_TARGETS, /* names and local, with a colon */
	COMPLETION_GROUPS,
	COMPLETION_TEAMS,
	COMPLETION_MEMBERS,
	COMPLETION_LISTS
};

/* "hosts", ...; NULL for NONE. */
const char *completion_list_name(enum completion_list list);

/* What the operands of a command are, the value of an option is. */
enum completion_list completion_operands(const struct cmd_entry *cmd);
enum completion_list completion_value(enum opt_id id);

/* Where the words of a command's parts go apart: calls `fork` with the words
 * before ("team add") and those that may follow (" group host member"), the
 * longer ones first. 0, or what `fork` gave. */
typedef int (*completion_fork_fn)(
    struct aur_buf *b, struct aur_slice before, struct aur_slice words);
int completion_forks(
    struct aur_buf *b, const struct cmd_entry *cmd, completion_fork_fn fork);

/* The `i`th option of a command, the global ones behind its own; OPT_END. */
enum opt_id completion_option(const struct cmd_entry *cmd, size_t i);

#endif
