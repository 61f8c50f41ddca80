/* SPDX-License-Identifier: MIT */
/*
 * The fleet in a pseudo-terminal, over hosts that are scripted
 * (tests/harness/topfake): what stands where, what keys do to it, and that
 * the terminal is given away and taken back.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <stdlib.h>

#define WAIT 20000

static struct pty *start(int rows, int cols, const char *hosts)
{
	const char *const argv[] = {
	    "./tests/harness/topfake", hosts, "0", NULL};
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p = pty_start(rows, cols, argv, env);

	if (p == NULL)
		exit(1);
	return p;
}

static void quits(struct pty *p, const char *keys, const char *text)
{
	pty_send(p, keys);
	tap_eq_int(pty_wait_exit(p, WAIT), 0, text);
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

static void test_table(void)
{
	struct pty *p = start(24, 100, "12");

	tap_ok(
	    pty_wait_text(p, 0, 1, "aurora \xe2\x96\xb8 pixel  12 hosts", WAIT),
	    "the title");
	tap_ok(pty_wait_text(p, 1, 2, "HOST", WAIT), "heads of columns");
	tap_ok(pty_wait_text(p, 2, 2, "web1 ", WAIT), "a row for each");
	tap_ok(pty_wait_text(p, 13, 2, "web12", WAIT), "in the team's order");
	tap_ok(pty_wait_any(p, "connection refused", WAIT), "why one is not");
	tap_ok(pty_wait_any(p, "stale", WAIT), "one goes stale");
	tap_ok(pty_wait_any(p, "reconnecting in 3s", WAIT), "and says so");
	tap_ok(pty_wait_any(p, "1 unreachable", WAIT), "they are counted");
	pty_send(p, "M");
	tap_ok(pty_wait_text(p, 2, 2, "web4 ", WAIT), "M: the fullest first");
	pty_send(p, "I");
	tap_ok(pty_wait_text(p, 2, 2, "web1 ", WAIT), "I: turned round");
	pty_send(p, PTY_F4 "web1");
	tap_ok(pty_wait_gone(p, "web5", WAIT), "F4 filters while it is typed");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, "filter:web1", WAIT), "and says what");
	pty_send(p, PTY_F4 "\025" PTY_ENTER);
	tap_ok(pty_wait_any(p, "web5", WAIT), "all again");
	pty_send(p, "@");
	tap_ok(pty_wait_any(p, "Go to:", WAIT), "@: which host");
	pty_send(p, "web9");
	tap_ok(pty_wait_text(p, 2, 1, "web9", WAIT), "narrowed by typing");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_text(p, 0, 1, "aurora  web9", WAIT), "goes there");
	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "with its processes");
	pty_send(p, "q");
	tap_ok(pty_wait_any(p, "12 hosts", WAIT), "q: back");
	pty_send(p, "3");
	tap_ok(pty_wait_text(p, 1, 0, "HOST ", WAIT), "3: processes of all");
	tap_ok(pty_wait_any(p, "cc1 -quiet", WAIT), "the busiest");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, "/usr/lib/gcc", WAIT), "Enter: one of them");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_text(p, 1, 0, "HOST ", WAIT), "Esc: all again");
	pty_send(p, "1");
	tap_ok(pty_wait_text(p, 1, 2, "HOST", WAIT), "1: the fleet");
	quits(p, "q", "q quits there");
}

static void test_tiles(void)
{
	struct pty *p = start(24, 80, "3");

	tap_ok(pty_wait_text(p, 1, 2, "web1 up", WAIT), "a tile for each");
	tap_ok(pty_wait_any(p, "R tries again now", WAIT), "what can be done");
	pty_send(p, PTY_END PTY_ENTER);
	tap_ok(pty_wait_any(p, "any other key: back", WAIT),
	    "Enter on one that was never there: why");
	pty_send(p, "R");
	tap_ok(pty_wait_gone(p, "unreachable", WAIT), "R: it answers");
	pty_send(p, "#");
	tap_ok(pty_wait_text(p, 1, 2, "HOST", WAIT), "#: as a table");
	pty_send(p, "##");
	tap_ok(pty_wait_text(p, 1, 2, "web1 up", WAIT), "and round");
	pty_resize(p, 12, 40);
	tap_ok(pty_wait_text(p, 1, 2, "HOST", WAIT), "no room for tiles");
	pty_resize(p, 24, 80);
	tap_ok(pty_wait_text(p, 1, 2, "web1 up", WAIT), "room again");
	quits(p, "Q", "Q quits");
}

static void test_shell(void)
{
	struct pty *p = start(24, 80, "3");

	tap_ok(pty_wait_text(p, 1, 2, "web1 up", WAIT), "it appears");
	pty_send(p, "!");
	tap_ok(pty_wait_any(p, "a shell on web1", WAIT), "! leaves");
	tap_ok(pty_wait_gone(p, "hosts", WAIT), "the screen is gone");
	pty_send(p, "\n");
	tap_ok(pty_wait_any(p, "3 hosts", WAIT), "and it comes back");
	tap_ok(pty_wait_text(p, 1, 2, "web1 up", WAIT), "drawn anew");
	pty_send(p, "3");
	tap_ok(pty_wait_text(p, 1, 0, "HOST ", WAIT), "keys work as before");
	quits(p, "Q", "Q quits");
}

int main(void)
{
	test_table();
	test_tiles();
	test_shell();
	return tap_done();
}
