/* SPDX-License-Identifier: MIT */
/*
 * agent upgrade: what was put there is replaced by what this aurora has.
 */
#include "cli/agent_part.h"

#include "base/err.h"

static const enum aur_push_verb verbs[AUR_PUSH_WHERES] = {
    [AUR_PUSH_IN_PATH] = AUR_PUSH_PROBE,
    [AUR_PUSH_PUSHED] = AUR_PUSH_PUT,
    [AUR_PUSH_OF_USER] = AUR_PUSH_USER,
    [AUR_PUSH_OF_SYSTEM] = AUR_PUSH_SYSTEM,
};

static bool is_ours(const struct aur_push_found *f)
{
	return f->where != AUR_PUSH_IN_PATH;
}

/* Where that one lies: it is replaced there. */
static unsigned place_of(
    const struct aur_push_answer *a, const struct aur_push_found *f)
{
	for (unsigned i = 0; i < AUR_PUSH_PLACES; i++)
		if (f->path.n > a->place[i].n && a->place[i].n > 0 &&
		    memcmp(f->path.p, a->place[i].p, a->place[i].n) == 0 &&
		    a->good[i])
			return i;
	return aur_push_place(a, 0);
}

static int renew(struct push_host *h, const struct aur_push_found *f, bool dry)
{
	enum aur_push_verb verb = verbs[f->where];

	if (aur_slice_is(f->version, AUR_VERSION))
		return agent_say(h, "%.*s is of version " AUR_VERSION,
		    (int)f->path.n, (const char *)f->path.p);
	if (!push_can(h, verb))
		return CLI_OK;
	if (verb == AUR_PUSH_PUT)
		h->place = place_of(&h->is, f);
	if (dry)
		return agent_would(h, verb);
	h->todo |= 1u << verb;
	return CLI_OK;
}

static int plan(struct push_host *h, bool dry)
{
	bool any = false;
	int status = CLI_OK;

	if (!h->reached)
		return CLI_OK;
	for (size_t i = 0; i < h->is.nfound && status == CLI_OK; i++) {
		if (!is_ours(&h->is.found[i]))
			continue;
		any = true;
		status = renew(h, &h->is.found[i], dry);
	}
	if (!any) {
		h->failed = true;
		cli_error(push_name(h),
		    "%s: 'aurora agent install %s' puts one there",
		    h->is.nfound > 0 ? "its agent is not from here"
				     : "it has no agent",
		    push_name(h));
	}
	return status;
}

static int exec_upgrade(struct cli *c, struct opts *o)
{
	return agent_run_plan(c, o, plan);
}

static const enum opt_id options[] = {
    OPT_DRY_RUN, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry agent_upgrade = {
    .name = "agent upgrade",
    .summary = "renew the agents that were put on hosts",
    .usage = "[--dry-run] [OPTION...] [HOST...]",
    .detail = "Pushed ones and services; what others installed is left alone.",
    .options = options,
    .exec = exec_upgrade,
};
