/* SPDX-License-Identifier: MIT */
/* Settings and the screen that sets them. */
#include "tests/harness/fakeapp.h"

static struct {
	struct tui_settings set;
	unsigned changed, calls;
	bool fails;
} saved;

static bool save(void *arg, const struct tui_settings *s, unsigned changed,
    char *why, size_t size)
{
	(void)arg;
	saved.set = *s;
	saved.changed = changed;
	saved.calls++;
	snprintf(why, size, "the disk is full");
	return !saved.fails;
}

static void begin(const struct tui_options *o, int w, int h)
{
	memset(&saved, 0, sizeof(saved));
	app_begin(o, w, h);
	app.scene.utc = o->utc; /* y would say it */
	app_samples(3, 4, 0);
}

static void to_row(enum tui_setting id)
{
	while (app.set_at != (int)id)
		key(TUI_KEY_DOWN);
}

static void test_steps(void)
{
	struct tui_settings s;

	tui_settings_init(&s);
	tui_setting_step(&s, TUI_SET_TREE, -1);
	tap_eq_int(s.choice[TUI_SET_TREE], 1, "round and round");
	tui_setting_step(&s, TUI_SET_INTERVAL, 1);
	tap_ok(s.interval.ns == aur_span_ms(1500).ns, "one step slower");
	tui_setting_step(&s, TUI_SET_INTERVAL, -1);
	tui_setting_step(&s, TUI_SET_INTERVAL, -1);
	tap_ok(s.interval.ns == aur_span_ms(500).ns, "two steps faster");
	for (int i = 0; i < 40; i++)
		tui_setting_step(&s, TUI_SET_INTERVAL, -1);
	tap_ok(s.interval.ns == aur_span_ms(100).ns, "and there it ends");
}

static void test_setup(void)
{
	const struct tui_options o = {.sort = -1, .save = save, .tree = true};

	begin(&o, 80, 24);
	tap_ok(app.procs.list.tree, "the option of the line counts");
	key('S');
	tap_ok(shows("Setup"), "S: the setup screen");
	key(TUI_KEY_ESC);
	tap_eq_int((long)saved.calls, 0, "nothing changed, nothing kept");
	key(TUI_KEY_F(2));
	to_row(TUI_SET_GLYPHS);
	key(TUI_KEY_RIGHT);
	key(TUI_KEY_RIGHT);
	tap_ok(app.scene.glyphs == AUR_GLYPHS_BLOCK, "blocks, at once");
	key(' ');
	tap_ok(app.scene.ascii, "ASCII, at once");
	to_row(TUI_SET_KERNEL);
	key(TUI_KEY_LEFT);
	tap_ok(!app.procs.list.kernel, "no kernel threads, at once");
	tap_eq_int((long)saved.calls, 0, "not kept while it is open");
	key(TUI_KEY_ESC);
	tap_eq_int((long)saved.calls, 1, "kept once it closes");
	tap_eq_int((long)saved.changed,
	    1L << TUI_SET_GLYPHS | 1L << TUI_SET_KERNEL,
	    "what was changed and nothing else");
	tap_ok(row_shows(23, "kept"), "and that is said");
	saved.fails = true;
	key('S');
	key(TUI_KEY_RIGHT);
	key('q');
	tap_ok(
	    row_shows(23, "not kept: the disk is full"), "a failure is said");
	tap_ok(!app.quit, "q closed the screen alone");
	end();
}

static void test_keys(void)
{
	const struct tui_options o = {.sort = -1, .save = save};

	begin(&o, 80, 24);
	key('C');
	tap_eq_int(
	    app.set.choice[TUI_SET_THEME], TUI_THEME_CONTRAST, "C: next theme");
	tap_ok(row_shows(23, "Theme: contrast"), "and its name");
	tap_ok(row_shows(3, "LOAD") || row_shows(2, "LOAD") || shows("LOAD"),
	    "meters in the full layout");
	key('#');
	tap_ok(row_shows(3, "PID"), "#: condensed: two rows of meters");
	key('#');
	tap_ok(row_shows(1, "PID"), "#: the list alone");
	tap_ok(!shows("CPU%") == false && !shows("LOAD"), "no meters");
	key('#');
	tap_ok(shows("LOAD"), "#: full again");
	key('q');
	tap_eq_int((long)saved.calls, 0, "what keys set is not kept");
	end();
}

static void test_paths(void)
{
	const struct tui_options o = {.sort = -1, .save = save};

	begin(&o, 80, 24);
	tap_ok(shows(" cc1 -quiet main.c"), "where it does not fit: none");
	tap_ok(shows(" /usr/sbin/sshd -D"), "where it fits: whole");
	key(TUI_KEY_RIGHT);
	tap_ok(shows(" et main.c"), "moved left is what is shown");
	key(TUI_KEY_LEFT);
	key('p');
	tap_ok(row_shows(23, "Program paths: always"), "p");
	tap_ok(shows(" /usr/lib/gcc/x86_64-"), "always");
	key('p');
	tap_ok(shows(" sshd -D") && shows(" cc1 -quiet main.c"), "never");
	key('p');
	tap_ok(shows(" /usr/sbin/sshd -D"), "where they fit again");
	end();
	begin(&o, 160, 24);
	tap_ok(shows("/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet main.c"),
	    "with more room: whole");
	end();
}

/* A branch as deep as builds make them. */
static void test_deep(void)
{
	const struct tui_options o = {.sort = -1, .tree = true};
	struct aur_sample *s;

	begin(&o, 80, 24);
	s = fakefeed_machine_sample(&feed, 4, 0);
	for (uint64_t i = 0; i < 12; i++) {
		size_t at = fakefeed_process(s, 3000 + i,
		    i == 0 ? 521 : 2999 + i, "alice", "sh", "/bin/shell");

		fakefeed_process_set(s, at, AUR_PROCESS_cpu, 1000000000);
	}
	fakefeed_push(&feed, s);
	tui_procs_update(&app.procs, true);
	app.procs.list.chosen = true;
	key(TUI_KEY_END);
	tap_ok(shows("\xe2\x80\xa6"
		     "15   \xe2\x94\x94\xe2\x94\x80 /bin/shell"),
	    "the deepest has its name, and its depth");
	tap_ok(shows("\xe2\x94\x82  \xe2\x94\x94\xe2\x94\x80 "),
	    "what has room has all its guides");
	key('q');
	end();
}

static void test_vim(void)
{
	struct tui_settings set;
	struct tui_options o = {.sort = -1, .settings = &set};

	tui_settings_init(&set);
	set.choice[TUI_SET_KEYS] = TUI_KEYS_VIM;
	begin(&o, 100, 30);
	key('j');
	key('j');
	tap_eq_int((long)app.procs.list.cursor, 2, "j j: two rows down");
	key('k');
	tap_eq_int((long)app.procs.list.cursor, 1, "k: one up");
	tap_eq_int(app.mode, TUI_MODE_NORMAL, "and no signal");
	key('G');
	tap_eq_int((long)app.procs.list.cursor, (long)app.procs.list.n - 1,
	    "G: the last");
	key('g');
	tap_ok(app.procs.list.cursor > 0, "g alone does nothing");
	key('g');
	tap_eq_int((long)app.procs.list.cursor, 0, "gg: the first");
	key('g');
	key('j');
	tap_eq_int((long)app.procs.list.cursor, 1, "g j is j");
	key('g');
	tap_eq_int((long)app.procs.list.cursor, 1, "and that g is forgotten");
	key('X');
	tap_eq_int(app.mode, TUI_MODE_SIGNAL, "X: a signal");
	end();
}

static void test_help(void)
{
	const struct tui_options o = {.sort = -1};

	begin(&o, 80, 24);
	key('?');
	tap_ok(shows("this help"), "all of it");
	key('/');
	key('i');
	key('N');
	key('v');
	tap_ok(!shows("turn the order"), "rows that have it alone");
	key(TUI_KEY_BACKSPACE);
	key(TUI_KEY_BACKSPACE);
	key(TUI_KEY_BACKSPACE);
	key('o');
	key('R');
	key('d');
	key('e');
	tap_ok(shows("turn the order"), "whatever the case");
	tap_ok(!shows("this help"), "no others");
	key('Q');
	key('x');
	tap_ok(shows("no key does that"), "nothing found is said");
	tap_ok(!app.quit, "what is typed is text");
	key(TUI_KEY_ESC);
	tap_ok(shows("this help"), "Esc: all again");
	key(TUI_KEY_ESC);
	tap_eq_int(app.mode, TUI_MODE_NORMAL, "Esc: closed");
	end();
}

static void test_columns(void)
{
	struct tui_settings set;
	struct tui_options o = {.sort = -1, .save = save};

	begin(&o, 100, 30);
	key('f');
	key(TUI_KEY_ESC);
	tap_eq_int((long)saved.calls, 0, "no other columns, nothing kept");
	key('f');
	key(' ');
	key(TUI_KEY_ESC);
	tap_ok(!shows("  PID"), "one column less");
	tap_eq_int((long)saved.changed, 1L << TUI_SET_COLUMNS, "is kept");
	set = saved.set;
	end();
	o.settings = &set;
	begin(&o, 100, 30);
	tap_ok(!shows("  PID") && shows("COMMAND"), "and used");
	key('f');
	key('*');
	key('q');
	tap_ok(shows("  PID"), "as at first");
	tap_eq_str(saved.set.columns, "", "is kept as nothing");
	end();
}

static void copied(const char *want, const char *text)
{
	tap_eq_str(app.copy, want, text);
	app.copy[0] = '\0';
}

static void test_copy(void)
{
	static const uint64_t pids[] = {1, 42};
	struct tui_options o = {.sort = -1};

	begin(&o, 80, 24);
	key('y');
	copied("aurora top local -s cpu:desc", "the plain view");
	key('p');
	copied("aurora ps local --sort cpu:desc", "printed");
	key(TUI_KEY_ESC);
	tap_eq_int(app.mode, TUI_MODE_NORMAL, "Esc: closed");
	end();
	o = (struct tui_options){.sort = AUR_COLUMN_RSS,
	    .order = TUI_ORDER_ASCENDING,
	    .tree = true,
	    .readonly = true,
	    .interval = aur_span_ms(2500),
	    .user = "root",
	    .pids = pids,
	    .npid = 2,
	    .filter = "name ~ 'a b' or cpu>5"};
	begin(&o, 80, 24);
	key('y');
	copied("aurora top local --tree -u root -p 1,42 -F "
	       "'name ~ '\\''a b'\\'' or cpu>5' -s rss:asc -i 2.5 --readonly",
	    "all that can be set, quoted for a shell");
	tap_ok(shows("This view:"), "and shown");
	key('p');
	copied("aurora ps local --where 'user eq \"root\" and (pid eq 1 or "
	       "pid eq 42) and (name ~ '\\''a b'\\'' or cpu>5)' --sort rss:asc",
	    "as one filter");
	end();
}

/* What keys have changed is said; what a start has anyway is not, and what a
 * start would have otherwise is said the other way. */
static void test_copy_view(void)
{
	struct tui_settings kept;
	struct tui_options o = {.sort = -1, .save = save, .kept = &kept};

	tui_settings_init(&kept);
	begin(&o, 80, 24);
	for (const char *k = "HKt##3f -"; *k != '\0'; k++)
		key((uint8_t)*k);
	key(TUI_KEY_ESC);
	key('y');
	copied("aurora top local --screen processes --layout one --tree "
	       "--threads --no-kernel-threads --columns user,priority,nice,"
	       "threads,virtual,rss,shared,state,cpu,spark,memory,read,write,"
	       "time,unit,command -s cpu:desc",
	    "the whole view");
	key('p');
	copied("aurora ps local --no-kernel-threads --columns user,priority,"
	       "nice,threads,virtual,rss,shared,state,cpu,memory,read,write,"
	       "time,unit,command --sort cpu:desc",
	    "printed: with the columns that a table can have");
	end();
	kept.choice[TUI_SET_TREE] = kept.choice[TUI_SET_THREADS] = 1;
	kept.choice[TUI_SET_KERNEL] = 0;
	kept.choice[TUI_SET_LAYOUT] = 1;
	kept.interval = aur_span_ms(5000);
	tap_ok(tui_settings_set_columns(&kept, "pid,command"), "columns");
	begin(&o, 80, 24);
	key('2');
	key('y');
	copied("aurora top local --screen host --layout full --no-tree "
	       "--no-threads --kernel-threads --columns pid,user,priority,nice,"
	       "threads,virtual,rss,shared,state,cpu,spark,memory,read,write,"
	       "time,unit,command -s cpu:desc -i 1",
	    "against what is kept");
	end();
}

static void test_screens(void)
{
	struct tui_options o = {.sort = -1, .screen = TUI_SCREEN_HOST};

	begin(&o, 80, 24);
	tap_eq_int(app.view, TUI_VIEW_HOST, "begins with the host");
	end();
	o.screen = TUI_SCREEN_PROCESSES;
	begin(&o, 80, 24);
	tap_eq_int(app.view, TUI_VIEW_PROCESSES, "with processes");
	end();
	o.screen = TUI_SCREEN_FLEET;
	begin(&o, 80, 24);
	tap_eq_int(app.view, TUI_VIEW_OVERVIEW, "one host is no fleet");
	end();
}

static void test_set_columns(void)
{
	struct tui_settings s;

	tui_settings_init(&s);
	tap_ok(tui_settings_set_columns(&s, "pid, cpu command") &&
		   strncmp(s.columns, "pid cpu command -user", 21) == 0,
	    "blanks or commas");
	tap_ok(!tui_settings_set_columns(&s, "pid,pid") &&
		   !tui_settings_set_columns(&s, "bogus") &&
		   strncmp(s.columns, "pid cpu", 7) == 0,
	    "not twice, not unknown");
	tap_ok(
	    tui_settings_set_columns(&s, "") && s.columns[0] == '\0', "usual");
}

static void test_mouse(void)
{
	const struct tui_options o = {.sort = -1, .save = save};

	begin(&o, 80, 24);
	key('S');
	mouse(TUI_MOUSE_LEFT, app.setup_at.x + 4,
	    app.setup_at.y + 2 + TUI_SET_TREE);
	tap_ok(app.procs.list.tree, "a click changes");
	mouse(TUI_MOUSE_LEFT, app.setup_at.x + 4,
	    app.setup_at.y + 2 + TUI_SET_SHOWN);
	tap_ok(app.procs.list.tree, "below the rows it does nothing");
	key(TUI_KEY_ESC);
	key(TUI_KEY_F(6));
	mouse(TUI_MOUSE_LEFT, app.menu.drawn.x + 2, app.menu.drawn.y + 3);
	tap_eq_int((long)app.menu.at, 2, "a click goes to an item");
	tap_eq_int(app.mode, TUI_MODE_SORT, "which is not yet chosen");
	mouse(TUI_MOUSE_LEFT, app.menu.drawn.x + 2, app.menu.drawn.y);
	tap_eq_int((long)app.menu.at, 2, "the title is none");
	mouse(TUI_MOUSE_LEFT, app.menu.drawn.x + 2, app.menu.drawn.y + 3);
	tap_eq_int(app.mode, TUI_MODE_NORMAL, "a second one chooses it");
	end();
}

static void test_small(void)
{
	const struct tui_options o = {.sort = -1, .ascii = true};

	begin(&o, 40, 12);
	key('S');
	tap_ok(shows("Background"), "it is there at 40x12");
	to_row(TUI_SET_KEYS);
	tap_ok(shows("Keys  "), "down to its last row");
	key(TUI_KEY_ESC);
	end();
}

int main(void)
{
	test_steps();
	test_setup();
	test_keys();
	test_paths();
	test_deep();
	test_vim();
	test_help();
	test_columns();
	test_copy();
	test_copy_view();
	test_screens();
	test_set_columns();
	test_mouse();
	test_small();
	return tap_done();
}
