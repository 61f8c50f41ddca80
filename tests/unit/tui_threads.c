/* SPDX-License-Identifier: MIT */
/* Threads among the processes: asked for, shown, counted, and signals. */
#include "tests/harness/fakeapp.h"

#include "base/mem.h"

#include <signal.h>

static void begin(void)
{
	static const struct tui_options o = {.sort = -1};

	app_begin(&o, 100, 40);
}

/* Threads of postgres (411, 23 %) and of cc1 (521, 98 %), if asked for. */
static void sample(void)
{
	struct aur_sample *s = fakefeed_machine_sample(&feed, 2, 0);
	uint64_t t = (uint64_t)feed.seconds;

	if ((feed.want.domains & AUR_WANT_DOMAIN(THREAD)) != 0) {
		fakefeed_thread(s, 412, 411, "walwriter", t * 150000000);
		fakefeed_thread(s, 413, 411, "evil\033[31m", t * 20000000);
		fakefeed_thread(s, 522, 521, "optimizer", t * 400000000);
	}
	ms += 1000;
	fakefeed_push(&feed, s);
	tui_app_draw(&app, now());
}

static const char *pids(void)
{
	static char out[1024];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < app.procs.list.n && n < 900; i++) {
		const struct tui_row *r = &app.procs.list.row[i];

		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s%llu%s",
		    i > 0 ? " " : "", r->depth, "----",
		    (unsigned long long)r->who.key.v[0], r->thread ? "t" : "");
	}
	return out;
}

static void test_shown(void)
{
	begin();
	sample();
	sample();
	tap_ok((feed.want.domains & AUR_WANT_DOMAIN(THREAD)) == 0,
	    "nobody asks for threads");
	key('H');
	tap_ok((feed.want.domains & AUR_WANT_DOMAIN(THREAD)) != 0,
	    "H asks for them");
	sample();
	sample();
	tap_eq_str(pids(), "521 522t 411 412t 410 700 413t 600 90 1 300 520 2",
	    "by their own CPU");
	tap_ok(shows("{walwriter}"), "by name, in braces");
	tap_ok(shows("{evil"), "a hostile one does no harm");
	tap_ok(shows(" 3 threads"), "how many");
	tap_ok(!shows("13/10"), "they are no processes");
	tap_eq_u64(app.procs.list.total, 10, "nor counted as such");
	key('t');
	tap_eq_str(pids(),
	    "1 -411 --412t --413t -410 -700 -300 --520 ---521 ----522t "
	    "---600 2 -90",
	    "in the tree below their process");
	key('H');
	tap_ok((feed.want.domains & AUR_WANT_DOMAIN(THREAD)) == 0,
	    "H again: not asked for");
	tap_eq_str(pids(), "1 -411 -410 -700 -300 --520 ---521 ---600 2 -90",
	    "and gone at once");
	end();
}

static void test_filters(void)
{
	begin();
	key('H');
	sample();
	sample();
	key('\\');
	type("cpu>10");
	key('\r');
	tap_eq_str(pids(), "521 522t 411 412t", "a filter sees each alone");
	key('\\');
	for (int i = 0; i < 6; i++)
		key(TUI_KEY_BACKSPACE);
	type("user eq alice");
	key('\r');
	tap_eq_str(pids(), "521 522t 600 520", "a user has his threads");
	key('\\');
	for (int i = 0; i < 13; i++)
		key(TUI_KEY_BACKSPACE);
	type("walwriter");
	key('\r');
	tap_eq_str(pids(), "412t", "found by name");
	key('t');
	tap_eq_str(pids(), "1 -411 --412t", "with what it belongs to");
	tap_ok(app.procs.list.row[1].context && !app.procs.list.row[2].context,
	    "which is context");
	end();
}

static void test_sums(void)
{
	begin();
	key('H');
	sample();
	sample();
	key('t');
	key('/');
	type("411");
	key('\r');
	key('-');
	tap_ok(app.procs.list.row[1].folded, "folded");
	tap_ok((double)app.procs.list.row[1].cpu > 22.9 &&
		   (double)app.procs.list.row[1].cpu < 23.1,
	    "the sum has threads once");
	tap_eq_int(app.procs.list.row[1].hidden, 0, "they are no processes");
	end();
}

static void test_signals(void)
{
	begin();
	key('H');
	sample();
	sample();
	key('/');
	type("412");
	key('\r');
	key('k');
	key('\r');
	tap_ok(
	    shows("411") && shows("postgres") && shows("not thread 412 alone"),
	    "a signal is for the process, and says so");
	key('y');
	tap_ok(feed.nact == 1 && feed.act[0].pid == 411 &&
		   feed.act[0].start_ticks == 4110 &&
		   feed.act[0].value == SIGTERM,
	    "and goes there");
	key(' ');
	key('/');
	type("413");
	key('\r');
	key(' ');
	key('k');
	tap_eq_u64(app.ntarget, 1, "two threads of one are one");
	key(TUI_KEY_ESC);
	key('U');
	key('/');
	type("522");
	key('\r');
	key('\r');
	key('\r');
	tap_ok(app.view == TUI_VIEW_DETAILS && app.details.key.v[0] == 521,
	    "Enter: all about its process");
	end();
}

/* With a column of sparklines threads have a past, and lose none. */
static void test_past(void)
{
	struct aur_key thread = {{522, 5220}}, process = {{521, 5210}};
	const struct tui_past_row *row;

	begin();
	tap_ok(tui_surface_resize(&app.surface, 200, 50) == 0, "wide");
	key('H');
	for (int i = 0; i < 4; i++)
		sample();
	row = tui_past_find(&app.scene.past, thread);
	tap_near(tui_past_at(&app.scene.past, row, 0), 40, 0.1, "now");
	tap_near(tui_past_at(&app.scene.past, row, 1), 40, 0.1, "before");
	key('H');
	sample();
	tap_ok(tui_past_find(&app.scene.past, thread) == NULL, "it goes");
	row = tui_past_find(&app.scene.past, process);
	tap_near(tui_past_at(&app.scene.past, row, 2), 98, 0.1, "they stay");
	end();
}

int main(void)
{
	test_shown();
	test_filters();
	test_sums();
	test_signals();
	test_past();
	return tap_done();
}
