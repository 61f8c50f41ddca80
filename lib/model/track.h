/* SPDX-License-Identifier: MIT */
/*
 * Figures over many rows at once: what figure.h tells of a sample and the one
 * before it, told of columns of cells. Who has an hour of a host as columns
 * need not make samples of it.
 *
 *	struct aur_track t = {.domain = d, .cell = cell, .have = have, ...};
 *	aur_track_times(&t, over);
 *	rc = aur_track_figures(&t, NULL, 0, id, nid, values);
 *
 * A track is what is known of one instance: a column for each field, of as
 * many rows as its owner has. `row` says which of them are looked at, in their
 * order: the place in that list is the place in every array that is made, and
 * a rate is told against the row before in the list. Results are those of
 * figure.h, to the bit, and made by the same formulas.
 */
#ifndef AUR_MODEL_TRACK_H
#define AUR_MODEL_TRACK_H

#include "model/figure.h"

struct aur_track {
	const struct aur_domain *domain;
	/* by field: cells of all rows, and bits that tell which are there (bit
	 * row % 64 of word row / 64); have NULL: none ever is */
	uint64_t *const *cell, *const *have;
	uint64_t still; /* bits of fields whose cells are there in all rows of
			   the list, and the same */
	const uint64_t *there; /* bits: rows that have the instance */
	const int64_t *at;     /* by row: when it was read, monotonic ns */
	const uint32_t *row;   /* n: those that are looked at, ascending but
				  for the first */
	const bool *on; /* n: rates may be told against the row before; not of
			   the first */
	const double *over; /* n: by aur_track_times */
	size_t n;
};

/* Seconds from each reading to the one before, NaN where no rate may be told;
 * sets t->over to them. `mem` is of t->n and outlives the track. */
void aur_track_times(struct aur_track *t, double *mem);

/* Numbers of figures of the domain's groups that are no totals, into `n`
 * arrays of t->n each; NaN where one cannot be told, and of what has a function
 * of samples: texts, and figures of processes. `others`: tracks of the same
 * list of rows, of other domains that aur_group_reads names. */
void aur_track_figures(const struct aur_track *t,
    const struct aur_track *others, size_t nother, const enum aur_figure_id *id,
    size_t n, double *const *ret_values);

/* Whether the instance is a row of the group in place `k` of the list. */
bool aur_track_lists(
    const struct aur_track *t, enum aur_group_id group, size_t k);

/* The fields of its group's domain that a figure is made of, as bits. */
uint64_t aur_track_fields(enum aur_figure_id id);
/* The same of the other domains that aur_group_reads names; 0: it needs none of
 * them. */
uint64_t aur_track_other_fields(enum aur_figure_id id);

/* A total on its way. */
struct aur_total {
	double sum;
	uint32_t counted, known, matched; /* instances */
};
/* Adds an instance to the totals of t->n rows, which began as zeros; `mem` is
 * of t->n, to work in. */
void aur_track_total(const struct aur_track *t, enum aur_figure_id id,
    double *mem, struct aur_total *total);
/* NaN where it cannot be told. */
double aur_total_value(const struct aur_total *t);

#endif
