/* SPDX-License-Identifier: MIT */
/*
 * 100,000 processes and 256 cores: the list is right, and what each part
 * costs is told. Times are printed, not judged: machines differ.
 */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "tui/app.h"

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

/* A sample with parents that make a wide and deep tree. */
static void sample(const char *what)
{
	struct aur_sample *s = fakefeed_machine_sample(&feed, CORES, MANY - 10);
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));

	for (size_t i = 20; i < p->n; i++)
		aur_part_set(
		    p, i, AUR_PROCESS_parent, p->inst[i - 1 - i % 17].key.v[0]);
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
	key(TUI_KEY_DOWN, "key: down");
	key(TUI_KEY_END, "key: end");
	tap_eq_int((int64_t)app.procs.list.cursor, MANY - 1, "at the end");
	key(TUI_KEY_HOME, "key: home");
	key('M', "key: sort by memory");
	tap_ok(descends(AUR_FIG_processes_memory_percent), "by memory");
	key('t', "key: tree");
	tap_ok(has_all(), "a tree of all");
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
	begin();
	for (int i = 0; i < 10; i++)
		tui_app_draw(&app, now());
	end("ten frames without a change");
	tui_app_release(&app);
	fakefeed_release(&feed);
	return tap_done();
}
