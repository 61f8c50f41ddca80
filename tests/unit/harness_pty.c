/* SPDX-License-Identifier: MIT */
/*
 * The harness is tested like anything else: a screen model that is wrong
 * makes every test of a screen wrong.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <signal.h>

static struct screen *fed(int rows, int cols, const char *bytes)
{
	struct screen *s = screen_new(rows, cols);

	screen_feed(s, bytes, strlen(bytes));
	return s;
}

/* Feeds a 4x8 screen and compares its rows, joined by '|'. */
static void shows(const char *bytes, const char *want, const char *text)
{
	struct screen *s = fed(4, 8, bytes);
	char got[256] = "";
	size_t n = 0;

	for (int r = 0; r < 4; r++)
		n += (size_t)snprintf(got + n, sizeof got - n, "%s%s",
		    r ? "|" : "", screen_row(s, r));
	tap_eq_str(got, want, text);
	if (screen_unknown(s) != NULL)
		tap_ok(false, "unknown: %s", screen_unknown(s));
	screen_free(s);
}

static void test_moving(void)
{
	shows("ab\r\ncd", "ab|cd||", "lines");
	shows("\033[2;3HX\033[HY\033[4dZ", "Y|  X|| Z", "CUP, home, VPA");
	shows("abc\033[2D-\033[5G+\033[A^", "a-c +^|||", "CUB, HPA, CUU");
	shows("a\033[3Cb\033[Bc\b\bd", "a   b|    dc||", "CUF, CUD, BS");
	shows("a\tb", "a      b|||", "a tab stops at the edge");
	shows("12345678", "12345678|||", "a full row does not wrap");
	shows("123456789", "12345678|9||", "the next character does");
	shows("12345678\r*", "*2345678|||", "CR in the last column");
	shows("\033[?7l123456789", "12345679|||", "no wrap");
	shows("1\r\n2\r\n3\r\n4\r\n5", "2|3|4|5", "scrolls at the end");
	shows("a\0337\033[4;4Hb\0338c", "ac|||   b", "save and restore");
	shows("a\033[2J\033[Hb\033Mc", " c|b||", "reverse index scrolls");
}

static void test_editing(void)
{
	shows("abcdef\033[4D\033[K", "ab|||", "EL");
	shows("abcdef\033[4D\033[1K", "   def|||", "EL 1");
	shows("a\r\nb\r\nc\033[2;1H\033[J", "a|||", "ED");
	shows("a\r\nb\r\nc\033[2;1H\033[1J", "||c|", "ED 1");
	shows("abcdef\033[5D\033[2X", "a  def|||", "ECH");
	shows("abcdef\033[5D\033[2@", "a  bcdef|||", "ICH");
	shows("abcdef\033[5D\033[2P", "adef|||", "DCH");
	shows("abcd\033[3D\033[4hXY\033[4l", "aXYbcd|||", "insert mode");
	shows("a\r\nb\r\nc\033[2;1H\033[L", "a||b|c", "IL");
	shows("a\r\nb\r\nc\033[1;1H\033[M", "b|c||", "DL");
	shows("a\033[4b", "aaaaa|||", "REP");
	shows("a\r\nb\r\nc\r\nd\033[2;3r\033[3;1H\n", "a|c||d", "a region");
	shows("a\r\nb\r\nc\r\nd\033[2S", "c|d||", "SU");
	shows("a\r\nb\r\nc\r\nd\033[T", "|a|b|c", "SD");
	shows("x\033[?1049h\033[Hy", "y|||", "the alternate screen");
	shows("x\033[?1049hy\033[?1049lz", "xz|||", "and back");
}

static void test_text(void)
{
	struct screen *s = fed(2, 8,
	    "a\xe4\xb8\xad"
	    "b\xe2\x94\x80"
	    "e\xcc\x81");

	tap_eq_str(screen_row(s, 0),
	    "a\xe4\xb8\xad"
	    "b\xe2\x94\x80"
	    "e\xcc\x81",
	    "UTF-8");
	tap_eq_int(screen_cell(s, 0, 1)->width, 2, "a wide character");
	tap_eq_int(screen_cell(s, 0, 2)->width, 0, "its second half");
	tap_eq_str(screen_cell(s, 0, 3)->text, "b", "what follows it");
	tap_eq_str(screen_cell(s, 0, 5)->text, "e\xcc\x81", "a combining mark");
	tap_ok(screen_at(s, 0, 1,
		   "\xe4\xb8\xad"
		   "b"),
	    "text at a cell");
	tap_ok(!screen_at(s, 0, 1, "b"), "other text at that cell");
	screen_feed(s, "\033[1;2HX", 7);
	tap_eq_str(screen_cell(s, 0, 2)->text, " ", "half a character is none");
	screen_free(s);

	s = fed(2, 8, "\033\033[1;3HY\033[3\033[1;5HZ");
	tap_eq_str(screen_row(s, 0), "  Y Z", "a cut sequence, and another");
	screen_free(s);

	s = fed(2, 8, "\033(0lqk\033(B q\xff");
	tap_eq_str(screen_row(s, 0),
	    "\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x90 q"
	    "\xef\xbf\xbd",
	    "line drawing, and a byte that is no UTF-8");
	screen_free(s);
}

static void test_style(void)
{
	struct screen *s = fed(2, 8,
	    "\033[1;31ma\033[38;5;200;48;5;17mb\033[0;7mc\033[m"
	    "\033[38;2;1;2;3md\033[92;104me\033[39;49m\033[44m\033[K");
	const struct screen_cell *c = screen_cell(s, 0, 0);

	tap_eq_int(c->attr, SCREEN_BOLD, "bold");
	tap_eq_int(c->fg, 1, "red");
	tap_eq_int(c->bg, SCREEN_DEFAULT, "default background");
	c = screen_cell(s, 0, 1);
	tap_eq_int(c->fg, 200, "256 colours");
	tap_eq_int(c->bg, 17, "256 colours behind");
	c = screen_cell(s, 0, 2);
	tap_eq_int(c->attr, SCREEN_REVERSE, "reverse alone");
	tap_eq_int(c->fg, SCREEN_DEFAULT, "colour is reset");
	tap_eq_int(screen_cell(s, 0, 3)->fg, SCREEN_RGB | 0x010203, "rgb");
	tap_eq_int(screen_cell(s, 0, 4)->fg, 10, "bright");
	tap_eq_int(screen_cell(s, 0, 4)->bg, 12, "bright behind");
	tap_eq_int(screen_cell(s, 0, 7)->bg, 4, "erased in the background");
	tap_eq_str(screen_unrestored(s), "attributes", "colour was left on");
	screen_free(s);
}

static void test_modes(void)
{
	struct screen *s = fed(4, 8,
	    "\033[?1049h\033[22;0;0t\033[1;4r\033(B\033[m\033[4l\033[?7h"
	    "\033[?1h\033=\033[?25l\033[?1000h\033[?1006h\033[?2004h");
	const char *end = "\033[?2004l\033[?1006;1000l\033[?12l\033[?25h"
			  "\033[?1049l\033[23;0;0t\r\033[?1l\033>";
	char reply[32] = "";

	tap_eq_str(screen_unrestored(s),
	    "alternate cursor_hidden cursor_keys "
	    "keypad paste mouse mouse_sgr",
	    "what ncurses switches on");
	screen_feed(s, end, strlen(end));
	tap_eq_str(screen_unrestored(s), "", "and off");
	tap_ok(screen_unknown(s) == NULL, "all of it understood");
	screen_feed(s, "\033[2;3H\033[6n", 10);
	screen_reply(s, reply, sizeof reply - 1);
	tap_eq_str(reply, "\033[2;3R", "the cursor's position is told");
	screen_feed(s, "\033[3;4~", 6);
	tap_eq_str(screen_unknown(s), "^[[3;4~", "what is not understood");
	screen_free(s);
}

static void test_resize(void)
{
	struct screen *s = fed(4, 8, "abcdefgh\r\nij\033[4;8HZ");
	int row, col;

	screen_resize(s, 2, 4);
	screen_cursor(s, &row, &col);
	tap_eq_str(screen_row(s, 0), "abcd", "cut at the right");
	tap_ok(
	    row == 1 && col == 3, "the cursor stays inside: %d %d", row, col);
	screen_resize(s, 3, 6);
	tap_eq_str(screen_row(s, 0), "abcd", "and widened");
	tap_ok(!screen_find(s, "Z", NULL, NULL), "what was cut is gone");
	tap_ok(screen_find(s, "ij", &row, &col) && row == 1 && col == 0,
	    "found at %d %d", row, col);
	screen_free(s);
}

static void test_program(void)
{
	const char *argv[] = {"sh", "-c",
	    "trap 'stty size' WINCH; stty size; stty -echo;"
	    "printf '\\033[?1049h\\033[3;5Hready'; until read line; do :; done;"
	    "printf '\\033[H<%s>' \"$line $TERM $X\"; read line; exit 7",
	    NULL};
	const char *env[] = {"X=1", NULL};
	struct pty *p = pty_start(24, 80, argv, env);
	int row = 0, col = 0;

	tap_ok(pty_wait_text(p, 2, 4, "ready", 10000), "text at a place");
	pty_resize(p, 30, 100);
	tap_ok(pty_wait_any(p, "30 100", 10000), "a new size");
	pty_send(p, "keys\r");
	tap_ok(pty_wait_text(p, 0, 0, "<keys xterm-256color 1>", 10000),
	    "keys and environment");
	tap_ok(screen_find(pty_screen(p), "ready", &row, &col) && row == 2,
	    "still at row %d", row);
	tap_eq_int(pty_wait_exit(p, 1), -1, "it has not ended");
	pty_send(p, "\r");
	tap_eq_int(pty_wait_exit(p, 10000), 7, "exit status");
	tap_eq_str(pty_unrestored(p), "alternate termios", "left switched on");
	pty_free(p);
}

static void test_endings(void)
{
	const char *none[] = {"/nonexistent/program", NULL};
	const char *kill_me[] = {"sh", "-c", "kill -TERM $$", NULL};
	const char *stay[] = {"sh", "-c",
	    "trap 'exit 9' HUP; echo up;"
	    "while :; do sleep 0.05; done",
	    NULL};
	const char *stop[] = {
	    "sh", "-c", "echo up; kill -STOP $$; echo on", NULL};
	struct pty *p = pty_start(5, 20, none, NULL);

	tap_eq_int(pty_wait_exit(p, 10000), 127, "no such program");
	pty_free(p);
	p = pty_start(5, 20, kill_me, NULL);
	tap_eq_int(pty_wait_exit(p, 10000), 128 + SIGTERM, "by a signal");
	tap_eq_str(pty_unrestored(p), "", "nothing was left switched on");
	pty_free(p);
	p = pty_start(5, 20, stay, NULL);
	tap_ok(pty_wait_text(p, 0, 0, "up", 10000), "it is up");
	pty_hangup(p);
	tap_eq_int(pty_wait_exit(p, 10000), 9, "a hang-up is told");
	pty_free(p);
	p = pty_start(5, 20, stop, NULL);
	tap_ok(pty_wait_stop(p, 10000), "it stops");
	kill(pty_pid(p), SIGCONT);
	tap_ok(pty_wait_text(p, 1, 0, "on", 10000), "and goes on");
	tap_eq_int(pty_wait_exit(p, 10000), 0, "and ends");
	pty_free(p);
}

int main(void)
{
	test_moving();
	test_editing();
	test_text();
	test_style();
	test_modes();
	test_resize();
	test_program();
	test_endings();
	return tap_done();
}
