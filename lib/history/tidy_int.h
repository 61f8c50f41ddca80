/* SPDX-License-Identifier: MIT */
/* What the writer does in idle moments: the steps of tidy.c. Internal to the
 * room. */
#ifndef AUR_HISTORY_TIDY_INT_H
#define AUR_HISTORY_TIDY_INT_H

#include "history/walk_int.h"

struct aur__tidy {
	struct aur__writer *w;
	struct aur__source source; /* of one host; weeks are the writer's */
	struct aur_wall now;
	bool all; /* that is due: it was asked for */
};

/* Blocks that were made and wait for their transaction. */
struct aur__made {
	struct aur__made_block {
		enum aur_block_kind kind;
		char name[AUR_MAX_BLOCK_NAME + 1];
		struct aur_wall from, to;
		uint8_t boot_id[16];
		struct aur_buf bytes;
	} * block; /* owned */
	size_t n, cap;
};
/* An aur_block_fn for a struct aur__made. */
AUR_MUST_CHECK int aur__made_add(void *arg, const struct aur_block *block);
void aur__made_release(struct aur__made *m);
/* Inserts them, as our own or as the host's. 0 or an error. */
AUR_MUST_CHECK int aur__made_put(const struct aur__made *m, struct aur__db *db,
    int64_t host, int64_t step, bool own);

/* Adds a sample; finishes the span into `made` where it is full. */
AUR_MUST_CHECK int aur__pack_add(
    struct aur_packer *p, const struct aur_sample *s, struct aur__made *made);

/* Tables of processes into FRAMES blocks. */
struct aur__tables {
	struct aur_encoder *encoder;
	struct aur_sample *first, *last; /* held */
	struct aur_buf frames;
	uint32_t n;
};
void aur__tables_init(struct aur__tables *t);
void aur__tables_release(struct aur__tables *t);
AUR_MUST_CHECK int aur__tables_add(
    struct aur__tables *t, struct aur_sample *s, struct aur__made *made);
AUR_MUST_CHECK int aur__tables_finish(
    struct aur__tables *t, struct aur__made *made);

/* Rows of table block that touch [from, to), every second's; owned by the
 * caller. */
AUR_MUST_CHECK int aur__spans_read(struct aur__db *db, int64_t host,
    enum aur_block_kind kind, const char *name, struct aur_wall from,
    struct aur_wall to, struct aur__at **ret_at, size_t *ret_n);

/* thin.c: of an hour of the source's host a sample of each minute stays. */
AUR_MUST_CHECK int aur__thin_hour(
    struct aur__tidy *t, int64_t monday, struct aur_wall hour);

/* expire.c: what is too old, and what is too much. */
AUR_MUST_CHECK int aur__expire(struct aur__tidy *t, struct aur_wall now);
AUR_MUST_CHECK int aur__shed(struct aur__tidy *t, struct aur_wall now);

/* Streams of a host that have been packed: from one to another, and between
 * which rows theirs stand. */
struct aur__packed {
	int64_t host, from, to;
	int64_t first, last;
};
/* Those of all hosts, in order of hosts, each once. */
struct aur__packed_all {
	struct aur__packed *at; /* owned */
	size_t n;
	int64_t first, last;
};
/* own_drop.c: adds one; drops the rows of all, a few thousand at a time. 0 or
 * an error, and then some are still there. */
AUR_MUST_CHECK int aur__packed_add(
    struct aur__packed_all *all, const struct aur__packed *p);
AUR_MUST_CHECK int aur__packed_drop(struct aur__tidy *t, int64_t monday,
    int64_t log_kind, struct aur__packed_all *all);

/* own.c: the log of whole hours into blocks. 0 or an error. */
AUR_MUST_CHECK int aur__tidy_log(struct aur__tidy *t);

#endif
