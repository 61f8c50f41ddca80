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

/* The host of the scene, or whomever the command line named. */
static void add_hosts(const struct tui_app *app, struct aur_buf *b)
{
	if (!tui_app_shows_fleet(app)) {
		add(b, " ");
		add_word(b, tui_app_host(app, app->host)->name);
	}
	for (size_t i = 0; i < app->nword && tui_app_shows_fleet(app); i++) {
		add(b, " ");
		add_word(b, app->words[i]);
	}
}

static void add_interval(const struct tui_app *app, struct aur_buf *b)
{
	char text[64];

	if (app->scene.interval.ns == AUR_SECOND_NS)
		return;
	snprintf(text, sizeof(text), " -i %g",
	    aur_span_in_seconds(app->scene.interval));
	add(b, text);
}

void tui_copy_top(const struct tui_app *app, struct aur_buf *b)
{
	const struct tui_procs *p = &app->procs;

	add(b, "aurora top");
	add_hosts(app, b);
	if (app->view == TUI_VIEW_FLEET) {
		add_interval(app, b);
		return;
	}
	if (p->list.tree)
		add(b, " --tree");
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
	add_interval(app, b);
	if (app->scene.readonly)
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
	aur_buf_init(&where, TUI_COPY_MAX);
	add_where(&where, p);
	add(b, "aurora ps");
	add_hosts(app, b);
	if (where.n > 0 && aur_buf_str(&where) != NULL) {
		add(b, " --where ");
		add_word(b, aur_buf_str(&where));
	}
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

/* Draws `text` over as many rows as it takes; the next row. */
static int wrapped(const struct tui_area *a, int y, const char *text)
{
	struct aur_slice s = aur_slice_str(text);
	size_t w = a->r.w > 4 ? (size_t)a->r.w - 4 : 1;

	while (s.n > 0 && y < a->r.h) {
		size_t n = s.n < w ? s.n : w;

		while (n < s.n && n > 1 && (s.p[n] & 0xc0) == 0x80)
			n--;
		tui_text(a, 2, y++, a->r.w - 4, aur_slice_of(s.p, n),
		    TUI_ROLE_BOX_STRONG);
		s = aur_slice_of(s.p + n, s.n - n);
	}
	return y;
}

void tui_copy_draw(const struct tui_app *app, const struct tui_area *a)
{
	struct tui_area box = tui_area_cut(a, tui_rect_centre(a->r, 76, 12));
	struct aur_buf b;
	int y = 1;

	aur_buf_init(&b, TUI_COPY_MAX);
	tui_blank(&box, TUI_ROLE_BOX);
	tui_str(&box, 2, y++, "This view:", TUI_ROLE_BOX);
	tui_copy_top(app, &b);
	y = wrapped(&box, y, b.n > 0 ? aur_buf_str(&b) : "");
	aur_buf_clear(&b);
	tui_str(&box, 2, ++y, "Printed once:", TUI_ROLE_BOX);
	tui_copy_ps(app, &b);
	wrapped(&box, y + 1, b.n > 0 ? aur_buf_str(&b) : "");
	aur_buf_release(&b);
	tui_str(&box, 2, box.r.h - 1,
	    app->can_copy ? "The first is copied; p copies the other; Esc"
			  : "Not copied: this terminal is not known to take it",
	    TUI_ROLE_BOX);
}
