/* SPDX-License-Identifier: MIT */
/* What keys and the mouse do, while no mode takes them. */
#include "tui/app.h"

#include "base/err.h"

/* How long the order of the list stands still after a movement: long enough
 * to aim and press. */
#define HOLD_MS 2000

/* While somebody aims, rows stay where they are. */
static void hold(struct tui_app *app, struct aur_mono now)
{
	app->procs.hold = true;
	app->hold_until = aur_mono_add(now, aur_span_ms(HOLD_MS));
}

static bool is_movement(enum tui_action action)
{
	return tui_action_row(action)->section == TUI_SECTION_MOVING;
}

static void pause(struct tui_app *app)
{
	struct tui_scene *s = &app->scene;

	s->paused = !s->paused;
	s->past_frozen = s->past.steps;
	s->frozen.ns = s->figures.now != NULL ? s->figures.now->wall.ns : 0;
	if (app->nhost > 1)
		tui_fleet_app_pause(app, s->now);
	if (s->paused || !s->whole)
		return;
	if (tui_scene_show(s, tui_app_host(app, app->host)) == 0)
		tui_procs_update(&app->procs, true);
}

static void back(struct tui_app *app)
{
	bool spike = app->spike;

	app->spike = false;
	if (app->procs.searching && tui_app_has_list(app))
		app->procs.searching = false;
	else if (app->view == TUI_VIEW_FLEET)
		app->table.searching = false;
	else if (app->view == TUI_VIEW_PANE)
		app->view = app->before;
	else if (app->view == TUI_VIEW_DETAILS) {
		app->view = app->before;
		app->spike = spike;
		tui_details_close(&app->details);
	} else if (spike && app->view == TUI_VIEW_PROCESSES) {
		app->view = TUI_VIEW_PANE; /* the graph that it came from */
		app->focus = (int)app->plot.panel;
	} else if (app->focus >= 0 && app->view == TUI_VIEW_OVERVIEW)
		app->focus = -1;
	else if (app->view != TUI_VIEW_OVERVIEW) {
		app->view = app->below;
		app->focus = -1;
	} else if (app->nhost > 1)
		app->view = TUI_VIEW_FLEET;
	if (app->view != TUI_VIEW_PROCESSES && app->view != TUI_VIEW_DETAILS)
		tui_fleet_app_all(app, false);
}

static void leave(struct tui_app *app)
{
	if (app->nhost > 1
		? app->view == TUI_VIEW_FLEET && !app->table.searching
		: app->view == TUI_VIEW_OVERVIEW && !app->procs.searching)
		app->quit = true;
	else
		back(app);
}

static void next_pane(struct tui_app *app, int by)
{
	bool list = app->view == TUI_VIEW_OVERVIEW;
	int n = TUI_PANEL_COUNT, at = app->focus;

	if (app->view != TUI_VIEW_OVERVIEW && app->view != TUI_VIEW_HOST)
		return;
	for (int k = 0; k <= n; k++) {
		at += by;
		if (at >= n)
			at = list ? -1 : 0;
		if (at < -1 || (at == -1 && !list))
			at = n - 1;
		if (at == -1 || app->panel_at[at].h > 0)
			break;
	}
	app->focus = at;
}

static void open_details(struct tui_app *app, struct aur_mono now)
{
	struct aur_figures *f = &app->scene.figures;
	ptrdiff_t inst;
	int rc = AUR_EABSENT;

	if (app->procs.list.n == 0)
		return;
	if (tui_app_has_all(app)) /* the scene is that of its host */
		tui_fleet_app_show(app, app->procs.list.selected.host, now);
	inst = aur_figures_task_find(f, app->procs.list.selected.key, 0);
	if (inst >= 0) /* all about a thread is told of its process */
		inst = aur_figures_process_of(f, (size_t)inst);
	if (inst >= 0)
		rc = tui_details_open(&app->details, &app->scene,
		    aur_figures_task_key(f, (size_t)inst));
	if (rc < 0) {
		tui_app_say(app, now, "%s", aur_err_str(rc));
		return;
	}
	app->before = app->view;
	app->view = TUI_VIEW_DETAILS;
}

static void enter(struct tui_app *app, struct aur_mono now)
{
	if (app->focus < 0 && tui_app_has_list(app))
		open_details(app, now);
	else if (app->view == TUI_VIEW_PANE)
		(void)!tui_moment_spike(app, now);
	else if (app->focus >= 0 && app->view != TUI_VIEW_PANE) {
		app->before = app->view;
		app->view = TUI_VIEW_PANE;
		tui_plot_begin(
		    &app->plot, (enum tui_panel_id)app->focus, &app->scene);
	}
}

void tui_app_go(struct tui_app *app, enum tui_view view, struct aur_mono now)
{
	app->spike = false;
	if (app->view == TUI_VIEW_DETAILS)
		tui_details_close(&app->details);
	if (app->nhost > 1) {
		tui_fleet_app_go(app, view, now);
		return;
	}
	app->view = view;
	app->focus = view == TUI_VIEW_HOST ? 0 : -1;
}

/* The host that is meant, or all of a heading. */
static void retry(struct tui_app *app, struct aur_mono now)
{
	const struct tui_fleet *fl = &app->fleet;
	uint32_t at = tui_fleet_app_aim(app);

	if (at != TUI_FLEET_NONE) {
		app->feed->class->retry(app->feed, at);
		if (app->nhost > 1)
			tui_app_say(app, now, "%s: trying again",
			    tui_app_host(app, at)->name);
		return;
	}
	for (size_t i = 0; i < fl->nrow; i++)
		if (fl->row[i].host != TUI_FLEET_NONE &&
		    fl->row[i].group == fl->selected.group)
			app->feed->class->retry(app->feed, fl->row[i].host);
}

static void shell(struct tui_app *app, struct aur_mono now)
{
	uint32_t at = tui_fleet_app_aim(app);
	char why[200] = "";

	if (app->shell == NULL || at == TUI_FLEET_NONE)
		return;
	if (!app->shell(app->shell_arg, at, why, sizeof(why)))
		tui_app_say(app, now, "%s", why);
}

/* What goes to another screen or pane; false when it does not. */
static bool do_screen(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	switch (action) {
	case TUI_DO_HOST:
		tui_app_go(app, TUI_VIEW_HOST, now);
		return true;
	case TUI_DO_FLEET:
		if (app->nhost > 1)
			tui_app_go(app, TUI_VIEW_FLEET, now);
		return true;
	case TUI_DO_PICK:
		if (app->nhost > 1)
			tui_mode_begin(app, TUI_MODE_PICK);
		return true;
	case TUI_DO_PROCESSES:
		tui_app_go(app, TUI_VIEW_PROCESSES, now);
		return true;
	case TUI_DO_EVENTS:
		app->spike = false;
		tui_events_go(app);
		return true;
	case TUI_DO_NEXT_PANE:
		next_pane(app, 1);
		return true;
	case TUI_DO_PREVIOUS_PANE:
		next_pane(app, -1);
		return true;
	default:
		return false;
	}
}

/* What concerns the whole screen; false when it does not. */
static bool do_general(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	switch (action) {
	case TUI_DO_HELP:
		tui_mode_begin(app, TUI_MODE_HELP);
		return true;
	case TUI_DO_COPY:
		tui_mode_begin(app, TUI_MODE_COPY);
		return true;
	case TUI_DO_SETUP:
		tui_mode_begin(app, TUI_MODE_SETUP);
		return true;
	case TUI_DO_THEME:
	case TUI_DO_LAYOUT:
	case TUI_DO_PATHS:
		tui_settings_key(app, action);
		return true;
	case TUI_DO_SHELL:
		shell(app, now);
		return true;
	case TUI_DO_ENTER:
		enter(app, now);
		return true;
	case TUI_DO_BACK:
		back(app);
		return true;
	case TUI_DO_LEAVE:
		leave(app);
		return true;
	case TUI_DO_QUIT:
		app->quit = true;
		return true;
	case TUI_DO_PAUSE:
		pause(app);
		return true;
	case TUI_DO_INTERVAL:
		tui_mode_begin(app, TUI_MODE_INTERVAL);
		return true;
	case TUI_DO_RETRY:
		retry(app, now);
		return true;
	case TUI_DO_REDRAW:
		app->anew = true;
		return true;
	default:
		return false;
	}
}

static void do_list(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	switch (action) {
	case TUI_DO_SEARCH:
		tui_mode_begin(app, TUI_MODE_SEARCH);
		return;
	case TUI_DO_FILTER:
		tui_mode_begin(app, TUI_MODE_FILTER);
		return;
	case TUI_DO_SORT:
		tui_mode_begin(app, TUI_MODE_SORT);
		return;
	case TUI_DO_USER:
		tui_mode_begin(app, TUI_MODE_USER);
		return;
	case TUI_DO_COLUMNS:
		tui_mode_begin(app, TUI_MODE_COLUMNS);
		return;
	case TUI_DO_NICE_LESS:
		tui_act_nice(app, -1, now);
		return;
	case TUI_DO_NICE_MORE:
		tui_act_nice(app, 1, now);
		return;
	case TUI_DO_SIGNAL:
		tui_act_signal_menu(app);
		return;
	case TUI_DO_CPUS:
		tui_sched_begin(app, TUI_MODE_CPUS);
		return;
	case TUI_DO_IO_PRIORITY:
		tui_sched_begin(app, TUI_MODE_IO);
		return;
	default:
		if (is_movement(action) || action == TUI_DO_TAG)
			hold(app, now);
		tui_procs_do(&app->procs, action);
	}
}

static bool has_plot(const struct tui_app *app)
{
	return app->view == TUI_VIEW_PANE &&
	       tui_trace_count(&app->scene, app->plot.panel) > 0;
}

/* Whether a search shows, which Esc ends first. */
static bool searching(const struct tui_app *app)
{
	return app->view == TUI_VIEW_FLEET
		   ? app->table.searching
		   : app->procs.searching && tui_app_has_list(app);
}

void tui_app_act(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	if (action == TUI_DO_NOTHING ||
	    (app->scene.readonly && tui_action_row(action)->acts))
		return;
	app->message[0] = '\0';
	if (tui_moment_refuses(app, action, now) ||
	    tui_moment_do(app, action, now))
		return;
	if (action == TUI_DO_BACK && app->moment.on && !app->moment.ended &&
	    !searching(app)) {
		tui_moment_leave(app, now);
		return;
	}
	if (has_plot(app) && tui_plot_do(&app->plot, &app->scene, action)) {
		tui_moment_cursor(app, now);
		return;
	}
	if (app->view == TUI_VIEW_FLEET && (is_movement(action)))
		hold(app, now);
	if (app->view == TUI_VIEW_EVENTS && tui_events_do(app, action, now))
		return;
	if (app->view == TUI_VIEW_FLEET && action == TUI_DO_ENTER)
		tui_fleet_app_do(app, action, now);
	else if (do_screen(app, action, now) || do_general(app, action, now))
		return;
	else if (app->view == TUI_VIEW_FLEET)
		tui_fleet_app_do(app, action, now);
	if (app->view == TUI_VIEW_FLEET)
		return;
	if (app->focus >= 0) {
		int page = app->panel_at[app->focus].h - 1;

		if (tui_panel_move(&app->panel[app->focus], action, page))
			return;
	}
	if (app->view == TUI_VIEW_DETAILS &&
	    tui_details_move(&app->details, action))
		return;
	if (tui_app_has_list(app) ||
	    (app->view == TUI_VIEW_DETAILS && tui_action_row(action)->acts))
		do_list(app, action, now);
}

static void mouse(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (has_plot(app) && tui_plot_mouse(&app->plot, &app->scene, e)) {
		tui_moment_cursor(app, now);
		return;
	}
	if (e->mouse != TUI_MOUSE_LEFT) {
		enum tui_action one =
		    e->mouse == TUI_MOUSE_WHEEL_UP ? TUI_DO_UP : TUI_DO_DOWN;

		for (int i = 0; i < 3; i++)
			tui_app_act(app, one, now);
		return;
	}
	if (e->y == app->surface.h - 1) {
		tui_app_act(app, tui_bar_at(app, e->x), now);
		return;
	}
	if (app->view == TUI_VIEW_EVENTS) {
		tui_events_mouse(app, e, now);
		return;
	}
	if (app->view == TUI_VIEW_FLEET) {
		if (tui_fleet_app_mouse(app, e, now))
			hold(app, now);
		return;
	}
	if (tui_app_has_list(app) && tui_procs_click(&app->procs, e->x, e->y)) {
		app->focus = -1;
		hold(app, now);
		return;
	}
	for (int i = 0; i < TUI_PANEL_COUNT; i++)
		if (tui_rect_has(app->panel_at[i], e->x, e->y))
			app->focus = i;
}

void tui_app_event(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	app->scene.now = now;
	app->dirty = true;
	tui_morning_end(app);
	if (app->mode != TUI_MODE_NORMAL) {
		if (e->kind == TUI_EVENT_KEY && e->key == TUI_KEY_CTRL('c'))
			app->quit = true;
		else
			tui_mode_event(app, e, now);
	} else if (e->kind == TUI_EVENT_KEY)
		tui_app_act(app, tui_settings_action(app, e->key), now);
	else if (e->kind == TUI_EVENT_MOUSE)
		mouse(app, e, now);
	tui_app_ask(app);
}
