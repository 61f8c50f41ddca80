/* SPDX-License-Identifier: MIT */
/*
 * help: everything it says comes from the tables of commands and options.
 */
#include "cli/cmd.h"
#include "cli/help_keys.h"

#include <stdarg.h>

/* Where the help texts of options begin. */
#define OPTION_COLUMN 24

static AUR_PRINTF(2, 3) void say(struct cli *c, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)!aur_buf_add_str(&c->out, text);
}

static void say_option(struct cli *c, enum opt_id id)
{
	const struct opt *o = opt_get(id);
	char left[96];
	int n;

	n = snprintf(left, sizeof left, "  %c%c%s --%s%s%s%s",
	    o->letter != 0 ? '-' : ' ', o->letter != 0 ? o->letter : ' ',
	    o->letter != 0 ? "," : " ", o->name,
	    o->arg == OPT_ARG_MAYBE ? "[" : "",
	    o->arg == OPT_ARG_NONE ? "" : "=", o->value);
	say(c, "%s%s", left, o->arg == OPT_ARG_MAYBE ? "]" : "");
	n += o->arg == OPT_ARG_MAYBE;
	if (n + 2 > OPTION_COLUMN)
		say(c, "\n%*s%s\n", OPTION_COLUMN, "", o->help);
	else
		say(c, "%*s%s\n", OPTION_COLUMN - n, "", o->help);
}

static void say_parts(struct cli *c, const struct cmd_entry *cmd)
{
	int width = 0;

	for (size_t i = 0; cmd->part[i] != NULL; i++) {
		int n = (int)strlen(cmd->part[i]->name);

		width = n > width ? n : width;
	}
	say(c, "\ncommands:\n");
	for (size_t i = 0; cmd->part[i] != NULL; i++)
		say(c, "  %-*s  %s\n", width, cmd->part[i]->name,
		    cmd->part[i]->summary);
	say(c, "\n'aurora help %s' and more words tell more.\n", cmd->name);
}

int cmd_usage(struct cli *c, const struct cmd_entry *cmd)
{
	say(c, "usage: aurora %s%s%s\n", cmd->name,
	    cmd->usage[0] != '\0' ? " " : "", cmd->usage);
	say(c, "%s%s%s\n", cmd->summary, cmd->alias != NULL ? "; also " : "",
	    cmd->alias != NULL ? cmd->alias : "");
	if (cmd->detail[0] != '\0') {
		say(c, "\n");
		(void)!aur_buf_add_str(&c->out, cmd->detail); /* however long */
		say(c, "\n");
	}
	if (cmd->part != NULL)
		say_parts(c, cmd);
	if (cmd->options[0] != OPT_END)
		say(c, "\noptions:\n");
	for (const enum opt_id *o = cmd->options; *o != OPT_END; o++)
		say_option(c, *o);
	say(c, "\noptions of every command:\n");
	for (const enum opt_id *o = opt_global; *o != OPT_END; o++)
		say_option(c, *o);
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

int cmd_overview(struct cli *c)
{
	say(c, "usage: aurora [--team NAME] [--color WHEN] [--utc] [-v] "
	       "COMMAND [ARG...]\n"
	       "\ncommands:\n");
	for (size_t i = 0; cmds[i] != NULL; i++) {
		const struct cmd_entry *cmd = cmds[i];

		say(c, "  %-10s  %s", cmd->name, cmd->summary);
		if (cmd->alias != NULL)
			say(c, " (alias %s)", cmd->alias);
		say(c, "\n");
	}
	say(c, "\nWithout a command, on a terminal, it is 'aurora top'.\n"
	       "'aurora help COMMAND' tells more, 'aurora help keys' the keys "
	       "of the screen;\nso do aurora(1) and aurora-keys(7).\n"
	       "\noptions:\n");
	for (const enum opt_id *o = opt_global; *o != OPT_END; o++)
		say_option(c, *o);
	say(c, "\nexit status:\n");
#define CLI_EXIT(number, NAME, text) say(c, "  %-4d %s\n", number, text);
#include "cli/exit.def"
#undef CLI_EXIT
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

static int exec_help(struct cli *c, struct opts *o)
{
	const struct cmd_entry *cmd, *part = NULL;
	size_t words = 0;

	if (o->noperand == 0)
		return cmd_overview(c);
	if (strcmp(o->operand[0], "keys") == 0 && o->noperand == 1) {
		int rc = help_keys(&c->out);

		return rc < 0	      ? cli_fail(rc)
		       : cli_flush(c) ? CLI_OK
				      : CLI_FAILED;
	}
	cmd = cmd_find(o->operand[0]);
	if (cmd == NULL)
		return cmd_unknown(o->operand[0]);
	if (o->noperand == 1)
		return cmd_usage(c, cmd);
	if (cmd->part != NULL)
		part =
		    cmd_find_part(cmd, o->operand + 1, o->noperand - 1, &words);
	if (part != NULL && (int)words == o->noperand - 1)
		return cmd_usage(c, part);
	if (cmd->part != NULL)
		return cmd_unknown_part(
		    c, cmd, o->operand + 1, o->noperand - 1);
	cli_error(NULL, "%s has no parts", cmd->name);
	return CLI_USAGE;
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry cmd_help = {
    .name = "help",
    .summary = "what there is, or more about one command",
    .usage = "[COMMAND|keys]",
    .detail = "",
    .options = options,
    .exec = exec_help,
};
