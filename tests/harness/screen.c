/* SPDX-License-Identifier: MIT */
/*
 * The grid: what is where, and what scrolling, erasing and writing do to it.
 * A library that models a terminal was rejected: tests would then depend on
 * its idea of xterm, and this much is small.
 */
#include "tests/harness/screen_int.h"

#include <locale.h>

static const struct screen_cell nowhere;

static void *must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static struct screen_cell blank(const struct screen *s)
{
	struct screen_cell c = {.text = " ", .width = 1};

	c.fg = SCREEN_DEFAULT;
	c.bg = s->pen.style.bg;
	return c;
}

static struct screen_cell *grid(const struct screen *s, int rows, int cols)
{
	size_t n = (size_t)rows * (size_t)cols;
	struct screen_cell *cells = must(calloc(n, sizeof *cells));

	for (size_t i = 0; i < n; i++)
		cells[i] = blank(s);
	return cells;
}

static void plain(struct pen *pen)
{
	memset(pen, 0, sizeof *pen);
	pen->style.fg = pen->style.bg = SCREEN_DEFAULT;
}

void screen__reset(struct screen *s)
{
	memset(&s->modes, 0, sizeof s->modes);
	plain(&s->pen);
	plain(&s->saved[0]);
	plain(&s->saved[1]);
	s->top = 0;
	s->bottom = s->rows - 1;
	free(s->cells);
	free(s->other);
	s->cells = grid(s, s->rows, s->cols);
	s->other = grid(s, s->rows, s->cols);
}

struct screen *screen_new(int rows, int cols)
{
	struct screen *s;

	if (rows < 1 || rows > 1000 || cols < 1 || cols > 1000)
		return NULL;
	setlocale(LC_CTYPE, "C.UTF-8");
	s = must(calloc(1, sizeof *s));
	s->rows = rows;
	s->cols = cols;
	screen__reset(s);
	return s;
}

void screen_free(struct screen *s)
{
	if (s == NULL)
		return;
	free(s->cells);
	free(s->other);
	free(s->line);
	free(s);
}

static struct screen_cell *resized(
    const struct screen *s, struct screen_cell *old, int rows, int cols)
{
	struct screen plain_one = {.pen.style.bg = SCREEN_DEFAULT};
	struct screen_cell *new = grid(&plain_one, rows, cols);

	for (int r = 0; r < rows && r < s->rows; r++)
		for (int c = 0; c < cols && c < s->cols; c++)
			new[r * cols + c] = old[r * s->cols + c];
	free(old);
	return new;
}

void screen_resize(struct screen *s, int rows, int cols)
{
	s->cells = resized(s, s->cells, rows, cols);
	s->other = resized(s, s->other, rows, cols);
	s->rows = rows;
	s->cols = cols;
	s->top = 0;
	s->bottom = rows - 1;
	s->modes.margins = false;
	if (s->pen.row >= rows)
		s->pen.row = rows - 1;
	if (s->pen.col >= cols)
		s->pen.col = cols - 1;
	s->pen.pending = false;
}

struct screen_cell *screen__at(struct screen *s, int row, int col)
{
	return &s->cells[row * s->cols + col];
}

void screen__erase(struct screen *s, int row, int from, int to)
{
	for (int c = from; c < to && c < s->cols; c++)
		*screen__at(s, row, c) = blank(s);
}

void screen__scroll(struct screen *s, int top, int bottom, int n)
{
	int height = bottom - top + 1, size = n < 0 ? -n : n, from, to;
	size_t width = (size_t)s->cols * sizeof *s->cells;

	if (size > height)
		size = height;
	from = n > 0 ? top + size : top;
	to = n > 0 ? top : top + size;
	memmove(screen__at(s, to, 0), screen__at(s, from, 0),
	    width * (size_t)(height - size));
	from = n > 0 ? bottom - size + 1 : top;
	for (int r = from; r < from + size; r++)
		screen__erase(s, r, 0, s->cols);
}

void screen__shift(struct screen *s, int n)
{
	int row = s->pen.row, col = s->pen.col, left = s->cols - col;
	int size = n < 0 ? -n : n;
	struct screen_cell *at = screen__at(s, row, col);

	if (size > left)
		size = left;
	if (n > 0) {
		memmove(at + size, at, (size_t)(left - size) * sizeof *at);
		screen__erase(s, row, col, col + size);
	} else {
		memmove(at, at + size, (size_t)(left - size) * sizeof *at);
		screen__erase(s, row, s->cols - size, s->cols);
	}
}

void screen__move(struct screen *s, int row, int col)
{
	int top = s->modes.origin ? s->top : 0;
	int bottom = s->modes.origin ? s->bottom : s->rows - 1;

	s->pen.row = row < top ? top : row > bottom ? bottom : row;
	s->pen.col = col < 0 ? 0 : col >= s->cols ? s->cols - 1 : col;
	s->pen.pending = false;
}

void screen__newline(struct screen *s)
{
	if (s->pen.row == s->bottom)
		screen__scroll(s, s->top, s->bottom, 1);
	else if (s->pen.row < s->rows - 1)
		s->pen.row++;
	s->pen.pending = false;
}

/* Half of a wide character that is written over leaves a blank behind. */
static void unpair(struct screen *s, int row, int col)
{
	struct screen_cell *c = screen__at(s, row, col);

	if (c->width == 0 && col > 0)
		screen__erase(s, row, col - 1, col);
	if (c->width == 2 && col + 1 < s->cols)
		screen__erase(s, row, col + 1, col + 2);
}

void screen__put(struct screen *s, const char *text, int width)
{
	struct screen_cell *c;

	if (!s->modes.no_wrap &&
	    (s->pen.pending || s->pen.col + width > s->cols)) {
		s->pen.col = 0;
		screen__newline(s);
	}
	if (s->pen.col + width > s->cols)
		s->pen.col = s->cols - width;
	if (s->pen.col < 0)
		return;
	if (s->modes.insert)
		screen__shift(s, width);
	for (int i = 0; i < width; i++) {
		unpair(s, s->pen.row, s->pen.col + i);
		c = screen__at(s, s->pen.row, s->pen.col + i);
		*c = s->pen.style;
		c->width = (uint8_t)(i == 0 ? width : 0);
		snprintf(c->text, sizeof c->text, "%s", i == 0 ? text : "");
	}
	s->pen.col += width;
	if (s->pen.col >= s->cols) {
		s->pen.col = s->cols - 1;
		s->pen.pending = true;
	}
}

void screen__combine(struct screen *s, const char *text)
{
	int col = s->pen.pending ? s->pen.col : s->pen.col - 1;
	struct screen_cell *c;
	size_t n;

	if (col > 0 && screen__at(s, s->pen.row, col)->width == 0)
		col--;
	if (col < 0)
		return;
	c = screen__at(s, s->pen.row, col);
	n = strlen(c->text);
	if (n + strlen(text) < sizeof c->text)
		snprintf(c->text + n, sizeof c->text - n, "%s", text);
}

void screen__alternate(struct screen *s, bool on)
{
	struct screen_cell *cells = s->cells;

	if (s->modes.alternate == on)
		return;
	s->cells = s->other;
	s->other = cells;
	s->modes.alternate = on;
}

int screen_rows(const struct screen *s)
{
	return s->rows;
}

int screen_cols(const struct screen *s)
{
	return s->cols;
}

void screen_cursor(const struct screen *s, int *ret_row, int *ret_col)
{
	*ret_row = s->pen.row;
	*ret_col = s->pen.col;
}

const struct screen_cell *screen_cell(const struct screen *s, int row, int col)
{
	if (row < 0 || row >= s->rows || col < 0 || col >= s->cols)
		return &nowhere;
	return &s->cells[row * s->cols + col];
}

const char *screen_row(struct screen *s, int row)
{
	size_t max = (size_t)s->cols * sizeof s->cells->text + 1, n = 0;

	s->line = must(realloc(s->line, max));
	for (int c = 0; c < s->cols; c++)
		n += (size_t)snprintf(
		    s->line + n, max - n, "%s", screen_cell(s, row, c)->text);
	while (n > 0 && s->line[n - 1] == ' ')
		n--;
	s->line[n] = '\0';
	return s->line;
}

bool screen_at(struct screen *s, int row, int col, const char *text)
{
	const char *have;
	size_t n;

	for (; *text != '\0'; col++, text += n) {
		have = screen_cell(s, row, col)->text;
		n = strlen(have);
		if (col >= s->cols || row >= s->rows || row < 0 || col < 0 ||
		    strncmp(text, have, n) != 0)
			return false;
	}
	return true;
}

bool screen_find(struct screen *s, const char *text, int *ret_row, int *ret_col)
{
	for (int r = 0; r < s->rows; r++)
		for (int c = 0; c < s->cols; c++) {
			if (screen_cell(s, r, c)->width == 0 ||
			    !screen_at(s, r, c, text))
				continue;
			if (ret_row != NULL)
				*ret_row = r;
			if (ret_col != NULL)
				*ret_col = c;
			return true;
		}
	return false;
}

struct screen_modes screen_modes(const struct screen *s)
{
	struct screen_modes m = s->modes;
	const struct screen_cell *style = &s->pen.style;

	m.line_drawing = s->pen.drawing[s->pen.shift];
	m.attributes = style->attr != 0 || style->fg != SCREEN_DEFAULT ||
		       style->bg != SCREEN_DEFAULT;
	return m;
}

const char *screen_unrestored(struct screen *s)
{
	struct screen_modes m = screen_modes(s);
	const struct {
		bool on;
		const char *name;
	} all[] = {
	    {m.alternate, "alternate"},
	    {m.cursor_hidden, "cursor_hidden"},
	    {m.cursor_keys, "cursor_keys"},
	    {m.keypad, "keypad"},
	    {m.insert, "insert"},
	    {m.origin, "origin"},
	    {m.no_wrap, "no_wrap"},
	    {m.reverse_video, "reverse_video"},
	    {m.paste, "paste"},
	    {m.focus, "focus"},
	    {m.mouse, "mouse"},
	    {m.mouse_sgr, "mouse_sgr"},
	    {m.line_drawing, "line_drawing"},
	    {m.margins, "margins"},
	    {m.attributes, "attributes"},
	};
	size_t n = 0;

	s->names[0] = '\0';
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i].on)
			n += (size_t)snprintf(s->names + n, sizeof s->names - n,
			    "%s%s", n ? " " : "", all[i].name);
	return s->names;
}

const char *screen_unknown(const struct screen *s)
{
	return s->unknown[0] != '\0' ? s->unknown : NULL;
}

size_t screen_reply(struct screen *s, char *out, size_t max)
{
	size_t n = s->nreply < max ? s->nreply : max;

	memcpy(out, s->reply, n);
	s->nreply -= n;
	memmove(s->reply, s->reply + n, s->nreply);
	return n;
}

unsigned screen_bells(const struct screen *s)
{
	return s->bells;
}
