/* SPDX-License-Identifier: MIT */
/*
 * Which processes were busiest, for each step of the tiers of history.h: pid,
 * name and percent of the five that took most CPU; of a step with several
 * samples, of the five highest seen in it. TUI_BUSIEST_BYTES is what it takes
 * at last, in blocks as time goes on.
 *
 *	tui_busiest_init(&b, interval);
 *	tui_busiest_add(&b, &figures);
 *	n = tui_busiest_over(&b, 0, from, to, busy);
 *	tui_busiest_release(&b);
 */
#ifndef TUI_BUSIEST_H
#define TUI_BUSIEST_H

#include "model/figure.h"
#include "tui/history.h"

#define TUI_BUSIEST 5

struct tui_busy {
	uint32_t pid; /* 0: nobody */
	float percent;
	char name[16]; /* cut off where longer */
};

struct tui_busy_step {
	int64_t number;			  /* wall time / step */
	struct tui_busy top[TUI_BUSIEST]; /* busiest first */
};
#define TUI_BUSIEST_STEPS (TUI_TIER_0 + TUI_TIER_1 + TUI_TIER_2)
#define TUI_BUSIEST_BYTES (TUI_BUSIEST_STEPS * sizeof(struct tui_busy_step))
#define TUI_BUSIEST_BLOCK 40 /* steps; of each tier a whole number */

struct tui_busiest {
	/* owned; NULL: nothing of these steps */
	struct tui_busy_step *block[TUI_BUSIEST_STEPS / TUI_BUSIEST_BLOCK];
	struct aur_span step[TUI_TIERS];
};

void tui_busiest_init(struct tui_busiest *b, struct aur_span interval);
void tui_busiest_release(struct tui_busiest *b); /* zeroed is fine */

/* Samples come in another interval; what is kept stays. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_busiest_step(
    struct tui_busiest *b, struct aur_span interval);

/* The busiest of f->now, busiest first; how many. */
size_t tui_busiest_of(struct aur_figures *f, struct tui_busy out[TUI_BUSIEST]);

/* Adds the processes of f->now. Without memory for them they are left out. */
void tui_busiest_add(struct tui_busiest *b, struct aur_figures *f);

/* The busiest from `from` to just before `to`, of `tier` or, where that no
 * longer has them, of a coarser one; how many. */
size_t tui_busiest_over(const struct tui_busiest *b, int tier,
    struct aur_wall from, struct aur_wall to, struct tui_busy out[TUI_BUSIEST]);

#endif
