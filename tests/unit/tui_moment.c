/* SPDX-License-Identifier: MIT */
/*
 * Looking back at one host: keys, what they show, what they must not do, and
 * that little is asked for. Golden frames of a host and its processes.
 */
#include "tests/unit/tui_past.h"

static void test_times(void)
{
	begin(1, 100, 24);
	tap_ok(!has(0, "PAST"), "it begins live");
	key('b');
	tap_ok(shows(last(), "Go to a time:"), "b asks for a time");
	type("noon");
	key('\r');
	tap_ok(shows(last(), "no time"), "what is none is said");
	tap_ok(app.mode == TUI_MODE_WHEN && !app.moment.on, "and asked again");
	key(TUI_KEY_CTRL('u'));
	type("03:12");
	key('\r');
	tap_ok(shows(0, "PAST 03:12:00, 11 h ago \xc2\xb7 Esc live"),
	    "a time of day");
	tap_ok(shows(-1, "03:12:00") && shows(-1, "cc1"), "its processes");
	tap_ok(app.moment.at.ns % AUR_SECOND_NS == AUR_SECOND_NS - 1,
	    "with all of that second");
	key(TUI_KEY_ESC);
	tap_ok(!has(0, "PAST") && !app.moment.on, "Esc: live again");
	key('b');
	type("-15m");
	key('\r');
	tap_ok(shows(0, "PAST 14:18:40"), "a span before now");
	key('b');
	type("2026-11-22 09:00:30");
	key('\r');
	tap_ok(shows(0, "PAST 09:00:30"), "a date");
	key('b');
	type("2026-11-22 18:00");
	key('\r');
	tap_ok(shows(last(), "still to come"), "not the future");
	tap_ok(shows(0, "PAST 09:00:30"), "it stays where it was");
	key('b');
	type("2026-11-12 18:00");
	key('\r');
	tap_ok(shows(last(), "nothing is kept of 2026-11-12 18:00:00, but from "
			     "yesterday 14:32 to 14:33"),
	    "what is kept is said");
	key('b');
	key(TUI_KEY_ESC);
	tap_ok(app.mode == TUI_MODE_NORMAL && app.moment.on,
	    "Esc leaves the prompt alone");
	end();
}

/* What is typed stays to be seen beside what is said of it. */
static void test_prompt(void)
{
	begin(1, 80, 24);
	key('b');
	tap_ok(shows(last(), "Go to a time:") &&
		   shows(last(), "as 03:12, 15m or yesterday 14:32"),
	    "what may be typed");
	type("25:00");
	tap_ok(!has(last(), "03:12"), "until something is");
	key('\r');
	tap_ok(
	    shows(last(), "Go to a time: 25:00 ") &&
		shows(last(), "no time; one is 03:12, 15m or yesterday 14:32"),
	    "what is wrong with it");
	key(TUI_KEY_CTRL('u'));
	key('\r');
	tap_ok(app.mode == TUI_MODE_NORMAL && !app.moment.on &&
		   app.message[0] == '\0',
	    "nothing typed: nothing done");
	end();
	begin(1, 40, 24);
	key('b');
	type("half past 3");
	key('\r');
	tap_ok(shows(last(), "Go to a time: ha"), "on a narrow screen, too");
	tap_ok(shows(last(), "no time; one is"), "the beginning of both");
	end();
}

/* Keys that lead to the past are offered where there is one, and room. */
static void test_bar(void)
{
	begin(1, 120, 24);
	tap_ok(shows(last(), "F9Kill 6Events bTime F10Quit"), "live");
	key('6');
	tap_ok(shows(last(), "2Host 3Procs F4Filter bTime F10Quit") &&
		   !has(last(), "Fleet"),
	    "the events of one host");
	key('(');
	tap_ok(shows(last(), "bTime (Step- )Step+ {Event- }Event+"),
	    "in the past, first");
	end();
	begin(1, 80, 24);
	tap_ok(shows(last(), "F9Kill F10Quit"), "what has room");
	app.moment.past = NULL;
	key('2');
	tap_ok(!has(last(), "bTime"), "and nothing is kept: no time");
	app.moment.past = &past.f.feed;
	end();
}

static void test_steps(void)
{
	begin(1, 100, 24);
	key(')');
	tap_ok(shows(last(), "this is live"), "nothing is later than now");
	key('(');
	tap_ok(shows(0, "PAST 14:33:39"), "( the newest before now");
	key('(');
	tap_ok(shows(0, "PAST 14:33:38"), "and the one before it");
	key(')');
	tap_ok(shows(0, "PAST 14:33:39"), ") on");
	key(')');
	key(')');
	tap_ok(shows(last(), "nothing later is kept; Esc goes back to live"),
	    "to the end of what is kept");
	past.gap_from = -100;
	past.gap_to = -10;
	key('b');
	type("14:31:50");
	key('\r');
	key('(');
	tap_ok(shows(0, "PAST 14:30:19"), "over a gap");
	end();
}

/* Keys that come at once: what the last one says is what shows. */
static void test_at_once(void)
{
	static const uint32_t keys[] = {'(', TUI_KEY_ESC};

	begin(1, 100, 24);
	key('(');
	for (size_t i = 0; i < AUR_ARRAY_LEN(keys); i++)
		tui_app_event(&app,
		    &(struct tui_event){.kind = TUI_EVENT_KEY, .key = keys[i]},
		    now());
	draw();
	tap_ok(!app.moment.on && app.message[0] == '\0',
	    "a step, and live: '%s'", app.message);
	tap_ok(app.scene.figures.now == feed.host.now, "it is");
	end();
}

/* A search elsewhere keeps nobody in the past. */
static void test_search(void)
{
	begin(1, 100, 24);
	key('/');
	type("cc1");
	key('\r');
	key('(');
	key('2');
	key(TUI_KEY_ESC);
	tap_ok(!app.moment.on && app.view == TUI_VIEW_HOST,
	    "Esc, where no list is: live");
	key('(');
	key('3');
	key(TUI_KEY_ESC);
	tap_ok(app.moment.on && !app.procs.searching,
	    "where it shows, out of the search");
	end();
}

static unsigned asked(void)
{
	return past.seeks + past.points + past.looked + past.tables +
	       past.bounds;
}

/* Graphs that are full, and nobody at the keys. */
static void test_watched(void)
{
	static const uint32_t keys[] = {'1', '3', '6', '2', '\r'};

	begin(1, 100, 24);
	key('2');
	for (int i = 0; i < 100; i++)
		seconds(10);
	for (size_t i = 0; i < AUR_ARRAY_LEN(keys); i++) {
		unsigned before;

		key(keys[i]);
		before = asked();
		for (int k = 0; k < 30; k++)
			seconds(1);
		tap_ok(asked() == before,
		    "key %u: watched, it asks for nothing, but %u",
		    (unsigned)keys[i], asked() - before);
	}
	tap_ok(app.view == TUI_VIEW_PANE, "the last is a graph");
	end();
}

/* A key that is held goes further and further. */
static void test_held(void)
{
	int64_t before;

	begin(1, 100, 24);
	for (int i = 0; i < 100; i++) {
		struct tui_event e = {.kind = TUI_EVENT_KEY, .key = '('};

		ms += 30;
		tui_app_event(&app, &e, now());
	}
	tap_ok(past.seeks <= 2, "%u of them were looked up", past.seeks);
	draw();
	before =
	    FAKEPAST_START + feed.seconds - app.moment.at.ns / AUR_SECOND_NS;
	tap_ok(before > 3600 && before < 86400, "100 presses are %lld s",
	    (long long)before);
	key('(');
	tap_eq_int(
	    FAKEPAST_START + feed.seconds - app.moment.at.ns / AUR_SECOND_NS,
	    before + 1, "one press alone is one sample");
	end();
}

static void test_events_keys(void)
{
	begin(1, 100, 24);
	key('{');
	tap_ok(shows(last(), "nothing earlier that mattered"), "there is none");
	tap_ok(!app.moment.on, "it stays live");
	fakepast_event(&past, 0, -7200, "oom_kill", "name", "java");
	fakepast_event(&past, 0, -3600, "unit_failed", "unit", "shop.service");
	key('{');
	tap_ok(shows(0, "PAST 13:32:00"), "{ the one before now");
	tap_ok(shows(last(), "local: shop.service failed"), "what it was");
	ms += 60000;
	draw();
	tap_ok(shows(last(), "shop.service failed"), "that stays until a key");
	key('{');
	tap_ok(shows(0, "PAST 12:32:00") &&
		   shows(last(), "out of memory, name java"),
	    "the one before that");
	key('}');
	tap_ok(shows(0, "PAST 13:32:00"), "} the next one");
	key('}');
	tap_ok(shows(last(), "nothing later that mattered"), "no more");
	end();
}

static void test_nothing_acts(void)
{
	static const char keys[] = "k[]ai";

	begin(1, 100, 24);
	key('(');
	for (size_t i = 0; i < sizeof(keys) - 1; i++) {
		key((uint8_t)keys[i]);
		tap_ok(shows(last(), "in the past nothing acts"),
		    "%c is refused", keys[i]);
		tap_ok(app.mode == TUI_MODE_NORMAL, "no menu opens");
		key('y');
		key(TUI_KEY_DOWN);
		app.mode = TUI_MODE_NORMAL;
	}
	key(TUI_KEY_F(9));
	tap_ok(shows(last(), "in the past nothing acts"), "F9, too");
	key(' ');
	key('k');
	tap_ok(app.mode == TUI_MODE_NORMAL, "nor for those that are tagged");
	key('U');
	key('Z');
	tap_ok(shows(last(), "the past stands still"), "and it has no pause");
	tap_eq_u64(feed.nact + past.f.nact, 0, "nothing was sent");
	key(TUI_KEY_ESC);
	key('k');
	tap_ok(app.mode == TUI_MODE_SIGNAL, "live it acts again");
	end();
}

/* Live goes on unseen: its graphs have no hole afterwards. */
static void test_live_goes_on(void)
{
	begin(1, 100, 24);
	key('2');
	key('(');
	tap_ok(shows(0, "PAST"), "the past");
	seconds(50);
	tap_ok(shows(0, "PAST 14:33:39"), "stands still");
	tap_ok(app.scene.figures.now->wall.ns / AUR_SECOND_NS ==
		   FAKEPAST_START + 99,
	    "so do the values");
	key(TUI_KEY_ESC);
	tap_ok(app.scene.figures.now == feed.host.now, "live: the newest");
	tap_eq_u64(aur_series_merge(
		       &app.scene.tracks.one[TUI_TRACK_CPU].tier[0], 0, 140)
		       .n,
	    140, "no value is lacking");
	end();
}

static void test_host_graphs(void)
{
	unsigned asked;

	begin(1, 120, 40);
	key('2');
	tap_ok(past.points > 0 && past.points < 80, "live: %u graphs asked for",
	    past.points);
	tap_eq_u64(
	    aur_series_at(&app.scene.tracks.one[TUI_TRACK_CPU].tier[0], 500).n,
	    1, "what was before the run");
	key('b');
	type("12:32:30");
	key('\r');
	asked = past.points;
	tap_ok(shows(-1, "50.0%"), "values of then");
	frame("past-host-120x40");
	for (int i = 0; i < 20; i++)
		key(')');
	tap_eq_u64(past.points, asked, "steps ask for no graph anew");
	tap_ok(past.most <= TUI_TIER_0, "and for no more than they draw");
	key('1');
	key('3');
	tap_ok(shows(0, "PAST 12:32:50"), "another screen, the same moment");
	frame("past-processes-120x40");
	end();
}

/* Enter on the cursor of a graph. */
static void test_spike(void)
{
	begin(1, 100, 24);
	key('2');
	key('\r');
	for (int i = 0; i < 8; i++)
		key('-');
	tap_ok(shows(-1, "24 h"), "a day of a run of minutes");
	tap_ok(shows(-1, "12:00"), "with its times");
	for (int i = 0; i < 6; i++)
		key('-');
	tap_ok(shows(-1, "90 d"), "and further");
	for (int i = 0; i < 7; i++)
		key('+');
	tap_ok(shows(-1, "2 h"), "nearer");
	key(TUI_KEY_LEFT);
	for (int i = 0; i < 47; i++)
		key(TUI_KEY_LEFT);
	draw();
	tap_ok(shows(-1, "busiest cc1 521 98%"), "who was busy, from the past");
	tap_ok(!app.moment.on, "still live");
	key('\r');
	tap_ok(shows(0, "PAST") && app.view == TUI_VIEW_PROCESSES,
	    "Enter: to the processes of then");
	tap_ok(shows(2, "cc1"), "the busiest on top");
	key('q');
	tap_ok(app.view == TUI_VIEW_PANE && app.moment.on, "q: the graph");
	tap_ok(shows(-1, "CPU busy"), "ends at the moment");
	key(TUI_KEY_LEFT);
	key(TUI_KEY_LEFT);
	key('\r');
	tap_ok(app.view == TUI_VIEW_PROCESSES, "and once more");
	key(TUI_KEY_ESC);
	tap_ok(!app.moment.on, "Esc: live");
	end();
}

/* Steps with a value. */
static size_t known(const struct aur_series *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += !isnan(aur_series_at(s, i).mean);
	return n;
}

/* The column of sparklines, of a moment. */
static void test_sparks(void)
{
	const struct tui_event step = {.kind = TUI_EVENT_KEY, .key = '('};
	const struct tui_past_row *row;
	unsigned before;

	begin(1, 220, 30);
	key('3');
	key('(');
	tap_ok(app.moment.on && app.scene.wants_past, "a moment");
	tap_ok(app.scene.past.steps == TUI_PAST_STEPS, "all steps before it");
	row = tui_past_find(&app.scene.past, app.procs.list.row[0].who.key);
	tap_ok(
	    row != NULL && !isnan(tui_past_at(&app.scene.past, row, 0)) &&
		!isnan(tui_past_at(&app.scene.past, row, TUI_PAST_STEPS - 1)),
	    "of each process");
	before = past.tables;
	draw();
	tap_ok(past.tables == before, "are asked for once");
	for (int i = 0; i < 5; i++) {
		ms += 30;
		tui_app_event(&app, &step, now());
		tui_app_draw(&app, now());
	}
	tap_ok(past.tables == before, "not while a key is held");
	draw();
	tap_ok(past.tables == before + 1, "but when it rests");
	end();
}

static void test_details(void)
{
	unsigned before;

	begin(1, 100, 30);
	key('\r');
	tap_ok(app.view == TUI_VIEW_DETAILS, "all about a process");
	key('(');
	tap_ok(
	    app.view == TUI_VIEW_DETAILS && shows(0, "PAST"), "as it was then");
	tap_ok(known(&app.details.cpu) >= 90, "with what it used before");
	tap_ok(known(&app.details.memory) >= 90, "and held");
	before = past.tables;
	key('(');
	tap_ok(past.tables == before + 1, "asked for once a moment");
	draw();
	tap_ok(past.tables == before + 1, "and only once");
	key(TUI_KEY_ESC);
	tap_ok(app.view == TUI_VIEW_DETAILS && !app.moment.on, "and is now");
	end();
}

static void test_nothing_kept(void)
{
	static const char keys[] = "b({";
	struct tui_options o = {.sort = -1};

	fakefeed_init(&feed);
	fakepast_init(&past, 1);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0, "init");
	feed.feed.class->listen(&feed.feed, on_change, &app);
	seconds(3);
	for (size_t i = 0; i < sizeof(keys) - 1; i++) {
		key((uint8_t)keys[i]);
		tap_ok(shows(last(), "nothing is kept to look back at"),
		    "%c says so", keys[i]);
	}
	key('6');
	tap_ok(shows(-1, "nothing has happened"), "no events");
	end();
}

/* A moment of which a host has nothing. */
static void test_gap(void)
{
	begin(1, 100, 24);
	past.gap_from = -100;
	past.gap_to = -10;
	key('b');
	type("14:31:00");
	key('\r');
	tap_ok(shows(0, "PAST 14:31:00"), "it is shown");
	tap_ok(
	    shows(-1, "nothing was kept of this moment"), "and says why not");
	key('2');
	tap_ok(shows(-1, "nothing was kept of this moment"), "everywhere");
	key(TUI_KEY_ESC);
	tap_ok(!has(-1, "nothing was kept"), "live has all");
	end();
}

static void test_start(void)
{
	struct tui_options o = {
	    .at = {(FAKEPAST_START - 3600) * AUR_SECOND_NS}};

	fakepast_init(&past, 1);
	begin_with(1, 100, 24, &o);
	tap_ok(shows(0, "PAST 13:32:00, 1 h ago"), "it begins in the past");
	tap_ok(shows(-1, "cc1"), "with what ran then");
	key(TUI_KEY_ESC);
	tap_ok(app.scene.figures.now == feed.host.now, "live is there, too");
	end();
}

/* A bundle: nothing is live. */
static void test_ended(void)
{
	struct tui_options o = {
	    .at = {(FAKEPAST_START - 3600) * AUR_SECOND_NS}, .ended = true};

	fakepast_init(&past, 2);
	begin_with(2, 100, 24, &o);
	tap_ok(shows(0, "1 h ago") && !has(0, "live"), "no word of live");
	key('\r');
	tap_ok(shows(-1, "cc1") && !has(0, "live"), "into a host");
	key('k');
	tap_ok(!has(last(), "Esc goes"), "nothing acts");
	key(TUI_KEY_ESC);
	tap_ok(app.moment.on && app.view == TUI_VIEW_FLEET && !has(-1, "cc1"),
	    "Esc: out of the host, not of the past");
	key(TUI_KEY_ESC);
	tap_ok(app.moment.on && !app.quit && shows(0, "PAST"),
	    "and at the top nowhere");
	end();
}

/* What it was to begin with was never kept: it says so, and is live. */
static void test_start_gap(void)
{
	struct tui_options o = {.at = {1000000000 * AUR_SECOND_NS}};

	fakepast_init(&past, 1);
	begin_with(1, 100, 24, &o);
	tap_ok(!app.moment.on && shows(-1, "cc1"), "it is live");
	tap_ok(shows(last(), "nothing is kept of 2001-09-09"), "and says why");
	key(TUI_KEY_DOWN);
	tap_ok(!has(last(), "nothing is kept"), "until a key");
	end();
}

static void test_copy(void)
{
	struct tui_options o = {
	    .at = {(FAKEPAST_START - 3600) * AUR_SECOND_NS},
	    .ended = true,
	    .readonly = true,
	    .bundle = "a night.aurora",
	};

	fakepast_init(&past, 1);
	begin_with(1, 100, 24, &o);
	key('y');
	tap_eq_str(app.copy,
	    "aurora top --bundle 'a night.aurora' local --at "
	    "2026-11-22T13:32:00.000Z -s cpu:desc --utc",
	    "y has the bundle");
	key('p');
	tap_ok(
	    strncmp(app.copy, "aurora ps --bundle 'a night.aurora' ", 36) == 0,
	    "so has p");
	end();
	begin(1, 100, 24);
	key('b');
	type("12:32:30");
	key('\r');
	key('y');
	tap_ok(strstr(app.copy, " --at 2026-11-22T12:32:30.999Z") != NULL,
	    "y has the moment: %s", app.copy);
	end();
}

/* The smaller screens, and one without anything but ASCII. */
static void test_small(void)
{
	struct tui_options o = {.ascii = true};

	begin(1, 80, 24);
	key('b');
	type("12:32:30");
	key('\r');
	frame("past-top-80x24");
	key('2');
	frame("past-host-80x24");
	end();
	fakepast_init(&past, 1);
	begin_with(1, 40, 12, &o);
	key('b');
	type("12:32:30");
	key('\r');
	frame("past-top-40x12-ascii");
	end();
}

/* Those that come while it shows, once each. */
static void test_events_live(void)
{
	struct aur_event e = {.number = 1,
	    .kind = {(const uint8_t *)"process_signal", 14},
	    .when = {(FAKEPAST_START + 50) * AUR_SECOND_NS}};

	begin(1, 100, 24);
	key('6');
	feed.host.event = &e;
	feed.fn(feed.arg, 0, AUR_FEED_EVENT);
	feed.host.event = NULL;
	draw();
	tap_ok(shows(2, "signal ? to ?"), "one comes");
	fakepast_event(&past, 0, 50, "process_signal", "signal", "15");
	key('6');
	app.events.old = true;
	draw();
	tap_eq_u64(app.events.n, 1, "kept as well, it stands there once");
	end();
}

int main(void)
{
	test_times();
	test_prompt();
	test_bar();
	test_steps();
	test_at_once();
	test_search();
	test_watched();
	test_held();
	test_events_keys();
	test_nothing_acts();
	test_live_goes_on();
	test_host_graphs();
	test_spike();
	test_sparks();
	test_details();
	test_nothing_kept();
	test_gap();
	test_start();
	test_start_gap();
	test_ended();
	test_copy();
	test_small();
	test_events_live();
	return tap_done();
}
