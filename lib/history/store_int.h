/* SPDX-License-Identifier: MIT */
/*
 * What the files of the store share. Two sides, which share a queue and the
 * folder, and no sample: the caller's (struct aur_history: encodes what is
 * put, reads by connections that cannot write) and the writer's thread
 * (write_int.h). Internal to the room.
 */
#ifndef AUR_HISTORY_STORE_INT_H
#define AUR_HISTORY_STORE_INT_H

#include "base/limits.h"
#include "history/history.h"
#include "history/week_int.h"
#include "history/write_int.h"
#include "pack/pack.h"
#include "wire/encode.h"

/* Streams of the log: what of a sample is put where. */
enum aur__lane_kind { AUR__LOG_SYSTEM, AUR__LOG_PROCESSES, AUR__LOGS };
static inline int64_t aur__log_kind(enum aur__lane_kind lane)
{
	return lane == AUR__LOG_SYSTEM ? AUR_KEPT_SYSTEM : AUR_KEPT_PROCESSES;
}

/* Resolutions of samples that are kept raw, in seconds. */
#define AUR__STEP_RAW 1
#define AUR__STEP_THIN 60

/* A table of processes is put at most so often. */
#define AUR__TABLE_NS (5 * AUR_SECOND_NS)

/* Times put lately, so that the same is not put twice. */
#define AUR__LATELY 128u

struct aur__put {
	struct aur_encoder *encoder; /* NULL: the next sample begins a stream */
	struct aur_strs *strs;	     /* held: the stream's */
	struct aur_keep *keep;	     /* of run-time domains; held */
	const struct aur_domain *domain[AUR_MAX_DOMAINS];
	size_t ndomain;
	uint8_t boot_id[16];
	struct aur_wall from, last; /* of the stream */
	struct aur_wall known;	    /* the last that is kept; valid if asked */
	bool asked;
	int64_t lately[AUR__LATELY];
	size_t nlately;
	struct aur__job *job; /* in the queue, while its turn is `turn` */
	uint64_t turn;
};

struct aur__host {
	int64_t id;
	char *ident, *name;    /* owned */
	struct aur_strs *strs; /* of all samples that are read; or NULL */
	struct aur__put *put[AUR__LOGS]; /* or NULL */
	bool coming; /* blocks of a span have been put, maybe not all */
	struct aur_block span; /* of it; its slices are not used */
	char span_name[AUR_MAX_BLOCK_NAME + 1];
};

struct aur__cache; /* read_int.h */

struct aur_history {
	char *folder; /* owned */
	const struct aur_log *log;
	int lock;     /* descriptor; -1: this does not record */
	bool foreign; /* somebody else records */
	uint64_t most_bytes;
	struct aur__host *host;
	size_t nhost, host_cap;
	struct aur__weeks weeks; /* read-only */
	int64_t index_at;	 /* ns: when it was written that was read */
	struct aur_mono scanned;
	struct aur__cache *cache;
	struct aur__writer *writer; /* NULL: this does not record */
	struct aur_buf frames;	    /* scratch of what is put */
	struct aur_buf trouble;	    /* what aur_history_trouble gave */
	char why[512];		    /* what was found at open; "" nothing */
};

/* Records if it can; says in h->why why not. 0, or an error that ends it. */
AUR_MUST_CHECK int aur__record_try(struct aur_history *h);

/* Scans the folder if that was not done within a second, or at once. */
void aur__scan(struct aur_history *h, bool now);

/* What a call reads is of one moment, from begin to end; they nest. */
void aur__read_begin(struct aur_history *h);
void aur__read_end(struct aur_history *h);

/* host.c: enters the hosts of a file that are not known yet; of the index as
 * others wrote it; of the weeks, where the index has lost them. 0 or an error.
 */
AUR_MUST_CHECK int aur__store_hosts_read(
    struct aur_history *h, struct aur__db *db);
AUR_MUST_CHECK int aur__store_hosts_index(struct aur_history *h);
void aur__store_hosts_lost(struct aur_history *h);
/* Who records may have entered hosts since: the index is another one then. */
void aur__store_hosts_learn(struct aur_history *h);
/* Has the writer write them all down. 0 or an error. */
AUR_MUST_CHECK int aur__store_hosts_put(struct aur_history *h);
void aur__store_hosts_release(struct aur_history *h);

/* The strings of a host's samples. NULL: no memory. */
struct aur_strs *aur__host_strs(struct aur_history *h, size_t host);

/* put.c: drops all streams; begins new ones; ends all spans. */
void aur__put_release(struct aur__host *host);
void aur__put_renew(struct aur_history *h);
void aur__put_end_all(struct aur_history *h);

/* Whether a domain's part goes to the table of processes. */
bool aur__is_process(const struct aur_domain *d);

/* Whether a sample of this very instant and boot is kept; of tables, one of
 * these five seconds. 1, 0, or an error. */
AUR_MUST_CHECK int aur__read_has(struct aur_history *h, size_t host,
    enum aur__lane_kind lane, const struct aur_sample *s);
/* When the last sample in the log was; 0 none. */
AUR_MUST_CHECK int aur__read_last(
    struct aur_history *h, size_t host, struct aur_wall *ret_at);

/* As aur_history_bounds, cheaper: up to a day wider where there are tiers. */
bool aur__read_extent(struct aur_history *h, size_t host,
    struct aur_wall *ret_from, struct aur_wall *ret_to);

#endif
