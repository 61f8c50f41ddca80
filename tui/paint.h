/* SPDX-License-Identifier: MIT */
/*
 * A frame as bytes: what a terminal must be sent so that it shows `now` where
 * it showed `old`. One buffer, so that a frame is one write; curses would
 * make hundreds, one at each movement of its cursor. Pure: what the terminal
 * is told with stands in a table, so that tests need none.
 *
 *	paint.look[role] = look; ... paint.fg[role] = "\033[31m"; ...
 *	rc = tui_paint_frame(&paint, &old, &now, &bytes);
 *
 * Each frame begins and ends with no look set.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "tui/cell.h"

#define TUI_PAINT_TEXT 32

struct tui_paint {
	/* sequences without padding; "": it has none */
	char start[TUI_PAINT_TEXT];    /* whatever was set before is not */
	char plain[TUI_PAINT_TEXT];    /* no attributes, no colours */
	char no_color[TUI_PAINT_TEXT]; /* the terminal's own colours */
	char attr[4][TUI_PAINT_TEXT];  /* bold, reverse, underline, dim */
	char erase[TUI_PAINT_TEXT];    /* to the end of the row */
	char clear[TUI_PAINT_TEXT];    /* all */
	char insert[TUI_PAINT_TEXT];   /* a cell, moving the rest away */
	char delete[TUI_PAINT_TEXT];   /* a cell, moving the rest near */
	char down[TUI_PAINT_TEXT];     /* a row, in the same column */
	struct tui_look look[TUI_ROLE_COUNT];
	char fg[TUI_ROLE_COUNT][TUI_PAINT_TEXT];
	char bg[TUI_ROLE_COUNT][TUI_PAINT_TEXT];
	bool no_corner; /* the last cell would scroll */
	bool ascii;
	/* "Go to x, y" into `out` of TUI_PAINT_TEXT bytes. */
	void (*move)(int x, int y, char *out);
	/* "to column x" of this row, "n columns to the right"; NULL: it has
	 * none. `out` as above. */
	void (*column)(int x, char *out);
	void (*right)(int n, char *out);
};

/* Appends the frame. `old` without cells or of another size: all is cleared
 * and written. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int tui_paint_frame(const struct tui_paint *p,
    const struct tui_surface *old, const struct tui_surface *now,
    struct aur_buf *out);

#endif
