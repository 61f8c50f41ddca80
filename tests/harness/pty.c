/* SPDX-License-Identifier: MIT */
/*
 * A child on a pseudo-terminal. The terminal's own end stays open here too:
 * its settings can be compared after the program has ended, and the kernel
 * does not throw away what the program wrote last.
 */
#include "tests/harness/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct pty {
	int master, slave;
	pid_t pid;
	bool ended, stopped;
	int status;
	struct termios before;
	struct screen *screen;
	uint64_t bytes;
	char names[320];
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void set_env(const char *const env[])
{
	char name[256];
	const char *is;

	for (; env != NULL && *env != NULL; env++) {
		is = strchr(*env, '=');
		snprintf(name, sizeof name, "%.*s",
		    is ? (int)(is - *env) : (int)strlen(*env), *env);
		if (is != NULL)
			setenv(name, is + 1, 1);
		else
			unsetenv(name);
	}
}

static _Noreturn void child(
    struct pty *p, const char *const argv[], const char *const env[])
{
	static const char *const usual[] = {"TERM=xterm-256color",
	    "LC_ALL=C.UTF-8", "COLUMNS", "LINES", "NO_COLOR", "COLORFGBG",
	    NULL};

	setsid();
	ioctl(p->slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(p->slave, fd);
	if (p->slave > 2)
		close(p->slave);
	close(p->master);
	set_env(usual);
	set_env(env);
	signal(SIGHUP, SIG_DFL); /* under nohup(1) it would stay ignored */
	/* execvp takes no const, for history's sake; it changes nothing */
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int open_slave(int master, char *name, size_t max)
{
	if (grantpt(master) != 0 || unlockpt(master) != 0 ||
	    ptsname_r(master, name, max) != 0)
		return -1;
	return open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void set_size(struct pty *p, int rows, int cols)
{
	struct winsize size = {
	    .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	ioctl(p->master, TIOCSWINSZ, &size);
}

struct pty *pty_start(
    int rows, int cols, const char *const argv[], const char *const env[])
{
	struct pty *p = calloc(1, sizeof *p);
	char name[64];

	if (p == NULL)
		return NULL;
	p->slave = -1;
	p->pid = -1;
	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->master >= 0)
		p->slave = open_slave(p->master, name, sizeof name);
	p->screen = screen_new(rows, cols);
	if (p->slave < 0 || p->screen == NULL ||
	    tcgetattr(p->slave, &p->before) != 0)
		goto out;
	set_size(p, rows, cols);
	fcntl(p->master, F_SETFL, O_NONBLOCK);
	fflush(NULL);
	p->pid = fork();
	if (p->pid == 0)
		child(p, argv, env);
	if (p->pid > 0)
		return p;
out:
	perror("pty_start");
	pty_free(p);
	return NULL;
}

static void reap(struct pty *p, int flags)
{
	int status;

	if (p->ended || p->pid <= 0)
		return;
	if (waitpid(p->pid, &status, flags | WUNTRACED | WCONTINUED) != p->pid)
		return;
	p->stopped = WIFSTOPPED(status);
	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		p->ended = true;
		p->status = WIFEXITED(status) ? WEXITSTATUS(status)
					      : 128 + WTERMSIG(status);
	}
}

void pty_free(struct pty *p)
{
	if (p == NULL)
		return;
	if (p->pid > 0 && !p->ended) {
		kill(p->pid, SIGKILL);
		while (!p->ended)
			reap(p, 0);
	}
	if (p->master >= 0)
		close(p->master);
	if (p->slave >= 0)
		close(p->slave);
	screen_free(p->screen);
	free(p);
}

struct screen *pty_screen(struct pty *p)
{
	return p->screen;
}

pid_t pty_pid(const struct pty *p)
{
	return p->pid;
}

uint64_t pty_bytes(const struct pty *p)
{
	return p->bytes;
}

/* Reads what is there within `ms`; whether anything came. */
static bool pump(struct pty *p, int64_t ms)
{
	struct pollfd fd = {.fd = p->master, .events = POLLIN};
	char buf[16384];
	ssize_t n;

	if (p->master < 0 || poll(&fd, 1, ms > 0 ? (int)ms : 0) <= 0)
		return false;
	n = read(p->master, buf, sizeof buf);
	if (n <= 0)
		return false;
	p->bytes += (uint64_t)n;
	screen_feed(p->screen, buf, (size_t)n);
	n = (ssize_t)screen_reply(p->screen, buf, sizeof buf);
	if (n > 0)
		pty_send_bytes(p, buf, (size_t)n);
	return true;
}

void pty_send_bytes(struct pty *p, const void *bytes, size_t n)
{
	const char *at = bytes;
	int64_t deadline = now_ms() + 5000;
	ssize_t done;

	while (n > 0 && p->master >= 0 && now_ms() < deadline) {
		done = write(p->master, at, n);
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (done <= 0) {
			pump(p, 10);
			continue;
		}
		at += done;
		n -= (size_t)done;
	}
}

void pty_send(struct pty *p, const char *keys)
{
	pty_send_bytes(p, keys, strlen(keys));
}

bool pty_quiet(struct pty *p, int quiet_ms, int deadline_ms)
{
	int64_t end = now_ms() + deadline_ms;

	while (now_ms() < end)
		if (!pump(p, quiet_ms))
			return true;
	return false;
}

/* What a wait waits for. */
struct wish {
	enum { WISH_AT, WISH_ANY, WISH_GONE } kind;
	const char *text;
	int row, col;
};

static bool fulfilled(struct pty *p, const struct wish *w)
{
	if (w->kind == WISH_AT)
		return screen_at(p->screen, w->row, w->col, w->text);
	return screen_find(p->screen, w->text, NULL, NULL) ==
	       (w->kind == WISH_ANY);
}

static bool await(struct pty *p, const struct wish *w, int deadline_ms)
{
	int64_t end = now_ms() + deadline_ms;

	while (now_ms() < end) {
		if (fulfilled(p, w))
			return true;
		if (pump(p, 20))
			continue;
		reap(p, WNOHANG);
		if (p->ended && !pump(p, 0))
			break;
	}
	if (fulfilled(p, w))
		return true;
	printf("# '%s' %s row %d column %d\n", w->text,
	    w->kind == WISH_GONE ? "is still on the screen," : "did not come,",
	    w->row, w->col);
	pty_dump(p);
	return false;
}

bool pty_wait_text(
    struct pty *p, int row, int col, const char *text, int deadline_ms)
{
	struct wish w = {WISH_AT, text, row, col};

	return await(p, &w, deadline_ms);
}

bool pty_wait_any(struct pty *p, const char *text, int deadline_ms)
{
	struct wish w = {WISH_ANY, text, -1, -1};

	return await(p, &w, deadline_ms);
}

bool pty_wait_gone(struct pty *p, const char *text, int deadline_ms)
{
	struct wish w = {WISH_GONE, text, -1, -1};

	return await(p, &w, deadline_ms);
}

void pty_resize(struct pty *p, int rows, int cols)
{
	while (pump(p, 0))
		;
	screen_resize(p->screen, rows, cols);
	set_size(p, rows, cols);
}

int pty_wait_exit(struct pty *p, int deadline_ms)
{
	int64_t end = now_ms() + deadline_ms;

	do {
		if (!pump(p, 10) && p->master < 0)
			poll(NULL, 0, 10);
		reap(p, WNOHANG);
	} while (!p->ended && now_ms() < end);
	while (p->ended && pump(p, 0))
		;
	return p->ended ? p->status : -1;
}

bool pty_wait_stop(struct pty *p, int deadline_ms)
{
	int64_t end = now_ms() + deadline_ms;

	do {
		pump(p, 10);
		reap(p, WNOHANG);
	} while (!p->stopped && !p->ended && now_ms() < end);
	while (p->stopped && pump(p, 0))
		;
	return p->stopped;
}

void pty_hangup(struct pty *p)
{
	if (p->slave >= 0)
		close(p->slave);
	if (p->master >= 0)
		close(p->master);
	p->slave = p->master = -1;
}

const char *pty_unrestored(struct pty *p)
{
	const char *modes = screen_unrestored(p->screen);
	struct termios now;
	bool same = p->slave >= 0 && tcgetattr(p->slave, &now) == 0 &&
		    now.c_iflag == p->before.c_iflag &&
		    now.c_oflag == p->before.c_oflag &&
		    now.c_cflag == p->before.c_cflag &&
		    now.c_lflag == p->before.c_lflag &&
		    memcmp(now.c_cc, p->before.c_cc, sizeof now.c_cc) == 0;

	snprintf(p->names, sizeof p->names, "%s%s%s", modes,
	    !same && *modes ? " " : "", same ? "" : "termios");
	return p->names;
}

void pty_dump(struct pty *p)
{
	int row, col;

	screen_cursor(p->screen, &row, &col);
	printf("# screen of %d x %d, cursor at row %d column %d%s\n",
	    screen_rows(p->screen), screen_cols(p->screen), row, col,
	    p->ended ? ", program ended" : "");
	for (int r = 0; r < screen_rows(p->screen); r++)
		printf("# %3d|%s\n", r, screen_row(p->screen, r));
	fflush(stdout);
}
