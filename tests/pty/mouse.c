/* SPDX-License-Identifier: MIT */
/*
 * The mouse over `aurora top`, in a pseudo-terminal that reports as xterm does
 * with ?1006: rows, the wheel, headings, every label of the function bar, a
 * pane and the cursor of its graph.
 */
#include "tests/harness/pty.h"
#include "tests/harness/sleeper.h"
#include "tests/harness/tap.h"

#include <stdlib.h>

#define WAIT 20000
#define ROWS 30
#define COLS 120
#define N 4
#define DOWN "\xe2\x96\xbd"
#define UP "\xe2\x96\xb3"
#define NAMES "sleep 100"

enum { LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65 };

static pid_t pid[N];
static char list[64];

static void click(struct pty *p, int button, int row, int col)
{
	char text[32];

	snprintf(
	    text, sizeof(text), "\033[<%d;%d;%dM", button, col + 1, row + 1);
	pty_send(p, text);
}

/* Clicks on a word in a row. */
static void click_on(struct pty *p, int row, const char *word)
{
	for (int col = 0; col < COLS; col++)
		if (screen_at(pty_screen(p), row, col, word)) {
			click(p, LEFT, row, col + 1);
			return;
		}
	tap_ok(false, "'%s' stands in row %d", word, row);
	pty_dump(p);
}

static bool is_selected(struct pty *p, int row)
{
	for (int i = 0; i < 200; i++) {
		if (screen_cell(pty_screen(p), row, 60)->bg == 74)
			return true;
		pty_quiet(p, 50, 100);
	}
	return false;
}

/* A list of four processes of ours, by pid; the row of its heads. */
static struct pty *start(int *ret_head)
{
	const char *const argv[] = {"./aurora", "top", "--no-history", "-s",
	    "pid:asc", "--columns",
	    "pid,user,nice,state,cpu,memory,rss,time,command", "-p", list,
	    NULL};
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p = pty_start(ROWS, COLS, argv, env);

	if (p == NULL)
		exit(99);
	tap_ok(pty_wait_any(p, NAMES "4", WAIT), "it appears");
	tap_ok(screen_modes(pty_screen(p)).mouse, "and takes the mouse");
	*ret_head = -1;
	(void)screen_find(pty_screen(p), "COMMAND", ret_head, NULL);
	return p;
}

static void quits(struct pty *p)
{
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "it ends");
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

static void test_rows(void)
{
	int head;
	struct pty *p = start(&head);

	click(p, LEFT, head + 3, 5);
	tap_ok(is_selected(p, head + 3), "a click on a row");
	click(p, WHEEL_UP, head + 4, 5);
	tap_ok(is_selected(p, head + 1), "the wheel up");
	click(p, WHEEL_DOWN, head + 1, 5);
	tap_ok(is_selected(p, head + 4), "and down");
	click(p, LEFT, 5, 10);
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_text(p, 1, 2, "CPU", WAIT), "a click on a pane");
	click(p, LEFT, 12, 90);
	tap_ok(pty_wait_any(p, "busiest", WAIT), "a cursor on its graph");
	pty_send(p, "Q");
	quits(p);
}

/* A heading is clicked on twice: its own way round, and the other. */
static void test_heads(void)
{
	static const struct {
		const char *head, *once, *twice;
	} heads[] = {
	    {"USER", "USER" UP, "USER" DOWN},
	    {"NI", UP "NI", DOWN "NI"},
	    {"CPU%", DOWN "CPU%", UP "CPU%"},
	    {"MEM%", DOWN "MEM%", UP "MEM%"},
	    {"RES", DOWN "RES", UP "RES"},
	    {"TIME+", DOWN "TIME+", UP "TIME+"},
	    {"COMMAND", "COMMAND" UP, "COMMAND" DOWN},
	    {"PID", UP "PID", DOWN "PID"},
	};
	int head, row = -1;
	struct pty *p = start(&head);

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		tap_ok(!screen_find(pty_screen(p), heads[i].once, NULL, NULL),
		    "not by %s", heads[i].head);
		click_on(p, head, heads[i].head);
		tap_ok(pty_wait_any(p, heads[i].once, WAIT), "by %s",
		    heads[i].head);
		click_on(p, head, heads[i].head);
		tap_ok(pty_wait_any(p, heads[i].twice, WAIT), "turned round");
	}
	tap_ok(screen_find(pty_screen(p), NAMES "4", &row, NULL) &&
		   row == head + 1,
	    "the last pid is first");
	pty_send(p, "Q");
	quits(p);
}

static void test_bar(void)
{
	static const struct {
		const char *label, *shows, *then;
	} labels[] = {
	    {"F1Help", "this help", PTY_ESC},
	    {"F2Setup", "Background", PTY_ESC},
	    {"2Host", "Filesystems", PTY_ESC},
	    {"F3Find", "Search (", PTY_ESC},
	    {"F4Filter", "Filter (", PTY_ESC},
	    {"F6Sort", "Sort by:", PTY_ESC},
	    {"F5Tree", "\xe2\x94\x80 " NAMES "4", "t"},
	    {"F7Nice-", " for sleep (", " "},
	    {"F8Nice+", " for sleep (", " "},
	    {"F9Kill", "Send signal", PTY_ESC},
	};
	int head;
	struct pty *p = start(&head);

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		tap_ok(!screen_find(pty_screen(p), labels[i].shows, NULL, NULL),
		    "not yet: %s", labels[i].shows);
		click_on(p, ROWS - 1, labels[i].label);
		tap_ok(pty_wait_any(p, labels[i].shows, WAIT), "a click on %s",
		    labels[i].label);
		pty_send(p, labels[i].then);
		tap_ok(pty_wait_text(p, ROWS - 1, 0, "F1Help", WAIT) &&
			   pty_wait_gone(p, labels[i].shows, WAIT),
		    "and back");
	}
	click_on(p, ROWS - 1, "3Procs");
	tap_ok(pty_wait_gone(p, "LOAD", WAIT), "a click on 3Procs");
	click_on(p, ROWS - 1, "F10Quit");
	tap_ok(pty_wait_any(p, "LOAD", WAIT), "on F10Quit: back");
	click_on(p, ROWS - 1, "F10Quit");
	quits(p);
}

int main(void)
{
	if (!tap_samples())
		return tap_done();
	sleepers_start(pid, N, 1001, list, sizeof(list));
	test_rows();
	test_heads();
	test_bar();
	sleepers_end(pid, N);
	return tap_done();
}
