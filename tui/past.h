/* SPDX-License-Identifier: MIT */
/*
 * The last values of CPU of every process, and of threads where the sample
 * has them, for sparklines: a bounded history, kept only while somebody shows
 * it.
 *
 *	rc = tui_past_add(&p, &figures);       at each sample
 *	row = tui_past_find(&p, key);          NULL: never seen
 *	v = tui_past_at(&p, row, 0);           the newest; NaN unknown
 *	tui_past_release(&p);
 *
 * Rows stand by key, as do the sample's parts, so that a sample is one walk
 * of both; where nobody came or went, nothing is
 * moved. All rows share one ring position: nothing is shifted either. A
 * series for each (series.h) was rejected: 320 bytes a process against 64.
 */
#ifndef TUI_PAST_H
#define TUI_PAST_H

#include "model/figure.h"

#define TUI_PAST_STEPS 21 /* ten columns, and one to come */

struct tui_past_row {
	struct aur_key key;
	uint16_t cpu[TUI_PAST_STEPS]; /* tenths of a percent; ~0 unknown */
};

struct tui_past {
	struct tui_past_row *row; /* owned, ascending by key */
	size_t n, cap;
	size_t at;	/* the newest in each ring */
	uint64_t steps; /* told so far, gaps included */
	uint64_t seq;	/* of the sample told last */
};

/* Adds the CPU of every process of `f`; those that are no more go. 0;
 * AUR_ENOMEM: nothing is known then. */
AUR_MUST_CHECK int tui_past_add(struct tui_past *p, struct aur_figures *f);
/* The same, where the sample told last is the one before it, whatever number it
 * has. */
AUR_MUST_CHECK int tui_past_add_next(struct tui_past *p, struct aur_figures *f);
void tui_past_release(struct tui_past *p); /* zeroed is fine */

const struct tui_past_row *tui_past_find(
    const struct tui_past *p, struct aur_key key);

/* Percent, `back` steps before the newest; NaN unknown or not kept. */
double tui_past_at(
    const struct tui_past *p, const struct tui_past_row *row, size_t back);

#endif
