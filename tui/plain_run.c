/* SPDX-License-Identifier: MIT */
/*
 * The loop, the feed and plain.c's lines, joined. What is typed is read once
 * the summary stands there, so that a pipe of commands has something to ask
 * about; its end ends the program. A regular file, which the loop cannot
 * watch, is read by a timer. Of a moment of the past all is there at once.
 */
#include "tui/plain_fleet.h"

#include "base/err.h"
#include "base/limits.h"
#include "view/when.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define LINE_MOST 255
#define PATIENCE_MS 5000

struct run {
	struct aur_loop *loop;
	struct aur_feed *feed;
	struct tui_plain plain;	      /* of one host */
	struct tui_plain_fleet fleet; /* of several: */
	bool many;
	struct aur_timer *patience; /* with those that say nothing */
	struct aur_figures figures;
	struct aur_buf out;
	struct aur_watch *watch;
	struct aur_timer *poll; /* where stdin cannot be watched */
	uint8_t line[LINE_MOST];
	size_t n; /* of the line so far; beyond LINE_MOST is left out */
	bool begun, listening, failed;
	int ended_by; /* a signal, or 0 */
};

static void end_by(struct run *r, int number)
{
	r->ended_by = number;
	aur_loop_stop(r->loop);
}

/* Writes what there is to say. `rc` is how saying it went. */
static void say(struct run *r, int rc)
{
	struct aur_slice s = aur_buf_peek(&r->out);

	if (rc == 0 && s.n > 0 &&
	    (fwrite(s.p, 1, s.n, stdout) != s.n || fflush(stdout) != 0))
		rc = AUR_EIO;
	aur_buf_clear(&r->out);
	if (rc == 0)
		return;
	r->failed = true;
	aur_loop_stop(r->loop);
}

static bool has_quit(const struct run *r)
{
	return r->many ? r->fleet.quit : r->plain.quit;
}

static void take_line(struct run *r)
{
	struct aur_slice line = {r->line, r->n < LINE_MOST ? r->n : LINE_MOST};

	r->n = 0;
	if (r->many)
		say(r, tui_plain_fleet_command(
			   &r->fleet, line, aur_clock_wall(), &r->out));
	else
		say(r,
		    tui_plain_command(&r->plain, line, &r->figures, &r->out));
	if (has_quit(r))
		aur_loop_stop(r->loop);
}

/* Takes what was typed; false at its end. */
static bool take_input(struct run *r)
{
	uint8_t bytes[512];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	for (ssize_t i = 0; i < n && !has_quit(r) && !r->failed; i++) {
		if (bytes[i] == '\n')
			take_line(r);
		else {
			if (r->n < LINE_MOST)
				r->line[r->n] = bytes[i];
			r->n += r->n <= LINE_MOST;
		}
	}
	if (n > 0)
		return true;
	if (r->n > 0)
		take_line(r);
	aur_loop_stop(r->loop);
	return false;
}

static void on_input(void *arg, unsigned ready)
{
	struct run *r = arg;

	(void)ready;
	if (!take_input(r))
		aur_watch_set(r->watch, 0);
}

static void on_poll(void *arg)
{
	struct run *r = arg;

	if (take_input(r))
		aur_timer_start(r->poll, aur_span_ms(0));
}

static void listen_to_input(struct run *r)
{
	if (r->listening)
		return;
	r->listening = true;
	if (aur_watch_new(r->loop, STDIN_FILENO, AUR_LOOP_READ, on_input, r,
		&r->watch) < 0)
		aur_timer_start(r->poll, aur_span_ms(0));
}

static int take_sample(struct run *r, const struct aur_feed_host *h)
{
	int rc;

	aur_figures_release(&r->figures);
	rc = aur_figures_init(&r->figures, h->before, h->now);
	if (rc < 0) {
		memset(&r->figures, 0, sizeof(r->figures));
		return rc;
	}
	if (r->begun)
		return tui_plain_changes(&r->plain, &r->figures, &r->out);
	if (h->before == NULL) /* no rates yet */
		return 0;
	r->begun = true;
	return tui_plain_summary(&r->plain, &r->figures, &r->out);
}

/* The summary of all, when all have told or nobody waits any longer. */
static int begin_fleet(struct run *r)
{
	int rc = tui_plain_fleet_summary(&r->fleet, aur_clock_wall(), &r->out);

	aur_timer_stop(r->patience);
	listen_to_input(r);
	return rc;
}

static void on_patience(void *arg)
{
	struct run *r = arg;

	if (!r->fleet.begun)
		say(r, begin_fleet(r));
}

static void on_fleet_change(void *arg, size_t host, unsigned changes)
{
	struct run *r = arg;
	int rc;

	r->fleet.fleet.now = aur_clock_mono();
	rc = tui_plain_fleet_change(
	    &r->fleet, host, changes, aur_clock_wall(), &r->out);
	if (rc == 0 && !r->fleet.begun && tui_plain_fleet_is_ready(&r->fleet))
		rc = begin_fleet(r);
	say(r, rc);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct run *r = arg;
	const struct aur_feed_host *h = r->feed->class->host(r->feed, 0);
	int rc = 0;

	if (host != 0)
		return;
	if (changes & AUR_FEED_STATE) {
		if (!r->begun && h->state == AUR_HOST_UP)
			r->plain.state = AUR_HOST_UP; /* the summary says it */
		rc = tui_plain_state(&r->plain, h, aur_clock_wall(), &r->out);
	}
	if (rc == 0 && (changes & AUR_FEED_SAMPLE) && h->now != NULL)
		rc = take_sample(r, h);
	say(r, rc);
	if (r->begun ||
	    (h->state != AUR_HOST_UP && h->state != AUR_HOST_CONNECTING))
		listen_to_input(r);
}

static void on_hangup(void *arg)
{
	end_by(arg, SIGHUP);
}

static void on_term(void *arg)
{
	end_by(arg, SIGTERM);
}

static void on_interrupt(void *arg)
{
	end_by(arg, SIGINT);
}

static const struct {
	int number;
	aur_loop_fn fn;
} handled[] = {
    {SIGHUP, on_hangup},
    {SIGTERM, on_term},
    {SIGINT, on_interrupt},
};

/* "as it was yesterday 03:12:07, 6 h ago" */
static int tell_moment(struct run *r, struct aur_wall at, bool utc)
{
	struct aur_when_base base = {aur_clock_wall(), utc, false, {0}};
	int rc = aur_buf_add_str(&r->out, "as it was ");

	if (rc == 0)
		rc = aur_when_add(&r->out, at, &base, AUR_WHEN_SECONDS);
	if (rc == 0)
		rc = aur_buf_add_str(&r->out, ", ");
	if (rc == 0)
		rc = aur_when_add_ago(&r->out, at, base.now);
	return rc < 0 ? rc : aur_buf_add_byte(&r->out, '\n');
}

static int tell_host(struct run *r)
{
	const struct aur_feed_host *h = r->feed->class->host(r->feed, 0);
	int rc;

	if (h->now == NULL)
		return aur_buf_addf(&r->out, "%s\n",
		    h->error != NULL ? h->error : "nothing was kept of it");
	rc = take_sample(r, h);
	if (rc == 0 && !r->begun) /* rates are not known */
		rc = tui_plain_summary(&r->plain, &r->figures, &r->out);
	r->begun = true;
	return rc;
}

static int begin_past(struct run *r, const struct tui_options *o)
{
	size_t n = r->many ? r->feed->class->count(r->feed) : 0;
	int rc = r->feed->past->seek(r->feed, o->at);

	if (rc == 0)
		rc = tell_moment(r, o->at, o->utc);
	r->fleet.fleet.past = r->feed;
	r->fleet.fleet.moment = o->at;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = tui_plain_fleet_change(&r->fleet, i,
		    AUR_FEED_SAMPLE | AUR_FEED_STATE, o->at, &r->out);
	if (rc == 0)
		rc = r->many
			 ? tui_plain_fleet_summary(&r->fleet, o->at, &r->out)
			 : tell_host(r);
	if (rc == 0)
		say(r, 0);
	if (rc == 0)
		listen_to_input(r);
	return rc;
}

static int run(struct run *r, const struct tui_options *o)
{
	bool past = r->feed->past != NULL;
	struct aur_want want = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields =
		aur_want_process_rates() | aur_want_process_overview(),
	    .interval = o->interval,
	    .aligned = true,
	};
	int rc;

	if (!r->many && r->plain.list.threads)
		want.domains |= AUR_WANT_DOMAIN(THREAD);
	if (want.interval.ns <= 0 && o->settings != NULL)
		want.interval = o->settings->interval;
	if (want.interval.ns <= 0)
		want.interval = aur_span_ms(1000);
	r->fleet.interval = want.interval;
	if (!past)
		r->feed->class->listen(
		    r->feed, r->many ? on_fleet_change : on_change, r);
	rc = 0;
	for (size_t i = 0; i < r->feed->class->count(r->feed) && rc == 0; i++)
		rc = r->feed->class->want(r->feed, i, &want);
	if (rc == 0 && past)
		rc = begin_past(r, o);
	else if (r->many)
		aur_timer_start(r->patience, aur_span_ms(PATIENCE_MS));
	if (rc == 0)
		rc = aur_loop_run(r->loop);
	r->feed->class->listen(r->feed, NULL, NULL);
	return rc;
}

int tui_run_plain(struct aur_loop *loop, struct aur_feed *feed,
    const struct tui_options *options)
{
	struct run r = {.loop = loop, .feed = feed};
	struct aur_signal *signal[AUR_ARRAY_LEN(handled)] = {NULL};
	int rc;

	if (options->past != NULL && options->at.ns != 0)
		r.feed = feed = options->past;
	r.many = feed->class->count(feed) > 1;
	rc = r.many ? tui_plain_fleet_init(&r.fleet, feed, options)
		    : tui_plain_init(&r.plain, options);

	aur_buf_init(&r.out, AUR_MAX_FRAME);
	if (rc == 0)
		rc = aur_timer_new(loop, on_poll, &r, &r.poll);
	if (rc == 0)
		rc = aur_timer_new(loop, on_patience, &r, &r.patience);
	for (size_t i = 0; i < AUR_ARRAY_LEN(handled) && rc == 0; i++)
		rc = aur_signal_new(
		    loop, handled[i].number, handled[i].fn, &r, &signal[i]);
	if (rc == 0)
		rc = run(&r, options);
	for (size_t i = 0; i < AUR_ARRAY_LEN(handled); i++)
		aur_signal_free(signal[i]);
	aur_watch_free(r.watch);
	aur_timer_free(r.poll);
	aur_timer_free(r.patience);
	aur_figures_release(&r.figures);
	aur_buf_release(&r.out);
	if (r.many)
		tui_plain_fleet_release(&r.fleet);
	else
		tui_plain_release(&r.plain);
	if (rc < 0)
		fprintf(stderr, "aurora: top: %s\n",
		    rc == AUR_EABSENT ? "nothing is kept of that time"
				      : aur_err_str(rc));
	if (r.ended_by != 0)
		return 128 + r.ended_by;
	return rc < 0 || r.failed ? 1 : 0;
}
