/* SPDX-License-Identifier: MIT */
/*
 * The whole screen without a terminal, over scripted hosts and a past by
 * script. `ms` is the clock; keys come slowly, and all that is asked for has
 * come when one has been drawn. AURORA_GOLDEN=write makes golden frames anew.
 *
 *	begin(12, 120, 40);		hosts, columns, lines
 *	key('b');
 *	type("11:32:30");
 *	key('\r');
 *	tap_ok(shows(0, "PAST 11:32:30"), ...);
 *	end();
 */
#ifndef TESTS_UNIT_TUI_PAST_H
#define TESTS_UNIT_TUI_PAST_H

#include "tests/harness/fakepast.h"
#include "tests/harness/golden.h"
#include "tests/harness/surface.h"

#include "tui/app.h"

#define PAST_FN __attribute__((unused)) static

static struct fakefeed feed;
static struct fakepast past;
static struct tui_app app;
static int64_t ms;

static struct aur_mono now(void)
{
	return (struct aur_mono){ms * 1000000};
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	tui_app_change(arg, host, changes, now());
}

/* Draws until nothing is left to be asked for. */
PAST_FN void draw(void)
{
	app.scene.wall.ns = (FAKEPAST_START + feed.seconds) * AUR_SECOND_NS;
	do {
		ms += 300;
		tui_app_wake(&app, now());
		tui_app_draw(&app, now());
	} while (app.moment.fill_at.ns != 0);
}

PAST_FN void seconds(unsigned n)
{
	while (n-- > 0) {
		if (feed.n == 1)
			fakefeed_machine(&feed, 2, 0);
		else
			feed.seconds++;
		for (size_t i = 0; feed.n > 1 && i < feed.n; i++)
			fakefeed_row(&feed, i, 3, 40, 0);
		ms += 1000;
	}
	past.to = feed.seconds;
	draw();
}

PAST_FN void key(uint32_t k)
{
	struct tui_event e = {.kind = TUI_EVENT_KEY, .key = k};

	ms += 600;
	tui_app_event(&app, &e, now());
	draw();
}

PAST_FN void type(const char *text)
{
	for (; *text != '\0'; text++)
		key((uint8_t)*text);
}

PAST_FN void init_with(
    size_t hosts, int w, int h, const struct tui_options *more)
{
	struct tui_options o = *more;

	o.sort = -1;
	o.utc = true;
	o.past = &past.f.feed;
	o.team = hosts > 1 ? "pixel" : NULL;
	ms = 1000;
	if (hosts > 1)
		fakefeed_init_hosts(&feed, hosts);
	else
		fakefeed_init(&feed);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0, "init");
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tap_ok(tui_surface_resize(&app.surface, w, h) == 0, "resize");
	tui_app_ask(&app);
}

PAST_FN void begin_with(
    size_t hosts, int w, int h, const struct tui_options *more)
{
	init_with(hosts, w, h, more);
	seconds(100);
}

PAST_FN void begin(size_t hosts, int w, int h)
{
	struct tui_options o = {.interval = {0}};

	fakepast_init(&past, hosts);
	begin_with(hosts, w, h, &o);
}

PAST_FN void end(void)
{
	tui_app_release(&app);
	fakefeed_release(&feed);
	fakepast_release(&past);
}

/* Whether row `y`, or any for -1, has `text`. */
PAST_FN bool has(int y, const char *text)
{
	return surface_has(&app.surface, y, text);
}

PAST_FN bool shows(int y, const char *text)
{
	bool found = has(y, text);

	if (!found)
		printf("# row %d lacks '%s'\n", y, text);
	return found;
}

PAST_FN int last(void)
{
	return app.surface.h - 1;
}

PAST_FN void frame(const char *name)
{
	struct aur_buf b;

	aur_buf_init(&b, 1u << 20);
	golden_add(&b, &app.surface);
	golden_check(name, aur_buf_str(&b));
	aur_buf_release(&b);
}

#endif
