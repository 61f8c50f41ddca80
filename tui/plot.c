/* SPDX-License-Identifier: MIT */
#include "tui/plot.h"

#include "view/column.h"
#include "view/when.h"

#include <math.h>

#define AXIS_W 8
#define COLUMNS_MAX 1024
#define DAY_S 86400

static const int64_t spans[] = {60, 120, 300, 600, 1800, 3600, 7200, 21600,
    43200, DAY_S, 3 * DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S};
static const char *const span_names[] = {"1 min", "2 min", "5 min", "10 min",
    "30 min", "1 h", "2 h", "6 h", "12 h", "24 h", "3 d", "7 d", "30 d",
    "90 d"};
#define SPANS ((int)AUR_ARRAY_LEN(spans))
#define SPANS_OF_RUN 10 /* what a run remembers */

/* What a graph shows now, in columns. */
struct view {
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

/* How far it can be zoomed out. */
static int spans_of(const struct tui_scene *s)
{
	return s->kept.feed != NULL ? SPANS : SPANS_OF_RUN;
}

void tui_plot_begin(
    struct tui_plot *p, enum tui_panel_id panel, const struct tui_scene *s)
{
	struct tui_far far = p->far;

	*p = (struct tui_plot){.panel = panel, .zoom = 1, .far = far};
	while (p->zoom + 1 < SPANS &&
	       spans[p->zoom] * AUR_SECOND_NS < s->interval.ns * 30)
		p->zoom++;
}

void tui_plot_release(struct tui_plot *p)
{
	tui_far_release(&p->far);
	memset(p, 0, sizeof(*p));
}

/* The first moment kept: of the finest tier that has lost nothing yet. */
static int64_t oldest_of(const struct tui_history *h)
{
	const struct aur_series *s = h->tier;

	for (int i = 1; i < TUI_TIERS && s->n >= s->cap; i++)
		s = &h->tier[i];
	return (s->newest - (int64_t)s->n + 1) * s->step.ns;
}

/* What of it is not of this run. */
static void look_far(
    const struct tui_plot *p, const struct tui_scene *s, struct view *v)
{
	const struct tui_history *h = v->trace.history;

	if (s->kept.feed == NULL)
		return;
	v->seam = v->oldest;
	if (h->first != 0 && h->first * h->tier[0].step.ns > v->seam)
		v->seam = h->first * h->tier[0].step.ns;
	if (s->moment.ns != 0 || p->zoom >= SPANS_OF_RUN)
		v->seam = INT64_MAX;
	if (s->moment.ns != 0)
		v->oldest = v->last;
}

/* False where there is nothing to show. */
static bool look(
    const struct tui_plot *p, const struct tui_scene *s, int w, struct view *v)
{
	const struct aur_series *fine;
	int64_t end;

	memset(v, 0, sizeof(*v));
	if (w < 2 || w > COLUMNS_MAX ||
	    !tui_trace_get(s, p->panel, p->chosen, &v->trace))
		return false;
	fine = &v->trace.history->tier[0];
	if (fine->n == 0 && s->moment.ns == 0)
		return false;
	v->w = w;
	v->last =
	    s->moment.ns != 0 ? s->moment.ns : fine->newest * fine->step.ns;
	if (s->paused && s->frozen.ns < v->last)
		v->last = s->frozen.ns;
	v->oldest = oldest_of(v->trace.history);
	look_far(p, s, v);
	v->column = spans[p->zoom] * AUR_SECOND_NS / w;
	if (s->kept.feed != NULL)
		v->column &= ~1ll; /* two halves */
	end = p->end > 0 && p->end < v->last ? p->end : v->last;
	/* the finest that reaches to the left edge */
	v->tier = tui_history_tier(
	    fine->step, (struct aur_span){fine->newest * fine->step.ns - end +
					  spans[p->zoom] * AUR_SECOND_NS});
	v->series = &v->trace.history->tier[v->tier];
	v->right = end / v->column;
	return true;
}

/* What a series knows of the time from `from` to just before `to`. */
static struct aur_point of_series(
    const struct view *v, const struct aur_series *s, int64_t from, int64_t to)
{
	int64_t first = from / s->step.ns, end = (to - 1) / s->step.ns;
	int64_t newest = s->newest;

	if (end > newest)
		end = newest;
	if (end < first || from > v->last)
		return aur_series_at(s, s->cap);
	return aur_series_merge(
	    s, (size_t)(newest - end), (size_t)(end - first + 1));
}

/* What is known of that time at all: on both sides of the seam. */
static struct aur_point over(const struct view *v, int64_t from, int64_t to)
{
	struct aur_point far, here;
	double n;

	if (v->far == NULL || from >= v->seam)
		return of_series(v, v->series, from, to);
	far = of_series(v, v->far, from, to < v->seam ? to : v->seam);
	if (to <= v->seam)
		return far;
	here = of_series(v, v->series, v->seam, to);
	if (here.n == 0 || far.n == 0)
		return here.n == 0 ? far : here;
	n = (double)here.n + far.n;
	return (struct aur_point){fminf(far.min, here.min),
	    (float)(((double)far.mean * far.n + (double)here.mean * here.n) /
		    n),
	    fmaxf(far.max, here.max), here.n};
}

static struct aur_point of_column(const struct view *v, int64_t number)
{
	return over(v, number * v->column, (number + 1) * v->column);
}

static struct tui_far_want want_far(
    const struct tui_scene *s, const struct view *v)
{
	int64_t seam = v->seam / v->column;

	return (struct tui_far_want){.kept = &s->kept,
	    .figure = v->trace.figure,
	    .name = v->trace.name,
	    .column = v->column,
	    .left = v->right - v->w + 1,
	    .right = seam < v->right ? seam : v->right,
	    .more = s->moment.ns != 0 ? v->w / 2 : 0,
	    .now = s->moment.ns != 0 ? 0 : v->last};
}

/* Asks for what is kept, where columns that show are not of this run. */
static void reach(struct tui_far *f, const struct tui_scene *s, struct view *v)
{
	struct tui_far_want w = want_far(s, v);

	if (w.left * v->column < v->seam)
		v->far = tui_far_reach(f, &w);
}

static void clock_of(const struct tui_scene *s, int64_t ns, const char *format,
    char out[TUI_SMALL])
{
	struct tm tm;
	time_t t = (time_t)(ns / AUR_SECOND_NS);

	out[0] = '\0';
	if ((s->utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) != NULL &&
	    strftime(out, TUI_SMALL, format, &tm) == 0)
		out[0] = '\0';
}

static double part_of(double v, double top)
{
	return isnan(v) ? NAN : v < 0 ? 0 : v > top ? 1 : v / top;
}

/* One column: the mean as a filled graph, what was above it in between as a
 * shade. */
static void draw_column(const struct tui_scene *s, const struct view *v,
    const struct tui_area *a, int x, int64_t number, double top)
{
	int64_t from = number * v->column, half = from + v->column / 2;
	struct aur_point all = of_column(v, number);
	double left = (double)all.mean, right = left;

	if (all.n == 0)
		return;
	if (s->glyphs == AUR_GLYPHS_BRAILLE) {
		left = (double)over(v, from, half).mean;
		right = (double)over(v, half, from + v->column).mean;
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
    const struct view *v, const struct tui_area *a, double top)
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
static void draw_times(const struct tui_scene *s, const struct view *v,
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

		clock_of(s, t,
		    tick < 60 * AUR_SECOND_NS	   ? "%H:%M:%S"
		    : tick < DAY_S * AUR_SECOND_NS ? "%H:%M"
						   : "%b %d",
		    text);
		if (x + (int)strlen(text) + 1 > v->w)
			break;
		tui_put(a, x0 + x, 0, s->ascii ? '+' : 0x2514, TUI_ROLE_RULE);
		tui_str(a, x0 + x + 1, 0, text, TUI_ROLE_MUTED);
	}
}

/* The busiest of the column that the cursor is in. */
static size_t busiest(const struct tui_plot *p, const struct tui_scene *s,
    const struct view *v, struct tui_busy busy[TUI_BUSIEST])
{
	int64_t from = p->cursor / v->column * v->column;
	size_t n = tui_busiest_over(&s->busiest, v->tier,
	    (struct aur_wall){from}, (struct aur_wall){from + v->column}, busy);

	if (n > 0 || p->who_of != p->cursor)
		return n;
	memcpy(busy, p->who, sizeof(p->who));
	return p->nwho;
}

static void draw_busiest(const struct tui_plot *p, const struct tui_scene *s,
    const struct view *v, const struct tui_area *a)
{
	struct tui_busy busy[TUI_BUSIEST];
	size_t n = busiest(p, s, v, busy);
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
    const struct view *v, const struct tui_area *a)
{
	struct aur_point at = of_column(v, p->cursor / v->column);
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
	clock_of(s, p->cursor,
	    v->last - p->cursor > 6 * DAY_S * AUR_SECOND_NS   ? "%b %d %H:%M"
	    : v->last - p->cursor > DAY_S / 2 * AUR_SECOND_NS ? "%a %H:%M:%S"
							      : "%H:%M:%S",
	    when);
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
    const struct view *v, const struct tui_area *a)
{
	size_t n = tui_trace_count(s, p->panel);
	char text[128];
	int x = tui_str(a, 0, 0, v->trace.label, TUI_ROLE_TITLE) + 1;

	snprintf(text, sizeof(text), "%zu/%zu  %s", p->chosen + 1, n,
	    span_names[p->zoom]);
	if (x + (int)strlen(text) < a->r.w)
		tui_str_right(a, a->r.w, 0, text, TUI_ROLE_MUTED);
}

static void mark_cursor(const struct tui_plot *p, const struct tui_scene *s,
    const struct view *v, const struct tui_area *graph,
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

static double highest(const struct view *v)
{
	double top = 0;

	for (int i = 0; i < v->w; i++) {
		double m = (double)of_column(v, v->right - i).max;

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
	struct view v;
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
	if (!look(p, s, p->at.w, &v)) {
		p->at.w = 0;
		tui_str(&title, 0, 0, v.trace.label, TUI_ROLE_TITLE);
		tui_str(&axis, 0, 0, "nothing is known yet", TUI_ROLE_MUTED);
		return;
	}
	reach(&p->far, s, &v);
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

/* The first moment that is known, here or of what is kept. */
static int64_t first_of(const struct tui_scene *s, const struct view *v)
{
	struct aur_wall from, to;

	return tui_kept_bounds(&s->kept, &from, &to) && from.ns < v->oldest
		   ? from.ns
		   : v->oldest;
}

/* Brings the cursor into what is known, and the graph to the cursor. */
static void settle(
    struct tui_plot *p, const struct tui_scene *s, const struct view *v)
{
	int64_t number, right = v->right;

	if (p->cursor > v->last)
		p->cursor = v->last;
	if (p->cursor < v->oldest) {
		int64_t first = first_of(s, v);

		if (p->cursor < first)
			p->cursor = first;
	}
	number = p->cursor / v->column;
	if (number > right)
		right = number;
	if (number < right - v->w + 1)
		right = number + v->w - 1;
	p->end = right >= v->last / v->column ? 0 : right * v->column;
}

static void step(struct tui_plot *p, const struct tui_scene *s, int64_t by)
{
	struct view v;

	if (!look(p, s, p->at.w, &v))
		return;
	if (p->cursor == 0) /* first it comes, then it goes */
		p->cursor = p->end > 0 ? p->end : v.last;
	else
		p->cursor += by * v.column;
	settle(p, s, &v);
}

static void zoom(struct tui_plot *p, const struct tui_scene *s, int by)
{
	struct view v;

	if (p->zoom + by < 0 || p->zoom + by >= spans_of(s))
		return;
	p->zoom += by;
	if (p->cursor == 0 || !look(p, s, p->at.w, &v))
		return;
	p->end = p->cursor + v.w / 2 * v.column; /* the cursor in the middle */
	if (p->end >= v.last)
		p->end = 0;
}

static void choose(struct tui_plot *p, const struct tui_scene *s, int by)
{
	size_t n = tui_trace_count(s, p->panel);

	if (by > 0 && p->chosen + 1 < n)
		p->chosen++;
	if (by < 0 && p->chosen > 0)
		p->chosen--;
}

bool tui_plot_do(
    struct tui_plot *p, const struct tui_scene *s, enum tui_action action)
{
	switch (action) {
	case TUI_DO_LEFT:
		step(p, s, -1);
		return true;
	case TUI_DO_RIGHT:
		step(p, s, 1);
		return true;
	case TUI_DO_PAGE_UP:
		step(p, s, -p->at.w);
		return true;
	case TUI_DO_PAGE_DOWN:
		step(p, s, p->at.w);
		return true;
	case TUI_DO_TOP:
		p->cursor = 1;
		step(p, s, 0);
		return true;
	case TUI_DO_BOTTOM:
		p->cursor = p->end = 0;
		return true;
	case TUI_DO_UP:
		choose(p, s, -1);
		return true;
	case TUI_DO_DOWN:
		choose(p, s, 1);
		return true;
	case TUI_DO_UNFOLD:
		zoom(p, s, -1);
		return true;
	case TUI_DO_FOLD:
		zoom(p, s, 1);
		return true;
	case TUI_DO_BACK: /* out of the cursor first, then out of the pane */
		if (p->cursor == 0)
			return false;
		p->cursor = p->end = 0;
		return true;
	default:
		return false;
	}
}

bool tui_plot_mouse(
    struct tui_plot *p, const struct tui_scene *s, const struct tui_event *e)
{
	struct view v;

	if (!tui_rect_has(p->at, e->x, e->y) || !look(p, s, p->at.w, &v))
		return false;
	if (e->mouse != TUI_MOUSE_LEFT) {
		zoom(p, s, e->mouse == TUI_MOUSE_WHEEL_UP ? -1 : 1);
		return true;
	}
	p->cursor = (v.right - (p->at.x + p->at.w - 1 - e->x)) * v.column +
		    v.column / 2;
	settle(p, s, &v);
	return true;
}

bool tui_plot_knows(const struct tui_plot *p, const struct tui_scene *s)
{
	struct tui_busy busy[TUI_BUSIEST];
	struct view v;

	return !look(p, s, p->at.w, &v) || p->who_of == p->cursor ||
	       busiest(p, s, &v, busy) > 0;
}

bool tui_plot_spike(const struct tui_plot *p, const struct tui_scene *s,
    struct aur_wall *ret_at, unsigned *ret_sort)
{
	struct tui_far_want w;
	struct view v;
	int64_t at;

	if (p->cursor == 0 || !look(p, s, p->at.w, &v))
		return false;
	w = want_far(s, &v);
	at = tui_far_highest(&w, p->cursor / v.column * v.column);
	*ret_at = (struct aur_wall){at < v.last ? at : v.last};
	*ret_sort = p->panel == TUI_PANEL_MEMORY ? AUR_COLUMN_MEMORY
		    : p->panel == TUI_PANEL_DISK ? AUR_COLUMN_WRITE
						 : AUR_COLUMN_CPU;
	return true;
}
