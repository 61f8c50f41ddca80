/* SPDX-License-Identifier: MIT */
/*
 * The setup screen: a row for each setting, each choice shown at once on the
 * screen behind it. What is changed here is kept for good when it closes, and
 * nothing else is: what options and keys have set counts for this run.
 */
#include "tui/app.h"

#define SETUP_W 58
#define LABEL_W 16

static enum aur_glyphs glyphs(const struct tui_app *app)
{
	int wish = app->set.choice[TUI_SET_GLYPHS];

	if (app->no_utf8 || wish == TUI_GLYPHS_ASCII)
		return AUR_GLYPHS_ASCII;
	if (wish == TUI_GLYPHS_BLOCK ||
	    (wish == TUI_GLYPHS_AUTO && app->no_braille))
		return AUR_GLYPHS_BLOCK;
	return AUR_GLYPHS_BRAILLE;
}

static void show_layout(struct tui_app *app)
{
	bool one = app->set.choice[TUI_SET_LAYOUT] == TUI_LAYOUT_ONE;

	if (one)
		app->focus = -1; /* the pane that had it is gone */
}

void tui_settings_apply(struct tui_app *app)
{
	struct tui_list *list = &app->procs.list;
	bool tree = app->set.choice[TUI_SET_TREE];
	bool kernel = app->set.choice[TUI_SET_KERNEL];
	bool threads = app->set.choice[TUI_SET_THREADS];

	app->scene.glyphs = glyphs(app);
	app->scene.ascii = app->scene.glyphs == AUR_GLYPHS_ASCII;
	if (app->set.interval.ns != app->scene.interval.ns)
		tui_app_interval(app, app->set.interval);
	app->procs.paths = (enum tui_paths)app->set.choice[TUI_SET_PATHS];
	show_layout(app);
	if (list->tree == tree && list->kernel == kernel &&
	    list->threads == threads)
		return;
	list->tree = tree;
	list->kernel = kernel;
	list->threads = threads;
	tui_procs_update(&app->procs, true);
}

bool tui_settings_vim(const struct tui_app *app)
{
	return app->set.choice[TUI_SET_KEYS] == TUI_KEYS_VIM;
}

enum tui_action tui_settings_action(struct tui_app *app, uint32_t key)
{
	bool vim = tui_settings_vim(app), again = app->after_g;

	app->after_g = vim && key == 'g' && !again;
	if (app->after_g)
		return TUI_DO_NOTHING;
	return tui_key_action(again && key == 'g' ? TUI_KEY_GG : key, vim);
}

/* Keys of the list have switches of their own. */
static void take_from_list(struct tui_app *app)
{
	app->set.choice[TUI_SET_TREE] = app->procs.list.tree;
	app->set.choice[TUI_SET_KERNEL] = app->procs.list.kernel;
	app->set.choice[TUI_SET_THREADS] = app->procs.list.threads;
}

void tui_settings_key(struct tui_app *app, enum tui_action action)
{
	enum tui_setting id = action == TUI_DO_THEME	    ? TUI_SET_THEME
			      : action == TUI_DO_PATHS	    ? TUI_SET_PATHS
			      : app->view == TUI_VIEW_FLEET ? TUI_SET_FLEET
							    : TUI_SET_LAYOUT;
	struct aur_slice word;

	take_from_list(app);
	tui_setting_step(&app->set, id, 1);
	tui_settings_apply(app);
	word = tui_setting_word(id, app->set.choice[id]);
	tui_app_say(app, app->scene.now, "%s: %.*s (F2 keeps it)",
	    tui_setting_row(id)->label, (int)word.n, (const char *)word.p);
}

void tui_setup_begin(struct tui_app *app)
{
	take_from_list(app);
	app->set_changed = 0;
	app->message[0] = '\0';
}

/* What has been changed is what the next start has. */
static void take_kept(struct tui_app *app)
{
	for (int i = 0; i < TUI_SET_COUNT; i++)
		if ((app->set_changed >> i & 1) != 0)
			app->kept.choice[i] = app->set.choice[i];
	if ((app->set_changed >> TUI_SET_INTERVAL & 1) != 0)
		app->kept.interval = app->set.interval;
	if ((app->set_changed >> TUI_SET_COLUMNS & 1) != 0)
		memcpy(app->kept.columns, app->set.columns,
		    sizeof(app->kept.columns));
}

static void save(struct tui_app *app, struct aur_mono now)
{
	char why[200] = "";

	if (app->set_changed == 0)
		return;
	if (app->save == NULL)
		tui_app_say(app, now, "set for now; nothing is kept");
	else if (app->save(app->save_arg, &app->set, app->set_changed, why,
		     sizeof(why))) {
		take_kept(app);
		tui_app_say(app, now, "kept");
	} else
		tui_app_say(app, now, "set for now, not kept: %s", why);
	app->set_changed = 0;
}

static void finish(struct tui_app *app, struct aur_mono now)
{
	app->mode = TUI_MODE_NORMAL;
	save(app, now);
}

void tui_settings_columns(struct tui_app *app)
{
	struct tui_columns usual;
	struct aur_buf b;
	int rc = 0;

	tui_columns_default(&usual);
	aur_buf_init(&b, TUI_COLUMNS_TEXT - 1);
	if (!tui_columns_same(&usual, &app->procs.columns))
		rc = tui_columns_format(&app->procs.columns, &b);
	if (rc == 0 && !aur_slice_is(aur_buf_peek(&b), app->set.columns)) {
		snprintf(app->set.columns, sizeof(app->set.columns), "%.*s",
		    (int)b.n, (const char *)aur_buf_peek(&b).p);
		app->set_changed = 1u << TUI_SET_COLUMNS;
		save(app, app->scene.now);
	}
	aur_buf_release(&b);
}

static void keep_text(
    struct tui_app *app, enum tui_setting id, char *set, const char *text)
{
	if (strcmp(set, text) == 0)
		return;
	snprintf(set, strlen(text) + 1, "%s", text);
	app->set_changed = 1u << id;
	save(app, app->scene.now);
}

void tui_settings_fleet_sort(struct tui_app *app)
{
	char text[sizeof(app->set.fleet_sort)];

	snprintf(text, sizeof(text), "%s:%s",
	    tui_fleet_column(app->fleet.sort)->name,
	    app->fleet.descending ? "desc" : "asc");
	keep_text(app, TUI_SET_FLEET_SORT, app->set.fleet_sort, text);
}

void tui_settings_fleet_columns(struct tui_app *app)
{
	char text[TUI_COLUMNS_TEXT] = "";

	if (app->table.shown != tui_fleet_columns_default())
		tui_fleet_columns_format(app->table.shown, text, sizeof(text));
	keep_text(app, TUI_SET_FLEET_COLUMNS, app->set.fleet_columns, text);
}

void tui_settings_fleet(struct tui_app *app)
{
	const char *columns = app->set.fleet_columns;
	unsigned sort;
	bool descending;

	if (columns[0] != '\0')
		(void)!tui_fleet_columns_parse(
		    aur_slice_str(columns), &app->table.shown);
	if (app->set.fleet_sort[0] == '\0' ||
	    tui_fleet_sort_parse(
		aur_slice_str(app->set.fleet_sort), &sort, &descending) < 0)
		return;
	app->fleet.sort = sort;
	app->fleet.descending = descending;
	app->fleet.sorted = true;
}

static void change(struct tui_app *app, int by)
{
	enum tui_setting id = (enum tui_setting)app->set_at;

	tui_setting_step(&app->set, id, by);
	app->set_changed |= 1u << id;
	tui_settings_apply(app);
}

static void move(struct tui_app *app, int by)
{
	app->set_at = (app->set_at + by + TUI_SET_SHOWN) % TUI_SET_SHOWN;
}

static void key(struct tui_app *app, uint32_t k, struct aur_mono now)
{
	switch (k) {
	case TUI_KEY_UP:
	case TUI_KEY_BACKTAB:
	case 'k':
		move(app, -1);
		break;
	case TUI_KEY_DOWN:
	case '\t':
	case 'j':
		move(app, 1);
		break;
	case TUI_KEY_LEFT:
	case '-':
		change(app, -1);
		break;
	case TUI_KEY_RIGHT:
	case '\r':
	case ' ':
	case '+':
		change(app, 1);
		break;
	case TUI_KEY_ESC:
	case TUI_KEY_F(2):
	case TUI_KEY_F(10):
	case 'S':
	case 'q':
		finish(app, now);
		break;
	case 'Q':
		finish(app, now);
		app->quit = true;
		break;
	default:
		break;
	}
}

static void click(struct tui_app *app, const struct tui_event *e)
{
	int row = e->y - app->setup_at.y - 2;

	if (e->mouse != TUI_MOUSE_LEFT) {
		move(app, e->mouse == TUI_MOUSE_WHEEL_UP ? -1 : 1);
		return;
	}
	if (!tui_rect_has(app->setup_at, e->x, e->y) || row < 0 ||
	    row >= app->setup_at.h - 6 || row + app->set_top >= TUI_SET_SHOWN)
		return;
	app->set_at = row + app->set_top;
	change(app, 1);
}

void tui_setup_event(
    struct tui_app *app, const struct tui_event *e, struct aur_mono now)
{
	if (e->kind == TUI_EVENT_KEY)
		key(app, e->key, now);
	else if (e->kind == TUI_EVENT_MOUSE)
		click(app, e);
}

static void value_text(
    const struct tui_settings *s, enum tui_setting id, char *out, size_t size)
{
	struct aur_slice word;

	if (tui_setting_row(id)->words[0] == '\0') {
		snprintf(out, size, "%g s", aur_span_in_seconds(s->interval));
		return;
	}
	word = tui_setting_word(id, s->choice[id]);
	snprintf(out, size, "%.*s", (int)word.n, (const char *)word.p);
}

static void draw_row(const struct tui_app *app, const struct tui_area *box,
    int y, enum tui_setting id)
{
	int x = 2;
	bool here = app->set_at == (int)id;
	enum tui_role role = here ? TUI_ROLE_BOX_SELECTED : TUI_ROLE_BOX;
	char value[32];

	if (here)
		tui_repeat(box, 1, y, box->r.w - 2, ' ', role);
	tui_str(box, x, y, tui_setting_row(id)->label, role);
	value_text(&app->set, id, value, sizeof(value));
	x += LABEL_W;
	x += tui_str(box, x, y, here ? "< " : "  ", role);
	x += tui_str(box, x, y, value, here ? role : TUI_ROLE_BOX_STRONG);
	if (here)
		tui_str(box, x, y, " >", role);
}

void tui_setup_draw(struct tui_app *app, const struct tui_area *a)
{
	struct tui_area box =
	    tui_area_cut(a, tui_rect_centre(a->r, SETUP_W, TUI_SET_SHOWN + 6));
	enum tui_setting at = (enum tui_setting)app->set_at;
	struct aur_slice text = aur_slice_str(tui_setting_row(at)->help);
	int rows = box.r.h - 6 < TUI_SET_SHOWN ? box.r.h - 6 : TUI_SET_SHOWN;
	int y = rows + 3;

	app->setup_at = box.r;
	if (app->set_at < app->set_top)
		app->set_top = app->set_at;
	if (app->set_at >= app->set_top + rows)
		app->set_top = app->set_at - rows + 1;
	tui_blank(&box, TUI_ROLE_BOX);
	tui_str(&box, 2, 0, "Setup", TUI_ROLE_BOX_STRONG);
	tui_str_right(&box, box.r.w - 2, 0,
	    "arrows change, Esc closes and keeps", TUI_ROLE_BOX);
	for (int i = 0; i < TUI_SET_SHOWN; i++)
		if (i >= app->set_top && i < app->set_top + rows)
			draw_row(app, &box, 2 + i - app->set_top,
			    (enum tui_setting)i);
	for (int i = 0; i < 2 && text.n > 0; i++, y++) {
		size_t n = text.n, most = (size_t)box.r.w - 4;

		if (n > most)
			for (n = most; n > 1 && text.p[n] != ' '; n--)
				;
		tui_text(&box, 2, y, box.r.w - 4, aur_slice_of(text.p, n),
		    TUI_ROLE_BOX);
		text = aur_slice_trim(aur_slice_of(text.p + n, text.n - n));
	}
}
