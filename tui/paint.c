/* SPDX-License-Identifier: MIT */
#include "tui/paint.h"

#include "base/err.h"
#include "base/text.h"

#include <wchar.h>

/* Unchanged cells that cost less than going over them. */
#define GAP 4
/* Blanks at the end of a row that are erased rather than written. */
#define ERASE 5

struct pen {
	const struct tui_paint *p;
	struct aur_buf *out;
	int x, y; /* of the cursor; x < 0: unknown */
	int role; /* < 0: unknown */
	unsigned attr;
	int rc; /* the first error; then nothing more is written */
};

static void put(struct pen *pen, const char *s)
{
	if (pen->rc == 0 && s[0] != '\0')
		pen->rc = aur_buf_add_str(pen->out, s);
}

static unsigned attr_of(const struct tui_paint *p, const struct tui_cell *c)
{
	return (unsigned)(p->look[c->role].attr | c->attr);
}

/* From nothing set. */
static void set_all(struct pen *pen, int role, unsigned attr)
{
	put(pen, pen->p->plain);
	for (int i = 0; i < 4; i++)
		if (attr & 1u << i)
			put(pen, pen->p->attr[i]);
	put(pen, pen->p->fg[role]);
	put(pen, pen->p->bg[role]);
}

static void set_colors(struct pen *pen, int role)
{
	const struct tui_paint *p = pen->p;
	struct tui_look was = p->look[pen->role], is = p->look[role];

	if ((is.fg < 0 && was.fg >= 0) || (is.bg < 0 && was.bg >= 0)) {
		put(pen, p->no_color);
		put(pen, p->fg[role]);
		put(pen, p->bg[role]);
		return;
	}
	if (is.fg != was.fg)
		put(pen, p->fg[role]);
	if (is.bg != was.bg)
		put(pen, p->bg[role]);
}

/* Whether a blank looks the same without any change: of a blank, only the
 * ground is seen. */
static bool fits_blank(const struct pen *pen, const struct tui_cell *c)
{
	unsigned seen = TUI_REVERSE | TUI_UNDERLINE;

	return pen->role >= 0 && c->c == ' ' && c->mark[0] == 0 &&
	       ((attr_of(pen->p, c) | pen->attr) & seen) == 0 &&
	       pen->p->look[pen->role].bg == pen->p->look[c->role].bg;
}

static void set_look(struct pen *pen, const struct tui_cell *c)
{
	unsigned attr = attr_of(pen->p, c);

	if (fits_blank(pen, c))
		return;
	if (pen->role < 0 || (pen->attr & ~attr) != 0)
		set_all(pen, c->role, attr);
	else {
		for (int i = 0; i < 4; i++)
			if (attr & ~pen->attr & 1u << i)
				put(pen, pen->p->attr[i]);
		set_colors(pen, c->role);
	}
	pen->role = c->role;
	pen->attr = attr;
}

/* Takes `text` for `best` where that is shorter. */
static void shorter(char best[TUI_PAINT_TEXT], const char *text)
{
	size_t n = strlen(text);

	if (n > 0 && n < strlen(best))
		memcpy(best, text, n + 1);
}

static void go(struct pen *pen, int x, int y)
{
	char best[TUI_PAINT_TEXT], text[TUI_PAINT_TEXT];

	if (pen->x == x && pen->y == y)
		return;
	pen->p->move(x, y, best);
	if (pen->x >= 0 && pen->y == y && pen->p->column != NULL) {
		pen->p->column(x, text);
		shorter(best, text);
	}
	if (pen->x >= 0 && pen->y == y && x > pen->x && pen->p->right != NULL) {
		pen->p->right(x - pen->x, text);
		shorter(best, text);
	}
	put(pen, best);
	pen->x = x;
	pen->y = y;
}

static void put_char(struct pen *pen, uint32_t c)
{
	uint8_t bytes[4];
	size_t n = aur_text_put(c, bytes);

	if (pen->rc == 0)
		pen->rc = aur_buf_add(pen->out, bytes, n);
}

/* A character whose width the C library sees otherwise would shift the row,
 * so it is replaced. */
static void put_cell(struct pen *pen, const struct tui_cell *c, int w)
{
	set_look(pen, c);
	if (wcwidth((wchar_t)c->c) == c->width) {
		put_char(pen, c->c);
		for (int i = 0; i < TUI_MARKS; i++)
			if (c->mark[i] != 0 &&
			    wcwidth((wchar_t)c->mark[i]) == 0)
				put_char(pen, c->mark[i]);
	} else {
		put_char(pen, pen->p->ascii ? '?' : 0xfffd);
		if (c->width == 2)
			put_char(pen, ' ');
	}
	pen->x += c->width;
	if (pen->x >= w) /* where it now stands, terminals disagree */
		pen->x = -1;
}

static bool same(const struct tui_cell *a, const struct tui_cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Whether erasing leaves what this cell shows. */
static bool is_blank(const struct tui_paint *p, const struct tui_cell *c)
{
	return c->c == ' ' && c->mark[0] == 0 && p->look[c->role].bg < 0 &&
	       (attr_of(p, c) & (TUI_REVERSE | TUI_UNDERLINE)) == 0;
}

/* Where the blanks begin that the row ends with. */
static int tail(const struct tui_paint *p, const struct tui_cell *row, int w)
{
	if (p->erase[0] == '\0')
		return w;
	while (w > 0 && is_blank(p, &row[w - 1]))
		w--;
	return w;
}

/* Whether what stands between is rather written again than gone over. */
static bool bridges(
    const struct pen *pen, const struct tui_cell *now, int last, int x)
{
	if (last < 0 || x - last > GAP)
		return false;
	for (int k = last; k < x; k++)
		if (!fits_blank(pen, &now[k]) &&
		    (now[k].role != pen->role ||
			attr_of(pen->p, &now[k]) != pen->attr))
			return false;
	return true;
}

static void paint_row(struct pen *pen, const struct tui_cell *old,
    const struct tui_cell *now, int y, int w, bool corner)
{
	int end = tail(pen->p, now, w), last = -1;
	bool erase = false;

	for (int x = end; x < w && w - end >= ERASE; x++)
		if (old == NULL || !same(&old[x], &now[x]))
			erase = true;
	if (!erase)
		end = w;
	for (int x = 0; x<end; x += now[x].width> 0 ? now[x].width : 1) {
		if (now[x].width == 0)
			continue; /* half of one that began before */
		if (old != NULL && same(&old[x], &now[x]) &&
		    (now[x].width < 2 || same(&old[x + 1], &now[x + 1])))
			continue;
		if (x + now[x].width >= w && corner)
			break;
		if (bridges(pen, now, last, x))
			for (int k = last; k < x; k++)
				if (now[k].width > 0)
					put_cell(pen, &now[k], w);
		go(pen, x, y);
		put_cell(pen, &now[x], w);
		last = pen->x;
	}
	if (!erase)
		return;
	go(pen, end, y);
	set_look(pen, &now[end]);
	put(pen, pen->p->erase);
}

int tui_paint_frame(const struct tui_paint *p, const struct tui_surface *old,
    const struct tui_surface *now, struct aur_buf *out)
{
	struct pen pen = {.p = p, .out = out, .x = -1, .role = -1};
	bool all = old->cell == NULL || old->w != now->w || old->h != now->h;
	size_t row = (size_t)now->w, before;

	if (all) {
		put(&pen, p->plain);
		put(&pen, p->clear);
	}
	before = out->n;
	for (int y = 0; y < now->h; y++) {
		const struct tui_cell *is = now->cell + (size_t)y * row;
		const struct tui_cell *was =
		    all ? NULL : old->cell + (size_t)y * row;

		if (was != NULL && memcmp(was, is, row * sizeof(*is)) == 0)
			continue;
		paint_row(
		    &pen, was, is, y, now->w, p->no_corner && y == now->h - 1);
	}
	if (out->n != before)
		put(&pen, p->plain);
	return pen.rc;
}
