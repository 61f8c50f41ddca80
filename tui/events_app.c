/* SPDX-License-Identifier: MIT */
/*
 * The screen of events in the program, and the line of the morning: what
 * happened since this team was looked at last, until a key is pressed. Hosts
 * tell what they kept over the night in the first moments of a run, so the
 * line is made anew a few times.
 */
#include "tui/app.h"

#include "base/err.h"

#define MORNING_MS 400
#define MORNING_TIMES 8 /* each twice as late as the one before */

void tui_events_change(struct tui_app *app, const struct aur_feed *feed,
    size_t host, unsigned changes, struct aur_mono now)
{
	const struct aur_feed_host *h = feed->class->host(feed, host);

	if (!(changes & AUR_FEED_EVENT) || h->event == NULL)
		return;
	if (tui_events_add(&app->events, host, h->event) < 0)
		tui_app_say(app, now, "out of memory");
	if (app->view == TUI_VIEW_EVENTS)
		app->dirty = true;
}

void tui_events_anew(struct tui_app *app)
{
	app->events.old = true;
}

void tui_events_go(struct tui_app *app)
{
	if (app->view == TUI_VIEW_EVENTS)
		return;
	tui_details_close(&app->details);
	if (app->nhost > 1) {
		tui_fleet_app_all(app, false);
		app->below =
		    app->view == TUI_VIEW_OVERVIEW ? app->view : TUI_VIEW_FLEET;
	}
	app->view = TUI_VIEW_EVENTS;
	app->focus = -1;
	app->events.old = true;
}

/* To the moment of the event, on its host. */
static void enter(struct tui_app *app, struct aur_mono now)
{
	const struct tui_event_row *r = tui_events_at(&app->events);
	uint32_t host;

	if (r == NULL)
		return;
	host = r->host;
	if (!tui_moment_go(app, r->when, now))
		return;
	if (app->nhost > 1)
		tui_fleet_app_into(app, host, now);
	app->view = TUI_VIEW_OVERVIEW;
}

bool tui_events_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	if (tui_events_move(&app->events, action))
		return true;
	switch (action) {
	case TUI_DO_ENTER:
		enter(app, now);
		return true;
	case TUI_DO_SEARCH: /* what is looked for is all that is wanted */
	case TUI_DO_FILTER:
		tui_mode_begin(app, TUI_MODE_FILTER);
		return true;
	default:
		return false;
	}
}

void tui_events_mouse(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (tui_events_click(&app->events, e->x, e->y))
		enter(app, now);
}

void tui_events_show(struct tui_app *app, const struct tui_area *a)
{
	struct aur_wall upto = {INT64_MAX};

	if (app->moment.on)
		upto.ns = app->moment.at.ns + 1;
	if (app->events.old && tui_events_load(&app->events, app->moment.past,
				   app->feed, upto) < 0)
		tui_app_say(app, app->scene.now, "out of memory");
	tui_events_draw(&app->events, &app->scene, a, app->feed);
}

/* --- the morning ---------------------------------------------------------- */

static void on_event(void *arg, size_t host, const struct aur_event *event)
{
	struct tui_app *app = arg;

	tui_morning_add(&app->morning.list, host, event);
}

static const char *name_of(void *arg, size_t host)
{
	return tui_app_host(arg, host)->name;
}

void tui_morning_begin(struct tui_app *app, struct aur_wall looked)
{
	app->morning.looked = looked;
	if (looked.ns > 0 && app->moment.past != NULL)
		app->morning.left = MORNING_TIMES;
}

void tui_morning_shown(struct tui_app *app, struct aur_mono now)
{
	struct tui_app_morning *m = &app->morning;

	if (m->left == 0 || m->at.ns != 0)
		return;
	m->at = aur_mono_add(
	    now, aur_span_ms(MORNING_MS << (MORNING_TIMES - m->left)));
}

void tui_morning_wake(struct tui_app *app, struct aur_mono now)
{
	struct tui_app_morning *m = &app->morning;
	struct aur_wall end = {INT64_MAX};
	char text[sizeof(app->message)];

	if (m->left == 0)
		return;
	m->left--;
	memset(&m->list, 0, sizeof(m->list));
	if (app->moment.past->past->events(app->moment.past, SIZE_MAX,
		m->looked, end, 0, on_event, app) < 0)
		return;
	tui_morning_text(&m->list, name_of, app,
	    &(struct tui_morning_when){m->looked, app->scene.wall,
		app->scene.utc, app->scene.ascii, app->surface.w - 2},
	    text, sizeof(text));
	if (text[0] == '\0' || strcmp(text, m->text) == 0 ||
	    (app->message[0] != '\0' && !m->told))
		return;
	snprintf(m->text, sizeof(m->text), "%s", text);
	tui_app_say(app, now, "%s", text);
	app->message_until.ns = 0;
	m->told = true;
}

void tui_morning_end(struct tui_app *app)
{
	if (!app->morning.told)
		return;
	app->morning.left = 0;
	app->morning.told = false;
	app->message[0] = '\0';
}
