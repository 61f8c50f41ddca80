/* SPDX-License-Identifier: MIT */
/*
 * What somebody wants of a host: a subscription. A fleet overview asks for
 * little, a process screen for all; what nobody asked for is not collected.
 */
#ifndef AUR_MODEL_WANT_H
#define AUR_MODEL_WANT_H

#include "base/clock.h"
#include "model/domain.h"

/* How much an agent is shown of the host's processes: those of its own user,
 * all but what the kernel keeps to their owner (I/O, open files), or all. */
enum aur_sight {
	AUR_SIGHT_UNKNOWN,
	AUR_SIGHT_OWN,
	AUR_SIGHT_ALL,
	AUR_SIGHT_WHOLE,
};
/* "", "own", "all", "whole"; static. And back; UNKNOWN for other words. */
const char *aur_sight_name(enum aur_sight sight);
enum aur_sight aur_sight_find(struct aur_slice name);

#define AUR_WANT_CLOSE_MAX 256u

struct aur_want {
	uint64_t domains; /* bit per enum aur_domain_id */
	/* with none, and close_fields below, only those named there are in a
	 * sample */
	uint64_t process_fields;  /* bit per AUR_PROCESS_*, 0 for none */
	struct aur_span interval; /* 0.1 s to 1 h */
	uint64_t count;		  /* samples, then no more; 0 without end.
				     Up to 3: the agent waits for what is slow */
	bool at_once; /* all at first sight, though more samples come; of the
			 agent's own, not sent */
	bool aligned; /* later samples at wall-clock multiples of the
				  interval; else at once and then every interval */
	uint64_t close_fields; /* fields that only the processes named below
				  have: what is dear */
	uint32_t nclose;       /* processes looked at from close */
	uint64_t close[AUR_WANT_CLOSE_MAX]; /* their pids */
};

#define AUR_WANT_DOMAIN(ID) ((uint64_t)1 << AUR_DOMAIN_##ID)
#define AUR_WANT_PROCESS(f) ((uint64_t)1 << AUR_PROCESS_##f)

/* Every domain but cgroup, process, thread and process_limit: what `status` needs beside processes.
 */
uint64_t aur_want_system(void);

/* The domains that tell of single processes: process, thread, process_limit.
 */
uint64_t aur_want_processes(void);

/* Every process field but open_files and those of process_sched. */
uint64_t aur_want_process_all(void);

/* The fields of an overview: parent uid user name state nice threads cpu rss
 * kernel_thread. */
uint64_t aur_want_process_overview(void);

/* What process_all has and costs next to nothing beyond one file for each
 * process that ran and its I/O: all that rates are told from. The rest, and
 * open files, is close_fields for the few that are shown. */
uint64_t aur_want_process_rates(void);
uint64_t aur_want_process_close(void);

/* What a table of a past moment needs: all that `ps --json` lists but open
 * files. Page faults, the processor and the session are of no use later, and
 * change all the time. */
uint64_t aur_want_process_kept(void);

/* cpus_allowed and io_priority: of interest to who looks at one process. */
uint64_t aur_want_process_sched(void);

#endif
