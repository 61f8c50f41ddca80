/* SPDX-License-Identifier: MIT */
/*
 * What the recording feed passes on, what it puts, and what it asks hosts for.
 */
#include "base/err.h"
#include "tests/harness/tap.h"
#include "tests/unit/history_script.h"

#include <time.h>

static void on_reply(void *arg, const struct aur_act_reply *reply)
{
	*(int *)arg = reply->err;
}

static void test_passes_on(void)
{
	static const struct aur_want w0 = {0};
	static const struct aur_act a0 = {0};
	static const struct aur_backfill b0 = {.kinds = 1};
	struct world w;
	struct aur_event event = {.number = 1};
	int err = 5;

	set_up(&w, 3, false);
	tap_ok(w.feed->class->count(w.feed) == 3 &&
		   w.feed->class->host(w.feed, 2) == &w.script.host[2] &&
		   w.feed->past == NULL,
	    "it has the hosts of the feed within");
	(void)w.feed->class->want(w.feed, 1, &w0);
	w.feed->class->act(w.feed, 1, &a0, on_reply, &err);
	w.feed->class->retry(w.feed, 1);
	tap_ok(w.script.wants == 1 && w.script.acts == 1 && err == 0 &&
		   w.script.retries == 1,
	    "and does what that does");
	tick(&w, 0);
	w.script.host[0].event = &event;
	w.script.listen(w.script.arg, 0, AUR_FEED_EVENT);
	tap_eq_u64(w.changes, AUR_FEED_SAMPLE | AUR_FEED_STATE | AUR_FEED_EVENT,
	    "what changes is told");
	tap_ok(w.store.samples[HOSTS - 1] == 0 && w.script.asks == 0,
	    "where somebody else records it does no more");
	w.script.answers = true;
	w.script.kept[0] = false;
	w.feed->class->backfill(w.feed, 0, &b0, NULL, on_reply, &err);
	tap_eq_u64(w.script.asks, 1, "others can ask through it");
	tear_down(&w);
	tap_eq_u64(w.script.freed, 1, "it frees the feed within");
}

static void test_puts(void)
{
	struct world w;
	struct aur_event event = {.number = 1};

	set_up(&w, 2, true);
	w.script.host[0].recording = w.script.host[1].recording = false;
	for (int i = 0; i < 3; i++)
		tick(&w, 1);
	w.script.host[1].event = &event;
	w.script.listen(w.script.arg, 1, AUR_FEED_EVENT);
	tap_ok(w.store.samples[HOSTS - 2] == 3 &&
		   w.store.events[HOSTS - 2] == 1 &&
		   w.store.samples[HOSTS - 1] == 0,
	    "samples and events are put, under their host's number");
	tap_eq_u64(
	    w.script.asks, 0, "a host that does not record is not asked");
	w.script.host[0].id = "";
	tick(&w, 0);
	tap_eq_u64(w.store.samples[HOSTS - 1], 0,
	    "of an address without an id nothing is kept");
	w.script.host[0].via = "local";
	tick(&w, 0);
	tap_eq_u64(w.store.samples[0], 1, "of this machine something is");
	tear_down(&w);
}

static void test_fills(bool at_once)
{
	struct world w;
	unsigned most = 0;

	set_up(&w, 1, true);
	w.script.answers = at_once;
	tick(&w, 0);
	if (!at_once) {
		tap_ok(w.script.ask[0].what.to.ns == w.sample->wall.ns &&
			   w.script.ask[0].what.kinds == AUR_KEPT_EVENTS,
		    "the newest is asked for, events first");
		tap_ok(w.script.ask[0].what.from.ns >
			   w.sample->wall.ns - 4 * HOUR_NS,
		    "and little at first");
		answer(&w.script, 0, UINT_MAX, 0);
		tap_ok(w.script.ask[0].what.to.ns == w.sample->wall.ns &&
			   w.script.ask[0].what.kinds == 3,
		    "then samples and processes of that time");
	}
	for (; w.script.ask[0].open && most < 100; most++)
		answer(&w.script, 0, UINT_MAX, 0);
	tap_ok(had(&w, 0, SYSTEM) == 49 && had(&w, 0, PROCESSES) == 49 &&
		   had(&w, 0, EVENTS) == 49,
	    "all hours of two days come");
	tap_ok(w.store.twice == 0, "each once");
	for (int i = 0; i < 3; i++)
		tick(&w, 0);
	tap_ok(!w.script.ask[0].open && w.script.asks < 60,
	    "then it rests, after %u questions", w.script.asks);
	tear_down(&w);
}

/* A store learns of what was put when it is written, seconds later. */
static void test_lags(void)
{
	struct world w;

	set_up(&w, 1, true);
	w.store.lags = true;
	w.script.answers = true;
	w.sample->wall.ns += HOUR_NS / 3;
	tick(&w, 0);
	tap_ok(had(&w, 0, SYSTEM) >= 48 && had(&w, 0, PROCESSES) >= 48 &&
		   w.store.twice == 0,
	    "each comes once, whatever the store knows yet");
	tap_ok(w.store.whole == w.script.asks && w.store.cut == 0,
	    "and it is told when an answer was whole");
	tear_down(&w);
}

static void test_absent(void)
{
	struct world w;

	set_up(&w, 1, true);
	for (int h = 4; h < 50; h++)
		w.script.kept[h] = false;
	w.script.answers = true;
	tick(&w, 0);
	tap_ok(w.store.twice == 0 && had(&w, 0, SYSTEM) == 3,
	    "a host that was off for long");
	tap_ok(w.script.asks < 20, "is few questions: %u", w.script.asks);
	tear_down(&w);
}

static void test_two_at_once(void)
{
	struct world w;
	bool open;

	set_up(&w, HOSTS, true);
	for (size_t i = 0; i < HOSTS; i++)
		tick(&w, i);
	tap_ok(w.script.ask[0].open && w.script.ask[1].open,
	    "two hosts are asked");
	tap_eq_u64(w.script.at_once, 2, "no more than two");
	do {
		open = false;
		for (size_t i = 0; i < HOSTS; i++)
			if (w.script.ask[i].open) {
				answer(&w.script, i, UINT_MAX, 0);
				open = true;
			}
	} while (open && w.script.asks < 1000);
	for (size_t i = 0; i < HOSTS; i++)
		tap_ok(had(&w, i, SYSTEM) == 49, "host %zu has all", i);
	tap_eq_u64(w.script.most_at_once, 2, "never more than two at once");
	tear_down(&w);
}

static void test_cut(void)
{
	struct world w;
	unsigned events = 0;

	set_up(&w, 1, true);
	tick(&w, 0);
	for (unsigned n = 0; n < 400 && w.script.ask[0].open; n++) {
		if (n % 3 == 2) {
			answer(&w.script, 0, n % 7, AUR_ECLOSED);
			tap_ok(!w.script.ask[0].open,
			    "a link that ended is not asked");
			lose(&w, 0);
			tick(&w, 0);
		} else {
			answer(&w.script, 0, UINT_MAX, 0);
		}
	}
	tap_ok(had(&w, 0, SYSTEM) == 49 && had(&w, 0, PROCESSES) == 49,
	    "a backfill that is cut goes on with the next link");
	for (int h = 0; h < HOURS; h++)
		events += w.store.have[HOSTS - 1][EVENTS][h] > 0;
	tap_ok(events == 49, "no event is lost over that");
	tap_ok(w.store.cut > 20, "the store is told of each cut");
	tap_ok(w.store.twice == 0, "and nothing else comes twice");
	tear_down(&w);
}

static void test_busy(void)
{
	struct world w;

	set_up(&w, 1, true);
	w.script.answers = true;
	w.store.busy = 20;
	for (int i = 0; i < 20; i++)
		tick(&w, 0);
	tap_ok(had(&w, 0, SYSTEM) == 49 && had(&w, 0, PROCESSES) == 49,
	    "what the store was too busy for is asked for again");
	w.store.busy = UINT_MAX;
	memset(w.store.have, 0, sizeof(w.store.have));
	lose(&w, 0);
	w.script.asks = 0;
	for (int i = 0; i < 1000; i++)
		tick(&w, 0);
	tap_ok(w.script.asks > 50 && w.script.asks < 200, "but not for ever");
	tear_down(&w);
}

static void test_unsupported(void)
{
	struct world w;

	set_up(&w, 1, true);
	tick(&w, 0);
	finish(&w.script, 0, AUR_EUNSUPPORTED);
	for (int i = 0; i < 3; i++)
		tick(&w, 0);
	tap_eq_u64(w.script.asks, 1, "who keeps nothing is asked once");
	lose(&w, 0);
	tick(&w, 0);
	tap_eq_u64(w.script.asks, 2, "and once by the next link");
	tear_down(&w);
}

static void test_again(void)
{
	struct world w;
	struct aur_record_options o = aur_record_usual();

	set_up(&w, 1, true);
	tear_down(&w);
	set_up(&w, 1, true);
	w.feed->class->free(w.feed);
	o.every.ns = 0;
	if (aur_record_new(&w.feed, &w.script.feed, &w.store, &o) < 0)
		_Exit(99);
	w.script.answers = true;
	tick(&w, 0);
	w.script.asks = 0;
	w.script.answers = false;
	w.sample->wall.ns += 4 * HOUR_NS;
	tick(&w, 0);
	tap_ok(w.script.asks == 1 &&
		   w.script.ask[0].what.to.ns ==
		       (w.sample->wall.ns - o.settled.ns) / HOUR_NS * HOUR_NS,
	    "after a while the rest is asked for, in whole hours");
	tear_down(&w);
}

/* What is asked for after each hour is there before we pack it ourselves. */
static void test_hour(void)
{
	struct world w;
	struct aur_record_options o = aur_record_usual();
	const int64_t hour = BEGAN + 40 * HOUR_NS, soon = 50 * 1000000ll;

	set_up(&w, 1, true);
	w.script.answers = true;
	w.sample->wall.ns = hour + o.settled.ns - soon;
	tick(&w, 0);
	w.script.asks = 0;
	w.sample->wall.ns += 1;
	tick(&w, 0);
	tap_eq_u64(
	    w.script.asks, 0, "an hour that has just ended is waited for");
	nanosleep(&(struct timespec){.tv_nsec = (long)soon}, NULL);
	w.sample->wall.ns += soon;
	w.store.lags = true;
	w.script.answers = false;
	tick(&w, 0);
	tap_ok(w.script.asks == 1 && w.script.ask[0].what.to.ns == hour,
	    "and asked for a little later");
	tear_down(&w);
}

/* What a host had not written out yet when it came up. */
static void test_seam(void)
{
	struct world w;
	struct aur_record_options o = aur_record_usual();
	struct aur_wall came;

	set_up(&w, 1, true);
	w.feed->class->free(w.feed);
	o.seam.ns = 0;
	if (aur_record_new(&w.feed, &w.script.feed, &w.store, &o) < 0)
		_Exit(99);
	w.script.answers = true;
	came = w.sample->wall;
	tick(&w, 0);
	w.script.asks = 0;
	w.store.lags = true;
	w.sample->wall.ns += 65 * AUR_SECOND_NS;
	tick(&w, 0);
	tap_ok(
	    w.script.asks > 0 && w.script.ask[0].what.to.ns == came.ns &&
		came.ns - w.script.ask[0].what.from.ns <= 120 * AUR_SECOND_NS,
	    "what was before its first sample is asked for again");
	w.script.asks = 0;
	tick(&w, 0);
	tap_eq_u64(w.script.asks, 0, "once");
	tear_down(&w);
}

static void test_fill(void)
{
	struct world w;
	const struct aur_wall from = {BEGAN + 10 * HOUR_NS},
			      to = {BEGAN + 12 * HOUR_NS};

	set_up(&w, 1, true);
	aur_record_fill(w.feed, 0, from, to);
	tap_eq_u64(w.script.asks, 0, "a host that is not up is not filled in");
	tick(&w, 0);
	aur_record_fill(w.feed, 0, from, to);
	answer(&w.script, 0, UINT_MAX, 0);
	tap_ok(
	    w.script.ask[0].open &&
		w.script.ask[0].what.from.ns / HOUR_NS == from.ns / HOUR_NS &&
		w.script.ask[0].what.to.ns == to.ns,
	    "what a person looks at comes next");
	for (int i = 0; i < 100 && w.script.ask[0].open; i++)
		answer(&w.script, 0, UINT_MAX, 0);
	tap_ok(had(&w, 0, SYSTEM) == 49 && w.store.twice == 0,
	    "and then the rest");
	tear_down(&w);
}

static void test_later(void)
{
	struct world w;
	struct aur_feed *feed;

	set_up(&w, 1, true);
	w.feed->class->free(w.feed);
	if (aur_record_new(&feed, &w.script.feed, NULL, NULL) < 0)
		_Exit(99);
	w.feed = feed;
	tick(&w, 0);
	tap_eq_u64(w.store.samples[HOSTS - 1], 0, "without a history");
	aur_record_keep(w.feed, &w.store);
	tick(&w, 0);
	tap_ok(w.store.samples[HOSTS - 1] == 1 && w.script.ask[0].open,
	    "one that is opened later is recorded to");
	tear_down(&w);
	tap_ok(!w.script.ask[0].open, "an end in the midst of it");
}

int main(void)
{
	test_passes_on();
	test_puts();
	test_fills(false);
	test_fills(true);
	test_lags();
	test_absent();
	test_two_at_once();
	test_cut();
	test_busy();
	test_unsupported();
	test_again();
	test_hour();
	test_seam();
	test_fill();
	test_later();
	return tap_done();
}
