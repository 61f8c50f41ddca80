/* SPDX-License-Identifier: MIT */
/*
 * Going to a moment, from one to another, and back. A second app for the past
 * was rejected: focus, filter, order and tags shall be the same there.
 */
#include "tui/app.h"

#include "base/err.h"
#include "base/mem.h"
#include "view/when.h"

#define HELD_MS 400   /* between two presses of a key that is held */
#define HELD_STEPS 10 /* of one length, before the next one */
#define WHO_MS 150

int tui_moment_init(struct tui_app *app, const struct tui_options *o)
{
	struct tui_moment *m = &app->moment;

	m->past = o->past;
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

static bool can(struct tui_app *app, struct aur_mono now)
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

	if (!can(app, now))
		return false;
	if (!was)
		rc = enter(app);
	if (rc == 0) {
		tui_app_ask_all(app);
		rc = m->past->past->seek(m->past, at);
	}
	m->due = false;
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

/* --- keys ----------------------------------------------------------------- */

static struct aur_wall from_here(const struct tui_app *app)
{
	return app->moment.on ? app->moment.at : app->scene.wall;
}

/* How far a step goes, by how long the key has been held. */
static struct aur_span stride(
    struct tui_moment *m, int dir, struct aur_mono now)
{
	static const int64_t seconds[] = {0, 5, 15, 60, 300, 900, 3600};
	bool held =
	    m->dir == dir && m->pressed.ns != 0 &&
	    aur_mono_since(now, m->pressed).ns < aur_span_ms(HELD_MS).ns;
	size_t i;

	m->run = held ? m->run + 1 : 0;
	m->dir = dir;
	m->pressed = now;
	i = m->run / HELD_STEPS;
	if (i >= AUR_ARRAY_LEN(seconds))
		i = AUR_ARRAY_LEN(seconds) - 1;
	return (struct aur_span){dir * seconds[i] * AUR_SECOND_NS};
}

/* The next moment in a direction; what mattered then stands in the last row
 * until a key is pressed. */
static void move(struct tui_app *app, int dir, enum aur_moment what,
    struct aur_span by, struct aur_mono now)
{
	const struct aur_feed_past *past;
	struct aur_wall at;
	char why[sizeof(app->message)] = "";
	int rc;

	if (!can(app, now))
		return;
	if (!app->moment.on && dir > 0) {
		tui_app_say(app, now, "this is live: nothing is later");
		return;
	}
	past = app->moment.past->past;
	rc = past->moment(app->moment.past, aur_wall_add(from_here(app), by),
	    dir, what, &at, why, sizeof(why));
	if (rc == AUR_EABSENT && by.ns != 0) {
		app->moment.run = 0;
		rc = past->moment(app->moment.past, from_here(app), dir, what,
		    &at, why, sizeof(why));
	}
	if (rc == AUR_EABSENT)
		tui_app_say(app, now, "nothing %s%s is kept%s",
		    dir < 0 ? "earlier" : "later",
		    what == AUR_MOMENT_EVENT ? " that mattered" : "",
		    dir < 0 ? "" : "; Esc goes back to live");
	else if (rc < 0)
		tui_app_say(app, now, "%s", aur_err_str(rc));
	else if (app->moment.on && what == AUR_MOMENT_SAMPLE) {
		app->moment.at = at;
		app->moment.due = true;
	} else if (tui_moment_go(app, at, now) && why[0] != '\0') {
		tui_app_say(app, now, "%s", why);
		app->message_until.ns = 0;
	}
}

bool tui_moment_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	struct aur_span none = {0};

	switch (action) {
	case TUI_DO_WHEN:
		if (can(app, now))
			tui_mode_begin(app, TUI_MODE_WHEN);
		return true;
	case TUI_DO_STEP_BACK:
		move(app, -1, AUR_MOMENT_SAMPLE, stride(&app->moment, -1, now),
		    now);
		return true;
	case TUI_DO_STEP_ON:
		move(app, 1, AUR_MOMENT_SAMPLE, stride(&app->moment, 1, now),
		    now);
		return true;
	case TUI_DO_EVENT_BACK:
		move(app, -1, AUR_MOMENT_EVENT, none, now);
		return true;
	case TUI_DO_EVENT_ON:
		move(app, 1, AUR_MOMENT_EVENT, none, now);
		return true;
	default:
		return false;
	}
}

bool tui_moment_refuses(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	if (!app->moment.on)
		return false;
	if (tui_action_row(action)->acts && action != TUI_DO_SHELL)
		tui_app_say(app, now,
		    "in the past nothing acts: Esc goes back to live");
	else if (action == TUI_DO_PAUSE || action == TUI_DO_INTERVAL ||
		 action == TUI_DO_RETRY)
		tui_app_say(
		    app, now, "the past stands still: ( and ) step through it");
	else
		return false;
	return true;
}

void tui_moment_typed(struct tui_app *app, struct aur_mono now)
{
	struct aur_when_base base = {
	    app->scene.wall, app->scene.utc, false, {0}};
	struct aur_slice text = aur_slice_trim(aur_slice_str(app->prompt.text));
	const char *nearest = aur_when_nearest(text);
	struct aur_wall at;

	if (aur_when_parse(text, &base, &at) == 0) {
		app->mode = TUI_MODE_NORMAL;
		if (base.now.ns > 0 && at.ns > base.now.ns)
			tui_app_say(app, now, "that is still to come");
		else
			(void)!tui_moment_go(app, at, now);
	} else if (nearest != NULL)
		snprintf(app->error, sizeof(app->error),
		    "no time; did you mean %s?", nearest);
	else
		snprintf(app->error, sizeof(app->error), "no time: %s",
		    aur_when_examples());
}

/* --- who was busy --------------------------------------------------------- */

void tui_moment_cursor(struct tui_app *app, struct aur_mono now)
{
	const struct tui_plot *p = &app->plot;
	bool asks = app->view == TUI_VIEW_PANE && p->cursor != 0 &&
		    app->moment.past != NULL && !tui_plot_knows(p, &app->scene);

	if (!asks)
		app->moment.who_at.ns = 0;
	else
		app->moment.who_at = aur_mono_add(now, aur_span_ms(WHO_MS));
}

/* Of the past feed: only this host, and only its processes. */
static void want_processes(struct tui_app *app)
{
	struct aur_feed *past = app->moment.past;

	for (size_t i = 0; i < app->nhost; i++) {
		struct aur_want want = {.interval = app->scene.interval};

		if (i == app->host) {
			want.domains = AUR_WANT_DOMAIN(PROCESS);
			want.process_fields = aur_want_process_overview();
		}
		(void)!past->class->want(past, i, &want);
	}
}

void tui_moment_who(struct tui_app *app)
{
	struct tui_moment *m = &app->moment;
	struct tui_plot *p = &app->plot;
	const struct aur_feed_host *h;
	struct aur_figures f;

	if (app->view != TUI_VIEW_PANE || p->cursor == 0)
		return;
	want_processes(app);
	p->nwho = 0;
	p->who_of = p->cursor;
	if (m->past->past->seek(m->past, (struct aur_wall){p->cursor}) == 0) {
		h = m->past->class->host(m->past, app->host);
		if (h->now != NULL &&
		    aur_figures_init(&f, h->before, h->now) == 0) {
			p->nwho = tui_busiest_of(&f, p->who);
			aur_figures_release(&f);
		}
	}
	app->dirty = true;
	memset(
	    m->on ? app->asked : m->asked, 0, app->nhost * sizeof(*m->asked));
	if (!m->on)
		return;
	tui_app_ask_all(app);
	(void)!m->past->past->seek(m->past, m->at);
}

bool tui_moment_spike(struct tui_app *app, struct aur_mono now)
{
	struct aur_wall at;
	unsigned sort;

	if (app->moment.past == NULL ||
	    !tui_plot_spike(&app->plot, &app->scene, &at, &sort))
		return false;
	if (!tui_moment_go(app, at, now))
		return true; /* it has said why */
	app->plot.cursor = app->plot.end = 0;
	app->view = TUI_VIEW_PROCESSES;
	app->spike = true;
	app->focus = -1;
	tui_list_sort(&app->procs.list, sort);
	app->procs.list.descending = true;
	tui_app_ask(app);
	return true;
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
	if (rc == 0 && room >= 26)
		rc = aur_buf_addf(&b, " %s Esc live", dot);
	text = aur_buf_str(&b);
	snprintf(out, size, "%s", rc == 0 && text != NULL ? text : "PAST");
	aur_buf_release(&b);
}
