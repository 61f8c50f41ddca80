/* SPDX-License-Identifier: MIT */
/*
 * Keys that look back: from one moment to another, and from a graph to who it
 * was.
 */
#include "tui/app.h"

#include "base/err.h"
#include "view/when.h"

#define HELD_MS 400   /* between two presses of a key that is held */
#define HELD_STEPS 10 /* of one length, before the next one */
#define WHO_MS 150
#define EXAMPLES "03:12, 15m or yesterday 14:32"

/* --- steps ---------------------------------------------------------------- */

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

struct told {
	struct tui_app *app;
	struct aur_buf b;
	bool some;
};

static void on_told(void *arg, size_t host, const struct aur_event *event)
{
	struct told *t = arg;
	int rc = 0;

	if (t->some)
		rc = aur_buf_add_str(&t->b, "; ");
	if (rc == 0)
		rc = aur_buf_addf(
		    &t->b, "%s: ", tui_app_host(t->app, host)->name);
	if (rc == 0)
		rc = aur_event_text(&t->b, event);
	t->some = true; /* without room the line ends there */
	(void)rc;
}

/* What mattered: events of that very moment in their own words, else `why`. */
static void say_moment(struct tui_app *app, struct aur_wall at, const char *why,
    struct aur_mono now)
{
	struct tui_moment *m = &app->moment;
	struct told t = {.app = app};

	aur_buf_init(&t.b, 4096);
	if (m->past->past->events(m->past, SIZE_MAX, at,
		(struct aur_wall){at.ns + 1}, 4, on_told, &t) < 0)
		t.some = false;
	if (t.some && aur_buf_str(&t.b) != NULL)
		why = aur_buf_str(&t.b);
	if (why[0] != '\0') {
		tui_app_say(app, now, "%s", why);
		app->message_until.ns = 0;
	}
	aur_buf_release(&t.b);
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

	if (!tui_moment_can(app, now))
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
		    dir < 0 || app->moment.ended ? ""
						 : "; Esc goes back to live");
	else if (rc < 0)
		tui_app_say(app, now, "%s", aur_err_str(rc));
	else if (app->moment.on && what == AUR_MOMENT_SAMPLE) {
		app->moment.at = at;
		app->moment.due = true;
	} else if (tui_moment_go(app, at, now))
		say_moment(app, at, why, now);
}

bool tui_moment_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now)
{
	struct aur_span none = {0};

	switch (action) {
	case TUI_DO_WHEN:
		if (tui_moment_can(app, now))
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
		tui_app_say(app, now, "in the past nothing acts%s",
		    app->moment.ended ? "" : ": Esc goes back to live");
	else if (action == TUI_DO_PAUSE || action == TUI_DO_INTERVAL ||
		 action == TUI_DO_RETRY)
		tui_app_say(
		    app, now, "the past stands still: ( and ) step through it");
	else
		return false;
	return true;
}

void tui_moment_ask(struct tui_app *app)
{
	tui_prompt_set(&app->prompt, "");
	snprintf(app->hint, sizeof(app->hint), "as %s", EXAMPLES);
}

void tui_moment_typed(struct tui_app *app, struct aur_mono now)
{
	struct aur_when_base base = {
	    app->scene.wall, app->scene.utc, false, {0}};
	struct aur_slice text = aur_slice_trim(aur_slice_str(app->prompt.text));
	const char *nearest = aur_when_nearest(text);
	struct aur_wall at;

	if (text.n == 0)
		app->mode = TUI_MODE_NORMAL;
	else if (aur_when_parse(text, &base, &at) == 0) {
		app->mode = TUI_MODE_NORMAL;
		if (base.now.ns > 0 && at.ns > base.now.ns)
			tui_app_say(app, now, "that is still to come");
		else /* as --at: with what was sampled in that second */
			(void)!tui_moment_go(app, aur_when_last(at), now);
	} else if (nearest != NULL)
		snprintf(app->error, sizeof(app->error),
		    "no time; did you mean %s?", nearest);
	else
		snprintf(app->error, sizeof(app->error), "no time; one is %s",
		    EXAMPLES);
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
