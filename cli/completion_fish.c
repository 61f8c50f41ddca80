/* SPDX-License-Identifier: MIT */
/*
 * fish: a line for each command and each option. Texts are quoted for it.
 */
#include "cli/completion.h"

static int quoted(struct aur_buf *b, const char *text)
{
	int rc = aur_buf_add_byte(b, '\'');

	for (; rc == 0 && *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			rc = aur_buf_add_byte(b, '\\');
		if (rc == 0)
			rc = aur_buf_add_byte(b, (uint8_t)*text);
	}
	return rc < 0 ? rc : aur_buf_add_byte(b, '\'');
}

static int option(
    struct aur_buf *b, const struct cmd_entry *cmd, const struct opt *o)
{
	int rc = aur_buf_addf(b,
	    "complete -c aurora -n '__fish_seen_subcommand_from %s%s%s' "
	    "-l %s",
	    cmd->name, cmd->alias != NULL ? " " : "",
	    cmd->alias != NULL ? cmd->alias : "", o->name);

	if (rc == 0 && o->letter != 0)
		rc = aur_buf_addf(b, " -s %c", o->letter);
	if (rc == 0 && o->arg == OPT_ARG_NEEDED)
		rc = aur_buf_add_str(b, " -x");
	if (rc == 0)
		rc = aur_buf_add_str(b, " -d ");
	if (rc == 0)
		rc = quoted(b, o->help);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

static int command(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum opt_id id;
	int rc = aur_buf_addf(b,
	    "complete -c aurora -n __fish_use_subcommand -a %s -d ", cmd->name);

	if (rc == 0)
		rc = quoted(b, cmd->summary);
	if (rc == 0)
		rc = aur_buf_add_byte(b, '\n');
	for (size_t i = 0;
	     rc == 0 && (id = completion_option(cmd, i)) != OPT_END; i++)
		rc = option(b, cmd, opt_get(id));
	if (rc == 0 && strcmp(cmd->name, "completion") == 0)
		rc = aur_buf_add_str(b,
		    "complete -c aurora -n '__fish_seen_subcommand_from "
		    "completion' -a 'bash zsh fish'\n");
	return rc;
}

static int print(struct aur_buf *b)
{
	int rc = aur_buf_add_str(b,
	    "# fish completion for aurora; made by 'aurora completion fish'\n"
	    "complete -c aurora -f\n");

	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++)
		rc = command(b, cmds[i]);
	return rc;
}

const struct completion completion_fish = {"fish", print};
