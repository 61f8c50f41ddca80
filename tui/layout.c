/* SPDX-License-Identifier: MIT */
/*
 * Where everything stands. One row of title, the body, one row of keys. In
 * the overview the meters stand above the list in two columns, as high as a
 * quarter of the screen; on the host screen each panel has a title and what
 * has a graph takes the rows that are left.
 */
#include "tui/app.h"

static void too_small(struct tui_app *app)
{
	struct tui_area a = tui_area_all(&app->surface);

	tui_printf(
	    &a, 0, 0, TUI_ROLE_STRONG, "%dx%d is too small:", a.r.w, a.r.h);
	tui_printf(
	    &a, 0, 1, TUI_ROLE_TEXT, "%dx%d is needed", TUI_MIN_W, TUI_MIN_H);
	tui_str(&a, 0, 2, "q quits", TUI_ROLE_MUTED);
}

static void draw_panel(
    struct tui_app *app, enum tui_panel_id id, struct tui_rect r, bool large)
{
	struct tui_panel *p = &app->panel[id];
	struct tui_area all = tui_area_all(&app->surface), a;

	if (r.h <= 0 || r.w <= 0)
		return;
	app->panel_at[id] = r;
	p->large = large;
	p->focused = app->focus == (int)id;
	if (large) {
		struct tui_area head = tui_area_cut(&all, tui_rect_top(&r, 1));
		char note[160] = "";
		int n;

		tui_repeat(&head, 0, 0, head.r.w,
		    app->scene.ascii ? '-' : 0x2500, TUI_ROLE_RULE);
		n = tui_printf(&head, 0, 0,
		    p->focused ? TUI_ROLE_FOCUS : TUI_ROLE_TITLE, "%s%s ",
		    !p->focused	       ? ""
		    : app->scene.ascii ? "> "
				       : "\xe2\x96\xb8 ",
		    p->class->title);
		if (p->class->note != NULL)
			p->class->note(p, note, sizeof(note));
		if (note[0] != '\0') {
			char text[168];

			snprintf(text, sizeof(text), " %s", note);
			if ((int)strlen(text) + n + 3 < head.r.w)
				tui_str_right(
				    &head, head.r.w, 0, text, TUI_ROLE_MUTED);
		}
	}
	a = tui_area_cut(&all, r);
	p->class->draw(p, &a);
	if (!large && p->focused)
		tui_paint(&a, 0, 0, TUI_LABEL_W - 1, TUI_ROLE_SELECTED);
}

/* The right column of the overview: rows to each, first come first served. */
static void draw_side(struct tui_app *app, struct tui_rect r)
{
	static const struct {
		enum tui_panel_id id;
		int rows;
	} side[] = {
	    {TUI_PANEL_MEMORY, 2},
	    {TUI_PANEL_PRESSURE, 2},
	    {TUI_PANEL_DISK, 1},
	    {TUI_PANEL_NETWORK, 1},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(side); i++)
		draw_panel(
		    app, side[i].id, tui_rect_top(&r, side[i].rows), false);
	draw_panel(app, TUI_PANEL_FILESYSTEM, r, false);
}

static int meter_rows(const struct tui_app *app, int h)
{
	int rows = h / 4;

	if (app->set.choice[TUI_SET_LAYOUT] == TUI_LAYOUT_ONE)
		return 0;
	if (app->set.choice[TUI_SET_LAYOUT] == TUI_LAYOUT_CONDENSED)
		return 2;
	if (h < 18)
		return 3;
	return rows < 6 ? 6 : rows > 12 ? 12 : rows;
}

static void draw_overview(struct tui_app *app, struct tui_rect body)
{
	struct tui_rect meters, left;
	struct tui_area all = tui_area_all(&app->surface), a;

	meters = tui_rect_top(&body, meter_rows(app, app->surface.h));
	if (app->surface.w < 70) {
		draw_panel(app, TUI_PANEL_CPU, tui_rect_top(&meters, 1), false);
		draw_panel(
		    app, TUI_PANEL_MEMORY, tui_rect_top(&meters, 1), false);
		draw_side(app, meters.h > 3 ? meters : (struct tui_rect){0});
		if (meters.h > 0 && meters.h <= 3)
			draw_panel(app, TUI_PANEL_PRESSURE, meters, false);
	} else {
		left = tui_rect_left(&meters, (meters.w - 2) / 2);
		tui_rect_left(&meters, 2);
		draw_panel(app, TUI_PANEL_CPU, left, false);
		draw_side(app, meters);
	}
	a = tui_area_cut(&all, body);
	tui_procs_draw(&app->procs, &a);
}

/* Rows of the host screen: one panel, or two side by side. */
struct host_row {
	int left, right; /* panels; -1: none */
};

static const struct host_row wide[] = {
    {TUI_PANEL_CPU, -1},
    {TUI_PANEL_MEMORY, TUI_PANEL_PRESSURE},
    {TUI_PANEL_DISK, TUI_PANEL_NETWORK},
    {TUI_PANEL_FILESYSTEM, TUI_PANEL_SENSOR},
};
static const struct host_row narrow[] = {
    {TUI_PANEL_CPU, -1},
    {TUI_PANEL_MEMORY, -1},
    {TUI_PANEL_PRESSURE, -1},
    {TUI_PANEL_DISK, -1},
    {TUI_PANEL_NETWORK, -1},
    {TUI_PANEL_FILESYSTEM, -1},
    {TUI_PANEL_SENSOR, -1},
};
#define ROWS_MAX ((int)AUR_ARRAY_LEN(narrow))

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static int panel_least(const struct tui_app *app, int id)
{
	return id < 0 ? 0 : app->panel[id].class->min_h + 1;
}

static int panel_wish(const struct tui_app *app, int id, int w)
{
	const struct tui_panel *p = &app->panel[id < 0 ? 0 : id];

	return id < 0 ? 0 : p->class->prefer(p, w) + 1;
}

static int row_wish(
    const struct tui_app *app, const struct host_row *row, int w)
{
	int half = row->right < 0 ? w : (w - 2) / 2;

	return larger(panel_wish(app, row->left, half),
	    panel_wish(app, row->right, half));
}

/* Shares `h` rows out: the least to all, then what each would like, then the
 * rest to those that grow. */
static void share_rows(const struct tui_app *app, const struct host_row *row,
    int n, int w, int h, int out[])
{
	int left = h, grow = 0;

	for (int i = 0; i < n; i++) {
		int least = larger(panel_least(app, row[i].left),
		    panel_least(app, row[i].right));

		out[i] = left >= least ? least : 0;
		left -= out[i];
	}
	for (bool more = true; more && left > 0;) {
		more = false;
		for (int i = 0; i < n && left > 0; i++)
			if (out[i] > 0 && out[i] < row_wish(app, &row[i], w)) {
				out[i]++;
				left--;
				more = true;
			}
	}
	while (left-- > 0) /* CPU twice for each of memory */
		out[grow++ % 3 == 2 && out[1] > 0 ? 1 : 0]++;
}

static void draw_host(struct tui_app *app, struct tui_rect body)
{
	bool is_wide = body.w >= 70;
	const struct host_row *row = is_wide ? wide : narrow;
	int n = is_wide ? (int)AUR_ARRAY_LEN(wide) : ROWS_MAX;
	int rows[AUR_ARRAY_LEN(narrow)];

	share_rows(app, row, n, body.w, body.h, rows);
	for (int i = 0; i < n; i++) {
		struct tui_rect r = tui_rect_top(&body, rows[i]), half;

		if (row[i].right >= 0) {
			half = tui_rect_right(&r, r.w - (r.w - 2) / 2 - 2);
			r.w -= 2;
			draw_panel(
			    app, (enum tui_panel_id)row[i].right, half, true);
		}
		draw_panel(app, (enum tui_panel_id)row[i].left, r, true);
	}
}

/* One pane: what it says in rows, and its large graph in the rest. */
static void draw_pane(struct tui_app *app, struct tui_rect body)
{
	enum tui_panel_id id = (enum tui_panel_id)app->focus;
	struct tui_panel *p = &app->panel[id];
	struct tui_area all = tui_area_all(&app->surface), a;
	struct tui_trace trace;
	int rows = body.h < 15 ? body.h / 3 : body.h * 2 / 5;

	p->bare = tui_trace_count(&app->scene, id) > 0;
	if (!p->bare) {
		draw_panel(app, id, body, true);
		return;
	}
	if (rows > panel_wish(app, app->focus, body.w))
		rows = panel_wish(app, app->focus, body.w);
	if (rows > body.h - TUI_PLOT_MIN_H)
		rows = body.h - TUI_PLOT_MIN_H;
	if (tui_trace_get(&app->scene, id, app->plot.chosen, &trace))
		p->scroll = trace.row;
	draw_panel(app, id, tui_rect_top(&body, rows), true);
	p->bare = false;
	a = tui_area_cut(&all, body);
	tui_plot_draw(&app->plot, &app->scene, &a);
}

/* Why a host has nothing to show of that moment. */
static void draw_nothing(const struct tui_app *app, const struct tui_area *a)
{
	const struct aur_feed_host *h = app->scene.host;
	struct tui_area box = tui_area_cut(a, tui_rect_centre(a->r, 64, 4));

	tui_blank(&box, TUI_ROLE_BOX);
	(void)tui_fleet_wrap(&box, 2, 1,
	    h->error != NULL ? h->error : "nothing was kept of this moment",
	    TUI_ROLE_BOX_STRONG);
}

static void draw_body(struct tui_app *app, struct tui_rect body)
{
	struct tui_area all = tui_area_all(&app->surface);
	struct tui_area a = tui_area_cut(&all, body);

	switch (app->view) {
	case TUI_VIEW_OVERVIEW:
		draw_overview(app, body);
		break;
	case TUI_VIEW_HOST:
		draw_host(app, body);
		break;
	case TUI_VIEW_PROCESSES:
		tui_procs_draw(&app->procs, &a);
		break;
	case TUI_VIEW_PANE:
		draw_pane(app, body);
		break;
	case TUI_VIEW_FLEET:
		tui_fleet_app_draw(app, body);
		break;
	case TUI_VIEW_EVENTS:
		tui_events_show(app, &a);
		break;
	case TUI_VIEW_DETAILS:
		tui_details_draw(&app->details, &app->scene, &a);
		break;
	}
	if (app->moment.on && !app->scene.whole && !tui_app_shows_fleet(app) &&
	    app->view != TUI_VIEW_EVENTS)
		draw_nothing(app, &a);
	if (app->scene.stale && !tui_app_shows_fleet(app))
		tui_mark_all(&a, TUI_DIM);
}

void tui_layout_draw(struct tui_app *app)
{
	struct tui_rect r = {0, 0, app->surface.w, app->surface.h};
	struct tui_area all = tui_area_all(&app->surface), top, bottom;

	if (r.w < TUI_MIN_W || r.h < TUI_MIN_H) {
		too_small(app);
		return;
	}
	memset(app->panel_at, 0, sizeof(app->panel_at));
	app->procs.at.h = 0;
	top = tui_area_cut(&all, tui_rect_top(&r, 1));
	bottom = tui_area_cut(&all, tui_rect_bottom(&r, 1));
	if (tui_app_shows_fleet(app))
		tui_fleet_app_title(app, &top);
	else
		tui_title_draw(app, &top);
	draw_body(app, r);
	tui_bar_draw(app, &bottom);
	tui_mode_draw(app, r, &bottom);
}
