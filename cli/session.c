/* SPDX-License-Identifier: MIT */
/*
 * A one-shot ends at the first failure of a host instead of waiting for the
 * link's next try: a script wants to know now, and can call again.
 */
#include "cli/session.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet.h"

#include <signal.h>

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

/* Whether there is nothing more to wait for. */
static bool is_done(const struct session *s)
{
	for (size_t i = 0; i < s->nhost; i++)
		if (s->got[i] < s->goal &&
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
	if (s->goal > 0 && is_done(s))
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

int session_open(struct session *s, struct cli *c, const struct opts *o)
{
	static const struct aur_fleet_host local = {
	    .name = "local", .via = AUR_FLEET_LOCAL};
	struct aur_fleet_options options;
	int rc, status;

	*s = (struct session){.cli = c, .timeout = aur_span_seconds(10)};
	s->log.write = write_log;
	s->log.most = AUR_LOG_DEBUG;
	status = opt_seconds(o, OPT_TIMEOUT, 0.1, 3600, &s->timeout);
	if (status != CLI_OK)
		return status;
	options = (struct aur_fleet_options){.log = c->verbose ? &s->log : NULL,
	    .once = o->seen[OPT_WATCH] == 0};
	rc = aur_loop_new(&s->loop);
	if (rc == 0)
		rc = aur_timer_new(s->loop, on_deadline, s, &s->deadline);
	if (rc == 0)
		rc = aur_signal_new(
		    s->loop, SIGINT, on_interrupt, s, &s->sigint);
	if (rc == 0)
		rc = aur_fleet_new(&s->feed, s->loop, &local, 1, &options);
	if (rc < 0)
		return cli_fail(rc);
	s->nhost = s->feed->class->count(s->feed);
	s->got = aur_mem_new(s->nhost, sizeof *s->got);
	s->told = aur_mem_new(s->nhost, sizeof *s->told);
	if (s->got == NULL || s->told == NULL)
		return cli_fail(AUR_ENOMEM);
	s->feed->class->listen(s->feed, on_change, s);
	aur_timer_start(s->deadline, s->timeout);
	return CLI_OK;
}

void session_close(struct session *s)
{
	if (s->feed != NULL)
		s->feed->class->free(s->feed);
	aur_signal_free(s->sigint);
	aur_timer_free(s->deadline);
	aur_loop_free(s->loop);
	aur_mem_free(s->got);
	aur_mem_free(s->told);
	*s = (struct session){0};
}

static int subscribe(struct session *s, const struct aur_want *want)
{
	int rc = 0;

	for (size_t i = 0; i < s->nhost && rc == 0; i++) {
		s->got[i] = 0;
		rc = s->feed->class->want(s->feed, i, want);
	}
	return rc;
}

int session_take(struct session *s, const struct aur_want *want)
{
	int rc = subscribe(s, want);

	if (rc < 0)
		return cli_fail(rc);
	s->goal = want->count;
	if (s->goal == 0 || (!is_done(s) && !s->expired))
		rc = aur_loop_run(s->loop);
	s->goal = 0;
	if (rc < 0)
		return cli_fail(rc);
	return s->interrupted ? CLI_INTERRUPTED : CLI_OK;
}

int session_run(struct session *s)
{
	int rc;

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
