/* SPDX-License-Identifier: MIT */
/*
 * Looking back in a pseudo-terminal, over a past that is scripted
 * (tests/harness/topfake): each of its keys, and that nothing acts there. The
 * title ends at the right, so that the column tells how long ago it is.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <stdlib.h>

#define WAIT 20000
#define DOT "\xc2\xb7"
#define LAST 23

static struct pty *start(const char *hosts)
{
	const char *const argv[] = {
	    "./tests/harness/topfake", hosts, "0", "0", "past", NULL};
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p = pty_start(24, 100, argv, env);

	if (p == NULL)
		exit(1);
	return p;
}

static void quits(struct pty *p, const char *keys)
{
	pty_send(p, keys);
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "it ends");
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

/* Whether the title says so at its right end. */
static bool ends(struct pty *p, const char *text, int columns)
{
	return pty_wait_text(p, 0, 99 - columns, text, WAIT);
}

static void test_fleet(void)
{
	struct pty *p = start("4");

	tap_ok(pty_wait_text(p, LAST, 1, "since ", WAIT), "the morning line");
	tap_ok(pty_wait_any(p,
		   "1 OOM kill on web1, shop.service failed on web4 " DOT
		   " { goes there",
		   WAIT),
	    "says what happened");
	pty_send(p, "{");
	tap_ok(ends(p, "1 h ago " DOT " Esc live", 18), "{ an hour ago");
	tap_ok(pty_wait_text(p, LAST, 1, "web4: shop.service failed", WAIT),
	    "why");
	pty_send(p, "{");
	tap_ok(ends(p, "2 h ago " DOT " Esc live", 18), "{ two hours ago");
	tap_ok(
	    pty_wait_text(p, LAST, 1, "web1: out of memory, name java", WAIT),
	    "why");
	pty_send(p, "}");
	tap_ok(ends(p, "1 h ago " DOT " Esc live", 18), "} one hour ago");
	tap_ok(pty_wait_any(p, "4 up", WAIT), "all were up then");
	pty_send(p, "3");
	tap_ok(pty_wait_text(p, 1, 0, "HOST ", WAIT), "3: processes of all");
	tap_ok(pty_wait_any(p, "cc1", WAIT), "the busiest");
	tap_ok(ends(p, "1 h ago " DOT " Esc live", 18), "at that moment");
	pty_send(p, "6");
	tap_ok(pty_wait_text(p, 1, 1, "TIME", WAIT), "6: events");
	tap_ok(pty_wait_text(p, 2, 18, "web1", WAIT), "the oldest first");
	tap_ok(pty_wait_text(p, 3, 18, "web4", WAIT), "the newest last");
	pty_send(p, PTY_UP PTY_ENTER);
	tap_ok(pty_wait_text(p, 0, 1, "aurora  web1", WAIT), "Enter: the host");
	tap_ok(ends(p, "2 h ago " DOT " Esc live", 18), "at that moment");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_gone(p, "PAST", WAIT), "Esc: live");
	tap_ok(pty_wait_text(p, 0, 1, "aurora  web1", WAIT), "the same host");
	quits(p, "Q");
}

static void test_host(void)
{
	struct pty *p = start("1");

	tap_ok(pty_wait_any(p, "since ", WAIT), "it has a past");
	pty_send(p, "b");
	tap_ok(pty_wait_text(p, LAST, 0, "Go to a time:", WAIT), "b asks");
	pty_send(p, "tea" PTY_ENTER);
	tap_ok(pty_wait_any(p, "no time", WAIT), "that is none");
	pty_send(p, "\025-5h" PTY_ENTER);
	tap_ok(ends(p, "5 h ago " DOT " Esc live", 18), "five hours ago");
	tap_ok(pty_wait_any(p, "cc1 -quiet", WAIT), "what ran then");
	pty_send(p, "b3h ago" PTY_ENTER);
	tap_ok(ends(p, "3 h ago " DOT " Esc live", 18), "in other words");
	pty_send(p, "k");
	tap_ok(pty_wait_text(p, LAST, 1, "in the past nothing acts", WAIT),
	    "k is refused");
	pty_send(p, "]");
	pty_send(p, "a");
	pty_send(p, "i");
	tap_ok(pty_wait_text(p, LAST, 1, "in the past nothing acts", WAIT),
	    "as are the others");
	pty_send(p, "2");
	tap_ok(pty_wait_text(p, 1, 2, "CPU", WAIT), "2: the host");
	tap_ok(ends(p, "3 h ago " DOT " Esc live", 18), "as it was");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_gone(p, "PAST", WAIT), "Esc: live");
	pty_send(p, "(");
	tap_ok(pty_wait_any(p, "PAST", WAIT), "( from live");
	pty_quiet(p, 500, WAIT);
	pty_send(p, ")");
	pty_send(p, "))))))))))");
	tap_ok(pty_wait_any(p, "nothing later is kept", WAIT), ") to the end");
	pty_send(p, "y");
	tap_ok(pty_wait_any(p, "--at 20", WAIT), "y has the moment");
	pty_send(p, PTY_ESC);
	pty_quiet(p, 300, WAIT);
	quits(p, "Q");
}

int main(void)
{
	test_fleet();
	test_host();
	return tap_done();
}
