/* SPDX-License-Identifier: MIT */
/*
 * zsh: _arguments, with a case for each command. In its specifications
 * colons and brackets have a meaning, so texts are quoted twice.
 */
#include "cli/completion.h"

static int text(struct aur_buf *b, const char *s)
{
	int rc = 0;

	for (; rc == 0 && *s != '\0'; s++) {
		if (*s == '\'')
			rc = aur_buf_add_str(b, "'\\''");
		else if (strchr("[]:\\", *s) != NULL)
			rc = aur_buf_addf(b, "\\%c", *s);
		else
			rc = aur_buf_add_byte(b, (uint8_t)*s);
	}
	return rc;
}

static int option(struct aur_buf *b, const struct opt *o)
{
	const char *equal = o->arg == OPT_ARG_NONE     ? ""
			    : o->arg == OPT_ARG_NEEDED ? "="
						       : "=-";
	int rc = aur_buf_addf(b, "\t\t'--%s%s[", o->name, equal);

	if (rc == 0)
		rc = text(b, o->help);
	if (rc == 0)
		rc = aur_buf_add_str(b, "]");
	if (rc == 0 && o->arg != OPT_ARG_NONE) {
		rc = aur_buf_add_str(b, o->arg == OPT_ARG_MAYBE ? "::" : ":");
		if (rc == 0)
			rc = text(b, o->value);
		if (rc == 0)
			rc = aur_buf_add_byte(b, ':');
	}
	return rc < 0 ? rc : aur_buf_add_str(b, "' \\\n");
}

static const char *operands_of(const struct cmd_entry *cmd)
{
	if (strcmp(cmd->name, "completion") == 0)
		return "\t\t'1:shell:(bash zsh fish)'";
	if (strcmp(cmd->name, "help") == 0)
		return "\t\t'1:command:_aurora_commands'";
	if (strstr(cmd->usage, "HOST") != NULL)
		return "\t\t'*:host:(local all)'";
	return "\t\t'*: :'";
}

static int command(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum opt_id id;
	int rc = aur_buf_addf(b, "\t%s%s%s) _arguments -s \\\n", cmd->name,
	    cmd->alias != NULL ? "|" : "",
	    cmd->alias != NULL ? cmd->alias : "");

	for (size_t i = 0;
	     rc == 0 && (id = completion_option(cmd, i)) != OPT_END; i++)
		rc = option(b, opt_get(id));
	return rc < 0 ? rc : aur_buf_addf(b, "%s ;;\n", operands_of(cmd));
}

static int print(struct aur_buf *b)
{
	int rc = aur_buf_add_str(b,
	    "#compdef aurora\n"
	    "# zsh completion for aurora; made by 'aurora completion zsh'\n"
	    "_aurora_commands() {\n\tlocal -a list=(\n");

	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++) {
		rc = aur_buf_addf(b, "\t\t'%s:", cmds[i]->name);
		if (rc == 0)
			rc = text(b, cmds[i]->summary);
		if (rc == 0)
			rc = aur_buf_add_str(b, "'\n");
	}
	if (rc == 0)
		rc = aur_buf_add_str(b,
		    "\t)\n\t_describe command list\n}\n"
		    "_aurora() {\n"
		    "\tif ((CURRENT == 2)); then\n"
		    "\t\t_aurora_commands\n\t\treturn\n\tfi\n"
		    "\tlocal cmd=$words[2]\n"
		    "\tshift words\n\t((CURRENT--))\n"
		    "\tcase $cmd in\n");
	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++)
		rc = command(b, cmds[i]);
	if (rc == 0)
		rc = aur_buf_add_str(b,
		    "\tesac\n}\n"
		    "if [ \"$funcstack[1]\" = _aurora ]; then\n"
		    "\t_aurora \"$@\"\nelse\n\tcompdef _aurora aurora\nfi\n");
	return rc;
}

const struct completion completion_zsh = {"zsh", print};
