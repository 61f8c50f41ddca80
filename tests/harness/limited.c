/* SPDX-License-Identifier: MIT */
/*
 * What every test of `make check` is run by:
 *
 *	limited COMMAND [ARG...]
 *
 * runs COMMAND as it stands, but for so long only: AUR_TEST_LIMIT seconds (600;
 * 7200 with AUR_LONG). What it prints goes to a file until then, so that a
 * process it left behind cannot hold the pipe to who reads the results. At the
 * limit, what each of its processes waits for is printed and they are killed:
 * a test that hangs is one failure with its cause, not a CI that never ends.
 * What a test leaves behind is killed and told, too. The exit status is the
 * command's; 99, TAP's and automake's error, at the limit.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { LIMIT = 600, LONG_LIMIT = 7200, MOST = 4096, ROUNDS = 20, ERROR = 99 };

static const struct timespec moment = {0, 20000000};

/* The digits that `text` begins with; 0 if there are none. */
static long number(const char *text)
{
	long n = 0;

	for (; *text >= '0' && *text <= '9' && n < 100000000; text++)
		n = n * 10 + (*text - '0');
	return n;
}

/* --- its processes -------------------------------------------------------- */

static pid_t parent_of(pid_t pid)
{
	char path[64], text[512], *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	at = strrchr(text, ')');
	return at != NULL && strlen(at) > 4 ? (pid_t)number(at + 4) : 0;
}

static bool descends(pid_t pid)
{
	int depth;

	for (depth = 0; depth < 64 && pid > 1; depth++) {
		pid = parent_of(pid);
		if (pid == getpid())
			return true;
	}
	return false;
}

/* Those who descend from this process: orphans come to it. */
static size_t descendants(pid_t *found)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	size_t n = 0;

	while (d != NULL && n < MOST && (e = readdir(d)) != NULL) {
		pid_t pid = (pid_t)number(e->d_name);

		if (pid > 1 && descends(pid))
			found[n++] = pid;
	}
	if (d != NULL)
		closedir(d);
	return n;
}

/* --- what is told of them ------------------------------------------------- */

static void show(pid_t pid, const char *name)
{
	char path[64], text[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	text[n] = '\0';
	printf("# %s: ", name);
	for (fd = 0; fd < n; fd++) {
		if (text[fd] == '\n' && fd + 1 < n)
			fputs("\n#   ", stdout);
		else if (text[fd] != '\n')
			putchar(text[fd] == '\0' ? ' ' : text[fd]);
	}
	putchar('\n');
}

/* Its threads' calls, where there is a debugger. */
static void debugger(pid_t pid)
{
	char command[256];

	snprintf(command, sizeof(command),
	    "command -v gdb >/dev/null && timeout -s KILL 60 gdb -q -batch "
	    "-iex 'set debuginfod enabled off' -p %ld "
	    "-ex 'thread apply all bt 12' </dev/null 2>&1 | "
	    "grep -E '^(#|Thread)' | sed 's/^/# /'",
	    (long)pid);
	fflush(stdout);
	if (system(command) != 0)
		printf("# no debugger\n");
}

static void tell(void)
{
	pid_t pid[MOST];
	size_t i, n = descendants(pid);

	for (i = 0; i < n; i++) {
		printf("# process %ld, child of %ld\n", (long)pid[i],
		    (long)parent_of(pid[i]));
		show(pid[i], "cmdline");
		show(pid[i], "wchan");
		show(pid[i], "syscall");
		debugger(pid[i]);
	}
	fflush(stdout);
}

/* Kills what is left of the test; how many there were at first. */
static size_t sweep(void)
{
	pid_t pid[MOST];
	size_t i, n, first = 0;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		while (waitpid(-1, NULL, WNOHANG) > 0) {
		}
		n = descendants(pid);
		if (n == 0)
			break;
		first = round == 0 ? n : first;
		for (i = 0; i < n; i++)
			kill(pid[i], SIGKILL);
		nanosleep(&moment, NULL);
	}
	return first;
}

/* --- the test ------------------------------------------------------------- */

static long limit_s(void)
{
	const char *set = getenv("AUR_TEST_LIMIT");

	if (set != NULL && number(set) > 0)
		return number(set);
	return getenv("AUR_LONG") != NULL ? LONG_LIMIT : LIMIT;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void relay(int from)
{
	char piece[1 << 16];
	ssize_t n;

	fflush(stdout);
	lseek(from, 0, SEEK_SET);
	while ((n = read(from, piece, sizeof(piece))) > 0)
		fwrite(piece, 1, (size_t)n, stdout);
	fflush(stdout);
}

static pid_t start(char **argv, int out)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execvp(argv[0], argv);
	fprintf(stderr, "limited: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Whether it ended in time; others that come to this process are reaped. */
static bool await(pid_t pid, int *status)
{
	double end = now() + (double)limit_s();
	pid_t one = 0;

	while (one != pid && now() < end) {
		one = waitpid(-1, status, WNOHANG);
		if (one <= 0)
			nanosleep(&moment, NULL);
	}
	return one == pid;
}

int main(int argc, char **argv)
{
	char name[] = "/tmp/aurora-test-XXXXXX";
	int out = mkostemp(name, O_CLOEXEC | O_APPEND), status = 0;
	bool ended;
	pid_t pid;
	size_t left;

	if (argc < 2 || out < 0) {
		fputs("usage: limited COMMAND [ARG...]\n", stderr);
		return ERROR;
	}
	unlink(name);
#ifdef __linux__
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
	pid = start(argv + 1, out);
	ended = pid > 0 && await(pid, &status);
	relay(out);
	if (!ended) {
		printf("Bail out! it did not end within %ld s\n", limit_s());
		tell();
	}
	left = sweep();
	if (ended && left > 0)
		printf("# left %zu processes behind\n", left);
	if (!ended)
		return ERROR;
	return WIFEXITED(status) ? WEXITSTATUS(status) : ERROR;
}
