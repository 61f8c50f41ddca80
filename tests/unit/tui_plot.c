/* SPDX-License-Identifier: MIT */
/* The large graph of a pane: axes, zoom, cursor, and who was busy then. */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "tui/app.h"

static struct fakefeed feed;
static struct tui_app app;
static int64_t ms = 1000;

static struct aur_mono now(void)
{
	return (struct aur_mono){ms * 1000000};
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	tui_app_change(arg, host, changes, now());
}

static void samples(unsigned n, unsigned cpus)
{
	for (unsigned i = 0; i < n; i++) {
		ms += 1000;
		fakefeed_machine(&feed, cpus, 0);
	}
	tui_app_draw(&app, now());
}

static void begin(int w, int h, bool ascii, unsigned cpus)
{
	struct tui_options o = {.sort = -1, .ascii = ascii};

	fakefeed_init(&feed);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0 &&
		   tui_surface_resize(&app.surface, w, h) == 0,
	    "init");
	app.scene.utc = true;
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tui_app_ask(&app);
	samples(100, cpus);
}

static void end(void)
{
	tui_app_release(&app);
	fakefeed_release(&feed);
}

static void event(struct tui_event e)
{
	ms += 10;
	tui_app_event(&app, &e, now());
	tui_app_draw(&app, now());
}

static void key(uint32_t k)
{
	event((struct tui_event){.kind = TUI_EVENT_KEY, .key = k});
}

static void mouse(enum tui_mouse m, int x, int y)
{
	event((struct tui_event){
	    .kind = TUI_EVENT_MOUSE, .mouse = m, .x = x, .y = y});
}

/* Whether row `y`, or any for -1, has `text`. */
static bool shows(int y, const char *text)
{
	struct aur_buf b;
	bool found = false;

	aur_buf_init(&b, 1u << 20);
	for (int i = 0; i < app.surface.h && !found; i++) {
		aur_buf_clear(&b);
		if ((y < 0 || i == y) &&
		    tui_surface_row(&app.surface, i, &b) == 0)
			found = strstr(aur_buf_str(&b), text) != NULL;
	}
	aur_buf_release(&b);
	if (!found)
		printf("# row %d lacks '%s'\n", y, text);
	return found;
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
	tap_ok(app.view == TUI_VIEW_PANE && shows(-1, "CPU busy"), "the graph");
	tap_ok(shows(-1, "1/2  2 min"), "which, and how long");
	tap_ok(shows(-1, "100%") && shows(-1, "  0.0%"), "values of the axis");
	tap_ok(shows(foot() - 1, "14:33:00"), "times of the axis");
	key(TUI_KEY_LEFT);
	tap_ok(shows(foot(), "14:33:40") && shows(foot(), "50.0%"),
	    "the cursor comes at the newest");
	tap_ok(shows(foot() + 1, "busiest cc1 521 98%  postgres 411 23%"),
	    "who was busy then");
	for (int i = 0; i < 6; i++)
		key(TUI_KEY_LEFT);
	tap_ok(shows(foot(), "14:33:30"), "six columns are ten seconds");
	samples(10, 2);
	tap_ok(shows(foot(), "14:33:30"), "the cursor keeps to its moment");
	key(TUI_KEY_RIGHT);
	tap_ok(shows(foot(), "14:33:31"), "and to the right again");
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
	tap_ok(shows(-1, "1/2  1 min"), "nearer");
	key('+');
	tap_ok(shows(-1, "1/2  1 min"), "not below a minute");
	key(TUI_KEY_LEFT);
	key(TUI_KEY_HOME);
	tap_ok(shows(-1, "14:32:0"), "Home is where it began");
	tap_ok(app.plot.end > 0 && !shows(foot() - 1, "14:33:00"),
	    "the graph follows");
	for (int i = 0; i < 12; i++)
		key('-');
	tap_ok(shows(-1, "1/2  24 h"), "as far as it goes");
	tap_ok(shows(-1, "50.0%"), "with the value still");
	key(TUI_KEY_END);
	tap_ok(app.plot.cursor == 0 && app.plot.end == 0, "End: now again");
	mouse(TUI_MOUSE_WHEEL_UP, 40, 12);
	tap_ok(shows(-1, "1/2  12 h"), "the wheel zooms");
	for (int i = 0; i < 12; i++)
		key('+');
	mouse(TUI_MOUSE_LEFT, 79, 12);
	tap_ok(shows(foot(), "14:33:39"), "a click sets the cursor");
	mouse(TUI_MOUSE_LEFT, 43, 12);
	tap_ok(shows(foot(), "14:33:09"), "anywhere");
	end();
}

static void test_choice(void)
{
	begin(80, 24, false, 2);
	enter(TUI_PANEL_DISK);
	tap_ok(shows(-1, "all disks, read"), "all of them first");
	for (int i = 0; i < 3; i++)
		key(TUI_KEY_DOWN);
	tap_ok(shows(-1, "vda, written") && shows(-1, "4/4"), "then each");
	key(TUI_KEY_DOWN);
	tap_ok(shows(-1, "4/4"), "not beyond the last");
	key(TUI_KEY_LEFT);
	tap_ok(shows(foot(), "4.0M/s"), "its value");
	tap_ok(shows(app.plot.at.y, " 4.0M/s"), "and its axis");
	key('q');
	enter(TUI_PANEL_NETWORK);
	for (int i = 0; i < 2; i++)
		key(TUI_KEY_DOWN);
	tap_ok(shows(-1, "eth0, received"), "an interface");
	key('q');
	enter(TUI_PANEL_SENSOR);
	tap_ok(shows(-1, "TCP established"), "sockets");
	for (int i = 0; i < 9; i++)
		key(TUI_KEY_DOWN);
	tap_ok(shows(-1, "core, temperature"), "a sensor");
	key('q');
	enter(TUI_PANEL_PRESSURE);
	key(TUI_KEY_DOWN);
	key(TUI_KEY_LEFT);
	tap_ok(shows(-1, "pressure on CPU, some") && shows(foot(), "2.1%"),
	    "pressure");
	key('q');
	enter(TUI_PANEL_FILESYSTEM);
	tap_ok(app.view == TUI_VIEW_PANE && shows(-1, "/srv"),
	    "a pane without a history is only large");
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
	tap_ok(shows(-1, "14:32:0") && shows(foot(), "50.0%"),
	    "what was before is still there");
	tap_ok(shows(foot() + 1, "cc1 521 98%"), "and who was busy");
	end();
}

static void test_small(void)
{
	begin(40, 12, true, 2);
	enter(TUI_PANEL_CPU);
	key(TUI_KEY_LEFT);
	tap_ok(shows(foot(), "14:33:40") && shows(foot(), "50.0%"), "in 40x12");
	tap_ok(shows(foot() + 1, "busiest cc1 521 98%"), "and who");
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
	tap_ok(shows(-1, "\xe2\x96\x93\xe2\x96\x91"), "shades");
	tap_ok(shows(-1, "busiest "), "the busiest are named");
	tap_ok(!shows(-1, "a cell"), "each core has its own cell");
	end();
	begin(80, 24, true, 256);
	enter(TUI_PANEL_CPU);
	tap_ok(shows(4, "     0472604836"), "digits tell them apart in ASCII");
	tap_ok(shows(8, "busiest 17:94% 107:94% 197:94%"),
	    "equals are all named, by number");
	end();
	begin(40, 12, true, 256);
	enter(TUI_PANEL_CPU);
	tap_ok(shows(-1, "CPU  u"), "40x12");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_HOST, "the host screen");
	tap_ok(shows(-1, "a cell, busiest 17:94%"), "several cores a cell");
	end();
	begin(200, 50, false, 16);
	enter(TUI_PANEL_CPU);
	tap_ok(shows(-1, " 15 ") && !shows(-1, "busiest"), "16 cores are bars");
	end();
}

/* The root grows by 256 MiB a second: 40 GiB are gone in 160 s. */
static void test_full(void)
{
	struct aur_sample *s;

	begin(80, 24, false, 2);
	enter(TUI_PANEL_FILESYSTEM);
	tap_ok(shows(2, "FULL IN") && shows(3, "/srv") && shows(3, " -"),
	    "no growth, no time, the fullest first");
	for (unsigned i = 0; i < 200; i++) {
		ms += 1000;
		s = fakefeed_machine_sample(&feed, 2, 0);
		fakefeed_set(s, AUR_DOMAIN_FILESYSTEM, "/", AUR_FILESYSTEM_free,
		    (100ull * 1024 - i * 256) << 20);
		fakefeed_push(&feed, s);
	}
	tui_app_draw(&app, now());
	tap_ok(shows(4, "2m"), "it fills");
	key('q');
	key('q');
	if (tui_surface_resize(&app.surface, 120, 40) < 0)
		tap_ok(false, "resize");
	tui_app_draw(&app, now());
	tap_ok(shows(-1, "full 2m"), "said in the overview too");
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
	test_small();
	return tap_done();
}
