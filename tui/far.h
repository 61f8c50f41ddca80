/* SPDX-License-Identifier: MIT */
/*
 * What is kept of one figure, in the columns of a graph: a step of the series
 * is half a column. It is asked for once, with some columns more than show, and
 * again when others show or, live, from time to time: hosts fill in later what
 * they kept.
 *
 *	struct tui_far_want w = {&kept, figure, "", column, left, right};
 *	series = tui_far_reach(&far, &w);
 *	tui_far_release(&far);
 */
#ifndef TUI_FAR_H
#define TUI_FAR_H

#include "tui/kept.h"

struct tui_far {
	struct aur_series s; /* owned */
	enum aur_figure_id figure;
	char name[64];
	size_t host;
	int64_t from, to; /* columns */
	int64_t asked;
};

struct tui_far_want {
	const struct tui_kept *kept;
	enum aur_figure_id figure;
	const char *name;    /* of the row; "" of the host itself */
	int64_t column;	     /* ns, an even number */
	int64_t left, right; /* numbers of columns: wall time / column */
	int64_t more;	     /* that are asked for on both sides */
	int64_t now;	     /* ns: the newest sample; 0: nothing new comes */
};

/* The series; NULL where memory has run out. */
const struct aur_series *tui_far_reach(
    struct tui_far *f, const struct tui_far_want *w);
void tui_far_release(struct tui_far *f); /* zeroed is fine */

/* The moment in the column that begins at `from` when the figure was highest,
 * as finely as it is kept; its end where nothing is. In ns of wall time. */
int64_t tui_far_highest(const struct tui_far_want *w, int64_t from);

#endif
