/* SPDX-License-Identifier: MIT */
/*
 * The whole screen without a terminal, over one scripted host: what tests of
 * it begin and end with, keys, and what stands on it. `ms` is the clock.
 *
 *	app_begin(&options, 80, 24);
 *	app_samples(2, 4, 0);		seconds, CPUs, processes beside ten
 *	key('t');
 *	tap_ok(shows("cc1"), ...);
 *	end();
 */
#ifndef TESTS_HARNESS_FAKEAPP_H
#define TESTS_HARNESS_FAKEAPP_H

#include "tests/harness/fakefeed.h"
#include "tests/harness/surface.h"
#include "tests/harness/tap.h"

#include "tui/app.h"

#define FAKEAPP_FN __attribute__((unused)) static

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

/* Nothing has been sampled yet; times are shown as UTC. */
FAKEAPP_FN void app_begin(const struct tui_options *o, int w, int h)
{
	fakefeed_init(&feed);
	tap_ok(tui_app_init(&app, &feed.feed, o) == 0, "init");
	app.scene.utc = true;
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tap_ok(tui_surface_resize(&app.surface, w, h) == 0, "resize");
	tui_app_ask(&app);
}

FAKEAPP_FN void app_samples(unsigned n, unsigned cpus, unsigned extra)
{
	for (unsigned i = 0; i < n; i++) {
		ms += 1000;
		fakefeed_machine(&feed, cpus, extra);
	}
	tui_app_draw(&app, now());
}

FAKEAPP_FN void end(void)
{
	tui_app_release(&app);
	fakefeed_release(&feed);
}

FAKEAPP_FN void event(struct tui_event e)
{
	ms += 10;
	tui_app_event(&app, &e, now());
	tui_app_draw(&app, now());
}

FAKEAPP_FN void key(uint32_t k)
{
	event((struct tui_event){.kind = TUI_EVENT_KEY, .key = k});
}

FAKEAPP_FN void type(const char *text)
{
	for (; *text != '\0'; text++)
		key((uint8_t)*text);
}

FAKEAPP_FN void mouse(enum tui_mouse m, int x, int y)
{
	event((struct tui_event){
	    .kind = TUI_EVENT_MOUSE, .mouse = m, .x = x, .y = y});
}

/* Whether `text` stands in row `y`; in any for -1. */
FAKEAPP_FN bool row_shows(int y, const char *text)
{
	bool found = surface_has(&app.surface, y, text);

	if (!found)
		printf("# not in row %d of the screen: '%s'\n", y, text);
	return found;
}

FAKEAPP_FN bool shows(const char *text)
{
	return row_shows(-1, text);
}

#endif
