/* SPDX-License-Identifier: MIT */
/*
 * The thread that writes, and the only one that does. Jobs go into a queue
 * with an end; a few seconds' worth is committed at once, week by week. What
 * could not be committed stays until it can. Internal to the room.
 *
 *	write.c        queue, thread, commits, what is said of troubles
 *	write_job.c    jobs to rows
 *	tidy.c         the log into blocks, coarser tiers, what is too old
 */
#ifndef AUR_HISTORY_WRITE_INT_H
#define AUR_HISTORY_WRITE_INT_H

#include "history/week_int.h"

#include <pthread.h>
#include <stdbool.h>

/* How long what was put waits for others. */
#define AUR__COMMIT_NS (3 * AUR_SECOND_NS)
/* Bytes that wait; blocks are refused behind the half of it. */
#define AUR__QUEUE_MOST (48u << 20)

enum aur__job_kind {
	AUR__JOB_LOG,	/* frames of one stream */
	AUR__JOB_BLOCK, /* a block as it came */
	AUR__JOB_WHOLE, /* the span that came last is whole */
	AUR__JOB_EVENT, /* an event's payload */
	AUR__JOB_HOST,	/* number and name */
};

struct aur__job {
	struct aur__job *next;
	enum aur__job_kind kind;
	int64_t host;
	int64_t stream;		  /* LOG */
	int64_t log_kind;	  /* LOG; BLOCK, WHOLE: the block's */
	struct aur_wall from, to; /* of its samples; of the event */
	int64_t n;		  /* samples */
	uint64_t number;	  /* EVENT */
	uint8_t boot_id[16];
	char *ident, *name;   /* HOST; name of a block; owned */
	struct aur_buf bytes; /* owned */
	bool done;
	bool inner; /* made by the thread: counted nowhere */
};

struct aur__known { /* a host, as the weeks are told of it */
	int64_t id;
	char *ident, *name;	/* owned */
	int64_t told;		/* the week that was told of it last */
	struct aur_mono put_at; /* when something of it came live */
};

struct aur__writer {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t change;
	/* under the mutex */
	struct aur__job *first, **last;
	size_t bytes;		 /* that wait, those that are held too */
	uint64_t turn;		 /* counts up when the queue is taken */
	uint64_t put, committed; /* jobs so far */
	uint64_t lost;		 /* samples that found no room */
	bool stop, hurry, tidy;
	struct aur_wall tidy_now;
	uint64_t tidied;   /* times that it was asked for and done */
	char trouble[512]; /* for people; "" none */
	char aside[512];   /* files that were set aside; "" none */
	/* the thread's own */
	struct aur__job *held;
	struct aur__weeks weeks;
	struct aur__db index; /* open while hosts are written */
	uint64_t most_bytes;
	struct aur__known *known;
	size_t nknown, known_cap;
	struct aur_mono tidy_at;   /* when it is due */
	struct aur_mono log_at;	   /* when the log is looked through next */
	struct aur_mono expire_at; /* when what is too old is looked for */
	struct aur_mono block_at;  /* when the last block came */
	bool full;
};

/* Starts the thread, which takes over `index`, also on failure. 0,
 * AUR_ENOMEM, AUR_EIO. */
AUR_MUST_CHECK int aur__writer_new(struct aur__writer **ret_w,
    const char *folder, struct aur__db *index, uint64_t most_bytes);
/* Commits what waits, ends. NULL is fine. */
void aur__writer_free(struct aur__writer *w);

/* Takes the job over; where more than `most` bytes would wait it is freed,
 * AUR_EBUSY. *ret_turn, if not NULL, is for aur__writer_more. */
AUR_MUST_CHECK int aur__writer_put(struct aur__writer *w, struct aur__job *job,
    size_t most, uint64_t *ret_turn);

/* Appends a sample to a job that waits still. False: it does not. */
bool aur__writer_more(struct aur__writer *w, struct aur__job *job,
    uint64_t turn, struct aur_slice frames, struct aur_wall at);

/* 0, AUR_EIO, AUR_ETIMEOUT. */
AUR_MUST_CHECK int aur__writer_flush(
    struct aur__writer *w, struct aur_span most);
/* The same, and then tidies as of `now`. */
AUR_MUST_CHECK int aur__writer_tidy(
    struct aur__writer *w, struct aur_wall now, struct aur_span most);

/* NULL: no memory. */
AUR_MUST_CHECK struct aur__job *aur__job_new(
    enum aur__job_kind kind, int64_t host);
void aur__job_free(struct aur__job *job); /* NULL is fine */

/* --- the thread's --------------------------------------------------------- */

/* Has a job done that came up with another one; takes it over. */
void aur__job_add(struct aur__writer *w, struct aur__job *job);

/* Writes a job's rows, within a transaction of its week, which is `db`. */
AUR_MUST_CHECK int aur__job_write(
    struct aur__writer *w, struct aur__db *db, struct aur__job *job);
/* The Monday of its file; AUR__NO_WEEK: the index, or none. */
int64_t aur__job_week(const struct aur__job *job);
/* NULL: not known. */
struct aur__known *aur__job_known(struct aur__writer *w, int64_t host);

/* Tells a week of a host, once. */
AUR_MUST_CHECK int aur__job_host(
    struct aur__writer *w, struct aur__db *db, int64_t monday, int64_t host);

/* Notes that hours from `from` to `to` are to be rolled up anew. */
AUR_MUST_CHECK int aur__hours_put(
    struct aur__db *db, int64_t host, struct aur_wall from, struct aur_wall to);

/* BEGIN of a week's file, opened; COMMIT where rc is 0, else ROLLBACK.
 * A file that turns out damaged is set aside, and AUR_EBUSY says: again. */
AUR_MUST_CHECK int aur__write_begin(
    struct aur__writer *w, int64_t monday, struct aur__db **ret_db);
AUR_MUST_CHECK int aur__write_end(
    struct aur__writer *w, int64_t monday, struct aur__db *db, int rc);

/* Whether the disk has room for more. */
bool aur__write_room(struct aur__writer *w);

/* Packs, rolls up, thins, forgets, as of `now`; `all` that is due, not just a
 * little. 0 or an error. */
AUR_MUST_CHECK int aur__tidy(
    struct aur__writer *w, struct aur_wall now, bool all);

#endif
