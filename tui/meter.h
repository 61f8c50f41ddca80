/* SPDX-License-Identifier: MIT */
/*
 * The pieces that panels are made of: bars of parts, sparklines, graphs,
 * labelled numbers. All of one look, so that a screen of them is calm.
 */
#ifndef TUI_METER_H
#define TUI_METER_H

#include "tui/cell.h"
#include "tui/scene.h"

#define TUI_LABEL_W 5
#define TUI_SMALL 32

struct tui_part {
	double share; /* of the whole, 0 to 1; NaN is nothing */
	char letter;
	enum tui_role role;
};

/* A bar `w` columns wide. Parts differ by letter and shade beside colour. */
void tui_bar(const struct tui_scene *s, const struct tui_area *a, int x, int y,
    int w, const struct tui_part *part, size_t n);

/* The shade that part number `i` of a bar has. */
uint32_t tui_shade(const struct tui_scene *s, char letter);

/* A sparkline of one row. `top` <= 0: the largest shown. */
void tui_spark(const struct tui_scene *s, const struct tui_area *a, int x,
    int y, int w, const struct aur_series *series, double top,
    enum tui_role role);

/* A graph as large as `r` (relative to `a`). */
void tui_graph(const struct tui_scene *s, const struct tui_area *a,
    struct tui_rect r, const struct aur_series *series, double top,
    enum tui_role role);

/* The largest value that a graph `w` columns wide would show; at least
 * `least`. */
double tui_graph_top(const struct tui_scene *s, const struct aur_series *series,
    int w, double least);

/* "CPU " in front of a meter. */
void tui_label(const struct tui_area *a, int y, const char *label);

/* "12.3%", "-" for unknown; right-aligned before column `end`. Beyond `warn`
 * and `bad` it is marked by role and '!'. */
void tui_percent(const struct tui_area *a, int end, int y, double v,
    double warn, double bad);

/* Bytes, bytes per second, as text: "-" for unknown. */
void tui_bytes(double v, char out[TUI_SMALL]);
void tui_rate(double v, char out[TUI_SMALL]);

/* A figure as view/format.h shows it, in `out`. */
void tui_figure(struct aur_figures *f, enum aur_figure_id id, size_t row,
    char *out, size_t size);

#endif
