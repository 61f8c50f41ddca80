/* SPDX-License-Identifier: MIT */
/*
 * Graphs of what was before anything came here: of a moment, all of them;
 * live, the part to the left of the first sample. Only those that the view
 * draws, and some at a time. Of a fleet that is the minute of each row that
 * was on the screen (in the past, fleet_tile.c asks for it).
 *
 *	a ring of steps    [ kept . . . . . . . . | sampled here ]	live
 *	                                          ^ first
 *	                   [ kept . . . . . . . . . . . ^ . . ]		past
 *	                                           the moment, with some room
 *	                                           to step on into
 *
 * What processes did before a moment is told by the tables before it, when no
 * key goes on from it.
 *
 * What a host kept while nobody looked comes in over the first minutes of a
 * run: live, each is asked for again after 5, 15, 35, ... seconds.
 */
#include "tui/app.h"

#include <math.h>

#define FIRST_S 5
#define REST_MS 150 /* without a step, before tables are read */
#define ROWS 8	    /* of a list, where it has not been drawn that high yet */

/* Asks for the steps [from, from + n) of the finest, and puts them there. */
static void put_steps(const struct tui_app *app, struct tui_history *h,
    enum aur_figure_id figure, const char *row, int64_t from, size_t n)
{
	struct aur_point point[TUI_TIER_0];
	struct aur_series *s = &h->tier[0];

	if (n > TUI_TIER_0 ||
	    !tui_kept_points(&app->scene.kept, figure, row,
		(struct aur_wall){from * s->step.ns},
		(struct aur_wall){(from + (int64_t)n) * s->step.ns}, point, n))
		return;
	for (size_t i = n; i-- > 0;)
		if (point[i].n > 0)
			aur_series_put(s, from + (int64_t)i, point[i]);
}

/* The steps around a moment, where they are not there; whether it asked. */
static bool fill_moment(const struct tui_app *app, struct tui_history *h,
    enum aur_figure_id figure, const char *row)
{
	struct aur_series *s = &h->tier[0];
	int64_t at = app->moment.at.ns / s->step.ns;
	int64_t cap = (int64_t)s->cap;
	static const struct aur_point gap = {NAN, NAN, NAN, 0};

	if (h->to != 0 && at <= h->to && at - h->from >= cap - cap / 4)
		return false;
	h->to = at + cap / 8;
	h->from = h->to - cap + 1;
	aur_series_clear(s);
	aur_series_put(s, h->to, gap);
	put_steps(app, h, figure, row, h->from, s->cap);
	return true;
}

/* Whether what is kept of before is to be asked for again, after so much has
 * come. */
static bool is_due(unsigned asked, int64_t ns)
{
	return asked <= 16 &&
	       ns >= ((1ll << asked) - 1) * FIRST_S * AUR_SECOND_NS;
}

static bool fill_before(const struct tui_app *app, struct tui_history *h,
    enum aur_figure_id figure, const char *row)
{
	struct aur_series *s = &h->tier[0];
	int64_t have, room;

	if (s->n == 0)
		return false;
	if (h->first == 0)
		h->first = s->newest - (int64_t)s->n + 1;
	have = s->newest - h->first + 1;
	room = (int64_t)s->cap - have;
	if (room <= 0 || !is_due(h->asked, have * s->step.ns))
		return false;
	h->asked++;
	put_steps(app, h, figure, row, h->first - room, (size_t)room);
	return true;
}

/* Counts down `left` where it has asked; false when there is none left. */
static bool fill(const struct tui_app *app, struct tui_history *h,
    enum aur_figure_id figure, const char *row, size_t *left)
{
	if (*left == 0)
		return false;
	if (h->tier[0].ring != NULL)
		*left -= app->moment.on ? fill_moment(app, h, figure, row)
					: fill_before(app, h, figure, row);
	return true;
}

/* Tracks that panels draw. */
static bool fill_tracks(struct tui_app *app, size_t *left)
{
	static const enum tui_track drawn[] = {TUI_TRACK_CPU, TUI_TRACK_MEMORY,
	    TUI_TRACK_LOAD, TUI_TRACK_PSI_CPU, TUI_TRACK_PSI_MEMORY,
	    TUI_TRACK_PSI_IO, TUI_TRACK_READ, TUI_TRACK_WRITE,
	    TUI_TRACK_RECEIVE, TUI_TRACK_TRANSMIT};

	for (size_t i = 0; i < AUR_ARRAY_LEN(drawn); i++)
		if (!fill(app, &app->scene.tracks.one[drawn[i]],
			tui_track_figure(drawn[i]), "", left))
			return false;
	return true;
}

/* Rows of a list that show: `in` and `out` of each. */
static bool fill_rows(struct tui_app *app, enum tui_panel_id id,
    const struct tui_pairs *pairs, enum aur_figure_id in,
    enum aur_figure_id out, size_t *left)
{
	size_t first = app->panel[id].scroll;
	size_t rows =
	    app->panel_at[id].h > ROWS ? (size_t)app->panel_at[id].h : ROWS;

	for (size_t i = first; i < pairs->n && i < first + rows; i++) {
		struct tui_pair *p = &pairs->pair[i];

		if (!fill(app, &p->in, in, p->name, left) ||
		    !fill(app, &p->out, out, p->name, left))
			return false;
	}
	return true;
}

/* --- the fleet ------------------------------------------------------------ */

static bool fill_row(const struct tui_app *app, size_t host)
{
	struct tui_record *r = &app->fleet.record[host];
	struct tui_kept kept = {app->scene.kept.feed, host};
	int64_t have = r->step - r->came + 1;
	int64_t room = (int64_t)tui_record_minute(r) - have;

	if (!r->drawn || room <= 0 || !is_due(r->asked, have * r->interval.ns))
		return false;
	r->asked++;
	tui_record_take(r, &kept, TUI_TRACK_CPU,
	    (struct aur_wall){r->came * r->interval.ns}, (size_t)room);
	return true;
}

static bool fill_fleet(const struct tui_app *app, size_t left)
{
	for (size_t i = 0; i < app->nhost; i++) {
		if (left == 0)
			return false;
		left -= fill_row(app, i);
	}
	return true;
}

/* --- processes ------------------------------------------------------------ */

static void on_table(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct tui_app *app = arg;
	struct aur_figures f;

	if (aur_figures_init(&f, before, now) < 0)
		return;
	if (app->scene.wants_past) /* no memory costs sparklines alone */
		(void)!tui_past_add_next(&app->scene.past, &f);
	tui_details_table(&app->details, &f, before);
	aur_figures_release(&f);
}

/* When the table was read that is shown; 0: there is none. */
static int64_t table_of(const struct tui_app *app)
{
	const struct aur_sample *s = app->scene.figures.now;
	const struct aur_part *p =
	    s != NULL ? aur_sample_get(s, AUR_DOMAIN_PROCESS) : NULL;

	return p != NULL ? s->mono.ns + p->at_ns : 0;
}

struct aur_mono tui_moment_tables(struct tui_app *app, struct aur_mono now)
{
	struct tui_moment *m = &app->moment;
	struct tui_details *d = &app->details;
	int64_t table = m->on ? table_of(app) : 0;
	bool list = app->scene.wants_past && !tui_app_shows_fleet(app);
	struct aur_mono none = {0}, due;

	if (table == 0 || m->past->past->tables == NULL)
		return none;
	if (m->table != table || m->table_host != app->host) {
		tui_past_release(&app->scene.past);
		m->table = 0;
	}
	if ((!list || m->table != 0) && (!d->open || d->told))
		return none;
	due = aur_mono_add(m->pressed, aur_span_ms(REST_MS));
	if (now.ns < due.ns)
		return due;
	tui_past_release(&app->scene.past);
	(void)!m->past->past->tables(
	    m->past, app->host, TUI_PAST_STEPS, on_table, app);
	m->table = table;
	m->table_host = app->host;
	d->told = true;
	return none;
}

bool tui_moment_fill(struct tui_app *app, size_t most)
{
	struct tui_tracks *t = &app->scene.tracks;
	size_t left = most;

	if (app->scene.kept.feed == NULL ||
	    (!app->moment.begun && !app->moment.on))
		return true;
	if (app->view == TUI_VIEW_FLEET && !app->moment.on)
		return fill_fleet(app, most);
	if (app->view != TUI_VIEW_OVERVIEW && app->view != TUI_VIEW_HOST &&
	    app->view != TUI_VIEW_PANE)
		return true;
	return fill_tracks(app, &left) &&
	       (app->view == TUI_VIEW_OVERVIEW ||
		   (fill_rows(app, TUI_PANEL_DISK, &t->disk,
			AUR_FIG_disks_read_bytes_per_second,
			AUR_FIG_disks_write_bytes_per_second, &left) &&
		       fill_rows(app, TUI_PANEL_NETWORK, &t->net,
			   AUR_FIG_network_receive_bytes_per_second,
			   AUR_FIG_network_transmit_bytes_per_second, &left)));
}
