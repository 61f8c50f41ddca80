/* SPDX-License-Identifier: MIT */
/*
 * A sample: what one host was at one instant. It holds a part for each domain
 * that was asked for; a part holds instances; an instance holds one 64-bit
 * cell for each field, and a bit that tells whether the cell was filled:
 * absent is not zero. Counters are raw; rate.h subtracts.
 *
 *	struct aur_sample *s = aur_sample_new(strs);
 *	struct aur_part *p =
 *	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_DISK));
 *	ptrdiff_t i = aur_part_add_named(p, aur_slice_str("sda"));
 *	if (i >= 0)
 *		aur_part_set(p, (size_t)i, AUR_DISK_reads, 12);
 *	...
 *	aur_sample_unref(s);
 *
 * Invariants: instances have distinct keys; those of NUMBER and PROCESS
 * domains ascend by key once the part is complete; cells of kind STR hold a
 * reference to their string, given back when the cell is overwritten or the
 * part cleared; an absent cell holds 0.
 *
 * A sample is counted, so that a screen, a store and a codec may keep the
 * same one. Once it has more than one holder nobody writes to it. One thread.
 */
#ifndef AUR_MODEL_SAMPLE_H
#define AUR_MODEL_SAMPLE_H

#include "base/clock.h"
#include "base/compiler.h"
#include "base/strs.h"
#include "model/domain.h"

/* NUMBER: v[0]. PROCESS: v[0] pid, v[1] start in ticks since boot. STRING and
 * LABELS: v[0] the string's id, referenced. ONE: zeros. */
struct aur_key {
	uint64_t v[2];
};

struct aur_inst {
	struct aur_key key;
	int64_t at_ns; /* when its counters were read, less the part's time;
			  0 or negative */
};

struct aur_part {
	const struct aur_domain *domain; /* borrowed: outlives the sample */
	struct aur_strs *strs;		 /* borrowed from the sample */
	int64_t at_ns; /* when it was read, less the sample's mono; <= 0 */
	size_t n, cap;
	size_t nword;		   /* presence words per instance */
	bool texts;		   /* a cell may be a string */
	struct aur_inst *inst;	   /* n of them; the allocation of all three */
	uint64_t *cell;		   /* n * domain->nfield */
	uint64_t *have;		   /* n * nword */
	struct aur_sample *lender; /* whose arrays these are; held. NULL: its
				      own. Nobody writes to what is lent */
};

/* What domains of a run-time catalogue live in, counted by the samples that
 * have parts of them. `free` is called when the last one has let go. */
struct aur_keep {
	unsigned refs;
	void (*free)(struct aur_keep *keep);
};

struct aur_sample {
	unsigned refs;
	struct aur_keep *keep;	  /* held; NULL: built-in domains only */
	struct aur_mono mono;	  /* the agent's CLOCK_MONOTONIC */
	struct aur_mono boot;	  /* its CLOCK_BOOTTIME: differs by suspends */
	struct aur_wall wall;	  /* its CLOCK_REALTIME */
	uint8_t boot_id[16];	  /* changes: counters began anew */
	uint64_t seq;		  /* counts up by one; a jump is a loss */
	uint64_t missed;	  /* samples skipped before this one */
	struct aur_span interval; /* what was asked for; 0 for a single one */
	struct aur_strs *strs;	  /* held */
	struct aur_part *part;	  /* npart, in no special order */
	size_t npart, part_cap;
};

/* A new sample with one reference, which holds `strs`. NULL: out of memory. */
AUR_MUST_CHECK struct aur_sample *aur_sample_new(struct aur_strs *strs);
struct aur_sample *aur_sample_ref(struct aur_sample *s);
void aur_sample_unref(struct aur_sample *s); /* NULL is fine */

/* Whether nobody but the caller holds the sample, who may then take from it. */
static inline bool aur_sample_is_sole(const struct aur_sample *s)
{
	return s->refs == 1;
}

/* Makes a sample that nobody else holds as new, in the room that it has. */
void aur_sample_renew(struct aur_sample *s);

/* Makes the sample hold `keep`, which has domains of its parts, instead of
 * what it held; `keep` may be NULL. */
void aur_sample_keep(struct aur_sample *s, struct aur_keep *keep);

/* One reference less; at none it is freed. NULL is fine. */
void aur_keep_unref(struct aur_keep *keep);

/* The part of domain `d`, empty if new; NULL when out of memory or at
 * AUR_MAX_DOMAINS. Pointers to parts are good until the next new part. */
AUR_MUST_CHECK struct aur_part *aur_sample_part(
    struct aur_sample *s, const struct aur_domain *d);

/* The part of a domain; NULL where the sample has none. */
const struct aur_part *aur_sample_find(
    const struct aur_sample *s, const struct aur_domain *d);
const struct aur_part *aur_sample_get(
    const struct aur_sample *s, enum aur_domain_id id);

/* Takes part number `i` out; those behind it move up. */
void aur_sample_drop(struct aur_sample *s, size_t i);

/* Gives `s` the part `p` of the sample `from`, which it holds from then on: the
 * arrays are shared, so a hundred readers of a sample cost none of its cells.
 * Its at_ns is copied, and may be set. `s` must not have that domain yet, and
 * both have one string table. 0, AUR_ENOMEM, AUR_ELIMIT, AUR_EINVALID. */
AUR_MUST_CHECK int aur_sample_lend(
    struct aur_sample *s, struct aur_sample *from, const struct aur_part *p);

/* Times, boot id, number and interval of another sample. */
void aur_sample_copy_times(struct aur_sample *s, const struct aur_sample *from);

/* A copy of all times, parts and cells, with one reference, in the same
 * string table. NULL: out of memory. */
AUR_MUST_CHECK struct aur_sample *aur_sample_copy(const struct aur_sample *s);

/* Empties the part, drops its strings, keeps its storage. */
void aur_part_clear(struct aur_part *p);

/* Makes `dst` equal to `src`, which is of the same domain; the string table
 * must be the same. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_part_copy(
    struct aur_part *dst, const struct aur_part *src);

/* Gives `dst`, which is new, all instances of `src`, which is of the same
 * domain and string table, and has none then. Neither is lent, and nobody else
 * holds their samples. */
void aur_part_move(struct aur_part *dst, struct aur_part *src);

/* Appends `n` instances of `src` from `first` on, which is of the same domain
 * and string table, and may be `dst` itself. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_part_append(
    struct aur_part *dst, const struct aur_part *src, size_t first, size_t n);

/* Makes room for `n` instances in all, and no more if it had none: who knows
 * how many will come needs not grow. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_part_reserve(struct aur_part *p, size_t n);

/* Appends an instance with no cell present. Its index, or AUR_ENOMEM,
 * AUR_ELIMIT. The key must be new to the part (not checked). A STRING key's
 * reference is taken over; aur_part_add_named makes it. */
AUR_MUST_CHECK ptrdiff_t aur_part_add(struct aur_part *p, struct aur_key key);
AUR_MUST_CHECK ptrdiff_t aur_part_add_named(
    struct aur_part *p, struct aur_slice name);
/* The single instance of a ONE domain, made if need be: 0 or an error. */
AUR_MUST_CHECK ptrdiff_t aur_part_one(struct aur_part *p);

/* Sorts instances by key numbers; for NUMBER and PROCESS domains that were
 * filled out of order. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_part_sort(struct aur_part *p);

/* The index of the instance with this key, -1 if there is none. `hint` is
 * where to look first: callers that walk two parts in step pass their
 * position. Binary search for NUMBER and PROCESS, else from hint around.
 * The key of a STRING domain must be an id of the same table. */
ptrdiff_t aur_part_find(
    const struct aur_part *p, struct aur_key key, size_t hint);
ptrdiff_t aur_part_find_named(const struct aur_part *p, struct aur_slice name);

/* The instance of a PROCESS domain with this pid, whatever its start; -1. */
ptrdiff_t aur_part_find_pid(const struct aur_part *p, uint64_t pid);

/* The name of instance `i` of a STRING or LABELS domain. */
struct aur_slice aur_part_name(const struct aur_part *p, size_t i);

/* Whether the cell is filled. */
static inline bool aur_part_has(const struct aur_part *p, size_t i, size_t f)
{
	return (p->have[i * p->nword + f / 64] >> (f % 64)) & 1;
}

/* The cell, 0 where absent. */
static inline uint64_t aur_part_cell(
    const struct aur_part *p, size_t i, size_t f)
{
	return p->cell[i * p->domain->nfield + f];
}

/* Fills a cell that is no string. */
static inline void aur_part_set(
    struct aur_part *p, size_t i, size_t f, uint64_t v)
{
	p->cell[i * p->domain->nfield + f] = v;
	p->have[i * p->nword + f / 64] |= (uint64_t)1 << (f % 64);
}

/* Makes a cell absent; a string is dropped. */
void aur_part_unset(struct aur_part *p, size_t i, size_t f);

/* Fills a string cell, dropping what was there. `set_text` interns; `set_id`
 * adds a reference to a live id. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_part_set_text(
    struct aur_part *p, size_t i, size_t f, struct aur_slice text);
void aur_part_set_id(struct aur_part *p, size_t i, size_t f, uint32_t id);

/* A number cell as a double, scaled to its unit; false where absent or a
 * string. */
bool aur_part_number(
    const struct aur_part *p, size_t i, size_t f, double *ret_v);

/* A string cell's bytes, valid as long as the sample; false where absent. */
bool aur_part_text(
    const struct aur_part *p, size_t i, size_t f, struct aur_slice *ret_text);

#endif
