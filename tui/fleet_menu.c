/* SPDX-License-Identifier: MIT */
/*
 * Menus and boxes of several hosts: which column to sort by, which columns to
 * show, which host to go to (narrowed by typing), and why a host is not up.
 */
#include "tui/app.h"

#include "base/text.h"

#define MENU_W 44
#define ALL_HOSTS (-1)

void tui_fleet_menu_sort(struct tui_app *app)
{
	tui_menu_begin(&app->menu, "Sort by:");
	for (unsigned id = 0; id < TUI_FLEET_COLUMNS; id++) {
		const struct tui_fleet_column_row *c = tui_fleet_column(id);

		if (id != TUI_FLEET_PAST && id != TUI_FLEET_BAR)
			tui_menu_add(
			    &app->menu, (int)id, "%-10s %s", c->name, c->help);
	}
	tui_menu_choose(&app->menu,
	    (int)(app->fleet.sorted ? app->fleet.sort : TUI_FLEET_STATE));
}

void tui_fleet_menu_sorted(struct tui_app *app)
{
	tui_fleet_sort(
	    &app->fleet, (unsigned)app->menu.item[app->menu.at].value);
	app->procs.hold = false;
	if (tui_fleet_update(&app->fleet, app->scene.now, false) < 0)
		return;
	tui_settings_fleet_sort(app);
}

static void fill_columns(struct tui_app *app)
{
	struct tui_menu *m = &app->menu;
	size_t at = m->at, top = m->top;

	tui_menu_begin(m, "Columns: Space shows or hides");
	for (unsigned id = 1; id < TUI_FLEET_COLUMNS; id++)
		tui_menu_add(m, (int)id, "[%c] %-10s %s",
		    app->table.shown >> id & 1 ? 'x' : ' ',
		    tui_fleet_column(id)->name, tui_fleet_column(id)->help);
	m->at = at < m->n ? at : 0;
	m->top = top;
}

/* Hosts that have what is typed, all of it, in their name, address or group;
 * those whose name begins with it first. */
static void fill_hosts(struct tui_app *app)
{
	struct tui_menu *m = &app->menu;
	struct aur_slice typed = aur_slice_str(app->prompt.text);

	tui_menu_begin(m, "Go to:");
	if (typed.n == 0)
		tui_menu_add(m, ALL_HOSTS, "all hosts");
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < app->nhost; i++) {
			const struct aur_feed_host *h = tui_app_host(app, i);
			bool first =
			    typed.n == 0 || aur_text_glob(h->name, typed) ||
			    strncmp(h->name, app->prompt.text, typed.n) == 0;

			if (first == (pass == 0) &&
			    tui_fleet_matches(&app->fleet, i, typed))
				tui_menu_add(m, (int)i, "%-20.24s %s", h->name,
				    h->state == AUR_HOST_UP
					? ""
					: tui_fleet_word(h->state));
		}
}

void tui_fleet_menu_begin(struct tui_app *app)
{
	app->menu.at = app->menu.top = 0;
	switch (app->mode) {
	case TUI_MODE_FLEET_COLUMNS:
		fill_columns(app);
		break;
	case TUI_MODE_PICK:
		tui_prompt_set(&app->prompt, "");
		fill_hosts(app);
		if (!tui_app_shows_fleet(app))
			tui_menu_choose(&app->menu, (int)app->host);
		break;
	default:
		break;
	}
}

static void columns_key(struct tui_app *app, uint32_t key)
{
	struct tui_menu *m = &app->menu;

	switch (key) {
	case ' ':
		app->table.shown ^= 1u << m->item[m->at].value;
		break;
	case '*':
		app->table.shown = tui_fleet_columns_default();
		break;
	case '\r':
	case TUI_KEY_ESC:
	case 'q':
		app->mode = TUI_MODE_NORMAL;
		tui_settings_fleet_columns(app);
		return;
	default:
		tui_menu_key(m, key, app->table.page);
		return;
	}
	fill_columns(app);
}

static void picked(struct tui_app *app, struct aur_mono now)
{
	const struct tui_menu *m = &app->menu;
	enum tui_view view = app->view;
	int host = m->n > 0 ? m->item[m->at].value : ALL_HOSTS;

	if (m->n == 0)
		return;
	app->mode = TUI_MODE_NORMAL;
	if (host == ALL_HOSTS) {
		if (view == TUI_VIEW_PROCESSES)
			tui_fleet_app_all(app, true);
		else
			tui_fleet_app_go(app, TUI_VIEW_FLEET, now);
		return;
	}
	tui_fleet_app_into(app, (size_t)host, now);
	/* whoever compares hosts stays on the screen he looks at */
	if (view == TUI_VIEW_PROCESSES || view == TUI_VIEW_HOST ||
	    view == TUI_VIEW_PANE)
		app->view = view == TUI_VIEW_PANE ? TUI_VIEW_HOST : view;
	app->focus = app->view == TUI_VIEW_HOST ? 0 : -1;
}

static bool is_moving(uint32_t key)
{
	return key >= TUI_KEY_UP && key <= TUI_KEY_PAGE_DOWN &&
	       key != TUI_KEY_LEFT && key != TUI_KEY_RIGHT;
}

static void pick_event(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (e->kind == TUI_EVENT_KEY && e->key == '\r')
		picked(app, now);
	else if (e->kind == TUI_EVENT_KEY && e->key == TUI_KEY_ESC)
		app->mode = TUI_MODE_NORMAL;
	else if (e->kind == TUI_EVENT_KEY && is_moving(e->key))
		tui_menu_key(&app->menu, e->key, app->table.page);
	else if (tui_prompt_key(&app->prompt, e)) {
		app->menu.at = app->menu.top = 0;
		fill_hosts(app);
	}
}

/* The wheel and clicks mean the same in each. */
static bool mouse(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (e->kind != TUI_EVENT_MOUSE)
		return false;
	if (e->mouse != TUI_MOUSE_LEFT)
		tui_menu_key(&app->menu,
		    e->mouse == TUI_MOUSE_WHEEL_UP ? TUI_KEY_UP : TUI_KEY_DOWN,
		    1);
	else if (!tui_menu_click(&app->menu, e->x, e->y))
		return true;
	else if (app->mode == TUI_MODE_PICK)
		picked(app, now);
	else
		columns_key(app, ' ');
	return true;
}

static void trouble_event(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	enum tui_action action;

	if (e->kind == TUI_EVENT_MOUSE && e->mouse != TUI_MOUSE_LEFT)
		return;
	app->mode = TUI_MODE_NORMAL;
	if (e->kind != TUI_EVENT_KEY)
		return;
	action = tui_settings_action(app, e->key);
	if (action == TUI_DO_RETRY || action == TUI_DO_SHELL)
		tui_app_act(app, action, now);
}

void tui_fleet_menu_event(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (app->mode == TUI_MODE_TROUBLE)
		trouble_event(app, e, now);
	else if (mouse(app, e, now))
		return;
	else if (app->mode == TUI_MODE_PICK)
		pick_event(app, e, now);
	else if (e->kind == TUI_EVENT_KEY)
		columns_key(app, e->key);
}

/* "via  libssh2, behind bastion" */
static int line(const struct tui_area *a, int y, const char *label,
    const char *text, const char *more)
{
	int x;

	if (text == NULL || text[0] == '\0')
		return y;
	tui_str(a, 2, y, label, TUI_ROLE_BOX);
	x = 12 + tui_text(a, 12, y, a->r.w - 14, aur_slice_str(text),
		     TUI_ROLE_BOX_STRONG);
	tui_str(a, x, y, more, TUI_ROLE_BOX);
	return y + 1;
}

static void draw_trouble(struct tui_app *app, const struct tui_area *a)
{
	uint32_t at = tui_fleet_at(&app->fleet);
	struct tui_area box = tui_area_cut(a, tui_rect_centre(a->r, 72, 14));
	const struct aur_feed_host *h;
	char why[500];
	int y = 1;

	if (at == TUI_FLEET_NONE)
		return;
	h = tui_app_host(app, at);
	tui_blank(&box, TUI_ROLE_BOX);
	y = line(&box, y, "Host", h->name, "");
	y = line(&box, y, "Address", h->address, "");
	y = line(&box, y, "Behind", h->behind, "");
	y = line(&box, y, "Link", h->via, "");
	tui_fleet_reason(&app->fleet, at, why, sizeof(why));
	y = tui_fleet_wrap(&box, 2, y + 1, why, TUI_ROLE_BOX_STRONG) + 1;
	if (y >= box.r.h)
		y = box.r.h - 1;
	if (app->moment.on) { /* that was so, whatever is tried now */
		tui_str(&box, 2, y, "any key: back", TUI_ROLE_BOX);
		return;
	}
	tui_put(&box, 2, y, 'R', TUI_ROLE_BOX_SELECTED);
	tui_str(&box, 4, y, "tries again now", TUI_ROLE_BOX_STRONG);
	if (app->shell != NULL && !app->scene.readonly) {
		tui_put(&box, 23, y, '!', TUI_ROLE_BOX_SELECTED);
		tui_str(&box, 25, y, "tries with ssh", TUI_ROLE_BOX_STRONG);
	}
	tui_str(&box, 43, y, "any other key: back", TUI_ROLE_BOX);
}

void tui_fleet_menu_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom)
{
	struct tui_area all = tui_area_all(&app->surface), a;

	if (app->mode == TUI_MODE_TROUBLE) {
		draw_trouble(app, &all);
		return;
	}
	tui_blank(bottom, TUI_ROLE_TEXT);
	if (app->mode == TUI_MODE_PICK) {
		tui_prompt_draw(&app->prompt, bottom, 0, "Host:");
		a = tui_area_cut(&all, tui_rect_left(&body, MENU_W));
	} else {
		tui_str(bottom, 1, 0,
		    "Space shows or hides  * as at first  Enter done",
		    TUI_ROLE_MUTED);
		a = tui_area_cut(&all, tui_rect_right(&body, MENU_W));
	}
	tui_menu_draw(&app->menu, &a);
}
