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

/* What the words of a command may be, beside its options. */
static int operands(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum completion_list list = completion_operands(cmd);

	if (strcmp(cmd->name, "completion") == 0)
		return aur_buf_add_str(b, " bash zsh fish\" ;;\n");
	if (strcmp(cmd->name, "help") == 0)
		return aur_buf_add_str(b, " $commands\" ;;\n");
	if (list == COMPLETION_NONE)
		return aur_buf_add_str(b, "\" ;;\n");
	return aur_buf_addf(b, "\" list=%s ;;\n", completion_list_name(list));
}

static int command(struct aur_buf *b, const struct cmd_entry *cmd)
{
	int rc = aur_buf_addf(b, "\t'%s '*", cmd->name);

	if (rc == 0 && cmd->alias != NULL)
		rc = aur_buf_addf(b, "|'%s '*", cmd->alias);
	if (rc == 0)
		rc = aur_buf_add_str(b, ") words=\"");
	if (rc == 0)
		rc = words_of(b, cmd);
	return rc < 0 ? rc : operands(b, cmd);
}

static int fork(
    struct aur_buf *b, struct aur_slice before, struct aur_slice words)
{
	return aur_buf_addf(b, "\t'%.*s ') words=\"%.*s\" ;;\n", (int)before.n,
	    (const char *)before.p, (int)words.n, (const char *)words.p);
}

/* A command of parts: each, then what may stand behind fewer words. */
static int parts(struct aur_buf *b, const struct cmd_entry *cmd)
{
	int rc = 0;

	for (size_t i = 0; cmd->part[i] != NULL && rc == 0; i++)
		rc = command(b, cmd->part[i]);
	return rc < 0 ? rc : completion_forks(b, cmd, fork);
}

/* Options whose values are words of the team. */
static int values(struct aur_buf *b)
{
	int rc = aur_buf_add_str(b, "\tcase $prev in\n\t@) list=groups ;;\n");

	for (int i = 0; i < OPT_COUNT && rc == 0; i++) {
		const struct opt *o = opt_get((enum opt_id)i);
		enum completion_list list = completion_value((enum opt_id)i);

		if (list == COMPLETION_NONE)
			continue;
		rc = aur_buf_addf(b, "\t--%s", o->name);
		if (rc == 0 && o->letter != 0)
			rc = aur_buf_addf(b, "|-%c", o->letter);
		if (rc == 0)
			rc = aur_buf_addf(b, ") words= list=%s ;;\n",
			    completion_list_name(list));
	}
	return rc < 0 ? rc : aur_buf_add_str(b, "\tesac\n");
}

static const char head[] =
    "# bash completion for aurora; made by 'aurora completion bash'\n"
    "_aurora()\n{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "\tlocal named= i words= list= team=() commands='";

static const char middle[] =
    "'\n"
    "\t[[ $cur == = ]] && cur=\n"
    "\t[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n"
    "\t\t--team)\n"
    "\t\t\t[[ ${COMP_WORDS[i+1]} == = ]] && ((i++))\n"
    "\t\t\t((++i < COMP_CWORD)) && team=(--team \"${COMP_WORDS[i]}\") ;;\n"
    "\t\t-*) ;;\n"
    "\t\t*) named+=\"${COMP_WORDS[i]} \" ;;\n"
    "\t\tesac\n\tdone\n"
    "\tcase $named in\n"
    "\t'') words=\"$commands --help --version --team\" ;;\n";

static const char tail[] =
    "\t[[ -n $list ]] &&\n"
    "\t\twords+=\" $(\"${COMP_WORDS[0]}\" \"${team[@]}\" completion $list "
    "2>/dev/null)\"\n"
    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
    "\t[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]] &&\n"
    "\t\tcompopt -o nospace\n"
    "}\n"
    "complete -F _aurora aurora\n";

static int print(struct aur_buf *b)
{
	int rc = aur_buf_add_str(b, head);

	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++)
		rc = aur_buf_addf(b, "%s%s", i > 0 ? " " : "", cmds[i]->name);
	if (rc == 0)
		rc = aur_buf_add_str(b, middle);
	for (size_t i = 0; rc == 0 && cmds[i] != NULL; i++)
		rc = cmds[i]->part != NULL ? parts(b, cmds[i])
					   : command(b, cmds[i]);
	if (rc == 0)
		rc = aur_buf_add_str(b, "\tesac\n");
	if (rc == 0)
		rc = values(b);
	return rc < 0 ? rc : aur_buf_add_str(b, tail);
}

const struct completion completion_bash = {"bash", print};
