/* SPDX-License-Identifier: MIT */
/*
 * Several hosts in the program: which one the scene shows, whose processes
 * the list has, how the fleet screen looks; its keys are in fleet_key.c. With
 * one host nothing of this is reached.
 *
 *	fleet --Enter--> overview of a host --2--> host
 *	  |  \--3--> processes of all hosts   \--3--> its processes
 *	  |                  \--3--> those of the host, and back
 *	Esc, q come back from each; q in the fleet quits
 *
 * Samples come whenever a host sends one; what they change is put in order
 * and drawn a moment later, for all hosts that have sent by then.
 */
#include "tui/app.h"

#include "base/err.h"
#include "base/mem.h"
#include "view/when.h"

#define TICK_MS 200
#define TICK_ALL_MS 400 /* for the processes of all: there are many */
#define TILE_LEAST 6
#define TILE_MOST 12

int tui_fleet_app_init(struct tui_app *app)
{
	int rc = tui_fleet_init(&app->fleet, app->feed);

	tui_fleet_table_init(&app->table, &app->fleet, &app->scene);
	app->crowd = aur_mem_new(app->nhost, sizeof(*app->crowd));
	app->names = aur_mem_new(app->nhost, sizeof(*app->names));
	app->stale = aur_mem_new(app->nhost, sizeof(*app->stale));
	if (rc == 0 &&
	    (app->crowd == NULL || app->names == NULL || app->stale == NULL))
		rc = AUR_ENOMEM;
	if (rc < 0) {
		tui_fleet_app_release(app);
		return rc;
	}
	memset(app->crowd, 0, app->nhost * sizeof(*app->crowd));
	app->view = app->below = TUI_VIEW_FLEET;
	return tui_fleet_update(&app->fleet, app->scene.now, false);
}

void tui_fleet_app_release(struct tui_app *app)
{
	for (size_t i = 0; app->crowd != NULL && i < app->nhost; i++)
		aur_figures_release(&app->crowd[i]);
	aur_mem_free(app->crowd);
	aur_mem_free(app->names);
	aur_mem_free(app->stale);
	tui_fleet_table_release(&app->table);
	tui_fleet_release(&app->fleet);
	app->crowd = NULL;
	app->names = NULL;
	app->stale = NULL;
}

bool tui_app_shows_fleet(const struct tui_app *app)
{
	return app->view == TUI_VIEW_FLEET ||
	       (app->view == TUI_VIEW_EVENTS && app->nhost > 1) ||
	       (app->view == TUI_VIEW_PROCESSES && tui_app_has_all(app));
}

/* --- samples -------------------------------------------------------------- */

static void take_names(struct tui_app *app)
{
	for (size_t i = 0; i < app->nhost; i++) {
		const struct aur_feed_host *h = tui_app_host(app, i);

		app->names[i] = h->name;
		app->stale[i] = h->state != AUR_HOST_UP;
	}
}

static void take_sample(
    struct tui_app *app, size_t i, const struct aur_feed_host *host)
{
	struct aur_figures f;

	if (aur_figures_init(&f, host->before, host->now) < 0)
		return; /* the next one will be as good */
	/* no memory for the past costs a sparkline, and nothing else */
	(void)!tui_fleet_sample(&app->fleet, i, &f, app->scene.interval);
	if (tui_app_has_all(app) && !app->scene.paused) {
		aur_figures_release(&app->crowd[i]);
		app->crowd[i] = f;
		/* its rows point into the older one until they are made anew */
		app->procs.moved = true;
	} else
		aur_figures_release(&f);
}

void tui_fleet_app_change(
    struct tui_app *app, size_t i, unsigned changes, struct aur_mono now)
{
	const struct aur_feed_host *host = tui_app_host(app, i);

	if ((changes & AUR_FEED_SAMPLE) && host->now != NULL)
		take_sample(app, i, host);
	if ((changes & (AUR_FEED_SAMPLE | AUR_FEED_STATE)) &&
	    app->tick_at.ns == 0)
		app->tick_at = aur_mono_add(now,
		    aur_span_ms(tui_app_has_all(app) ? TICK_ALL_MS : TICK_MS));
}

void tui_fleet_app_update(struct tui_app *app, struct aur_mono now, bool anew)
{
	bool hold = !anew && (app->procs.hold || app->scene.paused);

	if (tui_fleet_update(&app->fleet, now, hold) < 0)
		tui_app_say(app, now, "out of memory");
}

void tui_fleet_app_tick(struct tui_app *app, struct aur_mono now)
{
	app->tick_at.ns = 0;
	if (app->scene.paused)
		return;
	tui_fleet_app_update(app, now, false);
	take_names(app);
	if (tui_app_has_all(app))
		tui_procs_update(&app->procs, false);
	if (tui_app_shows_fleet(app))
		app->dirty = true;
}

void tui_fleet_app_pause(struct tui_app *app, struct aur_mono now)
{
	tui_fleet_hold(&app->fleet, app->scene.paused);
	app->held_wall = app->scene.wall;
	if (app->scene.paused)
		return;
	if (tui_app_has_all(app)) {
		tui_fleet_app_all(app, false); /* all figures anew */
		tui_fleet_app_all(app, true);
	}
	tui_fleet_app_update(app, now, true);
}

/* --- whose processes, which host ------------------------------------------ */

/* The figures of all hosts, or of none. */
static void take_crowd(struct tui_app *app, bool on)
{
	for (size_t i = 0; i < app->nhost; i++) {
		const struct aur_feed_host *h = tui_app_host(app, i);

		aur_figures_release(&app->crowd[i]);
		memset(&app->crowd[i], 0, sizeof(app->crowd[i]));
		if (on && h->now != NULL &&
		    aur_figures_init(&app->crowd[i], h->before, h->now) < 0)
			memset(&app->crowd[i], 0, sizeof(app->crowd[i]));
	}
	take_names(app);
}

void tui_fleet_app_crowd(struct tui_app *app)
{
	take_crowd(app, true);
	app->procs.moved = true;
}

void tui_fleet_app_all(struct tui_app *app, bool on)
{
	if (app->nhost < 2 || on == tui_app_has_all(app))
		return;
	take_crowd(app, on);
	if (on)
		tui_procs_of(&app->procs, app->crowd, app->names, app->stale,
		    app->nhost);
	else
		tui_procs_of(&app->procs, NULL, NULL, NULL, 0);
	tui_procs_update(&app->procs, true);
}

void tui_fleet_app_show(struct tui_app *app, size_t host, struct aur_mono now)
{
	const struct aur_feed_host *h = tui_app_host(app, host);
	int rc = 0;

	if (host == app->host)
		return;
	tui_details_close(&app->details);
	if (app->scene.paused) { /* what is held is another one's */
		app->scene.paused = false;
		tui_fleet_app_pause(app, now);
	}
	app->host = host;
	app->scene.kept.host = host;
	rc = tui_scene_restart(&app->scene);
	if (rc == 0 && app->moment.on)
		rc = tui_scene_at(&app->scene, h, app->moment.at);
	else if (rc == 0) {
		tui_record_seed(&app->fleet.record[host], &app->scene.tracks);
		if (h->now != NULL)
			rc = tui_scene_sample(&app->scene, h);
	}
	if (rc < 0)
		tui_app_say(app, now, "%s", aur_err_str(rc));
	for (int i = 0; i < TUI_PANEL_COUNT; i++)
		app->panel[i].scroll = 0;
	if (tui_app_has_all(app))
		return;
	tui_procs_of(&app->procs, NULL, NULL, NULL, 0);
	tui_procs_update(&app->procs, true);
}

uint32_t tui_fleet_app_aim(const struct tui_app *app)
{
	const struct tui_list *l = &app->procs.list;

	if (app->view == TUI_VIEW_FLEET)
		return tui_fleet_at(&app->fleet);
	if (app->view == TUI_VIEW_EVENTS && app->nhost > 1) {
		const struct tui_event_row *r = tui_events_at(&app->events);

		return r != NULL ? r->host : TUI_FLEET_NONE;
	}
	if (app->view == TUI_VIEW_PROCESSES && tui_app_has_all(app))
		return l->n > 0 ? l->selected.host : TUI_FLEET_NONE;
	return (uint32_t)app->host;
}

void tui_fleet_app_go(
    struct tui_app *app, enum tui_view view, struct aur_mono now)
{
	uint32_t host = tui_fleet_app_aim(app);

	if (view == TUI_VIEW_FLEET)
		app->below = TUI_VIEW_FLEET;
	else if (view == TUI_VIEW_PROCESSES) {
		bool all =
		    app->view == TUI_VIEW_FLEET ||
		    (app->view == TUI_VIEW_PROCESSES && !tui_app_has_all(app));

		if (!all && host != TUI_FLEET_NONE)
			tui_fleet_app_show(app, host, now);
		tui_fleet_app_all(app, all);
		app->below = all ? TUI_VIEW_FLEET : app->below;
	} else if (host != TUI_FLEET_NONE) {
		tui_fleet_app_all(app, false);
		tui_fleet_app_show(app, host, now);
	} else
		return;
	if (app->view == TUI_VIEW_FLEET || app->view == TUI_VIEW_OVERVIEW)
		app->below = app->view;
	app->view = view;
	app->focus = view == TUI_VIEW_HOST ? 0 : -1;
}

void tui_fleet_app_into(struct tui_app *app, size_t host, struct aur_mono now)
{
	tui_fleet_app_all(app, false);
	tui_fleet_app_show(app, host, now);
	app->view = TUI_VIEW_OVERVIEW;
	app->below = TUI_VIEW_FLEET;
	app->focus = -1;
}

/* --- the screen ----------------------------------------------------------- */

static bool wants_tiles(const struct tui_app *app, struct tui_rect body)
{
	switch (app->set.choice[TUI_SET_FLEET]) {
	case TUI_FLEET_LAYOUT_TABLE:
		return false;
	case TUI_FLEET_LAYOUT_TILES:
		return true;
	default:
		/* headings have no tile: with groups it is a table */
		return tui_fleet_tiles_fit(&app->table, body.w, body.h) &&
		       (app->fleet.ngroup == 0 || !app->fleet.grouped);
	}
}

/* What the selected host has to say, in the rows that hosts leave. */
static void draw_selected(
    struct tui_app *app, struct tui_rect *body, uint32_t host)
{
	struct tui_area all = tui_area_all(&app->surface), a;
	int left = body->h - 1 - (int)app->fleet.nrow, lines;
	char why[500];

	if (left > TILE_LEAST) {
		left = left - 1 < TILE_MOST ? left - 1 : TILE_MOST;
		a = tui_area_cut(&all, tui_rect_bottom(body, left));
		tui_fleet_tile(&app->table, &a, host, false);
		return;
	}
	if (tui_app_host(app, host)->state == AUR_HOST_UP)
		return;
	tui_fleet_reason(&app->fleet, host, why, sizeof(why));
	lines = (int)strlen(why) / (body->w > 4 ? body->w - 4 : 1) + 1;
	a = tui_area_cut(&all, tui_rect_bottom(body, lines < 3 ? lines : 3));
	tui_blank(&a, TUI_ROLE_TEXT);
	tui_fleet_wrap(
	    &a, 1, 0, why, tui_fleet_role(tui_app_host(app, host)->state));
}

/* Whether all fit may have changed, and the order with it. */
static void take_room(struct tui_app *app, bool tiles, struct tui_rect body)
{
	struct tui_fleet *fl = &app->fleet;
	bool fitted = fl->n <= fl->room;

	fl->room = tiles && tui_fleet_tiles_fit(&app->table, body.w, body.h)
		       ? fl->n
		       : (size_t)(body.h > 1 ? body.h - 1 : 1);
	if (fitted != (fl->n <= fl->room) && !app->scene.paused)
		tui_fleet_app_update(app, app->scene.now, true);
}

void tui_fleet_app_draw(struct tui_app *app, struct tui_rect body)
{
	struct tui_area all = tui_area_all(&app->surface), a;
	bool tiles = wants_tiles(app, body);
	uint32_t at;

	take_room(app, tiles, body);
	at = tui_fleet_at(&app->fleet);
	if (!app->scene.paused)
		app->fleet.now = app->scene.now;
	if (!tiles && at != TUI_FLEET_NONE)
		draw_selected(app, &body, at);
	a = tui_area_cut(&all, body);
	tui_fleet_table_draw(&app->table, &a, tiles);
}

/* "14:32:07  every 1s  ● live", as much of it as has `room`. */
static void clock_text(const struct tui_scene *s, struct aur_wall wall,
    int room, char *out, size_t size)
{
	const char *live = s->paused  ? "PAUSED"
			   : s->ascii ? "* live"
				      : "\xe2\x97\x8f live";
	char clock[16] = "";

	if (wall.ns > 0)
		aur_when_format(
		    wall, s->utc, "%H:%M:%S  ", clock, sizeof(clock));
	if (room < 30)
		snprintf(out, size, "%s%s", room < 17 ? "" : clock, live);
	else
		snprintf(out, size, "%severy %gs  %s", clock,
		    aur_span_in_seconds(s->interval), live);
}

/* Draws how many hosts are in each state, or only tells how long that is. */
static int draw_states(
    const struct tui_fleet *fl, const struct tui_area *a, int x, bool draw)
{
	char text[48];

	for (unsigned bad = 0; bad < TUI_FLEET_STATES; bad++)
		for (unsigned i = 0; i < TUI_FLEET_STATES; i++) {
			enum aur_host_state s = (enum aur_host_state)i;

			if (tui_fleet_badness(s) != bad || fl->state[i] == 0)
				continue;
			snprintf(text, sizeof(text), "  %u %s", fl->state[i],
			    tui_fleet_word(s));
			if (draw)
				tui_str(a, x, 0, text, tui_fleet_role(s));
			x += (int)strlen(text);
		}
	return x;
}

void tui_fleet_app_title(const struct tui_app *app, const struct tui_area *a)
{
	const struct tui_fleet *fl = &app->fleet;
	const struct tui_scene *s = &app->scene;
	char text[80];
	enum tui_role role = s->paused ? TUI_ROLE_WARN : TUI_ROLE_TEXT;
	int x = 1, end;

	x += tui_str(a, x, 0, "aurora", TUI_ROLE_LABEL);
	if (app->team[0] != '\0' && a->r.w >= 60) {
		x += tui_str(a, x, 0, s->ascii ? " > " : " \xe2\x96\xb8 ",
		    TUI_ROLE_RULE);
		x += tui_text(
		    a, x, 0, 24, aur_slice_str(app->team), TUI_ROLE_STRONG);
	}
	x += tui_printf(a, x, 0, TUI_ROLE_STRONG, "  %zu hosts", fl->n);
	end = draw_states(fl, a, x, false);
	draw_states(fl, a, x, true);
	if (app->moment.on) {
		role = TUI_ROLE_PAST;
		tui_moment_title(app, a->r.w - end - 3, text, sizeof(text));
	} else
		clock_text(s, s->paused ? app->held_wall : s->wall,
		    a->r.w - end - 3, text, sizeof(text));
	if (end + 9 < a->r.w || app->moment.on)
		tui_str_right(a, a->r.w - 1, 0, text, role);
}
