/* SPDX-License-Identifier: MIT */
/*
 * Which CPUs a process may run on, and the priority of its I/O. Both menus
 * begin with what the process has, which is asked of the host only now; until
 * that is known nothing can be chosen, so that nobody sets by accident what
 * he did not see.
 *
 *	a -> [x] CPU 0 ... -> Enter -> (several: how many?) -> y
 *	i -> best-effort 4 -> Enter -> ...
 */
#include "tui/app.h"

#define MENU_W 26

static const struct aur_part *part_of(
    const struct tui_app *app, enum aur_domain_id id)
{
	const struct aur_feed_host *host =
	    tui_app_host(app, app->target[0].host);

	return host->now == NULL ? NULL : aur_sample_get(host->now, id);
}

/* The boxes anew; the cursor stays. */
static void fill_cpus(struct tui_app *app)
{
	const struct aur_part *cores = part_of(app, AUR_DOMAIN_CORE);
	struct tui_menu *m = &app->menu;
	size_t at = m->at, top = m->top;

	tui_menu_begin(m, app->sched_known ? "CPUs:" : "CPUs: reading...");
	for (size_t i = 0; cores != NULL && i < cores->n; i++) {
		uint64_t n = cores->inst[i].key.v[0];

		if (n < AUR_CPUS_MAX)
			tui_menu_add(m, (int)n, "[%c] CPU %u",
			    !app->sched_known			    ? '?'
			    : aur_cpus_has(&app->cpus, (unsigned)n) ? 'x'
								    : ' ',
			    (unsigned)n);
	}
	m->at = at < m->n ? at : 0;
	m->top = top;
}

/* The kernel allows CPUs too that the machine has not. */
static void keep_present(struct tui_app *app)
{
	struct aur_cpus here = {{0}};

	for (size_t i = 0; i < app->menu.n; i++)
		if (aur_cpus_has(&app->cpus, (unsigned)app->menu.item[i].value))
			aur_cpus_flip(&here, (unsigned)app->menu.item[i].value);
	if (aur_cpus_count(&here) > 0)
		app->cpus = here;
}

static void take_cpus(struct tui_app *app, struct aur_slice text)
{
	if (aur_cpus_parse(text, &app->cpus) < 0)
		return;
	keep_present(app);
	aur_cpus_text(&app->cpus, app->had, sizeof(app->had));
	app->sched_known = true;
	fill_cpus(app);
}

static void add_io(struct tui_menu *m, int32_t value)
{
	char text[AUR_IO_PRIORITY_TEXT];

	aur_io_priority_text(value, text);
	tui_menu_add(
	    m, value, "%s%s", text, value == 0 ? " (by nice value)" : "");
}

static void fill_io(struct tui_app *app)
{
	struct tui_menu *m = &app->menu;

	tui_menu_begin(
	    m, app->sched_known ? "I/O priority:" : "I/O priority: reading...");
	add_io(m, AUR_IO_PRIORITY(AUR_IO_NONE, 0));
	for (int i = 0; i < AUR_IO_LEVELS; i++)
		add_io(m, AUR_IO_PRIORITY(AUR_IO_REALTIME, i));
	for (int i = 0; i < AUR_IO_LEVELS; i++)
		add_io(m, AUR_IO_PRIORITY(AUR_IO_BEST_EFFORT, i));
	add_io(m, AUR_IO_PRIORITY(AUR_IO_IDLE, 0));
}

static void take_io(struct tui_app *app, struct aur_slice text)
{
	struct tui_menu *m = &app->menu;

	app->sched_known = true;
	fill_io(app);
	snprintf(app->had, sizeof(app->had), "%.*s",
	    (int)(text.n < AUR_IO_PRIORITY_TEXT ? text.n
						: AUR_IO_PRIORITY_TEXT),
	    (const char *)text.p);
	for (size_t i = 0; i < m->n; i++) {
		char words[AUR_IO_PRIORITY_TEXT];

		aur_io_priority_text(m->item[i].value, words);
		if (aur_slice_is(text, words))
			m->at = i;
	}
}

void tui_sched_sample(struct tui_app *app)
{
	const struct aur_part *part;
	bool cpus = app->mode == TUI_MODE_CPUS;
	struct aur_slice text;
	ptrdiff_t i;

	if ((!cpus && app->mode != TUI_MODE_IO) || app->sched_known)
		return;
	part = part_of(app, AUR_DOMAIN_PROCESS);
	if (part == NULL)
		return;
	i = aur_part_find(part, app->target[0].key, 0);
	if (i < 0 ||
	    !aur_part_text(part, (size_t)i,
		cpus ? AUR_PROCESS_cpus_allowed : AUR_PROCESS_io_priority,
		&text))
		return;
	if (cpus)
		take_cpus(app, text);
	else
		take_io(app, text);
}

void tui_sched_begin(struct tui_app *app, enum tui_mode mode)
{
	if (!tui_act_aim(app))
		return;
	app->mode = mode;
	app->error[0] = app->had[0] = '\0';
	app->sched_known = false;
	app->menu.at = app->menu.top = 0;
	memset(&app->cpus, 0, sizeof(app->cpus));
	if (mode == TUI_MODE_CPUS)
		fill_cpus(app);
	else
		fill_io(app);
	tui_sched_sample(app);
}

static void choose(struct tui_app *app)
{
	if (app->menu.n == 0 || !app->sched_known)
		return;
	if (app->mode == TUI_MODE_CPUS) {
		if (aur_cpus_count(&app->cpus) == 0) {
			snprintf(app->error, sizeof(app->error),
			    "a process needs at least one CPU");
			return;
		}
		tui_act_ask(app, AUR_ACT_AFFINITY);
		return;
	}
	app->signal = app->menu.item[app->menu.at].value;
	tui_act_ask(app, AUR_ACT_IO_PRIORITY);
}

static void flip(struct tui_app *app)
{
	if (app->menu.n == 0 || !app->sched_known)
		return;
	aur_cpus_flip(&app->cpus, (unsigned)app->menu.item[app->menu.at].value);
	fill_cpus(app);
}

static void flip_all(struct tui_app *app)
{
	if (!app->sched_known)
		return;
	for (size_t i = 0; i < app->menu.n; i++) {
		unsigned n = (unsigned)app->menu.item[i].value;

		if (!aur_cpus_has(&app->cpus, n))
			aur_cpus_flip(&app->cpus, n);
	}
	fill_cpus(app);
}

static void click(struct tui_app *app, const struct tui_event *e)
{
	if (e->mouse != TUI_MOUSE_LEFT)
		tui_menu_key(&app->menu,
		    e->mouse == TUI_MOUSE_WHEEL_UP ? TUI_KEY_UP : TUI_KEY_DOWN,
		    1);
	else if (tui_menu_click(&app->menu, e->x, e->y)) {
		if (app->mode == TUI_MODE_CPUS)
			flip(app);
		else
			choose(app);
	}
}

void tui_sched_key(struct tui_app *app, const struct tui_event *e)
{
	bool cpus = app->mode == TUI_MODE_CPUS;

	if (e->kind == TUI_EVENT_MOUSE)
		click(app, e);
	if (e->kind != TUI_EVENT_KEY)
		return;
	app->error[0] = '\0';
	if (e->key == TUI_KEY_ESC)
		app->mode = TUI_MODE_NORMAL;
	else if (e->key == '\r')
		choose(app);
	else if (cpus && e->key == ' ')
		flip(app);
	else if (cpus && e->key == '*')
		flip_all(app);
	else
		tui_menu_key(&app->menu, e->key, app->procs.page);
}

void tui_sched_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom)
{
	struct tui_area all = tui_area_all(&app->surface), left;
	const char *hint = app->mode == TUI_MODE_CPUS
			       ? "Space on or off  * all  Enter goes on  Esc "
				 "leaves it as it is"
			       : "Enter goes on  Esc leaves it as it is";

	if (app->procs.at.h > 0)
		body = app->procs.at;
	left = tui_area_cut(&all, tui_rect_left(&body, MENU_W));
	tui_menu_draw(&app->menu, &left);
	tui_blank(bottom, TUI_ROLE_TEXT);
	tui_str(bottom, 0, 0, app->error[0] != '\0' ? app->error : hint,
	    app->error[0] != '\0' ? TUI_ROLE_BAD : TUI_ROLE_LABEL);
}
