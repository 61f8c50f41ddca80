/* SPDX-License-Identifier: MIT */
/* How the large graph looks. */
#include "tui/plot_view.h"

#include "view/when.h"

#include <math.h>

#define AXIS_W 8
#define DAY_S 86400

static double part_of(double v, double top)
{
	return isnan(v) ? NAN : v < 0 ? 0 : v > top ? 1 : v / top;
}

/* One column: the mean as a filled graph, what was above it in between as a
 * shade. */
static void draw_column(const struct tui_scene *s,
    const struct tui_plot_view *v, const struct tui_area *a, int x,
    int64_t number, double top)
{
	int64_t from = number * v->column, half = from + v->column / 2;
	struct aur_point all = tui_plot_column(v, number);
	double left = (double)all.mean, right = left;

	if (all.n == 0)
		return;
	if (s->glyphs == AUR_GLYPHS_BRAILLE) {
		left = (double)tui_plot_over(v, from, half).mean;
		right = (double)tui_plot_over(v, half, from + v->column).mean;
	}
	left = part_of(left, top);
	right = part_of(right, top);
	for (int k = 0; k < a->r.h; k++) {
		int y = a->r.h - 1 - k;
		bool above = fmax(left, right) * a->r.h <= k;

		if (above && k > 0) {
			if (all.n < 2 ||
			    part_of((double)all.max, top) * a->r.h <= k + 0.5)
				break;
			tui_put(
			    a, x, y, s->ascii ? ':' : 0x2591, TUI_ROLE_TRACK);
			continue;
		}
		tui_put(a, x, y,
		    aur_graph_glyph(
			left, right, (size_t)k, (size_t)a->r.h, s->glyphs),
		    v->trace.role);
	}
}

/* Labels of the value axis, from the top down. */
static void draw_values(
    const struct tui_plot_view *v, const struct tui_area *a, double top)
{
	int n = a->r.h >= 9 ? 4 : a->r.h >= 5 ? 2 : 1;
	char text[TUI_SMALL];

	for (int i = 0; i <= n; i++) {
		int y = i * (a->r.h - 1) / n;

		tui_trace_text(v->trace.unit, top * (n - i) / n, text);
		tui_str_right(a, AXIS_W - 1, y, text, TUI_ROLE_MUTED);
	}
}

/* Round times below the graph, so many columns apart that they have room. */
static void draw_times(const struct tui_scene *s, const struct tui_plot_view *v,
    const struct tui_area *a, int x0)
{
	static const int64_t ticks[] = {5, 10, 15, 30, 60, 120, 300, 600, 900,
	    1800, 3600, 7200, 10800, 21600, 43200, DAY_S, 2 * DAY_S, 7 * DAY_S,
	    14 * DAY_S, 28 * DAY_S};
	int64_t left = (v->right - v->w + 1) * v->column, tick = 0, t;
	/* a day begins at midnight of the zone */
	int64_t ahead =
	    aur_when_offset((struct aur_wall){v->last}, s->utc) * AUR_SECOND_NS;
	char text[TUI_SMALL];

	for (size_t i = 0; i < AUR_ARRAY_LEN(ticks) && tick == 0; i++)
		if (ticks[i] * AUR_SECOND_NS / v->column >= 12)
			tick = ticks[i] * AUR_SECOND_NS;
	if (tick == 0)
		return;
	for (t = ((left + ahead) / tick + 1) * tick - ahead;
	     t / v->column <= v->right; t += tick) {
		int x = (int)(t / v->column - v->right) + v->w - 1;

		aur_when_format((struct aur_wall){t}, s->utc,
		    tick < 60 * AUR_SECOND_NS	   ? "%H:%M:%S"
		    : tick < DAY_S * AUR_SECOND_NS ? "%H:%M"
						   : "%b %d",
		    text, sizeof(text));
		if (x + (int)strlen(text) + 1 > v->w)
			break;
		tui_put(a, x0 + x, 0, s->ascii ? '+' : 0x2514, TUI_ROLE_RULE);
		tui_str(a, x0 + x + 1, 0, text, TUI_ROLE_MUTED);
	}
}

static void draw_busiest(const struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v, const struct tui_area *a)
{
	struct tui_busy busy[TUI_BUSIEST];
	size_t n = tui_plot_busiest(p, s, v, busy);
	int x = tui_str(a, 0, 0, "busiest", TUI_ROLE_MUTED) + 1, y = 0;
	char text[64];

	if (n == 0)
		tui_str(a, x, 0,
		    s->kept.feed != NULL && p->who_of != p->cursor
			? "..."
			: "nobody is known of",
		    TUI_ROLE_MUTED);
	for (size_t i = 0; i < n; i++) {
		int w;

		snprintf(text, sizeof(text), " %u %.0f%%", busy[i].pid,
		    (double)busy[i].percent);
		w = (int)(strlen(busy[i].name) + strlen(text)) + 2;
		if (x + w > a->r.w && x > 8) {
			x = 8;
			y++;
		}
		x += tui_text(
		    a, x, y, 15, aur_slice_str(busy[i].name), TUI_ROLE_PROGRAM);
		x += tui_str(a, x, y, text, TUI_ROLE_TEXT) + 2;
	}
}

/* The rows below the axis: the moment of the cursor, or what keys do. */
static void draw_cursor(const struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v, const struct tui_area *a)
{
	struct aur_point at = tui_plot_column(v, p->cursor / v->column);
	char when[TUI_SMALL], mean[TUI_SMALL], least[TUI_SMALL],
	    most[TUI_SMALL];
	struct tui_area below = *a;
	int x;

	if (p->cursor == 0) {
		x = tui_str(a, 0, 0,
		    s->ascii ? "left right: cursor  + -: zoom"
			     : "\xe2\x86\x90 \xe2\x86\x92 cursor  + - zoom  "
			       "\xe2\x86\x91 \xe2\x86\x93 another graph",
		    TUI_ROLE_MUTED);
		if (s->kept.feed != NULL)
			tui_str(a, x, 0, "  Enter at the cursor: who it was",
			    TUI_ROLE_MUTED);
		return;
	}
	aur_when_format((struct aur_wall){p->cursor}, s->utc,
	    v->last - p->cursor > 6 * DAY_S * AUR_SECOND_NS   ? "%b %d %H:%M"
	    : v->last - p->cursor > DAY_S / 2 * AUR_SECOND_NS ? "%a %H:%M:%S"
							      : "%H:%M:%S",
	    when, sizeof(when));
	tui_trace_text(v->trace.unit, (double)at.mean, mean);
	x = tui_str(a, 0, 0, when, TUI_ROLE_STRONG) + 2;
	x += tui_str(a, x, 0, mean, TUI_ROLE_STRONG) + 2;
	if (at.n > 1 && at.min < at.max) {
		tui_trace_text(v->trace.unit, (double)at.min, least);
		tui_trace_text(v->trace.unit, (double)at.max, most);
		tui_printf(a, x, 0, TUI_ROLE_MUTED, "%s to %s", least, most);
	}
	tui_rect_top(&below.r, 1);
	draw_busiest(p, s, v, &below);
}

static void draw_title(const struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v, const struct tui_area *a)
{
	size_t n = tui_trace_count(s, p->panel);
	char text[128];
	int x = tui_str(a, 0, 0, v->trace.label, TUI_ROLE_TITLE) + 1;

	snprintf(text, sizeof(text), "%zu/%zu  %s", p->chosen + 1, n,
	    tui_plot_span(p));
	if (x + (int)strlen(text) < a->r.w)
		tui_str_right(a, a->r.w, 0, text, TUI_ROLE_MUTED);
}

static void mark_cursor(const struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v, const struct tui_area *graph,
    const struct tui_area *axis)
{
	int64_t x = p->cursor / v->column - v->right + v->w - 1;

	if (p->cursor == 0 || x < 0 || x >= v->w)
		return;
	for (int y = 0; y < graph->r.h; y++)
		tui_mark(graph, (int)x, y, 1, TUI_REVERSE);
	tui_put(
	    axis, AXIS_W + (int)x, 0, s->ascii ? '^' : 0x25b2, TUI_ROLE_STRONG);
}

static double highest(const struct tui_plot_view *v)
{
	double top = 0;

	for (int i = 0; i < v->w; i++) {
		double m = (double)tui_plot_column(v, v->right - i).max;

		if (m > top)
			top = m;
	}
	return tui_trace_top(&v->trace, top);
}

void tui_plot_draw(
    struct tui_plot *p, struct tui_scene *s, const struct tui_area *a)
{
	struct tui_rect r = a->r;
	struct tui_area all = tui_area_all(a->s), title, foot, axis, graph;
	size_t n = tui_trace_count(s, p->panel);
	struct tui_plot_view v;
	double top;

	if (n > 0 && p->chosen >= n)
		p->chosen = n - 1;
	title = tui_area_cut(&all, tui_rect_top(&r, 1));
	foot = tui_area_cut(&all, tui_rect_bottom(&r, r.h >= 15	 ? 3
						      : r.h >= 6 ? 2
								 : 1));
	axis = tui_area_cut(&all, tui_rect_bottom(&r, 1));
	p->at = r;
	tui_rect_left(&p->at, AXIS_W);
	if (!tui_plot_look(p, s, p->at.w, &v)) {
		p->at.w = 0;
		tui_str(&title, 0, 0, v.trace.label, TUI_ROLE_TITLE);
		tui_str(&axis, 0, 0, "nothing is known yet", TUI_ROLE_MUTED);
		return;
	}
	tui_plot_reach(&p->far, s, &v);
	graph = tui_area_cut(&all, r);
	top = highest(&v);
	draw_title(p, s, &v, &title);
	draw_values(&v, &graph, top);
	graph = tui_area_cut(&all, p->at);
	for (int x = 0; x < v.w; x++)
		draw_column(s, &v, &graph, x, v.right - v.w + 1 + x, top);
	draw_times(s, &v, &axis, AXIS_W);
	mark_cursor(p, s, &v, &graph, &axis);
	draw_cursor(p, s, &v, &foot);
}
