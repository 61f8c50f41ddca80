/* SPDX-License-Identifier: MIT */
/* The large graph of a pane: axes, zoom, cursor, and who was busy then. */
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/fakeapp.h"

static void begin(int w, int h, bool ascii, unsigned cpus)
{
	struct tui_options o = {.sort = -1, .ascii = ascii};

	app_begin(&o, w, h);
	app_samples(100, cpus, 0);
}

/* The row that names the moment of the cursor. */
static int foot(void)
{
	return app.plot.at.y + app.plot.at.h + 1;
}

static void enter(int panel)
{
	key('2');
	while (app.focus != panel)
		key('\t');
	key('\r');
}

/* 100 samples: the last of 14:33:40. */
static void test_cursor(void)
{
	begin(80, 24, false, 2);
	enter(TUI_PANEL_CPU);
	tap_ok(app.view == TUI_VIEW_PANE && shows("CPU busy"), "the graph");
	tap_ok(shows("1/2  2 min"), "which, and how long");
	tap_ok(shows("100%") && shows("  0.0%"), "values of the axis");
	tap_ok(row_shows(foot() - 1, "14:33:00"), "times of the axis");
	key(TUI_KEY_LEFT);
	tap_ok(row_shows(foot(), "14:33:40") && row_shows(foot(), "50.0%"),
	    "the cursor comes at the newest");
	tap_ok(row_shows(foot() + 1, "busiest cc1 521 98%  postgres 411 23%"),
	    "who was busy then");
	for (int i = 0; i < 6; i++)
		key(TUI_KEY_LEFT);
	tap_ok(row_shows(foot(), "14:33:30"), "six columns are ten seconds");
	app_samples(10, 2, 0);
	tap_ok(row_shows(foot(), "14:33:30"), "the cursor keeps to its moment");
	key(TUI_KEY_RIGHT);
	tap_ok(row_shows(foot(), "14:33:31"), "and to the right again");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_PANE && !app.plot.cursor, "Esc leaves it");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_HOST, "and then the pane");
	end();
}

static void test_zoom(void)
{
	begin(80, 24, false, 2);
	enter(TUI_PANEL_MEMORY);
	key('+');
	tap_ok(shows("1/2  1 min"), "nearer");
	key('+');
	tap_ok(shows("1/2  1 min"), "not below a minute");
	key(TUI_KEY_LEFT);
	key(TUI_KEY_HOME);
	tap_ok(shows("14:32:0"), "Home is where it began");
	tap_ok(app.plot.end > 0 && !row_shows(foot() - 1, "14:33:00"),
	    "the graph follows");
	for (int i = 0; i < 12; i++)
		key('-');
	tap_ok(shows("1/2  24 h"), "as far as it goes");
	tap_ok(shows("50.0%"), "with the value still");
	key(TUI_KEY_END);
	tap_ok(app.plot.cursor == 0 && app.plot.end == 0, "End: now again");
	mouse(TUI_MOUSE_WHEEL_UP, 40, 12);
	tap_ok(shows("1/2  12 h"), "the wheel zooms");
	for (int i = 0; i < 12; i++)
		key('+');
	mouse(TUI_MOUSE_LEFT, 79, 12);
	tap_ok(row_shows(foot(), "14:33:39"), "a click sets the cursor");
	mouse(TUI_MOUSE_LEFT, 43, 12);
	tap_ok(row_shows(foot(), "14:33:09"), "anywhere");
	end();
}

static void test_choice(void)
{
	begin(80, 24, false, 2);
	enter(TUI_PANEL_DISK);
	tap_ok(shows("all disks, read"), "all of them first");
	for (int i = 0; i < 3; i++)
		key(TUI_KEY_DOWN);
	tap_ok(shows("vda, written") && shows("4/4"), "then each");
	key(TUI_KEY_DOWN);
	tap_ok(shows("4/4"), "not beyond the last");
	key(TUI_KEY_LEFT);
	tap_ok(row_shows(foot(), "4.0M/s"), "its value");
	tap_ok(row_shows(app.plot.at.y, " 4.0M/s"), "and its axis");
	key('q');
	enter(TUI_PANEL_NETWORK);
	for (int i = 0; i < 2; i++)
		key(TUI_KEY_DOWN);
	tap_ok(shows("eth0, received"), "an interface");
	key('q');
	enter(TUI_PANEL_SENSOR);
	tap_ok(shows("TCP established"), "sockets");
	for (int i = 0; i < 9; i++)
		key(TUI_KEY_DOWN);
	tap_ok(shows("core, temperature"), "a sensor");
	key('q');
	enter(TUI_PANEL_PRESSURE);
	key(TUI_KEY_DOWN);
	key(TUI_KEY_LEFT);
	tap_ok(shows("pressure on CPU, some") && row_shows(foot(), "2.1%"),
	    "pressure");
	key('q');
	enter(TUI_PANEL_FILESYSTEM);
	tap_ok(app.view == TUI_VIEW_PANE && shows("/srv"),
	    "a pane without a history is only large");
	end();
}

/* Who was busiest, in steps of two seconds; without memory for them all is as
 * it was. */
static void test_busiest_step(void)
{
	struct tui_busiest *b = &app.scene.busiest;
	struct tui_busy out[TUI_BUSIEST];
	struct aur_wall to, from;
	unsigned long nth = 1;
	int rc;

	begin(80, 24, false, 2);
	to = app.scene.figures.now->wall;
	from = (struct aur_wall){to.ns - 90 * AUR_SECOND_NS};
	for (; fail_begin(nth); nth++) {
		rc = tui_busiest_step(b, aur_span_seconds(2));
		if (!fail_end())
			break;
		if (rc != AUR_ENOMEM || b->step[0].ns != AUR_SECOND_NS ||
		    tui_busiest_over(b, 0, from, to, out) < 2)
			tap_ok(false, "failure %lu", nth);
	}
	tap_ok(rc == 0 && nth > 2, "each allocation fails once");
	tap_ok(tui_busiest_over(b, 0, from, to, out) >= 2 &&
		   strcmp(out[0].name, "cc1") == 0,
	    "who was there is there");
	end();
}

static void test_interval(void)
{
	begin(80, 24, false, 2);
	enter(TUI_PANEL_CPU);
	key('d');
	key(TUI_KEY_BACKSPACE);
	key('5');
	key('\r');
	tap_eq_int(app.scene.interval.ns, 5 * AUR_SECOND_NS, "five seconds");
	key(TUI_KEY_LEFT);
	key(TUI_KEY_HOME);
	tap_ok(shows("14:32:0") && row_shows(foot(), "50.0%"),
	    "what was before is still there");
	tap_ok(row_shows(foot() + 1, "cc1 521 98%"), "and who was busy");
	end();
}

static void test_small(void)
{
	begin(40, 12, true, 2);
	enter(TUI_PANEL_CPU);
	key(TUI_KEY_LEFT);
	tap_ok(row_shows(foot(), "14:33:40") && row_shows(foot(), "50.0%"),
	    "in 40x12");
	tap_ok(row_shows(foot() + 1, "busiest cc1 521 98%"), "and who");
	for (int w = TUI_MIN_W; w < 300; w += 7)
		for (int h = TUI_MIN_H; h < 60; h += 5) {
			if (tui_surface_resize(&app.surface, w, h) < 0)
				tap_ok(false, "resize");
			key(TUI_KEY_LEFT);
			key(w % 2 ? '-' : '+');
		}
	tap_ok(app.plot.cursor > 0, "every size");
	end();
}

/* 256 cores: fold into bars while they fit, else one cell a core. */
static void test_cores(void)
{
	begin(80, 24, false, 256);
	enter(TUI_PANEL_CPU);
	tap_ok(shows("\xe2\x96\x93\xe2\x96\x91"), "shades");
	tap_ok(shows("busiest "), "the busiest are named");
	tap_ok(!shows("a cell"), "each core has its own cell");
	end();
	begin(80, 24, true, 256);
	enter(TUI_PANEL_CPU);
	tap_ok(
	    row_shows(4, "     0472614836"), "digits tell them apart in ASCII");
	tap_ok(row_shows(8, "busiest 17:94% 107:94% 197:94%"),
	    "equals are all named, by number");
	end();
	begin(40, 12, true, 256);
	enter(TUI_PANEL_CPU);
	tap_ok(shows("CPU  u"), "40x12");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_HOST, "the host screen");
	tap_ok(shows("a cell, busiest 17:94%"), "several cores a cell");
	end();
	begin(200, 50, false, 16);
	enter(TUI_PANEL_CPU);
	tap_ok(shows(" 15 ") && !shows("busiest"), "16 cores are bars");
	end();
}

/* The root grows by 256 MiB a second: 40 GiB are gone in 160 s. */
static void test_full(void)
{
	struct aur_sample *s;

	begin(80, 24, false, 2);
	enter(TUI_PANEL_FILESYSTEM);
	tap_ok(row_shows(2, "FULL IN") && row_shows(3, "/srv") &&
		   row_shows(3, " -"),
	    "no growth, no time, the fullest first");
	for (unsigned i = 0; i < 200; i++) {
		ms += 1000;
		s = fakefeed_machine_sample(&feed, 2, 0);
		fakefeed_set(s, AUR_DOMAIN_FILESYSTEM, "/", AUR_FILESYSTEM_free,
		    (100ull * 1024 - i * 256) << 20);
		fakefeed_push(&feed, s);
	}
	tui_app_draw(&app, now());
	tap_ok(row_shows(4, "2m"), "it fills");
	key('q');
	key('q');
	if (tui_surface_resize(&app.surface, 120, 40) < 0)
		tap_ok(false, "resize");
	tui_app_draw(&app, now());
	tap_ok(shows("full 2m"), "said in the overview too");
	end();
}

int main(void)
{
	test_full();
	test_cores();
	test_cursor();
	test_zoom();
	test_choice();
	test_interval();
	test_busiest_step();
	test_small();
	return tap_done();
}
