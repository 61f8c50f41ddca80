/* SPDX-License-Identifier: MIT */
/*
 * farm SLEEPERS LOOPS: a load of known shape. SLEEPERS processes that do
 * nothing, LOOPS shells that start `sleep 1` again and again. Prints "ready"
 * when all run; ends them, by pid, when its stdin closes or at SIGTERM, and
 * they end with it whatever happens.
 */
#include "base/scan.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void sleeper(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	close(0);
	close(1);
	for (;;)
		pause();
}

static void loop(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	setpgid(0, 0);
	execl("/bin/sh", "sh", "-c", "while :; do sleep 1; done", (char *)NULL);
	_exit(127);
}

static pid_t start(void (*body)(pid_t))
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		body(parent);
	return pid;
}

static uint64_t number(const char *s)
{
	uint64_t v = 0;

	if (s == NULL || aur_scan_u64(aur_slice_str(s), &v) < 0 || v > 20000) {
		fprintf(stderr, "usage: farm SLEEPERS LOOPS\n");
		exit(2);
	}
	return v;
}

int main(int argc, char **argv)
{
	size_t sleepers = number(argc > 1 ? argv[1] : NULL);
	size_t loops = number(argc > 2 ? argv[2] : "0");
	pid_t *pid = calloc(sleepers + loops + 1, sizeof(*pid));
	size_t n = 0;
	char byte;

	if (pid == NULL)
		return 1;
	while (n < sleepers + loops) {
		pid[n] = start(n < sleepers ? sleeper : loop);
		if (pid[n] < 0) {
			perror("fork");
			break;
		}
		n++;
		/* the loops' seconds are spread, as in life */
		if (n > sleepers)
			usleep(900000 / (useconds_t)(loops + 1));
	}
	printf("ready\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	for (size_t i = 0; i < n; i++) {
		if (i >= sleepers)
			kill(-pid[i], SIGKILL);
		kill(pid[i], SIGKILL);
	}
	for (size_t i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
	free(pid);
	return 0;
}
