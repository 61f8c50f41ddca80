/* SPDX-License-Identifier: MIT */
/*
 * Reaching hosts, looking at their files, planning. Nothing here changes
 * anything on a host.
 */
#include "cli/sync_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

static const struct aur_team_host *in_team(
    const struct sync *s, const struct sync_host *h)
{
	return &s->hosts.team->host[h->host];
}

/* --- looking -------------------------------------------------------------- */

static bool wants_look(const struct sync_host *h)
{
	return !h->lost && !h->wrong;
}

static const char *command_of(const struct sync *s, const struct sync_host *h)
{
	const char *agent = in_team(s, h)->agent;

	return agent != NULL ? agent : AUR_FLEET_AGENT_COMMAND;
}

static int prepare_look(struct sync_host *h, const struct sync *s,
    struct aur_buf *script, struct aur_slice *ret_input)
{
	int rc = aur_keys_look_script(script, command_of(s, h));

	(void)ret_input;
	if (rc == AUR_EINVALID) {
		cli_error(h->name,
		    "the agent's command '%s' cannot stand in "
		    "authorized_keys: give a path and plain words with "
		    "'aurora team edit host --agent'",
		    command_of(s, h));
		h->wrong = true;
		return aur_buf_add_str(script, ":");
	}
	return rc;
}

/* The words of the command with the path in the place of the first. */
static int keep_agent(struct sync_host *h, const struct sync *s)
{
	const char *rest = strchr(command_of(s, h), ' ');

	aur_buf_init(&h->agent, AUR_MAX_LINE);
	if (h->seen.agent[0] == '\0')
		return 0;
	return aur_buf_addf(
	    &h->agent, "%s%s", h->seen.agent, rest != NULL ? rest : "");
}

static void take_look(struct sync_host *h, struct sync *s, struct aur_slice out)
{
	int rc = 0;

	if (h->wrong)
		return;
	if (aur_keys_look_parse(out, &h->seen) < 0) {
		sync_not_ours(h);
		return;
	}
	if (h->seen.word != AUR_KEYS_READ) {
		sync_refuse(h, h->seen.word);
		return;
	}
	snprintf(h->sum, sizeof h->sum, "%s", h->seen.sum);
	rc = aur_buf_add_slice(&h->file, h->seen.file);
	h->seen.file = (struct aur_slice){NULL, 0};
	if (rc == 0)
		rc = keep_agent(h, s);
	if (rc < 0)
		sync_fail(h, aur_err_str(rc));
}

static bool has_keys(const struct aur_team *t)
{
	for (size_t i = 0; i < t->nmember; i++)
		if (t->member[i].key != NULL)
			return true;
	return false;
}

static void plan_host(struct sync_host *h, struct sync *s)
{
	const char *agent = h->agent.n > 0 ? aur_buf_str(&h->agent) : NULL;
	struct aur_team nobody = *s->hosts.team;
	const struct aur_team *t = s->clean ? &nobody : s->hosts.team;
	int rc;

	nobody.nmember = 0;
	if (agent == NULL && has_keys(t)) {
		cli_error(h->name,
		    "%s is not there, so members get no line: 'aurora agent "
		    "install %s' first",
		    command_of(s, h), h->name);
		h->wrong = true;
	}
	rc = aur_keys_plan(&h->plan, aur_buf_peek(&h->file), t, h->host, agent);
	if (rc < 0) {
		aur_keys_plan_release(&h->plan);
		sync_fail(h, aur_err_str(rc));
		return;
	}
	h->wrong = h->wrong || h->plan.nrefused > 0;
}

static const struct sync_step look_step = {prepare_look, wants_look, take_look};

int sync_look(struct sync *s)
{
	int status = sync_step(s, &look_step);

	for (size_t i = 0; i < s->n && status == CLI_OK; i++)
		if (wants_look(&s->host[i]))
			plan_host(&s->host[i], s);
	return status == CLI_OK && s->session.interrupted ? CLI_INTERRUPTED
							  : status;
}

/* --- beginning and end ---------------------------------------------------- */

/* All picks as hosts of the team. */
static int list_hosts(struct sync *s)
{
	const struct aur_select *picks = &s->hosts.select;

	if (s->hosts.team == NULL) {
		cli_error(NULL, "there is no team, or none of its hosts is "
				"meant: 'aurora team list' shows them");
		return CLI_USAGE;
	}
	s->host = aur_mem_new(picks->n + 1, sizeof *s->host);
	if (s->host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (s->n = 0; s->n < picks->n; s->n++) {
		const struct aur_pick *p = &picks->pick[s->n];
		struct sync_host *h = &s->host[s->n];

		if (p->kind != AUR_PICK_HOST) {
			cli_error(NULL, "'%s' is no host of the team", p->name);
			return CLI_USAGE;
		}
		h->host = p->host;
		h->name = p->name;
		aur_buf_init(&h->file, AUR_MAX_AUTHORIZED_KEYS);
		aur_buf_init(&h->text, AUR_MAX_AUTHORIZED_KEYS);
	}
	return CLI_OK;
}

/* A host without an agent can be written to all the same. */
static void find_lost(struct sync *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct aur_feed_host *f =
		    s->session.feed->class->host(s->session.feed, i);

		if (f->state == AUR_HOST_UP || f->state == AUR_HOST_NO_AGENT)
			continue;
		cli_error(f->name, "%s: %s", aur_host_state_name(f->state),
		    f->error != NULL ? f->error
				     : "no answer in the time of --timeout");
		s->host[i].lost = true;
	}
}

int sync_open(struct sync *s, struct cli *c, const struct opts *o)
{
	const struct aur_want want = session_want(AUR_WANT_DOMAIN(LOAD), 0);
	int status;

	*s = (struct sync){.cli = c};
	status = hosts_choose(&s->hosts, o);
	if (status == CLI_OK)
		status = list_hosts(s);
	if (status == CLI_OK)
		status = session_open(&s->session, c, o, &s->hosts);
	if (status == CLI_OK)
		status = session_take(&s->session, &want);
	if (status != CLI_OK)
		return status;
	find_lost(s);
	s->session.timed = false; /* from here on each step has its own */
	aur_timer_stop(s->session.deadline);
	return CLI_OK;
}

void sync_close(struct sync *s)
{
	if (s->session.cli != NULL)
		session_close(&s->session);
	proof_end(&s->proof);
	for (size_t i = 0; i < s->n; i++) {
		aur_buf_release(&s->host[i].file);
		aur_buf_release(&s->host[i].text);
		aur_buf_release(&s->host[i].agent);
		aur_keys_plan_release(&s->host[i].plan);
	}
	aur_mem_free(s->host);
	hosts_release(&s->hosts);
}
