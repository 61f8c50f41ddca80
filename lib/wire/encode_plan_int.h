/* SPDX-License-Identifier: MIT */
/*
 * A part being coded: encode_plan.c finds what is to be told of it,
 * encode_part.c tells it. Internal to the room.
 *
 *	struct aur__plan pl = {.e = e, .l = l, .p = p};
 *	rc = aur__plan_make(&pl);
 */
#ifndef AUR_WIRE_ENCODE_PLAN_INT_H
#define AUR_WIRE_ENCODE_PLAN_INT_H

#include "wire/encode_int.h"

/* Marks in e->match beside the row of the base. */
#define AUR__ROW_NEW UINT32_MAX
#define AUR__ROW_CHANGED 0x80000000u

/* A row of the base or of the part. */
struct aur__plan_row {
	const struct aur_inst *inst;
	const uint64_t *cell;
	const uint64_t *have;
};

/* Given are the first three; e->match has an entry for each row of the part,
 * e->differ the cells to be sent of those that are new or changed. */
struct aur__plan {
	struct aur_encoder *e;
	struct aur__lane *l;
	const struct aur_part *p;
	const struct aur_part *base; /* NULL: a keyframe */
	bool named;		     /* its rows are, not numbered */
	size_t nnew, ngone, nchanged;
	bool weighed;	 /* there may be another grain */
	unsigned ngrain; /* columns whose grain is another now */
};

/* Fills the rest in, and marks the columns' next grains. 0, AUR_ENOMEM,
 * AUR_EINVALID (rows that do not ascend, or more than one of one). */
AUR_MUST_CHECK int aur__plan_make(struct aur__plan *pl);

/* The row that the next new row is coded against: the new one before it,
 * `last`, whose inst is NULL where there was none; else the base's last, or
 * one of zeros. */
struct aur__plan_row aur__plan_template(
    const struct aur__plan *pl, const struct aur__plan_row *last);

static inline struct aur__plan_row aur__plan_row_at(
    const struct aur_part *p, size_t i)
{
	return (struct aur__plan_row){&p->inst[i],
	    p->cell + i * p->domain->nfield, p->have + i * p->nword};
}

/* The bits of a row in e->differ. */
static inline uint64_t *aur__plan_bits(const struct aur__plan *pl, size_t i)
{
	return pl->e->differ + i * pl->p->nword;
}

#endif
