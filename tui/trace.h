/* SPDX-License-Identifier: MIT */
/*
 * What can be the large graph of a pane: each of its quantities that has a
 * history, with how its values are written.
 */
#ifndef TUI_TRACE_H
#define TUI_TRACE_H

#include "tui/meter.h"
#include "tui/panel.h"

enum tui_trace_unit {
	TUI_TRACE_PERCENT,
	TUI_TRACE_LOAD,
	TUI_TRACE_BYTES_PER_SECOND,
	TUI_TRACE_COUNT,
	TUI_TRACE_PER_SECOND,
	TUI_TRACE_CELSIUS,
};

struct tui_trace {
	char label[96];
	const struct tui_history *history; /* borrowed */
	enum tui_trace_unit unit;
	double least; /* what fills the graph at the least */
	bool fixed;   /* nothing is above `least` */
	enum tui_role role;
	size_t row; /* of the panel's list */
	enum aur_figure_id figure;
	char name[64]; /* of that row; "" of the host itself */
};

/* How many the panel has. */
size_t tui_trace_count(const struct tui_scene *s, enum tui_panel_id panel);

/* The i-th; false beyond the last, and where memory for it had run out. */
bool tui_trace_get(const struct tui_scene *s, enum tui_panel_id panel, size_t i,
    struct tui_trace *ret);

/* "34.2%", "1.2M/s"; "-" for NaN. */
void tui_trace_text(enum tui_trace_unit unit, double v, char out[TUI_SMALL]);

/* A round number at or above `v` for the upper end of an axis. */
double tui_trace_top(const struct tui_trace *t, double v);

#endif
