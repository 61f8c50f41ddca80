/* SPDX-License-Identifier: MIT */
/*
 * What a screen meets in life: terminals of all kinds, sizes that change under
 * it, sequences that a slow line tears apart, and its own crash.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <signal.h>
#include <stdlib.h>

#define WAIT 20000

static struct pty *start(int rows, int cols, const char *const env[])
{
	static const char *const argv[] = {
	    "./aurora", "top", "--no-history", NULL};
	struct pty *p = pty_start(rows, cols, argv, env);

	if (p == NULL)
		exit(99);
	return p;
}

static void quits(struct pty *p, const char *text)
{
	pty_send(p, "Q");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, text);
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

static void test_terminals(void)
{
	static const char *const terms[] = {"TERM=linux", "TERM=screen",
	    "TERM=tmux-256color", "TERM=screen-256color", "TERM=vt100",
	    "TERM=xterm", "TERM=xterm-kitty-of-tomorrow"};

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		const char *const env[] = {
		    terms[i], "XDG_CONFIG_HOME=/dev/null/none", NULL};
		struct pty *p = start(24, 80, env);
		int row = -1, col = -1;

		tap_ok(
		    pty_wait_any(p, "COMMAND", WAIT), "%s: the list", terms[i]);
		tap_ok(pty_wait_text(p, 23, 0, "F1Help", WAIT),
		    "its last row, which did not scroll");
		tap_ok(pty_wait_text(p, 0, 1, "aurora", WAIT), "its first");
		(void)screen_find(pty_screen(p), "COMMAND", &row, &col);
		pty_send(p, "?");
		tap_ok(pty_wait_any(p, "this help", WAIT), "keys do something");
		pty_send(p, "q");
		tap_ok(pty_wait_text(p, row, col, "COMMAND", WAIT),
		    "and it is whole again");
		quits(p, "it ends");
	}
}

/* A terminal without a second screen keeps this one: the prompt that comes
 * next is below it. */
static void test_left_below(void)
{
	static const char *const env[] = {
	    "TERM=vt100", "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p = start(24, 80, env);
	int row = -1, col = -1;

	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "no second screen");
	pty_resize(p, 30, 80);
	tap_ok(pty_wait_text(p, 29, 0, "F1Help", WAIT), "30 rows");
	pty_send(p, "Q");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "it ends");
	screen_cursor(pty_screen(p), &row, &col);
	tap_eq_int(row, 29, "in the last row");
	tap_eq_int(col, 0, "at its begin");
	pty_free(p);
}

static void test_locales(void)
{
	static const char *const plain[] = {
	    "LC_ALL=C", "NO_COLOR=1", "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p = start(24, 80, plain);
	int ascii = 0, colors = 0;

	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "no UTF-8, no colours");
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++) {
			const struct screen_cell *c =
			    screen_cell(pty_screen(p), y, x);

			ascii += (unsigned char)c->text[0] >= 0x80;
			colors += c->fg != SCREEN_DEFAULT;
			colors += c->bg != SCREEN_DEFAULT;
		}
	tap_eq_int(ascii, 0, "nothing but ASCII");
	tap_eq_int(colors, 0, "and no colour");
	quits(p, "it ends");
}

/* Whether all of the screen is of this size. */
static void fits(struct pty *p, int rows, int cols)
{
	pty_resize(p, rows, cols);
	if (rows >= 12 && cols >= 40)
		tap_ok(pty_wait_text(p, rows - 1, 0, "F1Help", WAIT),
		    "%dx%d: to its last row", cols, rows);
	else if (rows >= 1 && cols >= 24)
		tap_ok(pty_wait_any(p, "too small", WAIT), "%dx%d: too small",
		    cols, rows);
	else /* no room for a word: it only has to live */
		pty_quiet(p, 60, WAIT);
}

static void test_sizes(void)
{
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p = start(50, 200, env);

	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "large");
	for (int i = 0; i <= 16; i++)
		fits(p, 50 - i * 38 / 16, 200 - i * 10);
	fits(p, 11, 40);
	fits(p, 12, 39);
	fits(p, 3, 30);
	fits(p, 1, 1);
	fits(p, 2, 300);
	fits(p, 12, 40);
	for (int i = 16; i >= 0; i -= 4)
		fits(p, 50 - i * 38 / 16, 200 - i * 10);
	tap_ok(pty_wait_text(p, 0, 1, "aurora", WAIT), "whole again");
	quits(p, "after all sizes");
}

/* Nothing of what comes may be a command. */
static void test_torn(void)
{
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	static const char *const parts[][2] = {
	    {"\033[", "20~"},
	    {"\033[2", "0~"},
	    {"\033O", "P"},
	    {"\033[<0;1", ";30M"},
	    {"\033[200~Qk", "\033[201~"},
	    {"\033]11;rgb:0000/0000/", "0000\033\\"},
	    {"\033[?6", "4;1;2c"},
	};
	struct pty *p = start(24, 100, env);

	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "it appears");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		pty_send(p, parts[i][0]);
		pty_quiet(p, 10, 15);
		pty_send(p, parts[i][1]);
		pty_quiet(p, 60, WAIT);
		pty_send(p, PTY_ESC);
		pty_quiet(p, 60, WAIT);
	}
	pty_send(p, "\033Q\033q\033k\033\033k");
	pty_quiet(p, 60, WAIT);
	tap_ok(!screen_find(pty_screen(p), "Send signal", NULL, NULL),
	    "no signal is asked for");
	tap_ok(pty_wait_text(p, 0, 1, "aurora", WAIT), "and it lives");
	quits(p, "after what was torn");
}

static void test_crash(void)
{
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	static const int signals[] = {SIGABRT, SIGBUS, SIGQUIT};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct pty *p = start(24, 80, env);

		tap_ok(pty_wait_any(p, "COMMAND", WAIT), "started");
		kill(pty_pid(p), signals[i]);
		tap_eq_int(pty_wait_exit(p, WAIT), 128 + signals[i],
		    "it ends by its signal");
		tap_eq_str(pty_unrestored(p), "", "the terminal is restored");
		pty_free(p);
	}
}

int main(void)
{
	if (!tap_samples())
		return tap_done();
	test_terminals();
	test_left_below();
	test_locales();
	test_sizes();
	test_torn();
	test_crash();
	return tap_done();
}
