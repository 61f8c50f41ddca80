/* SPDX-License-Identifier: MIT */
/*
 * The screen of several hosts without a terminal: golden frames of 3, 12 and
 * 1,000 at four sizes, and keys. AURORA_GOLDEN=write makes the frames anew;
 * look at them before committing.
 */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "tui/app.h"

#include <math.h>
#include <stdlib.h>

static struct fakefeed feed;
static struct tui_app app;

static struct aur_mono now(void)
{
	return (struct aur_mono){feed.seconds * AUR_SECOND_NS + 600000000};
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	tui_app_change(arg, host, changes, now());
}

static void begin(size_t n, int w, int h)
{
	struct tui_options o = {.sort = -1, .team = "pixel"};

	o.ascii = w == 40;
	fakefeed_init_hosts(&feed, n);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0, "init of %zu", n);
	app.scene.utc = true;
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tap_ok(tui_surface_resize(&app.surface, w, h) == 0, "resize");
	tui_app_draw(&app, now());
	tui_app_ask(&app);
}

static void end(void)
{
	tui_app_release(&app);
	fakefeed_release(&feed);
}

static void draw(void)
{
	app.scene.wall.ns = (1795357920 + feed.seconds) * AUR_SECOND_NS;
	tui_app_wake(&app, (struct aur_mono){now().ns + AUR_SECOND_NS});
	tui_app_draw(&app, now());
}

static void key(uint32_t k)
{
	struct tui_event e = {.kind = TUI_EVENT_KEY, .key = k};

	tui_app_event(&app, &e, now());
	draw();
}

static void type(const char *text)
{
	for (; *text != '\0'; text++)
		key((uint8_t)*text);
}

/* The screen as text. */
static const char *screen(struct aur_buf *b)
{
	aur_buf_clear(b);
	for (int y = 0; y < app.surface.h; y++)
		if (tui_surface_row(&app.surface, y, b) < 0 ||
		    aur_buf_add_byte(b, '\n') < 0)
			return "";
	return aur_buf_str(b);
}

static bool shows(const char *text)
{
	struct aur_buf b;
	bool found;

	aur_buf_init(&b, 1u << 20);
	found = strstr(screen(&b), text) != NULL;
	if (!found)
		printf("# not on the screen: '%s'\n", text);
	aur_buf_release(&b);
	return found;
}

static void golden(const char *name)
{
	const char *srcdir = getenv("srcdir"), *mode = getenv("AURORA_GOLDEN");
	char path[512], want[65536];
	struct aur_buf b;
	size_t n = 0;
	FILE *file;

	aur_buf_init(&b, 1u << 20);
	snprintf(path, sizeof(path), "%s/tests/golden/screen/%s.txt",
	    srcdir != NULL ? srcdir : ".", name);
	file = fopen(path, mode != NULL ? "w" : "r");
	if (file == NULL)
		tap_ok(false, "%s can be opened", path);
	else if (mode != NULL)
		fputs(screen(&b), file);
	else {
		n = fread(want, 1, sizeof(want) - 1, file);
		want[n] = '\0';
		tap_eq_str(screen(&b), want, name);
	}
	if (file != NULL)
		fclose(file);
	aur_buf_release(&b);
}

/* A second of all hosts; CPU and memory differ by host and time. */
static void second(int extra)
{
	feed.seconds++;
	for (size_t i = 0; i < feed.n; i++) {
		unsigned wave = (unsigned)(feed.seconds * 3 + (int64_t)i * 17);

		fakefeed_row(
		    &feed, i, wave % 97, (unsigned)(i * 31 % 99), extra);
	}
}

static void seconds(unsigned n, int extra)
{
	while (n-- > 0)
		second(extra);
	draw();
}

static const char *const web[] = {"web"}, *const db[] = {"db", "eu"};

/* Some of them fail, in all ways. */
static void trouble(void)
{
	static const struct {
		enum aur_host_state state;
		const char *error;
	} how[] = {
	    {AUR_HOST_STALE, "no sample for 14 s; reconnecting in 3 s"},
	    {AUR_HOST_UNREACHABLE,
		"connection refused: is sshd running on port 22?"},
	    {AUR_HOST_AUTH_FAILED,
		"the key was refused: ssh-copy-id web7, then R"},
	    {AUR_HOST_KEY_CHANGED,
		"the host key is another one: SHA256:aaaa, not SHA256:bbbb; "
		"ssh-keygen -R web8 where that is right"},
	};
	size_t at = 1;

	for (size_t k = 0; k < AUR_ARRAY_LEN(how); k++) {
		if (at >= feed.n)
			break;
		fakefeed_host_state(&feed, at, how[k].state, how[k].error);
		at += feed.n > 100 ? 7 : feed.n > 3 ? 2 : 1;
	}
}

static void test_frames(void)
{
	static const struct {
		size_t n;
		int w, h;
	} frame[] = {
	    {3, 40, 12},
	    {3, 80, 24},
	    {3, 120, 40},
	    {12, 40, 12},
	    {12, 80, 24},
	    {12, 120, 40},
	    {12, 200, 50},
	    {1000, 80, 24},
	    {1000, 200, 50},
	};

	for (size_t k = 0; k < AUR_ARRAY_LEN(frame); k++) {
		char name[64];

		begin(frame[k].n, frame[k].w, frame[k].h);
		seconds(70, -1);
		trouble();
		feed.seconds += 14;
		for (size_t i = 0; i < feed.n; i++)
			if (fakefeed_host(&feed, i)->state == AUR_HOST_UP)
				fakefeed_host(&feed, i)->received.ns =
				    now().ns - 600000000;
		draw();
		snprintf(name, sizeof(name), "fleet-%zu-%dx%d", frame[k].n,
		    frame[k].w, frame[k].h);
		golden(name);
		end();
	}
}

/* The name at row `y` of the table. */
static bool row_is(int y, const char *name)
{
	struct aur_buf b;
	bool found;

	aur_buf_init(&b, 4096);
	found = tui_surface_row(&app.surface, y, &b) == 0 &&
		strstr(aur_buf_str(&b), name) != NULL;
	if (!found)
		printf("# row %d: %s\n", y, aur_buf_str(&b));
	aur_buf_release(&b);
	return found;
}

static void groups(void)
{
	for (size_t i = 0; i < feed.n; i++) {
		struct aur_feed_host *h = fakefeed_host(&feed, i);

		h->groups = i % 2 == 0 ? web : db;
		h->ngroup = i % 2 == 0 ? 1 : 2;
	}
}

static void test_sort(void)
{
	begin(12, 120, 20);
	app.set.choice[TUI_SET_FLEET] = TUI_FLEET_LAYOUT_TABLE;
	seconds(3, -1);
	tap_ok(row_is(2, "web1 ") && row_is(13, "web12"),
	    "all fit: in the order of the team");
	key('P');
	tap_ok(app.fleet.sort == TUI_FLEET_CPU && app.fleet.descending, "P");
	tap_ok(row_is(1, "\xe2\x96\xbd"), "an arrow at the title");
	key('I');
	tap_ok(!app.fleet.descending, "I");
	key('M');
	tap_ok(row_is(2, "web4 "), "M: the fullest first");
	key('N');
	tap_ok(row_is(2, "web1 ") && row_is(3, "web10"), "N: by name");
	key('T');
	tap_eq_int(app.fleet.sort, TUI_FLEET_UPTIME, "T: by uptime");
	key(TUI_KEY_F(6));
	tap_ok(shows("Sort by:") && shows("transmit"), "F6: a menu");
	type("ll");
	key('\r');
	tap_eq_int(app.fleet.sort, TUI_FLEET_LOAD, "chosen");
	tap_ok(app.set.fleet_sort[0] != '\0', "and kept");
	key(TUI_KEY_END);
	tap_eq_int((int64_t)app.fleet.cursor, 11, "End");
	key(TUI_KEY_UP);
	key(TUI_KEY_HOME);
	tap_eq_int((int64_t)app.fleet.cursor, 0, "Home");
	end();
}

static void test_find(void)
{
	begin(1000, 80, 24);
	seconds(3, -1);
	key('/');
	type("web77");
	key('\r');
	tap_ok(
	    tui_fleet_at(&app.fleet) != TUI_FLEET_NONE &&
		strncmp(
		    tui_fleet_host(&app.fleet, tui_fleet_at(&app.fleet))->name,
		    "web77", 5) == 0,
	    "searched");
	key('n');
	tap_ok(shows("search:web77"), "it goes on");
	key(TUI_KEY_ESC);
	tap_ok(!app.table.searching && !app.quit, "Esc ends it");
	key(TUI_KEY_F(4));
	type("cpuu>90");
	tap_ok(shows("is no field"), "a filter's mistake");
	key(TUI_KEY_CTRL('u'));
	type("cpu>90 and memory>50");
	key('\r');
	tap_ok(app.fleet.shown > 0 && app.fleet.shown < 100, "filtered");
	tap_ok(shows("filter:cpu>90"), "and says so");
	key('\\');
	key(TUI_KEY_CTRL('u'));
	type("cpu.busy_percent>90 and name ~ ^web1");
	key('\r');
	tap_ok(app.fleet.shown > 0, "JSON names are fields too");
	key('\\');
	key(TUI_KEY_CTRL('u'));
	type("web999");
	key('\r');
	tap_eq_int((int64_t)app.fleet.nrow, 1, "plain text");
	key('\\');
	key(TUI_KEY_CTRL('u'));
	key('\r');
	key('@');
	type("web50");
	tap_ok(shows("Go to:") && shows("web500") && !shows("web61 "),
	    "@ narrows by what is typed");
	key(TUI_KEY_DOWN);
	key('\r');
	tap_ok(app.view == TUI_VIEW_OVERVIEW && app.host == 499,
	    "into the second that fits: %zu", app.host);
	key('@');
	tap_ok(shows("web500"), "and on");
	key('\r');
	tap_eq_int((int64_t)app.host, 499, "the host we are on is chosen");
	key('q');
	tap_eq_int(app.view, TUI_VIEW_FLEET, "q: back");
	key('q');
	tap_ok(app.quit, "q at the top quits");
	end();
}

static void test_groups(void)
{
	size_t rows;

	begin(12, 120, 30);
	groups();
	tui_fleet_release(&app.fleet);
	tap_ok(tui_fleet_init(&app.fleet, &feed.feed) == 0, "groups");
	seconds(3, -1);
	rows = app.fleet.nrow;
	tap_ok(rows == 14 && row_is(2, "web (6)") && row_is(9, "db (6)"),
	    "headings");
	tap_ok(shows("all up"), "which sum up");
	key('-');
	tap_eq_int((int64_t)app.fleet.nrow, 8, "- folds");
	key('+');
	tap_eq_int((int64_t)app.fleet.nrow, 14, "+ unfolds");
	key('*');
	tap_eq_int((int64_t)app.fleet.nrow, 2, "* all");
	key('\r');
	tap_eq_int((int64_t)app.fleet.nrow, 8, "Enter on a heading");
	key('*');
	fakefeed_host_state(&feed, 0, AUR_HOST_UNREACHABLE, "no route");
	draw();
	tap_ok(shows("1 not up"), "trouble inside shows outside");
	key('t');
	tap_eq_int((int64_t)app.fleet.nrow, 12, "t: without groups");
	end();
}

static void test_jump(void)
{
	begin(12, 120, 30);
	app.set.choice[TUI_SET_FLEET] = TUI_FLEET_LAYOUT_TABLE;
	seconds(3, -1);
	fakefeed_host(&feed, 0)->name = "bastion";
	for (size_t i = 4; i < 12; i++)
		fakefeed_host(&feed, i)->blamed = "bastion";
	fakefeed_host_state(&feed, 0, AUR_HOST_UNREACHABLE, "no route to it");
	for (size_t i = 4; i < 12; i++)
		fakefeed_host_state(
		    &feed, i, AUR_HOST_STALE, "behind bastion: no route to it");
	draw();
	tap_ok(shows("bastion 8 behind it  unreachable"), "said once");
	tap_eq_int((int64_t)app.fleet.nrow, 4, "with the hosts behind folded");
	key('+');
	tap_eq_int((int64_t)app.fleet.nrow, 13, "+ shows them");
	tap_ok(row_is(3, "bastion") && row_is(4, "behind bastion"), "in brief");
	for (size_t i = 4; i < 12; i++)
		fakefeed_host(&feed, i)->blamed = NULL;
	fakefeed_host_state(&feed, 0, AUR_HOST_UP, NULL);
	draw();
	tap_eq_int((int64_t)app.fleet.nrow, 12, "up again: as before");
	for (size_t i = 4; i < 12; i++)
		fakefeed_host(&feed, i)->blamed = "gate";
	fakefeed_host_state(&feed, 4, AUR_HOST_UNREACHABLE, "gate: no route");
	draw();
	tap_ok(shows("gate 8 behind it  gate: no route"),
	    "one that is no host of ours");
	end();
}

static void test_trouble(void)
{
	begin(3, 80, 24);
	app.set.choice[TUI_SET_FLEET] = TUI_FLEET_LAYOUT_TABLE;
	feed.seconds++;
	fakefeed_row(&feed, 0, 20, 20, -1);
	fakefeed_host_state(&feed, 1, AUR_HOST_AUTH_FAILED,
	    "the key was refused: run 'ssh-copy-id alice@web2', then press R");
	draw();
	key(TUI_KEY_DOWN);
	key('\r');
	tap_ok(app.mode == TUI_MODE_TROUBLE && shows("then press R"),
	    "Enter on one that failed: the whole sentence");
	key('R');
	tap_ok(feed.retries == 1 && feed.retried == 1, "R tries it again");
	tap_ok(app.mode == TUI_MODE_NORMAL && shows("trying again"), "says so");
	key(TUI_KEY_HOME);
	key('\r');
	tap_eq_int(app.view, TUI_VIEW_OVERVIEW, "Enter on one that is up");
	key('R');
	tap_ok(feed.retried == 0, "R on the host");
	end();
}

static void test_wants(void)
{
	begin(3, 120, 30);
	seconds(3, -1);
	for (size_t i = 0; i < 3; i++)
		tap_ok(
		    (feed.wanted[i].domains & AUR_WANT_DOMAIN(PROCESS)) == 0 &&
			(feed.wanted[i].domains & AUR_WANT_DOMAIN(CPU)) != 0,
		    "the overview asks little of %zu", i);
	key(TUI_KEY_DOWN);
	key('\r');
	tap_ok((feed.wanted[1].domains & AUR_WANT_DOMAIN(PROCESS)) != 0 &&
		   (feed.wanted[1].domains & AUR_WANT_DOMAIN(FILESYSTEM)) != 0,
	    "more of the one looked at");
	tap_ok((feed.wanted[0].domains & AUR_WANT_DOMAIN(PROCESS)) == 0,
	    "and no more of others");
	key('1');
	tap_ok((feed.wanted[1].domains & AUR_WANT_DOMAIN(PROCESS)) == 0,
	    "until one comes back");
	key('3');
	tap_ok((feed.wanted[2].domains & AUR_WANT_DOMAIN(PROCESS)) != 0 &&
		   feed.wanted[2].process_fields != 0,
	    "the processes of all");
	end();
}

static void test_enter(void)
{
	const struct aur_series *cpu;

	begin(3, 120, 30);
	seconds(300, 0);
	key(TUI_KEY_DOWN);
	key('2');
	tap_ok(app.view == TUI_VIEW_HOST && app.host == 1, "2: the host");
	cpu = tui_tracks_recent(&app.scene.tracks, TUI_TRACK_CPU);
	tap_ok(cpu->n >= 299, "with its past: %zu steps", cpu->n);
	tap_ok(fabs((double)aur_series_at(cpu, 0).mean -
		    tui_record_now(&app.fleet.record[1], TUI_TRACK_CPU)) < 0.2,
	    "which is its own");
	key(TUI_KEY_ESC);
	tap_eq_int(app.view, TUI_VIEW_FLEET, "Esc comes back from where");
	key('\r');
	key('3');
	tap_ok(app.view == TUI_VIEW_PROCESSES && !tui_app_has_all(&app),
	    "3 in a host: its processes");
	key('3');
	tap_ok(tui_app_has_all(&app) && shows("HOST"), "again: those of all");
	key('q');
	tap_eq_int(app.view, TUI_VIEW_FLEET, "and back");
	end();
}

static void test_processes(void)
{
	begin(3, 120, 40);
	seconds(3, 0);
	key('3');
	seconds(1, 0);
	tap_eq_int((int64_t)app.procs.list.n, 30, "the processes of all");
	tap_ok(shows("web1") && shows("web3") && shows("nginx"), "by host");
	key(TUI_KEY_F(4));
	type("host eq web2 and cpu>5");
	key('\r');
	tap_eq_int((int64_t)app.procs.list.n, 3, "the host is a field");
	tap_ok(!shows("web3 "), "of the filter");
	key('\\');
	key(TUI_KEY_CTRL('u'));
	type("name=cc1");
	key('\r');
	tap_eq_int((int64_t)app.procs.list.n, 3, "one of each");
	key(' ');
	key(' ');
	tap_eq_int((int64_t)app.procs.list.tags.n, 2, "tagged by host");
	key('k');
	key('\r');
	tap_ok(shows("How many") && shows("on web1") && shows("on web2"),
	    "both hosts are named, and it is to be counted");
	type("2");
	key('\r');
	key('y');
	tap_ok(feed.nact == 2 && feed.act_host[0] == 0 &&
		   feed.act_host[1] == 1 && feed.act[0].pid == 521 &&
		   feed.act[1].pid == 521,
	    "each goes to its host");
	key('\\');
	type(" and host eq web");
	key('\t');
	key(TUI_KEY_ESC);
	key('/');
	type("521");
	key('\r');
	for (uint32_t i = 1; i < 4; i++) {
		key('n');
		tap_eq_int(app.procs.list.selected.host, (i + 2) % 3,
		    "n: the same pid on the next host");
	}
	key(TUI_KEY_ESC);
	key('U');
	feed.act_err = AUR_EDENIED;
	key(TUI_KEY_END);
	key(']');
	tap_ok(feed.nact == 3 && feed.act_host[2] == 2, "nice as well");
	tap_ok(app.message[0] != '\0', "a refusal shows: %s", app.message);
	key('t');
	tap_ok(app.procs.list.n > 3, "a tree for each host");
	for (size_t i = 1; i < app.procs.list.n; i++)
		if (app.procs.list.row[i].who.host <
		    app.procs.list.row[i - 1].who.host)
			tap_ok(false, "row %zu: hosts are not together", i);
	key('t');
	key(TUI_KEY_END);
	key('\r');
	tap_ok(app.view == TUI_VIEW_DETAILS && app.host == 2 &&
		   app.details.key.v[0] == 521,
	    "Enter: the process, on its host");
	tap_ok(feed.wanted[2].nclose == 1, "looked at from close there");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_PROCESSES && tui_app_has_all(&app),
	    "Esc: the processes of all again");
	key('F');
	seconds(1, 0);
	tap_ok(app.procs.follow && app.procs.list.selected.host == 2,
	    "followed on its host");
	fakefeed_host_state(&feed, 2, AUR_HOST_STALE, "silent");
	draw();
	key('2');
	tap_eq_int((int64_t)app.host, 2, "2 goes to the host of the process");
	end();
}

static void test_pause(void)
{
	struct aur_buf before, after;

	begin(3, 80, 24);
	seconds(5, -1);
	key('Z');
	aur_buf_init(&before, 1u << 20);
	(void)screen(&before);
	tap_ok(shows("PAUSED"), "paused");
	seconds(1, -1);
	key(TUI_KEY_F(1));
	key(TUI_KEY_ESC);
	aur_buf_init(&after, 1u << 20);
	tap_eq_str(screen(&after), aur_buf_str(&before), "nothing moves");
	key('Z');
	tap_ok(!shows("PAUSED"), "and on");
	aur_buf_release(&before);
	aur_buf_release(&after);
	end();
}

static void test_hostile(void)
{
	begin(3, 80, 24);
	app.set.choice[TUI_SET_FLEET] = TUI_FLEET_LAYOUT_TABLE;
	fakefeed_host(&feed, 0)->name =
	    "a name that is far longer than any column could ever be made for";
	fakefeed_host(&feed, 1)->name = "\xe2\x80\xae\033[2Jevil\n\xff";
	fakefeed_host(&feed, 2)->name = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e";
	seconds(2, -1);
	fakefeed_host_state(&feed, 1, AUR_HOST_UNREACHABLE,
	    "\033]0;title\007 and \xc3\x28 more");
	draw();
	golden("fleet-hostile-80x24");
	for (int i = 0; i < 3; i++) {
		key('\r');
		key('3');
		key('@');
		key(TUI_KEY_ESC);
		key(TUI_KEY_ESC);
		key('1');
		key(TUI_KEY_DOWN);
	}
	for (int w = 40; w < 220; w += 9) {
		tap_ok(tui_surface_resize(&app.surface, w, 12 + w / 7) == 0,
		    "%d", w);
		key('#');
	}
	end();
}

static void test_mouse(void)
{
	struct tui_event e = {
	    .kind = TUI_EVENT_MOUSE, .mouse = TUI_MOUSE_LEFT, .x = 5, .y = 3};

	begin(12, 80, 24);
	seconds(3, -1);
	tui_app_event(&app, &e, now());
	tap_eq_int((int64_t)app.fleet.cursor, 1, "a click selects");
	tui_app_event(&app, &e, now());
	tap_ok(
	    app.view == TUI_VIEW_OVERVIEW && app.host == 1, "another enters");
	key('1');
	e.y = 1;
	e.x = app.table.column[1].x + 2;
	tui_app_event(&app, &e, now());
	tap_ok(app.fleet.sorted && app.fleet.sort == app.table.column[1].id,
	    "on a title it sorts");
	e.mouse = TUI_MOUSE_WHEEL_DOWN;
	key(TUI_KEY_HOME);
	tui_app_event(&app, &e, now());
	tap_eq_int((int64_t)app.fleet.cursor, 3, "the wheel moves");
	end();
	begin(3, 80, 24);
	seconds(3, -1);
	e = (struct tui_event){
	    .kind = TUI_EVENT_MOUSE, .mouse = TUI_MOUSE_LEFT, .x = 10, .y = 17};
	tui_app_event(&app, &e, now());
	tap_eq_int((int64_t)app.fleet.cursor, 2, "a click on a tile");
	end();
}

static void test_options(void)
{
	struct tui_options o = {.sort = -1, .filter = "cpu>50"};

	fakefeed_init_hosts(&feed, 3);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0, "a filter is given");
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tap_ok(tui_surface_resize(&app.surface, 100, 30) == 0, "resize");
	tui_app_ask(&app);
	seconds(3, 0);
	tap_ok(app.view == TUI_VIEW_PROCESSES && app.procs.list.n == 3,
	    "the processes of all, filtered");
	key('q');
	tap_eq_int(app.view, TUI_VIEW_FLEET, "and back of them the fleet");
	end();
}

static bool shell_opens(void *arg, size_t host, char *why, size_t size)
{
	size_t *opened = arg;

	*opened = host;
	snprintf(why, size, "no ssh here");
	return false;
}

static void test_shell(void)
{
	size_t opened = 99;

	begin(3, 80, 24);
	seconds(3, -1);
	key('!');
	tap_eq_int((int64_t)opened, 99, "not offered where there is none");
	app.shell = shell_opens;
	app.shell_arg = &opened;
	key(TUI_KEY_DOWN);
	key('!');
	tap_eq_int((int64_t)opened, 1, "on the selected host");
	tap_ok(shows("no ssh here"), "and why not");
	app.scene.readonly = true;
	opened = 99;
	key('!');
	tap_eq_int((int64_t)opened, 99, "--readonly holds");
	end();
}

static void test_copy(void)
{
	static const char *const words[] = {"web*", "-x", "web3"};

	begin(3, 120, 30);
	seconds(3, 0);
	app.words = words;
	app.nword = 3;
	key('y');
	tap_eq_str(app.copy, "aurora top --team pixel 'web*' -x web3 --utc",
	    "the fleet");
	key('p');
	tap_eq_str(app.copy, "aurora status --team pixel 'web*' -x web3",
	    "as a print");
	key(TUI_KEY_ESC);
	key('P');
	key('y');
	key('p');
	tap_eq_str(app.copy,
	    "aurora status --team pixel 'web*' -x web3 --sort "
	    "cpu.busy_percent:desc",
	    "in its order");
	key(TUI_KEY_ESC);
	key('3');
	key('y');
	tap_eq_str(app.copy,
	    "aurora top --team pixel 'web*' -x web3 --screen processes -s "
	    "cpu:desc --utc",
	    "the processes of all");
	key(TUI_KEY_ESC);
	key('1');
	key('\r');
	key('y');
	tap_ok(strncmp(app.copy, "aurora top --team pixel web", 27) == 0 &&
		   strstr(app.copy, "'web*'") == NULL,
	    "one host: %s", app.copy);
	end();
}

static void test_columns(void)
{
	begin(12, 120, 20);
	app.set.choice[TUI_SET_FLEET] = TUI_FLEET_LAYOUT_TABLE;
	seconds(3, -1);
	tap_ok(!shows("SWAP%") && shows("LOAD"), "at first");
	key('f');
	tap_ok(shows("Columns:"), "f: which");
	type("s");
	key(' ');
	type("l");
	key(' ');
	key('\r');
	tap_ok(shows("SWAP%") && !shows("LOAD"), "as chosen");
	tap_ok(strstr(app.set.fleet_columns, "swap") != NULL, "and kept");
	end();
}

int main(void)
{
	test_frames();
	test_sort();
	test_find();
	test_groups();
	test_jump();
	test_trouble();
	test_wants();
	test_enter();
	test_processes();
	test_pause();
	test_hostile();
	test_mouse();
	test_options();
	test_shell();
	test_columns();
	test_copy();
	return tap_done();
}
