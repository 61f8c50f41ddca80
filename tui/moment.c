/* SPDX-License-Identifier: MIT */
/*
 * Going to a moment, from one to another, and back. A second app for the past
 * was rejected: focus, filter, order and tags shall be the same there.
 */
#include "tui/app.h"

#include "base/err.h"
#include "base/mem.h"
#include "view/when.h"

int tui_moment_init(struct tui_app *app, const struct tui_options *o)
{
	struct tui_moment *m = &app->moment;

	m->past = o->past;
	m->ended = o->ended;
	if (m->past == NULL)
		return 0;
	app->scene.kept = (struct tui_kept){m->past, app->host};
	m->asked = aur_mem_new(app->nhost, sizeof(*m->asked));
	if (app->nhost > 1)
		m->record = aur_mem_new(app->nhost, sizeof(*m->record));
	if (m->asked == NULL || (app->nhost > 1 && m->record == NULL))
		return AUR_ENOMEM;
	if (m->record != NULL)
		memset(m->record, 0, app->nhost * sizeof(*m->record));
	return 0;
}

void tui_moment_release(struct tui_app *app)
{
	struct tui_moment *m = &app->moment;

	tui_scene_release(&m->scene);
	for (size_t i = 0; m->record != NULL && i < app->nhost; i++)
		tui_record_release(&m->record[i]);
	aur_mem_free(m->record);
	aur_mem_free(m->asked);
	memset(m, 0, sizeof(*m));
}

/* --- the two sides -------------------------------------------------------- */

/* Feed, records and wishes of the other side come into force. */
static void swap_sides(struct tui_app *app)
{
	struct tui_moment *m = &app->moment;
	struct aur_feed *feed = app->feed;
	struct tui_asked *asked = app->asked;

	app->feed = m->feed;
	m->feed = feed;
	app->asked = m->asked;
	m->asked = asked;
	if (app->nhost > 1) {
		struct tui_record *record = app->fleet.record;

		app->fleet.record = m->record;
		m->record = record;
		app->fleet.feed = app->feed;
	}
	m->on = !m->on;
	app->fleet.past = m->on ? m->past : NULL;
}

static int enter(struct tui_app *app)
{
	struct tui_moment *m = &app->moment;
	struct tui_scene live;
	int rc;

	app->scene.paused = false;
	if (app->nhost > 1)
		tui_fleet_hold(&app->fleet, false);
	live = app->scene;
	rc = tui_scene_like(&app->scene, &live);
	if (rc < 0) {
		tui_scene_release(&app->scene);
		app->scene = live;
		return rc;
	}
	m->scene = live;
	m->table = 0;
	m->host = app->host;
	m->feed = m->past;
	memset(m->asked, 0, app->nhost * sizeof(*m->asked));
	swap_sides(app);
	return 0;
}

/* What shows is made anew from the feed that is in force. */
static void take(struct tui_app *app, struct aur_mono now)
{
	if (tui_app_has_all(app))
		tui_fleet_app_crowd(app);
	tui_procs_update(&app->procs, true);
	if (app->nhost > 1 && tui_fleet_update(&app->fleet, now, false) < 0)
		tui_app_say(app, now, "out of memory");
	if (app->details.open && tui_details_open(&app->details, &app->scene,
				     app->details.key) < 0) {
		app->view = app->before;
		tui_app_say(app, now, "that process did not run then");
	}
	app->dirty = true;
}

void tui_moment_leave(struct tui_app *app, struct aur_mono now)
{
	struct tui_moment *m = &app->moment;
	struct tui_scene then = app->scene;
	size_t host = app->host;

	if (!m->on)
		return;
	swap_sides(app);
	for (size_t i = 0; m->record != NULL && i < app->nhost; i++)
		tui_record_release(&m->record[i]);
	app->scene = m->scene;
	memset(&m->scene, 0, sizeof(m->scene));
	app->scene.wants_past = then.wants_past;
	app->scene.glyphs = then.glyphs;
	app->scene.ascii = then.ascii;
	app->scene.now = then.now;
	app->scene.wall = then.wall;
	tui_scene_release(&then);
	if (app->scene.interval.ns != app->set.interval.ns)
		tui_app_interval(app, app->set.interval);
	app->host = m->host;
	m->at.ns = 0;
	m->due = false;
	app->plot.cursor = app->plot.end = 0;
	if (host != app->host)
		tui_fleet_app_show(app, host, now);
	take(app, now);
	tui_events_anew(app);
	tui_app_ask(app);
}

static void take_row(struct tui_app *app, size_t i)
{
	const struct aur_feed_host *h = tui_app_host(app, i);
	struct aur_figures f;

	tui_record_clear(&app->fleet.record[i]);
	if (h->now == NULL || aur_figures_init(&f, h->before, h->now) < 0)
		return;
	(void)!tui_fleet_sample(&app->fleet, i, &f, app->scene.interval);
	aur_figures_release(&f);
}

/* Takes up what the feed of the past shows now. */
static void take_moment(
    struct tui_app *app, struct aur_wall at, struct aur_mono now)
{
	struct tui_moment *m = &app->moment;
	struct aur_wall shown = m->past->past->at(m->past);

	m->at = shown.ns != 0 ? shown : at;
	app->fleet.moment = m->at;
	for (size_t i = 0; app->nhost > 1 && i < app->nhost; i++)
		take_row(app, i);
	if (tui_scene_at(&app->scene, tui_app_host(app, app->host), m->at) < 0)
		tui_app_say(app, now, "out of memory");
	take(app, now);
}

/* "nothing is kept of 03:12:07, but from 2026-11-22 14:32 to 09:12" */
static void say_gap(
    struct tui_app *app, struct aur_wall at, struct aur_mono now)
{
	struct aur_when_base base = {
	    app->scene.wall, app->scene.utc, false, {0}};
	struct aur_wall from, to;
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, sizeof(app->message));
	rc = aur_buf_add_str(&b, "nothing is kept of ");
	if (rc == 0)
		rc = aur_when_add(&b, at, &base, AUR_WHEN_SECONDS);
	if (rc == 0 && app->moment.past->past->bounds(
			   app->moment.past, SIZE_MAX, &from, &to)) {
		rc = aur_buf_add_str(&b, ", but from ");
		if (rc == 0)
			rc = aur_when_add(&b, from, &base, AUR_WHEN_MINUTES);
		if (rc == 0)
			rc = aur_buf_add_str(&b, " to ");
		if (rc == 0)
			rc = aur_when_add(&b, to, &base, AUR_WHEN_MINUTES);
	}
	tui_app_say(app, now, "%s",
	    rc == 0 ? aur_buf_str(&b) : "nothing is kept of that time");
	aur_buf_release(&b);
}

bool tui_moment_can(struct tui_app *app, struct aur_mono now)
{
	if (app->moment.past != NULL)
		return true;
	tui_app_say(app, now, "nothing is kept to look back at");
	return false;
}

bool tui_moment_go(struct tui_app *app, struct aur_wall at, struct aur_mono now)
{
	struct tui_moment *m = &app->moment;
	bool was = m->on;
	int rc = 0;

	if (!tui_moment_can(app, now))
		return false;
	if (!was)
		rc = enter(app);
	if (rc == 0) {
		tui_app_ask_all(app);
		rc = m->past->past->seek(m->past, at);
	}
	m->due =
	    rc < 0 && was; /* the feed may have gone there: back to m->at */
	if (rc == 0) {
		take_moment(app, at, now);
		tui_events_anew(app);
		return true;
	}
	if (!was)
		tui_moment_leave(app, now);
	if (rc == AUR_EABSENT)
		say_gap(app, at, now);
	else
		tui_app_say(app, now, "%s", aur_err_str(rc));
	return false;
}

void tui_moment_again(struct tui_app *app)
{
	struct tui_moment *m = &app->moment;
	int rc = m->past->past->seek(m->past, m->at);

	m->due = false;
	if (rc == 0) {
		take_moment(app, m->at, app->scene.now);
		tui_events_anew(app);
	} else
		tui_app_say(app, app->scene.now, "%s", aur_err_str(rc));
}

void tui_moment_change(
    struct tui_app *app, size_t i, unsigned changes, struct aur_mono now)
{
	struct tui_moment *m = &app->moment;
	const struct aur_feed_host *h = m->feed->class->host(m->feed, i);
	struct aur_figures f;

	if (!(changes & AUR_FEED_SAMPLE) || h->now == NULL)
		return;
	if (app->nhost > 1 && aur_figures_init(&f, h->before, h->now) == 0) {
		(void)!tui_record_add(&m->record[i], &f, m->scene.interval);
		aur_figures_release(&f);
	}
	if (i != m->host)
		return;
	m->scene.now = now;
	(void)!tui_scene_sample(&m->scene, h); /* costs a point at the most */
}

/* --- what is said --------------------------------------------------------- */

void tui_moment_title(
    const struct tui_app *app, int room, char *out, size_t size)
{
	const struct tui_scene *s = &app->scene;
	struct aur_when_base base = {s->wall, s->utc, false, {0}};
	const char *dot = s->ascii ? "-" : "\xc2\xb7", *text;
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, 128);
	rc = aur_buf_add_str(&b, "PAST ");
	if (rc == 0)
		rc = aur_when_add(&b, app->moment.at, &base, AUR_WHEN_SECONDS);
	if (rc == 0 && room >= 40)
		rc = aur_buf_add_str(&b, ", ");
	if (rc == 0 && room >= 40)
		rc = aur_when_add_ago(&b, app->moment.at, s->wall);
	if (rc == 0 && room >= 26 && !app->moment.ended)
		rc = aur_buf_addf(&b, " %s Esc live", dot);
	text = aur_buf_str(&b);
	snprintf(out, size, "%s", rc == 0 && text != NULL ? text : "PAST");
	aur_buf_release(&b);
}
