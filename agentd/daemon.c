/* SPDX-License-Identifier: MIT */
/*
 * The service of a host. One loop, no threads: a door (daemon_door.c), its
 * clients (daemon_client.c), one sampling for all of them (daemon_sample.c).
 * The recorder (daemon_record.c) is one more reader. Without it and without
 * clients nothing runs and no timer is set.
 *
 * It reads, and never acts: what is done to a process is done by the bridge
 * that a login started, with that login's rights. A service that acted would
 * be a way around them, and would need rights itself.
 */
#include "agentd/daemon.h"

#include "agentd/daemon_int.h"
#include "agentd/daemon_say.h"
#include "base/err.h"
#include "base/limits.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define SWEEP_MS 2000
#define ENTER_MOST 16 /* guests a turn */
#define WHY 512

struct serve_now daemon__now(void)
{
	return (struct serve_now){aur_clock_mono(), aur_clock_wall()};
}

/* Numbers have to differ within a boot. The spool knows the last one of the
 * service before; where it does not, milliseconds since the boot grow faster
 * than events come. */
static uint64_t first_number(void)
{
	return (uint64_t)(aur_clock_boot().ns / 1000000);
}

void daemon__tell(struct daemon *d, struct aur_event *event)
{
	event->number = ++d->event;
	event->when = aur_clock_wall();
	memcpy(event->boot_id, d->boot_id, sizeof(event->boot_id));
	record_event(d, event);
	for (struct client *c = d->clients; c != NULL; c = c->next) {
		if (c->ended || (c->peer.only_own && !c->peer.whole))
			continue;
		if (serve_event(c->serve, event) < 0)
			c->ended = true;
		else
			daemon__flush(c);
	}
}

/* --- callbacks of the loop ------------------------------------------------ */

static void shut_door(struct daemon *d, bool shut)
{
	d->door_shut = shut;
	(void)aur_watch_set(d->door_watch, shut ? 0 : AUR_LOOP_READ);
	if (shut)
		daemon__start_sweep(d);
}

static void on_door(void *arg, unsigned ready)
{
	struct daemon *d = arg;

	(void)ready;
	for (int i = 0; i < ENTER_MOST; i++) {
		struct guest guest;
		int fd = door_accept(&d->door, &guest);

		if (fd == AUR_ELIMIT) {
			/* they wait in the queue: no turns for nothing */
			say(AUR_LOG_WARN, "out of descriptors");
			shut_door(d, true);
		}
		if (fd < 0)
			return;
		daemon__enter(d, fd, &guest);
	}
}

static void on_sweep(void *arg)
{
	struct daemon *d = arg;

	if (d->door_shut)
		shut_door(d, false);
	if (daemon__expire(d))
		daemon__start_sweep(d);
	daemon__plan(d);
}

void daemon__start_sweep(struct daemon *d)
{
	aur_timer_start(d->sweep, aur_span_ms(SWEEP_MS));
}

static void on_stop(void *arg)
{
	struct daemon *d = arg;

	say_state("STOPPING=1");
	aur_loop_stop(d->loop);
}

static void on_reload(void *arg)
{
	struct daemon *d = arg;
	char why[WHY];

	if (daemon_settings_read(&d->settings, d->config, why, sizeof(why)) < 0)
		say(AUR_LOG_ERROR, "%s; the settings stay as they were", why);
	else
		say(AUR_LOG_INFO, "settings read; they hold for new clients");
	record_reload(d);
	daemon__plan(d);
}

/* --- start and end -------------------------------------------------------- */

/* A sample of nothing has the boot id. */
static int make_probe(struct daemon *d)
{
	struct aur_collect_options options = {.root = "", .strs = d->strs};
	struct aur_sample *s = NULL;
	int rc = aur_collect_new(&d->probe, &options);

	if (rc == 0)
		rc = aur_collect_sample(d->probe, NULL, NULL, &s);
	if (rc == 0)
		memcpy(d->boot_id, s->boot_id, sizeof(d->boot_id));
	aur_sample_unref(s);
	return rc;
}

static int make_signals(struct daemon *d)
{
	static const struct {
		int number;
		aur_loop_fn fn;
	} on[] = {{SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_reload}};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AUR_ARRAY_LEN(on); i++)
		rc = aur_signal_new(
		    d->loop, on[i].number, on[i].fn, d, &d->signal[i]);
	return rc;
}

static int make_watches(struct daemon *d)
{
	int rc = aur_watch_new(
	    d->loop, d->door.fd, AUR_LOOP_READ, on_door, d, &d->door_watch);

	if (rc == 0)
		rc = aur_timer_new(d->loop, daemon__sample, d, &d->due);
	if (rc == 0)
		rc = aur_timer_new(d->loop, on_sweep, d, &d->sweep);
	if (rc == 0)
		rc = aur_timer_new(d->loop, daemon__fill, d, &d->fill);
	return rc;
}

/* The loop's own words are the service's. */
static void say_loop(int severity, const char *line)
{
	say(aur_loop_level(severity), "%s", line);
}

/* 0, or an error; `why` is then a sentence. */
static int start(struct daemon *d, char *why, size_t size)
{
	int rc = daemon_settings_read(&d->settings, d->config, why, size);

	if (rc < 0)
		return rc;
	rc = AUR_ENOMEM;
	d->strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (d->strs != NULL)
		rc = make_probe(d);
	if (rc == 0)
		rc = aur_loop_new_saying(say_loop, &d->loop);
	/* before the socket: who sees that may send one */
	if (rc == 0)
		rc = make_signals(d);
	if (rc == 0) {
		rc = door_open(&d->door, why, size);
		if (rc < 0)
			return rc;
		rc = make_watches(d);
	}
	d->event = first_number();
	if (rc == 0)
		rc = record_begin(d);
	if (rc < 0)
		snprintf(why, size, "%s", aur_err_str(rc));
	return rc;
}

static void end(struct daemon *d)
{
	record_farewell(d);
	daemon__clear(d);
	record_end(d);
	for (size_t i = 0; i < AUR_ARRAY_LEN(d->signal); i++)
		aur_signal_free(d->signal[i]);
	if (d->due != NULL)
		aur_timer_free(d->due);
	if (d->sweep != NULL)
		aur_timer_free(d->sweep);
	if (d->fill != NULL)
		aur_timer_free(d->fill);
	aur_watch_free(d->door_watch);
	aur_loop_free(d->loop);
	aur_collect_free(d->host);
	aur_collect_free(d->probe);
	aur_strs_unref(d->strs);
	door_close(&d->door);
}

int daemon_run(const char *config)
{
	struct daemon d = {.config = config,
	    .door = {.fd = -1, .folder_fd = -1, .lock_fd = -1}};
	char why[WHY];
	int rc;

	spool_tune_memory();
	signal(SIGPIPE, SIG_IGN); /* a log that nobody reads ends nothing */
	signal(SIGXFSZ, SIG_IGN); /* nor does a file that may not grow */
	rc = start(&d, why, sizeof(why));
	if (rc == 0) {
		say(AUR_LOG_INFO, "serving on %s/" PLACE_SOCKET, d.door.folder);
		say_state("READY=1");
		daemon__plan(&d);
		rc = aur_loop_run(d.loop);
		if (rc < 0)
			say(AUR_LOG_ERROR, "%s", aur_err_str(rc));
	} else {
		say(AUR_LOG_ERROR, "%s", why);
	}
	end(&d);
	return rc == 0 ? 0 : 1;
}
