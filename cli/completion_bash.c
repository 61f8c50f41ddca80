/* SPDX-License-Identifier: MIT */
/*
 * bash: one function with a case for each command.
 */
#include "cli/completion.h"

static int words_of(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum opt_id id;
	int rc = 0;

	for (size_t i = 0;
	     rc == 0 && (id = completion_option(cmd, i)) != OPT_END; i++) {
		const struct opt *o = opt_get(id);

		rc = aur_buf_addf(b, "%s--%s%s", i > 0 ? " " : "", o->name,
		    o->arg == OPT_ARG_NEEDED ? "=" : "");
		if (rc == 0 && o->letter != 0)
			rc = aur_buf_addf(b, " -%c", o->letter);
	}
	return rc;
}

static const char *operands_of(const struct cmd_entry *cmd)
{
	if (strcmp(cmd->name, "completion") == 0)
		return "bash zsh fish";
	if (strcmp(cmd->name, "help") == 0)
		return "$commands";
	return strstr(cmd->usage, "HOST:PID") != NULL ? "local:"
	       : strstr(cmd->usage, "HOST") != NULL   ? "local all"
						      : "";
}

static int print(struct aur_buf *b)
{
	int rc = aur_buf_add_str(b,
	    "# bash completion for aurora; made by 'aurora completion bash'\n"
	    "_aurora()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= i words=\n"
	    "\tlocal commands='");

	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++)
		rc = aur_buf_addf(b, "%s%s", i > 0 ? " " : "", cmds[i]->name);
	if (rc == 0)
		rc = aur_buf_add_str(b,
		    "'\n"
		    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		    "\t\t[[ ${COMP_WORDS[i]} == -* ]] && continue\n"
		    "\t\tcmd=${COMP_WORDS[i]}\n\t\tbreak\n\tdone\n"
		    "\tcase $cmd in\n"
		    "\t'') words=\"$commands --help --version\" ;;\n");
	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++) {
		rc = aur_buf_addf(b, "\t%s%s%s) words=\"", cmds[i]->name,
		    cmds[i]->alias != NULL ? "|" : "",
		    cmds[i]->alias != NULL ? cmds[i]->alias : "");
		if (rc == 0)
			rc = words_of(b, cmds[i]);
		if (rc == 0)
			rc =
			    aur_buf_addf(b, " %s\" ;;\n", operands_of(cmds[i]));
	}
	if (rc == 0)
		rc = aur_buf_add_str(b,
		    "\tesac\n"
		    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
		    "\t[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]] "
		    "&&\n\t\tcompopt -o nospace\n"
		    "}\n"
		    "complete -F _aurora aurora\n");
	return rc;
}

const struct completion completion_bash = {"bash", print};
