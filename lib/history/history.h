/* SPDX-License-Identifier: MIT */
/*
 * What a client keeps of its hosts: samples, tables of processes, events, at
 * full resolution for two days and coarser for two years, in a folder
 * with an index and one SQLite file for each week. store.c draws the tables
 * and says when what becomes what.
 *
 *	rc = aur_history_open(&h, &options);
 *	if (aur_history_records(h))
 *		aur_history_put(h, host, sample);       from a live feed
 *	rc = aur_history_at(h, host, at, &want, &before, &now);
 *	rc = aur_history_points(h, host, &metric, from, to, points, n);
 *	aur_history_close(h);
 *
 * One program records, by a lock; others read what it has committed, and need
 * not record: hosts that keep their own time fill it in later. What is put is
 * copied or held, and written by a thread of its own a few seconds later, with
 * a queue that has an end: nobody waits for a disk. Writing what is there
 * changes nothing. A full, read-only or damaged disk stops recording with a
 * sentence in aur_history_trouble, and nothing else.
 *
 * Hosts are told apart by id (the team file's; "local" for this machine) and
 * numbered here. One thread calls.
 */
#ifndef AUR_HISTORY_HISTORY_H
#define AUR_HISTORY_HISTORY_H

#include "base/log.h"
#include "model/feed.h"

struct aur_history;

struct aur_history_options {
	const char *folder; /* this team's; made when it is recorded to */
	bool record;	    /* to record, if nobody else does */
	bool early; /* only to read, also before anything is there: nothing is
		       looked at before it is asked for */
	uint64_t most_bytes;	   /* on disk, in all; 0: AUR_HISTORY_BYTES. The
				      oldest of the finest goes first */
	const struct aur_log *log; /* may be NULL */
};
#define AUR_HISTORY_BYTES (4ull << 30)

/* Opens what is there. 0; AUR_EABSENT: nothing is, and it is not to record;
 * AUR_EVERSION: a later form; AUR_EDENIED, AUR_EIO, AUR_ENOMEM; then a
 * sentence for people in `why`. Damaged files are set aside (renamed) by who
 * records, and named by aur_history_trouble. */
AUR_MUST_CHECK int aur_history_open(struct aur_history **ret_h,
    const struct aur_history_options *options, char *why, size_t size);

/* Writes what waits, at most a second long, and closes. NULL is fine. */
void aur_history_close(struct aur_history *h);

/* Whether what is put is kept. */
bool aur_history_records(const struct aur_history *h);

/* What is wrong or worth knowing, for people: somebody else records, the disk
 * is full, a file was set aside; NULL: nothing. Good until the next call. Where
 * somebody else recorded and has gone, this begins to. */
const char *aur_history_trouble(struct aur_history *h);

/* Gives back memory that only makes the next read faster: of what was not read
 * since the last call. Cheap; to be called every few seconds or so. */
void aur_history_rest(struct aur_history *h);

/* --- putting -------------------------------------------------------------- */

/* The number of a host, new or known; its name is noted. 0, AUR_ENOMEM,
 * AUR_ELIMIT (AUR_MAX_TEAM_HOSTS), AUR_EABSENT (unknown, and this does not
 * record). */
AUR_MUST_CHECK int aur_history_host(
    struct aur_history *h, const char *id, const char *name, size_t *ret_host);

/* Live samples and events, as they come; of a sample whatever domains it has.
 * Samples that the queue has no room for are left out, and counted. */
void aur_history_put(
    struct aur_history *h, size_t host, struct aur_sample *sample);
void aur_history_put_event(
    struct aur_history *h, size_t host, const struct aur_event *event);

/* A block that the host kept. It is checked first, and is preferred to what
 * was put live of that time. 0; AUR_EINVALID: damaged, left out; AUR_EBUSY:
 * the queue is full, ask again later. */
AUR_MUST_CHECK int aur_history_put_block(
    struct aur_history *h, size_t host, struct aur_slice block);

/* The blocks that came last of a host were all of their span: its answer ended
 * well; or, where it did not, they may not be, and aur_history_lacks will name
 * the span again. Else a block of another span tells that one is whole. */
void aur_history_put_end(struct aur_history *h, size_t host, bool whole);

struct aur_history_span {
	struct aur_wall from, to;
};
/* Stretches of [from, to) of which no block of that kind (enum aur_kept) has
 * been put, newest first; what was put live counts as lacking. Their number,
 * at most `most`. */
size_t aur_history_lacks(struct aur_history *h, size_t host, unsigned kind,
    struct aur_wall from, struct aur_wall to, struct aur_history_span *ret,
    size_t most);

/* Waits until all that was put is committed; for tests and one-shots. 0,
 * AUR_EIO, AUR_ETIMEOUT. */
AUR_MUST_CHECK int aur_history_flush(
    struct aur_history *h, struct aur_span most);

/* The same, and then does as of `now` what is else done in idle moments: packs
 * what was put live, makes the coarser tiers, lets go of what is too old. */
AUR_MUST_CHECK int aur_history_tidy(
    struct aur_history *h, struct aur_wall now, struct aur_span most);

/* --- reading -------------------------------------------------------------- */

size_t aur_history_count(const struct aur_history *h);
const char *aur_history_id(const struct aur_history *h, size_t host);
const char *aur_history_name(const struct aur_history *h, size_t host);

/* First and last sample, or, where only coarser tiers are left, the begin of
 * the first and the last step that has values; SIZE_MAX: of any host. False:
 * nothing is kept. */
bool aur_history_bounds(struct aur_history *h, size_t host,
    struct aur_wall *ret_from, struct aur_wall *ret_to);

/* The last sample at or before `at`, within what its resolution bridges, and
 * the one before it (NULL: none), in one string table; the caller's to unref.
 * Of `want` the domains and process fields count. Processes are those of the
 * last table before `at`; their part's at_ns says how old that was, and the
 * earlier sample has the table before. 0; AUR_EABSENT: a gap; AUR_EIO,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_history_at(struct aur_history *h, size_t host,
    struct aur_wall at, const struct aur_want *want,
    struct aur_sample **ret_before, struct aur_sample **ret_now);

/* The last `most` tables of processes at or before `at`, 64 of them at most,
 * oldest first, as far as there is no gap and no boot between them. 0, AUR_EIO,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_history_tables(struct aur_history *h, size_t host,
    struct aur_wall at, size_t most, aur_feed_table_fn fn, void *arg);

/* Wall time of the next sample after (dir > 0) or before `at`. 0,
 * AUR_EABSENT, AUR_EIO. */
AUR_MUST_CHECK int aur_history_step(struct aur_history *h, size_t host,
    struct aur_wall at, int dir, struct aur_wall *ret_at);

/* `n` points of one figure of one row over [from, to), from the finest tier
 * that is there and does not cost more than it shows. 0, AUR_EIO, AUR_ENOMEM.
 */
AUR_MUST_CHECK int aur_history_points(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    struct aur_point *points, size_t n);

/* Every value of a figure in [from, to), in order, with its time, where the
 * finest tier has it; NaN opens a gap. 0, AUR_EIO, AUR_ENOMEM, or what `fn`
 * returned. */
typedef int (*aur_history_value_fn)(
    void *arg, struct aur_wall at, double value);
AUR_MUST_CHECK int aur_history_values(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    aur_history_value_fn fn, void *arg);

/* Names of the rows that the metric's group had in [from, to) and that its
 * glob means, in order; "" for groups of one. 0, AUR_EIO, AUR_ENOMEM. */
typedef void (*aur_history_name_fn)(void *arg, struct aur_slice name);
AUR_MUST_CHECK int aur_history_rows(struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to,
    aur_history_name_fn fn, void *arg);

/* Events of a host (SIZE_MAX: of all) in [from, to) by time, the last `most`
 * of them (0: all); each once, by boot and number. */
AUR_MUST_CHECK int aur_history_events(struct aur_history *h, size_t host,
    struct aur_wall from, struct aur_wall to, size_t most, aur_feed_event_fn fn,
    void *arg);

/* When somebody last looked at this team, 0 never; and that it is now. */
struct aur_wall aur_history_looked(struct aur_history *h);
void aur_history_look(struct aur_history *h, struct aur_wall now);

/* Walks through all that is kept, checks it, and says what it finds, a line
 * each; with `into`, a new folder, copies what is sound there. The number of
 * damaged pieces, or AUR_EIO, AUR_ENOMEM, AUR_EBUSY (`into` is not empty). */
typedef void (*aur_history_say_fn)(void *arg, const char *line);
AUR_MUST_CHECK int aur_history_check(
    struct aur_history *h, const char *into, aur_history_say_fn say, void *arg);

/* --- feeds ---------------------------------------------------------------- */

struct aur_replay_host {
	const char *id, *name; /* copied */
	const char *address;   /* copied; NULL: its name */
	const char *const *groups;
	size_t ngroup;
};
/* A feed of the past of these hosts, in their order, which need not have been
 * kept. `h` outlives it. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_replay_new(struct aur_feed **ret_feed,
    struct aur_history *h, const struct aur_replay_host *hosts, size_t n);

struct aur_record_options {
	struct aur_span horizon; /* nothing older is asked for */
	struct aur_span every;	 /* hosts that are up are asked again */
	struct aur_span settled; /* and so long after each hour, for whole
				    hours: asking for what is younger would
				    cut its blocks small */
	struct aur_span seam;	 /* after a host came up it is asked once more
				    for the time just before that: it writes
				    out what it has once a minute at most */
	struct aur_span retry;	 /* after a block that the store was too busy
				    for, or a host that was */
	unsigned most;		 /* hosts that are asked at once */
};
/* Two days, ten minutes, 90 seconds, 65 seconds, two seconds, two hosts. */
struct aur_record_options aur_record_usual(void);

/* A feed around a live one, which it frees with itself: it passes everything
 * on, puts samples and events into the history, and fills in from each host,
 * newest first, what that has kept and the history lacks: when the host comes
 * up, and every now and then. Where the history does not record it only passes
 * on. `h` outlives it; NULL: aur_record_keep will bring it. Options NULL: the
 * usual. 0, AUR_ENOMEM.
 *
 * It tells events of its own as well, and puts them: a host that was up is lost
 * ("link_lost"), and is back ("link_gap"). Their boot is AUR_EVENT_CLIENT,
 * which no host's is (an event that comes from a host with it is not put), and
 * their number their time. */
AUR_MUST_CHECK int aur_record_new(struct aur_feed **ret_feed,
    struct aur_feed *inner, struct aur_history *h,
    const struct aur_record_options *options);

/* From now on it is kept in this one. */
void aur_record_keep(struct aur_feed *feed, struct aur_history *h);

/* Fills in [from, to) of a host, by its clock, before anything else; without
 * effect while it is not up. */
void aur_record_fill(struct aur_feed *feed, size_t host, struct aur_wall from,
    struct aur_wall to);

#endif
