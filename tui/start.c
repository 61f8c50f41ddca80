/* SPDX-License-Identifier: MIT */
/* How the program behind the screen begins, as the line and the settings say,
 * and what it gives back at the end. */
#include "tui/app.h"

#include "base/err.h"
#include "base/mem.h"

/* What is taken as it is. */
static void take_options(struct tui_app *app, const struct tui_options *o)
{
	if (o->settings != NULL)
		app->set = *o->settings;
	else
		tui_settings_init(&app->set);
	app->kept = o->kept != NULL ? *o->kept : app->set;
	if (o->interval.ns > 0)
		app->set.interval = o->interval;
	app->save = o->save;
	app->save_arg = o->save_arg;
	app->shell = o->shell;
	app->words = o->words;
	app->nword = o->nword;
	app->bundle = o->bundle;
	app->shell_arg = o->shell_arg;
	if (o->team != NULL)
		snprintf(app->team, sizeof(app->team), "%s", o->team);
	app->no_utf8 = o->ascii;
	app->scene.interval = app->set.interval;
	app->scene.readonly = o->readonly;
	app->scene.utc = o->utc;
}

static int make_scene(struct tui_app *app)
{
	int rc = tui_tracks_init(&app->scene.tracks, app->scene.interval);

	tui_busiest_init(&app->scene.busiest, app->scene.interval);
	if (rc == 0)
		rc = tui_surface_resize(&app->surface, 80, 24);
	if (rc < 0)
		tui_scene_release(&app->scene);
	return rc;
}

static int make_hosts(struct tui_app *app, const struct tui_options *o)
{
	int rc;

	app->asked = aur_mem_new(app->nhost, sizeof(*app->asked));
	if (app->asked == NULL)
		return AUR_ENOMEM;
	memset(app->asked, 0, app->nhost * sizeof(*app->asked));
	rc = tui_moment_init(app, o);
	if (rc == 0 && app->nhost > 1)
		rc = tui_fleet_app_init(app);
	return rc;
}

/* Whose processes, and in which order. */
static void take_list(struct tui_app *app, const struct tui_options *o)
{
	struct tui_list *l = &app->procs.list;

	/* who names processes does not mean a list of hosts */
	if (app->nhost > 1 && (o->filter != NULL || o->user != NULL ||
				  o->npid > 0 || o->sort >= 0 || o->tree)) {
		tui_fleet_app_all(app, true);
		app->view = TUI_VIEW_PROCESSES;
	}
	l->pids = o->pids;
	l->npid = o->npid;
	if (o->user != NULL)
		snprintf(l->user, sizeof(l->user), "%s", o->user);
	if (o->sort >= 0 &&
	    (o->sort < AUR_COLUMN_COUNT ||
		(o->sort == TUI_COLUMN_HOST && app->nhost > 1))) {
		l->sort = (unsigned)o->sort;
		l->descending = tui_list_descends(l->sort);
	}
	if (o->order != TUI_ORDER_OWN)
		l->descending = o->order == TUI_ORDER_DESCENDING;
}

/* The screen that was asked for; of all hosts' processes where there are
 * several. */
static void show_first(struct tui_app *app, enum tui_screen screen)
{
	switch (screen) {
	case TUI_SCREEN_USUAL:
	case TUI_SCREEN_FLEET: /* which one host has not */
		break;
	case TUI_SCREEN_OVERVIEW:
		if (app->nhost > 1)
			tui_fleet_app_into(app, 0, app->scene.now);
		break;
	case TUI_SCREEN_HOST:
		tui_app_go(app, TUI_VIEW_HOST, app->scene.now);
		break;
	case TUI_SCREEN_PROCESSES:
		tui_app_go(app, TUI_VIEW_PROCESSES, app->scene.now);
		break;
	case TUI_SCREEN_EVENTS:
		tui_events_go(app);
		break;
	}
}

int tui_app_init(
    struct tui_app *app, struct aur_feed *feed, const struct tui_options *o)
{
	int rc;

	memset(app, 0, sizeof(*app));
	app->feed = feed;
	app->nhost = feed->class->count(feed);
	app->focus = -1;
	app->dirty = true;
	take_options(app, o);
	rc = make_scene(app);
	if (rc < 0)
		return rc;
	for (int i = 0; i < TUI_PANEL_COUNT; i++)
		app->panel[i] = (struct tui_panel){
		    .class = tui_panel_class((enum tui_panel_id)i),
		    .scene = &app->scene};
	tui_procs_init(&app->procs, &app->scene);
	rc = make_hosts(app, o);
	if (rc < 0) {
		tui_app_release(app);
		return rc;
	}
	if (app->nhost > 1)
		tui_settings_fleet(app);
	take_list(app, o);
	if (o->tree)
		app->set.choice[TUI_SET_TREE] = true;
	if (o->no_mouse)
		app->set.choice[TUI_SET_MOUSE] = false;
	if (app->set.columns[0] != '\0' && /* else as they always are */
	    tui_columns_parse(
		&app->procs.columns, aur_slice_str(app->set.columns)) < 0)
		app->set.columns[0] = '\0';
	tui_settings_apply(app);
	show_first(app, o->screen);
	if (o->filter != NULL)
		(void)tui_procs_filter(
		    &app->procs, o->filter, app->message, sizeof(app->message));
	if (o->at.ns == 0)
		tui_morning_begin(app, o->looked);
	else if (!tui_moment_go(app, o->at, app->scene.now))
		app->message_until.ns = 0; /* it says why, until a key */
	return 0;
}

void tui_app_release(struct tui_app *app)
{
	tui_act_forget(app);
	tui_procs_release(&app->procs);
	tui_details_close(&app->details);
	if (app->nhost > 1)
		tui_fleet_app_release(app);
	tui_moment_release(app);
	tui_events_release(&app->events);
	tui_plot_release(&app->plot);
	tui_scene_release(&app->scene);
	tui_surface_release(&app->surface);
	aur_mem_free(app->asked);
	app->asked = NULL;
	aur_mem_free(app->target);
	app->target = NULL;
}
