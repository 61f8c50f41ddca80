/* SPDX-License-Identifier: MIT */
/*
 * What both sides of a stream remember of one domain, besides the last
 * sample: its columns, the growth of its counters, and the masks that rows
 * were coded with lately. Encoder and decoder make the same steps on it in
 * the same order, so it never travels. Internal to the room.
 */
#ifndef AUR_WIRE_LANE_H
#define AUR_WIRE_LANE_H

#include "base/bits.h"
#include "base/compiler.h"
#include "base/limits.h"
#include "model/sample.h"

/* A mask has bit 0 for the time of reading and bit 1 + column for cells. */
#define AUR__MASK_BYTES (AUR_MAX_FIELDS / 8 + 1)
struct aur__mask {
	uint8_t b[AUR__MASK_BYTES];
};

/* The masks used last, by recency: rank 0 is the newest. */
#define AUR__MASKS 32u
struct aur__masks {
	struct aur__mask mask[AUR__MASKS];
	uint8_t order[AUR__MASKS];
	unsigned n;
};

/* A field as the stream has it. */
struct aur__column {
	int16_t field; /* in the local domain; -1: not known here */
	int16_t grow;  /* its place in a row of growth; -1: none */
	uint8_t kind;  /* enum aur_kind */
	uint8_t grain; /* index into aur__grains */
	uint8_t next;  /* encoder: the grain from the coming part on */
	uint8_t fits;  /* encoder: the grains that all values so far fit */
	bool seen;     /* encoder: a number other than 0 has been sent */
};

struct aur__lane {
	const struct aur_domain *domain; /* the local one */
	unsigned ncolumn, ngrow;
	size_t nmask; /* bytes of a mask */
	struct aur__column *column;
	struct aur__masks changed, added;
	int64_t *growth; /* instances of the base * ngrow */
	int64_t *spare;	 /* of the coming one, while it is made */
	bool fixed;	 /* a carried part keeps its instant, not its age */
	bool here;	 /* the coming sample has its part */
	uint16_t base_at, coming_at; /* decoder: 1 + the place of its part in
					the sample; 0: it has none. Encoder: the
					place in the base, probably */
	uint64_t weighs[AUR_MAX_FIELDS / 64]; /* encoder: columns whose grain
						 another value may change */
};

/* Factors that numbers of a column have in common. */
#define AUR__GRAINS 6u
extern const uint64_t aur__grains[AUR__GRAINS];

enum aur__part_flag {
	AUR__PART_KEY = 1,
	AUR__PART_AT = 2,
	AUR__PART_SAME = 4,
	AUR__PART_GONE = 8,
	AUR__PART_NEW = 16,
	AUR__PART_GRAIN = 32,
	AUR__PART_ALL = 63,
};

enum aur__begin_flag {
	AUR__BEGIN_KEY = 1,
	AUR__BEGIN_STRINGS = 2,
	AUR__BEGIN_BOOT = 4,
	AUR__BEGIN_SEQ = 8,
	AUR__BEGIN_INTERVAL = 16,
};

/* The low three bits of a row's head. */
enum aur__head {
	AUR__HEAD_LITERAL = 0, /* a mask follows */
	AUR__HEAD_RANK = 1,    /* 1 to 5: that of rank 0 to 4 */
	AUR__HEAD_FAR = 6,     /* its rank follows */
	AUR__HEAD_ABSENT = 7,  /* a mask of cells that became absent follows,
				  then one more head */
};

/* Columns for `n` fields, empty. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__lane_init(
    struct aur__lane *l, const struct aur_domain *d, unsigned n);
void aur__lane_release(struct aur__lane *l);

/* Forgets all that a keyframe does not build on; columns have their kinds. */
void aur__lane_reset(struct aur__lane *l);

/* Makes l->spare `n` rows of zero growth. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__lane_spare(struct aur__lane *l, size_t n);
/* Makes the spare growth the growth. */
void aur__lane_swap(struct aur__lane *l);

/* Rank of a mask, -1 if it is not remembered. */
int aur__masks_find(
    const struct aur__masks *m, const struct aur__mask *mask, size_t n);
/* The mask of a rank below m->n, which becomes rank 0. */
const struct aur__mask *aur__masks_use(struct aur__masks *m, unsigned rank);
void aur__masks_add(struct aur__masks *m, const struct aur__mask *mask);

static inline bool aur__mask_has(const struct aur__mask *m, unsigned bit)
{
	return (m->b[bit / 8] >> (bit % 8)) & 1;
}

/* How many words have all of a mask, and the word with bits from 64 * i on. */
#define AUR__MASK_WORDS (AUR_MAX_FIELDS / 64 + 1)
static inline uint64_t aur__mask_word(const struct aur__mask *m, size_t i)
{
	if (i == AUR__MASK_WORDS - 1)
		return m->b[i * 8];
	return aur_get_le64(m->b + i * 8);
}

/* The mask of these cells, and whether of the time of reading. */
static inline void aur__mask_make(
    struct aur__mask *m, const uint64_t *cells, size_t nword, bool at)
{
	uint64_t carry = at;

	for (size_t i = 0; i < nword; i++) {
		aur_put_le64(m->b + i * 8, cells[i] << 1 | carry);
		carry = cells[i] >> 63;
	}
	m->b[nword * 8] = (uint8_t)carry;
}

static inline void aur__mask_set(struct aur__mask *m, unsigned bit)
{
	m->b[bit / 8] |= (uint8_t)(1u << (bit % 8));
}

/* The growth to predict, after one of `now` was seen. */
static inline int64_t aur__growth_learn(int64_t before, int64_t now)
{
	int64_t differ;

	if (before == 0)
		return now;
	differ = (int64_t)((uint64_t)now - (uint64_t)before);
	return (int64_t)((uint64_t)before + (uint64_t)(differ / 2));
}

/* Bytes in the other order: the varied end of doubles first. */
uint64_t aur__swap_bytes(uint64_t v);

#endif
