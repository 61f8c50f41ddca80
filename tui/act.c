/* SPDX-License-Identifier: MIT */
/*
 * Signals and nice values; asking before anything but nice. A process is named
 * by pid and start at the moment the key is pressed; what the list does
 * meanwhile does not matter. A signal is shown whole before it goes out, and
 * only `y` sends it:
 *
 *	k -> which signal -> (several: how many?) -> y
 *
 * The feed answers later, maybe after the screen has gone: a request owns
 * what its answer needs.
 */
#include "tui/app.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#include <signal.h>

struct tui_pending {
	struct tui_app *app; /* NULL once the screen has gone */
	struct tui_pending *next;
	char what[96];
};

static const struct {
	int number;
	const char *name;
	const char *effect;
} signals[] = {
    {SIGTERM, "SIGTERM", "asks it to end"},
    {SIGKILL, "SIGKILL", "ends it at once; it cannot save or clean up"},
    {SIGINT, "SIGINT", "interrupts it, as Ctrl-C does"},
    {SIGHUP, "SIGHUP", "hangs up; many daemons read their settings anew"},
    {SIGQUIT, "SIGQUIT", "ends it, with a core dump where allowed"},
    {SIGABRT, "SIGABRT", "aborts it, with a core dump where allowed"},
    {SIGSTOP, "SIGSTOP", "stops it until SIGCONT"},
    {SIGCONT, "SIGCONT", "lets it go on if it was stopped"},
    {SIGTSTP, "SIGTSTP", "asks it to stop, as Ctrl-Z does"},
    {SIGUSR1, "SIGUSR1", "is its own affair; by default it ends"},
    {SIGUSR2, "SIGUSR2", "is its own affair; by default it ends"},
    {SIGALRM, "SIGALRM", "is its own affair; by default it ends"},
    {SIGPIPE, "SIGPIPE", "is its own affair; by default it ends"},
    {SIGWINCH, "SIGWINCH", "says that its window changed"},
};

static size_t signal_row(int number)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(signals); i++)
		if (signals[i].number == number)
			return i;
	return 0;
}

void tui_act_forget(struct tui_app *app)
{
	for (struct tui_pending *p = app->pending; p != NULL; p = p->next)
		p->app = NULL;
	app->pending = NULL;
}

static void unlink_pending(struct tui_app *app, struct tui_pending *p)
{
	struct tui_pending **at = &app->pending;

	while (*at != NULL && *at != p)
		at = &(*at)->next;
	if (*at == p)
		*at = p->next;
}

static void on_reply(void *arg, const struct aur_act_reply *reply)
{
	struct tui_pending *p = arg;
	struct tui_app *app = p->app;

	if (app != NULL) {
		unlink_pending(app, p);
		if (reply->err < 0 && reply->text.n > 0)
			tui_app_say(app, app->scene.now, "%s: %.*s", p->what,
			    (int)(reply->text.n < 120 ? reply->text.n : 120),
			    (const char *)reply->text.p);
		else
			tui_app_say(app, app->scene.now, "%s: %s", p->what,
			    reply->err < 0 ? aur_err_str(reply->err) : "done");
	}
	aur_mem_free(p);
}

/* What is about to be set, as text. */
static const char *describe_value(
    const struct tui_app *app, enum aur_act_kind kind, char out[AUR_CPUS_TEXT])
{
	if (kind == AUR_ACT_AFFINITY)
		aur_cpus_text(&app->cpus, out, AUR_CPUS_TEXT);
	else
		aur_io_priority_text(app->signal, out);
	return out;
}

static void send_act(struct tui_app *app, const struct tui_target *t,
    enum aur_act_kind kind, int value)
{
	struct aur_act act = {.kind = kind,
	    .pid = t->key.v[0],
	    .start_ticks = t->key.v[1],
	    .value = value,
	    .cpus = app->cpus};
	char words[AUR_CPUS_TEXT];
	struct tui_pending *p = aur_mem_new(1, sizeof(*p));

	if (p == NULL)
		return;
	p->app = app;
	p->next = app->pending;
	app->pending = p;
	if (kind == AUR_ACT_NICE)
		snprintf(p->what, sizeof(p->what), "nice %d for %s (%llu)",
		    value, t->name, (unsigned long long)t->key.v[0]);
	else if (kind != AUR_ACT_SIGNAL)
		snprintf(p->what, sizeof(p->what), "%s %.24s for %s (%llu)",
		    kind == AUR_ACT_AFFINITY ? "CPUs" : "I/O",
		    describe_value(app, kind, words), t->name,
		    (unsigned long long)t->key.v[0]);
	else
		snprintf(p->what, sizeof(p->what), "%s to %s (%llu)",
		    signals[signal_row(value)].name, t->name,
		    (unsigned long long)t->key.v[0]);
	app->feed->class->act(app->feed, t->host, &act, on_reply, p);
}

static void copy_text(struct aur_figures *f, enum aur_figure_id id, size_t inst,
    char *out, size_t size)
{
	struct aur_value v;

	aur_figures_process(f, id, inst, &v);
	out[0] = '\0';
	if (v.type == AUR_VALUE_TEXT)
		snprintf(out, size, "%.*s",
		    (int)(v.s.n < size ? v.s.n : size - 1),
		    (const char *)v.s.p);
}

static void describe(struct aur_figures *f, size_t inst, struct tui_target *t)
{
	struct aur_value v;
	double nice;

	t->key = aur_figures_task_key(f, inst);
	copy_text(f, AUR_FIG_processes_name, inst, t->name, sizeof(t->name));
	copy_text(f, AUR_FIG_processes_user, inst, t->user, sizeof(t->user));
	copy_text(f, AUR_FIG_processes_unit, inst, t->unit, sizeof(t->unit));
	aur_figures_process(f, AUR_FIG_processes_nice, inst, &v);
	t->nice_known = aur_value_number(&v, &nice);
	t->nice = t->nice_known ? (int)nice : 0;
}

/* Whether it is a target already: as itself, or by a thread of it. */
static bool is_aimed_at(const struct tui_app *app, const struct tui_target *t)
{
	for (size_t i = 0; i < app->ntarget; i++)
		if (app->target[i].host == t->host &&
		    memcmp(&app->target[i].key, &t->key, sizeof(t->key)) == 0)
			return true;
	return false;
}

/* Adds a process of the figures of all hosts, or of the one that shows; of a
 * thread, its process: signals and the rest go to that. */
static void aim_at(
    struct tui_app *app, struct aur_figures *f, struct tui_who who)
{
	struct tui_target *t = &app->target[app->ntarget];
	ptrdiff_t task, at = -1;

	f += who.host;
	task = aur_figures_task_find(f, who.key, 0);
	if (task >= 0)
		at = aur_figures_process_of(f, (size_t)task);
	if (at < 0)
		return;
	describe(f, (size_t)at, t);
	t->thread = task == at ? 0 : who.key.v[0];
	t->host = f == &app->scene.figures ? app->host : who.host;
	app->ntarget += !is_aimed_at(app, t);
}

/* Fills app->target with the process whose details show, with the tagged
 * ones, or the selected one. */
bool tui_act_aim(struct tui_app *app)
{
	const struct tui_list *l = &app->procs.list;
	bool one = app->view == TUI_VIEW_DETAILS || l->tags.n == 0;
	size_t n = one ? 1 : l->tags.n;

	aur_mem_free(app->target);
	app->ntarget = 0;
	app->target = aur_mem_new(n, sizeof(*app->target));
	if (app->target == NULL)
		return false;
	if (app->view != TUI_VIEW_DETAILS && l->n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!one)
			aim_at(app, app->procs.figures, l->tags.who[i]);
		else if (app->details.open)
			aim_at(app, &app->scene.figures,
			    (struct tui_who){.key = app->details.key});
		else
			aim_at(app, app->procs.figures, l->selected);
	}
	return app->ntarget > 0;
}

void tui_act_nice(struct tui_app *app, int by, struct aur_mono now)
{
	if (!tui_act_aim(app)) {
		tui_app_say(app, now, "no process is selected");
		return;
	}
	for (size_t i = 0; i < app->ntarget; i++) {
		struct tui_target *t = &app->target[i];
		int value = t->nice + by;

		if (t->nice_known && value >= -20 && value <= 19)
			send_act(app, t, AUR_ACT_NICE, value);
		else
			tui_app_say(app, now,
			    "%s (%llu): nice goes from -20 to 19", t->name,
			    (unsigned long long)t->key.v[0]);
	}
}

void tui_act_signal_menu(struct tui_app *app)
{
	if (!tui_act_aim(app))
		return;
	tui_menu_begin(&app->menu, "Send signal:");
	for (size_t i = 0; i < AUR_ARRAY_LEN(signals); i++)
		tui_menu_add(&app->menu, signals[i].number, "%2d %s",
		    signals[i].number, signals[i].name);
	app->mode = TUI_MODE_SIGNAL;
}

void tui_act_signal_chosen(struct tui_app *app)
{
	app->signal = app->menu.item[app->menu.at].value;
	tui_act_ask(app, AUR_ACT_SIGNAL);
}

void tui_act_ask(struct tui_app *app, enum aur_act_kind kind)
{
	app->act_kind = kind;
	if (app->ntarget > 1) {
		tui_prompt_set(&app->prompt, "");
		app->error[0] = '\0';
		app->mode = TUI_MODE_COUNT;
	} else
		app->mode = TUI_MODE_CONFIRM;
}

void tui_act_counted(struct tui_app *app, struct aur_mono now)
{
	uint64_t n;

	if (aur_scan_u64(aur_slice_str(app->prompt.text), &n) == 0 &&
	    n == app->ntarget) {
		app->mode = TUI_MODE_CONFIRM;
		return;
	}
	app->mode = TUI_MODE_NORMAL;
	tui_app_say(app, now, "nothing was sent: %zu are tagged, not '%.20s'",
	    app->ntarget, app->prompt.text);
}

void tui_act_confirm(struct tui_app *app, uint32_t key, struct aur_mono now)
{
	app->mode = TUI_MODE_NORMAL;
	if (key != 'y') {
		tui_app_say(app, now,
		    app->act_kind == AUR_ACT_SIGNAL ? "nothing was sent"
						    : "nothing was changed");
		return;
	}
	for (size_t i = 0; i < app->ntarget; i++)
		send_act(app, &app->target[i], app->act_kind,
		    app->act_kind == AUR_ACT_AFFINITY ? 0 : app->signal);
}

static void draw_target(const struct tui_app *app, const struct tui_area *a,
    int y, const struct tui_target *t)
{
	const char *host = tui_app_host(app, t->host)->name;
	int x = tui_printf(a, 2, y, TUI_ROLE_BOX_STRONG, "%7llu",
		    (unsigned long long)t->key.v[0]) +
		3;

	x += tui_str(a, x, y, t->name, TUI_ROLE_BOX_STRONG) + 1;
	x += tui_printf(a, x, y, TUI_ROLE_BOX, "of %s on %s",
		 t->user[0] != '\0' ? t->user : "?", host) +
	     1;
	if (t->unit[0] != '\0')
		x += tui_printf(a, x, y, TUI_ROLE_BOX, "(%s) ", t->unit);
	if (t->thread != 0)
		tui_printf(a, x, y, TUI_ROLE_BOX_STRONG,
		    "not thread %llu alone", (unsigned long long)t->thread);
}

/* What will happen, in a line. */
static void draw_effect(
    const struct tui_app *app, const struct tui_area *box, int y)
{
	size_t row = signal_row(app->signal);
	char words[AUR_CPUS_TEXT];

	if (app->act_kind == AUR_ACT_SIGNAL)
		tui_printf(box, 2, y, TUI_ROLE_BOX,
		    "%s (%d) %s:", signals[row].name, signals[row].number,
		    signals[row].effect);
	else
		tui_printf(box, 2, y, TUI_ROLE_BOX,
		    "%s %.24s for all threads%s%.20s:",
		    app->act_kind == AUR_ACT_AFFINITY ? "CPUs" : "I/O priority",
		    describe_value(app, app->act_kind, words),
		    app->ntarget == 1 && app->had[0] != '\0' ? ", not " : "",
		    app->ntarget == 1 ? app->had : "");
}

void tui_act_draw(const struct tui_app *app, const struct tui_area *a)
{
	size_t most = 6;
	bool is_signal = app->act_kind == AUR_ACT_SIGNAL;
	size_t shown = app->ntarget < most ? app->ntarget : most;
	struct tui_area box = tui_area_cut(a,
	    tui_rect_centre(a->r, 68, (int)shown + 6 + (app->ntarget > most)));
	int y = 1;

	tui_blank(&box, TUI_ROLE_BOX);
	draw_effect(app, &box, y++);
	for (size_t i = 0; i < shown; i++)
		draw_target(app, &box, y++, &app->target[i]);
	if (app->ntarget > most)
		tui_printf(&box, 2, y++, TUI_ROLE_BOX, "   and %zu more",
		    app->ntarget - most);
	y++;
	if (app->mode == TUI_MODE_COUNT) {
		char label[64];

		snprintf(label, sizeof(label),
		    "  How many processes are these? Type the number:");
		tui_prompt_draw(&app->prompt, &box, y, label);
		return;
	}
	tui_put(&box, 2, y, 'y', TUI_ROLE_BOX_SELECTED);
	tui_str(
	    &box, 4, y, is_signal ? "send it" : "set it", TUI_ROLE_BOX_STRONG);
	tui_str(&box, 14, y,
	    is_signal ? "any other key: nothing is sent"
		      : "any other key: nothing is changed",
	    TUI_ROLE_BOX);
}
