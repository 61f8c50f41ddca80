/* SPDX-License-Identifier: MIT */
#include "tui/pen.h"

#include "base/text.h"

#include <wchar.h>

#define ATTRS 4
#define STEPS (ATTRS + 3) /* sequences that a change of look may take */
#define BACK_MAX 3	  /* steps back that are still cheaper than a column */

static const struct tui_look nothing = {-1, -1, 0};

struct tui_pen tui_pen_begin(const struct tui_paint *p, struct aur_buf *out)
{
	return (struct tui_pen){.p = p, .out = out, .x = -1, .set = nothing};
}

void tui_pen_put(struct tui_pen *pen, const char *s)
{
	if (pen->rc == 0 && s[0] != '\0')
		pen->rc = aur_buf_add_str(pen->out, s);
}

struct tui_look tui_pen_look_of(
    const struct tui_paint *p, const struct tui_cell *c)
{
	struct tui_look look = p->look[c->role];

	look.attr |= c->attr;
	return look;
}

bool tui_pen_fits(
    const struct tui_paint *p, struct tui_look look, const struct tui_cell *c)
{
	struct tui_look is = tui_pen_look_of(p, c);
	unsigned seen = TUI_REVERSE | TUI_UNDERLINE;

	if (c->c == ' ' && c->mark[0] == 0 &&
	    ((is.attr | look.attr) & seen) == 0)
		return is.bg == look.bg;
	return is.fg == look.fg && is.bg == look.bg && is.attr == look.attr;
}

/* The steps from `from` to the look of a cell. `fresh`: from nothing set, by
 * way of it. How many; -1: there is no such way. */
static int steps_to(const struct tui_paint *p, struct tui_look from,
    const struct tui_cell *c, bool fresh, const char *step[STEPS])
{
	struct tui_look to = tui_pen_look_of(p, c);
	bool back = false;
	int n = 0;

	if (fresh) {
		step[n++] = p->plain;
		from = nothing;
	}
	if ((from.attr & ~to.attr) != 0)
		return -1;
	for (int i = 0; i < ATTRS; i++)
		if (to.attr & ~from.attr & 1u << i)
			step[n++] = p->attr[i];
	if ((to.fg < 0 && from.fg >= 0) || (to.bg < 0 && from.bg >= 0)) {
		step[n++] = p->no_color;
		back = true;
	}
	if (to.fg >= 0 && (back || to.fg != from.fg))
		step[n++] = p->fg[c->role];
	if (to.bg >= 0 && (back || to.bg != from.bg))
		step[n++] = p->bg[c->role];
	return n;
}

static int length(const char *const step[STEPS], int n)
{
	int bytes = 0;

	for (int i = 0; i < n; i++)
		bytes += (int)strlen(step[i]);
	return bytes;
}

/* The shorter of the two ways. */
static int cheapest(const struct tui_pen *pen, const struct tui_cell *c,
    const char *step[STEPS])
{
	const char *fresh[STEPS];
	int n = steps_to(pen->p, pen->set, c, false, step);
	int m = steps_to(pen->p, pen->set, c, true, fresh);

	if (n >= 0 && length(step, n) <= length(fresh, m))
		return n;
	memcpy(step, fresh, sizeof(fresh));
	return m;
}

int tui_pen_change(const struct tui_pen *pen, const struct tui_cell *c)
{
	const char *step[STEPS] = {NULL};

	if (tui_pen_fits(pen->p, pen->set, c))
		return 0;
	return length(step, cheapest(pen, c, step));
}

void tui_pen_look(struct tui_pen *pen, const struct tui_cell *c)
{
	const char *step[STEPS] = {NULL};
	int n;

	if (tui_pen_fits(pen->p, pen->set, c))
		return;
	n = cheapest(pen, c, step);
	for (int i = 0; i < n; i++)
		tui_pen_put(pen, step[i]);
	pen->set = tui_pen_look_of(pen->p, c);
}

void tui_pen_plain(struct tui_pen *pen)
{
	if (pen->set.fg >= 0 || pen->set.bg >= 0 || pen->set.attr != 0)
		tui_pen_put(pen, pen->p->plain);
	pen->set = nothing;
}

static int digits(int n)
{
	return n < 10 ? 1 : n < 100 ? 2 : 3;
}

/* As a terminal counts that speaks ECMA-48: an estimate is enough to choose
 * by. */
int tui_pen_way(const struct tui_pen *pen, int x, int y)
{
	if (pen->x < 0 || pen->y != y)
		return 4 + digits(x + 1) + digits(y + 1);
	if (pen->x == x)
		return 0;
	return x > pen->x ? 2 + digits(x - pen->x) : 3 + digits(x + 1);
}

/* Takes `text` for `best` where that is shorter. */
static void shorter(char best[TUI_PAINT_TEXT], const char *text)
{
	size_t n = strlen(text);

	if (n > 0 && n < strlen(best))
		memcpy(best, text, n + 1);
}

/* Within the row. */
static void along(const struct tui_pen *pen, int x, char best[TUI_PAINT_TEXT])
{
	const struct tui_paint *p = pen->p;
	char text[TUI_PAINT_TEXT];

	if (p->column != NULL) {
		p->column(x, text);
		shorter(best, text);
	}
	if (x > pen->x && p->right != NULL) {
		p->right(x - pen->x, text);
		shorter(best, text);
	}
	if (x < pen->x && pen->x - x <= BACK_MAX) {
		memset(text, '\b', BACK_MAX);
		text[pen->x - x] = '\0';
		shorter(best, text);
	}
}

/* To the next row: by its beginning, or straight down. */
static void below(const struct tui_pen *pen, int x, char best[TUI_PAINT_TEXT])
{
	const struct tui_paint *p = pen->p;
	char text[TUI_PAINT_TEXT + 2] = "\r\n";

	if (x == 0)
		shorter(best, text);
	else if (p->right != NULL) {
		p->right(x, text + 2);
		shorter(best, text);
	}
	if (p->down[0] != '\0' && x <= pen->x && pen->x - x <= BACK_MAX) {
		size_t n = strlen(p->down), back = (size_t)(pen->x - x);

		if (n + back >= sizeof(text))
			return;
		memcpy(text, p->down, n);
		memset(text + n, '\b', back);
		text[n + back] = '\0';
		shorter(best, text);
	}
}

void tui_pen_go(struct tui_pen *pen, int x, int y)
{
	char best[TUI_PAINT_TEXT];

	if (pen->x == x && pen->y == y)
		return;
	pen->p->move(x, y, best);
	if (pen->x >= 0 && pen->y == y)
		along(pen, x, best);
	else if (pen->x >= 0 && pen->y + 1 == y)
		below(pen, x, best);
	tui_pen_put(pen, best);
	pen->x = x;
	pen->y = y;
}

static void put_char(struct tui_pen *pen, uint32_t c)
{
	uint8_t bytes[4];
	size_t n = aur_text_put(c, bytes);

	if (pen->rc == 0)
		pen->rc = aur_buf_add(pen->out, bytes, n);
}

/* A character whose width the C library sees otherwise would shift the row,
 * so it is replaced. */
void tui_pen_cell(struct tui_pen *pen, const struct tui_cell *c, int w)
{
	tui_pen_look(pen, c);
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
