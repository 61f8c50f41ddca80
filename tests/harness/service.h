/* SPDX-License-Identifier: MIT */
/*
 * The real service in a folder of its own: settings, a start, an end, a log.
 *
 *	if (service_begin()) {                  or nothing to test: said
 *		pid = spawn_service();
 *		tap_eq_int(end_service(pid, SIGTERM), 0, "it ends");
 *		service_end();
 *	}
 *	return tap_done();
 */
#ifndef TESTS_HARNESS_SERVICE_H
#define TESTS_HARNESS_SERVICE_H

#include "agentd/place.h"
#include "base/clock.h"
#include "tests/harness/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_S 30

static char folder[64]; /* of its socket, its settings and its log */
static char config[96]; /* agentd.json */
static char program[1024];
static char log_path[96];

static inline bool late(struct aur_mono since)
{
	return aur_mono_since(aur_clock_mono(), since).ns >
	       PATIENCE_S * AUR_SECOND_NS;
}

static inline void nap(void)
{
	poll(NULL, 0, 20);
}

static inline void settings(const char *text)
{
	FILE *f = fopen(config, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		tap_ok(false, "settings can be written");
}

/* Starts it; stderr goes to the log. */
static inline pid_t spawn_service(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);

		/* a test that is killed leaves nobody behind */
		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
		    dup2(fd, STDERR_FILENO) < 0 ||
		    prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
			_exit(126);
		execl(
		    program, "aurora-agentd", "--config", config, (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* Its exit status, -N for signal N; -1000 when it does not end. */
static inline int await_end(pid_t pid)
{
	struct aur_mono since = aur_clock_mono();
	int status;

	while (!late(since)) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : -WTERMSIG(status);
		nap();
	}
	return -1000;
}

static inline int end_service(pid_t pid, int number)
{
	if (pid <= 0)
		return -1000;
	kill(pid, number);
	return await_end(pid);
}

/* A folder whose path is short enough for a socket, for everybody. */
static inline bool service__folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/aurora-service-XXXXXX");
	if (mkdtemp(folder) == NULL || chmod(folder, 0755) < 0)
		return false;
	snprintf(config, sizeof(config), "%s/agentd.json", folder);
	snprintf(log_path, sizeof(log_path), "%s/log", folder);
	setenv("RUNTIME_DIRECTORY", folder, 1);
	/* a test that records, or has a bus, says where */
	setenv("STATE_DIRECTORY", "/dev/null/none", 1);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/dev/null/none", 1);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("JOURNAL_STREAM");
	settings("{}");
	return true;
}

/* What a service kept whose STATE_DIRECTORY is the folder. */
static inline void service_remove_spool(void)
{
	char spool[128], path[512];
	const struct dirent *e;
	DIR *d;

	snprintf(spool, sizeof(spool), "%s/spool", folder);
	d = opendir(spool);
	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", spool, e->d_name);
		if (e->d_name[0] != '.')
			unlink(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(spool);
}

static inline void service_end(void)
{
	static const char *const names[] = {
	    "agentd.json", "log", PLACE_SOCKET, PLACE_LOCK};
	char path[160];

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

/* Looks for the program and makes its folder; false, and said, without one. */
static inline bool service_begin(void)
{
	const char *build = getenv("AUR_BUILDDIR");

	signal(SIGPIPE, SIG_IGN);
	snprintf(program, sizeof(program), "%s/aurora-agentd",
	    build != NULL ? build : ".");
	if (access(program, X_OK) < 0) {
		tap_skip("aurora-agentd is not built");
		return false;
	}
	return tap_samples() &&
	       tap_ok(service__folder(), "a folder for the service");
}

#endif
