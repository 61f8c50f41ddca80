/* SPDX-License-Identifier: MIT */
/*
 * A surface of cells: what panels draw on, and tests read. It knows nothing
 * of a terminal; term.c carries it there by difference.
 *
 * A cell holds a code point, up to two combining marks, a role and
 * attributes. A wide character takes two cells, the second of width 0;
 * overwriting one half blanks the other. Everything that is drawn is made
 * harmless here: a control or a bidi mark becomes U+FFFD.
 *
 *	struct tui_area a = tui_area_all(&surface);
 *	tui_str(&a, 0, 0, "CPU", TUI_ROLE_LABEL);
 *
 * Coordinates are relative to the area, which clips.
 */
#ifndef TUI_CELL_H
#define TUI_CELL_H

#include "base/buf.h"
#include "tui/rect.h"
#include "tui/theme.h"

#define TUI_MARKS 2

struct tui_cell {
	uint32_t c;
	uint32_t mark[TUI_MARKS]; /* 0: none */
	uint8_t width;		  /* 1, 2, or 0: second half */
	uint8_t role;
	uint8_t attr; /* beside the role's own */
};

struct tui_surface {
	int w, h;
	struct tui_cell *cell;	/* w * h, owned */
	bool ascii;		/* everything else becomes '?' */
	int cursor_x, cursor_y; /* where a text cursor stands; < 0: none */
};

struct tui_area {
	struct tui_surface *s;
	struct tui_rect r;
};

/* Sets the size and blanks all. 0, AUR_ENOMEM. A zeroed one is empty. */
AUR_MUST_CHECK int tui_surface_resize(struct tui_surface *s, int w, int h);
void tui_surface_release(struct tui_surface *s);
void tui_surface_clear(struct tui_surface *s);

/* The cell at x, y of the surface; NULL outside. */
const struct tui_cell *tui_surface_at(
    const struct tui_surface *s, int x, int y);

/* Appends row `y` as UTF-8 without blanks at its end. 0, AUR_ELIMIT,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int tui_surface_row(
    const struct tui_surface *s, int y, struct aur_buf *out);

struct tui_area tui_area_all(struct tui_surface *s);
/* The part `r` (of the surface) of `a`. */
struct tui_area tui_area_cut(const struct tui_area *a, struct tui_rect r);

/* One code point. */
void tui_put(
    const struct tui_area *a, int x, int y, uint32_t c, enum tui_role role);

/* Text in at most `width` columns; what is cut off is marked in the last.
 * The columns it took. */
int tui_text(const struct tui_area *a, int x, int y, int width,
    struct aur_slice text, enum tui_role role);

/* A string as far as the area goes; the columns it took. */
int tui_str(const struct tui_area *a, int x, int y, const char *text,
    enum tui_role role);

/* The same, ending before column `end`. */
void tui_str_right(const struct tui_area *a, int end, int y, const char *text,
    enum tui_role role);

/* printf at x, y; the columns it took. */
int tui_printf(const struct tui_area *a, int x, int y, enum tui_role role,
    const char *fmt, ...) AUR_PRINTF(5, 6);

/* `n` times the code point. */
void tui_repeat(const struct tui_area *a, int x, int y, int n, uint32_t c,
    enum tui_role role);

/* Blanks the area in a role. */
void tui_blank(const struct tui_area *a, enum tui_role role);

/* Gives `n` cells a role, or more attributes, and keeps their text. */
void tui_paint(
    const struct tui_area *a, int x, int y, int n, enum tui_role role);
void tui_mark(const struct tui_area *a, int x, int y, int n, unsigned attr);
void tui_mark_all(const struct tui_area *a, unsigned attr);

#endif
