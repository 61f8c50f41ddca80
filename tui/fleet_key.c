/* SPDX-License-Identifier: MIT */
/* What keys and the mouse do on the fleet screen. */
#include "tui/app.h"

static void enter(struct tui_app *app, struct aur_mono now)
{
	struct tui_fleet *fl = &app->fleet;
	uint32_t at = tui_fleet_at(fl);
	const struct aur_feed_host *h;

	if (fl->nrow == 0)
		return;
	if (at == TUI_FLEET_NONE) {
		struct tui_fleet_group *g =
		    &fl->group[fl->row[fl->cursor].group];

		g->folded = !g->folded;
		tui_fleet_app_update(app, now, true);
		return;
	}
	h = tui_app_host(app, at);
	if (h->now == NULL && h->state != AUR_HOST_UP &&
	    h->state != AUR_HOST_CONNECTING)
		tui_mode_begin(app, TUI_MODE_TROUBLE);
	else
		tui_fleet_app_into(app, at, now);
}

static void sort_by(struct tui_app *app, unsigned column, struct aur_mono now)
{
	struct tui_fleet *fl = &app->fleet;

	if (!fl->sorted || fl->sort != column) {
		fl->sorted = false; /* its own order, not turned round */
		tui_fleet_sort(fl, column);
	}
	app->procs.hold = false;
	tui_fleet_app_update(app, now, true);
}

static void search_on(struct tui_app *app, bool back)
{
	struct tui_fleet *fl = &app->fleet;
	size_t from = fl->cursor + (back ? fl->nrow - 1 : 1);

	if (app->table.searching && fl->nrow > 0)
		tui_fleet_search(fl, aur_slice_str(app->table.search),
		    from % fl->nrow, back);
}

static void move_tiles(struct tui_app *app, enum tui_action action)
{
	struct tui_fleet *fl = &app->fleet;
	size_t step = (size_t)app->table.across, at = fl->cursor;

	if (action == TUI_DO_LEFT || action == TUI_DO_RIGHT)
		step = 1;
	if (action == TUI_DO_UP || action == TUI_DO_LEFT)
		at = at >= step ? at - step : at;
	else
		at = at + step < fl->nrow ? at + step : at;
	tui_fleet_go(fl, at);
}

static bool is_arrow(enum tui_action action)
{
	return action == TUI_DO_UP || action == TUI_DO_DOWN ||
	       action == TUI_DO_LEFT || action == TUI_DO_RIGHT;
}

/* Searches on, and sorts; false when it is neither. */
static bool do_order(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	switch (action) {
	case TUI_DO_SEARCH_NEXT:
		search_on(app, false);
		return true;
	case TUI_DO_SEARCH_PREVIOUS:
		if (app->table.searching)
			search_on(app, true);
		else
			sort_by(app, TUI_FLEET_HOST, now);
		return true;
	case TUI_DO_SORT_CPU:
		sort_by(app, TUI_FLEET_CPU, now);
		return true;
	case TUI_DO_SORT_MEMORY:
		sort_by(app, TUI_FLEET_MEMORY, now);
		return true;
	case TUI_DO_SORT_TIME:
		sort_by(app, TUI_FLEET_UPTIME, now);
		return true;
	default:
		return false;
	}
}

void tui_fleet_app_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	struct tui_fleet *fl = &app->fleet;
	size_t page = app->table.page > 1 ? (size_t)app->table.page : 1;

	if (app->table.across > 0 && is_arrow(action)) {
		move_tiles(app, action);
		return;
	}
	if (tui_fleet_move(fl, action, page) || do_order(app, action, now))
		return;
	switch (action) {
	case TUI_DO_ENTER:
		enter(app, now);
		return;
	case TUI_DO_SEARCH:
	case TUI_DO_FILTER:
	case TUI_DO_SORT:
	case TUI_DO_COLUMNS:
		tui_mode_begin(app, action == TUI_DO_SEARCH   ? TUI_MODE_SEARCH
				    : action == TUI_DO_FILTER ? TUI_MODE_FILTER
				    : action == TUI_DO_SORT
					? TUI_MODE_SORT
					: TUI_MODE_FLEET_COLUMNS);
		return;
	case TUI_DO_INVERT:
		if (!fl->sorted)
			tui_fleet_sort(fl, TUI_FLEET_STATE);
		fl->descending = !fl->descending;
		app->procs.hold = false;
		break;
	case TUI_DO_TREE:
		fl->grouped = !fl->grouped;
		break;
	case TUI_DO_FOLD:
	case TUI_DO_UNFOLD:
		tui_fleet_fold(fl, action == TUI_DO_FOLD);
		break;
	case TUI_DO_FOLD_ALL:
		tui_fleet_fold_all(fl);
		break;
	default:
		return;
	}
	tui_fleet_app_update(app, now, true);
}

bool tui_fleet_app_mouse(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	switch (tui_fleet_table_click(&app->table, e->x, e->y)) {
	case TUI_FLEET_CLICK_AGAIN:
		enter(app, now);
		return true;
	case TUI_FLEET_CLICK_SORT:
		app->procs.hold = false;
		tui_fleet_app_update(app, now, true);
		return true;
	case TUI_FLEET_CLICK_ROW:
		return true;
	default:
		return false;
	}
}

/* A search or a filter is being typed. */
bool tui_fleet_app_search(struct tui_app *app, const char *text)
{
	struct tui_fleet_table *t = &app->table;

	snprintf(t->search, sizeof(t->search), "%s", text);
	t->searching = text[0] != '\0';
	return !t->searching ||
	       tui_fleet_search(
		   &app->fleet, aur_slice_str(text), app->fleet.cursor, false);
}

void tui_fleet_app_filter(struct tui_app *app, const char *text)
{
	if (tui_fleet_table_filter(
		&app->table, text, app->error, sizeof(app->error)))
		tui_fleet_app_update(app, app->scene.now, true);
}
