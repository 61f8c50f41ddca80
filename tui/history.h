/* SPDX-License-Identifier: MIT */
/*
 * One quantity over the hours of this run, at falling resolution: the
 * interval of the samples for 600 steps (ten minutes at one second), ten
 * seconds for two hours, one minute for a day. Each step keeps min, mean and
 * max. TUI_HISTORY_BYTES is what one takes at last, after a day.
 *
 *	rc = tui_history_init(&h, interval);
 *	tui_history_add(&h, sample->wall, 12.5);
 *	series = &h.tier[tui_history_tier(interval, span)];
 *	rc = tui_history_step(&h, interval);	what is kept stays
 *	tui_history_release(&h);
 */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include "model/series.h"

#define TUI_TIERS 3
#define TUI_TIER_0 600
#define TUI_TIER_1 720
#define TUI_TIER_2 1440
#define TUI_HISTORY_BYTES                                                      \
	((TUI_TIER_0 + TUI_TIER_1 + TUI_TIER_2) * sizeof(struct aur_point))

struct tui_history {
	struct aur_series tier[TUI_TIERS]; /* finest first */
	/* numbers of steps of the finest: */
	int64_t first;	  /* the first that came by itself; 0: nobody asked */
	int64_t from, to; /* what was asked of what is kept; moment.c */
	unsigned asked;	  /* how often */
};

/* 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int tui_history_init(
    struct tui_history *h, struct aur_span interval);
void tui_history_release(struct tui_history *h); /* zeroed is fine */
void tui_history_clear(struct tui_history *h);

/* Adds a value that holds for the interval before `when`; NaN is a gap. */
void tui_history_add(struct tui_history *h, struct aur_wall when, double v);

/* Adds a value of before, that was true for `span` until `when`. */
void tui_history_seed(struct tui_history *h, struct aur_wall when,
    struct aur_span span, double v);

/* From now on samples come in another interval; the past is kept. 0, or
 * AUR_ENOMEM, AUR_ELIMIT and all is as it was. */
AUR_MUST_CHECK int tui_history_step(
    struct tui_history *h, struct aur_span interval);

/* The number of the tier for a graph of `span`: the finest that reaches so far
 * back and has a value in each step. */
int tui_history_tier(struct aur_span interval, struct aur_span span);

#endif
