/* SPDX-License-Identifier: MIT */
/*
 * team add, edit, remove group. A group is nothing but its hosts: it is there
 * when one of them says so, and gone with the last. So all three are changes
 * of hosts, and differ in what becomes of a list of names.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

struct grouping {
	const struct opts *o;
	const char *group;
	const char *to; /* edit: its name from now on; remove: NULL */
	size_t n;	/* hosts changed */
	char why[AUR_TEAM_WHY];
};

/* Gives host `i` the group `to` in the place of `from`; either may be NULL. */
static int change_host(struct grouping *g, struct aur_team *t, size_t i,
    const char *from, const char *to)
{
	struct aur_team_host h = t->host[i];
	const char *group[AUR_MAX_HOST_GROUPS + 1];
	size_t n = 0;

	for (size_t k = 0; k < h.ngroup; k++) {
		const char *name = h.group[k];

		if (from != NULL && strcmp(name, from) == 0)
			name = to;
		if (name == NULL ||
		    (name != to && to != NULL && strcmp(name, to) == 0))
			continue;
		group[n++] = name;
	}
	if (from == NULL)
		group[n++] = to;
	h.group = group;
	h.ngroup = n;
	g->n++;
	return aur_team_put_host(t, i, &h, g->why, sizeof(g->why));
}

static int add(struct aur_team *t, void *arg)
{
	struct grouping *g = arg;
	size_t *host = NULL, n = 0;
	int rc = 0, status = team_pick(t, g->o, 1, &host, &n);

	g->n = 0;
	for (size_t i = 0; status == CLI_OK && rc == 0 && i < n; i++)
		if (!aur_team_in_group(
			&t->host[host[i]], aur_slice_str(g->group)))
			rc = change_host(g, t, host[i], NULL, g->group);
	aur_mem_free(host);
	return rc < 0 ? team_refused(rc, g->why) : status;
}

/* The hosts that are meant: those named, or all of the group. */
static int members_of(
    struct grouping *g, struct aur_team *t, size_t **ret_hosts, size_t *ret_n)
{
	struct aur_slice group = aur_slice_str(g->group);
	size_t *host, n = 0;

	if (g->o->noperand > 1)
		return team_pick(t, g->o, 1, ret_hosts, ret_n);
	host = aur_mem_new(t->nhost + 1, sizeof(*host));
	if (host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < t->nhost; i++)
		if (aur_team_in_group(&t->host[i], group))
			host[n++] = i;
	*ret_hosts = host;
	*ret_n = n;
	return CLI_OK;
}

static int replace(struct aur_team *t, void *arg)
{
	struct grouping *g = arg;
	size_t *host = NULL, n = 0;
	int rc = 0, status = members_of(g, t, &host, &n);

	g->n = 0;
	for (size_t i = 0; status == CLI_OK && rc == 0 && i < n; i++)
		if (aur_team_in_group(
			&t->host[host[i]], aur_slice_str(g->group)))
			rc = change_host(g, t, host[i], g->group, g->to);
	aur_mem_free(host);
	if (rc < 0)
		return team_refused(rc, g->why);
	if (status == CLI_OK && g->n == 0) {
		cli_error(NULL,
		    "no such host of team %s is in a group '%s': see 'aurora "
		    "team show'",
		    t->name, g->group);
		status = CLI_USAGE;
	}
	return status;
}

static int run(struct cli *c, struct grouping *g, team_change_fn change)
{
	int status = team_change(g->o, change, g);

	return status == CLI_OK ? team_say(c, "group %s: %zu host%s changed",
				      g->group, g->n, g->n == 1 ? "" : "s")
				: status;
}

static int exec_add_group(struct cli *c, struct opts *o)
{
	struct grouping g = {.o = o, .group = o->operand[0]};
	int status = team_operands(&team_add_group, o, 2, 0);

	if (status == CLI_OK)
		status = team_check_name("group", g.group);
	return status == CLI_OK ? run(c, &g, add) : status;
}

static int exec_edit_group(struct cli *c, struct opts *o)
{
	struct grouping g = {
	    .o = o, .group = o->operand[0], .to = o->value[OPT_NAME]};
	int status = team_operands(&team_edit_group, o, 1, 1);

	if (status == CLI_OK && g.to == NULL) {
		cli_error(NULL, "nothing to change: --name gives the group "
				"another name");
		status = CLI_USAGE;
	}
	if (status == CLI_OK)
		status = team_check_name("group", g.to);
	return status == CLI_OK ? run(c, &g, replace) : status;
}

static int exec_remove_group(struct cli *c, struct opts *o)
{
	struct grouping g = {.o = o, .group = o->operand[0]};
	int status = team_operands(&team_remove_group, o, 1, 0);

	return status == CLI_OK ? run(c, &g, replace) : status;
}

static const enum opt_id add_options[] = {OPT_EXCLUDE, OPT_END};
static const enum opt_id edit_options[] = {OPT_NAME, OPT_END};

const struct cmd_entry team_add_group = {
    .name = "team add group",
    .summary = "put hosts into a group",
    .usage = "GROUP HOST...",
    .detail = "'@GROUP' then means them. A group is there while a host is in "
	      "it.",
    .options = add_options,
    .exec = exec_add_group,
};

const struct cmd_entry team_edit_group = {
    .name = "team edit group",
    .summary = "give a group another name",
    .usage = "--name NEW GROUP",
    .detail = "",
    .options = edit_options,
    .exec = exec_edit_group,
};

const struct cmd_entry team_remove_group = {
    .name = "team remove group",
    .summary = "take a group away, or hosts out of it",
    .usage = "GROUP [HOST...]",
    .detail = "The hosts stay in the team.",
    .options = add_options,
    .exec = exec_remove_group,
};
