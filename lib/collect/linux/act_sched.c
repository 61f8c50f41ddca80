/* SPDX-License-Identifier: MIT */
/*
 * CPUs and I/O priority. The kernel has them per thread, and a person means
 * the process: the first thread is set, and if that was allowed, the others.
 * Threads that begin meanwhile inherit from the one that made them.
 */
#include "collect/linux/act.h"

#include "base/err.h"
#include "base/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IOPRIO_WHO_PROCESS 1 /* linux/ioprio.h */
#define LONG_BITS (8 * sizeof(unsigned long))
/* Threads set at most; a process that makes them faster is not followed. */
#define THREADS_MAX 100000

static int set_cpus(pid_t tid, const struct aur_cpus *cpus)
{
	unsigned long mask[AUR_CPUS_MAX / LONG_BITS] = {0};

	for (unsigned i = 0; i < AUR_CPUS_MAX; i++)
		if (aur_cpus_has(cpus, i))
			mask[i / LONG_BITS] |= 1ul << (i % LONG_BITS);
	return syscall(SYS_sched_setaffinity, tid, sizeof(mask), mask) < 0 ? -1
									   : 0;
}

static int set_one(pid_t tid, const struct aur_act *act)
{
	int rc;

	if (act->kind == AUR_ACT_AFFINITY)
		rc = set_cpus(tid, &act->cpus);
	else
		rc = (int)syscall(
		    SYS_ioprio_set, IOPRIO_WHO_PROCESS, tid, act->value);
	if (rc == 0)
		return 0;
	if (errno == ESRCH)
		return AUR_EABSENT;
	return errno == EPERM || errno == EACCES ? AUR_EDENIED
						 : aur_err_errno(errno);
}

/* What a thread other than the first says is not told: it may have ended, or
 * be one that nobody may change. */
static void set_others(struct aur_root *root, const struct aur_act *act)
{
	char path[48];
	struct dirent *e;
	DIR *dir;
	int fd;

	snprintf(
	    path, sizeof(path), "proc/%llu/task", (unsigned long long)act->pid);
	fd = openat(root->dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return;
	}
	for (unsigned n = 0; n < THREADS_MAX; n++) {
		uint64_t tid;

		e = readdir(dir);
		if (e == NULL)
			break;
		if (aur_scan_u64(aur_slice_str(e->d_name), &tid) == 0 &&
		    tid != act->pid && tid > 0 && tid <= INT32_MAX)
			(void)set_one((pid_t)tid, act);
	}
	closedir(dir);
}

int aur__act_sched(struct aur_root *root, const struct aur_act *act)
{
	int rc = set_one((pid_t)act->pid, act);

	if (rc == 0)
		set_others(root, act);
	return rc;
}

void aur__act_tell_sched(struct aur_buf *text, const struct aur_act *act)
{
	unsigned long long pid = act->pid;
	char cpus[AUR_CPUS_TEXT], io[AUR_IO_PRIORITY_TEXT];

	if (act->kind == AUR_ACT_AFFINITY) {
		aur_cpus_text(&act->cpus, cpus, sizeof(cpus));
		aur__act_say(text, "CPUs of process %llu set to %s", pid, cpus);
	} else {
		aur_io_priority_text(act->value, io);
		aur__act_say(
		    text, "I/O priority of process %llu set to %s", pid, io);
	}
}

void aur__act_tell_denied(struct aur_buf *text, const struct aur_act *act)
{
	unsigned long long pid = act->pid;

	if (act->kind == AUR_ACT_IO_PRIORITY &&
	    act->value >> 13 == AUR_IO_REALTIME)
		aur__act_say(text,
		    "not allowed: realtime I/O for process %llu needs root",
		    pid);
	else
		aur__act_say(text,
		    "not allowed to change process %llu: needs root or the "
		    "process's owner",
		    pid);
}
