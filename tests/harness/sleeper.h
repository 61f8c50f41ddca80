/* SPDX-License-Identifier: MIT */
/*
 * Processes to look at, which sleep and end with the test. Each has become
 * `sleep` when its start returns: until then it is called as the test is, and
 * stands elsewhere in a list.
 */
#ifndef TESTS_HARNESS_SLEEPER_H
#define TESTS_HARNESS_SLEEPER_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static inline pid_t sleeper_start(int seconds)
{
	char text[16], byte;
	int line[2];
	pid_t pid;

	snprintf(text, sizeof(text), "%d", seconds);
	if (pipe2(line, O_CLOEXEC) < 0)
		exit(99);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("sleep", "sleep", text, (char *)NULL);
		_exit(127);
	}
	close(line[1]);
	if (pid < 0 || read(line[0], &byte, 1) != 0)
		exit(99);
	close(line[0]);
	return pid;
}

/* `n` of them, for `first` seconds and one more each; their pids, as -p takes
 * them, are written to `list` of `size` bytes. */
static inline void sleepers_start(
    pid_t *pid, size_t n, int first, char *list, size_t size)
{
	list[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		size_t at = strlen(list);

		pid[i] = sleeper_start(first + (int)i);
		snprintf(list + at, size - at, "%s%ld", i > 0 ? "," : "",
		    (long)pid[i]);
	}
}

static inline void sleepers_end(const pid_t *pid, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
}

#endif
