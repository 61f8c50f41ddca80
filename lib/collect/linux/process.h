/* SPDX-License-Identifier: MIT */
/*
 * The process collector's table and the pieces that fill it.
 *
 *	process.c        one pass: who is there, whose turn it is
 *	process_visit.c  what of one is read in it: who ran, who is new
 *	process_table.c  rows, their strings, merging with a new list
 *	process_list.c   the numbers in /proc; the process CPU clock
 *	process_read.c   the files of one process into its row
 *	process_more.c   command lines (by the helper), groups, open files
 *	process_emit.c   rows into a part
 *	process_user.c   names of user ids
 *	process_limits.c domain process_limit
 *	process_sched.c  what CPUs and I/O a process may have
 *	process_tasks.c  the sums of domain tasks
 *	process_thread.c domain thread
 *
 * A row lives as long as its process and holds the cells of domain `process`
 * as they go into a part, strings with a reference of the row's own. A sample
 * changes rows in place and copies what is wanted.
 */
#ifndef AUR_COLLECT_LINUX_PROCESS_H
#define AUR_COLLECT_LINUX_PROCESS_H

#include "collect/collect_int.h"
#include "collect/linux/group.h"

/* Files of a process, as bits: what is wanted, what was read. */
enum {
	AUR__FILE_STAT = 1,
	AUR__FILE_OWNER = 2, /* who owns the folder: the effective user */
	AUR__FILE_STATM = 4,
	AUR__FILE_STATUS = 8,
	AUR__FILE_IO = 16,
	AUR__FILE_CMDLINE = 32,
	AUR__FILE_CGROUP = 64,
	AUR__FILE_SCHED = 128, /* CPUs of status, ioprio_get(2) */
};

struct aur__row {
	uint32_t pid;
	uint8_t got;	     /* files read so far */
	bool denied;	     /* stat may not be read: in no sample */
	bool moved;	     /* ran since its command line was read */
	bool close;	     /* named in want->close */
	bool was_close;	     /* and in the sample before */
	bool no_io;	     /* io may not be read: not tried at each sample */
	bool threaded;	     /* its threads are known */
	bool has_clock;	     /* cpu comes from the clock, not from stat */
	uint32_t users;	     /* generation of names its user is from */
	uint32_t sight;	     /* samples that it has been in */
	uint64_t serial;     /* of the row: tells the helper's answers apart */
	uint64_t start;	     /* ticks since boot */
	uint64_t clock;	     /* its CPU clock when it was last asked */
	uint64_t clock_then; /* and when stat was read, at: */
	struct aur_mono read_at;
	uint64_t image; /* changes with exec */
	uint64_t uid;
	uint64_t rss_then; /* when shared and swap were read */
	uint64_t have;	   /* bit for each cell */
	uint64_t cell[AUR_PROCESS_COUNT];
};

/* --- numbers ------------------------------------------------------------- */

struct aur__pids {
	int fd;	    /* of /proc, kept */
	char *text; /* room for what the kernel lists at once */
	uint32_t *pid;
	size_t n, cap;
};

void aur__pids_release(struct aur__pids *l);

/* Lists the numbers in the folder l->fd, ascending. 0 or an error. */
AUR_MUST_CHECK int aur__pids_read(struct aur__pids *l);

/* CPU time of a process in nanoseconds, all threads; needs no rights. False
 * where there is no such process or clock. */
bool aur__pid_clock(uint32_t pid, uint64_t *ret_ns);

/* Entries of an open folder, dots not counted, using `text`; an error. */
AUR_MUST_CHECK int64_t aur__count_entries(int fd, char *text);

/* --- names of users ------------------------------------------------------ */

struct aur__user {
	uint64_t uid;
	uint32_t name;
	bool asked, known;
};

struct aur__users {
	struct aur_strs *strs; /* borrowed */
	struct aur__user *v;   /* n, ascending by uid */
	size_t n, cap;
	uint32_t generation; /* moves on when a name may have changed */
	int64_t mtime, size; /* of etc/passwd */
};

/* Looks whether etc/passwd changed; forgets all names if so. */
void aur__users_renew(struct aur__users *u, struct aur_root *root);
/* The name of a uid (id 0: not known, or not yet), borrowed. */
uint32_t aur__users_name(
    struct aur__users *u, const struct aur_run *run, uint64_t uid);
void aur__users_release(struct aur__users *u);

/* --- threads ------------------------------------------------------------- */

struct aur__thread {
	uint32_t tid, pid;
	uint64_t start; /* ticks since boot */
	uint64_t clock; /* schedstat's, when stat was read; 0: not told */
	struct aur_mono read_at; /* stat */
	uint64_t have;		 /* bit for each cell */
	uint64_t cell[AUR_THREAD_COUNT];
};

struct aur__threads {
	bool on; /* somebody wanted them in the pass before */
	struct aur__thread *v, *next; /* n, ascending by pid and tid; and
					 those of the pass that runs */
	size_t n, cap, nnext, cap_next;
	struct aur__pids tids; /* of one process */
};

/* --- the table ----------------------------------------------------------- */

struct aur__procs {
	struct aur_strs *strs; /* held */
	struct aur__row **row; /* n, ascending by pid; owned */
	size_t n, cap;
	struct aur__row **spare; /* rows for reuse; owned */
	size_t nspare, cap_spare;
	struct aur__pids pids;
	struct aur__users users;
	struct aur__groups groups;
	struct aur__threads threads;
	uint64_t serial;    /* last one given */
	uint64_t page_size; /* bytes */
	uint64_t tick_ns;   /* nanoseconds of a clock tick */
	bool clocks;	    /* process clocks are those of this /proc */
	bool swapping;	    /* swap is in use, or once was */
	bool hidden;	    /* processes of others are, from us */
	bool denied;	    /* a stat was refused in this pass */
	uint64_t passes;
	uint64_t looks;		 /* samples, counted for the look at hidepid */
	struct aur_mono last;	 /* the pass before */
	struct aur_mono listed;	 /* when /proc was listed */
	uint64_t newest[2];	 /* number given last, then and before */
	uint8_t files;		 /* wanted then */
	uint32_t turn, far_turn; /* whose turn it is: pids */
	char text[8192];	 /* one file */
};

/* Fills t->pids with the processes there are, ascending; by the list of /proc
 * or, where that will do, by what is known and the numbers given since. 0 or
 * an error. */
AUR_MUST_CHECK int aur__procs_list(
    struct aur__procs *t, struct aur_root *root, struct aur_mono now);

/* Makes rows agree with t->pids: rows of gone processes are released, new
 * ones are there with sight 0. 0, AUR_ENOMEM (then rows are as before). */
AUR_MUST_CHECK int aur__procs_merge(struct aur__procs *t);

/* Takes out row `i`; those behind it move up. */
void aur__procs_remove(struct aur__procs *t, size_t i);

/* The row of a process; NULL. */
struct aur__row *aur__procs_find(const struct aur__procs *t, uint32_t pid);

/* All a row knows is dropped: another process has its number. */
void aur__row_reset(struct aur__procs *t, struct aur__row *r);

static inline void aur__row_set(struct aur__row *r, unsigned f, uint64_t v)
{
	r->cell[f] = v;
	r->have |= (uint64_t)1 << f;
}

/* String cells: dropped, put, or given an id that stays the giver's. */
void aur__row_unset(struct aur__procs *t, struct aur__row *r, unsigned f);
void aur__row_text(struct aur__procs *t, struct aur__row *r, unsigned f,
    struct aur_slice text);
void aur__row_id(
    struct aur__procs *t, struct aur__row *r, unsigned f, uint32_t id);

/* --- one pass ------------------------------------------------------------ */

struct aur__pass {
	struct aur__procs *t;
	struct aur_run *run;
	uint8_t files;	       /* wanted of all */
	uint8_t close_files;   /* wanted of those looked at from close */
	bool only_close;       /* of nobody else anything is wanted */
	bool at_once;	       /* all at first sight */
	bool few;	       /* and no more samples will come */
	bool may_wait;	       /* no counter is wanted that only files tell */
	bool asked;	       /* for a command line */
	struct aur_mono until; /* how long the helper is waited for */
	size_t n, turn, nturn, far, nfar;
};

/* Brings a row up to date, as far as it is due; `turn`, `far`: it is its turn.
 * False: the process is gone. */
bool aur__procs_visit(
    struct aur__pass *p, struct aur__row *r, bool turn, bool far);

/* --- reading ------------------------------------------------------------- */

/* Which files hold the wanted fields. Where no swap is in use, nobody has
 * any: statm, at half the price, then stands in for status. */
uint8_t aur__files_of(uint64_t fields, bool swapping);

/* Reads `files` (STAT to IO) of a process into its row. 0, AUR_EABSENT (it is
 * gone), AUR_EDENIED, AUR_ECHANGED (another one has its number; nothing was
 * taken), AUR_EINVALID. Only stat's failure is one. */
AUR_MUST_CHECK int aur__row_read(
    struct aur__procs *t, struct aur__row *r, uint8_t files);

/* Reads the group now, in this process; asks the helper for the command
 * line, whose answer comes at aur__helper_poll. False: ask again later. */
void aur__row_group(
    struct aur__procs *t, struct aur_run *run, struct aur__row *r);
bool aur__row_ask_cmdline(
    struct aur__procs *t, struct aur_run *run, struct aur__row *r);

/* /proc/PID/NAME whole, borrowed from t->text. */
AUR_MUST_CHECK int aur__row_file(struct aur__procs *t, uint32_t pid,
    const char *name, struct aur_slice *ret_text);

/* The same of any path below the folder `dir`. */
AUR_MUST_CHECK int aur__procs_file(struct aur__procs *t, int dir,
    const char *path, struct aur_slice *ret_text);

/* "PID/NAME" or, for the empty name, "PID". */
#define AUR__PID_PATH 32
void aur__pid_path(char out[AUR__PID_PATH], uint32_t pid, const char *name);

/* Reads cpus_allowed and io_priority. */
void aur__row_sched(struct aur__procs *t, struct aur__row *r);

/* Counts open files of those for whom they are wanted. */
void aur__procs_count_files(struct aur__procs *t, const struct aur_run *run);

/* Names the users of rows whose user or name may have changed. */
void aur__procs_name_users(struct aur__procs *t, const struct aur_run *run);

/* Whether only processes named in want->close are to be in samples. */
static inline bool aur__wants_only_close(const struct aur_want *want)
{
	return want->process_fields == 0 && want->close_fields != 0;
}

/* Fills part `process`. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__procs_emit(const struct aur__procs *t,
    const struct aur_run *run, struct aur_part *part);

/* Reads the threads of the rows that were read in this pass, and fills part
 * `thread`. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__procs_threads(
    struct aur__procs *t, const struct aur_run *run, struct aur_part *part);
/* Nobody wants threads: all that is known of them is dropped. */
void aur__threads_clear(struct aur__procs *t);

/* --- limits -------------------------------------------------------------- */

/* Fills part `process_limit` from the processes looked at from close. 0,
 * AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__procs_limits(
    struct aur__procs *t, struct aur_part *part);

/* --- tasks ---------------------------------------------------------------- */

/* Finds out whether any are hidden from us: t->hidden. */
void aur__procs_look_hidden(struct aur__procs *t, struct aur_root *root);

/* Fills part `tasks` from the rows; with `counted` false only from
 * loadavg. */
AUR_MUST_CHECK int aur__procs_tasks(const struct aur__procs *t,
    struct aur_root *root, struct aur_part *tasks, bool counted);

#endif
