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

static int option(struct aur_buf *b, enum opt_id id)
{
	enum completion_list list = completion_value(id);
	const struct opt *o = opt_get(id);
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
		if (rc == 0 && list != COMPLETION_NONE)
			rc = aur_buf_addf(
			    b, "_aurora_list %s", completion_list_name(list));
	}
	return rc < 0 ? rc : aur_buf_add_str(b, "' \\\n");
}

/* What the words of a command may be. */
static int operands(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum completion_list list = completion_operands(cmd);

	if (strcmp(cmd->name, "completion") == 0)
		return aur_buf_add_str(b, "\t\t'1:shell:(bash zsh fish)' ;;\n");
	if (strcmp(cmd->name, "help") == 0)
		return aur_buf_add_str(
		    b, "\t\t'1:command:_aurora_commands' ;;\n");
	if (list == COMPLETION_NONE)
		return aur_buf_add_str(b, "\t\t'*: :' ;;\n");
	return aur_buf_addf(b, "\t\t'*:%s:_aurora_list %s' ;;\n",
	    completion_list_name(list), completion_list_name(list));
}

static int options(struct aur_buf *b, const struct cmd_entry *cmd)
{
	enum opt_id id;
	int rc = aur_buf_add_str(b, "_arguments -s \\\n");

	for (size_t i = 0;
	     rc == 0 && (id = completion_option(cmd, i)) != OPT_END; i++)
		rc = option(b, id);
	return rc < 0 ? rc : operands(b, cmd);
}

static size_t count_words(const char *name)
{
	size_t n = 1;

	for (; *name != '\0'; name++)
		n += *name == ' ';
	return n;
}

/* A part: its words are taken off, so that options are seen behind them. */
static int part(struct aur_buf *b, const struct cmd_entry *cmd)
{
	size_t less = count_words(cmd->name) - 1;
	int rc = aur_buf_addf(b,
	    "\t'%s '*) shift %zu words; ((CURRENT -= %zu))\n\t\t", cmd->name,
	    less, less);

	return rc < 0 ? rc : options(b, cmd);
}

/* Behind fewer words: those that may follow. */
static int fork(
    struct aur_buf *b, struct aur_slice before, struct aur_slice words)
{
	return aur_buf_addf(b, "\t'%.*s ') compadd --%.*s ;;\n", (int)before.n,
	    (const char *)before.p, (int)words.n, (const char *)words.p);
}

static int command(struct aur_buf *b, const struct cmd_entry *cmd)
{
	int rc = 0;

	if (cmd->part != NULL) {
		for (size_t i = 0; cmd->part[i] != NULL && rc == 0; i++)
			rc = part(b, cmd->part[i]);
		return rc < 0 ? rc : completion_forks(b, cmd, fork);
	}
	rc = aur_buf_addf(b, "\t'%s '*", cmd->name);
	if (rc == 0 && cmd->alias != NULL)
		rc = aur_buf_addf(b, "|'%s '*", cmd->alias);
	if (rc == 0)
		rc = aur_buf_add_str(b, ") ");
	return rc < 0 ? rc : options(b, cmd);
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
		    "_aurora_list() {\n"
		    "\tcompadd -- ${(f)\"$(_call_program $1 aurora "
		    "$team completion $1 2>/dev/null)\"}\n}\n"
		    "_aurora() {\n"
		    "\tlocal named= word\n\tlocal -a team\n"
		    "\tif ((CURRENT == 2)); then\n"
		    "\t\t_aurora_commands\n\t\treturn\n\tfi\n"
		    "\tfor word in ${words[2,CURRENT-1]}; do\n"
		    "\t\tcase $word in\n"
		    "\t\t--team=*) team=($word) ;;\n"
		    "\t\t-*) ;;\n"
		    "\t\t*) named+=\"$word \" ;;\n"
		    "\t\tesac\n\tdone\n"
		    "\tshift words\n\t((CURRENT--))\n"
		    "\tcase $named in\n");
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
