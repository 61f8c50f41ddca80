/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a host, as far as graphs need it: points of one figure over
 * any span, from a feed of the past.
 *
 *	struct tui_kept kept = {past, host};
 *	if (tui_kept_points(&kept, AUR_FIG_load_one, "", from, to, points, n))
 *		...
 *
 * What was kept more coarsely than it is asked for holds for the whole time
 * that it stands for: a step without a value between two that are as far apart
 * as all others are is no gap.
 */
#ifndef TUI_KEPT_H
#define TUI_KEPT_H

#include "model/feed.h"

struct tui_kept {
	struct aur_feed *feed; /* of the past, borrowed; NULL: nothing is */
	size_t host;
};

/* `n` points over [from, to) of a figure of the row called `row`, "" where its
 * group has one. False, and nothing is known, where it cannot be had. */
bool tui_kept_points(const struct tui_kept *k, enum aur_figure_id figure,
    const char *row, struct aur_wall from, struct aur_wall to,
    struct aur_point *points, size_t n);

/* The first and the last moment that is kept; false: nothing is. */
bool tui_kept_bounds(const struct tui_kept *k, struct aur_wall *ret_from,
    struct aur_wall *ret_to);

#endif
