/* SPDX-License-Identifier: MIT */
/*
 * hours SAMPLES: the screen without its clock. A machine by script gives
 * SAMPLES samples back to back (36,000 are ten hours at one second), 290
 * processes in each, 100 of which were never seen before; every one is drawn
 * at 200x50 and written as bytes, and somebody looks around: other screens,
 * graphs, details. Prints the anonymous memory after a minute, a tenth, half
 * and all, and the processor's time for a sample.
 */
#include "tests/harness/fakefeed.h"

#include "base/scan.h"
#include "bench/memory.h"
#include "tui/app.h"
#include "tui/paint.h"

#include <stdlib.h>
#include <time.h>

#define STAYING 180
#define PASSING 100

struct hours {
	struct fakefeed feed;
	struct tui_app app;
	struct tui_surface shown;
	struct tui_paint paint;
	struct aur_buf bytes;
	uint64_t written, born;
	struct aur_mono now;
};

static void move(int x, int y, char *out)
{
	snprintf(out, TUI_PAINT_TEXT, "\033[%d;%dH", y + 1, x + 1);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct hours *h = arg;

	tui_app_change(&h->app, host, changes, h->now);
}

/* Those that live for one sample and are never seen again. */
static void add_passing(struct hours *h, struct aur_sample *s)
{
	char line[64];

	for (int i = 0; i < PASSING; i++) {
		snprintf(line, sizeof(line), "/bin/sleep 1 # %llu",
		    (unsigned long long)h->born);
		fakefeed_process(
		    s, 100000 + h->born++, 1, "batch", "sleep", line);
	}
}

static void draw(struct hours *h)
{
	size_t bytes =
	    200 * 50 * sizeof(*h->shown.cell); /* what both surfaces have */

	tui_app_draw(&h->app, h->now);
	aur_buf_clear(&h->bytes);
	if (tui_paint_frame(&h->paint, &h->shown, &h->app.surface, &h->bytes) <
	    0)
		abort();
	h->written += h->bytes.n;
	if (h->shown.cell == NULL && tui_surface_resize(&h->shown, 200, 50) < 0)
		abort();
	memcpy(h->shown.cell, h->app.surface.cell, bytes);
}

/* Looks around: a key every ten samples, and back where it began. */
static void look_around(struct hours *h, uint64_t i)
{
	static const uint32_t keys[] = {'2', '\t', '\r', '-', '-', '-',
	    TUI_KEY_ESC, TUI_KEY_ESC, '3', TUI_KEY_DOWN, '\r', TUI_KEY_ESC, 't',
	    't', TUI_KEY_END, TUI_KEY_HOME, TUI_KEY_ESC, 'M', 'P'};
	struct tui_event e = {.kind = TUI_EVENT_KEY};

	if (i % 10 != 0)
		return;
	e.key = keys[i / 10 % AUR_ARRAY_LEN(keys)];
	tui_app_event(&h->app, &e, h->now);
	draw(h);
}

static void one(struct hours *h, uint64_t i)
{
	struct aur_sample *s = fakefeed_machine_sample(&h->feed, 2, STAYING);

	h->now.ns += AUR_SECOND_NS;
	add_passing(h, s);
	fakefeed_push(&h->feed, s);
	tui_app_wake(&h->app, h->now);
	draw(h);
	look_around(h, i);
}

static bool begin(struct hours *h)
{
	struct tui_options o = {.sort = -1, .utc = true};

	fakefeed_init(&h->feed);
	if (tui_app_init(&h->app, &h->feed.feed, &o) < 0 ||
	    tui_surface_resize(&h->app.surface, 200, 50) < 0)
		return false;
	h->feed.feed.class->listen(&h->feed.feed, on_change, h);
	h->paint.move = move;
	aur_buf_init(&h->bytes, 1u << 20);
	tui_app_ask(&h->app);
	return true;
}

int main(int argc, char **argv)
{
	static struct hours h;
	uint64_t samples = 0, minute = 0, tenth = 0, half = 0;

	if (argc != 2 || aur_scan_u64(aur_slice_str(argv[1]), &samples) < 0 ||
	    samples < 600 || samples > 1000000) {
		fprintf(stderr, "usage: hours SAMPLES, 600 to 1000000\n");
		return 2;
	}
	if (!begin(&h))
		return 1;
	for (uint64_t i = 0; i < samples; i++) {
		one(&h, i);
		if (i == 60)
			minute = memory_anonymous_kb();
		if (i == samples / 10)
			tenth = memory_anonymous_kb();
		if (i == samples / 2)
			half = memory_anonymous_kb();
	}
	printf("minute %llu tenth %llu half %llu all %llu ms %.2f\n",
	    (unsigned long long)minute, (unsigned long long)tenth,
	    (unsigned long long)half, (unsigned long long)memory_anonymous_kb(),
	    1e3 * (double)clock() / CLOCKS_PER_SEC / (double)samples);
	tui_app_release(&h.app);
	tui_surface_release(&h.shown);
	aur_buf_release(&h.bytes);
	fakefeed_release(&h.feed);
	return 0;
}
