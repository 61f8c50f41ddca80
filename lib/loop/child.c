/* SPDX-License-Identifier: MIT */
/*
 * A child program on a socket pair.
 *
 *	ours ◀── socket pair ──▶ its stdin and stdout
 *	ours ◀──── pipe ─────── its stderr
 *	ours ◀──── pipe ─────── errno of a failed exec; closed by a good one
 *
 * vfork and exec, not posix_spawn: closing every other descriptor has no
 * portable spawn action. The child leads a session and a process group, so
 * that ending it also ends what it has started, a Ctrl-C on our terminal is
 * ours alone, and nothing can ask its questions behind our screen.
 * It is reaped only after the rest of its group was killed: until then its
 * number cannot have come round to somebody else.
 */
#include "loop/loop_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct aur_child {
	struct aur_signal *chld;
	aur_loop_fn ended;
	void *arg;
	pid_t pid;
	int fd, err_fd;
	int status; /* -1 while it runs */
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void aur__close_from(int from)
{
	struct rlimit limit;
	rlim_t end = 65536;

#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)from, ~0u, 0) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < end)
		end = limit.rlim_cur;
	for (rlim_t fd = (rlim_t)from; fd < end; fd++)
		close((int)fd);
}

void aur__reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < 32; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The child's side; `report` gets errno when the program cannot be run. */
static _Noreturn void become(
    const struct aur_program *program, char **envp, int io, int err, int report)
{
	int number;

	(void)setsid();
	aur__reset_signals();
	/* out of the way of 0 to 3, which are overwritten below */
	io = fcntl(io, F_DUPFD, 10);
	err = fcntl(err, F_DUPFD, 10);
	report = fcntl(report, F_DUPFD, 10);
	if (io >= 0 && err >= 0 && report >= 0 && dup2(io, 0) == 0 &&
	    dup2(io, 1) == 1 && dup2(err, 2) == 2 && dup2(report, 3) == 3 &&
	    fcntl(3, F_SETFD, FD_CLOEXEC) == 0) {
		report = 3;
		aur__close_from(4);
		execve(program->path, program->argv, envp);
	}
	number = errno;
	(void)!write(report, &number, sizeof number);
	_exit(127);
}

/* The child borrows our memory until it has become the program: fork would
 * copy the page tables each time, which of a client with many hosts costs more
 * than all else here. None of our signal handlers may run in it. */
static pid_t start(
    const struct aur_program *program, char **envp, int io, int err, int report)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = vfork();
	if (pid == 0)
		become(program, envp, io, err, report);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static bool same_name(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return strncmp(a, b, n) == 0 && b[n] == '=';
}

/* Our environment with `over` put over it. The list alone is new: NULL when
 * out of memory. */
static char **make_env(const char *const *over)
{
	size_t n = 0, more = 0, k = 0;
	char **env;

	while (environ[n] != NULL)
		n++;
	while (over != NULL && over[more] != NULL)
		more++;
	env = aur_mem_new(n + more + 1, sizeof *env);
	if (env == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		while (j < more && !same_name(over[j], environ[i]))
			j++;
		if (j == more)
			env[k++] = environ[i];
	}
	for (size_t j = 0; j < more; j++)
		env[k++] = (char *)(uintptr_t)over[j];
	return env;
}

static void on_chld(void *arg)
{
	struct aur_child *c = arg;
	siginfo_t info = {0};

	if (c->status >= 0)
		return;
	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) <
		0 ||
	    info.si_pid == 0)
		return;
	(void)kill(-c->pid, SIGKILL);
	if (waitpid(c->pid, &c->status, 0) != c->pid)
		c->status = 0;
	if (c->ended != NULL)
		c->ended(c->arg);
}

int aur__exec_result(int fd)
{
	int number = 0;
	ssize_t n;

	do
		n = read(fd, &number, sizeof number);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof number ? number : 0;
}

static int nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return AUR_EIO;
	return 0;
}

static void close_pair(int pair[2])
{
	close_fd(&pair[0]);
	close_fd(&pair[1]);
}

/* All six ends, close-on-exec so that a child of somebody else's fork does
 * not keep them open. */
static int open_pairs(int io[2], int err[2], int report[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, io) < 0 ||
	    pipe2(err, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0)
		return aur_err_errno(errno);
	if (nonblocking(io[0]) < 0 || nonblocking(err[0]) < 0)
		return AUR_EIO;
	return 0;
}

int aur_child_new(struct aur_loop *l, const struct aur_program *program,
    aur_loop_fn ended, void *arg, struct aur_child **ret_c)
{
	struct aur_child *c = aur_mem_new(1, sizeof *c);
	char **env = make_env(program->env);
	int io[2] = {-1, -1}, err[2] = {-1, -1}, report[2] = {-1, -1};
	int rc = AUR_ENOMEM, number;

	if (c == NULL)
		goto out;
	*c = (struct aur_child){.ended = ended,
	    .arg = arg,
	    .pid = -1,
	    .fd = -1,
	    .err_fd = -1,
	    .status = -1};
	if (env != NULL)
		rc = aur_signal_new(l, SIGCHLD, on_chld, c, &c->chld);
	if (rc == 0)
		rc = open_pairs(io, err, report);
	if (rc < 0)
		goto out;
	c->pid = start(program, env, io[1], err[1], report[1]);
	rc = AUR_EIO;
	if (c->pid < 0)
		goto out;
	close_fd(&io[1]);
	close_fd(&err[1]);
	close_fd(&report[1]);
	number = aur__exec_result(report[0]);
	if (number != 0) {
		rc = aur_err_errno(number);
		goto out;
	}
	c->fd = io[0];
	c->err_fd = err[0];
	io[0] = err[0] = -1;
	*ret_c = c;
	c = NULL;
	rc = 0;
out:
	close_pair(io);
	close_pair(err);
	close_pair(report);
	aur_mem_free(env);
	aur_child_free(c);
	return rc;
}

int aur_child_fd(const struct aur_child *c)
{
	return c->fd;
}

int aur_child_stderr(const struct aur_child *c)
{
	return c->err_fd;
}

int aur_child_status(const struct aur_child *c)
{
	return c->status;
}

int64_t aur_child_pid(const struct aur_child *c)
{
	return c->pid;
}

/* Waits for the child's end without reaping it; false when it took longer. */
static bool wait_end(pid_t pid, struct aur_span most)
{
	struct aur_mono start = aur_clock_mono();
	struct timespec nap = {.tv_nsec = 100000};

	for (;;) {
		siginfo_t info = {0};

		if (waitid(P_PID, (id_t)pid, &info,
			WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid != 0)
			return true;
		if (aur_mono_since(aur_clock_mono(), start).ns > most.ns)
			return false;
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 5000000)
			nap.tv_nsec *= 2;
	}
}

static void end_child(pid_t pid)
{
	(void)kill(-pid, SIGTERM);
	(void)kill(-pid, SIGCONT);
	(void)wait_end(pid, aur_span_ms(200));
	(void)kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void aur_child_free(struct aur_child *c)
{
	if (c == NULL)
		return;
	aur_signal_free(c->chld);
	close_fd(&c->fd);
	close_fd(&c->err_fd);
	if (c->pid > 0 && c->status < 0)
		end_child(c->pid);
	aur_mem_free(c);
}
