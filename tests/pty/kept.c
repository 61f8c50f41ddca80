/* SPDX-License-Identifier: MIT */
/*
 * `aurora top` over a history that was made (tests/harness/makehistory): this
 * machine was a small one for a quarter of an hour, with a minute of a busy
 * process in it that was killed for memory, though nothing ran that would know.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT 20000
#define LAST 23
#define DOT "\xc2\xb7"

static char home[] = "/tmp/aurora-kept-XXXXXX", data[64], config[64];
static long long spike;

static int run(const char *const argv[])
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* In `in`, so many seconds from `from` on. */
static bool make(const char *in, long long from, const char *seconds)
{
	char folder[128], first[24], at[24];
	const char *const argv[] = {"./tests/harness/makehistory", folder,
	    "local", "local", first, seconds, at, NULL};

	spike = from + 600;
	snprintf(data, sizeof(data), "XDG_DATA_HOME=%s", in);
	snprintf(folder, sizeof(folder), "%s/aurora/history/local", in);
	snprintf(first, sizeof(first), "%lld", from);
	snprintf(at, sizeof(at), "%lld", spike);
	return tap_eq_int(run(argv), 0, "a history is made");
}

static bool begin(void)
{
	if (mkdtemp(home) == NULL)
		return false;
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s/none", home);
	return make(home, (long long)time(NULL) - 1500, "1200");
}

static struct pty *start(const char *option, const char *value)
{
	const char *const argv[] = {
	    "./aurora", "top", "--utc", option, value, NULL};
	const char *const env[] = {data, config, NULL};
	struct pty *p = pty_start(24, 100, argv, env);

	if (p == NULL)
		exit(99);
	return p;
}

static void quits(struct pty *p)
{
	pty_send(p, "Q");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "it ends");
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

/* From live to what killed it, and who it was. */
static void test_night(void)
{
	const char *const log[] = {"sh", "-c",
	    "test -e \"$0/aurora/history/local/looked\" || exit 2;"
	    "find \"$0\" -name '*W*-wal' -size +0 | grep -q .",
	    home, NULL};
	struct pty *p = start(NULL, NULL);

	tap_ok(pty_wait_any(p, "every 1s", WAIT), "it begins live");
	pty_send(p, "{");
	tap_ok(pty_wait_text(p, LAST, 1,
		   "local: out of memory: spike (900) was killed", WAIT),
	    "{ what happened");
	tap_ok(pty_wait_any(p, "min ago " DOT " Esc live", WAIT), "and when");
	tap_ok(pty_wait_any(p, "spike --password", WAIT), "who it was");
	tap_ok(pty_wait_any(p, "95.0%", WAIT), "the CPUs of then");
	pty_send(p, "2");
	tap_ok(pty_wait_any(p, "Fake CPU 3000  4 CPUs", WAIT), "the host");
	pty_send(p, "6");
	tap_ok(pty_wait_text(p, 2, 18, "local", WAIT), "events");
	tap_ok(pty_wait_text(p, 2, 25, "oom_kill", WAIT), "it is one of them");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_gone(p, "PAST", WAIT), "Esc: live");
	/* by now it records, and has had a sample */
	nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 500000000}, NULL);
	quits(p);
	tap_eq_int(run(log), 1, "a week is one file again");
}

static void test_at(void)
{
	char at[32];
	struct pty *p;

	snprintf(at, sizeof(at), "@%lld", spike + 30);
	p = start("--at", at);
	tap_ok(pty_wait_any(p, "PAST", WAIT), "--at begins in the past");
	tap_ok(pty_wait_any(p, "spike --password", WAIT), "with who was busy");
	pty_send(p, "b");
	tap_ok(pty_wait_text(p, LAST, 0, "Go to a time:", WAIT), "b");
	snprintf(at, sizeof(at), "@%lld\r", spike - 30);
	pty_send(p, at);
	tap_ok(pty_wait_gone(p, "spike", WAIT), "a minute before it was not");
	tap_ok(pty_wait_any(p, "50.0%", WAIT), "and it was calm");
	pty_send(p, "b@1000000000\r");
	tap_ok(pty_wait_any(p, "nothing is kept of 2001-09-09", WAIT),
	    "what was never kept");
	quits(p);
}

/* The graph of a fresh run reaches back, and tells who it was. */
static void test_graph(void)
{
	struct pty *p = start("--screen", "host");
	int row, col;

	tap_ok(pty_wait_any(p, "Memory", WAIT), "the host, live");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, "CPU busy", WAIT), "its graph");
	for (int i = 0; i < 4; i++) {
		pty_send(p, "-");
		pty_quiet(p, 100, WAIT);
	}
	tap_ok(pty_wait_any(p, "1 h", WAIT), "of an hour");
	for (int i = 0;
	     i < 60 && !screen_find(pty_screen(p), "spike 900", &row, &col);
	     i++) {
		pty_send(p, PTY_LEFT);
		pty_quiet(p, 250, 2000);
	}
	tap_ok(
	    pty_wait_any(p, "spike 900", WAIT), "the cursor finds who it was");
	pty_send(p, PTY_ENTER);
	tap_ok(pty_wait_any(p, "PAST", WAIT), "Enter goes there");
	tap_ok(pty_wait_any(p, "spike --password", WAIT), "and lists them");
	quits(p);
}

/* A limit that means nothing is said, and is not obeyed. */
static void test_limit(void)
{
	const char *const make[] = {"sh", "-c",
	    "mkdir -p \"$0/none/aurora\" && echo '{\"history_bytes\": 5}' "
	    ">\"$0/none/aurora/config.json\"",
	    home, NULL};
	struct pty *p;

	if (!tap_eq_int(run(make), 0, "a limit of five bytes"))
		return;
	p = start("--interval", "1");
	tap_ok(
	    pty_wait_any(p, "config.json: history_bytes", WAIT), "is no limit");
	quits(p);
}

/* The tile of a host begins with what was kept of its last minute: it was
 * half busy. So much of it takes longer than this waits to come by itself. */
static void test_fleet(void)
{
	struct pty *p;
	char in[64], half[64] = "";

	snprintf(in, sizeof(in), "%s/fleet", home);
	if (!make(in, (long long)time(NULL) - 80, "100"))
		return;
	for (int i = 0; i < 14; i++)
		memcpy(half + i * 3, "\xe2\xa3\xbf", 3); /* all dots */
	p = start("local", "nobody@127.0.0.1:1");
	tap_ok(pty_wait_any(p, half, WAIT), "a row has its minute at once");
	quits(p);
}

static void end(void)
{
	const char *const rm[] = {"rm", "-rf", home, NULL};

	tap_eq_int(run(rm), 0, "no file is left");
}

int main(void)
{
	if (!tap_samples())
		return tap_done();
	if (!begin())
		return 99;
	test_night();
	test_at();
	test_graph();
	test_limit();
	test_fleet();
	end();
	return tap_done();
}
