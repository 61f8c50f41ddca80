/* SPDX-License-Identifier: MIT */
/*
 * Which columns, in which order: a list at the right, so that the table at
 * the left shows each change at once.
 */
#include "tui/app.h"

#define MENU_W 28

static bool has_room(const struct tui_procs *p, unsigned id)
{
	for (size_t i = 0; i < p->ncolumn; i++)
		if (p->column[i].id == id)
			return true;
	return false;
}

/* Makes the items anew; the cursor stays where it is. */
static void fill(struct tui_app *app)
{
	const struct tui_columns *c = &app->procs.columns;
	struct tui_menu *m = &app->menu;
	size_t at = m->at, top = m->top;

	tui_procs_columns(&app->procs, app->surface.w);
	tui_menu_begin(m, "Columns: ~ has no room");
	for (size_t i = 0; i < c->n; i++) {
		unsigned id = c->column[i].id;
		bool room = has_room(&app->procs, id);

		tui_menu_add(m, (int)id, "[%c] %-9s %.14s",
		    !c->column[i].shown ? ' '
		    : room		? 'x'
					: '~',
		    tui_column_get(id)->title, tui_column_get(id)->name);
	}
	m->at = at < m->n ? at : 0;
	m->top = top;
}

void tui_columns_begin(struct tui_app *app)
{
	app->menu.at = app->menu.top = 0;
	fill(app);
}

static void move(struct tui_app *app, int by)
{
	app->menu.at = tui_columns_move(&app->procs.columns, app->menu.at, by);
}

static void change(struct tui_app *app, uint32_t key)
{
	struct tui_menu *m = &app->menu;

	switch (key) {
	case ' ':
		if (!tui_columns_toggle(&app->procs.columns, m->at))
			snprintf(
			    app->error, sizeof(app->error), "one column stays");
		break;
	case '[':
	case '-':
	case TUI_KEY_F(7):
	case TUI_KEY_LEFT:
		move(app, -1);
		break;
	case ']':
	case '+':
	case '=':
	case TUI_KEY_F(8):
	case TUI_KEY_RIGHT:
		move(app, 1);
		break;
	case '*':
		tui_columns_default(&app->procs.columns);
		break;
	default:
		tui_menu_key(m, key, app->procs.page);
	}
}

void tui_columns_key(struct tui_app *app, uint32_t key)
{
	app->error[0] = '\0';
	if (key == TUI_KEY_ESC || key == '\r' || key == 'q' ||
	    key == TUI_KEY_F(10)) {
		app->mode = TUI_MODE_NORMAL;
		tui_settings_columns(app);
		return;
	}
	change(app, key);
	fill(app);
}

void tui_columns_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom)
{
	struct tui_area all = tui_area_all(&app->surface), right;

	if (app->procs.at.h > 0)
		body = app->procs.at;
	fill(app); /* the width may be another */
	right = tui_area_cut(&all, tui_rect_right(&body, MENU_W));
	tui_menu_draw(&app->menu, &right);
	tui_blank(bottom, TUI_ROLE_TEXT);
	tui_str(bottom, 0, 0,
	    app->error[0] != '\0'
		? app->error
		: "Space shows  [ ] move  * as at first  Esc done",
	    app->error[0] != '\0' ? TUI_ROLE_BAD : TUI_ROLE_LABEL);
}
