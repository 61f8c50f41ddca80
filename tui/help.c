/* SPDX-License-Identifier: MIT */
/* The help screen: the key table, in as many columns as fit, or the rows of it
 * that have what is typed behind a slash. */
#include "tui/app.h"

#include "base/text.h"

#define KEYS_W 16
#define COLUMN_W 58

struct line {
	enum tui_action action; /* NOTHING: a section's title, or a blank */
	int section;		/* -1: a blank */
};

static bool offered(const struct tui_app *app, enum tui_action action)
{
	struct aur_slice find = aur_slice_str(app->help_find);
	char keys[TUI_KEYS_NAME_MAX];

	if (app->scene.readonly && tui_action_row(action)->acts)
		return false;
	if (find.n == 0)
		return true;
	tui_action_keys(action, 5, tui_settings_vim(app), keys);
	return aur_text_has(aur_slice_str(keys), find) ||
	       aur_text_has(aur_slice_str(tui_action_row(action)->help), find);
}

static size_t lines(const struct tui_app *app, struct line *out)
{
	size_t n = 0;

	for (int s = 0; s < TUI_SECTION_COUNT; s++) {
		size_t title = n;

		out[n++] = (struct line){TUI_DO_NOTHING, s};
		for (int i = 1; i < TUI_DO_COUNT; i++) {
			enum tui_action action = (enum tui_action)i;

			if ((int)tui_action_row(action)->section == s &&
			    offered(app, action))
				out[n++] = (struct line){action, s};
		}
		if (n == title + 1)
			n = title;
		else
			out[n++] = (struct line){TUI_DO_NOTHING, -1};
	}
	return n;
}

static void draw_line(const struct tui_area *a, int x, int y, int w, bool vim,
    const struct line *l)
{
	char keys[TUI_KEYS_NAME_MAX];

	if (l->section < 0)
		return;
	if (l->action == TUI_DO_NOTHING) {
		tui_str(a, x, y, tui_section_name((enum tui_section)l->section),
		    TUI_ROLE_TITLE);
		return;
	}
	tui_action_keys(l->action, 5, vim, keys);
	tui_text(a, x, y, KEYS_W, aur_slice_str(keys), TUI_ROLE_LABEL);
	tui_text(a, x + KEYS_W + 1, y, w - KEYS_W - 2,
	    aur_slice_str(tui_action_row(l->action)->help), TUI_ROLE_TEXT);
}

/* The line with which the second column begins: that of looking back. */
static size_t second_column(const struct line *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (line[i].action == TUI_DO_NOTHING &&
		    line[i].section == TUI_SECTION_PAST)
			return i;
	return n;
}

void tui_help_draw(struct tui_app *app, const struct tui_area *a)
{
	struct line line[TUI_DO_COUNT + 2 * TUI_SECTION_COUNT];
	size_t n = lines(app, line);
	bool find = app->help_find[0] != '\0' || app->help_typing;
	int columns = a->r.w >= 2 * COLUMN_W && !find ? 2 : 1;
	int w = a->r.w / columns;
	size_t from[3] = {0, columns == 2 ? second_column(line, n) : n, n};
	size_t rows = from[1] > n - from[1] ? from[1] : n - from[1];
	size_t high = a->r.h > 3 ? (size_t)a->r.h - 3 : 1;

	if (rows <= high)
		app->help_top = 0;
	else if (app->help_top > rows - high)
		app->help_top = rows - high;
	tui_blank(a, TUI_ROLE_TEXT);
	tui_repeat(a, 0, 0, a->r.w, ' ', TUI_ROLE_HEAD);
	if (find)
		tui_printf(a, 1, 0, TUI_ROLE_HEAD, "Help /%s%s", app->help_find,
		    app->help_typing ? "_" : "");
	else
		tui_str(a, 1, 0, "Help", TUI_ROLE_HEAD);
	tui_str_right(a, a->r.w - 1, 0,
	    find	  ? "Esc shows all"
	    : rows > high ? "arrows scroll, / finds, Esc closes"
			  : "/ finds, Esc closes",
	    TUI_ROLE_HEAD);
	if (n == 0)
		tui_str(a, 1, 2, "no key does that", TUI_ROLE_MUTED);
	for (size_t y = 0; y < high && app->help_top + y < rows; y++)
		for (int c = 0; c < columns; c++) {
			size_t i = from[c] + app->help_top + y;

			if (i < from[c + 1])
				draw_line(a, c * w + 1, 2 + (int)y, w,
				    tui_settings_vim(app), &line[i]);
		}
}

static void find(struct tui_app *app, const char *text, bool typing)
{
	tui_prompt_set(&app->prompt, text);
	snprintf(app->help_find, sizeof(app->help_find), "%s", text);
	app->help_typing = typing;
	app->help_top = 0;
}

void tui_help_begin(struct tui_app *app)
{
	find(app, "", false);
}

/* While something is typed; false for a key that is none of that. */
static bool typed(struct tui_app *app, uint32_t key)
{
	const struct tui_event e = {.kind = TUI_EVENT_KEY, .key = key};

	if (!app->help_typing || key == TUI_KEY_ESC)
		return false;
	if (key == '\r')
		app->help_typing = false;
	else if (tui_prompt_key(&app->prompt, &e)) {
		snprintf(app->help_find, sizeof(app->help_find), "%.*s",
		    (int)sizeof(app->help_find) - 1, app->prompt.text);
		app->help_top = 0;
	} else
		return false;
	return true;
}

void tui_help_key(struct tui_app *app, uint32_t key)
{
	size_t page = app->surface.h > 6 ? (size_t)app->surface.h - 6 : 1;

	if (typed(app, key))
		return;
	switch (key) {
	case '/':
	case TUI_KEY_F(3):
		find(app, "", true);
		break;
	case TUI_KEY_ESC:
		if (app->help_typing || app->help_find[0] != '\0')
			find(app, "", false);
		else
			app->mode = TUI_MODE_NORMAL;
		break;
	case TUI_KEY_UP:
		app->help_top -= app->help_top > 0;
		break;
	case TUI_KEY_DOWN:
		app->help_top++;
		break;
	case TUI_KEY_PAGE_UP:
		app->help_top -= app->help_top < page ? app->help_top : page;
		break;
	case TUI_KEY_PAGE_DOWN:
		app->help_top += page;
		break;
	case 'Q':
		app->quit = true;
		break;
	default:
		app->mode = TUI_MODE_NORMAL;
	}
}

void tui_help_mouse(struct tui_app *app, enum tui_mouse mouse)
{
	if (mouse == TUI_MOUSE_WHEEL_DOWN)
		app->help_top += 3;
	else if (mouse == TUI_MOUSE_WHEEL_UP)
		app->help_top -= app->help_top < 3 ? app->help_top : 3;
}
