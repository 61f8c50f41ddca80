/* SPDX-License-Identifier: MIT */
/*
 * When a filesystem will be full, from how it grew in this run. Told only
 * where the growth is steady: a line through the points explains nine tenths
 * of their spread, and their later half grows at half that pace or more.
 *
 *	tui_growth_add(&g, &figures);
 *	seconds = tui_growth_full(&g, mount, available);
 *	tui_growth_release(&g);
 *
 * A point each 15 seconds; when there is no more room every other one goes
 * and the time between them doubles, so that 64 points hold the whole run.
 * Memory: 1.2 KiB a filesystem, of at most TUI_GROWTH_MAX.
 */
#ifndef TUI_GROWTH_H
#define TUI_GROWTH_H

#include "model/figure.h"

#define TUI_GROWTH_MAX 64
#define TUI_GROWTH_POINTS 64
#define TUI_GROWTH_LEAST 8 /* points, before anything is told */

struct tui_growing {
	char mount[160];
	unsigned seen; /* the sample that had it last */
	size_t n;
	double apart; /* seconds between points */
	struct {
		double t, used; /* seconds, bytes */
	} point[TUI_GROWTH_POINTS];
};

struct tui_growth {		/* zeroed is empty */
	struct tui_growing *fs; /* owned */
	size_t n, cap;		/* at most TUI_GROWTH_MAX */
	unsigned samples;
};

/* Adds the filesystems of f->now. Without memory there is no telling. */
void tui_growth_add(struct tui_growth *g, struct aur_figures *f);
void tui_growth_release(struct tui_growth *g);

/* One point of a filesystem: at `t` seconds `used` bytes were used. */
void tui_growth_point(
    struct tui_growth *g, struct aur_slice mount, double t, double used);

/* Seconds until `available` more bytes are used; NaN where it does not grow
 * steadily, or not within a year. */
double tui_growth_full(
    const struct tui_growth *g, struct aur_slice mount, double available);

#endif
