/* SPDX-License-Identifier: MIT */
/*
 * Rows of a block gone through by columns: those that a walk goes through, and
 * instances as tracks (model/track.h) over them. Internal to the room.
 *
 *	rc = aur__rows_pick(&rows, b, before);
 *	rc = aur__inst_read(&inst, &rows, columns, which, fields);
 *	rc = aur_track_figures(&inst.track, ...);
 *	rc = aur__inst_keep(&inst, sample);        what the next block goes on
 */
#ifndef AUR_HISTORY_INST_INT_H
#define AUR_HISTORY_INST_INT_H

#include "history/walk_int.h"
#include "model/track.h"

/* Rows that are gone through, in order. The first is no row of the block: it
 * stands for the sample before. */
struct aur__rows {
	const struct aur__stretch *block; /* borrowed */
	const struct aur_sample *before;  /* borrowed; NULL: none */
	uint32_t *row;			  /* owned */
	bool *on; /* owned: whether rates are told against the one before */
	size_t n, cap;
};

/* Those of a block that no better one tells. `before`: the sample that the walk
 * passed last, which outlives the rows. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__rows_pick(struct aur__rows *r,
    const struct aur__stretch *block, const struct aur_sample *before);
void aur__rows_release(struct aur__rows *r); /* zeroed is fine */

/* A new sample with the times of the last of the rows. NULL: no memory. */
AUR_MUST_CHECK struct aur_sample *aur__rows_last(
    const struct aur__rows *r, struct aur_strs *strs);

/* Fields of a domain of ours, at most. */
#define AUR__FIELDS 64u

/* Columns of one instance, with one row more: that of the sample before. It
 * takes 8 bytes for a row of each field, and 16. */
struct aur__inst {
	struct aur_track track;
	struct aur_columns *columns; /* borrowed */
	size_t inst;
	uint64_t *cell[AUR__FIELDS], *have[AUR__FIELDS]; /* in mem */
	bool damaged;  /* a column that was wanted */
	uint64_t *mem; /* owned; kept for the next instance */
	size_t cap;
};

/* Reads the fields that `fields` (bits) wants of instance `inst`; a column that
 * is damaged or was never there is none. Forgets the one before it. 0,
 * AUR_EINVALID (its times are damaged), AUR_ENOMEM. */
AUR_MUST_CHECK int aur__inst_read(struct aur__inst *x,
    const struct aur__rows *rows, struct aur_columns *columns, size_t inst,
    uint64_t fields);
void aur__inst_release(struct aur__inst *x); /* zeroed is fine */

/* The columns of a domain of ours; `whole`: only where they are so, for a
 * column that is damaged looks like one that the host does not have. NULL:
 * none. */
struct aur_columns *aur__stretch_columns(
    const struct aur__stretch *b, const struct aur_domain *d, bool whole);

/* Reads `fields` (bits) of what figures of the group need beside their own
 * domain. *ret_has: whether there was something, and all of it sound. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur__inst_read_other(struct aur__inst *x,
    const struct aur__rows *rows, enum aur_group_id group, uint64_t fields,
    bool *ret_has);

/* Adds the instance as it was in the last row to `s`, where it was there. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur__inst_keep(const struct aur__inst *x,
    const struct aur__rows *rows, struct aur_sample *s);

/* Whether a metric means the instance, by its name alone. */
bool aur__inst_matches(
    const struct aur_columns *c, size_t inst, const struct aur_metric *m);

#endif
