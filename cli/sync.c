/* SPDX-License-Identifier: MIT */
/*
 * A host's way. Each arrow is a script of team/keys_host.h, run beside the
 * agent's login.
 *
 *	look --> planned --nothing is new--------------------> final --> done
 *	            |                                            ^
 *	            +--new lines--> trial --logins--> holds -----+
 *	                                         `--> does not: final is the
 *	                                              old file, less who is gone
 *
 * The trial is the old file and a throw-away line for each role that is given
 * to somebody new, so nobody is let in by a line that was not proven. The
 * final file is written whatever becomes of the proof, and Ctrl-C does not
 * keep it from it. If the connection goes in between, the throw-away line
 * stays, and that is said; its key is gone with this program, and the next
 * sync takes the line out like any other of the team's that should not be.
 *
 * A look may be out of date when it is acted on. So every writing names the
 * sum of what was there before, and does nothing where that is another.
 */
#include "cli/sync.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#define PATIENCE_S 30
#define SCRIPT_MOST 8192u

struct step {
	/* What is run on a host, and its input. 0, or an error. */
	int (*prepare)(struct sync_host *h, const struct sync *s,
	    struct aur_buf *script, struct aur_slice *ret_input);
	bool (*wants)(const struct sync_host *h);
	void (*take)(struct sync_host *h, struct sync *s, struct aur_slice out);
};

struct running {
	struct sync *sync;
	const struct step *step;
	size_t open;
};

struct job {
	struct running *running;
	struct sync_host *host;
};

static const struct aur_team_host *in_team(
    const struct sync *s, const struct sync_host *h)
{
	return &s->hosts.team->host[h->host];
}

/* --- one step on all hosts ------------------------------------------------ */

static void fail(struct sync_host *h, const char *what)
{
	cli_error(h->name, "%s", what);
	h->wrong = true;
}

static void on_result(void *arg, const struct aur_fleet_result *r)
{
	struct job *j = arg;
	char text[512];

	if (r->err < 0) {
		snprintf(text, sizeof text, "%.*s",
		    (int)(r->text.n < 500 ? r->text.n : 500),
		    (const char *)r->text.p);
		fail(j->host, text);
	} else {
		j->running->step->take(j->host, j->running->sync, r->out);
	}
	if (--j->running->open == 0)
		aur_loop_stop(j->running->sync->session.loop);
}

static int begin(struct job *j, size_t i)
{
	struct sync *s = j->running->sync;
	struct aur_slice input = {NULL, 0};
	struct aur_buf script;
	int rc;

	aur_buf_init(&script, SCRIPT_MOST);
	rc = j->running->step->prepare(j->host, s, &script, &input);
	if (rc == 0 && aur_buf_str(&script) == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0) {
		j->running->open++;
		aur_fleet_exec(s->session.feed, i, aur_buf_str(&script), input,
		    aur_span_seconds(PATIENCE_S), on_result, j);
	}
	aur_buf_release(&script);
	return rc;
}

/* Ctrl-C ends the loop, and it goes on: see above. */
static int run(struct sync *s, const struct step *step)
{
	struct running r = {.sync = s, .step = step, .open = 1};
	struct job *job = aur_mem_new(s->n + 1, sizeof *job);
	int rc = job != NULL ? 0 : AUR_ENOMEM;

	for (size_t i = 0; i < s->n && rc == 0; i++) {
		job[i] = (struct job){.running = &r, .host = &s->host[i]};
		if (step->wants(&s->host[i]))
			rc = begin(&job[i], i);
	}
	r.open--;
	while (r.open > 0)
		if (aur_loop_run(s->session.loop) < 0)
			break;
	aur_mem_free(job);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
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

/* Says what an answer means that is no success. */
static void refuse(struct sync_host *h, enum aur_keys_word word)
{
	switch (word) {
	case AUR_KEYS_CHANGED:
		fail(h, "~/.ssh/authorized_keys was changed by somebody else "
			"just now, and left alone: 'aurora team sync' again");
		break;
	case AUR_KEYS_LINK:
		fail(h, "~/.ssh/authorized_keys is a link, which would be "
			"replaced by a file: make it a file first");
		break;
	default:
		fail(h, "~/.ssh/authorized_keys cannot be read or written "
			"there: look at the rights of ~/.ssh, and for room");
	}
}

static void not_ours(struct sync_host *h)
{
	fail(h, "the login does not run what it is asked to: sync needs one "
		"that may, not a member's key");
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
		not_ours(h);
		return;
	}
	if (h->seen.word != AUR_KEYS_READ) {
		refuse(h, h->seen.word);
		return;
	}
	snprintf(h->sum, sizeof h->sum, "%s", h->seen.sum);
	rc = aur_buf_add_slice(&h->file, h->seen.file);
	h->seen.file = (struct aur_slice){NULL, 0};
	if (rc == 0)
		rc = keep_agent(h, s);
	if (rc < 0)
		fail(h, aur_err_str(rc));
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
	const struct aur_team *t = s->hosts.team;
	const char *agent = h->agent.n > 0 ? aur_buf_str(&h->agent) : NULL;
	int rc;

	if (agent == NULL && has_keys(t)) {
		cli_error(h->name,
		    "%s is not there, so members get no line: install the "
		    "agent first",
		    command_of(s, h));
		h->wrong = true;
	}
	rc = aur_keys_plan(&h->plan, aur_buf_peek(&h->file), t, h->host, agent);
	if (rc < 0) {
		aur_keys_plan_release(&h->plan);
		fail(h, aur_err_str(rc));
		return;
	}
	h->wrong = h->wrong || h->plan.nrefused > 0;
}

static const struct step look_step = {prepare_look, wants_look, take_look};

int sync_look(struct sync *s)
{
	int status = run(s, &look_step);

	for (size_t i = 0; i < s->n && status == CLI_OK; i++)
		if (wants_look(&s->host[i]))
			plan_host(&s->host[i], s);
	return status == CLI_OK && s->session.interrupted ? CLI_INTERRUPTED
							  : status;
}

/* --- writing -------------------------------------------------------------- */

static int prepare_write(struct sync_host *h, const struct sync *s,
    struct aur_buf *script, struct aur_slice *ret_input)
{
	(void)s;
	*ret_input = aur_buf_peek(&h->text);
	return aur_keys_write_script(
	    script, h->sum, h->text.n, h->backup[0] == '\0');
}

/* Whether it was written; else it was said. */
static bool take_written(struct sync_host *h, struct aur_slice out)
{
	struct aur_keys_answer a;

	if (aur_keys_write_parse(out, &a) < 0)
		not_ours(h);
	else if (a.word != AUR_KEYS_WRITTEN)
		refuse(h, a.word);
	else {
		snprintf(h->sum, sizeof h->sum, "%s", a.sum);
		if (a.backup[0] != '\0')
			snprintf(h->backup, sizeof h->backup, "%s", a.backup);
		return true;
	}
	return false;
}

static bool changes(const struct sync_host *h)
{
	return h->plan.nadd + h->plan.ntake > 0;
}

static bool wants_trial(const struct sync_host *h)
{
	return h->plan.nadd > 0;
}

static void take_trial(
    struct sync_host *h, struct sync *s, struct aur_slice out)
{
	(void)s;
	h->tried = take_written(h, out);
}

/* After a trial always; without one where there is something to write. */
static bool wants_final(const struct sync_host *h)
{
	return h->tried || (changes(h) && h->plan.nadd == 0);
}

static void take_final(
    struct sync_host *h, struct sync *s, struct aur_slice out)
{
	(void)s;
	if (!take_written(h, out))
		return;
	h->tried = false;
	h->done = !h->unproven;
}

static const struct step trial_step = {prepare_write, wants_trial, take_trial};
static const struct step final_step = {prepare_write, wants_final, take_final};

/* The first member of a role that gets a new line on the host. */
static bool find_new(const struct sync *s, const struct sync_host *h,
    enum aur_team_role role, size_t *ret_member)
{
	for (size_t i = 0; i < h->plan.n; i++) {
		const struct aur_keys_change *c = &h->plan.change[i];

		if (c->kind != AUR_KEYS_ADD ||
		    s->hosts.team->member[c->member].role != role)
			continue;
		*ret_member = c->member;
		return true;
	}
	return false;
}

static int add_trial(
    struct sync *s, struct sync_host *h, enum aur_team_role role)
{
	struct aur_buf line;
	const char *key;
	size_t member;
	int rc, status;

	if (!find_new(s, h, role, &member))
		return CLI_OK;
	status = proof_key(&s->proof, role, &key);
	if (status != CLI_OK)
		return status;
	aur_buf_init(&line, AUR_MAX_SSH_LINE);
	rc = aur_keys_line(
	    &line, s->hosts.team, h->host, aur_buf_str(&h->agent), member, key);
	if (rc == 0)
		rc = aur_keys_append(&h->text, aur_buf_peek(&line));
	aur_buf_release(&line);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

static int make_trials(struct sync *s)
{
	int rc, status = proof_begin(&s->proof);

	for (size_t i = 0; i < s->n && status == CLI_OK; i++) {
		struct sync_host *h = &s->host[i];

		if (!wants_trial(h))
			continue;
		aur_buf_clear(&h->text);
		rc = aur_buf_add_slice(&h->text, aur_buf_peek(&h->file));
		status = rc < 0 ? cli_fail(rc) : CLI_OK;
		for (int role = 0; role < PROOF_ROLES && status == CLI_OK;
		     role++)
			status = add_trial(s, h, (enum aur_team_role)role);
	}
	return status;
}

/* --- the proof ------------------------------------------------------------ */

static size_t list_tries(const struct sync *s, struct proof_try *try)
{
	size_t n = 0, member;

	for (size_t i = 0; i < s->n; i++)
		for (int role = 0; role < PROOF_ROLES && s->host[i].tried;
		     role++)
			if (find_new(s, &s->host[i], (enum aur_team_role)role,
				&member))
				try[n++] = (struct proof_try){.host = i,
				    .role = (enum aur_team_role)role};
	return n;
}

static void judge(struct sync *s, const struct proof_try *try, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sync_host *h = &s->host[try[i].host];

		if (try[i].good)
			continue;
		cli_error(h->name,
		    "a throw-away key as %s did not prove its line, so nobody "
		    "got one: %s: look at AuthorizedKeysFile and "
		    "AuthorizedKeysCommand of its sshd",
		    aur_team_role_name(try[i].role), try[i].why);
		h->wrong = h->unproven = true;
	}
}

static int prove(struct sync *s)
{
	struct proof_try *try =
	    aur_mem_new(s->n * PROOF_ROLES + 1, sizeof *try);
	int status = CLI_OK;
	size_t n;

	if (try == NULL)
		return cli_fail(AUR_ENOMEM);
	n = list_tries(s, try);
	if (n > 0)
		status = proof_run(&s->proof, &s->session, &s->hosts, try, n);
	if (status == CLI_OK)
		judge(s, try, n);
	aur_mem_free(try);
	return status;
}

/* Where the proof failed: the file as it was, less who is gone. */
static int make_less(struct sync *s, struct sync_host *h)
{
	struct aur_keys_plan less;
	int rc = aur_keys_plan(
	    &less, aur_buf_peek(&h->file), s->hosts.team, h->host, NULL);

	if (rc == 0)
		rc = aur_buf_add_slice(&h->text, aur_buf_peek(&less.text));
	aur_keys_plan_release(&less);
	return rc;
}

static int make_final(struct sync *s, struct sync_host *h)
{
	aur_buf_clear(&h->text);
	return h->unproven
		   ? make_less(s, h)
		   : aur_buf_add_slice(&h->text, aur_buf_peek(&h->plan.text));
}

/* --- all of it ------------------------------------------------------------ */

static int write_finals(struct sync *s)
{
	int rc = 0;

	for (size_t i = 0; i < s->n && rc == 0; i++)
		if (wants_final(&s->host[i]))
			rc = make_final(s, &s->host[i]);
	return rc < 0 ? cli_fail(rc) : run(s, &final_step);
}

/* Whatever was in the way of taking a throw-away line out again. */
static void tell_left(const struct sync *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->host[i].tried)
			cli_error(s->host[i].name,
			    "the line of a throw-away key, which nobody has "
			    "any more, still stands there: 'aurora team sync "
			    "%s' takes it out",
			    s->host[i].name);
}

int sync_write(struct sync *s)
{
	int status = make_trials(s), last;

	if (status != CLI_OK)
		return status;
	status = run(s, &trial_step);
	if (status == CLI_OK && !s->session.interrupted)
		status = prove(s);
	for (size_t i = 0; i < s->n; i++)
		if (s->host[i].tried &&
		    (status != CLI_OK || s->session.interrupted))
			s->host[i].wrong = s->host[i].unproven = true;
	last = write_finals(s);
	tell_left(s);
	if (status == CLI_OK)
		status = last;
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
