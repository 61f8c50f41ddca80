/* SPDX-License-Identifier: MIT */
/* What the feeds tell, what comes with time, and the picture; keys are in
 * app_key.c. */
#include "tui/app.h"

#include <stdarg.h>

#define MESSAGE_MS 5000
#define AGE_MS 1000
#define FILL_MOST 12 /* graphs that are asked for in a frame */
#define FILL_MS 20

const struct aur_feed_host *tui_app_host(const struct tui_app *app, size_t host)
{
	return app->feed->class->host(app->feed, host);
}

bool tui_app_has_all(const struct tui_app *app)
{
	return app->procs.figures != &app->scene.figures;
}

bool tui_app_has_list(const struct tui_app *app)
{
	return app->view == TUI_VIEW_OVERVIEW ||
	       app->view == TUI_VIEW_PROCESSES;
}

void tui_app_say(struct tui_app *app, struct aur_mono now, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(app->message, sizeof(app->message), fmt, ap);
	va_end(ap);
	app->message_until = aur_mono_add(now, aur_span_ms(MESSAGE_MS));
	app->dirty = true;
}

void tui_app_change(
    struct tui_app *app, size_t i, unsigned changes, struct aur_mono now)
{
	const struct aur_feed_host *host;

	tui_events_change(app, app->moment.on ? app->moment.feed : app->feed, i,
	    changes, now);
	if (app->moment.on) {
		tui_moment_change(app, i, changes, now);
		return;
	}
	host = tui_app_host(app, i);
	if (app->nhost > 1)
		tui_fleet_app_change(app, i, changes, now);
	if (i != app->host)
		return;
	if ((changes & AUR_FEED_SAMPLE) && host->now != NULL) {
		app->scene.now = now;
		if (tui_scene_sample(&app->scene, host) < 0)
			tui_app_say(app, now, "out of memory");
		if (!app->scene.paused && !tui_app_shows_fleet(app) &&
		    !tui_app_has_all(app))
			tui_procs_update(&app->procs, false);
		tui_details_sample(&app->details, &app->scene, host);
		tui_sched_sample(app);
	}
	if ((changes & AUR_FEED_PART) && app->scene.whole)
		changes &= ~(unsigned)AUR_FEED_PART; /* seen as a whole */
	if (tui_app_shows_fleet(app))
		return; /* drawn when all of this moment have come */
	if (changes != 0 && !(app->scene.paused && changes == AUR_FEED_SAMPLE))
		app->dirty = true;
}

/* The earlier of two instants, where 0 is never. */
static struct aur_mono earlier(struct aur_mono a, struct aur_mono b)
{
	if (a.ns == 0 || (b.ns != 0 && b.ns < a.ns))
		return b;
	return a;
}

struct aur_mono tui_app_next(const struct tui_app *app)
{
	struct aur_mono at =
	    earlier(earlier(app->message_until, app->hold_until),
		earlier(app->age_at, app->tick_at));

	return earlier(earlier(at, app->morning.at),
	    earlier(app->moment.fill_at, app->moment.who_at));
}

static bool due(struct aur_mono *at, struct aur_mono now)
{
	if (at->ns == 0 || now.ns < at->ns)
		return false;
	at->ns = 0;
	return true;
}

void tui_app_wake(struct tui_app *app, struct aur_mono now)
{
	if (due(&app->message_until, now)) {
		app->message[0] = '\0';
		app->dirty = true;
	}
	if (due(&app->tick_at, now))
		tui_fleet_app_tick(app, now);
	if (due(&app->hold_until, now)) {
		app->procs.hold = false;
		if (app->nhost > 1)
			tui_fleet_app_tick(app, now);
		else if (!app->scene.paused)
			tui_procs_update(&app->procs, true);
		app->dirty = true;
	}
	if (due(&app->age_at, now) || due(&app->moment.fill_at, now))
		app->dirty = true;
	if (due(&app->moment.who_at, now))
		tui_moment_who(app);
	if (due(&app->morning.at, now))
		tui_morning_wake(app, now);
}

/* Before the first whole sample, the meters draw what has come of it. */
static void take_coming(struct tui_app *app)
{
	struct tui_scene *s = &app->scene;

	aur_figures_release(&s->figures);
	if (aur_figures_init(&s->figures, NULL, s->host->coming) < 0)
		memset(&s->figures, 0, sizeof(s->figures));
}

/* Whether a sample is on the screen. */
static bool shows_any(const struct tui_app *app)
{
	if (!tui_app_shows_fleet(app))
		return app->scene.whole;
	for (size_t i = 0; i < app->nhost; i++)
		if (app->fleet.record[i].any)
			return true;
	return false;
}

/* Nothing is asked of what is kept before the first frame is there. */
static void begun(struct tui_app *app, struct aur_mono now)
{
	tui_morning_shown(app, now);
	if (app->moment.begun || !shows_any(app))
		return;
	app->moment.begun = true;
	if (app->scene.kept.feed != NULL)
		app->moment.fill_at = aur_mono_add(now, aur_span_ms(FILL_MS));
}

void tui_app_draw(struct tui_app *app, struct aur_mono now)
{
	struct tui_scene *s = &app->scene;

	app->dirty = false;
	s->now = now;
	if (app->moment.due)
		tui_moment_again(app);
	s->host = tui_app_host(app, app->host);
	if (!s->whole)
		take_coming(app);
	s->stale = s->whole && s->host->state != AUR_HOST_UP && !app->moment.on;
	app->age_at.ns = 0;
	if (app->moment.on) /* "6 h ago" goes on */
		app->age_at = aur_mono_add(now, aur_span_ms(60 * AGE_MS));
	else if (s->stale || (app->nhost > 1 && tui_app_shows_fleet(app)))
		app->age_at = aur_mono_add(now, aur_span_ms(AGE_MS));
	app->moment.fill_at = tui_moment_fill(app, FILL_MOST)
				  ? tui_moment_tables(app, now)
				  : aur_mono_add(now, aur_span_ms(FILL_MS));
	tui_surface_clear(&app->surface);
	app->surface.ascii = s->ascii;
	tui_layout_draw(app);
	begun(app, now);
	if (!s->whole) { /* nobody else may hold what is still coming */
		aur_figures_release(&s->figures);
		if (aur_figures_init(&s->figures, NULL, NULL) < 0)
			memset(&s->figures, 0, sizeof(s->figures));
	}
}
