/* SPDX-License-Identifier: MIT */
/*
 * An hour that is being rolled up. Internal to the room.
 *
 *	roll_make.c   the hour: what is read and what is written
 *	roll_sum.c    rows of groups, and a sample summed up
 *	roll_block.c  a block summed up, by columns
 *	roll_day.c    rows of a day's other hours
 *
 * Values are summed up for ten seconds, those sums for a minute, and those for
 * a quarter of an hour; a step that ends is a row of its tier:
 *
 *	values ──▶ 10 s ──▶ 1 min ──▶ 15 min
 *	             │         │          │
 *	             ▼         ▼          ▼
 *	          360 rows   60 rows    4 of the day's 96; the others are
 *	                                unpacked and packed again
 *
 * Rows are on a grid: the row's place is its time, so no times are kept, and a
 * step without samples is a row without cells.
 */
#ifndef AUR_HISTORY_ROLL_MAKE_INT_H
#define AUR_HISTORY_ROLL_MAKE_INT_H

#include "history/inst_int.h"
#include "history/roll_int.h"

/* --- sums ----------------------------------------------------------------- */

struct aur__sum {
	double min, max, sum;
	uint64_t n;
};

/* The rows of a group, as they came. */
struct aur__roll_rows {
	struct aur_key *key; /* of STRING domains: ids, held */
	size_t n, cap;
	struct aur__sum *sum[AUR__TIERS]; /* n * figures of each: of the steps
					     that go on */
};

/* --- rows of tiers -------------------------------------------------------- */

/* One tier that is being made. */
struct aur__roll_out {
	struct aur_packer *packer;
	int64_t next;  /* seconds: the step that is summed up */
	int64_t first; /* of the packer's first row */
	size_t row;    /* rows so far, of the chunk */
	int64_t last;  /* the end of the last row that has values */
	struct aur__made made;
	int64_t *made_at; /* of each block in it: its first row's time */
	size_t nmade_at;
};

/* --- an hour -------------------------------------------------------------- */

/* Sums of a block by columns, for as many steps as fit: those of a figure
 * stand side by side. */
struct aur__roll_grid {
	struct aur__sum *sum; /* owned */
	size_t cap;	      /* in it */
	size_t steps;	      /* of a column, now */
	struct aur__roll_entry {
		enum aur_group_id group;
		size_t row, column; /* the first of its figures */
	} * entry;		    /* owned: instances that have values */
	size_t n, entry_cap, ncolumn;
};

/* What a block is gone through with; kept for the next one. */
struct aur__roll_work {
	struct aur__rows rows;
	struct aur__inst inst, other;
	int32_t *step;		 /* of each row; -1: none */
	double *value;		 /* figures of a group, of each row */
	struct aur_total *total; /* of each row, figure by figure */
	size_t cap;		 /* rows; all owned */
	struct aur__roll_grid grid;
};

struct aur__roll_make {
	struct aur__tidy *t;
	struct aur__rolls *r;
	int64_t hour;			   /* seconds */
	uint64_t fields[AUR_DOMAIN_COUNT]; /* that figures are made of */
	struct aur__roll_rows rows[AUR_GROUP_COUNT];
	struct aur__roll_out out[AUR__TIERS];
	struct aur_sample *row; /* held: the one that is made */
	struct aur__roll_work work;
};

/* roll_make.c: ends all steps that are over at `now`, in seconds. 0 or an
 * error. */
AUR_MUST_CHECK int aur__roll_end_steps(struct aur__roll_make *m, int64_t now);
/* Adds a row to a tier; its place in the chunk is its time, which is set. */
AUR_MUST_CHECK int aur__roll_add_row(
    struct aur__roll_make *m, size_t tier, struct aur_sample *s);

/* roll_sum.c: the place of the row with that key; `hint` is looked at first. 0,
 * AUR_ELIMIT (there are too many), AUR_ENOMEM. */
AUR_MUST_CHECK int aur__roll_find_row(struct aur__roll_make *m,
    const struct aur__roll_group *g, struct aur_key key, size_t hint,
    size_t *ret_row);
void aur__roll_release_rows(struct aur__roll_make *m);
/* An aur__walk_fn for a struct aur__roll_make. */
AUR_MUST_CHECK int aur__roll_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now);

static inline void aur__sum_add(struct aur__sum *s, double v)
{
	if (s->n == 0 || v < s->min)
		s->min = v;
	if (s->n == 0 || v > s->max)
		s->max = v;
	s->sum += v;
	s->n++;
}

/* roll_block.c: an aur__walk_block_fn for a struct aur__roll_make. */
AUR_MUST_CHECK int aur__roll_block(
    void *arg, const struct aur__stretch *block, struct aur_sample **last);
void aur__roll_work_release(struct aur__roll_work *w);

/* roll_day.c: rows of a chunk as they were, by their blocks. */
struct aur__roll_day {
	struct aur__roll_old *block; /* owned */
	size_t n;
};
AUR_MUST_CHECK int aur__roll_day_read(struct aur__roll_make *m,
    struct aur__db *db, size_t tier, struct aur__roll_day *ret_d);
/* Adds those from `from` to `to`, seconds, to the tier again. */
AUR_MUST_CHECK int aur__roll_day_copy(struct aur__roll_make *m, size_t tier,
    const struct aur__roll_day *d, int64_t from, int64_t to);
void aur__roll_day_release(struct aur__roll_day *d);

#endif
