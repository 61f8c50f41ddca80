/* SPDX-License-Identifier: MIT */
/*
 * The large graph of a pane: one quantity from a minute to a day, with axes,
 * a cursor that names time and value, and who was busy then.
 *
 *	tui_plot_begin(&plot, panel, &scene);
 *	tui_plot_draw(&plot, &scene, &area);
 *	tui_plot_do(&plot, &scene, TUI_DO_LEFT)
 *
 * Columns are numbered by wall time / time of a column, so that the picture
 * moves by whole columns and a column, once passed, does not change. What
 * keys mean in columns is what was drawn last.
 *
 * What was before the first sample, is longer ago than a run remembers, or is
 * of the past altogether comes from what is kept (far.h).
 */
#ifndef TUI_PLOT_H
#define TUI_PLOT_H

#include "tui/far.h"
#include "tui/trace.h"

#define TUI_PLOT_MIN_H 6

struct tui_plot {
	enum tui_panel_id panel;
	size_t chosen;	    /* trace */
	int zoom;	    /* of the spans, shortest first */
	int64_t cursor;	    /* ns of wall time; 0: none */
	int64_t end;	    /* ns: the right edge; 0: goes with the time */
	struct tui_rect at; /* cells of the graph, as drawn last */
	struct tui_far far;
	/* who was busy at the cursor `who_of`, where somebody had to be asked
	 */
	struct tui_busy who[TUI_BUSIEST];
	size_t nwho;
	int64_t who_of;
};

void tui_plot_begin(
    struct tui_plot *p, enum tui_panel_id panel, const struct tui_scene *s);

void tui_plot_release(struct tui_plot *p); /* zeroed is fine */

/* Draws title, graph, axis, cursor in an area of TUI_PLOT_MIN_H rows or
 * more. */
void tui_plot_draw(
    struct tui_plot *p, struct tui_scene *s, const struct tui_area *a);

/* Steps, zooms, chooses; false when the action is none of these. */
bool tui_plot_do(
    struct tui_plot *p, const struct tui_scene *s, enum tui_action action);

/* A click sets the cursor, the wheel zooms; false elsewhere. */
bool tui_plot_mouse(struct tui_plot *p, const struct tui_scene *s,
    const struct tui_event *event);

/* Whether it knows who was busy at its cursor. */
bool tui_plot_knows(const struct tui_plot *p, const struct tui_scene *s);

/* The highest moment of the column with the cursor, and the column of the
 * list that tells who it was; false: there is no cursor. */
bool tui_plot_spike(const struct tui_plot *p, const struct tui_scene *s,
    struct aur_wall *ret_at, unsigned *ret_sort);

#endif
