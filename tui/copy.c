/* SPDX-License-Identifier: MIT */
/*
 * The list that is shown, as a command line: one that opens it again, and one
 * that prints it. What is quoted is quoted for a shell. Copying is the
 * terminal's affair (term.c); which of them take it is not asked but known,
 * as most never answer.
 */
#include "tui/app.h"

static void add(struct aur_buf *b, const char *text)
{
	if (aur_buf_add_str(b, text) < 0)
		aur_buf_cut(b, b->n);
}

/* The text as one word of a shell. */
static void add_word(struct aur_buf *b, const char *text)
{
	size_t plain =
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_-./:@%+,=");

	if (text[0] != '\0' && text[plain] == '\0') {
		add(b, text);
		return;
	}
	add(b, "'");
	for (; *text != '\0'; text++) {
		char one[] = {*text, '\0'};

		add(b, *text == '\'' ? "'\\''" : one);
	}
	add(b, "'");
}

static void add_sort(
    struct aur_buf *b, const char *option, const struct tui_list *l)
{
	char text[64];

	if (l->sort == TUI_COLUMN_HOST) /* no option knows it */
		return;
	snprintf(text, sizeof(text), " %s %s:%s", option,
	    tui_column_get(l->sort)->name, l->descending ? "desc" : "asc");
	add(b, text);
}

static void add_pids(struct aur_buf *b, const struct tui_list *l,
    const char *first, const char *next)
{
	char text[64];

	for (size_t i = 0; i < l->npid; i++) {
		snprintf(text, sizeof(text), "%s%llu", i == 0 ? first : next,
		    (unsigned long long)l->pids[i]);
		add(b, text);
	}
}

/* Whose view it is: one host by its name; several by whatever words of the
 * command line chose them, of their team. */
static void add_hosts(const struct tui_app *app, struct aur_buf *b)
{
	if (app->bundle != NULL) {
		add(b, " --bundle ");
		add_word(b, app->bundle);
	}
	if (app->team[0] != '\0') {
		add(b, " --team ");
		add_word(b, app->team);
	}
	if (!tui_app_shows_fleet(app)) {
		add(b, " ");
		add_word(b, tui_app_host(app, app->host)->name);
	}
	for (size_t i = 0; i < app->nword && tui_app_shows_fleet(app); i++) {
		add(b, " ");
		add_word(b, app->words[i]);
	}
}

/* The moment in UTC, which is the same wherever it is read. */
static void add_at(
    const struct tui_app *app, const char *option, struct aur_buf *b)
{
	struct aur_wall at = app->moment.at;
	size_t before = b->n;

	if (!app->moment.on)
		return;
	add(b, option);
	if (aur_wall_format(at, b) < 0)
		aur_buf_cut(b, before);
}

static void add_interval(const struct tui_app *app, struct aur_buf *b)
{
	char text[64];

	if (app->scene.interval.ns == AUR_SECOND_NS &&
	    app->kept.interval.ns == AUR_SECOND_NS)
		return;
	snprintf(text, sizeof(text), " -i %g",
	    aur_span_in_seconds(app->scene.interval));
	add(b, text);
}

static void add_screen(const struct tui_app *app, struct aur_buf *b)
{
	enum tui_view view = app->view;

	if (view == TUI_VIEW_PANE || view == TUI_VIEW_DETAILS)
		view = app->before;
	if (view == TUI_VIEW_HOST)
		add(b, " --screen host");
	else if (view == TUI_VIEW_PROCESSES)
		add(b, " --screen processes");
}

/* A choice is left out where a start without options has it, here and where
 * nobody has set anything. */
static bool is_usual(const struct tui_app *app, enum tui_setting id, int now)
{
	return now == tui_setting_row(id)->fallback &&
	       now == app->kept.choice[id];
}

static void add_switch(const struct tui_app *app, enum tui_setting id, bool now,
    const char *name, struct aur_buf *b)
{
	if (is_usual(app, id, now))
		return;
	add(b, now ? " --" : " --no-");
	add(b, name);
}

static void add_layout(const struct tui_app *app, struct aur_buf *b)
{
	int now = app->set.choice[TUI_SET_LAYOUT];
	struct aur_slice word = tui_setting_word(TUI_SET_LAYOUT, now);

	if (is_usual(app, TUI_SET_LAYOUT, now))
		return;
	add(b, " --layout ");
	if (aur_buf_add_slice(b, word) < 0)
		aur_buf_cut(b, b->n);
}

/* The columns that are shown; `tables`: those that any table has. */
static void add_columns(
    const struct tui_app *app, bool tables, struct aur_buf *b)
{
	struct tui_columns usual, now = app->procs.columns;
	size_t before = b->n;

	tui_columns_default(&usual);
	if (app->kept.columns[0] == '\0' && tui_columns_same(&usual, &now))
		return;
	for (size_t i = 0; tables && i < now.n; i++)
		now.column[i].shown &= now.column[i].id < AUR_COLUMN_COUNT;
	add(b, " --columns ");
	if (tui_columns_list(&now, b) < 0)
		aur_buf_cut(b, before);
}

/* A screen with processes: which, and how they are shown. */
static void add_list(const struct tui_app *app, struct aur_buf *b)
{
	const struct tui_procs *p = &app->procs;

	add_screen(app, b);
	add_layout(app, b);
	add_switch(app, TUI_SET_TREE, p->list.tree, "tree", b);
	add_switch(app, TUI_SET_THREADS, p->list.threads, "threads", b);
	add_switch(app, TUI_SET_KERNEL, p->list.kernel, "kernel-threads", b);
	add_columns(app, false, b);
	if (p->list.user[0] != '\0') {
		add(b, " -u ");
		add_word(b, p->list.user);
	}
	add_pids(b, &p->list, " -p ", ",");
	if (p->filter[0] != '\0') {
		add(b, " -F ");
		add_word(b, p->filter);
	}
	add_sort(b, "-s", &p->list);
}

void tui_copy_top(const struct tui_app *app, struct aur_buf *b)
{
	add(b, "aurora top");
	add_hosts(app, b);
	add_at(app, " --at ", b);
	if (app->view == TUI_VIEW_EVENTS)
		add(b, " --screen events");
	else if (app->view != TUI_VIEW_FLEET)
		add_list(app, b);
	add_interval(app, b);
	if (app->scene.utc)
		add(b, " --utc");
	if (app->scene.readonly && app->bundle == NULL)
		add(b, " --readonly");
}

/* All that keeps rows out, as one filter. */
static void add_where(struct aur_buf *b, const struct tui_procs *p)
{
	const char *and = "";

	if (p->list.user[0] != '\0') {
		add(b, "user eq \"");
		add(b, p->list.user);
		add(b, "\"");
		and = " and ";
	}
	if (p->list.npid > 0) {
		add(b, and);
		add(b, "(");
		add_pids(b, &p->list, "pid eq ", " or pid eq ");
		add(b, ")");
		and = " and ";
	}
	if (p->filter[0] == '\0')
		return;
	add(b, and);
	add(b, and[0] != '\0' ? "(" : "");
	add(b, p->filter);
	add(b, and[0] != '\0' ? ")" : "");
}

/* The fleet as one print: the path of a column is what JSON calls it. */
static void add_status(const struct tui_app *app, struct aur_buf *b)
{
	const struct tui_fleet *fl = &app->fleet;
	const char *path = tui_fleet_column(fl->sort)->path;

	add(b, "aurora status");
	add_hosts(app, b);
	add_at(app, " --at ", b);
	if (fl->sorted && strchr(path, '.') != NULL) {
		add(b, " --sort ");
		add(b, path);
		add(b, fl->descending ? ":desc" : ":asc");
	}
}

void tui_copy_ps(const struct tui_app *app, struct aur_buf *b)
{
	const struct tui_procs *p = &app->procs;
	struct aur_buf where;

	if (app->view == TUI_VIEW_FLEET) {
		add_status(app, b);
		return;
	}
	if (app->view == TUI_VIEW_EVENTS) {
		add(b, "aurora events");
		add_hosts(app, b);
		add_at(app, " --to ", b);
		if (app->scene.utc)
			add(b, " --utc");
		return;
	}
	aur_buf_init(&where, TUI_COPY_MAX);
	add_where(&where, p);
	add(b, "aurora ps");
	add_hosts(app, b);
	add_at(app, " --at ", b);
	if (!p->list.kernel)
		add(b, " --no-kernel-threads");
	add_columns(app, true, b);
	if (where.n > 0 && aur_buf_str(&where) != NULL) {
		add(b, " --where ");
		add_word(b, aur_buf_str(&where));
	}
	if (p->list.sort < AUR_COLUMN_COUNT) /* not by host */
		add_sort(b, "--sort", &p->list);
	aur_buf_release(&where);
}

static void copy(
    struct tui_app *app, void (*make)(const struct tui_app *, struct aur_buf *))
{
	struct aur_buf b;

	aur_buf_init(&b, TUI_COPY_MAX);
	make(app, &b);
	snprintf(app->copy, sizeof(app->copy), "%.*s", (int)b.n,
	    b.n > 0 ? aur_buf_str(&b) : "");
	aur_buf_release(&b);
}

void tui_copy_begin(struct tui_app *app)
{
	if (app->scene.host == NULL)
		return;
	app->mode = TUI_MODE_COPY;
	copy(app, tui_copy_top);
}

void tui_copy_key(struct tui_app *app, uint32_t key)
{
	if (key == 'p')
		copy(app, tui_copy_ps);
	else
		app->mode = TUI_MODE_NORMAL;
}

/* How much of `s` stands in a row of `w` columns: to the last blank, or all
 * that fits. */
static size_t row_of(struct aur_slice s, size_t w)
{
	size_t n = w;

	if (s.n <= w)
		return s.n;
	while (n > 0 && s.p[n] != ' ')
		n--;
	if (n > 0)
		return n;
	for (n = w; n > 1 && (s.p[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

/* Draws `text` over as many rows as it takes; the next row. With no area it
 * only counts them. */
static int wrapped(
    const struct tui_area *a, int w, int y, const struct aur_buf *text)
{
	struct aur_slice s = aur_buf_peek(text);

	while (s.n > 0) {
		size_t n = row_of(s, w > 1 ? (size_t)w : 1);

		if (a != NULL && y < a->r.h)
			tui_text(a, 2, y, w, aur_slice_of(s.p, n),
			    TUI_ROLE_BOX_STRONG);
		y++;
		n += n < s.n && s.p[n] == ' ';
		s = aur_slice_of(s.p + n, s.n - n);
	}
	return y;
}

void tui_copy_draw(const struct tui_app *app, const struct tui_area *a)
{
	int w = (a->r.w < 76 ? a->r.w : 76) - 4, y = 1;
	struct aur_buf top, ps;
	struct tui_area box;

	aur_buf_init(&top, TUI_COPY_MAX);
	aur_buf_init(&ps, TUI_COPY_MAX);
	tui_copy_top(app, &top);
	tui_copy_ps(app, &ps);
	box = tui_area_cut(
	    a, tui_rect_centre(a->r, w + 4,
		   wrapped(NULL, w, 0, &top) + wrapped(NULL, w, 0, &ps) + 6));
	tui_blank(&box, TUI_ROLE_BOX);
	tui_str(&box, 2, y++, "This view:", TUI_ROLE_BOX);
	y = wrapped(&box, w, y, &top);
	tui_str(&box, 2, ++y, "Printed once:", TUI_ROLE_BOX);
	wrapped(&box, w, y + 1, &ps);
	tui_str(&box, 2, box.r.h - 1,
	    app->can_copy ? "The first is copied; p copies the other; Esc"
			  : "Not copied: this terminal is not known to take it",
	    TUI_ROLE_BOX);
	aur_buf_release(&top);
	aur_buf_release(&ps);
}
