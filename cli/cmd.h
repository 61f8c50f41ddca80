/* SPDX-License-Identifier: MIT */
/*
 * A command is one const entry in a file of its own, named in cmds.c. Help,
 * completion, manual and tests come from the entries.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/cli.h"
#include "cli/opt.h"

struct cmd_entry {
	const char *name;
	const char *alias;	    /* NULL: none */
	const char *summary;	    /* one line, lower case, no full stop */
	const char *usage;	    /* what stands behind the name */
	const char *detail;	    /* a few lines for help and manual; "" */
	const enum opt_id *options; /* its own, ended by OPT_END */
	unsigned flags;		    /* enum opt_flag */
	/* Gets the parsed line; the exit status. */
	int (*exec)(struct cli *c, struct opts *o);
	/* Instead of exec: its parts, ended by NULL. The name of a part is
	 * whole: "team add host". */
	const struct cmd_entry *const *part;
};

/* Each in its file. */
extern const struct cmd_entry cmd_agent, cmd_completion, cmd_diff, cmd_doctor,
    cmd_events, cmd_export, cmd_help, cmd_history, cmd_kill, cmd_metrics,
    cmd_ps, cmd_renice, cmd_status, cmd_team, cmd_top, cmd_version;

/* All commands in the order of the alphabet, ended by NULL. */
extern const struct cmd_entry *const cmds[];

/* By name or alias; NULL. */
const struct cmd_entry *cmd_find(const char *word);

/* The part that the first words name, and how many words that are; NULL. */
const struct cmd_entry *cmd_find_part(
    const struct cmd_entry *cmd, char **word, int n, size_t *ret_words);

/* Says that the words name no part, or lists those there are; CLI_USAGE. */
int cmd_unknown_part(
    struct cli *c, const struct cmd_entry *cmd, char **word, int n);

/* Says that there is no such command and what was perhaps meant; CLI_USAGE. */
int cmd_unknown(const char *word);

/* Print to stdout. CLI_OK or CLI_FAILED. */
int cmd_usage(struct cli *c, const struct cmd_entry *cmd);
int cmd_overview(struct cli *c);

/* Says on stderr that an operand is too much; CLI_USAGE. */
int cmd_no_operands(const struct cmd_entry *cmd, const struct opts *o);

#endif
