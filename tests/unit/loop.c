/* SPDX-License-Identifier: MIT */
/* lib/loop: order of events, freeing inside callbacks, children's ends. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/mem.h"
#include "loop/loop.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
	struct aur_loop *loop;
	struct aur_timer *timer, *guard;
	struct aur_watch *watch;
	struct aur_child *child;
	struct aur_foreground *foreground;
	int fired, wait_status;
	struct aur_mono due;
	bool early;
	char text[64];
	size_t ntext;
};

static void on_guard(void *arg)
{
	struct state *s = arg;

	tap_ok(false, "a guard of 10 s was not needed");
	aur_loop_stop(s->loop);
}

static void setup(struct state *s)
{
	*s = (struct state){0};
	if (aur_loop_new(&s->loop) < 0 ||
	    aur_timer_new(s->loop, on_guard, s, &s->guard) < 0)
		_exit(99);
	aur_timer_start(s->guard, aur_span_seconds(10));
}

static void teardown(struct state *s)
{
	aur_timer_free(s->guard);
	aur_loop_free(s->loop);
}

static void on_timer(void *arg)
{
	struct state *s = arg;

	if (++s->fired < 3) {
		aur_timer_start(s->timer, aur_span_ms(1));
		return;
	}
	aur_timer_free(s->timer);
	s->timer = NULL;
	aur_loop_stop(s->loop);
}

/* Works for a while, and then wants to be called later. */
static void on_worked(void *arg)
{
	struct state *s = arg;
	struct aur_mono now = aur_clock_mono(), until;

	if (s->fired++ == 1) {
		s->early = aur_mono_since(now, s->due).ns < 0;
		aur_loop_stop(s->loop);
		return;
	}
	until = aur_mono_add(now, aur_span_ms(30));
	while (aur_mono_since(until, aur_clock_mono()).ns > 0)
		continue;
	s->due = aur_mono_add(aur_clock_mono(), aur_span_ms(40));
	aur_timer_start(s->timer, aur_span_ms(40));
}

/* A timer counts from when it is started, however long its callback has been
 * at work by then: samples are taken at seconds, and not before. */
static void test_timer_worked(void)
{
	struct state s;

	setup(&s);
	tap_eq_int(aur_timer_new(s.loop, on_worked, &s, &s.timer), 0, "timer");
	aur_timer_start(s.timer, aur_span_ms(0));
	tap_eq_int(aur_loop_run(s.loop), 0, "it fires");
	tap_ok(!s.early, "and not before its time");
	aur_timer_free(s.timer);
	teardown(&s);
}

static void test_timer(void)
{
	struct state s;

	setup(&s);
	tap_eq_int(aur_timer_new(s.loop, on_timer, &s, &s.timer), 0, "timer");
	aur_timer_start(s.timer, aur_span_ms(0));
	tap_eq_int(aur_loop_run(s.loop), 0, "the loop ends well");
	tap_eq_int(s.fired, 3, "once per start");
	aur_loop_stop(s.loop);
	tap_eq_int(aur_loop_run(s.loop), 0, "a stop before the run holds");
	teardown(&s);
}

static void on_pipe(void *arg, unsigned ready)
{
	struct state *s = arg;

	s->fired = (int)ready;
	aur_watch_free(s->watch);
	s->watch = NULL;
	aur_loop_stop(s->loop);
}

static void test_watch(void)
{
	struct state s;
	int fd[2];

	setup(&s);
	if (pipe(fd) < 0)
		_exit(99);
	tap_eq_int(aur_watch_new(s.loop, fd[0], 0, on_pipe, &s, &s.watch), 0,
	    "a watch for nothing");
	tap_eq_int(aur_watch_set(s.watch, AUR_LOOP_READ), 0, "then for input");
	tap_eq_int(write(fd[1], "x", 1), 1, "a byte");
	tap_eq_int(aur_loop_run(s.loop), 0, "it wakes the loop");
	tap_eq_int(s.fired, AUR_LOOP_READ, "readable, freed in its callback");
	close(fd[0]);
	close(fd[1]);
	teardown(&s);
}

static void on_signal(void *arg)
{
	struct state *s = arg;

	s->fired++;
	aur_loop_stop(s->loop);
}

static void test_signal(void)
{
	struct aur_signal *sig;
	struct state s;

	setup(&s);
	tap_eq_int(aur_signal_new(s.loop, SIGUSR1, on_signal, &s, &sig), 0,
	    "a signal");
	raise(SIGUSR1);
	tap_eq_int(aur_loop_run(s.loop), 0, "it wakes the loop");
	tap_eq_int(s.fired, 1, "once");
	aur_signal_free(sig);
	teardown(&s);
}

static void on_ended(void *arg)
{
	struct state *s = arg;

	s->wait_status = aur_child_status(s->child);
	aur_child_free(s->child);
	s->child = NULL;
	aur_loop_stop(s->loop);
}

static void on_output(void *arg, unsigned ready)
{
	struct state *s = arg;
	ssize_t n = read(aur_child_fd(s->child), s->text + s->ntext,
	    sizeof s->text - 1 - s->ntext);

	(void)ready;
	if (n > 0) {
		s->ntext += (size_t)n;
		return;
	}
	aur_watch_free(s->watch);
	s->watch = NULL;
}

static int start_child(struct state *s, const char *path, char *const argv[])
{
	static const char *const env[] = {"GIVEN=there", NULL};
	struct aur_program program = {path, argv, env};

	return aur_child_new(s->loop, &program, on_ended, s, &s->child);
}

static void test_child(void)
{
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"read a; echo got $a $GIVEN; exit 7", NULL};
	struct state s;
	int fd;

	setup(&s);
	tap_eq_int(start_child(&s, "/bin/sh", argv), 0, "a child");
	tap_eq_int(aur_child_status(s.child), -1, "it runs");
	tap_ok(aur_child_pid(s.child) > 1, "and has a pid");
	fd = aur_child_fd(s.child);
	tap_eq_int(
	    aur_watch_new(s.loop, fd, AUR_LOOP_READ, on_output, &s, &s.watch),
	    0, "its output is watched");
	tap_eq_int(write(fd, "hello\n", 6), 6, "it is told something");
	tap_eq_int(aur_loop_run(s.loop), 0, "until it ends");
	tap_eq_int(WEXITSTATUS(s.wait_status), 7, "with its own status");
	tap_eq_str(s.text, "got hello there\n", "having answered");
	aur_watch_free(s.watch);
	teardown(&s);
}

static void test_child_absent(void)
{
	char *argv[] = {(char *)"none", NULL};
	struct state s;

	setup(&s);
	tap_eq_int(start_child(&s, "/nonexistent/none", argv), AUR_EABSENT,
	    "no such program");
	teardown(&s);
}

static void on_foreground_ended(void *arg)
{
	struct state *s = arg;

	s->wait_status = aur_foreground_status(s->foreground);
	aur_foreground_free(s->foreground);
	s->foreground = NULL;
	aur_loop_stop(s->loop);
}

/* In our group, with our output; ended by a hangup when it is given up. */
static void test_foreground(void)
{
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"echo '# from the foreground'; ps -o pgid= -p $$ | "
		    "tr -d ' ' | grep -qx \"$0\" && exit 7",
	    NULL, NULL};
	char *sleeps[] = {
	    (char *)"sh", (char *)"-c", (char *)"exec sleep 1000", NULL};
	char *none[] = {(char *)"none", NULL};
	char group[16];
	struct state s;

	snprintf(group, sizeof group, "%d", (int)getpgrp());
	argv[3] = group;
	fflush(stdout);
	setup(&s);
	tap_eq_int(aur_foreground_new(s.loop, "/bin/sh", argv,
		       on_foreground_ended, &s, &s.foreground),
	    0, "a program in the foreground");
	tap_eq_int(aur_loop_run(s.loop), 0, "until it ends");
	tap_eq_int(
	    WEXITSTATUS(s.wait_status), 7, "in our group, with its status");
	tap_eq_int(aur_foreground_new(s.loop, "/nonexistent/none", none, NULL,
		       NULL, &s.foreground),
	    AUR_EABSENT, "no such program");
	tap_eq_int(aur_foreground_new(
		       s.loop, "/bin/sh", sleeps, NULL, NULL, &s.foreground),
	    0, "one that sleeps");
	aur_foreground_free(s.foreground);
	tap_ok(waitpid(-1, NULL, WNOHANG) < 0, "is gone when it is freed");
	teardown(&s);
}

/* Deaf to SIGTERM, with a child of its own: both must be gone. */
static void test_child_stubborn(void)
{
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"trap '' TERM; sleep 100 & echo $!; while :; do sleep 1; "
		    "done",
	    NULL};
	struct state s;
	uint64_t inner = 0;
	pid_t pid;

	setup(&s);
	tap_eq_int(start_child(&s, "/bin/sh", argv), 0, "a stubborn child");
	for (int i = 0; i < 1000 && memchr(s.text, '\n', s.ntext) == NULL;
	     i++) {
		ssize_t n = read(aur_child_fd(s.child), s.text + s.ntext,
		    sizeof s.text - 1 - s.ntext);

		if (n > 0)
			s.ntext += (size_t)n;
		else
			usleep(10000);
	}
	for (size_t i = 0; s.text[i] >= '0' && s.text[i] <= '9'; i++)
		inner = inner * 10 + (uint64_t)(s.text[i] - '0');
	pid = (pid_t)aur_child_pid(s.child);
	aur_child_free(s.child);
	tap_ok(kill(pid, 0) < 0, "is gone and reaped");
	for (int i = 0; i < 500 && kill((pid_t)inner, 0) == 0; i++) {
		char path[64], state = 'Z';
		FILE *f;

		snprintf(path, sizeof path, "/proc/%u/stat", (unsigned)inner);
		f = fopen(path, "r");
		if (f != NULL) {
			char line[128] = "";
			char *p = fgets(line, sizeof line, f) != NULL
				      ? strchr(line, ')')
				      : NULL;

			state = p != NULL ? p[2] : 'Z';
			fclose(f);
		}
		if (state == 'Z') {
			inner = 0;
			break;
		}
		usleep(10000);
	}
	tap_ok(inner == 0 || kill((pid_t)inner, 0) < 0,
	    "and so is what it had started");
	teardown(&s);
}

static int told;

static void on_said(int severity, const char *line)
{
	told = line[0] != '\0' && aur_loop_level(severity) == AUR_LOG_WARN;
}

/* The kernel refuses to watch a descriptor that is none. */
static void test_said(void)
{
	struct aur_watch *w = NULL;
	struct state s;
	int fd = dup(0);

	setup(&s);
	close(fd);
	tap_eq_int(aur_watch_new(s.loop, fd, AUR_LOOP_READ, on_pipe, &s, &w),
	    AUR_EIO, "a descriptor that is none");
	tap_eq_int(told, 0, "is no news");
	teardown(&s);
	if (aur_loop_new_saying(on_said, &s.loop) < 0)
		_exit(99);
	tap_eq_int(aur_watch_new(s.loop, fd, AUR_LOOP_READ, on_pipe, &s, &w),
	    AUR_EIO, "nor one here");
	tap_eq_int(told, 1, "but it is said, as a warning");
	aur_loop_free(s.loop);
}

static int fail_nth(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

static void test_memory(void)
{
	unsigned long n;
	int rc = AUR_ENOMEM;

	for (n = 1; n < 20 && rc != 0; n++) {
		struct aur_loop *l = NULL;
		struct aur_timer *t = NULL;

		aur_mem_set_fail(fail_nth, &n);
		rc = aur_loop_new(&l);
		if (rc == 0)
			rc = aur_timer_new(l, on_guard, NULL, &t);
		aur_mem_set_fail(NULL, NULL);
		aur_timer_free(t);
		aur_loop_free(l);
	}
	tap_ok(rc == 0 && n > 2, "every allocation may fail (%lu)", n);
}

int main(void)
{
	test_timer();
	test_timer_worked();
	test_watch();
	test_signal();
	test_child();
	test_child_absent();
	test_foreground();
	test_child_stubborn();
	test_said();
	test_memory();
	return tap_done();
}
