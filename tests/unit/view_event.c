/* SPDX-License-Identifier: MIT */
/* Events as sentences: what is known, what lacks, what nobody knows. */
#include "tests/harness/tap.h"

#include "view/event.h"

static struct aur_event event(const char *kind)
{
	return (struct aur_event){.kind = aur_slice_str(kind)};
}

static void pair(struct aur_event *e, const char *key, const char *value)
{
	e->pair[e->npair++] =
	    (struct aur_event_pair){aur_slice_str(key), aur_slice_str(value)};
}

static void reads(const struct aur_event *e, const char *want)
{
	struct aur_buf b;

	aur_buf_init(&b, 4096);
	tap_eq_int(aur_event_text(&b, e), 0, "it can be told");
	tap_eq_str(aur_buf_str(&b), want, want);
	aur_buf_release(&b);
}

static void test_sentences(void)
{
	struct aur_event e = event("oom_kill");

	pair(&e, "pid", "4711");
	pair(&e, "name", "java");
	reads(&e, "out of memory: java (4711) was killed");
	pair(&e, "unit", "shop.service");
	reads(&e, "out of memory: java (4711) was killed in shop.service");
	pair(&e, "rss_bytes", "12");
	pair(&e, "start_ticks", "9");
	reads(&e, "out of memory: java (4711) was killed in shop.service, "
		  "rss_bytes 12");
	tap_eq_int(aur_event_weight(&e), AUR_EVENT_BAD, "that is bad");
	tap_eq_int(aur_event_digest(&e), AUR_EVENT_KILLED, "and counted");
	e = event("unit_failed");
	pair(&e, "unit", "shop.service");
	reads(&e, "shop.service failed");
	pair(&e, "result", "timeout");
	reads(&e, "shop.service failed: timeout");
	e = event("unit_failed");
	pair(&e, "count", "40");
	reads(&e, "units: 40 more failed");
	e = event("unit_restarted");
	reads(&e, "? was restarted");
}

static void test_reached(void)
{
	struct aur_event e = event("link_lost");

	pair(&e, "cause", "the agent is silent");
	reads(&e, "not reached any more: the agent is silent");
	tap_eq_int(aur_event_digest(&e), AUR_EVENT_NOTHING,
	    "the morning tells of the whole gap");
	e = event("link_gap");
	pair(&e, "seconds", "2460");
	pair(&e, "cause", "the agent is silent");
	reads(&e, "reached again after 2460 s; it was: the agent is silent");
	tap_eq_int(aur_event_digest(&e), AUR_EVENT_UNREACHABLE, "and does");
	e = event("link_gap");
	pair(&e, "most_seconds", "36000");
	reads(&e, "reached again after 36000 s at most: nobody looked in "
		  "between");
}

static void test_unknown(void)
{
	struct aur_event e = event("tea_time");

	reads(&e, "tea_time");
	pair(&e, "cups", "2");
	reads(&e, "tea_time, cups 2");
	tap_eq_int(aur_event_weight(&e), AUR_EVENT_NOTE, "is a note");
	tap_eq_int(aur_event_digest(&e), AUR_EVENT_NOTHING, "not counted");
	tap_eq_u64(aur_event_get(&e, "cups").n, 1, "a pair's value");
	tap_eq_u64(aur_event_get(&e, "spoons").n, 0, "there is none");
}

static void test_hostile(void)
{
	struct aur_event e = event("unit_failed");

	pair(&e, "unit", "\033[31m{pid}[\n");
	reads(&e, "\xef\xbf\xbd[31m{pid}[  failed");
}

int main(void)
{
	test_sentences();
	test_reached();
	test_unknown();
	test_hostile();
	return tap_done();
}
