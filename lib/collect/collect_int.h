/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room share: the collector's vtable, the root that
 * paths are relative to, and the helper process. Nobody outside includes it.
 *
 * A collector is a const struct in its own file of the platform's folder,
 * listed in that folder's table.c. Its state, if it has any, is allocated by
 * `open` and handed to `run`; there is no mutable data at file scope. It says
 * how often its part is worth reading: between two runs the last part is put
 * into the sample again, with the time it was read (a mount's fill level need
 * not cost a statvfs each second).
 *
 * This file and collect.c know no operating system; what a platform brings
 * stands at the end.
 */
#ifndef AUR_COLLECT_COLLECT_INT_H
#define AUR_COLLECT_COLLECT_INT_H

#include "base/buf.h"
#include "base/limits.h"
#include "collect/collect.h"

/* Where files are read from. `dirfd` is the root folder ("/" or a fixture).
 * Paths are relative to it and without a leading slash: "proc/stat". */
struct aur_root {
	int dirfd;
	bool live;	     /* this machine: clocks and sockets may be asked */
	struct aur_buf text; /* reused by aur__root_read */
	uint8_t boot_id[16]; /* of this machine, once it has been read */
};

/* Reads a whole file, at most AUR_MAX_PROC_FILE, into root->text; the slice
 * is good until the next read. 0 or an aur_err of errno. Not for what may
 * block. */
AUR_MUST_CHECK int aur__root_read(
    struct aur_root *root, const char *path, struct aur_slice *ret_text);

/* The same for a file that stays: its descriptor is kept in *fd (-1 at first)
 * and read again from the start with pread; reopened once if that fails. In a
 * tree (root not live) it is opened anew each time, for trees are exchanged
 * under a collector's feet by tests. For files of /proc whose records are
 * shorter than half a page: their end need not be read. Whole lines only: what
 * lacks its newline is cut off. aur__root_close at the end. */
AUR_MUST_CHECK int aur__root_reread(struct aur_root *root, int *fd,
    const char *path, struct aur_slice *ret_text);

/* Closes *fd if it is open, and sets it to -1. */
void aur__root_close(int *fd);

/* A short file (a number or a word of /sys), trimmed, into `out`. Its length
 * or an error. Leaves root->text as it is. */
AUR_MUST_CHECK int aur__root_word(
    struct aur_root *root, const char *path, char *out, size_t size);
AUR_MUST_CHECK int aur__root_u64(
    struct aur_root *root, const char *path, uint64_t *ret_v);

/* --- the helper: a child process that does what may block --------------- */

struct aur_helper;

enum aur_job_kind {
	AUR_JOB_READ,	 /* the first AUR_MAX_CMDLINE bytes of a file */
	AUR_JOB_STATVFS, /* struct aur_job_statvfs of a path */
	AUR_JOB_USER,	 /* name of a uid, by the system's name service */
};

struct aur_job_statvfs {
	uint64_t block_size, blocks, blocks_free, blocks_available;
	uint64_t files, files_free, read_only;
};

/* Called from aur__helper_poll, once for each job: err 0 and the bytes read
 * (or the struct), or an aur_err; AUR_ETIMEOUT when the deadline passed.
 * `tag` is the caller's. */
typedef void (*aur_job_done_fn)(
    void *arg, uint64_t tag, int err, struct aur_slice result);

/* Starts lazily, at the first job. With options->no_helper jobs are done in
 * this process inside aur__helper_ask. NULL: out of memory. */
AUR_MUST_CHECK struct aur_helper *aur__helper_new(
    const struct aur_root *root, bool in_process);
void aur__helper_free(struct aur_helper *h); /* NULL is fine */

/* Queues a job; `path` is relative to the root (for USER: decimal uid). 0,
 * AUR_ENOMEM, AUR_ELIMIT (the path), AUR_EBUSY (AUR_MAX_HELPER_JOBS wait, or
 * the helper is stuck and a new one may not be started yet), AUR_ETIMEOUT
 * (this path hung less than a minute ago), AUR_EUNSUPPORTED (no helper can be
 * had). On failure `done` is not called. */
AUR_MUST_CHECK int aur__helper_ask(struct aur_helper *h, enum aur_job_kind kind,
    const char *path, uint64_t tag, aur_job_done_fn done, void *arg);

/* Takes answers that are there; waits up to `most` for the rest of what has
 * been asked. Ends a helper that has worked on one job for over 2 s (jobs
 * behind it go to a new one; the job itself gets AUR_ETIMEOUT). */
void aur__helper_poll(struct aur_helper *h, struct aur_span most);

/* The same, but ends when all that is left hangs: its helper has slept over it
 * for 20 ms, which no busy machine makes it do. */
void aur__helper_settle(struct aur_helper *h, struct aur_span most);

/* Jobs not yet answered; helpers given up so far. */
size_t aur__helper_waiting(const struct aur_helper *h);
uint64_t aur__helper_restarts(const struct aur_helper *h);

/* CPU time of helpers, this one and those that ended. */
struct aur_span aur__helper_cpu(struct aur_helper *h);

/* --- collectors ---------------------------------------------------------- */

/* What a running collector may use. */
struct aur_run {
	struct aur_root *root;
	struct aur_helper *helper;
	const struct aur_want *want;
	const struct aur_sample *sample; /* times only */
	bool first;			 /* the first sample: may wait a bit */
	struct aur_buf *message; /* what failed, for people; empty at first */
	/* The parts to fill, by domain: those of the collector's own domain
	 * and of `also`; NULL where nobody wants it. All are made before the
	 * first collector runs, so these pointers are good throughout. */
	struct aur_part *part[AUR_DOMAIN_COUNT];
};

/*
 * One reading may feed several parts: /proc/stat is cpu, core and kernel, a
 * walk of /proc is process and tasks. Such a collector names one domain as its
 * own and the rest in `also`; it runs when any of them is wanted, and fills
 * those of run->part that are not NULL:
 *
 *	const struct aur_collector aur__collector_process = {
 *		.name = "process",
 *		.domain = AUR_DOMAIN_PROCESS,
 *		.also = AUR_WANT_DOMAIN(TASKS),
 *		...
 *	};
 *	static int process_run(void *state, struct aur_run *run,
 *	    struct aur_part *part)          part == run->part[own domain],
 *	{                                   NULL when only tasks are wanted
 *		struct aur_part *tasks = run->part[AUR_DOMAIN_TASKS];
 */
struct aur_collector {
	const char *name;
	enum aur_domain_id domain;
	uint64_t also;		/* AUR_WANT_DOMAIN() of further domains */
	struct aur_span period; /* 0: in every sample */
	/* State for the life of the collector, or NULL where none is needed
	 * (then open is NULL too). Called before its first run. 0,
	 * AUR_ENOMEM. */
	int (*open)(struct aur_root *root, void **ret_state);
	/* Fills `part`, which is empty (NULL: see above). 0; an error: the
	 * part is left out (or what was filled is kept when the part is not
	 * empty) and `message` or the error's sentence stands in `errors`. 0
	 * with a message: it is not all that it should be. AUR_EUNSUPPORTED
	 * says that the kernel lacks it: left out without an error. A domain of
	 * one without its instance is left out as well. */
	int (*run)(void *state, struct aur_run *run, struct aur_part *part);
	/* Between two runs of a collector with a period, after its last parts
	 * have been put in again: renews what costs nothing. May be NULL. */
	void (*renew)(void *state, struct aur_run *run, struct aur_part *part);
	void (*close)(void *state);
};

/* The platform's collectors, NULL-terminated, in the order they run:
 * processes last, then the agent, which tells what all that has cost. */
extern const struct aur_collector *const aur__collectors[];

/* --- what each platform has --------------------------------------------- */

/* Opens the root (options->root) and makes the helper, which may be NULL
 * where the platform has none. 0, AUR_ENOMEM, AUR_EABSENT. */
AUR_MUST_CHECK int aur__platform_open(struct aur_root *root,
    const struct aur_collect_options *options, struct aur_helper **ret_helper);
void aur__platform_close(struct aur_root *root, struct aur_helper *helper);

/* Fills times and boot id of a sample. */
void aur__platform_times(struct aur_root *root, struct aur_sample *s);

/* See aur_collect_sight. */
enum aur_sight aur__platform_sight(struct aur_root *root, bool *ret_hides);

/* Acts on a process; see aur_collect_act. `text` may be NULL. */
int aur__platform_act(
    struct aur_root *root, const struct aur_act *act, struct aur_buf *text);

#endif
