/* SPDX-License-Identifier: MIT */
/*
 * agent: the table of its parts, in the order of the alphabet, and what they
 * share. An agent that does not work is no reason not to renew it: what counts
 * is the login.
 */
#include "cli/agent_part.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdarg.h>

static const struct cmd_entry *const parts[] = {
    &agent_install,
    &agent_remove,
    &agent_status,
    &agent_upgrade,
    NULL,
};

static void on_step(void *arg, const struct aur_fleet_progress *p)
{
	struct agent_run *r = arg;

	if (p->step > AUR_FLEET_LOGIN ||
	    (p->step == AUR_FLEET_LOGIN && p->how == AUR_FLEET_DONE))
		r->logged_in[p->host] = true;
}

static bool is_lost(const struct agent_run *r, size_t i)
{
	struct aur_feed *f = r->session.feed;
	enum aur_host_state state = f->class->host(f, i)->state;

	return state != AUR_HOST_UP && state != AUR_HOST_NO_AGENT &&
	       !r->logged_in[i];
}

/* A jump host that is down is said once. */
static void tell_lost(struct agent_run *r)
{
	struct aur_feed *f = r->session.feed;
	const char *blamed = NULL;

	for (size_t i = 0; i < r->session.nhost; i++) {
		const struct aur_feed_host *h = f->class->host(f, i);

		if (!is_lost(r, i))
			continue;
		r->unreached = true;
		if (h->blamed != NULL && blamed != NULL &&
		    strcmp(h->blamed, blamed) == 0)
			continue;
		blamed = h->blamed;
		cli_error(blamed != NULL ? blamed : h->name, "%s: %s",
		    aur_host_state_name(h->state),
		    h->error != NULL ? h->error
				     : "it took longer than --timeout allows");
	}
}

static int reach(struct agent_run *r, struct cli *c, const struct opts *o)
{
	struct session_how how = {.step = on_step, .arg = r};
	struct aur_want want = session_want(aur_want_system(), 0);
	int status;

	r->logged_in = aur_mem_new(r->hosts.select.n + 1, sizeof(bool));
	if (r->logged_in == NULL)
		return cli_fail(AUR_ENOMEM);
	want.count = 1;
	status = session_open_how(&r->session, c, o, &r->hosts, &how);
	return status == CLI_OK ? session_take(&r->session, &want) : status;
}

int agent_open(struct agent_run *r, struct cli *c, const struct opts *o)
{
	int status;

	*r = (struct agent_run){.unreached = false};
	status = hosts_choose(&r->hosts, o);
	if (status == CLI_OK)
		status = reach(r, c, o);
	if (status != CLI_OK)
		return status;
	tell_lost(r);
	return push_begin(&r->push, &r->session, r->logged_in);
}

int agent_close(struct agent_run *r, int status)
{
	if (status == CLI_OK && r->unreached)
		status = CLI_UNSAMPLED;
	for (size_t i = 0; i < r->push.n; i++)
		if (r->push.host != NULL && r->push.host[i].failed &&
		    (status == CLI_OK || status == CLI_UNSAMPLED))
			status = CLI_FAILED;
	session_close(&r->session);
	push_release(&r->push);
	hosts_release(&r->hosts);
	aur_mem_free(r->logged_in);
	return status;
}

int agent_run_plan(struct cli *c, const struct opts *o, agent_plan_fn plan)
{
	struct agent_run r;
	int status = agent_open(&r, c, o);

	for (size_t i = 0; i < r.push.n && status == CLI_OK; i++)
		status = plan(&r.push.host[i], o->seen[OPT_DRY_RUN] > 0);
	if (status == CLI_OK)
		status = push_work(&r.push);
	return agent_close(&r, status);
}

int agent_say(const struct push_host *h, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return push_say(h, aur_slice_str(text));
}

int agent_would(const struct push_host *h, enum aur_push_verb verb)
{
	const struct aur_push_answer *a = &h->is;
	int status = CLI_OK;

	if (verb == AUR_PUSH_PUT)
		return agent_say(h, "would put %.*s/aurora-agentd, for %s",
		    (int)a->place[h->place].n,
		    (const char *)a->place[h->place].p, a->system);
	if (verb == AUR_PUSH_USER) {
		status = agent_say(h,
		    "would put ~/.local/bin/aurora-agentd, for %s, and start "
		    "a service of the user with systemd",
		    a->system);
		if (status == CLI_OK && !a->linger)
			status = agent_say(h,
			    "would let the services of this user outlive its "
			    "logins (loginctl enable-linger)");
		return status;
	}
	return agent_say(h,
	    "would put /usr/local/bin/aurora-agentd, for %s, and start a "
	    "service of the host with %s, as the user aurora",
	    a->system, a->systemd ? "systemd" : "OpenRC");
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry cmd_agent = {
    .name = "agent",
    .summary = "agents on hosts: put there, renewed, taken away",
    .usage = "COMMAND [ARG...]",
    .detail = "A host that has no aurora-agentd is given one over the same "
	      "connection.",
    .options = options,
    .part = parts,
};
