/* SPDX-License-Identifier: MIT */
/*
 * A one-shot ends at the first failure of a host instead of waiting for the
 * link's next try: a script wants to know now, and can call again.
 */
#include "cli/session.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet.h"
#include "history/history.h"

#include <signal.h>
#include <sys/resource.h>

static void write_log(void *arg, enum aur_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	cli_error(NULL, "%s", line);
}

static bool has_failed(enum aur_host_state state)
{
	return state != AUR_HOST_UP && state != AUR_HOST_CONNECTING;
}

static bool is_done(const struct session *s)
{
	for (size_t i = 0; i < s->nhost; i++)
		if (s->got[i] < s->goal[i] &&
		    !has_failed(s->feed->class->host(s->feed, i)->state))
			return false;
	return true;
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct session *s = arg;

	if (changes & AUR_FEED_SAMPLE)
		s->got[host]++;
	if (s->changed != NULL)
		s->changed(s->arg, host, changes);
	if (s->waiting && (changes & (AUR_FEED_SAMPLE | AUR_FEED_STATE)) &&
	    is_done(s))
		aur_loop_stop(s->loop);
}

static void on_deadline(void *arg)
{
	struct session *s = arg;

	s->expired = true;
	aur_loop_stop(s->loop);
}

static void on_interrupt(void *arg)
{
	struct session *s = arg;

	s->interrupted = true;
	aur_loop_stop(s->loop);
}

/* A few descriptors for each host: the soft limit is often 1024 for the sake
 * of programs that use select(), and may be raised by anybody. */
static void allow_descriptors(size_t nhost)
{
	struct rlimit r;
	rlim_t need = 64 + 4 * (rlim_t)nhost;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur >= need)
		return;
	r.rlim_cur = need < r.rlim_max ? need : r.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &r);
}

int session_feed(struct aur_feed **ret_feed, struct aur_loop *loop,
    const struct hosts *h, struct aur_fleet_options *options)
{
	options->jumps = h->jump;
	options->njump = h->njump;
	options->askpass = true; /* main.c looks for it */
	allow_descriptors(h->n);
	return aur_fleet_new(ret_feed, loop, h->reach, h->n, options);
}

static void set_deadline(struct session *s, struct aur_span left)
{
	s->ends = aur_mono_add(aur_clock_mono(), left);
	aur_timer_start(s->deadline, left);
}

void session_start_deadline(struct session *s)
{
	set_deadline(s, s->timeout);
}

/* The time in which somebody thinks is not the hosts'. */
static void on_busy(void *arg, bool open)
{
	struct session *s = arg;

	if (open) {
		s->left = aur_mono_since(s->ends, aur_clock_mono());
		aur_timer_stop(s->deadline);
	} else if (s->timed) {
		set_deadline(s, s->left);
	}
}

static void on_question(void *arg, const struct aur_fleet_question *question)
{
	struct session *s = arg;

	ask_on_question(&s->ask, question);
}

static void on_step(void *arg, const struct aur_fleet_progress *progress)
{
	struct session *s = arg;

	s->how.step(s->how.arg, progress);
}

static int open_feed(
    struct session *s, const struct opts *o, const struct hosts *h)
{
	struct aur_fleet_options options = {
	    .log = s->cli->verbose ? &s->log : NULL,
	    .once = o->seen[OPT_WATCH] == 0 && !s->how.stays,
	    .asked = s->how.asked || (h->named && ask_can()),
	    .accept_new = s->how.accept_new,
	    .ask = ask_can() ? on_question : NULL,
	    .step = s->how.step != NULL ? on_step : NULL,
	    .arg = s,
	};
	int rc;

	ask_init(&s->ask, s->loop, NULL);
	s->ask.busy = on_busy;
	s->ask.arg = s;
	rc = session_feed(&s->feed, s->loop, h, &options);
	s->ask.feed = s->feed;
	if (rc == 0 && s->how.stays)
		rc = aur_record_new(&s->feed, s->feed, NULL, NULL);
	return rc;
}

static int make_counts(struct session *s)
{
	s->nhost = s->feed->class->count(s->feed);
	s->got = aur_mem_new(s->nhost, sizeof *s->got);
	s->goal = aur_mem_new(s->nhost, sizeof *s->goal);
	s->told = aur_mem_new(s->nhost, sizeof *s->told);
	return s->got != NULL && s->goal != NULL && s->told != NULL
		   ? 0
		   : AUR_ENOMEM;
}

int session_open(
    struct session *s, struct cli *c, const struct opts *o, struct hosts *hosts)
{
	return session_open_how(s, c, o, hosts, NULL);
}

int session_open_how(struct session *s, struct cli *c, const struct opts *o,
    struct hosts *hosts, const struct session_how *how)
{
	int rc, status;

	*s = (struct session){.cli = c, .timeout = aur_span_seconds(10)};
	if (how != NULL)
		s->how = *how;
	s->log.write = write_log;
	s->log.most = AUR_LOG_DEBUG;
	status = opt_seconds(o, OPT_TIMEOUT, 0.1, 3600, &s->timeout);
	if (status == CLI_OK)
		status = hosts_reach(hosts);
	if (status != CLI_OK)
		return status;
	rc = aur_loop_new(&s->loop);
	if (rc == 0)
		rc = aur_timer_new(s->loop, on_deadline, s, &s->deadline);
	if (rc == 0)
		rc = aur_signal_new(
		    s->loop, SIGINT, on_interrupt, s, &s->sigint);
	if (rc == 0)
		rc = open_feed(s, o, hosts);
	if (rc == AUR_EINVALID) {
		cli_error(NULL,
		    "these hosts cannot be reached together: "
		    "their jumps form a ring, or two have one name");
		return CLI_FAILED;
	}
	if (rc == 0)
		rc = make_counts(s);
	if (rc < 0)
		return cli_fail(rc);
	s->feed->class->listen(s->feed, on_change, s);
	s->timed = true;
	session_start_deadline(s);
	return CLI_OK;
}

int session_open_feed(struct session *s, struct cli *c, struct aur_feed *feed)
{
	int rc;

	*s = (struct session){.cli = c, .feed = feed};
	ask_init(&s->ask, NULL, NULL);
	rc = make_counts(s);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

void session_close(struct session *s)
{
	s->timed = false;
	if (s->feed != NULL) {
		ask_release(&s->ask);
		s->feed->class->free(s->feed);
	}
	aur_signal_free(s->sigint);
	aur_timer_free(s->deadline);
	aur_loop_free(s->loop);
	aur_mem_free(s->got);
	aur_mem_free(s->goal);
	aur_mem_free(s->told);
	*s = (struct session){0};
}

int session_ask(struct session *s, size_t host, const struct aur_want *want)
{
	s->got[host] = 0;
	s->goal[host] = want->count;
	return s->feed->class->want(s->feed, host, want);
}

int session_wait(struct session *s)
{
	int rc = 0;

	s->waiting = true;
	if (!is_done(s) && !s->expired)
		rc = aur_loop_run(s->loop);
	s->waiting = false;
	for (size_t i = 0; i < s->nhost; i++)
		s->goal[i] = 0;
	if (rc < 0)
		return cli_fail(rc);
	return s->interrupted ? CLI_INTERRUPTED : CLI_OK;
}

int session_take(struct session *s, const struct aur_want *want)
{
	for (size_t i = 0; i < s->nhost; i++) {
		int rc = session_ask(s, i, want);

		if (rc < 0)
			return cli_fail(rc);
	}
	return session_wait(s);
}

int session_run(struct session *s)
{
	int rc;

	s->timed = false;
	aur_timer_stop(s->deadline);
	rc = aur_loop_run(s->loop);
	if (rc < 0)
		return cli_fail(rc);
	return s->interrupted ? CLI_INTERRUPTED : CLI_OK;
}

struct aur_want session_want(uint64_t domains, uint64_t process_fields)
{
	return (struct aur_want){
	    .domains = domains,
	    .process_fields = process_fields,
	    .interval = aur_span_ms(100),
	    .count = 2,
	};
}
