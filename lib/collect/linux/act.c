/* SPDX-License-Identifier: MIT */
/*
 * Acting on a process: a signal, a nice value, its CPUs, its I/O. A number
 * alone names nobody: it may have come round again since the screen was drawn.
 * With a pidfd (kernel 5.3, signals since 5.1) the process is held first and
 * then looked at, so that nothing can come between; without, its start is
 * looked at just before, and a window of microseconds stays. All but signals
 * can only be set by number; there the window stays. CPUs and I/O are a
 * thread's, and are set for each that the process has; its first one says
 * whether it may be.
 */
#include "collect/linux/linux.h"

#include "base/err.h"
#include "collect/linux/act.h"
#include "collect/linux/parse_process.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* asm-generic/unistd.h; the same on every architecture. */
#define PIDFD_SEND_SIGNAL 424
#define PIDFD_OPEN 434

#define SIGNAL_MAX 64

void aur__act_say(struct aur_buf *text, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (text == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (aur_buf_add_str(text, line) < 0)
		aur_buf_clear(text); /* the code alone tells, then */
}

/* Whether the process is there and is the one meant: 0, AUR_EABSENT,
 * AUR_ECHANGED, AUR_EDENIED. */
static int identify(struct aur_root *root, const struct aur_act *act)
{
	char path[48];
	struct aur_slice text;
	struct aur__stat st;
	int rc;

	snprintf(
	    path, sizeof(path), "proc/%llu/stat", (unsigned long long)act->pid);
	rc = aur__root_read(root, path, &text);
	if (rc < 0)
		return rc == AUR_EDENIED ? rc : AUR_EABSENT;
	rc = aur__parse_stat(text, &st);
	if (rc < 0)
		return AUR_EABSENT;
	return st.start_ticks == act->start_ticks ? 0 : AUR_ECHANGED;
}

static int send_by_fd(int fd, int number)
{
	if (syscall(PIDFD_SEND_SIGNAL, fd, number, NULL, 0) == 0)
		return 0;
	return errno == ESRCH ? AUR_EABSENT : aur_err_errno(errno);
}

static int do_signal(const struct aur_act *act, int fd)
{
	if (fd >= 0)
		return send_by_fd(fd, act->value);
	if (kill((pid_t)act->pid, act->value) == 0)
		return 0;
	return errno == ESRCH ? AUR_EABSENT : aur_err_errno(errno);
}

static int do_nice(const struct aur_act *act)
{
	if (setpriority(PRIO_PROCESS, (id_t)act->pid, act->value) == 0)
		return 0;
	if (errno == ESRCH)
		return AUR_EABSENT;
	return errno == EPERM || errno == EACCES ? AUR_EDENIED
						 : aur_err_errno(errno);
}

/* The sentence for how it went. */
static void tell(struct aur_buf *text, const struct aur_act *act, int rc)
{
	unsigned long long pid = act->pid;

	if (rc == 0 && act->kind == AUR_ACT_SIGNAL)
		aur__act_say(
		    text, "signal %d sent to process %llu", act->value, pid);
	else if (rc == 0 && act->kind == AUR_ACT_NICE)
		aur__act_say(text, "nice value of process %llu set to %d", pid,
		    act->value);
	else if (rc == 0)
		aur__act_tell_sched(text, act);
	else if (rc == AUR_EABSENT)
		aur__act_say(text, "process %llu is not there any more", pid);
	else if (rc == AUR_ECHANGED)
		aur__act_say(text,
		    "process number %llu has been given to another process "
		    "since; nothing was done",
		    pid);
	else if (rc == AUR_EDENIED && act->kind == AUR_ACT_NICE &&
		 act->value < 0)
		aur__act_say(text,
		    "not allowed: a nice value below 0 for process %llu "
		    "needs root",
		    pid);
	else if (rc == AUR_EDENIED && act->kind == AUR_ACT_NICE)
		aur__act_say(text,
		    "not allowed to change process %llu: needs root, or its "
		    "owner and no smaller nice value than it has",
		    pid);
	else if (rc == AUR_EDENIED && act->kind != AUR_ACT_SIGNAL)
		aur__act_tell_denied(text, act);
	else if (rc == AUR_EINVALID && act->kind == AUR_ACT_AFFINITY)
		aur__act_say(text,
		    "none of these CPUs is there for process %llu; nothing "
		    "was changed",
		    pid);
	else if (rc == AUR_EDENIED)
		aur__act_say(text,
		    "not allowed to signal process %llu: needs root or the "
		    "process's owner",
		    pid);
	else
		aur__act_say(text, "process %llu: %s", pid, aur_err_str(rc));
}

/* 0, or what is wrong with the request itself, said. */
static int check(
    struct aur_root *root, const struct aur_act *act, struct aur_buf *text)
{
	if (!root->live) {
		aur__act_say(
		    text, "this is no live machine: nothing can be done");
		return AUR_EUNSUPPORTED;
	}
	if (act->pid < 1 || act->pid > INT32_MAX) {
		aur__act_say(text, "no process has the number %llu",
		    (unsigned long long)act->pid);
		return AUR_EINVALID;
	}
	if (act->kind == AUR_ACT_SIGNAL &&
	    (act->value < 1 || act->value > SIGNAL_MAX)) {
		aur__act_say(text, "no signal has the number %d", act->value);
		return AUR_EINVALID;
	}
	if (act->kind == AUR_ACT_NICE &&
	    (act->value < -20 || act->value > 19)) {
		aur__act_say(
		    text, "a nice value is from -20 to 19, not %d", act->value);
		return AUR_EINVALID;
	}
	if (act->kind == AUR_ACT_AFFINITY && aur_cpus_count(&act->cpus) == 0) {
		aur__act_say(text, "a process needs at least one CPU");
		return AUR_EINVALID;
	}
	if (act->kind == AUR_ACT_IO_PRIORITY &&
	    !aur_io_priority_valid(act->value)) {
		aur__act_say(
		    text, "no I/O priority has the number %d", act->value);
		return AUR_EINVALID;
	}
	if (act->kind < AUR_ACT_SIGNAL || act->kind > AUR_ACT_IO_PRIORITY) {
		aur__act_say(text, "unknown act");
		return AUR_EUNSUPPORTED;
	}
	return 0;
}

int aur__platform_act(
    struct aur_root *root, const struct aur_act *act, struct aur_buf *text)
{
	int fd, rc = check(root, act, text);

	if (rc < 0)
		return rc;
	fd = (int)syscall(PIDFD_OPEN, (pid_t)act->pid, 0u);
	rc = identify(root, act);
	if (rc == 0)
		rc = act->kind == AUR_ACT_SIGNAL ? do_signal(act, fd)
		     : act->kind == AUR_ACT_NICE ? do_nice(act)
						 : aur__act_sched(root, act);
	if (fd >= 0)
		close(fd);
	tell(text, act, rc);
	return rc;
}
