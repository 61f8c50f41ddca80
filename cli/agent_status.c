/* SPDX-License-Identifier: MIT */
/*
 * agent status: which agents a host has, and whether one outlives the login.
 */
#include "cli/agent_part.h"

#include "base/err.h"

static const char *const wheres[AUR_PUSH_WHERES] = {
    [AUR_PUSH_IN_PATH] = "in PATH",
    [AUR_PUSH_PUSHED] = "pushed",
    [AUR_PUSH_OF_USER] = "service of the user",
    [AUR_PUSH_OF_SYSTEM] = "service of the host",
};

static const char *life_of(
    const struct aur_push_answer *a, enum aur_push_where where)
{
	if (where == AUR_PUSH_OF_USER)
		return !a->runs_user ? ", not running"
		       : a->linger   ? ", running"
				     : ", running until the last logout";
	if (where == AUR_PUSH_OF_SYSTEM)
		return a->runs_system ? ", running" : ", not running";
	return "";
}

static int tell_found(const struct push_host *h, const struct aur_push_found *f)
{
	bool old = !aur_slice_is(f->version, AUR_VERSION);

	if (f->version.n == 0)
		return agent_say(h, "%s: %.*s does not run there",
		    wheres[f->where], (int)f->path.n, (const char *)f->path.p);
	return agent_say(h, "%s: %.*s, version %.*s%s%s", wheres[f->where],
	    (int)f->path.n, (const char *)f->path.p, (int)f->version.n,
	    (const char *)f->version.p, life_of(&h->is, f->where),
	    old ? "; this aurora has " AUR_VERSION : "");
}

static int tell(const struct push_host *h)
{
	int status = CLI_OK;

	if (!h->reached)
		return CLI_OK;
	for (size_t i = 0; i < h->is.nfound && status == CLI_OK; i++)
		status = tell_found(h, &h->is.found[i]);
	if (h->is.nfound == 0)
		status = agent_say(h, "no agent; a machine of %s",
		    h->is.system[0] != '\0' ? h->is.system : "an unknown kind");
	return status;
}

static int exec_status(struct cli *c, struct opts *o)
{
	struct agent_run r;
	int status = agent_open(&r, c, o);

	for (size_t i = 0; i < r.push.n && status == CLI_OK; i++)
		status = tell(&r.push.host[i]);
	return agent_close(&r, status);
}

static const enum opt_id options[] = {OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry agent_status = {
    .name = "agent status",
    .summary = "which agents hosts have",
    .usage = "[OPTION...] [HOST...]",
    .detail = "In PATH, pushed, or as a service, with version and place.",
    .options = options,
    .exec = exec_status,
};
