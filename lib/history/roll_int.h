/* SPDX-License-Identifier: MIT */
/*
 * The coarser tiers: of each step the least, the mean, the greatest and the
 * number of values of every figure that is a number, packed as columns of a
 * domain of our own for each group ("roll.cpu": busy_percent.min, ...).
 * Internal to the room.
 *
 *	roll.c        what the columns are
 *	roll_make.c   an hour of samples into them (roll_make_int.h: how)
 *	roll_read.c   a stretch of one figure out of them
 */
#ifndef AUR_HISTORY_ROLL_INT_H
#define AUR_HISTORY_ROLL_INT_H

#include "history/tidy_int.h"

#define AUR__TIERS 3u
struct aur__tier {
	int64_t step;  /* seconds */
	int64_t chunk; /* seconds in one row of table roll: an hour, a day */
	int64_t keep;  /* seconds that it is kept */
};
extern const struct aur__tier aur__tiers[AUR__TIERS]; /* the finest first */

/* Cells of a figure. */
enum aur__roll_cell {
	AUR__ROLL_MIN,
	AUR__ROLL_MEAN,
	AUR__ROLL_MAX,
	AUR__ROLL_N,
	AUR__ROLL_CELLS
};

struct aur__roll_group {
	enum aur_group_id group;
	struct aur_domain domain; /* "roll.cpu" */
	char name[32];
	struct aur_field *field; /* AUR__ROLL_CELLS of each figure; owned */
	char (*field_name)[64];	 /* owned */
	enum aur_figure_id *figure;
	size_t n;
};

struct aur__rolls {
	struct aur__roll_group group[AUR_GROUP_COUNT]; /* n 0: none */
};

AUR_MUST_CHECK int aur__rolls_new(struct aur__rolls **ret_r);
void aur__rolls_free(struct aur__rolls *r); /* NULL is fine */

/* Whether a figure has tiers. */
bool aur__roll_has(enum aur_figure_id id);

/* A value as it is kept, and back: three significant digits of rates, a
 * twentieth of a percent, pages of bytes. */
int64_t aur__roll_encode(enum aur_figure_id id, double v);
double aur__roll_decode(enum aur_figure_id id, int64_t v);

/* Rolls up an hour of a host, as it is now: what was there is replaced, in one
 * transaction that also ends the hour's row of table hour. */
AUR_MUST_CHECK int aur__roll_hour(
    struct aur__tidy *t, struct aur__rolls *r, int64_t monday, int64_t hour);

/* One row of a tier. */
struct aur__rolled {
	struct aur_wall at; /* its begin */
	double min, mean, max;
	uint64_t n;
};
typedef int (*aur__rolled_fn)(void *arg, const struct aur__rolled *row);
/* The rows of a metric that have values in [from, to), in order. 0,
 * AUR_ENOMEM, or what `fn` returned. */
AUR_MUST_CHECK int aur__roll_read(struct aur__weeks *weeks, int64_t host,
    const struct aur__tier *tier, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, aur__rolled_fn fn, void *arg);
/* The names of the rows of a metric's group. */
AUR_MUST_CHECK int aur__roll_names(struct aur__weeks *weeks, int64_t host,
    const struct aur__tier *tier, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to,
    int (*fn)(void *arg, struct aur_slice name), void *arg);

#endif
