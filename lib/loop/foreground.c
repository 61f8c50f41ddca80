/* SPDX-License-Identifier: MIT */
/*
 * A program that has our terminal for a while: ssh, a shell. It stays in our
 * process group: one of its own would have to be made the terminal's, and
 * Ctrl-Z there would leave us waiting for it with nobody to go on. When it
 * ends, the terminal is made ours again: a shell with job control may have
 * given it to a group that is no more.
 */
#include "loop/loop_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct aur_foreground {
	struct aur_signal *chld;
	aur_loop_fn ended;
	void *arg;
	pid_t pid;
	int status; /* -1 while it runs */
};

static _Noreturn void become(const char *path, char *const argv[], int report)
{
	int number;

	aur__reset_signals();
	if (dup2(report, 3) == 3 && fcntl(3, F_SETFD, FD_CLOEXEC) == 0) {
		report = 3;
		aur__close_from(4);
		execv(path, argv);
	}
	number = errno;
	(void)!write(report, &number, sizeof number);
	_exit(127);
}

/* Only the terminal's group may say whose it is; SIGTTOU stops others. */
static void take_terminal(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, old;

	sigemptyset(&ignore.sa_mask);
	sigaction(SIGTTOU, &ignore, &old);
	(void)tcsetpgrp(STDIN_FILENO, getpgrp());
	sigaction(SIGTTOU, &old, NULL);
}

static void on_chld(void *arg)
{
	struct aur_foreground *f = arg;
	int status;

	if (f->status >= 0 || waitpid(f->pid, &status, WNOHANG) != f->pid)
		return;
	f->status = status;
	take_terminal();
	if (f->ended != NULL)
		f->ended(f->arg);
}

int aur_foreground_new(struct aur_loop *l, const char *path, char *const argv[],
    aur_loop_fn ended, void *arg, struct aur_foreground **ret_f)
{
	struct aur_foreground *f = aur_mem_new(1, sizeof *f);
	int report[2] = {-1, -1}, rc = AUR_ENOMEM, number;

	if (f == NULL)
		goto out;
	*f = (struct aur_foreground){
	    .ended = ended, .arg = arg, .pid = -1, .status = -1};
	rc = aur_signal_new(l, SIGCHLD, on_chld, f, &f->chld);
	if (rc < 0)
		goto out;
	rc = AUR_EIO;
	if (pipe2(report, O_CLOEXEC) < 0)
		goto out;
	f->pid = fork();
	if (f->pid == 0)
		become(path, argv, report[1]);
	if (f->pid < 0)
		goto out;
	close(report[1]);
	report[1] = -1;
	number = aur__exec_result(report[0]);
	if (number != 0) {
		rc = aur_err_errno(number);
		goto out;
	}
	*ret_f = f;
	f = NULL;
	rc = 0;
out:
	if (report[0] >= 0)
		close(report[0]);
	if (report[1] >= 0)
		close(report[1]);
	aur_foreground_free(f);
	return rc;
}

int aur_foreground_status(const struct aur_foreground *f)
{
	return f->status;
}

void aur_foreground_free(struct aur_foreground *f)
{
	if (f == NULL)
		return;
	aur_signal_free(f->chld);
	if (f->pid > 0 && f->status < 0) {
		(void)kill(f->pid, SIGHUP);
		(void)kill(f->pid, SIGCONT);
		while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	aur_mem_free(f);
}
