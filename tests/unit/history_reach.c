/* SPDX-License-Identifier: MIT */
/*
 * Whether a host is reached: what the recording feed tells of a link that ends
 * and is made anew, and what an earlier run has left of it.
 */
#include "tests/harness/tap.h"
#include "tests/unit/history_script.h"

static void fails(struct world *w, enum aur_host_state state, const char *why)
{
	struct aur_feed_host *h = &w->script.host[0];

	h->restarts += state != AUR_HOST_CONNECTING;
	h->state = state;
	h->error = why;
	w->script.listen(w->script.arg, 0, AUR_FEED_STATE);
}

static void test_lost(void)
{
	struct world w;
	struct aur_feed_host *h;
	unsigned *kept;

	set_up(&w, 2, true);
	h = &w.script.host[0];
	kept = &w.store.events[HOSTS - 1];
	fails(&w, AUR_HOST_UNREACHABLE, "no route");
	fails(&w, AUR_HOST_CONNECTING, NULL);
	tick(&w, 0);
	tap_ok(w.told == 0 && *kept == 0, "the first connecting is no event");
	h->state = AUR_HOST_STALE;
	w.script.listen(w.script.arg, 0, AUR_FEED_STATE);
	tick(&w, 0);
	tap_eq_u64(w.told, 0, "nor is a sample that is late");
	fails(&w, AUR_HOST_STALE,
	    "the agent is silent; see in the log; reconnecting in 2.0 s");
	tap_eq_str(w.event,
	    "web link_lost cause=the agent is silent; see in the log",
	    "a host that was up is lost");
	tap_eq_u64(*kept, 1, "that is kept");
	fails(&w, AUR_HOST_CONNECTING, NULL);
	fails(&w, AUR_HOST_UNREACHABLE, "no route");
	tap_eq_u64(w.told, 1, "and told once");
	tick(&w, 0);
	tap_eq_str(w.event,
	    "web link_gap seconds=0 cause=the agent is silent; see in the log",
	    "it is back");
	tick(&w, 0);
	tap_ok(w.told == 2 && *kept == 2, "once, and kept");
	tap_ok(w.feed->class->host(w.feed, 0)->event == NULL,
	    "and is the host's event no longer");
	fails(&w, AUR_HOST_KEY_CHANGED, NULL);
	tap_eq_str(w.event, "web link_lost", "again, and nobody says why");
	tap_eq_u64(w.store.events_asked, 1, "what was before is read once");
	tear_down(&w);
	tap_ok(w.told == 3, "an end is no event");
}

static void test_long_cause(void)
{
	struct world w;
	char why[512];

	set_up(&w, 1, true);
	tick(&w, 0);
	memset(why, 'x', sizeof(why));
	snprintf(why + 254, sizeof(why) - 254, "\xc3\xa4\xc3\xa4");
	fails(&w, AUR_HOST_UNREACHABLE, why);
	tap_ok(w.told == 1 && strchr(w.event, '\xc3') == NULL,
	    "a long reason is cut, not amidst a character");
	tear_down(&w);
}

static void test_unkept(void)
{
	struct world w;
	struct aur_event event = {.kind = aur_slice_str("link_lost")};

	set_up(&w, 1, false);
	tick(&w, 0);
	fails(&w, AUR_HOST_UNREACHABLE, "no route");
	tap_ok(w.told == 1 && w.store.events[HOSTS - 1] == 0,
	    "where somebody else records it is told only");
	tear_down(&w);
	set_up(&w, 1, true);
	tick(&w, 0);
	memcpy(event.boot_id, AUR_EVENT_CLIENT, sizeof(event.boot_id));
	w.script.host[0].event = &event;
	w.script.listen(w.script.arg, 0, AUR_FEED_EVENT);
	tap_eq_u64(w.store.events[HOSTS - 1], 0,
	    "a host that tells in our name is not believed");
	tear_down(&w);
}

static void test_left(void)
{
	struct world w;

	set_up(&w, 1, true);
	w.store.left = "link_lost";
	tick(&w, 0);
	tap_ok(strcmp(w.event, "web link_gap most_seconds=600") == 0 &&
		   w.store.events[HOSTS - 1] == 1,
	    "a run ended while it was lost: it was away so long at most");
	tick(&w, 0);
	tap_eq_u64(w.told, 1, "once");
	tear_down(&w);
	set_up(&w, 1, true);
	w.store.left = "link_gap";
	tick(&w, 0);
	tap_eq_u64(w.told, 0, "one that was back is not told of");
	tear_down(&w);
	set_up(&w, 1, true);
	w.store.left = "link_lost";
	w.store.left_by_host = true;
	tick(&w, 0);
	tap_eq_u64(w.told, 0, "nor what a host says");
	tear_down(&w);
}

int main(void)
{
	test_lost();
	test_long_cause();
	test_unkept();
	test_left();
	return tap_done();
}
