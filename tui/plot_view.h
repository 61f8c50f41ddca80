/* SPDX-License-Identifier: MIT */
/*
 * What a large graph shows, for who draws it and who moves in it: plot.c and
 * plot_draw.c, and nobody else.
 *
 *	if (tui_plot_look(p, scene, columns, &v)) {
 *		tui_plot_reach(&p->far, scene, &v);
 *		for each number from v.right - v.w + 1 to v.right:
 *			point = tui_plot_column(&v, number);
 *	}
 */
#ifndef TUI_PLOT_VIEW_H
#define TUI_PLOT_VIEW_H

#include "tui/plot.h"

/* In columns, which are numbered by wall time / column. Borrows from the scene
 * and, when it has reached, from the plot. */
struct tui_plot_view {
	struct tui_trace trace;
	const struct aur_series *series;
	int tier, w;
	int64_t column; /* ns */
	int64_t right;	/* number of the last column */
	int64_t last;	/* ns: the newest sample, or that of the pause */
	int64_t oldest; /* ns: this run has nothing from before */
	int64_t seam;	/* ns: what is before it is far; 0: nothing is */
	const struct aur_series *far;
};

/* False where there is nothing to show in `w` columns; v->trace is set where
 * there is one. */
bool tui_plot_look(const struct tui_plot *p, const struct tui_scene *s, int w,
    struct tui_plot_view *v);

/* Asks for what is kept, where columns that show are not of this run. */
void tui_plot_reach(
    struct tui_far *f, const struct tui_scene *s, struct tui_plot_view *v);

/* What is known of [from, to) ns, on both sides of the seam; of a column. */
struct aur_point tui_plot_over(
    const struct tui_plot_view *v, int64_t from, int64_t to);
struct aur_point tui_plot_column(const struct tui_plot_view *v, int64_t number);

/* The busiest of the column that the cursor is in; how many. */
size_t tui_plot_busiest(const struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v, struct tui_busy busy[TUI_BUSIEST]);

/* How much time it shows: "10 min"; static. */
const char *tui_plot_span(const struct tui_plot *p);

#endif
