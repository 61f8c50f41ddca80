/* SPDX-License-Identifier: MIT */
/*
 * agent remove: takes away what push, install and upgrade put on hosts, and
 * tells what remains.
 */
#include "cli/agent_part.h"

#include "base/err.h"

static int would(const struct push_host *h)
{
	int status = CLI_OK;

	for (size_t i = 0; i < h->is.nfound && status == CLI_OK; i++) {
		const struct aur_push_found *f = &h->is.found[i];
		bool stays = f->where == AUR_PUSH_IN_PATH ||
			     (f->where == AUR_PUSH_OF_SYSTEM && !h->is.root);

		status = agent_say(h, "%s %.*s%s",
		    stays ? "would leave" : "would take away", (int)f->path.n,
		    (const char *)f->path.p,
		    f->where == AUR_PUSH_OF_USER ||
			    f->where == AUR_PUSH_OF_SYSTEM
			? " and its service"
			: "");
	}
	return status;
}

static int plan(struct push_host *h, bool dry)
{
	if (!h->reached)
		return CLI_OK;
	if (h->is.nfound == 0)
		return agent_say(h, "nothing is there");
	if (dry)
		return would(h);
	h->todo = PUSH_REMOVE;
	return CLI_OK;
}

static int exec_remove(struct cli *c, struct opts *o)
{
	return agent_run_plan(c, o, plan);
}

static const enum opt_id options[] = {
    OPT_DRY_RUN, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry agent_remove = {
    .name = "agent remove",
    .summary = "take away the agents that were put on hosts",
    .usage = "[--dry-run] [OPTION...] [HOST...]",
    .detail = "Pushed ones and services; tells what remains, as what others "
	      "installed.",
    .options = options,
    .exec = exec_remove,
};
