/* SPDX-License-Identifier: MIT */
/*
 * Looking back at a fleet: hosts that kept nothing of a moment, rows that have
 * the minute before it, what happened since somebody looked. Golden frames of
 * the fleet and of its events.
 */
#include "tests/harness/fail.h"
#include "tests/unit/tui_past.h"

#include <math.h>

/* A sample without a table of processes, which nobody is still reading. */
static void test_no_table(void)
{
	begin(2, 80, 24);
	past.no_tables = true;
	key('b');
	type("14:31:00");
	key('\r');
	key('3');
	tap_ok(shows(2, "no processes were kept of this moment"), "of no host");
	key('3');
	tap_ok(
	    shows(-1, "no processes were kept of this moment"), "nor of one");
	key(TUI_KEY_ESC);
	tap_ok(!has(-1, "were kept"), "live it is not said");
	end();
}

/* Of a host that kept nothing no word that trying again would help. */
static void test_fleet_lacks(void)
{
	begin(3, 80, 24);
	past.gap_from = -100;
	past.gap_to = -10;
	key('b');
	type("14:31:00");
	key('\r');
	tap_ok(shows(0, "3 unreachable") && !has(-1, "tries again"),
	    "nothing was kept");
	key('\r');
	tap_ok(app.mode == TUI_MODE_TROUBLE && shows(-1, "  any key: back") &&
		   !has(-1, "tries again") && !has(-1, "tries with ssh"),
	    "nor where it is told whole");
	key('R');
	tap_ok(shows(last(), "the past stands still"), "it does not change");
	end();
}

/* Where nothing is, it stays: so do the hosts. */
static void test_fleet_gap(void)
{
	begin(3, 100, 24);
	key('b');
	type("11:32:30");
	key('\r');
	key('b');
	type("2026-11-12 18:00");
	key('\r');
	tap_ok(shows(last(), "nothing is kept of 2026-11-12"), "it says so");
	tap_ok(shows(0, "PAST 11:32:30") &&
		   fakefeed_host(&past.f, 1)->state == AUR_HOST_UP,
	    "and shows what it did");
	end();
}

/* CPU of a host's row between two seconds, as a sparkline has it. */
static double row_cpu(size_t host, int64_t from, int64_t to)
{
	return tui_record_mean(&app.fleet.record[host], TUI_TRACK_CPU,
	    (struct aur_wall){(FAKEPAST_START + from) * AUR_SECOND_NS},
	    (struct aur_wall){(FAKEPAST_START + to) * AUR_SECOND_NS});
}

/* The rows of a fresh run have the minute before it, once they are there. */
static void test_fleet_before(void)
{
	struct tui_options o = {.interval = {0}};

	fakepast_init(&past, 12);
	past.gap_from = -5; /* somebody else recorded until then */
	init_with(12, 120, 40, &o);
	for (size_t i = 0; i < 12; i++)
		fakefeed_row(&feed, i, 3, 40, 0);
	tui_app_draw(&app, now());
	tap_eq_u64(past.points, 0, "nothing is asked for the first frame");
	seconds(2);
	tap_eq_u64(past.points, 12, "then each row once");
	tap_ok(past.most <= 61, "a minute of it");
	tap_near(row_cpu(3, -20, -10), fakepast_cpu(3, -15), 0.1,
	    "what was before the run");
	tap_ok(isnan(row_cpu(3, -4, 0)), "a gap stays one");
	tap_near(row_cpu(3, 1, 3), 3, 0.1, "what came stays");
	seconds(1);
	tap_eq_u64(past.points, 12, "it is not asked for at each sample");
	past.gap_from = 0; /* the host has filled in what it kept */
	seconds(3);
	tap_eq_u64(past.points, 24, "but again after a while");
	tap_near(row_cpu(3, -4, 0), fakepast_cpu(3, -3), 0.1,
	    "what was filled in since");
	seconds(100);
	tap_ok(past.points <= 48, "and no more when a minute has come");
	end();
}

/* Many rows: some at a frame. A host that is gone into has its graphs from
 * what is kept, not from the one quantity that its row has. */
static void test_fleet_before_many(void)
{
	struct tui_options o = {.interval = {0}};
	unsigned most = 0;

	fakepast_init(&past, 100);
	init_with(100, 120, 40, &o);
	for (size_t i = 0; i < 100; i++)
		fakefeed_row(&feed, i, 3, 40, 0);
	tui_app_draw(&app, now());
	do {
		unsigned asked = past.points;

		ms += 300;
		tui_app_wake(&app, now());
		tui_app_draw(&app, now());
		most = past.points - asked > most ? past.points - asked : most;
	} while (app.moment.fill_at.ns != 0);
	tap_ok(past.points >= 30 && past.points <= 40,
	    "%u rows that show, of 100", past.points);
	tap_ok(most > 0 && most <= 12, "%u at a time", most);
	key(TUI_KEY_DOWN);
	key('\r');
	tap_ok(app.view == TUI_VIEW_OVERVIEW, "into a host");
	tap_eq_u64(
	    aur_series_at(&app.scene.tracks.one[TUI_TRACK_MEMORY].tier[0], 30)
		.n,
	    1, "all its graphs have what was before");
	end();
}

/* A minute of tenths is all that a row has. */
static void test_fleet_fast(void)
{
	struct tui_options o = {.interval = {AUR_SECOND_NS / 10}};

	fakepast_init(&past, 3);
	begin_with(3, 120, 40, &o);
	key('b');
	type("14:31:00");
	key('\r');
	tap_near(row_cpu(1, -100, -70), fakepast_cpu(1, -80), 0.1,
	    "a moment: the minute before it, by tenths");
	end();
}

static void test_fleet(void)
{
	begin(12, 120, 40);
	key('b');
	type("11:32:30");
	key('\r');
	tap_ok(shows(0, "PAST 11:32:30, 3 h ago \xc2\xb7 Esc live"), "title");
	tap_ok(past.points <= 12, "%u sparklines asked for", past.points);
	frame("past-fleet-12-120x40");
	key('3');
	tap_ok(shows(1, "HOST"), "the processes of all");
	key(TUI_KEY_DOWN);
	key('(');
	tap_ok(app.procs.list.cursor == 1, "the cursor keeps its row");
	key('1');
	key(TUI_KEY_RIGHT);
	key('\r');
	tap_ok(shows(0, "web2") && shows(0, "PAST"), "into a host");
	tap_ok(shows(-1, "cc1"), "with its processes");
	key(TUI_KEY_ESC);
	tap_ok(shows(0, "web2") && !has(0, "PAST"), "live, on that host");
	tap_ok(app.scene.figures.now == fakefeed_host(&feed, 1)->now,
	    "its newest");
	key('q');
	tap_ok(shows(0, "12 hosts"), "the fleet is as it was");
	end();
}

static void test_fleet_small(void)
{
	begin(3, 80, 24);
	key('b');
	type("11:32:30");
	key('\r');
	frame("past-fleet-3-80x24");
	end();
}

static void test_events_screen(void)
{
	begin(12, 120, 24);
	fakepast_event(&past, 3, -7200, "oom_kill", "count", "2");
	fakepast_event(&past, 5, -3600, "unit_failed", "unit", "shop.service");
	fakepast_event(&past, 3, -60, "agent_start", "version", "1.0");
	key('6');
	tap_ok(shows(0, "12 hosts") && shows(1, "TIME"), "6: events");
	tap_ok(shows(2, "Nov 22 12:32:00  web4") &&
		   shows(2, "out of memory: 2 killed"),
	    "the oldest first");
	tap_ok(shows(4, "the agent started, version 1.0"), "the newest last");
	frame("events-120x24");
	key(TUI_KEY_F(4));
	type("host eq web6");
	key('\r');
	tap_ok(shows(2, "shop.service failed") && !has(-1, "memory"),
	    "F4 filters");
	key('\r');
	tap_ok(shows(0, "web6") && shows(0, "PAST 13:32:00"),
	    "Enter: that host at that moment");
	key('6');
	key(TUI_KEY_F(4));
	key(TUI_KEY_CTRL('u'));
	key('\r');
	tap_ok(has(-1, "memory") && has(-1, "shop.service") &&
		   !has(-1, "agent started"),
	    "in the past it ends at the moment");
	key(TUI_KEY_ESC);
	tap_ok(has(-1, "agent started"), "live: all");
	end();
}

static void test_morning(void)
{
	struct tui_options o = {
	    .looked = {(FAKEPAST_START - 20 * 3600) * AUR_SECOND_NS}};

	fakepast_init(&past, 12);
	fakepast_event(&past, 1, -7200, "reboot", "seconds", "40");
	fakepast_event(&past, 3, -3600, "oom_kill", "name", "java");
	fakepast_event(&past, 3, -3500, "oom_kill", "name", "java");
	begin_with(12, 140, 24, &o);
	seconds(1);
	tap_ok(
	    shows(last(), "since yesterday 18:32: web2 rebooted 12:32, 2 OOM "
			  "kills on web4 \xc2\xb7 { goes there"),
	    "what happened since");
	fakepast_event(&past, 5, -3000, "filesystem_full", "mount", "/srv");
	for (int i = 0; i < 20; i++)
		seconds(5);
	tap_ok(shows(last(), "/srv full on web6"), "what is told later comes");
	key('{');
	tap_ok(shows(0, "PAST 13:42:00"), "{ goes there");
	key(TUI_KEY_ESC);
	tap_ok(!has(last(), "since"), "and it is gone");
	end();
}

/* Without memory it stays where it was, or says so; and goes on after it. */
static void test_memory(void)
{
	struct aur_wall at = {(FAKEPAST_START - 3600) * AUR_SECOND_NS};

	begin(3, 100, 24);
	tap_ok(tui_moment_go(&app, at, now()), "with memory");
	tui_moment_leave(&app, now());
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		tui_moment_go(&app, at, now());
		app.events.old = true;
		app.view = nth % 2 > 0 ? TUI_VIEW_EVENTS : TUI_VIEW_FLEET;
		tui_app_draw(&app, now());
		tui_moment_leave(&app, now());
		if (!fail_end())
			break;
	}
	tap_ok(!app.moment.on, "live at the end");
	key('b');
	type("13:32:30");
	key('\r');
	tap_ok(shows(0, "PAST 13:32:30"), "with memory it goes there");
	end();
}

int main(void)
{
	test_no_table();
	test_fleet_lacks();
	test_fleet_gap();
	test_fleet();
	test_fleet_before();
	test_fleet_before_many();
	test_fleet_fast();
	test_fleet_small();
	test_events_screen();
	test_morning();
	test_memory();
	return tap_done();
}
