/* SPDX-License-Identifier: MIT */
/* All about one process, and the past of many. */
#include "tests/harness/fakeapp.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>

#define MIB (1024ull * 1024)

static void begin(int w, int h)
{
	struct tui_options o = {.sort = -1, .utc = true};

	app_begin(&o, w, h);
}

static void add_limits(struct aur_sample *s)
{
	static const uint64_t cell[] = {20, 1048576, 4000, 4000, UINT64_MAX,
	    UINT64_MAX, 16 * MIB, UINT64_MAX};
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS_LIMIT));
	ptrdiff_t i = aur_part_add(p, (struct aur_key){{300, 3000}});

	for (size_t f = 0; i >= 0 && f < AUR_ARRAY_LEN(cell); f++)
		aur_part_set(p, (size_t)i, f, cell[f]);
}

/* A sample of a small machine: init, a shell, and a compiler unless it has
 * ended. */
static void sample(bool compiler)
{
	static const char command[] = "/usr/bin/cc1\0-o\0two words\0\033[31m.c";
	struct aur_sample *s = fakefeed_sample(&feed);
	struct aur_part *p;
	size_t i;
	int rc;

	fakefeed_set(s, AUR_DOMAIN_MEMORY, NULL, AUR_MEMORY_total, 1024 * MIB);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_count, 2);
	fakefeed_process(s, 1, 0, "root", "init", "/sbin/init");
	fakefeed_process(s, 20, 1, "alice", "sh", "-sh");
	if (compiler) {
		i = fakefeed_process(s, 300, 20, "alice", "cc1", "");
		p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
		rc = aur_part_set_text(p, i, AUR_PROCESS_cmdline,
		    aur_slice_of(command, sizeof(command) - 1));
		tap_ok(rc == 0 && aur_part_set_text(p, i, AUR_PROCESS_unit,
				      aur_slice_str("build.service")) == 0,
		    "a command line");
		fakefeed_process_set(
		    s, i, AUR_PROCESS_cpu, (uint64_t)feed.seconds * 420000000);
		fakefeed_process_set(s, i, AUR_PROCESS_rss, 210 * MIB);
		fakefeed_process_set(
		    s, i, AUR_PROCESS_read_bytes, 5 * MIB * 1024);
		fakefeed_process_set(s, i, AUR_PROCESS_open_files, 17);
		fakefeed_process_set(s, i, AUR_PROCESS_uid, 1000);
		add_limits(s);
	}
	ms += 1000;
	fakefeed_push(&feed, s);
	tui_app_draw(&app, now());
}

static void open_compiler(void)
{
	key('/');
	type("300");
	key('\r');
	key('\r');
}

static void test_values(void)
{
	begin(100, 40);
	sample(true);
	sample(true);
	open_compiler();
	tap_eq_int(app.view, TUI_VIEW_DETAILS, "Enter opens");
	tap_ok(shows("300 cc1"), "whom");
	tap_ok(shows("alice (1000)") && shows("S sleeping"), "user, state");
	tap_ok(shows("42.0") && shows("210M (20.5%)"), "CPU, memory");
	tap_ok(shows("5.0G in all") || shows("5.00G in all"), "I/O");
	tap_ok(shows("open files   17"), "open files");
	tap_ok(shows("open files   17 of 20 (85%) !"),
	    "open files against their limit, which is near");
	tap_ok(shows("max files    20, hard 1048576"), "which may be raised");
	tap_ok(shows("max tasks    4000") && !shows("4000, "),
	    "one that cannot be raised");
	tap_ok(shows("max memory   none"), "none");
	tap_ok(shows("max data     16.0M, hard none"), "one of bytes");
	tap_ok(!shows("max stack"), "nothing where nothing is known");
	tap_ok((feed.want.domains & AUR_WANT_DOMAIN(PROCESS_LIMIT)) != 0,
	    "limits are asked for");
	tap_ok(shows("build.service"), "unit");
	tap_ok(shows("20 sh < 1 init"), "parents");
	tap_ok(shows("command      /usr/bin/cc1"), "the command");
	tap_ok(shows("  1          -o") && shows("  2          two words"),
	    "an argument a row");
	tap_ok(!shows("\033"), "made harmless");
	tap_ok(feed.want.nclose == 1 && feed.want.close[0] == 300 &&
		   (feed.want.close_fields & AUR_WANT_PROCESS(open_files)),
	    "looked at from close");
	tap_ok(fabs(aur_series_at(&app.details.cpu, 0).mean - 42) < 0.1,
	    "a graph of CPU");
	sample(true);
	tap_ok(fabs(aur_series_at(&app.details.cpu, 1).mean - 42) < 0.1,
	    "it goes on");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_OVERVIEW && !app.details.open, "back");
	tap_eq_int(feed.want.nclose, 0, "no longer from close");
	tap_ok((feed.want.domains & AUR_WANT_DOMAIN(PROCESS_LIMIT)) == 0,
	    "nor for limits");
	end();
}

static void test_end(void)
{
	begin(100, 40);
	sample(true);
	sample(true);
	open_compiler();
	sample(false);
	sample(false);
	tap_ok(shows("ended") && shows("seen 2s ago"), "it has ended");
	tap_ok(shows("210M") && shows("two words"), "the last values stay");
	tap_ok(!shows("F9Kill"), "no signal is offered");
	key('k');
	tap_eq_int(app.mode, TUI_MODE_NORMAL, "nor sent");
	key('q');
	tap_ok(app.view == TUI_VIEW_OVERVIEW && !app.quit, "q goes back");
	end();
}

static void test_acts(void)
{
	begin(100, 40);
	sample(true);
	sample(true);
	key(' ');
	key(' ');
	open_compiler();
	key('k');
	key('\r');
	key('y');
	tap_ok(feed.nact == 1 && feed.act[0].pid == 300,
	    "a signal is for this one, whoever is tagged");
	end();
}

static void test_small(void)
{
	begin(40, 12);
	sample(true);
	open_compiler();
	tap_ok(!shows("command"), "no room for all");
	key(TUI_KEY_END);
	tap_ok(shows("two words"), "End scrolls to the last");
	key(TUI_KEY_HOME);
	tap_ok(shows("S sleeping"), "Home to the first");
	for (int w = 0; w < 50; w++) {
		if (tui_surface_resize(&app.surface, w, 1 + w / 3) < 0)
			break;
		tui_app_draw(&app, now());
	}
	end();
}

/* Parents in a ring, as only a hostile host has them. */
static void test_ring(void)
{
	struct aur_sample *s;

	begin(100, 40);
	s = fakefeed_sample(&feed);
	fakefeed_process(s, 20, 300, "alice", "a", "a");
	fakefeed_process(s, 300, 20, "alice", "b", "b");
	fakefeed_push(&feed, s);
	key('\r');
	tap_ok(app.details.parents <= 2, "a ring ends");
	end();
}

static void take(struct tui_past *p, struct aur_figures *f, bool compiler)
{
	sample(compiler);
	aur_figures_release(f);
	tap_ok(aur_figures_init(f, feed.host.before, feed.host.now) == 0 &&
		   tui_past_add(p, f) == 0,
	    "add");
}

static void test_past(void)
{
	struct tui_past p = {0};
	struct aur_figures f = {0};
	struct aur_key cc1 = {{300, 3000}}, no = {{300, 1}};

	begin(100, 40);
	take(&p, &f, true);
	tap_ok(isnan(tui_past_at(&p, tui_past_find(&p, cc1), 0)),
	    "nothing is known at first");
	take(&p, &f, true);
	take(&p, &f, true);
	tap_ok(tui_past_at(&p, tui_past_find(&p, cc1), 0) == 42 &&
		   tui_past_at(&p, tui_past_find(&p, cc1), 1) == 42 &&
		   isnan(tui_past_at(&p, tui_past_find(&p, cc1), 2)),
	    "two values");
	tap_ok(tui_past_find(&p, no) == NULL, "another start is another");
	feed.seconds += 2;
	take(&p, &f, true);
	tap_ok(isnan(tui_past_at(&p, tui_past_find(&p, cc1), 1)) &&
		   tui_past_at(&p, tui_past_find(&p, cc1), 3) == 42,
	    "lost samples are a gap");
	take(&p, &f, false);
	tap_ok(tui_past_find(&p, cc1) == NULL && p.n == 2, "ended: gone");
	take(&p, &f, true);
	tap_ok(isnan(tui_past_at(&p, tui_past_find(&p, cc1), 1)),
	    "and begun anew");
	for (int i = 0; i < 3 * TUI_PAST_STEPS; i++)
		take(&p, &f, true);
	tap_ok(
	    tui_past_at(&p, tui_past_find(&p, cc1), TUI_PAST_STEPS - 1) == 42 &&
		isnan(tui_past_at(&p, tui_past_find(&p, cc1), TUI_PAST_STEPS)),
	    "bounded");
	tui_past_release(&p);
	aur_figures_release(&f);
	end();
}

static unsigned long fail_at;

static int fail_nth(unsigned long nth, void *arg)
{
	(void)arg;
	return nth == fail_at;
}

static void test_memory(void)
{
	struct tui_details d = {0};
	struct aur_key cc1 = {{300, 3000}};
	int rc = AUR_ENOMEM;

	begin(100, 40);
	sample(true);
	sample(true);
	for (fail_at = 1; rc < 0 && fail_at < 100; fail_at++) {
		aur_mem_set_fail(fail_nth, NULL);
		rc = tui_details_open(&d, &app.scene, cc1);
		aur_mem_set_fail(NULL, NULL);
	}
	tap_ok(rc == 0 && fail_at > 3, "every allocation failed once");
	tui_details_close(&d);
	end();
}

int main(void)
{
	test_values();
	test_end();
	test_acts();
	test_small();
	test_ring();
	test_past();
	test_memory();
	return tap_done();
}
