/* SPDX-License-Identifier: MIT */
/*
 * Packed time: the one form in which samples are kept, by the agent's spool,
 * on the wire of a backfill and in the client's store. So what one of them
 * has checked the next one copies.
 *
 * A **span** is a stretch of one host's time within one boot, an hour at most.
 * Packed it is a few **blocks**: one with the times of its samples, and one
 * for each domain with a column for each cell. A block stands alone: it says
 * what it is, which span it is of, and has a checksum.
 *
 *	rc = aur_packer_new(&p);
 *	for each sample:
 *		rc = aur_packer_add(p, sample);      AUR_ELIMIT: finish first
 *	rc = aur_packer_finish(p, AUR_PACK_EFFORT, on_block, me);
 *	aur_packer_free(p);
 *
 *	rc = aur_block_head(bytes, &head);           also checks all of it
 *	rc = aur_times_open(&times, bytes);
 *	rc = aur_columns_open(&columns, bytes, &times);
 *	rc = aur_columns_cells(columns, inst, field, cells, have);
 *	rc = aur_columns_part(columns, row, sample); the part as it was
 *
 * What is told of single processes does not pack well in columns: who lives
 * for a second is a column of one value. It is kept as the frames of a stream
 * (wire/encode.h), whole at its begin, as one block of kind FRAMES; so are
 * events. block.c draws the bytes, column.c says how a column is coded.
 *
 * Times are kept in ticks (base/clock.h), which is how samples have them.
 *
 * Everything that is read is hostile: bounded, and checked before memory is
 * taken for it. No files, no clock.
 */
#ifndef AUR_PACK_PACK_H
#define AUR_PACK_PACK_H

#include "base/buf.h"
#include "model/sample.h"

enum aur_block_kind {
	AUR_BLOCK_TIMES = 1,
	AUR_BLOCK_COLUMNS = 2, /* of one domain */
	AUR_BLOCK_FRAMES = 3,  /* "process": a stream of processes;
				  "event": events */
};

struct aur_block {
	enum aur_block_kind kind;
	struct aur_slice name; /* of the domain or stream; "" of times; at
				  most AUR_MAX_BLOCK_NAME */
	uint8_t boot_id[16];
	struct aur_wall from, to; /* earliest and latest in it, inclusive */
	uint32_t rows;		  /* samples, or events, in it */
	struct aur_slice bytes;	  /* all of it, as it is kept and sent */
};

/* Reads and checks a block: kind, lengths, checksum. What is packed in it is
 * checked when it is opened. Borrows from `bytes`, which is one whole block.
 * 0; AUR_EINVALID (damaged, or no block), AUR_EVERSION (a later form). */
AUR_MUST_CHECK int aur_block_head(
    struct aur_slice bytes, struct aur_block *ret_block);

/* Called for each block that is made; borrowed. 0, or an error that ends it.
 */
typedef int (*aur_block_fn)(void *arg, const struct aur_block *block);

/* --- packing -------------------------------------------------------------- */

struct aur_packer;

/* How hard zstd tries, 1 to 19; 0: not at all. */
#define AUR_PACK_EFFORT 3

/* 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_packer_new(struct aur_packer **ret_p);
void aur_packer_free(struct aur_packer *p); /* NULL is fine */

/* Adds a sample, but for its domains of processes and threads. Strings are
 * copied. 0; AUR_ELIMIT: it is of another boot, not later than the one
 * before, or the span is an hour long, or takes AUR_MAX_SPAN_BYTES of memory
 * (or twice what its first sample took, where that is more): finish, then add
 * again; AUR_ENOMEM: nothing of the sample was added. */
AUR_MUST_CHECK int aur_packer_add(
    struct aur_packer *p, const struct aur_sample *s);

/* Samples added since the last finish; memory held for them. */
size_t aur_packer_rows(const struct aur_packer *p);
size_t aur_packer_bytes(const struct aur_packer *p);

/* Packs what was added, times first, and begins anew; without samples it does
 * nothing. A domain that exceeds AUR_MAX_BLOCK is left out. 0, AUR_ENOMEM, or
 * what `fn` returned; begun anew in any case. */
AUR_MUST_CHECK int aur_packer_finish(
    struct aur_packer *p, int effort, aur_block_fn fn, void *arg);

/* Makes a block of `rows` samples or events out of frames as they stand on
 * the wire, at most AUR_MAX_BLOCK_RAW of them, and appends it to `out`; what
 * `block` says of bytes is not looked at. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_block_frames(const struct aur_block *block,
    struct aur_slice frames, int effort, struct aur_buf *out);

/* --- reading -------------------------------------------------------------- */

/* What expands what is packed, for one block after the other, of one thread: it
 * takes 100 KB from when it is first needed until it rests. */
struct aur_unpacker;
/* 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_unpacker_new(struct aur_unpacker **ret_u);
void aur_unpacker_rest(struct aur_unpacker *u);
void aur_unpacker_free(struct aur_unpacker *u); /* NULL is fine */

/* Times of a span, row by row. Those that few ask for stay packed. */
struct aur__times_rest;
struct aur_times {
	size_t n;
	uint8_t boot_id[16];
	struct aur_mono *mono; /* n each, owned */
	struct aur_wall *wall;
	struct aur_span *interval;
	struct aur__times_rest *rest;  /* owned */
	struct aur_unpacker *unpacker; /* borrowed; NULL: each its own */
};

/* `unpacker` is for the span's columns as well and outlives the times; NULL:
 * each has one of its own. Needs `bytes` no longer when it is done. 0,
 * AUR_EINVALID, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_times_open(struct aur_times *ret_t,
    struct aur_slice bytes, struct aur_unpacker *unpacker);
void aur_times_release(struct aur_times *t); /* zeroed is fine */

struct aur_times_row {
	struct aur_mono boot;
	uint64_t seq, missed;
};
/* The other times of a row. Quickest in ascending order. */
struct aur_times_row aur_times_row(struct aur_times *t, size_t row);

/* The row of the last sample at or before `at` (where the wall clock was set
 * back within the span: of the last such stretch); -1: all are later. */
ptrdiff_t aur_times_find(const struct aur_times *t, struct aur_wall at);

struct aur_columns;

/* Opens the columns of a domain, by names in our catalogue; one that we lack
 * becomes one at run time. `times` is of the same span: ages are told in its
 * rows. Both outlive it. A column is unpacked when it is asked for, with its
 * neighbours, which stay; what was not asked for is not checked, so that what
 * comes from afar goes through aur_block_head first. 0, AUR_EINVALID,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_columns_open(struct aur_columns **ret_c,
    struct aur_slice bytes, const struct aur_times *times);
void aur_columns_free(struct aur_columns *c); /* NULL is fine */

const struct aur_domain *aur_columns_domain(const struct aur_columns *c);
size_t aur_columns_rows(const struct aur_columns *c);

/* Instances that were there at any time of the span: by number, or in the
 * order in which they came. */
size_t aur_columns_insts(const struct aur_columns *c);
/* The number of a NUMBER domain; else 0. */
uint64_t aur_columns_number(const struct aur_columns *c, size_t inst);
/* The name of a STRING or LABELS domain; else "". */
struct aur_slice aur_columns_name(const struct aur_columns *c, size_t inst);
/* -1: it was not there. */
ptrdiff_t aur_columns_find(const struct aur_columns *c, struct aur_slice name);

/* Bits that tell which rows have the instance, as below. */
void aur_columns_there(
    const struct aur_columns *c, size_t inst, uint64_t *ret_have);

/* The cells of one field over all rows, and bits that tell which are there
 * (bit row % 64 of word row / 64; absent cells are 0). Cells of strings are
 * numbers for aur_columns_text. Field as in aur_columns_domain. 0, AUR_EABSENT
 * (never there), AUR_EINVALID (damaged), AUR_ENOMEM. */
AUR_MUST_CHECK int aur_columns_cells(struct aur_columns *c, size_t inst,
    size_t field, uint64_t *ret_cells, uint64_t *ret_have);
/* Whether the cells of a field are all the same, where they are there. */
bool aur_columns_still(const struct aur_columns *c, size_t inst, size_t field);
struct aur_slice aur_columns_text(const struct aur_columns *c, uint64_t cell);

/* When the counters of an instance were read, less the sample's time: in ns,
 * 0 or negative, for all rows. 0, AUR_EINVALID, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_columns_ages(
    struct aur_columns *c, size_t inst, int64_t *ret_ages);

/* Adds the part as it was in `row` to `s`, none where the sample had none.
 * What was unpacked stays for the next row. 0, AUR_EINVALID, AUR_ENOMEM,
 * AUR_ELIMIT; after an error the sample is of no use. */
AUR_MUST_CHECK int aur_columns_part(
    struct aur_columns *c, size_t row, struct aur_sample *s);

/* Appends the frames of a FRAMES block. 0, AUR_EINVALID, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_block_open_frames(
    struct aur_slice bytes, struct aur_buf *out);

#endif
