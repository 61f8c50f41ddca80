/* SPDX-License-Identifier: MIT */
/*
 * team: the table of its parts, in the order of the alphabet, and what they
 * share. A part that is not in here does not exist.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"
#include "team/select.h"

#include <stdarg.h>

static const struct cmd_entry *const parts[] = {
    &team_add_group,
    &team_add_host,
    &team_add_member,
    &team_create,
    &team_delete,
    &team_edit_group,
    &team_edit_host,
    &team_edit_member,
    &team_import,
    &team_invite,
    &team_join,
    &team_key,
    &team_leave,
    &team_list,
    &team_publish,
    &team_pull,
    &team_remove_group,
    &team_remove_host,
    &team_remove_member,
    &team_rename,
    &team_show,
    &team_sync,
    &team_trusts,
    &team_use,
    NULL,
};

int team_operands(
    const struct cmd_entry *cmd, const struct opts *o, int least, int most)
{
	if (o->noperand >= least && (most == 0 || o->noperand <= most))
		return CLI_OK;
	if (o->noperand < least)
		cli_error(NULL, "something is missing: usage: aurora %s %s",
		    cmd->name, cmd->usage);
	else
		cli_error(NULL, "'%s' is too much: usage: aurora %s%s%s",
		    o->operand[most > 0 ? most : 0], cmd->name,
		    cmd->usage[0] != '\0' ? " " : "", cmd->usage);
	return CLI_USAGE;
}

int team_check_name(const char *what, const char *name)
{
	if (aur_team_is_name(aur_slice_str(name)))
		return CLI_OK;
	if (strcmp(name, "local") == 0 || strcmp(name, "all") == 0)
		cli_error(
		    NULL, "'%s' is taken: a %s needs another name", name, what);
	else
		cli_error(NULL,
		    "'%s' is no name for a %s: letters, digits, '.', '_' and "
		    "'-', 63 at most, beginning with a letter or digit",
		    name, what);
	return CLI_USAGE;
}

int team_confirm(const struct opts *o, const char *question)
{
	if (o->seen[OPT_YES] > 0)
		return CLI_OK;
	if (!team_can_ask()) {
		cli_error(
		    NULL, "there is no terminal to ask on: --yes acts without");
		return CLI_USAGE;
	}
	if (cli_confirm(question))
		return CLI_OK;
	cli_error(NULL, "nothing was done");
	return CLI_FAILED;
}

int team_say(struct cli *c, const char *fmt, ...)
{
	char text[2048];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rc = aur_buf_addf(&c->out, "%s\n", text);
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

int team_refused(int rc, const char *why)
{
	cli_error(NULL, "%s", why);
	return rc == AUR_EINVALID ? CLI_USAGE : CLI_FAILED;
}

/* Copies the numbers of the picks. */
static int copy_picks(
    const struct aur_select *s, size_t **ret_hosts, size_t *ret_n)
{
	size_t *host = aur_mem_new(s->n + 1, sizeof(*host));

	if (host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < s->n; i++) {
		if (s->pick[i].kind == AUR_PICK_HOST) {
			host[i] = s->pick[i].host;
			continue;
		}
		cli_error(NULL, "'%s' is no host of the team", s->pick[i].name);
		aur_mem_free(host);
		return CLI_USAGE;
	}
	*ret_hosts = host;
	*ret_n = s->n;
	return CLI_OK;
}

int team_pick(const struct aur_team *t, const struct opts *o, int first,
    size_t **ret_hosts, size_t *ret_n)
{
	struct aur_select s;
	const char *words;
	size_t at = 0;
	int rc = 0, status;

	aur_select_init(&s, t);
	for (int i = first; i < o->noperand && rc == 0; i++)
		rc = aur_select_add(&s, aur_slice_str(o->operand[i]));
	while (rc == 0 && (words = opt_each(o, OPT_EXCLUDE, &at)) != NULL)
		rc = aur_select_less(&s, aur_slice_str(words));
	if (rc == AUR_ENOMEM) {
		status = cli_fail(rc);
	} else if (rc < 0 || s.n == 0) {
		cli_error(NULL, "%s", rc < 0 ? s.why : "no host is left");
		status = CLI_USAGE;
	} else {
		status = copy_picks(&s, ret_hosts, ret_n);
	}
	aur_select_release(&s);
	return status;
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry cmd_team = {
    .name = "team",
    .summary = "hosts and members: made, shown, changed",
    .usage = "COMMAND [ARG...]",
    .detail = "A team is a file, $XDG_CONFIG_HOME/aurora/teams/NAME.json; see "
	      "aurora-team(1).",
    .options = options,
    .part = parts,
};
