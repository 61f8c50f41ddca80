/* SPDX-License-Identifier: MIT */
/*
 * agent install: a service on the host that outlives the login.
 */
#include "cli/agent_part.h"

#include "base/err.h"

/* Who may do both and says nothing means the host's. */
static enum aur_push_verb verb_for(
    const struct push_host *h, const struct opts *o)
{
	if (o->seen[OPT_SYSTEM] > 0)
		return AUR_PUSH_SYSTEM;
	if (o->seen[OPT_OF_USER] > 0)
		return AUR_PUSH_USER;
	return h->is.root && (h->is.systemd || h->is.openrc) ? AUR_PUSH_SYSTEM
							     : AUR_PUSH_USER;
}

static int plan(struct push_host *h, const struct opts *o)
{
	enum aur_push_verb verb;

	if (!h->reached)
		return CLI_OK;
	verb = verb_for(h, o);
	if (!push_can(h, verb))
		return CLI_OK;
	if (o->seen[OPT_DRY_RUN] > 0)
		return agent_would(h, verb);
	h->todo = 1u << verb;
	return CLI_OK;
}

static int exec_install(struct cli *c, struct opts *o)
{
	struct agent_run r;
	int status;

	if (o->seen[OPT_SYSTEM] > 0 && o->seen[OPT_OF_USER] > 0) {
		cli_error(NULL, "--user or --system, not both");
		return CLI_USAGE;
	}
	status = agent_open(&r, c, o);
	for (size_t i = 0; i < r.push.n && status == CLI_OK; i++)
		status = plan(&r.push.host[i], o);
	if (status == CLI_OK)
		status = push_work(&r.push);
	return agent_close(&r, status);
}

static const enum opt_id options[] = {
    OPT_OF_USER, OPT_SYSTEM, OPT_DRY_RUN, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry agent_install = {
    .name = "agent install",
    .summary = "make the agent a service of hosts",
    .usage = "[--user|--system] [--dry-run] [OPTION...] [HOST...]",
    .detail =
	"Of the host where we are root there, or sudo wants no password: with\n"
	"systemd or OpenRC, as the user aurora. Else of the user, with the\n"
	"user's systemd, and made to outlive the login where that is allowed.",
    .options = options,
    .exec = exec_install,
};
