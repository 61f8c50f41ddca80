/* SPDX-License-Identifier: MIT */
/*
 * Which CPUs a process may have, and the priority of its I/O: of the thread
 * that has the process's number, as taskset(1) and ionice(1) tell. Asked for
 * the few that somebody looks at.
 */
#include "collect/linux/process.h"

#include "collect/linux/parse_process.h"

#include <sys/syscall.h>
#include <unistd.h>

#define IOPRIO_WHO_PROCESS 1 /* linux/ioprio.h */

/* No call is made for what a tree says: it is no process of ours. */
static void read_io_priority(struct aur__procs *t, struct aur__row *r)
{
	char text[AUR_IO_PRIORITY_TEXT];
	long v = -1;

	if (t->clocks)
		v = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, (int)r->pid);
	if (v < 0) {
		aur__row_unset(t, r, AUR_PROCESS_io_priority);
		return;
	}
	aur_io_priority_text((int32_t)v, text);
	aur__row_text(t, r, AUR_PROCESS_io_priority, aur_slice_str(text));
}

void aur__row_sched(struct aur__procs *t, struct aur__row *r)
{
	struct aur_slice text;
	struct aur__status st;

	r->got |= AUR__FILE_SCHED;
	if (aur__row_file(t, r->pid, "status", &text) == 0 &&
	    aur__parse_status(text, &st) == 0 && st.cpus.n > 0)
		aur__row_text(t, r, AUR_PROCESS_cpus_allowed, st.cpus);
	else
		aur__row_unset(t, r, AUR_PROCESS_cpus_allowed);
	read_io_priority(t, r);
}
