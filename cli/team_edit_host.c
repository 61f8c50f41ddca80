/* SPDX-License-Identifier: MIT */
/*
 * team edit host: what the line says is put over the hosts it names; the rest
 * of them stays.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/team_spec.h"

struct editing {
	const struct opts *o;
	struct team_spec spec;
	size_t n; /* changed */
};

static int edit_one(struct editing *e, struct aur_team *t, size_t i)
{
	struct aur_team_host h = t->host[i];
	struct team_lists lists;
	char why[AUR_TEAM_WHY];
	int rc;

	if (e->o->value[OPT_NAME] != NULL)
		h.name = e->o->value[OPT_NAME];
	team_spec_apply(&e->spec, &h, &lists);
	rc = aur_team_put_host(t, i, &h, why, sizeof(why));
	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

static int edit(struct aur_team *t, void *arg)
{
	struct editing *e = arg;
	size_t *host = NULL;
	int status = team_pick(t, e->o, 0, &host, &e->n);

	if (status == CLI_OK && e->n > 1 &&
	    (e->o->value[OPT_NAME] != NULL || e->spec.has_address)) {
		cli_error(NULL,
		    "options '--name' and '--address' are for one host, not "
		    "%zu",
		    e->n);
		status = CLI_USAGE;
	}
	for (size_t i = 0; status == CLI_OK && i < e->n; i++)
		status = edit_one(e, t, host[i]);
	aur_mem_free(host);
	return status;
}

static int check(const struct opts *o)
{
	int status = team_operands(&team_edit_host, o, 1, 0);
	size_t given = o->ngiven;

	if (o->value[OPT_TEAM] != NULL)
		given -= o->seen[OPT_TEAM];
	if (o->value[OPT_COLOR] != NULL)
		given -= o->seen[OPT_COLOR];
	if (status == CLI_OK && given == 0) {
		cli_error(NULL, "nothing to change: 'aurora help team edit "
				"host' lists what can be");
		status = CLI_USAGE;
	}
	if (status == CLI_OK && o->value[OPT_NAME] != NULL)
		status = team_check_name("host", o->value[OPT_NAME]);
	return status;
}

static int exec_edit_host(struct cli *c, struct opts *o)
{
	struct editing *e = NULL;
	int status = check(o);

	if (status != CLI_OK)
		return status;
	e = aur_mem_new(1, sizeof(*e));
	if (e == NULL)
		return cli_fail(AUR_ENOMEM);
	e->o = o;
	status = team_spec_read(&e->spec, o);
	if (status == CLI_OK)
		status = team_change(o, edit, e);
	if (status == CLI_OK)
		status = team_say(
		    c, "%zu host%s changed", e->n, e->n == 1 ? "" : "s");
	aur_mem_free(e);
	return status;
}

static const enum opt_id options[] = {OPT_NAME, OPT_ADDRESS, OPT_GROUP, OPT_TAG,
    OPT_IDENTITY, OPT_ALIAS, OPT_JUMP, OPT_VIA, OPT_ROLE, OPT_AGENT,
    OPT_HOST_KEY, OPT_END};

const struct cmd_entry team_edit_host = {
    .name = "team edit host",
    .summary = "change what is said of hosts",
    .usage = "OPTION... HOST...",
    .detail = "What no option speaks of stays. --group says all groups of the "
	      "hosts.",
    .options = options,
    .exec = exec_edit_host,
};
