/* SPDX-License-Identifier: MIT */
/*
 * The cursor's moves as ECMA-48 has them (CUP, CHA, CUF), which nearly all
 * terminals do, and how terminfo(5) writes them. Moves are weighed by their
 * length, hundreds a frame, and terminfo's strings are interpreted: that took
 * a tenth of the program's time.
 *
 *	if (strcmp(cup, TUI_ANSI_MOVE) == 0)
 *		paint.move = tui_ansi_move;
 */
#ifndef TUI_ANSI_H
#define TUI_ANSI_H

#define TUI_ANSI_MOVE "\033[%i%p1%d;%p2%dH"
#define TUI_ANSI_COLUMN "\033[%i%p1%dG"
#define TUI_ANSI_RIGHT "\033[%p1%dC"
#define TUI_ANSI_RIGHT_1 "\033[C"

/* Strings into `out` of TUI_PAINT_TEXT bytes: to column x of row y, both from
 * 0 on; to column x of this row; n columns to the right, n > 0. */
void tui_ansi_move(int x, int y, char *out);
void tui_ansi_column(int x, char *out);
void tui_ansi_right(int n, char *out);

#endif
