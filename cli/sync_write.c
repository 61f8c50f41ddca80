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
#include "cli/sync_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

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
		sync_not_ours(h);
	else if (a.word != AUR_KEYS_WRITTEN)
		sync_refuse(h, a.word);
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

static const struct sync_step trial_step = {
    prepare_write, wants_trial, take_trial};
static const struct sync_step final_step = {
    prepare_write, wants_final, take_final};

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
	return rc < 0 ? cli_fail(rc) : sync_step(s, &final_step);
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
	status = sync_step(s, &trial_step);
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
