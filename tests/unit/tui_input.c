/* SPDX-License-Identifier: MIT */
/* Bytes to keys: whole, torn, with Alt, pasted, hostile. */
#include "tests/harness/tap.h"

#include "tui/input.h"

static struct tui_input in;
static int64_t ms;

static struct aur_mono now(void)
{
	return (struct aur_mono){(1000 + ms) * 1000000};
}

static void begin(void)
{
	memset(&in, 0, sizeof(in));
	ms = 0;
}

static void feed(const char *bytes)
{
	tui_input_add(&in, (const uint8_t *)bytes, strlen(bytes), now());
}

/* The events up to now, as text: keys as names, pastes in quotes. */
static const char *events(void)
{
	static char out[512];
	struct tui_event e;
	size_t n = 0;

	out[0] = '\0';
	while (tui_input_next(&in, now(), &e) && n < sizeof(out) - 64) {
		char name[TUI_KEYS_NAME_MAX] = "";

		if (e.kind != TUI_EVENT_MOUSE)
			tui_key_name(e.key, name);
		n += (size_t)snprintf(out + n, sizeof(out) - n,
		    e.kind == TUI_EVENT_KEY	? "%s%s"
		    : e.kind == TUI_EVENT_PASTE ? "%s'%s'"
						: "%smouse%s",
		    n > 0 ? " " : "", name);
		if (e.kind == TUI_EVENT_MOUSE)
			n += (size_t)snprintf(out + n, sizeof(out) - n,
			    "%d:%d,%d", (int)e.mouse, e.x, e.y);
	}
	return out;
}

static void one(const char *bytes, const char *want, const char *text)
{
	begin();
	feed(bytes);
	tap_eq_str(events(), want, text);
}

static void test_whole(void)
{
	one("qQ", "q Q", "letters");
	one("\033OA\033[B\033OC\033[D", "Up Down Right Left", "arrows");
	one("\033OP\033[15~\033[21~\033[[B", "F1 F5 F10 F2", "function keys");
	one("\033[5~\033[6~\033[H\033[4~\033[3~", "PgUp PgDn Home End Del",
	    "others");
	one("\r\t\033[Z\177\003", "Enter Tab Shift-Tab Backspace Ctrl-C",
	    "controls");
	one("\xe6\x97\xa5", "\xe6\x97\xa5", "UTF-8");
	one("\xff\xfe"
	    "a",
	    "a", "bytes that are no text are nothing");
	one("\033[<0;5;7M\033[<0;5;7m\033[<64;1;1M", "mouse0:4,6 mouse1:0,0",
	    "mouse");
}

static void test_never_commands(void)
{
	one("\033k", "", "Alt-k is no k");
	one("\033q\033Q", "", "Alt-q is no q");
	one("\033\xc3\xa4", "", "Alt and two bytes");
	one("\033[1;3A", "", "Alt-Up is no Up");
	one("\033\033[A", "", "nor as rxvt sends it");
	one("\033[99~\033[?1;2c\033[>0;1q", "", "unknown ones and replies");
	one("\033]11;rgb:k/k/k\007\033P1+rk\033\\", "", "strings");
	one("\033[200~kyq\r\033[A\033[201~q",
	    "'k' 'y' 'q' 'Enter' 'Esc' '[' 'A' q", "a paste is a paste");
}

static void test_escape(void)
{
	one("\033", "", "ESC alone waits");
	tap_eq_int(tui_input_wait(&in, now()).ns, 25000000, "for 25 ms");
	ms = 24;
	tap_eq_str(events(), "", "and no less");
	ms = 25;
	tap_eq_str(events(), "Esc", "then it is the key");
	tap_ok(tui_input_wait(&in, now()).ns < 0, "nothing waits");
	ms = 100;
	feed("[A");
	tap_eq_str(events(), "", "a torn sequence is dropped whole");
	feed("x");
	tap_eq_str(events(), "x", "and only it");
	begin();
	feed("\033");
	ms = 30;
	events();
	ms = 40;
	feed("k");
	tap_eq_str(events(), "k", "a key after Esc is a key");
	begin();
	feed("\033[");
	tap_eq_str(events(), "", "a sequence waits");
	ms = 200;
	feed("A");
	tap_eq_str(events(), "Up", "for its rest");
	begin();
	feed("\033[1");
	ms = 600;
	tap_eq_str(events(), "", "one without a rest is nothing");
	feed("q");
	tap_eq_str(events(), "q", "and gone");
	begin();
	feed("\xe6\x97");
	tap_eq_str(events(), "", "half a character waits");
	feed("\xa5");
	tap_eq_str(events(), "\xe6\x97\xa5", "for its rest");
}

static void test_paste(void)
{
	begin();
	feed("\033[200~a\033[20");
	tap_eq_str(events(), "'a'", "a paste goes on");
	ms = 10;
	feed("1~b");
	tap_eq_str(events(), "b", "to its end");
	begin();
	feed("\033[200~a");
	events();
	ms = 6000;
	feed("b");
	ms = 12000;
	tap_eq_str(events(), "b", "an endless one is given up");
}

static void test_bindings(bool vim)
{
	for (int i = 1; i < TUI_DO_COUNT; i++) {
		enum tui_action action = (enum tui_action)i;
		char name[TUI_KEYS_NAME_MAX];
		uint32_t key;

		tui_action_keys(action, 9, vim, name);
		tap_ok(
		    name[0] != '\0' && tui_action_row(action)->help[0] != '\0',
		    "action %d has a key (%s) and help", i, name);
		for (size_t k = 0; (key = tui_action_key(action, k, vim)); k++)
			if (tui_key_action(key, vim) != action)
				tap_ok(false, "%s is bound twice", name);
	}
}

static void test_table(void)
{
	char name[TUI_KEYS_NAME_MAX];

	test_bindings(false);
	test_bindings(true);
	tap_eq_int(tui_key_action('j', true), TUI_DO_DOWN, "vim: j is down");
	tap_eq_int(tui_key_action('k', true), TUI_DO_UP, "and k up");
	tap_eq_int(tui_key_action('k', false), TUI_DO_SIGNAL, "not in htop");
	tui_action_keys(TUI_DO_SIGNAL, 9, true, name);
	tap_eq_str(name, "F9 X", "help names the keys that are in force");
}

int main(void)
{
	uint8_t all[TUI_INPUT_MAX + 99];

	test_whole();
	test_never_commands();
	test_escape();
	test_paste();
	test_table();
	begin();
	memset(all, '[', sizeof(all));
	all[0] = 033;
	tui_input_add(&in, all, sizeof(all), now());
	ms = 1000;
	events();
	tap_ok(in.n <= TUI_INPUT_MAX, "bounded");
	return tap_done();
}
