/* SPDX-License-Identifier: MIT */
/*
 * The pen with which a frame is written: it knows where the terminal's cursor
 * stands and which look is set, and goes and changes looks with the fewest
 * bytes that the terminal understands.
 *
 *	struct tui_pen pen = tui_pen_begin(&paint, &bytes);
 *	tui_pen_go(&pen, x, y);
 *	tui_pen_cell(&pen, cell, width);
 *	rc = pen.rc;
 *
 * It begins and ends with nothing set, and not knowing where it is.
 */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include "tui/paint.h"

struct tui_pen {
	const struct tui_paint *p;
	struct aur_buf *out;
	int x, y;	     /* of the cursor; x < 0: unknown */
	struct tui_look set; /* what is set now */
	int rc;		     /* the first error; then nothing is written */
};

struct tui_pen tui_pen_begin(const struct tui_paint *p, struct aur_buf *out);

/* Writes a sequence as it is. */
void tui_pen_put(struct tui_pen *pen, const char *s);

/* Goes to x, y. */
void tui_pen_go(struct tui_pen *pen, int x, int y);
/* About how many bytes that would take. */
int tui_pen_way(const struct tui_pen *pen, int x, int y);

/* Writes a cell where the cursor stands, of a row `w` wide. */
void tui_pen_cell(struct tui_pen *pen, const struct tui_cell *c, int w);
/* Sets the look of a cell, if what is set would show. */
void tui_pen_look(struct tui_pen *pen, const struct tui_cell *c);
/* How many bytes that would take. */
int tui_pen_change(const struct tui_pen *pen, const struct tui_cell *c);

/* How a cell looks; and whether it looks the same with `look` set: of a blank
 * only the ground is seen. */
struct tui_look tui_pen_look_of(
    const struct tui_paint *p, const struct tui_cell *c);
bool tui_pen_fits(
    const struct tui_paint *p, struct tui_look look, const struct tui_cell *c);

/* Sets nothing. */
void tui_pen_plain(struct tui_pen *pen);

#endif
