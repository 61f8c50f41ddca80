/* SPDX-License-Identifier: MIT */
/*
 * Modes: while one is on, keys are text or choices, and the key table is not
 * asked. Each says here how it begins, what a key does, how it looks.
 */
#include "tui/app.h"

#include "base/scan.h"
#include "base/text.h"
#include "tui/complete.h"

#include <math.h>

#define MENU_W 26
#define LEAST_ERROR 24 /* columns that a complaint has in any case */

static void fill_sort_menu(struct tui_app *app)
{
	tui_menu_begin(&app->menu, "Sort by:");
	for (size_t i = 0; i < app->procs.columns.n; i++) {
		unsigned id = tui_column_sort(app->procs.columns.column[i].id);

		if (id != app->procs.columns.column[i].id)
			continue; /* it sorts as another one does */
		tui_menu_add(&app->menu, (int)id, "%-9s %.34s",
		    tui_column_get(id)->title, tui_column_get(id)->name);
	}
	tui_menu_choose(&app->menu, (int)app->procs.list.sort);
}

static bool menu_has(const struct tui_menu *m, struct aur_slice text)
{
	for (size_t i = 1; i < m->n; i++)
		if (aur_slice_is(text, m->item[i].text))
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void add_users(struct tui_menu *m, struct aur_figures *f)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_PROCESSES);

	for (size_t i = 0; i < n; i++) {
		struct aur_slice s = tui_string(f, AUR_FIG_processes_user, i);

		if (s.n > 0 && s.n < TUI_MENU_TEXT && !menu_has(m, s))
			tui_menu_add(m, 1, "%.*s", (int)s.n, (const char *)s.p);
	}
}

static void fill_user_menu(struct tui_app *app)
{
	struct tui_menu *m = &app->menu;

	tui_menu_begin(m, "Processes of:");
	tui_menu_add(m, 0, "all users");
	for (size_t i = 0; i < app->procs.nhost; i++)
		add_users(m, &app->procs.figures[i]);
	if (m->n > 2)
		qsort(m->item + 1, m->n - 1, sizeof(m->item[0]), by_text);
	for (size_t i = 1; i < m->n; i++)
		if (strcmp(m->item[i].text, app->procs.list.user) == 0)
			m->at = i;
}

/* TUI_PROMPT_MAX bytes. */
static const char *filter_text(const struct tui_app *app)
{
	return app->view == TUI_VIEW_FLEET    ? app->table.filter
	       : app->view == TUI_VIEW_EVENTS ? app->events.text
					      : app->procs.filter;
}

void tui_mode_begin(struct tui_app *app, enum tui_mode mode)
{
	char number[32];

	app->mode = mode;
	app->error[0] = app->hint[0] = '\0';
	switch (mode) {
	case TUI_MODE_HELP:
		tui_help_begin(app);
		break;
	case TUI_MODE_SEARCH:
		tui_prompt_set(&app->prompt, "");
		break;
	case TUI_MODE_WHEN:
		tui_moment_ask(app);
		break;
	case TUI_MODE_FILTER:
		memcpy(app->old, filter_text(app), sizeof(app->old));
		tui_prompt_set(&app->prompt, filter_text(app));
		break;
	case TUI_MODE_INTERVAL:
		snprintf(number, sizeof(number), "%g",
		    aur_span_in_seconds(app->scene.interval));
		tui_prompt_set(&app->prompt, number);
		break;
	case TUI_MODE_SORT:
		if (app->view == TUI_VIEW_FLEET)
			tui_fleet_menu_sort(app);
		else
			fill_sort_menu(app);
		break;
	case TUI_MODE_USER:
		fill_user_menu(app);
		break;
	case TUI_MODE_SETUP:
		tui_setup_begin(app);
		break;
	case TUI_MODE_COPY:
		tui_copy_begin(app);
		break;
	case TUI_MODE_COLUMNS:
		tui_columns_begin(app);
		break;
	case TUI_MODE_FLEET_COLUMNS:
	case TUI_MODE_PICK:
	case TUI_MODE_TROUBLE:
		tui_fleet_menu_begin(app);
		break;
	default:
		break;
	}
}

static void search_typed(struct tui_app *app)
{
	struct tui_procs *p = &app->procs;

	if (app->view == TUI_VIEW_FLEET) {
		snprintf(app->error, sizeof(app->error), "%s",
		    tui_fleet_app_search(app, app->prompt.text) ? ""
								: "not found");
		return;
	}
	memcpy(p->search, app->prompt.text, sizeof(p->search));
	p->searching = p->search[0] != '\0';
	app->error[0] = '\0';
	if (p->searching &&
	    !tui_list_search(&p->list, p->figures, aur_slice_str(p->search),
		p->list.cursor, false))
		snprintf(app->error, sizeof(app->error), "not found");
}

static bool *searching(struct tui_app *app)
{
	return app->view == TUI_VIEW_FLEET ? &app->table.searching
					   : &app->procs.searching;
}

static void search_key(struct tui_app *app, const struct tui_event *e)
{
	enum tui_action move = TUI_DO_NOTHING;

	if (tui_prompt_key(&app->prompt, e)) {
		search_typed(app);
		return;
	}
	if (e->kind != TUI_EVENT_KEY)
		return;
	switch (e->key) {
	case TUI_KEY_F(3):
	case TUI_KEY_DOWN:
		move = TUI_DO_SEARCH_NEXT;
		break;
	case TUI_KEY_UP:
		move = TUI_DO_SEARCH_PREVIOUS;
		break;
	case '\r':
		app->mode = TUI_MODE_NORMAL;
		break;
	case TUI_KEY_ESC:
		*searching(app) = false;
		app->mode = TUI_MODE_NORMAL;
		break;
	default:
		break;
	}
	if (move == TUI_DO_NOTHING || !*searching(app))
		return;
	if (app->view == TUI_VIEW_FLEET)
		tui_fleet_app_do(app, move, app->scene.now);
	else
		tui_procs_do(&app->procs, move);
}

static void try_filter(struct tui_app *app, const char *text)
{
	app->error[0] = '\0';
	if (app->view == TUI_VIEW_FLEET)
		tui_fleet_app_filter(app, text);
	else if (app->view == TUI_VIEW_EVENTS)
		(void)!tui_events_filter(
		    &app->events, text, app->error, sizeof(app->error));
	else
		tui_procs_filter(
		    &app->procs, text, app->error, sizeof(app->error));
}

static void complete(struct tui_app *app)
{
	if (!tui_complete(&app->prompt,
		&app->procs.figures[app->procs.list.selected.host], app->hint,
		sizeof(app->hint)))
		snprintf(app->hint, sizeof(app->hint), "nothing fits here");
	try_filter(app, app->prompt.text);
}

static void filter_key(struct tui_app *app, const struct tui_event *e)
{
	app->hint[0] = '\0';
	if (e->kind == TUI_EVENT_KEY && e->key == '\t' &&
	    app->view != TUI_VIEW_FLEET && app->view != TUI_VIEW_EVENTS) {
		complete(app);
		return;
	}
	if (tui_prompt_key(&app->prompt, e)) {
		try_filter(app, app->prompt.text);
		return;
	}
	if (e->kind != TUI_EVENT_KEY)
		return;
	if (e->key == TUI_KEY_ESC) {
		try_filter(app, app->old);
		app->mode = TUI_MODE_NORMAL;
	} else if (e->key == '\r' && app->error[0] == '\0')
		app->mode = TUI_MODE_NORMAL;
}

void tui_app_interval(struct tui_app *app, struct aur_span interval)
{
	app->set.interval = interval;
	app->scene.interval = interval;
	tui_details_interval(&app->details, interval);
	if (tui_tracks_step(&app->scene.tracks, interval) < 0 ||
	    tui_busiest_step(&app->scene.busiest, interval) < 0)
		snprintf(app->message, sizeof(app->message), "out of memory");
}

static void interval_key(struct tui_app *app, const struct tui_event *e)
{
	double v;

	if (tui_prompt_key(&app->prompt, e)) {
		app->error[0] = '\0';
		return;
	}
	if (e->kind != TUI_EVENT_KEY)
		return;
	if (e->key == TUI_KEY_ESC)
		app->mode = TUI_MODE_NORMAL;
	if (e->key != '\r')
		return;
	if (aur_scan_f64(aur_slice_str(app->prompt.text), &v) < 0 || v < 0.1 ||
	    v > 3600) {
		snprintf(
		    app->error, sizeof(app->error), "seconds from 0.1 to 3600");
		return;
	}
	app->mode = TUI_MODE_NORMAL;
	tui_app_interval(app, aur_span_seconds(v));
}

static void when_key(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (tui_prompt_key(&app->prompt, e))
		app->error[0] = app->hint[0] = '\0';
	else if (e->kind == TUI_EVENT_KEY && e->key == '\r')
		tui_moment_typed(app, now);
	else if (e->kind == TUI_EVENT_KEY && e->key == TUI_KEY_ESC)
		app->mode = TUI_MODE_NORMAL;
}

static void chosen(struct tui_app *app)
{
	struct tui_procs *p = &app->procs;
	struct tui_menu *m = &app->menu;
	enum tui_mode mode = app->mode;

	app->mode = TUI_MODE_NORMAL;
	if (m->n == 0)
		return;
	if (mode == TUI_MODE_SIGNAL) {
		tui_act_signal_chosen(app);
		return;
	}
	if (app->view == TUI_VIEW_FLEET) {
		tui_fleet_menu_sorted(app);
		return;
	}
	if (mode == TUI_MODE_SORT)
		tui_list_sort(&p->list, (unsigned)m->item[m->at].value);
	else
		snprintf(p->list.user, sizeof(p->list.user), "%s",
		    m->at == 0 ? "" : m->item[m->at].text);
	tui_procs_update(p, true);
}

static void menu_key(struct tui_app *app, const struct tui_event *e)
{
	if (e->kind == TUI_EVENT_MOUSE && e->mouse != TUI_MOUSE_LEFT)
		tui_menu_key(&app->menu,
		    e->mouse == TUI_MOUSE_WHEEL_UP ? TUI_KEY_UP : TUI_KEY_DOWN,
		    1);
	else if (e->kind == TUI_EVENT_MOUSE &&
		 tui_menu_click(&app->menu, e->x, e->y))
		chosen(app);
	if (e->kind != TUI_EVENT_KEY)
		return;
	if (e->key == TUI_KEY_ESC)
		app->mode = TUI_MODE_NORMAL;
	else if (e->key == '\r')
		chosen(app);
	else
		tui_menu_key(&app->menu, e->key, app->procs.page);
}

/* A click goes to a column, another shows or hides it; the wheel moves. */
static void columns_mouse(struct tui_app *app, const struct tui_event *e)
{
	if (e->mouse != TUI_MOUSE_LEFT)
		tui_columns_key(app,
		    e->mouse == TUI_MOUSE_WHEEL_UP ? TUI_KEY_UP : TUI_KEY_DOWN);
	else if (tui_menu_click(&app->menu, e->x, e->y))
		tui_columns_key(app, ' ');
}

static void count_key(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (e->kind != TUI_EVENT_KEY) /* it is counted, not pasted */
		return;
	if (tui_prompt_key(&app->prompt, e))
		return;
	if (e->key == '\r')
		tui_act_counted(app, now);
	else if (e->key == TUI_KEY_ESC)
		app->mode = TUI_MODE_NORMAL;
}

void tui_mode_event(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	switch (app->mode) {
	case TUI_MODE_HELP:
		if (e->kind == TUI_EVENT_KEY)
			tui_help_key(app, e->key);
		else if (e->kind == TUI_EVENT_MOUSE)
			tui_help_mouse(app, e->mouse);
		break;
	case TUI_MODE_SEARCH:
		search_key(app, e);
		break;
	case TUI_MODE_FILTER:
		filter_key(app, e);
		break;
	case TUI_MODE_INTERVAL:
		interval_key(app, e);
		break;
	case TUI_MODE_WHEN:
		when_key(app, e, now);
		break;
	case TUI_MODE_SORT:
	case TUI_MODE_USER:
	case TUI_MODE_SIGNAL:
		menu_key(app, e);
		break;
	case TUI_MODE_CPUS:
	case TUI_MODE_IO:
		tui_sched_key(app, e);
		break;
	case TUI_MODE_COUNT:
		count_key(app, e, now);
		break;
	case TUI_MODE_CONFIRM:
		if (e->kind == TUI_EVENT_KEY)
			tui_act_confirm(app, e->key, now);
		else if (e->kind == TUI_EVENT_MOUSE &&
			 e->mouse == TUI_MOUSE_LEFT) /* only y acts */
			tui_act_confirm(app, TUI_KEY_ESC, now);
		break;
	case TUI_MODE_SETUP:
		tui_setup_event(app, e, now);
		break;
	case TUI_MODE_COPY:
		if (e->kind == TUI_EVENT_KEY)
			tui_copy_key(app, e->key);
		break;
	case TUI_MODE_COLUMNS:
		if (e->kind == TUI_EVENT_KEY)
			tui_columns_key(app, e->key);
		else if (e->kind == TUI_EVENT_MOUSE)
			columns_mouse(app, e);
		break;
	case TUI_MODE_FLEET_COLUMNS:
	case TUI_MODE_PICK:
	case TUI_MODE_TROUBLE:
		tui_fleet_menu_event(app, e, now);
		break;
	case TUI_MODE_NORMAL:
		break;
	}
}

static const char *prompt_label(const struct tui_app *app)
{
	switch (app->mode) {
	case TUI_MODE_SEARCH:
		return "Search (F3 next):";
	case TUI_MODE_FILTER:
		return app->view == TUI_VIEW_FLEET ||
			       app->view == TUI_VIEW_EVENTS
			   ? "Filter:"
			   : "Filter (Tab):";
	case TUI_MODE_WHEN:
		return "Go to a time:";
	case TUI_MODE_INTERVAL:
		return "Seconds between samples:";
	default:
		return NULL;
	}
}

/* A help or a complaint, in what is left behind the text. */
static void draw_note(
    const struct tui_area *a, const char *note, int from, enum tui_role role)
{
	struct aur_slice s = aur_slice_str(note);
	int n = (int)aur_text_width(s), w = a->r.w - from;

	if (w < 8)
		return;
	tui_text(a, n < w ? a->r.w - n : from, 0, w, s, role);
}

static void draw_prompt(
    struct tui_app *app, const struct tui_area *a, const char *label)
{
	int end = (int)(strlen(label) + 1 + app->prompt.n + 2);

	tui_blank(a, TUI_ROLE_TEXT);
	tui_prompt_draw(&app->prompt, a, 0, label);
	if (app->hint[0] != '\0')
		draw_note(a, app->hint, end, TUI_ROLE_MUTED);
	else if (app->error[0] != '\0') /* rather than what was typed */
		draw_note(a, app->error,
		    end < a->r.w - LEAST_ERROR ? end : a->r.w - LEAST_ERROR,
		    TUI_ROLE_BAD);
}

void tui_mode_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom)
{
	const char *label = prompt_label(app);
	struct tui_area all = tui_area_all(&app->surface), left;

	if (label != NULL)
		draw_prompt(app, bottom, label);
	all = tui_area_cut(&all, body);
	switch (app->mode) {
	case TUI_MODE_HELP:
		tui_help_draw(app, &all);
		break;
	case TUI_MODE_SORT:
	case TUI_MODE_USER:
	case TUI_MODE_SIGNAL:
		if (app->procs.at.h > 0 && app->view != TUI_VIEW_FLEET)
			body = app->procs.at;
		left = tui_area_cut(&all, tui_rect_left(&body, MENU_W));
		tui_menu_draw(&app->menu, &left);
		break;
	case TUI_MODE_SETUP:
		tui_setup_draw(app, &all);
		break;
	case TUI_MODE_COPY:
		tui_copy_draw(app, &all);
		break;
	case TUI_MODE_COLUMNS:
		tui_columns_draw(app, body, bottom);
		break;
	case TUI_MODE_CPUS:
	case TUI_MODE_IO:
		tui_sched_draw(app, body, bottom);
		break;
	case TUI_MODE_FLEET_COLUMNS:
	case TUI_MODE_PICK:
	case TUI_MODE_TROUBLE:
		tui_fleet_menu_draw(app, body, bottom);
		break;
	case TUI_MODE_COUNT:
	case TUI_MODE_CONFIRM:
		tui_act_draw(app, &all);
		break;
	default:
		break;
	}
}
