/* SPDX-License-Identifier: MIT */
/* Threads of a program of ours, on the screen of `aurora top`. */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define WAIT 20000

static void *idle(void *arg)
{
	int fd = *(int *)arg;
	char c;

	prctl(PR_SET_NAME, "aurora-thread");
	return read(fd, &c, 1) < 0 ? arg : NULL;
}

int main(void)
{
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	char pid[24];
	const char *argv[] = {
	    "./aurora", "top", "--no-history", "-p", pid, NULL};
	pthread_t thread;
	struct pty *p;
	int fd[2];

	if (!tap_samples())
		return tap_done();
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	if (pipe(fd) != 0 || pthread_create(&thread, NULL, idle, &fd[0]) != 0)
		exit(1);
	p = pty_start(60, 250, argv, env);
	if (p == NULL)
		exit(1);
	tap_ok(pty_wait_any(p, pid, WAIT), "the process");
	tap_ok(!screen_find(pty_screen(p), "{aurora-thread}", NULL, NULL),
	    "without its threads");
	pty_send(p, "H");
	tap_ok(pty_wait_any(p, "{aurora-thread}", WAIT), "H shows them");
	tap_ok(pty_wait_any(p, " 1 threads", WAIT), "how many");
	pty_send(p, "t");
	tap_ok(
	    pty_wait_any(p, "\xe2\x94\x94\xe2\x94\x80 {aurora-thread}", WAIT),
	    "t: below the process");
	if (write(fd[1], "x", 1) != 1)
		exit(1);
	tap_ok(pty_wait_gone(p, "{aurora-thread}", WAIT), "one that ends goes");
	pty_send(p, "HQ");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "Q quits");
	pty_free(p);
	pthread_join(thread, NULL);
	return tap_done();
}
