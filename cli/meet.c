/* SPDX-License-Identifier: MIT */
/*
 * Reading goes through the agent, so that a member's key can; writing through
 * a command, so that a member's key cannot (team/publish.h).
 */
#include "cli/meet.h"

#include "base/err.h"
#include "base/limits.h"
#include "fleet/fleet.h"
#include "ssh/key.h"

#define PATIENCE_S 30
#define SCRIPT_MOST 8192u
#define KEY_PREFIX "SHA256:"

/* --- reaching ------------------------------------------------------------- */

/* Keeps the fingerprint, wherever it stands in what is told of the step. */
static void on_step(void *arg, const struct aur_fleet_progress *p)
{
	struct meet *m = arg;
	const char *key = strstr(p->text, KEY_PREFIX);

	if (p->step == AUR_FLEET_HOST_KEY && key != NULL &&
	    strlen(key) >= MEET_KEY - 1)
		snprintf(m->host_key, MEET_KEY, "%s", key);
}

int meet_open(struct meet *m, struct cli *c, const struct opts *o,
    struct aur_team *team, size_t host, const struct meet_how *how)
{
	struct session_how with = {
	    .step = on_step, .arg = m, .asked = how != NULL && how->alone};
	struct aur_want want = session_want(AUR_WANT_DOMAIN(LOAD), 0);
	size_t at;
	int status;

	*m = (struct meet){.cli = c};
	aur_buf_init(&m->theirs, AUR_MAX_TEAM_FILE);
	snprintf(m->sum, sizeof(m->sum), "none");
	want.count = 1;
	hosts_begin_team(&m->hosts, o, team);
	m->hosts.alone = how != NULL && how->alone;
	status =
	    hosts_one(&m->hosts, aur_slice_str(team->host[host].name), &at);
	if (status == CLI_OK)
		status = session_open_how(&m->session, c, o, &m->hosts, &with);
	return status == CLI_OK ? session_take(&m->session, &want) : status;
}

void meet_close(struct meet *m)
{
	if (m->session.cli != NULL)
		session_close(&m->session);
	hosts_release(&m->hosts);
	aur_buf_release(&m->theirs);
}

const struct aur_feed_host *meet_host(const struct meet *m)
{
	return m->session.feed->class->host(m->session.feed, 0);
}

int meet_need(const struct meet *m)
{
	const struct aur_feed_host *h = meet_host(m);

	if (h->state == AUR_HOST_UP)
		return CLI_OK;
	cli_error(h->blamed != NULL ? h->blamed : h->name, "%s: %s",
	    aur_host_state_name(h->state),
	    h->error != NULL ? h->error : "no answer in the time of --timeout");
	return CLI_UNSAMPLED;
}

/* --- requests ------------------------------------------------------------- */

/* Until it was answered, the link has ended, or the time is over. */
static int wait_done(struct meet *m)
{
	struct session *s = &m->session;
	int rc = 0;

	s->expired = false;
	session_start_deadline(s);
	while (rc == 0 && !m->done && !s->interrupted && !s->expired)
		rc = aur_loop_run(s->loop);
	aur_timer_stop(s->deadline);
	if (rc < 0)
		return cli_fail(rc);
	if (!m->done && !s->interrupted)
		m->err = AUR_ETIMEOUT;
	return s->interrupted ? CLI_INTERRUPTED : CLI_OK;
}

static void finish(struct meet *m, int err, struct aur_slice text)
{
	m->err = err;
	snprintf(m->why, sizeof(m->why), "%.*s",
	    (int)(text.n < 500 ? text.n : 500),
	    text.n > 0 ? (const char *)text.p : "");
	m->done = true;
	aur_loop_stop(m->session.loop);
}

static void on_team(void *arg, const struct aur_fleet_team *t)
{
	struct meet *m = arg;
	int err = t->err;

	if (err == 0)
		err = aur_buf_add_slice(&m->theirs, t->file);
	finish(m, err, err == t->err ? t->text : aur_slice_str(""));
}

static int tell_unread(const struct meet *m)
{
	if (m->err == AUR_EUNSUPPORTED)
		cli_error(meet_host(m)->name,
		    "its agent is of an older aurora and keeps no teams: "
		    "'aurora agent upgrade %s' renews one that was put there",
		    meet_host(m)->name);
	else
		cli_error(meet_host(m)->name,
		    "the published team cannot be read: %s",
		    m->why[0] != '\0' ? m->why : aur_err_str(m->err));
	return CLI_FAILED;
}

int meet_fetch(struct meet *m)
{
	int status;

	m->done = false;
	m->why[0] = '\0';
	aur_buf_clear(&m->theirs);
	aur_fleet_team(m->session.feed, 0, m->hosts.team->id, on_team, m);
	status = wait_done(m);
	if (status != CLI_OK)
		return status;
	if (m->err < 0 && m->err != AUR_EABSENT)
		return tell_unread(m);
	snprintf(m->sum, sizeof(m->sum), "none");
	if (m->err == 0 && aur_ssh_sha256(aur_buf_peek(&m->theirs), m->sum) < 0)
		return cli_fail(AUR_ENOMEM);
	return CLI_OK;
}

/* --- writing -------------------------------------------------------------- */

static void on_result(void *arg, const struct aur_fleet_result *r)
{
	struct meet *m = arg;
	enum aur_publish_word word = AUR_PUBLISH_FAILED;
	int err = r->err;

	if (err == 0) {
		err = aur_publish_parse(r->out, &word);
		finish(m, err == 0 ? (int)word : err, r->text);
	} else {
		finish(m, err, r->text);
	}
}

static const char *words_for(const struct meet *m)
{
	switch (m->err) {
	case AUR_PUBLISH_CHANGED:
		return "the copy there was changed by somebody else just now, "
		       "and left alone: do it once more";
	case AUR_PUBLISH_LINK:
		return "something else than a file is where the team would be: "
		       "look at ~/.local/state/aurora/teams there";
	case AUR_PUBLISH_NO_HASH:
		return "it has neither sha256sum nor shasum nor openssl, which "
		       "publishing needs";
	case AUR_PUBLISH_FAILED:
		return "the team cannot be written there: look at the rights "
		       "of ~/.local/state/aurora, and for room";
	case AUR_EPROTOCOL:
		return "the login does not run what it is asked to: publishing "
		       "needs one that may, not a member's key";
	default:
		return m->why[0] != '\0' ? m->why : aur_err_str(m->err);
	}
}

static int run_script(struct meet *m, struct aur_buf *script, int rc,
    struct aur_slice input, enum aur_publish_word good)
{
	int status = CLI_OK;

	if (rc == 0 && aur_buf_str(script) == NULL)
		rc = AUR_ENOMEM;
	if (rc < 0)
		return cli_fail(rc);
	m->done = false;
	aur_fleet_exec(m->session.feed, 0, aur_buf_str(script), input,
	    aur_span_seconds(PATIENCE_S), on_result, m);
	/* Ctrl-C does not leave it half told: it ends by its deadline */
	while (!m->done && (status == CLI_OK || status == CLI_INTERRUPTED))
		status = session_run(&m->session);
	if (!m->done)
		return status;
	if (m->err == (int)good)
		return CLI_OK;
	cli_error(meet_host(m)->name, "%s", words_for(m));
	return CLI_FAILED;
}

int meet_write(struct meet *m, struct aur_slice text)
{
	struct aur_buf script;
	int rc, status;

	aur_buf_init(&script, SCRIPT_MOST);
	rc = aur_publish_script(&script, m->hosts.team->id, m->sum, text.n);
	status = run_script(m, &script, rc, text, AUR_PUBLISH_WRITTEN);
	aur_buf_release(&script);
	return status;
}

int meet_remove(struct meet *m)
{
	struct aur_buf script;
	int rc, status;

	aur_buf_init(&script, SCRIPT_MOST);
	rc = aur_unpublish_script(&script, m->hosts.team->id);
	status =
	    run_script(m, &script, rc, aur_slice_str(""), AUR_PUBLISH_REMOVED);
	aur_buf_release(&script);
	return status;
}
