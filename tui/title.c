/* SPDX-License-Identifier: MIT */
/* The first row: which host, how it is, since when; and the last: keys, and
 * what is set beside the ordinary. */
#include "tui/app.h"

#include "base/human.h"
#include "base/text.h"
#include "view/when.h"

#include <math.h>

/* The state at the right; the columns it took. */
static int draw_past(const struct tui_app *app, const struct tui_area *a)
{
	char text[80];

	tui_moment_title(app, a->r.w - 22, text, sizeof(text));
	tui_str_right(a, a->r.w - 1, 0, text, TUI_ROLE_PAST);
	return (int)aur_text_width(aur_slice_str(text)) + 1;
}

static int draw_state(const struct tui_app *app, const struct tui_area *a)
{
	const struct tui_scene *s = &app->scene;
	const struct aur_feed_host *h = s->host;
	char age[AUR_HUMAN_MAX] = "", text[320];
	bool up = h->state == AUR_HOST_UP;
	enum tui_role role = up				       ? TUI_ROLE_GOOD
			     : h->state == AUR_HOST_CONNECTING ? TUI_ROLE_MUTED
							       : TUI_ROLE_BAD;
	const char *mark = s->ascii ? (up ? "*" : "!")
				    : (up ? "\xe2\x97\x8f" : "\xe2\x96\xb2");

	if (s->stale)
		aur_human_span(aur_mono_since(s->now, h->received), age);
	snprintf(text, sizeof(text), "%s %s%s%s%s%s", mark,
	    s->paused ? "PAUSED" : aur_host_state_name(h->state),
	    age[0] != '\0' ? ", " : "", age, age[0] != '\0' ? " old" : "", "");
	if (h->error != NULL && !up)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    ": %.200s", h->error);
	tui_str_right(a, a->r.w - 1, 0, text, s->paused ? TUI_ROLE_WARN : role);
	return (int)strlen(text) + 1;
}

static int add(const struct tui_area *a, int x, int end, const char *text,
    enum tui_role role)
{
	int n = (int)strlen(text);

	if (n == 0 || x + n + 3 > end)
		return x;
	if (x > 1)
		x += tui_str(a, x, 0, "  ", TUI_ROLE_RULE);
	return x + tui_str(a, x, 0, text, role);
}

static int add_slice(
    const struct tui_area *a, int x, int end, struct aur_slice s)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*s",
	    (int)(s.n < sizeof(text) ? s.n : sizeof(text) - 1),
	    (const char *)s.p);
	return add(a, x, end, text, TUI_ROLE_MUTED);
}

void tui_title_draw(const struct tui_app *app, const struct tui_area *a)
{
	struct tui_scene *s = (struct tui_scene *)(uintptr_t)&app->scene;
	struct aur_figures *f = &s->figures;
	double up = tui_number(f, AUR_FIG_system_uptime_seconds, 0);
	char text[64], span[AUR_HUMAN_MAX], clock[TUI_SMALL] = "";
	int x = 1, end = a->r.w - 1;

	end -= app->moment.on ? draw_past(app, a) : draw_state(app, a);

	x += tui_str(a, x, 0, "aurora", TUI_ROLE_LABEL);
	x = add(a, x, end, s->host->name, TUI_ROLE_STRONG);
	x = add_slice(a, x, end, tui_string(f, AUR_FIG_system_hostname, 0));
	if (f->now != NULL)
		aur_when_format(
		    f->now->wall, s->utc, "%H:%M:%S", clock, sizeof(clock));
	if (!isnan(up)) {
		aur_human_span(aur_span_seconds(up), span);
		snprintf(text, sizeof(text), "up %s", span);
		x = add(a, x, end - 22, text, TUI_ROLE_TEXT);
	}
	x = add_slice(
	    a, x, end - 22, tui_string(f, AUR_FIG_system_distribution, 0));
	add_slice(a, x, end - 22, tui_string(f, AUR_FIG_system_kernel, 0));
	snprintf(text, sizeof(text), "%s  every %gs", clock,
	    aur_span_in_seconds(s->interval));
	if (x + (int)strlen(text) + 2 < end && !app->moment.on)
		tui_str_right(a, end - 1, 0, text, TUI_ROLE_TEXT);
}

/* Whether the bar shows `action` now. */
static bool on_bar(const struct tui_app *app, enum tui_action action)
{
	const struct tui_action_row *row = tui_action_row(action);

	if (row->label[0] == '\0' || (row->acts && app->scene.readonly))
		return false;
	if (action == TUI_DO_WHEN)
		return app->moment.past != NULL;
	if (row->section == TUI_SECTION_PAST)
		return app->moment.on;
	if (row->acts && app->moment.on)
		return false;
	if (action == TUI_DO_EVENTS)
		return app->view != TUI_VIEW_EVENTS;
	if (action == TUI_DO_FLEET)
		return app->nhost > 1 && app->view != TUI_VIEW_FLEET;
	if (app->view == TUI_VIEW_EVENTS)
		return action != TUI_DO_SEARCH && action != TUI_DO_TREE &&
		       action != TUI_DO_SORT && !row->acts;
	if (app->view == TUI_VIEW_FLEET)
		return !row->acts;
	if (row->acts && app->view == TUI_VIEW_DETAILS)
		return !app->details.ended;
	if ((row->section == TUI_SECTION_LIST ||
		row->section == TUI_SECTION_ACTING) &&
	    !tui_app_has_list(app))
		return false;
	return true;
}

/* Columns that an action takes on the bar, with a blank behind. */
static int bar_width(enum tui_action action)
{
	char key[TUI_KEYS_NAME_MAX];

	tui_action_keys(action, 1, false, key);
	return (int)(strlen(key) + strlen(tui_action_row(action)->label)) + 1;
}

/* In the order of function keys, then the rest; in the past what goes on in it
 * comes before the list's. What has no room is left out. */
static const enum tui_action live_bar[] = {TUI_DO_HELP, TUI_DO_SETUP,
    TUI_DO_FLEET, TUI_DO_HOST, TUI_DO_PROCESSES, TUI_DO_SEARCH, TUI_DO_FILTER,
    TUI_DO_TREE, TUI_DO_SORT, TUI_DO_NICE_LESS, TUI_DO_NICE_MORE, TUI_DO_SIGNAL,
    TUI_DO_EVENTS, TUI_DO_WHEN, TUI_DO_LEAVE, TUI_DO_NOTHING};
static const enum tui_action past_bar[] = {TUI_DO_HELP, TUI_DO_SETUP,
    TUI_DO_FLEET, TUI_DO_HOST, TUI_DO_PROCESSES, TUI_DO_WHEN, TUI_DO_STEP_BACK,
    TUI_DO_STEP_ON, TUI_DO_EVENT_BACK, TUI_DO_EVENT_ON, TUI_DO_EVENTS,
    TUI_DO_SEARCH, TUI_DO_FILTER, TUI_DO_TREE, TUI_DO_SORT, TUI_DO_LEAVE,
    TUI_DO_NOTHING};
#define BAR_MAX AUR_ARRAY_LEN(past_bar)
_Static_assert(AUR_ARRAY_LEN(live_bar) <= BAR_MAX, "the longer one");

/* What is set beside the ordinary, as "filter cpu>5  user root". */
static void chips(const struct tui_app *app, char *out, size_t size)
{
	const struct tui_procs *p = &app->procs;
	size_t n = 0;

	out[0] = '\0';
#define CHIP(...)                                                              \
	do {                                                                   \
		n += (size_t)snprintf(out + n, size - n, __VA_ARGS__);         \
		if (n >= size)                                                 \
			return;                                                \
	} while (0)
	if (app->scene.readonly)
		CHIP(" read-only");
	if (app->view == TUI_VIEW_FLEET) {
		const struct tui_fleet_table *t = &app->table;

		if (t->filter[0] != '\0')
			CHIP(" filter:%.30s", t->filter);
		if (t->searching)
			CHIP(" search:%.20s", t->search);
		if (app->fleet.shown != app->fleet.n)
			CHIP(" %zu/%zu", app->fleet.shown, app->fleet.n);
	}
	if (app->view == TUI_VIEW_EVENTS && app->events.text[0] != '\0')
		CHIP(" filter:%.30s", app->events.text);
	if (!tui_app_has_list(app))
		return;
	if (p->list.user[0] != '\0')
		CHIP(" user:%s", p->list.user);
	if (p->list.pids != NULL)
		CHIP(" %zu pids", p->list.npid);
	if (p->filter[0] != '\0')
		CHIP(" filter:%.30s", p->filter);
	if (!p->list.kernel)
		CHIP(" no kernel");
	if (p->list.threads)
		CHIP(" %zu threads", p->list.nthread);
	if (p->searching)
		CHIP(" search:%.20s", p->search);
	if (p->follow)
		CHIP(" follow");
	if (p->list.tags.n > 0)
		CHIP(" %zu tagged", p->list.tags.n);
	if (p->list.n - p->list.nthread != p->list.total)
		CHIP(" %zu/%zu", p->list.n - p->list.nthread, p->list.total);
#undef CHIP
}

struct place {
	enum tui_action action;
	int x;
};

/* Where the actions stand that have room before `end`; how to leave always
 * has. */
static size_t bar_places(
    const struct tui_app *app, int end, struct place out[BAR_MAX])
{
	const enum tui_action *bar = app->moment.on ? past_bar : live_bar;
	int x = 0, leave = bar_width(TUI_DO_LEAVE) - 1;
	size_t n = 0;

	for (size_t i = 0; bar[i] != TUI_DO_NOTHING; i++) {
		int w = bar_width(bar[i]);
		int need = bar[i] == TUI_DO_LEAVE ? leave : w + leave;

		if (!on_bar(app, bar[i]) || x + need > end)
			continue;
		out[n++] = (struct place){bar[i], x};
		x += w;
	}
	return n;
}

/* The column where the note at the right begins. */
static int bar_end(const struct tui_app *app, char *note, size_t size)
{
	chips(app, note, size);
	if (note[0] == '\0')
		return app->surface.w;
	return app->surface.w - (int)strlen(note) - 1;
}

enum tui_action tui_bar_at(const struct tui_app *app, int x)
{
	struct place at[BAR_MAX];
	char note[200];
	size_t n = bar_places(app, bar_end(app, note, sizeof(note)), at);

	for (size_t i = 0; i < n; i++)
		if (x >= at[i].x && x < at[i].x + bar_width(at[i].action) - 1)
			return at[i].action;
	return TUI_DO_NOTHING;
}

void tui_bar_draw(const struct tui_app *app, const struct tui_area *a)
{
	struct place at[BAR_MAX];
	char note[200];
	size_t n;

	if (app->message[0] != '\0') {
		tui_str(a, 1, 0, app->message, TUI_ROLE_STRONG);
		return;
	}
	n = bar_places(app, bar_end(app, note, sizeof(note)), at);
	tui_str_right(a, a->r.w - 1, 0, note, TUI_ROLE_WARN);
	for (size_t i = 0; i < n; i++) {
		char key[TUI_KEYS_NAME_MAX];
		int x = at[i].x;

		tui_action_keys(at[i].action, 1, false, key);
		x += tui_str(a, x, 0, key, TUI_ROLE_KEY);
		tui_str(a, x, 0, tui_action_row(at[i].action)->label,
		    TUI_ROLE_KEY_LABEL);
	}
}
