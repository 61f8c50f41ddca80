/* SPDX-License-Identifier: MIT */
/*
 * The spool: what the service keeps of its host, in a folder of its own. It
 * is one open segment, to which samples are appended as frames, and sealed
 * ones, which hold the same as blocks (pack/pack.h) and are never written
 * again. daemon_spool.c draws the files.
 *
 *	rc = spool_open(&s, &options, now, why, sizeof(why));
 *	rc = spool_put(s, AUR_KEPT_SYSTEM, sample);      each second
 *	rc = spool_put(s, AUR_KEPT_PROCESSES, sample);   every few
 *	rc = spool_put_event(s, &event);
 *	rc = spool_commit(s, now);                       after each
 *	...
 *	spool_close(s, now);
 *
 * To read what is kept, while it is being written:
 *
 *	rc = spool_walk_begin(s, AUR_KEPT_SYSTEM, from, to, &walk);
 *	while ((rc = spool_walk_next(walk, &buf)) == 0)
 *		send aur_buf_peek(&buf)
 *	spool_walk_end(walk);
 *
 * Whom the kept processes are shown is the caller's to decide: they are those
 * of all users, with their command lines as the settings keep them.
 *
 * A disk that is full, read-only or broken stops the recording, and nothing
 * else: what is sealed can be read, and spool_resume tries again. One thread.
 */
#ifndef AGENTD_DAEMON_SPOOL_H
#define AGENTD_DAEMON_SPOOL_H

#include "agentd/serve.h"
#include "base/buf.h"
#include "model/feed.h"

struct spool;
struct spool_walk;

/* Samples of the newest segment are at most this old when somebody asks. */
#define SPOOL_SEAL_NS (60 * AUR_SECOND_NS)

struct spool_options {
	const char *folder;  /* made where there is none; copied */
	uint8_t boot_id[16]; /* of now */
	uint64_t most_bytes; /* of all files */
	struct aur_span most_age;
	struct aur_strs *strs; /* of the samples; borrowed, outlives it */
	/* told of what was set aside, a line each; may be NULL */
	const struct aur_log *log;
};

/* What a service before this one left, as far as its segment tells. */
struct spool_past {
	bool known;	     /* there was one that recorded */
	bool clean;	     /* and it ended of its own will */
	uint8_t boot_id[16]; /* its last */
	uint64_t event;	     /* the number of its last event */
	struct aur_wall at;  /* its last record; 0: none */
};

/* Opens the folder, makes its list of segments, and takes up the open one
 * where it ended; a torn end is cut off. 0, and it records; or 0 with
 * spool_trouble where it cannot now. AUR_EBUSY: another service has it;
 * AUR_EDENIED: the folder is not safe; AUR_EIO, AUR_ENOMEM; then a sentence
 * for people. */
AUR_MUST_CHECK int spool_open(struct spool **ret_s,
    const struct spool_options *options, struct serve_now now, char *why,
    size_t size);

/* Seals what is open, says that this was a clean end, and closes. Walks that
 * are left are at their end. NULL is fine. */
void spool_close(struct spool *s, struct serve_now now);

/* Once, when the program starts: what is taken for a moment, as packing does,
 * is to go back to the system. glibc would learn from it to keep megabytes. */
void spool_tune_memory(void);

const struct spool_past *spool_past(const struct spool *s);

/* New limits, which hold from the next commit on. */
void spool_limit(
    struct spool *s, uint64_t most_bytes, struct aur_span most_age);

/* --- recording ------------------------------------------------------------ */

/* Why nothing is recorded now, for people; NULL: it records. */
const char *spool_trouble(const struct spool *s);

/* A sample of one stream; held until the next one. Nothing is written yet.
 * 0; an error has stopped the recording: see spool_trouble. Does nothing
 * while it is stopped. */
int spool_put(struct spool *s, enum aur_kept kind, struct aur_sample *sample);
int spool_put_event(struct spool *s, const struct aur_event *event);

/* Writes what was put, at most once a second, sees that it reaches the disk,
 * every few seconds, seals what is full or of the hour before, and removes
 * what is too much or too old. Errors as of spool_put. */
int spool_commit(struct spool *s, struct serve_now now);

/* Tries to record again. 0, or an error and spool_trouble. */
AUR_MUST_CHECK int spool_resume(struct spool *s, struct serve_now now);

/* Seals what is open, so that a walk has it, unless that was done in the last
 * SPOOL_SEAL_NS. Errors as of spool_put. */
int spool_seal(struct spool *s, struct serve_now now);

/* Whether that would have something of [from, to) that no walk has yet, and the
 * earliest of it. */
bool spool_gathers(const struct spool *s, struct aur_wall from,
    struct aur_wall to, struct aur_wall *ret_since);

/* --- reading -------------------------------------------------------------- */

/* First and last time of what is sealed; false: nothing is. */
bool spool_bounds(
    const struct spool *s, struct aur_wall *ret_from, struct aur_wall *ret_to);

/* Begins a walk over the blocks of these kinds (bits of enum aur_kept) that
 * touch [from, to], of segments that are sealed by now. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int spool_walk_begin(struct spool *s, unsigned kinds,
    struct aur_wall from, struct aur_wall to, struct spool_walk **ret_walk);

/* Puts the next block into `buf`, which is cleared, whole and checked by
 * aur_block_head: newest segment first, in a segment the blocks of a span
 * together, TIMES before its COLUMNS. Damaged blocks are left out, and
 * segments that were removed meanwhile. 0; AUR_EABSENT: that was all;
 * AUR_ENOMEM, AUR_EIO: it is over. */
AUR_MUST_CHECK int spool_walk_next(
    struct spool_walk *walk, struct aur_buf *buf);

/* The same, for who has others to look after: AUR_EBUSY where it has looked
 * through SPOOL_STEP_BYTES, or a segment, and found nothing that was asked for
 * yet. */
#define SPOOL_STEP_BYTES (256u << 10)
AUR_MUST_CHECK int spool_walk_step(
    struct spool_walk *walk, struct aur_buf *buf);

/* Where the walk is: all blocks so far were of segments not older than this;
 * to tell a reader where to go on. */
struct aur_wall spool_walk_at(const struct spool_walk *walk);

void spool_walk_end(struct spool_walk *walk); /* NULL is fine */

#endif
