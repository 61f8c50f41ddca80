/* SPDX-License-Identifier: MIT */
/*
 * 100,000 processes and 256 cores, all with names that move columns where a
 * program trusts them: the list is right, what a terminal makes of it stands
 * in its columns, and keys are answered between samples. What each part costs
 * is told and not judged: machines differ.
 */
#include "tests/harness/fakefeed.h"
#include "tests/harness/screen.h"
#include "tests/harness/tap.h"

#include "base/text.h"
#include "tui/app.h"
#include "tui/paint.h"

#include <math.h>

#define MANY 100000u
#define CORES 256u

static struct fakefeed feed;
static struct tui_app app;

static struct aur_mono now(void)
{
	return aur_clock_mono();
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	tui_app_change(arg, host, changes, now());
}

static struct aur_mono started;

static void begin(void)
{
	started = aur_clock_mono();
}

static void end(const char *what)
{
	printf("# %-40s %8.2f ms\n", what,
	    1e3 *
		aur_span_in_seconds(aur_mono_since(aur_clock_mono(), started)));
}

static void key(uint32_t k, const char *what)
{
	struct tui_event e = {.kind = TUI_EVENT_KEY, .key = k};

	begin();
	tui_app_event(&app, &e, now());
	tui_app_draw(&app, now());
	if (what != NULL)
		end(what);
}

static const char *const hostile[] = {"plain",
    "\xe6\xbc\xa2\xe5\xad\x97\xe3\x83\x97\xe3\x83\xad", /* wide */
    ("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
     "clair"), /* many marks */
    "\xf0\x9f\x98\x80 smile", "\033[31mred\033[9;9H", "new\nline\ttab",
    "\xff\xfe\x80nonsense", "\xe2\x80\xaertl\xe2\x80\xac",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", /* Hebrew */
    "z\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "\xc2\x9b[2J",
    "\xcc\x81starts with a mark", ""};

static void add_names(struct aur_part *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct aur_slice s =
		    aur_slice_str(hostile[i % AUR_ARRAY_LEN(hostile)]);

		(void)!aur_part_set_text(p, i, AUR_PROCESS_name, s);
		(void)!aur_part_set_text(p, i, AUR_PROCESS_user, s);
		(void)!aur_part_set_text(
		    p, i, AUR_PROCESS_cmdline, i % 2 ? s : aur_slice_str(""));
	}
}

static void move(int x, int y, char *out)
{
	snprintf(out, TUI_PAINT_TEXT, "\033[%d;%dH", y + 1, x + 1);
}

/* Whether a terminal that gets this frame has every cell where we do. */
static bool is_straight(void)
{
	struct tui_paint paint = {.clear = "\033[H\033[2J", .move = move};
	struct tui_surface none = {0};
	struct screen *screen = screen_new(app.surface.h, app.surface.w);
	struct aur_buf b;
	bool good;

	for (int i = 0; i < TUI_ROLE_COUNT; i++)
		paint.look[i] = (struct tui_look){-1, -1, 0};
	aur_buf_init(&b, 1u << 20);
	good = tui_paint_frame(&paint, &none, &app.surface, &b) == 0;
	screen_feed(screen, aur_buf_peek(&b).p, b.n);
	for (int y = 0; y < app.surface.h; y++)
		for (int x = 0; x < app.surface.w; x++) {
			const struct tui_cell *c =
			    tui_surface_at(&app.surface, x, y);
			const struct screen_cell *is =
			    screen_cell(screen, y, x);
			struct aur_slice text = aur_slice_str(is->text);

			good &= is->width == c->width &&
				(c->width == 0 || aur_text_take(&text) == c->c);
		}
	good &= screen_unknown(screen) == NULL;
	aur_buf_release(&b);
	screen_free(screen);
	return good;
}

/* A sample with parents that make a wide and deep tree. */
static void sample(const char *what)
{
	struct aur_sample *s = fakefeed_machine_sample(&feed, CORES, MANY - 10);
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));

	for (size_t i = 20; i < p->n; i++)
		aur_part_set(
		    p, i, AUR_PROCESS_parent, p->inst[i - 1 - i % 17].key.v[0]);
	add_names(p);
	begin();
	fakefeed_push(&feed, s);
	tui_app_draw(&app, now());
	end(what);
}

/* Descending as far as it shows: percentages in tenths. */
static bool descends(enum aur_figure_id id)
{
	double last = INFINITY;

	for (size_t i = 0; i < app.procs.list.n; i++) {
		struct aur_value v;
		double d = -INFINITY; /* unknown ones are last */

		tui_procs_value(&app.procs, id, i, &v);
		(void)aur_value_number(&v, &d);
		d = floor(d * 10 + 0.5);
		if (d > last)
			return false;
		last = d;
	}
	return true;
}

static bool has_all(void)
{
	struct tui_list *l = &app.procs.list;
	uint8_t *seen = calloc(MANY, 1);
	size_t n = 0;

	for (size_t i = 0; seen != NULL && i < l->n; i++) {
		n += !seen[l->row[i].inst];
		seen[l->row[i].inst] = 1;
	}
	free(seen);
	return n == MANY;
}

int main(void)
{
	struct tui_options o = {.sort = -1, .utc = true};

	fakefeed_init(&feed);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0 &&
		   tui_surface_resize(&app.surface, 200, 50) == 0,
	    "init");
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tui_app_ask(&app);
	sample("first sample, drawn");
	sample("sample by CPU, sparklines, drawn");
	sample("again");
	tap_eq_int((int64_t)app.procs.list.n, MANY, "all are there");
	tap_ok(has_all() && descends(AUR_FIG_processes_cpu_percent),
	    "each once, by CPU");
	tap_ok(is_straight(), "columns are straight");
	key(TUI_KEY_DOWN, "key: down");
	key(TUI_KEY_END, "key: end");
	tap_eq_int((int64_t)app.procs.list.cursor, MANY - 1, "at the end");
	key(TUI_KEY_HOME, "key: home");
	key('M', "key: sort by memory");
	tap_ok(descends(AUR_FIG_processes_memory_percent), "by memory");
	key('t', "key: tree");
	tap_ok(has_all(), "a tree of all");
	tap_ok(is_straight(), "and straight");
	key('*', "key: fold all");
	tap_ok(app.procs.list.n < 100, "folded");
	key('*', "key: unfold all");
	key('t', "key: list");
	key('/', NULL);
	key('z', "search: what nobody has");
	key(TUI_KEY_ESC, NULL);
	key('\\', NULL);
	key('7', "filter: plain text");
	key(TUI_KEY_ESC, NULL);
	key('c', "key: tag with children");
	key('\r', "key: details");
	sample("sample in details");
	key(TUI_KEY_ESC, NULL);
	key('2', "key: the host, 256 cores");
	tap_ok(is_straight(), "so is the host");
	for (int w = 40; w <= 200; w += 20) {
		if (tui_surface_resize(&app.surface, w, 12 + w / 5) < 0)
			tap_ok(false, "resized");
		key('3', NULL);
		tap_ok(is_straight(), "%d columns", w);
		key('2', NULL);
		tap_ok(is_straight(), "and the host");
	}
	begin();
	for (int i = 0; i < 10; i++)
		tui_app_draw(&app, now());
	end("ten frames without a change");
	tui_app_release(&app);
	fakefeed_release(&feed);
	return tap_done();
}
