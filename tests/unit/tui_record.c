/* SPDX-License-Identifier: MIT */
/* What is kept of a host: values, their past, gaps, and when memory ends. */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/mem.h"
#include "tui/fleet.h"

#include <math.h>

static struct fakefeed feed;
static struct tui_record r;
static const struct aur_span second = {AUR_SECOND_NS};

/* A sample of second `at` whose CPU was `cpu` percent since the last. */
static int add(int64_t at, unsigned cpu, struct aur_span interval)
{
	const struct aur_feed_host *h = fakefeed_host(&feed, 0);
	struct aur_figures f;
	int rc;

	feed.seconds = at;
	fakefeed_row(&feed, 0, cpu, 50, -1);
	rc = aur_figures_init(&f, h->before, h->now);
	if (rc == 0)
		rc = tui_record_add(&r, &f, interval);
	aur_figures_release(&f);
	return rc;
}

static double mean(int64_t from, int64_t to)
{
	int64_t base = 1795357920; /* of the fake feed */

	return tui_record_mean(&r, TUI_TRACK_CPU,
	    (struct aur_wall){(base + from) * AUR_SECOND_NS},
	    (struct aur_wall){(base + to) * AUR_SECOND_NS});
}

static void begin(void)
{
	memset(&r, 0, sizeof(r));
	fakefeed_init_hosts(&feed, 2);
}

static void end(void)
{
	tui_record_release(&r);
	fakefeed_release(&feed);
}

static bool near(double a, double b)
{
	if (fabs(a - b) <= fabs(b) / 500 + 1e-9)
		return true;
	printf("# %g is not %g\n", a, b);
	return false;
}

static void test_past(void)
{
	begin();
	tap_ok(isnan(tui_record_now(&r, TUI_TRACK_CPU)) &&
		   tui_record_end(&r).ns == 0 && isnan(mean(0, 100)),
	    "nothing is known at first");
	for (int64_t t = 1; t <= 100; t++)
		tap_ok(add(t, (unsigned)(t % 50), second) == 0, "%d", (int)t);
	tap_ok(near(tui_record_now(&r, TUI_TRACK_CPU), 0), "the newest");
	tap_ok(near(mean(30, 31), 30), "one second");
	tap_ok(near(mean(30, 40), 34.5), "the mean of ten");
	tap_ok(near(tui_record_mean(&r, TUI_TRACK_MEMORY, (struct aur_wall){0},
			(struct aur_wall){INT64_MAX}),
		   50),
	    "of all");
	tap_ok(isnan(mean(101, 200)) && isnan(mean(-50, 0)), "none elsewhere");
	for (int64_t t = 111; t <= 120; t++)
		tap_ok(add(t, 10, second) == 0, "%d", (int)t);
	tap_ok(isnan(mean(101, 111)), "what was lost is a gap");
	tap_eq_int((int64_t)TUI_RECORD_BYTES, 18480, "what a host costs");
	end();
}

static void test_seed(void)
{
	struct tui_tracks t;
	const struct aur_series *steps;

	begin();
	for (int64_t at = 1; at <= 3000; at++)
		if (add(at, at < 1200 ? 20 : 60, second) < 0)
			tap_ok(false, "add %d", (int)at);
	tap_ok(isnan(mean(2300, 2400)) && near(mean(2401, 2402), 60),
	    "ten minutes by the second");
	tap_eq_int(tui_tracks_init(&t, second), 0, "tracks");
	tui_record_seed(&r, &t);
	steps = tui_tracks_recent(&t, TUI_TRACK_CPU);
	tap_eq_int((int64_t)steps->n, TUI_TIER_0, "all steps of the finest");
	tap_ok(near((double)aur_series_at(steps, 0).mean, 60), "the newest");
	tap_ok(
	    near((double)aur_series_at(&t.one[TUI_TRACK_CPU].tier[2], 40).mean,
		20),
	    "and minutes of before");
	tui_tracks_release(&t);
	end();
}

static void test_odd(void)
{
	begin();
	for (int64_t at = 100; at < 110; at++)
		tap_ok(add(at, 30, second) == 0, "%d", (int)at);
	tap_ok(add(110, 40, aur_span_ms(5000)) == 0, "another interval");
	tap_ok(near(tui_record_now(&r, TUI_TRACK_CPU), 40), "the newest");
	tap_ok(isnan(mean(90, 105)), "the steps begin anew");
	tap_ok(
	    add(115, 250, aur_span_ms(5000)) == 0 && near(mean(115, 120), 50),
	    "in fives");
	tap_ok(add(-20000, 60, aur_span_ms(5000)) == 0 && isnan(mean(100, 120)),
	    "a clock that was set back far");
	tui_record_hold(&r, true, (struct aur_mono){7});
	tap_ok(add(-19990, 90, aur_span_ms(5000)) == 0, "while it is held");
	tap_ok(r.held && r.held_received.ns == 7, "it stays");
	tui_record_hold(&r, false, (struct aur_mono){0});
	end();
}

static int fail_nth(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

static void test_memory(void)
{
	struct tui_fleet fl;
	unsigned long nth;
	int rc = AUR_ENOMEM;

	begin();
	tap_ok(add(1, 10, second) == 0 && add(2, 10, second) == 0, "samples");
	tui_record_release(&r);
	for (nth = 1; rc == AUR_ENOMEM && nth < 50; nth++) {
		struct aur_figures f;

		if (aur_figures_init(&f, fakefeed_host(&feed, 0)->before,
			fakefeed_host(&feed, 0)->now) < 0)
			break;
		aur_mem_set_fail(fail_nth, &nth);
		rc = tui_record_add(&r, &f, second);
		aur_mem_set_fail(NULL, NULL);
		aur_figures_release(&f);
		if (rc == AUR_ENOMEM)
			tap_ok(near(tui_record_now(&r, TUI_TRACK_CPU), 10),
			    "the values are known without a past");
	}
	tap_ok(rc == 0 && nth > 2, "a record (%lu)", nth);
	rc = AUR_ENOMEM;
	for (nth = 1; rc == AUR_ENOMEM && nth < 50; nth++) {
		aur_mem_set_fail(fail_nth, &nth);
		rc = tui_fleet_init(&fl, &feed.feed);
		if (rc == 0)
			rc = tui_fleet_update(&fl, (struct aur_mono){0}, false);
		aur_mem_set_fail(NULL, NULL);
		tui_fleet_release(&fl);
	}
	tap_ok(rc == 0 && nth > 4, "a fleet (%lu)", nth);
	end();
}

int main(void)
{
	test_past();
	test_seed();
	test_odd();
	test_memory();
	return tap_done();
}
