/* SPDX-License-Identifier: MIT */
/*
 * The whole screen without a terminal: golden frames at four sizes, and keys.
 * AURORA_GOLDEN=write makes the frames anew; look at them before committing.
 */
#include "tests/harness/fakeapp.h"
#include "tests/harness/golden.h"

#include "base/err.h"

#include <signal.h>

/* The screen as text. */
static const char *screen(struct aur_buf *b)
{
	aur_buf_clear(b);
	golden_add(b, &app.surface);
	return aur_buf_str(b);
}

static void golden(const char *name)
{
	struct aur_buf b;

	aur_buf_init(&b, 1u << 20);
	golden_check(name, screen(&b));
	aur_buf_release(&b);
}

static void test_frames(void)
{
	static const struct {
		int w, h;
		unsigned cpus, extra;
		bool ascii;
		const char *name;
	} frame[] = {
	    {80, 24, 2, 30, false, "80x24"},
	    {120, 40, 4, 60, false, "120x40"},
	    {200, 50, 256, 60, false, "200x50"},
	    {40, 12, 2, 5, true, "40x12-ascii"},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(frame); i++) {
		struct tui_options o = {.sort = -1, .ascii = frame[i].ascii};
		char name[64];

		ms = 1000;
		app_begin(&o, frame[i].w, frame[i].h);
		app_samples(8, frame[i].cpus, frame[i].extra);
		snprintf(name, sizeof(name), "top-%s", frame[i].name);
		golden(name);
		key('2');
		snprintf(name, sizeof(name), "host-%s", frame[i].name);
		golden(name);
		key('3');
		key('t');
		snprintf(name, sizeof(name), "tree-%s", frame[i].name);
		golden(name);
		end();
	}
}

static void test_first_frame(void)
{
	struct tui_options o = {.sort = -1};

	app_begin(&o, 80, 24);
	tui_app_draw(&app, now());
	tap_ok(shows("connecting"), "the state before anything came");
	tap_ok(shows("reading processes"), "and what is awaited");
	feed.host.coming = fakefeed_machine_sample(&feed, 2, 0);
	tui_app_change(&app, 0, AUR_FEED_PART, now());
	tui_app_draw(&app, now());
	tap_ok(shows("8.00G/16.0G") || shows("8.0G/16.0G"),
	    "the header before the processes");
	tap_ok(shows("reading processes"), "the list is still awaited");
	aur_sample_unref(feed.host.coming);
	feed.host.coming = NULL;
	tap_ok((feed.want.domains & AUR_WANT_DOMAIN(PROCESS)) != 0 &&
		   feed.want.interval.ns == AUR_SECOND_NS,
	    "what the screen needs was asked for");
	tap_ok((feed.want.process_fields & AUR_WANT_PROCESS(unit)) == 0,
	    "and no field that no column shows");
	end();
}

static void test_list_keys(void)
{
	struct tui_options o = {.sort = -1};

	app_begin(&o, 80, 24);
	app_samples(2, 2, 0);
	key(TUI_KEY_F(4));
	type("cpuu>5");
	tap_ok(shows("is no field"), "a filter's mistake shows while typing");
	key(TUI_KEY_BACKSPACE);
	key(TUI_KEY_BACKSPACE);
	key(TUI_KEY_BACKSPACE);
	type(">5");
	key('\r');
	tap_ok(shows("filter:cpu>5") && app.procs.list.n == 3, "filtered");
	key('\\');
	key(TUI_KEY_CTRL('u'));
	key('\r');
	tap_eq_int((int64_t)app.procs.list.n, 10, "all again");
	key('/');
	type("sshd");
	key('\r');
	tap_eq_int((int64_t)app.procs.list.selected.key.v[0], 300, "searched");
	key(TUI_KEY_ESC);
	key('M');
	tap_eq_int(app.procs.list.sort, AUR_COLUMN_MEMORY, "M");
	key('N');
	tap_eq_int(app.procs.list.sort, AUR_COLUMN_PID, "N without a search");
	key('I');
	tap_ok(app.procs.list.descending, "I");
	key(TUI_KEY_F(6));
	tap_ok(shows("Sort by:"), "the sort menu");
	key(TUI_KEY_HOME);
	key('\r');
	tap_ok(!shows("Sort by:"), "chosen");
	key('u');
	type("a");
	key(TUI_KEY_DOWN);
	key(TUI_KEY_ESC);
	key('K');
	tap_eq_int((int64_t)app.procs.list.n, 8, "K hides kernel threads");
	key('K');
	key('d');
	key(TUI_KEY_CTRL('u'));
	type("0.01");
	key('\r');
	tap_ok(shows("0.1 to 3600"), "bounds of the interval");
	key(TUI_KEY_CTRL('u'));
	type("2.5");
	key('\r');
	tap_eq_int(feed.want.interval.ns, 2500000000, "asked for");
	key('R');
	tap_eq_int(feed.retries, 1, "R tries again");
	key('?');
	tap_ok(shows("this help"), "help");
	key(TUI_KEY_ESC);
	key(TUI_KEY_F(10));
	tap_ok(app.quit, "F10 quits at the top");
	end();
}

static void test_columns(void)
{
	struct tui_options o = {.sort = -1};

	app_begin(&o, 150, 30);
	app_samples(2, 2, 0);
	tap_ok(shows("PRI") && !shows("PPID") && !shows("CPU~"), "at first");
	key('f');
	tap_ok(shows("Columns:") && shows("[~] CPU~"), "no room for some");
	type("pp");
	key(' ');
	tap_ok(shows("PPID") && shows("[x] PPID"), "one more, at once");
	for (int i = 0; i < 30; i++)
		key('[');
	tap_eq_int(app.procs.columns.column[0].id, AUR_COLUMN_PPID, "moved");
	tap_eq_int((int64_t)app.procs.column[0].id, AUR_COLUMN_PPID,
	    "and shown there");
	key(TUI_KEY_ESC);
	tap_ok(!shows("Columns:"), "done");
	key('f');
	type("command");
	key('*');
	tap_eq_int(
	    app.procs.columns.column[0].id, AUR_COLUMN_PID, "as at first");
	key(TUI_KEY_HOME);
	for (size_t i = 0; i < app.procs.columns.n; i++) {
		key(' ');
		key(TUI_KEY_DOWN);
	}
	key(TUI_KEY_ESC);
	for (int w = 40; w < 220; w += 7) {
		tap_ok(tui_surface_resize(&app.surface, w, 20) == 0, "%d", w);
		tui_app_draw(&app, now());
	}
	tap_ok(shows("SWAP") && !shows("PRI"), "all turned round");
	end();
}

static void test_complete(void)
{
	struct tui_options o = {.sort = -1};

	app_begin(&o, 120, 30);
	app_samples(2, 2, 0);
	key('\\');
	type("us");
	key('\t');
	tap_eq_str(app.prompt.text, "user", "as far as all agree");
	tap_ok(shows("user user_seconds"), "and what fits");
	type(" ");
	key('\t');
	tap_ok(shows("eq ne gt"), "after a field an operator");
	type("eq ");
	key('\t');
	tap_ok(shows("alice") && shows("www-data"), "then values seen");
	type("ma");
	key('\t');
	tap_eq_str(app.prompt.text, "user eq mallory ", "the only one");
	tap_eq_int((int64_t)app.procs.list.n, 1, "it filters at once");
	type("and na");
	key('\t');
	tap_eq_str(
	    app.prompt.text, "user eq mallory and name ", "a field after and");
	key(TUI_KEY_CTRL('u'));
	type("state=");
	key('\t');
	tap_eq_str(app.prompt.text, "state=S ", "after a sign as well");
	key(TUI_KEY_CTRL('u'));
	type("tty=");
	key('\t');
	tap_ok(shows("nothing fits"), "no value is known");
	key(TUI_KEY_CTRL('u'));
	type("user eq zz");
	key('\t');
	tap_ok(shows("nothing fits"), "nothing fits");
	key(TUI_KEY_CTRL('u'));
	type("cpu>5 and cpuu>6");
	tap_ok(shows("at 11: "), "a mistake says where");
	key(TUI_KEY_ESC);
	tap_eq_int((int64_t)app.procs.list.n, 10, "Esc: as it was");
	end();
}

static void test_follow(void)
{
	struct tui_options o = {.sort = -1};
	struct aur_sample *s;

	app_begin(&o, 80, 24);
	app_samples(2, 2, 100);
	key('/');
	type("1050");
	key('\r');
	key('F');
	app_samples(1, 2, 100);
	tap_ok(app.procs.follow && app.procs.list.selected.key.v[0] == 1050,
	    "follows");
	tap_ok(
	    app.procs.list.cursor >= app.procs.top &&
		app.procs.list.cursor < app.procs.top + (size_t)app.procs.page,
	    "in sight");
	key(TUI_KEY_DOWN);
	tap_ok(!app.procs.follow, "until somebody moves");
	key('F');
	s = fakefeed_sample(&feed);
	fakefeed_process(s, 1, 0, "root", "init", "init");
	fakefeed_push(&feed, s);
	tap_ok(!app.procs.follow, "or it ends: nobody else is followed");
	end();
}

static void test_fold(void)
{
	struct tui_options o = {.sort = -1, .tree = true};

	app_begin(&o, 120, 30);
	app_samples(3, 2, 0);
	key('/');
	type("520");
	key('\r');
	key('-');
	tap_ok(shows("\xce\xa3"
		     "100") &&
		   shows("\xce\xa3"
			 "235M"),
	    "sums of a folded branch, marked");
	key('+');
	tap_ok(!shows("\xce\xa3"), "none unfolded");
	end();
}

/* With room for it, a spark shows what the samples have told. */
static void test_spark(void)
{
	struct tui_options o = {.sort = -1};
	const struct tui_cell *cell = NULL;

	app_begin(&o, 200, 30);
	app_samples(4, 2, 0);
	tap_ok(shows("CPU~"), "a wide screen has it");
	for (size_t i = 0; i < app.procs.ncolumn; i++)
		if (app.procs.column[i].id == TUI_COLUMN_SPARK)
			cell = tui_surface_at(&app.surface,
			    app.procs.at.x + app.procs.column[i].x +
				app.procs.column[i].w - 1,
			    app.procs.at.y + 1);
	tap_ok(cell != NULL && cell->c == 0x28ff,
	    "the busiest at 98%% is full: U+%04X", cell != NULL ? cell->c : 0);
	key('Z');
	app_samples(1, 2, 0);
	tap_ok(app.scene.past.steps == app.scene.past_frozen + 1 &&
		   tui_scene_past_back(&app.scene) == 1,
	    "it goes on behind a pause");
	end();
	app_begin(&o, 80, 30);
	app_samples(4, 2, 0);
	tap_eq_int((int64_t)app.scene.past.n, 0,
	    "nothing is kept where it does not show");
	end();
}

/* A graph of two samples a column moves by whole columns: one of two samples
 * changes the newest column alone. */
static void test_graph_steps(void)
{
	struct tui_scene s = {.glyphs = AUR_GLYPHS_BRAILLE};
	struct tui_surface now = {0};
	struct tui_area a;
	struct aur_series series;
	uint32_t was[20] = {0};

	tap_ok(aur_series_init(&series, 60, aur_span_ms(1000)) == 0 &&
		   tui_surface_resize(&now, 20, 1) == 0,
	    "a series, and room for it");
	a = tui_area_all(&now);
	for (int i = 0; i < 50; i++) {
		int same = 0, moved = 0;

		aur_series_add(&series,
		    (struct aur_wall){(1000 + i) * AUR_SECOND_NS},
		    i * 37 % 101);
		tui_surface_clear(&now);
		tui_graph(&s, &a, (struct tui_rect){0, 0, 20, 1}, &series, 100,
		    TUI_ROLE_TEXT);
		for (int x = 0; x < 19; x++) {
			same += now.cell[x].c == was[x];
			moved += now.cell[x].c == was[x + 1];
		}
		if (i > 40)
			tap_eq_int(i % 2 ? same : moved, 19,
			    i % 2 ? "filled in" : "moved by one");
		for (int x = 0; x < 20; x++)
			was[x] = now.cell[x].c;
	}
	aur_series_release(&series);
	tui_surface_release(&now);
}

/* Rows that look equal keep their places, whatever is behind the comma. */
static void test_equals(void)
{
	struct tui_options o = {.sort = -1};
	struct aur_sample *s;

	app_begin(&o, 80, 24);
	for (uint64_t k = 1; k < 4; k++) {
		ms += 1000;
		s = fakefeed_sample(&feed);
		for (uint64_t pid = 10; pid < 13; pid++) {
			size_t i = fakefeed_process(
			    s, pid, 1, "root", "equal", "equal");

			/* all near 40 %, another in front each time */
			fakefeed_process_set(s, i, AUR_PROCESS_cpu,
			    k * 400000000 + pid * k % 3 * 100000);
		}
		fakefeed_push(&feed, s);
		if (k > 1)
			tap_ok(app.procs.list.row[0].who.key.v[0] == 10 &&
				   app.procs.list.row[1].who.key.v[0] == 11,
			    "equals stay by pid");
	}
	end();
}

static void test_views(void)
{
	struct tui_options o = {.sort = -1};

	app_begin(&o, 120, 40);
	app_samples(2, 2, 0);
	key('2');
	tap_ok(shows("Filesystems") && shows("Fake CPU 3000"), "host");
	tap_ok(!shows("F9Kill"), "no key of the list is offered there");
	key('\t');
	key('\r');
	tap_ok(app.view == TUI_VIEW_PANE && shows("Memory"), "a pane, large");
	key(TUI_KEY_ESC);
	tap_eq_int(app.view, TUI_VIEW_HOST, "Esc goes back");
	key('q');
	tap_ok(app.view == TUI_VIEW_OVERVIEW && !app.quit, "q goes back");
	key('3');
	tap_ok(!shows("LOAD"), "the list alone");
	key(TUI_KEY_ESC);
	fakefeed_state(&feed, AUR_HOST_UNREACHABLE, "the agent ended");
	ms += 7000;
	tui_app_draw(&app, now());
	tap_ok(shows("unreachable") && shows("the agent ended"), "trouble");
	tap_ok(shows("old"), "with its age");
	tap_ok(tui_surface_at(&app.surface, 5, 3)->attr & TUI_DIM, "dimmed");
	tap_ok(tui_app_next(&app).ns != 0, "the age goes on");
	tap_ok(tui_surface_resize(&app.surface, 39, 20) == 0, "too small");
	tui_app_draw(&app, now());
	tap_ok(shows("too small"), "says so");
	end();
}

static void test_pause(void)
{
	struct tui_options o = {.sort = -1};
	const struct aur_sample *held;

	app_begin(&o, 120, 40);
	app_samples(3, 2, 0);
	held = app.scene.figures.now;
	key('Z');
	app_samples(3, 2, 0);
	tap_ok(app.scene.figures.now == held && shows("PAUSED"), "held");
	tap_eq_int((int64_t)tui_scene_back(&app.scene,
		       tui_tracks_recent(&app.scene.tracks, TUI_TRACK_CPU)),
	    3, "the graphs stand still, the tracks go on");
	key('Z');
	tap_ok(app.scene.figures.now == feed.host.now, "the newest again");
	end();
}

static void test_signal(void)
{
	struct tui_options o = {.sort = -1};
	struct tui_event paste = {.kind = TUI_EVENT_PASTE, .key = 'y'};

	app_begin(&o, 80, 24);
	app_samples(2, 2, 0);
	key('/');
	type("521");
	key('\r');
	key('k');
	tap_ok(shows("SIGTERM") && shows("SIGKILL"), "which signal");
	key('\r');
	tap_ok(shows("521") && shows("cc1") && shows("asks it to end"),
	    "what will happen");
	tui_app_event(&app, &paste, now());
	tap_eq_int((int64_t)feed.nact, 0, "a pasted y does nothing");
	key('\r');
	tap_eq_int((int64_t)feed.nact, 0, "Enter means no");
	key('k');
	key('\r');
	key('Y');
	tap_eq_int((int64_t)feed.nact, 0, "Y is not y");
	key('k');
	key('\r');
	key('y');
	tap_eq_int((int64_t)feed.nact, 1, "y does it");
	tap_ok(feed.act[0].pid == 521 && feed.act[0].start_ticks == 5210 &&
		   feed.act[0].value == SIGTERM,
	    "by pid and start");
	key(']');
	tap_ok(feed.nact == 2 && feed.act[1].kind == AUR_ACT_NICE &&
		   feed.act[1].value == -1,
	    "nice");
	key(' ');
	key(' ');
	tap_eq_int((int64_t)app.procs.list.tags.n, 2, "two tagged");
	feed.nact = 0;
	key('k');
	key('\r');
	tap_ok(shows("How many"), "several are counted");
	type("3");
	key('\r');
	tap_ok(feed.nact == 0 && shows("nothing was sent"), "miscounted");
	key('k');
	key('\r');
	type("2");
	key('\r');
	tap_eq_int((int64_t)feed.nact, 0, "counted, not yet sent");
	key('y');
	tap_eq_int((int64_t)feed.nact, 2, "sent");
	feed.act_err = AUR_EDENIED;
	key('U');
	key(TUI_KEY_F(8));
	tap_ok(shows("permission denied"), "what went wrong is told");
	end();
	o.readonly = true;
	app_begin(&o, 80, 24);
	app_samples(2, 2, 0);
	key('k');
	key(']');
	tap_ok(feed.nact == 0 && app.mode == TUI_MODE_NORMAL, "read-only");
	tap_ok(!shows("F9Kill"), "and not offered");
	end();
}

/* A sample of the machine in which pid 521 tells what it may have. */
static void sched_sample(const char *cpus, const char *io)
{
	struct aur_sample *s = fakefeed_machine_sample(&feed, 4, 0);
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
	size_t i = 0;

	while (i + 1 < p->n && p->inst[i].key.v[0] != 521)
		i++;
	(void)!aur_part_set_text(
	    p, i, AUR_PROCESS_cpus_allowed, aur_slice_str(cpus));
	(void)!aur_part_set_text(
	    p, i, AUR_PROCESS_io_priority, aur_slice_str(io));
	fakefeed_push(&feed, s);
	tui_app_draw(&app, now());
}

static void test_sched(void)
{
	struct tui_options o = {.sort = -1};
	struct tui_event paste = {.kind = TUI_EVENT_PASTE, .key = 'y'};

	app_begin(&o, 80, 24);
	app_samples(2, 4, 0);
	key('/');
	type("521");
	key('\r');
	tap_ok(feed.want.close_fields == 0, "nobody is looked at");
	key('a');
	tap_ok(shows("CPUs: reading...") && shows("[?] CPU 3"), "not known");
	tap_ok(feed.want.close_fields == aur_want_process_sched() &&
		   feed.want.nclose == 1 && feed.want.close[0] == 521,
	    "it is asked");
	key(' ');
	key('\r');
	tap_eq_int(app.mode, TUI_MODE_CPUS, "and nothing chosen blindly");
	sched_sample("0-127", "best-effort 4");
	tap_ok(shows("[x] CPU 0") && shows("[x] CPU 3"), "what it has");
	key(' ');
	key(TUI_KEY_DOWN);
	key(' ');
	tap_ok(shows("[ ] CPU 1") && shows("[x] CPU 2"), "toggled");
	key('\r');
	tap_ok(shows("CPUs 2-3 for all threads, not 0-3") && shows("521"),
	    "what will happen");
	tui_app_event(&app, &paste, now());
	key('\r');
	tap_ok(feed.nact == 0 && shows("nothing was changed"), "not by Enter");
	tap_eq_int((int64_t)feed.want.nclose, 0, "nor looked at any more");
	key('a');
	key('*');
	for (int i = 0; i < 4; i++) {
		key(' ');
		key(TUI_KEY_DOWN);
	}
	key('\r');
	tap_ok(app.mode == TUI_MODE_CPUS && shows("at least one CPU"), "none");
	key(' ');
	key('\r');
	key('y');
	tap_ok(feed.nact == 1 && feed.act[0].kind == AUR_ACT_AFFINITY &&
		   feed.act[0].pid == 521 && feed.act[0].start_ticks == 5210 &&
		   feed.act[0].cpus.word[0] == 8,
	    "y sets CPU 3");
	key('i');
	tap_ok(shows("best-effort 4"), "I/O priorities");
	key(TUI_KEY_END);
	key('\r');
	tap_ok(shows("I/O priority idle for all threads, not best-effort 4"),
	    "what will happen");
	key('n');
	tap_eq_int((int64_t)feed.nact, 1, "n means no");
	key('i');
	key(TUI_KEY_END);
	key('\r');
	key('y');
	tap_ok(feed.nact == 2 && feed.act[1].kind == AUR_ACT_IO_PRIORITY &&
		   feed.act[1].value == AUR_IO_PRIORITY(AUR_IO_IDLE, 0),
	    "y sets it");
	end();
	o.readonly = true;
	app_begin(&o, 80, 24);
	app_samples(2, 2, 0);
	key('a');
	key('i');
	tap_ok(app.mode == TUI_MODE_NORMAL, "read-only: not offered");
	end();
}

static void test_mouse(void)
{
	struct tui_options o = {.sort = -1};
	struct tui_event e = {.kind = TUI_EVENT_MOUSE, .x = 1, .y = 23};
	bool shown;

	app_begin(&o, 80, 24);
	app_samples(2, 2, 5);
	tui_app_event(&app, &e, now());
	tap_eq_int(app.mode, TUI_MODE_HELP, "a click on F1Help");
	key(TUI_KEY_ESC);
	key(TUI_KEY_F(9));
	key('\r');
	tap_eq_int(app.mode, TUI_MODE_CONFIRM, "a question");
	e.y = 12;
	tui_app_event(&app, &e, now());
	tap_ok(app.mode == TUI_MODE_NORMAL && feed.nact == 0,
	    "a click is no y: it closes, and nothing is done");
	key('f');
	e.x = app.menu.drawn.x + 2;
	e.y = app.menu.drawn.y + 3;
	tui_app_event(&app, &e, now());
	tap_eq_int((int64_t)app.menu.at, 2, "a click on a column");
	shown = app.procs.columns.column[2].shown;
	tui_app_event(&app, &e, now());
	tap_ok(app.procs.columns.column[2].shown != shown,
	    "another: it is shown, or not");
	key(TUI_KEY_ESC);
	e.x = 1;
	e.y = 10;
	tui_app_event(&app, &e, now());
	tap_eq_int((int64_t)app.procs.list.cursor, 2, "a click on a row");
	e.mouse = TUI_MOUSE_WHEEL_DOWN;
	tui_app_event(&app, &e, now());
	tap_eq_int((int64_t)app.procs.list.cursor, 5, "the wheel");
	end();
}

static void test_hold(void)
{
	struct tui_options o = {.sort = -1};

	app_begin(&o, 80, 24);
	app_samples(2, 2, 5);
	key(TUI_KEY_DOWN);
	tap_ok(app.procs.hold, "the list holds still after a movement");
	ms += 1999;
	tui_app_wake(&app, now());
	tap_ok(app.procs.hold || ms > 0, "for two seconds");
	ms += 100;
	tui_app_wake(&app, now());
	tap_ok(!app.procs.hold, "and then no longer");
	end();
}

int main(void)
{
	test_frames();
	test_first_frame();
	test_list_keys();
	test_columns();
	test_spark();
	test_fold();
	test_graph_steps();
	test_equals();
	test_complete();
	test_follow();
	test_views();
	test_pause();
	test_signal();
	test_sched();
	test_hold();
	test_mouse();
	return tap_done();
}
