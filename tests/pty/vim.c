/* SPDX-License-Identifier: MIT */
/*
 * `aurora top --keys vim` in a pseudo-terminal: every key of tui/vim.def,
 * over thirty processes of our own, of which nine have room.
 *
 *	row 1     PID  NI S  CPU%  MEM%    TIME+ COMMAND
 *	row 2    4711   0 S   0.0   0.0  0:00.00 sleep 2001
 *	row 10   4719   0 S   0.0   0.0  0:00.00 sleep 2009
 */
#include "tests/harness/pty.h"
#include "tests/harness/sleeper.h"
#include "tests/harness/tap.h"

#include "tui/key.h"

#include <stdlib.h>

#define WAIT 20000
#define N 30
#define COMMAND 35 /* the column */
#define CTRL_D "\004"
#define CTRL_U "\025"

static pid_t pid[N];
static char list[N * 12];

static const struct expected {
	enum tui_action action;
	const char *before, *key;
	int row, col;
	const char *text;
	int selected; /* the row that is; 0: any */
	const char *after;
} expected[] = {
    {TUI_DO_DOWN, "", "j", 3, COMMAND, "sleep 2002", 3, "gg"},
    {TUI_DO_UP, "jj", "k", 3, COMMAND, "sleep 2002", 3, "gg"},
    {TUI_DO_RIGHT, "", "l", 2, COMMAND, "01 ", 2, "h"},
    {TUI_DO_LEFT, "l", "h", 2, COMMAND, "sleep 2001", 2, ""},
    {TUI_DO_BOTTOM, "", "G", 10, COMMAND, "sleep 2030", 10, "gg"},
    {TUI_DO_TOP, "G", "gg", 2, COMMAND, "sleep 2001", 2, ""},
    {TUI_DO_PAGE_DOWN, "", CTRL_D, 10, COMMAND, "sleep 2010", 10, "gg"},
    {TUI_DO_PAGE_UP, "G", CTRL_U, 2, COMMAND, "sleep 2021", 2, "gg"},
    {TUI_DO_SIGNAL, "", "X", 1, 1, "Send signal", 0, PTY_ESC},
};

static const enum tui_action actions[] = {
#define TUI_VIM(ID, key) TUI_DO_##ID,
#include "tui/vim.def"
#undef TUI_VIM
};

static bool is_there(struct pty *p, const struct expected *e)
{
	struct screen *s = pty_screen(p);

	return screen_at(s, e->row, e->col, e->text) &&
	       (e->selected == 0 || screen_cell(s, e->selected, 60)->bg == 74);
}

/* Waits until it is there, or is not. */
static bool becomes(struct pty *p, const struct expected *e, bool there)
{
	for (int i = 0; i < 200 && is_there(p, e) != there; i++)
		pty_quiet(p, 20, 100);
	return is_there(p, e) == there;
}

static void press(struct pty *p, const struct expected *e)
{
	pty_send(p, e->before);
	pty_quiet(p, 60, WAIT);
	tap_ok(becomes(p, e, false), "not yet: '%s'", e->text);
	pty_send(p, e->key);
	if (!tap_ok(
		becomes(p, e, true), "'%s' at %d,%d", e->text, e->row, e->col))
		pty_dump(p);
	pty_send(p, e->after);
	pty_quiet(p, 60, WAIT);
	if (e->after[0] != '\0') /* Esc and the next key are not one, Alt's */
		tap_ok(becomes(p, e, false), "gone: '%s'", e->text);
}

static void test_all(struct pty *p)
{
	size_t n = sizeof(expected) / sizeof(expected[0]);

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		size_t k = 0;

		while (k < n && expected[k].action != actions[i])
			k++;
		if (tap_ok(k < n, "action %d has a row", (int)actions[i]))
			press(p, &expected[k]);
	}
}

int main(void)
{
	const char *const argv[] = {"./aurora", "top", "--no-history", "--keys",
	    "vim", "--layout", "one", "--columns",
	    "pid,nice,state,cpu,memory,time,command", "-s", "command", "-p",
	    list, NULL};
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p;

	if (!tap_samples())
		return tap_done();
	sleepers_start(pid, N, 2001, list, sizeof(list));
	p = pty_start(12, 100, argv, env);
	if (p == NULL)
		exit(99);
	tap_ok(pty_wait_text(p, 10, COMMAND, "sleep 2009", WAIT), "it appears");
	test_all(p);
	pty_send(p, "Q");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "Q quits");
	pty_free(p);
	sleepers_end(pid, N);
	return tap_done();
}
