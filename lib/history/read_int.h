/* SPDX-License-Identifier: MIT */
/*
 * Reading raw samples, on the caller's thread or, with weeks of its own, the
 * writer's. A few things that were opened lately stay open, so that a step of
 * a second costs a row and not a span. Internal to the room.
 *
 *	chunk.c   frames in order: a stream of the log, a block of processes
 *	span.c    blocks of columns
 *	find.c    which of them has the sample at a moment
 *	walk.c    all samples of a stretch, in order
 */
#ifndef AUR_HISTORY_READ_INT_H
#define AUR_HISTORY_READ_INT_H

#include "history/store_int.h"
#include "pack/pack.h"
#include "wire/decode.h"

/* --- frames --------------------------------------------------------------- */

/* Samples of a chunk that stay decoded. */
#define AUR__RING 64u

struct aur__chunk {
	int64_t monday, host;
	int64_t log_kind; /* 0: it is a block */
	int64_t id;	  /* the stream, or the block */
	int64_t from;	  /* of the block: numbers are used again */
	int64_t last_row; /* of the log that was read */
	uint64_t only;	  /* as the cache's */
	struct aur_buf frames;
	size_t at; /* bytes decoded */
	struct aur_decoder *decoder;
	struct aur_strs *strs; /* held */
	struct aur_sample *ring[AUR__RING];
	size_t n;      /* in it, in order */
	bool begins;   /* ring[0] is the first of all */
	bool broken;   /* what follows cannot be decoded */
	uint64_t used; /* when, counted; 0: the place is free */
};

/* The last sample at or before `at`, the first after it, borrowed until the
 * chunk is used again; NULL: none, or no memory. */
struct aur_sample *aur__chunk_last(struct aur__chunk *c, struct aur_wall at);
struct aur_sample *aur__chunk_next(struct aur__chunk *c, struct aur_wall at);
void aur__chunk_release(struct aur__chunk *c);
/* Calls `fn` for each sample from the first on. None stays decoded, so that
 * one costs no more than what has changed; `fn` may hold it. 0, or what `fn`
 * returned that was negative. */
typedef int (*aur__chunk_fn)(void *arg, struct aur_sample *s);
AUR_MUST_CHECK int aur__chunk_pass(
    struct aur__chunk *c, aur__chunk_fn fn, void *arg);

/* Reads the rows of its stream that were not read yet. 0 or an error. */
AUR_MUST_CHECK int aur__chunk_log(struct aur__chunk *c, struct aur__db *db);
/* Reads its block. */
AUR_MUST_CHECK int aur__chunk_block(struct aur__chunk *c, struct aur__db *db);

/* --- columns -------------------------------------------------------------- */

struct aur__at { /* a row of table block */
	int64_t id;
	struct aur_wall from, to;
	uint8_t boot_id[16];
	bool own, whole;
};
void aur__at_take(struct aur__at *at, sqlite3_stmt *st);

struct aur__columns {
	struct aur_buf bytes;
	struct aur_columns *columns; /* NULL: damaged */
	bool checked, damaged;	     /* some of its bytes */
	char name[AUR_MAX_BLOCK_NAME + 1];
};

struct aur__span {
	int64_t monday, host, step;
	struct aur__at at;
	struct aur_times times;
	struct aur__columns *part; /* that were opened */
	size_t npart, part_cap;
	uint64_t domains; /* that were looked for; all: others, too */
	bool others;
	uint64_t used;
};

/* Opens its times. 0, AUR_EINVALID, ... */
AUR_MUST_CHECK int aur__span_open(
    struct aur__span *s, struct aur__db *db, struct aur_unpacker *unpacker);
void aur__span_release(struct aur__span *s);

/* Which of a sample's domains are of interest: bits of those built in, and
 * whether those that are not. */
struct aur__mask {
	uint64_t domains;
	bool others;
};
/* Sample `row` without parts: its times, its boot. NULL: no memory. */
struct aur_sample *aur__span_bare(
    struct aur__span *s, size_t row, struct aur_strs *strs);
/* Sample `row`, with the parts that are wanted. 0, AUR_ENOMEM, ... what is
 * damaged is left out. */
AUR_MUST_CHECK int aur__span_sample(struct aur__span *s, struct aur__db *db,
    size_t row, struct aur__mask mask, struct aur_strs *strs,
    struct aur_sample **ret_sample);
/* The opened columns of a domain; NULL: not there, damaged, no memory. */
struct aur__columns *aur__span_part(
    struct aur__span *s, struct aur__db *db, const char *name);
/* Whether all its bytes are sound, which is looked at once. Who reads a column
 * checks what it stands in; who tells all or nothing asks here first. */
bool aur__columns_whole(struct aur__columns *p);

/* The bytes of a block, appended to `out`; who opens them checks them. */
AUR_MUST_CHECK int aur__block_read(
    struct aur__db *db, int64_t id, struct aur_buf *out);

/* --- what stays open ------------------------------------------------------ */

#define AUR__CHUNKS 12u
#define AUR__SPANS 6u

struct aur__cache {
	struct aur__chunk chunk[AUR__CHUNKS];
	struct aur__span span[AUR__SPANS];
	struct aur_unpacker *unpacker; /* of the spans */
	uint64_t uses, rested; /* so far; when aur_history_rest was last */
	uint64_t only; /* as aur_decoder_only's: of frames; 0: everything */
};
AUR_MUST_CHECK int aur__cache_new(struct aur__cache **ret_c);
void aur__cache_free(struct aur__cache *c); /* NULL is fine */

/* From the cache or opened; borrowed until others have been asked for. NULL
 * where it cannot be read. */
struct aur__chunk *aur__cache_stream(struct aur__cache *c, struct aur__db *db,
    int64_t monday, int64_t host, int64_t log_kind, int64_t stream,
    struct aur_strs *strs);
struct aur__chunk *aur__cache_block(struct aur__cache *c, struct aur__db *db,
    int64_t monday, int64_t host, const struct aur__at *at,
    struct aur_strs *strs);
struct aur__span *aur__cache_span(struct aur__cache *c, struct aur__db *db,
    int64_t monday, int64_t host, int64_t step, const struct aur__at *at);

/* --- finding -------------------------------------------------------------- */

/* Where to read: a caller's or the writer's. */
struct aur__source {
	struct aur__weeks *weeks;
	struct aur__cache *cache;
	struct aur_strs *strs;
	int64_t host; /* its number in the tables */
};
/* Of a host of the caller's. AUR_ENOMEM. */
AUR_MUST_CHECK int aur__source_of(
    struct aur_history *h, size_t host, struct aur__source *ret_s);

/* A sample that was found, not made yet. */
struct aur__found {
	struct aur_wall wall;	/* 0: none was */
	struct aur__span *span; /* NULL: it is `sample` */
	int64_t monday;
	size_t row;
	struct aur__chunk *chunk;
	struct aur_sample *sample; /* borrowed from the chunk */
	int64_t step_ns;	   /* how far it stands for what follows */
};

/* The last sample of the system at or before `at`, looking back at most `far`
 * ns; the first after `at`. Nothing found: wall 0. */
void aur__find_last(const struct aur__source *s, struct aur_wall at,
    int64_t far, struct aur__found *ret);
void aur__find_next(
    const struct aur__source *s, struct aur_wall at, struct aur__found *ret);
/* The last table of processes at or before `at`. */
void aur__find_table(const struct aur__source *s, struct aur_wall at,
    int64_t far, struct aur__found *ret);

/* The sample that was found, with a reference of the caller's; at once, before
 * anything else is looked for. */
AUR_MUST_CHECK int aur__found_sample(const struct aur__source *s,
    const struct aur__found *f, struct aur__mask mask,
    struct aur_sample **ret_sample);

#endif
