/* SPDX-License-Identifier: MIT */
#include "tui/cell.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>

#define REPLACEMENT 0xfffdu
#define ELLIPSIS 0x2026u

static const struct tui_cell blank = {.c = ' ', .width = 1};

int tui_surface_resize(struct tui_surface *s, int w, int h)
{
	struct tui_cell *cell;

	if (w < 1)
		w = 1;
	if (h < 1)
		h = 1;
	cell = aur_mem_new((size_t)w * (size_t)h, sizeof(*cell));
	if (cell == NULL)
		return AUR_ENOMEM;
	aur_mem_free(s->cell);
	s->cell = cell;
	s->w = w;
	s->h = h;
	tui_surface_clear(s);
	return 0;
}

void tui_surface_release(struct tui_surface *s)
{
	aur_mem_free(s->cell);
	s->cell = NULL;
	s->w = s->h = 0;
}

void tui_surface_clear(struct tui_surface *s)
{
	for (int i = 0; i < s->w * s->h; i++)
		s->cell[i] = blank;
	s->cursor_x = s->cursor_y = -1;
}

static struct tui_cell *at(const struct tui_surface *s, int x, int y)
{
	if (x < 0 || y < 0 || x >= s->w || y >= s->h)
		return NULL;
	return &s->cell[(size_t)y * (size_t)s->w + (size_t)x];
}

const struct tui_cell *tui_surface_at(const struct tui_surface *s, int x, int y)
{
	return at(s, x, y);
}

static int add_point(struct aur_buf *out, uint32_t c)
{
	uint8_t bytes[4];

	return aur_buf_add(out, bytes, aur_text_put(c, bytes));
}

int tui_surface_row(const struct tui_surface *s, int y, struct aur_buf *out)
{
	int end = s->w, rc = 0;

	while (end > 0 && at(s, end - 1, y)->c == ' ')
		end--;
	for (int x = 0; x < end && rc == 0; x++) {
		const struct tui_cell *cell = at(s, x, y);

		if (cell->width == 0)
			continue;
		rc = add_point(out, cell->c);
		for (int i = 0; i < TUI_MARKS && rc == 0; i++)
			if (cell->mark[i] != 0)
				rc = add_point(out, cell->mark[i]);
	}
	return rc;
}

struct tui_area tui_area_all(struct tui_surface *s)
{
	return (struct tui_area){s, {0, 0, s->w, s->h}};
}

struct tui_area tui_area_cut(const struct tui_area *a, struct tui_rect r)
{
	return (struct tui_area){a->s, tui_rect_meet(a->r, r)};
}

/* Blanks the other half of a wide character that is about to lose one. */
static void split_wide(struct tui_surface *s, int x, int y)
{
	struct tui_cell *cell = at(s, x, y), *other;

	if (cell == NULL)
		return;
	other = cell->width == 0   ? at(s, x - 1, y)
		: cell->width == 2 ? at(s, x + 1, y)
				   : NULL;
	if (other != NULL) {
		other->c = ' ';
		other->width = 1;
		other->mark[0] = other->mark[1] = 0;
	}
}

static void set(struct tui_surface *s, int x, int y, uint32_t c, int width,
    enum tui_role role)
{
	struct tui_cell *cell = at(s, x, y);

	if (cell == NULL)
		return;
	split_wide(s, x, y);
	*cell = (struct tui_cell){
	    .c = c, .width = (uint8_t)width, .role = (uint8_t)role};
}

/* What may be shown of `c`. */
static uint32_t harmless(const struct tui_surface *s, uint32_t c)
{
	if (c == '\t' || c == '\n')
		return ' ';
	if (!aur_text_is_safe(c))
		return s->ascii ? '?' : REPLACEMENT;
	if (s->ascii && c > 126)
		return c == ELLIPSIS ? '+' : '?';
	return c;
}

/* Adds a combining mark to what stands left of x, y. */
static void combine(struct tui_surface *s, int x, int y, uint32_t c)
{
	struct tui_cell *cell = at(s, x - 1, y);

	if (cell != NULL && cell->width == 0)
		cell = at(s, x - 2, y);
	if (cell == NULL || s->ascii)
		return;
	for (int i = 0; i < TUI_MARKS; i++)
		if (cell->mark[i] == 0) {
			cell->mark[i] = c;
			return;
		}
}

void tui_put(
    const struct tui_area *a, int x, int y, uint32_t c, enum tui_role role)
{
	int width;

	c = harmless(a->s, c);
	width = aur_text_char_width(c);
	if (width < 1 || x < 0 || x + width > a->r.w || y < 0 || y >= a->r.h)
		return;
	set(a->s, a->r.x + x, a->r.y + y, c, width, role);
	if (width == 2)
		set(a->s, a->r.x + x + 1, a->r.y + y, 0, 0, role);
	if (width == 2) /* the second set blanked the first half */
		*at(a->s, a->r.x + x, a->r.y + y) = (struct tui_cell){
		    .c = c, .width = 2, .role = (uint8_t)role};
}

/* Columns `text` will take on this surface, up to `most` + 1. */
static int measure(const struct tui_surface *s, struct aur_slice text, int most)
{
	int n = 0;

	while (text.n > 0 && n <= most)
		n += aur_text_char_width(harmless(s, aur_text_take(&text)));
	return n;
}

int tui_text(const struct tui_area *a, int x, int y, int width,
    struct aur_slice text, enum tui_role role)
{
	int used = 0, limit = width;
	bool cut;

	if (width > a->r.w - x)
		limit = width = a->r.w - x;
	if (width <= 0 || y < 0 || y >= a->r.h)
		return 0;
	cut = measure(a->s, text, width) > width;
	if (cut)
		limit--;
	while (text.n > 0) {
		uint32_t c = harmless(a->s, aur_text_take(&text));
		int w = aur_text_char_width(c);

		if (w == 0) {
			if (used > 0 && used <= limit)
				combine(a->s, a->r.x + x + used, a->r.y + y, c);
			continue;
		}
		if (used + w > limit)
			break;
		tui_put(a, x + used, y, c, role);
		used += w;
	}
	if (cut)
		tui_put(a, x + used++, y, a->s->ascii ? '+' : ELLIPSIS, role);
	return used;
}

int tui_str(const struct tui_area *a, int x, int y, const char *text,
    enum tui_role role)
{
	return tui_text(a, x, y, a->r.w - x, aur_slice_str(text), role);
}

void tui_str_right(const struct tui_area *a, int end, int y, const char *text,
    enum tui_role role)
{
	struct aur_slice s = aur_slice_str(text);
	int n = measure(a->s, s, a->r.w);

	tui_text(a, end > n ? end - n : 0, y, n, s, role);
}

int tui_printf(const struct tui_area *a, int x, int y, enum tui_role role,
    const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return tui_str(a, x, y, line, role);
}

void tui_repeat(const struct tui_area *a, int x, int y, int n, uint32_t c,
    enum tui_role role)
{
	for (int i = 0; i < n; i++)
		tui_put(a, x + i, y, c, role);
}

void tui_blank(const struct tui_area *a, enum tui_role role)
{
	for (int y = 0; y < a->r.h; y++)
		tui_repeat(a, 0, y, a->r.w, ' ', role);
}

static struct tui_cell *in_area(const struct tui_area *a, int x, int y)
{
	if (x < 0 || y < 0 || x >= a->r.w || y >= a->r.h)
		return NULL;
	return at(a->s, a->r.x + x, a->r.y + y);
}

void tui_paint(
    const struct tui_area *a, int x, int y, int n, enum tui_role role)
{
	for (int i = x; i < x + n; i++) {
		struct tui_cell *cell = in_area(a, i, y);

		if (cell != NULL) {
			cell->role = (uint8_t)role;
			cell->attr = 0;
		}
	}
}

void tui_mark(const struct tui_area *a, int x, int y, int n, unsigned attr)
{
	for (int i = x; i < x + n; i++) {
		struct tui_cell *cell = in_area(a, i, y);

		if (cell != NULL)
			cell->attr |= (uint8_t)attr;
	}
}

void tui_mark_all(const struct tui_area *a, unsigned attr)
{
	for (int y = 0; y < a->r.h; y++)
		tui_mark(a, 0, y, a->r.w, attr);
}
