/* SPDX-License-Identifier: MIT */
#include "tui/plot_view.h"

#include "view/column.h"

#include <math.h>

#define COLUMNS_MAX 1024
#define DAY_S 86400

static const int64_t spans[] = {60, 120, 300, 600, 1800, 3600, 7200, 21600,
    43200, DAY_S, 3 * DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S};
static const char *const span_names[] = {"1 min", "2 min", "5 min", "10 min",
    "30 min", "1 h", "2 h", "6 h", "12 h", "24 h", "3 d", "7 d", "30 d",
    "90 d"};
#define SPANS ((int)AUR_ARRAY_LEN(spans))
#define SPANS_OF_RUN 10 /* what a run remembers */

/* How far it can be zoomed out. */
static int spans_of(const struct tui_scene *s)
{
	return s->kept.feed != NULL ? SPANS : SPANS_OF_RUN;
}

const char *tui_plot_span(const struct tui_plot *p)
{
	return span_names[p->zoom];
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
static void look_far(const struct tui_plot *p, const struct tui_scene *s,
    struct tui_plot_view *v)
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

bool tui_plot_look(const struct tui_plot *p, const struct tui_scene *s, int w,
    struct tui_plot_view *v)
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
static struct aur_point of_series(const struct tui_plot_view *v,
    const struct aur_series *s, int64_t from, int64_t to)
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

struct aur_point tui_plot_over(
    const struct tui_plot_view *v, int64_t from, int64_t to)
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

struct aur_point tui_plot_column(const struct tui_plot_view *v, int64_t number)
{
	return tui_plot_over(v, number * v->column, (number + 1) * v->column);
}

static struct tui_far_want want_far(
    const struct tui_scene *s, const struct tui_plot_view *v)
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

void tui_plot_reach(
    struct tui_far *f, const struct tui_scene *s, struct tui_plot_view *v)
{
	struct tui_far_want w = want_far(s, v);

	if (w.left * v->column < v->seam)
		v->far = tui_far_reach(f, &w);
}

size_t tui_plot_busiest(const struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v, struct tui_busy busy[TUI_BUSIEST])
{
	int64_t from = p->cursor / v->column * v->column;
	size_t n = tui_busiest_over(&s->busiest, v->tier,
	    (struct aur_wall){from}, (struct aur_wall){from + v->column}, busy);

	if (n > 0 || p->who_of != p->cursor)
		return n;
	memcpy(busy, p->who, sizeof(p->who));
	return p->nwho;
}

/* The first moment that is known, here or of what is kept. */
static int64_t first_of(
    const struct tui_scene *s, const struct tui_plot_view *v)
{
	struct aur_wall from, to;

	return tui_kept_bounds(&s->kept, &from, &to) && from.ns < v->oldest
		   ? from.ns
		   : v->oldest;
}

/* Brings the cursor into what is known, and the graph to the cursor. */
static void settle(struct tui_plot *p, const struct tui_scene *s,
    const struct tui_plot_view *v)
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
	struct tui_plot_view v;

	if (!tui_plot_look(p, s, p->at.w, &v))
		return;
	if (p->cursor == 0) /* first it comes, then it goes */
		p->cursor = p->end > 0 ? p->end : v.last;
	else
		p->cursor += by * v.column;
	settle(p, s, &v);
}

static void zoom(struct tui_plot *p, const struct tui_scene *s, int by)
{
	struct tui_plot_view v;

	if (p->zoom + by < 0 || p->zoom + by >= spans_of(s))
		return;
	p->zoom += by;
	if (p->cursor == 0 || !tui_plot_look(p, s, p->at.w, &v))
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
	struct tui_plot_view v;

	if (!tui_rect_has(p->at, e->x, e->y) ||
	    !tui_plot_look(p, s, p->at.w, &v))
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
	struct tui_plot_view v;

	return !tui_plot_look(p, s, p->at.w, &v) || p->who_of == p->cursor ||
	       tui_plot_busiest(p, s, &v, busy) > 0;
}

bool tui_plot_spike(const struct tui_plot *p, const struct tui_scene *s,
    struct aur_wall *ret_at, unsigned *ret_sort)
{
	struct tui_far_want w;
	struct tui_plot_view v;
	int64_t at;

	if (p->cursor == 0 || !tui_plot_look(p, s, p->at.w, &v))
		return false;
	w = want_far(s, &v);
	at = tui_far_highest(&w, p->cursor / v.column * v.column);
	*ret_at = (struct aur_wall){at < v.last ? at : v.last};
	*ret_sort = p->panel == TUI_PANEL_MEMORY ? AUR_COLUMN_MEMORY
		    : p->panel == TUI_PANEL_DISK ? AUR_COLUMN_WRITE
						 : AUR_COLUMN_CPU;
	return true;
}
