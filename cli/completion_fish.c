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

/* When the words of the name stand on the line; parts are named by several,
 * which must be the first. */
static int condition(struct aur_buf *b, const struct cmd_entry *cmd)
{
	bool is_part = strchr(cmd->name, ' ') != NULL;

	return aur_buf_addf(b, "complete -c aurora -n '%s %s%s%s' ",
	    is_part ? "__aurora_in" : "__fish_seen_subcommand_from", cmd->name,
	    cmd->alias != NULL ? " " : "",
	    cmd->alias != NULL ? cmd->alias : "");
}

static int list_of(struct aur_buf *b, enum completion_list list)
{
	return aur_buf_addf(b, " -a '(aurora completion %s 2>/dev/null)'",
	    completion_list_name(list));
}

static int option(
    struct aur_buf *b, const struct cmd_entry *cmd, enum opt_id id)
{
	const struct opt *o = opt_get(id);
	int rc = condition(b, cmd);

	if (rc == 0)
		rc = aur_buf_addf(b, "-l %s", o->name);
	if (rc == 0 && o->letter != 0)
		rc = aur_buf_addf(b, " -s %c", o->letter);
	if (rc == 0 && o->arg == OPT_ARG_NEEDED)
		rc = aur_buf_add_str(b, " -x");
	if (rc == 0 && completion_value(id) != COMPLETION_NONE)
		rc = list_of(b, completion_value(id));
	if (rc == 0)
		rc = aur_buf_add_str(b, " -d ");
	if (rc == 0)
		rc = quoted(b, o->help);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

/* The options and operands of a command or part. */
static int arguments(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum completion_list list = completion_operands(cmd);
	enum opt_id id;
	int rc = 0;

	for (size_t i = 0;
	     rc == 0 && (id = completion_option(cmd, i)) != OPT_END; i++)
		rc = option(b, cmd, id);
	if (rc < 0 || list == COMPLETION_NONE)
		return rc;
	rc = condition(b, cmd);
	if (rc == 0)
		rc = list_of(b, list);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

/* The words that may follow, where no more than those before stand there. */
static int fork(
    struct aur_buf *b, struct aur_slice before, struct aur_slice words)
{
	return aur_buf_addf(b,
	    "complete -c aurora -n '__aurora_at %.*s' -a '%.*s'\n",
	    (int)before.n, (const char *)before.p, (int)words.n,
	    (const char *)words.p);
}

static int parts(struct aur_buf *b, const struct cmd_entry *cmd)
{
	int rc = completion_forks(b, cmd, fork);

	for (size_t i = 0; cmd->part[i] != NULL && rc == 0; i++)
		rc = arguments(b, cmd->part[i]);
	return rc;
}

static int command(struct aur_buf *b, const struct cmd_entry *cmd)
{
	int rc = aur_buf_addf(b,
	    "complete -c aurora -n __fish_use_subcommand -a %s -d ", cmd->name);

	if (rc == 0)
		rc = quoted(b, cmd->summary);
	if (rc == 0)
		rc = aur_buf_add_byte(b, '\n');
	if (rc == 0 && cmd->part != NULL)
		rc = parts(b, cmd);
	if (rc == 0)
		rc = arguments(b, cmd);
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
	    "function __aurora_words\n"
	    "\tstring match -v -- '-*' (commandline -poc)[2..-1] | string join "
	    "' '\nend\n"
	    "function __aurora_at\n\tset -l words (__aurora_words)\n"
	    "\ttest \"$words\" = \"$argv\"\nend\n"
	    "function __aurora_in\n\tset -l words (__aurora_words)\n"
	    "\tstring match -q -- \"$argv *\" \"$words \"\nend\n"
	    "complete -c aurora -f\n");

	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++)
		rc = command(b, cmds[i]);
	return rc;
}

const struct completion completion_fish = {"fish", print};
