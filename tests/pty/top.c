/* SPDX-License-Identifier: MIT */
/*
 * `aurora top` itself, on this machine, in a pseudo-terminal. What it shows
 * is whatever is running; what the keys do is not.
 */
#include "tests/harness/pty.h"
#include "tests/harness/sleeper.h"
#include "tests/harness/tap.h"

#define WAIT 20000

static struct pty *start(int rows, int cols, const char *const more[])
{
	const char *argv[13] = {"./aurora", "top", "--no-history"};
	/* no settings of whoever runs this */
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p;

	for (int i = 0; i < 9 && more != NULL && more[i] != NULL; i++)
		argv[3 + i] = more[i];
	p = pty_start(rows, cols, argv, env);
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

static void test_keys(void)
{
	struct pty *p = start(24, 100, NULL);

	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "it appears");
	tap_ok(pty_wait_any(p, "aurora", WAIT), "with its title");
	tap_ok(pty_wait_any(p, " up", WAIT), "and samples come");
	pty_send(p, PTY_F1);
	tap_ok(pty_wait_any(p, "this help", WAIT), "F1: help");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_gone(p, "this help", WAIT), "a lone Esc closes it");
	pty_send(p, "2");
	tap_ok(pty_wait_any(p, "Filesystems", WAIT), "2: the host");
	pty_send(p, "q");
	tap_ok(pty_wait_any(p, "F9Kill", WAIT), "q: back");
	pty_send(p, "3");
	tap_ok(pty_wait_gone(p, "LOAD", WAIT), "3: the list alone");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_any(p, "LOAD", WAIT), "Esc: back");
	pty_send(p, PTY_F6);
	tap_ok(pty_wait_any(p, "Sort by:", WAIT), "F6: sort menu");
	pty_send(p, PTY_HOME PTY_ENTER);
	tap_ok(pty_wait_gone(p, "Sort by:", WAIT), "chosen");
	tap_ok(pty_wait_text(p, 8, 0, "      1 ", WAIT) ||
		   pty_wait_any(p, "      1 root", WAIT),
	    "by pid: 1 comes first");
	pty_send(p, "\033k\033q");
	tap_ok(pty_quiet(p, 300, WAIT), "Alt-keys are read");
	tap_ok(!screen_find(pty_screen(p), "Send signal", NULL, NULL),
	    "and are no commands");
	pty_send(p, "\033[200~kqQ\033[201~");
	tap_ok(pty_quiet(p, 300, WAIT), "a paste is read");
	tap_ok(!screen_find(pty_screen(p), "Send signal", NULL, NULL),
	    "and is no command");
	pty_send(p, PTY_F4 "nosuchprocess");
	tap_ok(pty_wait_any(p, "no process passes", WAIT), "F4 filters");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_gone(p, "no process passes", WAIT), "Esc undoes it");
	pty_resize(p, 40, 120);
	tap_ok(pty_wait_text(p, 39, 0, "F1Help", WAIT), "larger");
	pty_resize(p, 12, 40);
	tap_ok(pty_wait_text(p, 11, 0, "F1Help", WAIT), "as small as may be");
	pty_resize(p, 8, 30);
	tap_ok(pty_wait_any(p, "too small", WAIT), "smaller: it says so");
	pty_resize(p, 24, 100);
	tap_ok(pty_wait_text(p, 23, 0, "F1Help", WAIT), "and back");
	quits(p, "Q", "Q quits");
}

static bool alive(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) == 0;
}

static void test_signal(void)
{
	pid_t child = sleeper_start(1000);
	char number[16], want[32];
	struct pty *p;
	int status = 0;

	snprintf(number, sizeof(number), "%d", (int)child);
	snprintf(want, sizeof(want), "%d sleep", (int)child);
	p = start(24, 100, (const char *const[]){"-p", number, NULL});
	tap_ok(pty_wait_any(p, "sleep 1000", WAIT), "only the child");
	pty_send(p, "k");
	tap_ok(pty_wait_any(p, "Send signal", WAIT), "k: which signal");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, want, WAIT), "whom, by pid and name");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, "nothing was sent", WAIT), "Enter means no");
	tap_ok(alive(child), "and it lives");
	pty_send(p, PTY_F9);
	tap_ok(pty_wait_any(p, "Send signal", WAIT), "again");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, "any other key", WAIT), "the question");
	pty_send(p, "y");
	tap_ok(pty_wait_any(p, "done", WAIT), "y: done");
	waitpid(child, &status, 0);
	tap_ok(
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "by SIGTERM");
	quits(p, "q", "q quits");
}

static void test_endings(void)
{
	static const struct {
		int number, status;
		const char *text;
	} ending[] = {
	    {SIGTERM, 128 + SIGTERM, "SIGTERM"},
	    {SIGINT, 128 + SIGINT, "SIGINT"},
	    {SIGHUP, 128 + SIGHUP, "SIGHUP"},
	    {SIGSEGV, 128 + SIGSEGV, "a crash"},
	};
	struct pty *p;

	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		p = start(24, 80, NULL);
		tap_ok(pty_wait_any(p, "COMMAND", WAIT), "started");
		kill(pty_pid(p), ending[i].number);
		tap_eq_int(
		    pty_wait_exit(p, WAIT), ending[i].status, ending[i].text);
		tap_eq_str(pty_unrestored(p), "", "the terminal is restored");
		pty_free(p);
	}
	p = start(24, 80, NULL);
	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "started");
	pty_hangup(p);
	tap_ok(pty_wait_exit(p, WAIT) > 0, "without a terminal it leaves");
	pty_free(p);
}

/* A stop needs a shell that minds jobs: without one the kernel would drop it,
 * as nobody could let the program go on. */
static void test_stop(void)
{
	const char *argv[] = {"sh", "-c",
	    "set -m; ./aurora top; echo STOPPED; read x; fg; exit", NULL};
	struct pty *p = pty_start(24, 80, argv, NULL);

	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "started by a shell");
	pty_send(p, PTY_CTRL('z'));
	tap_ok(pty_wait_any(p, "STOPPED", WAIT), "Ctrl-Z stops");
	tap_ok(!screen_modes(pty_screen(p)).alternate,
	    "the terminal is given back");
	pty_send(p, "\r");
	tap_ok(pty_wait_any(p, "F1Help", WAIT), "and taken again");
	quits(p, PTY_CTRL('c'), "Ctrl-C quits");
}

static void test_terminals(void)
{
	const char *argv[] = {"./aurora", "top", "--no-history", NULL};
	struct pty *p = pty_start(
	    24, 80, argv, (const char *const[]){"TERM=nosuchterminal", NULL});

	tap_eq_int(pty_wait_exit(p, WAIT), 1, "an unknown TERM");
	tap_ok(screen_find(pty_screen(p), "terminfo", NULL, NULL),
	    "is told, with what to do");
	pty_free(p);
	p = pty_start(24, 80, argv, (const char *const[]){"TERM=dumb", NULL});
	tap_ok(pty_wait_any(p, "memory", WAIT), "a dumb one gets lines");
	pty_send(p, "q\r");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "q and Enter end it");
	pty_free(p);
	p = pty_start(24, 80, argv,
	    (const char *const[]){"LC_ALL=C", "NO_COLOR=1", NULL});
	tap_ok(pty_wait_any(p, "COMMAND", WAIT), "no UTF-8, no colours");
	tap_ok(pty_quiet(p, 100, 500) || true, "a moment");
	quits(p, PTY_F10, "F10 quits");
}

int main(void)
{
	if (!tap_samples())
		return tap_done();
	test_keys();
	test_signal();
	test_endings();
	test_stop();
	test_terminals();
	return tap_done();
}
