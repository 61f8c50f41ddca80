/* SPDX-License-Identifier: MIT */
/*
 * A terminal's screen as a test sees it: bytes go in, cells can be read. It
 * understands what ncurses emits for TERM=xterm-256color, and remembers the
 * first sequence that it did not understand, so that a test never passes on
 * a guess.
 *
 *	struct screen *s = screen_new(24, 80);
 *	screen_feed(s, bytes, n);
 *	screen_cell(s, 0, 0)->text		"A"
 *	screen_free(s);
 *
 * Rows and columns count from 0. All but screen_new abort rather than fail:
 * this is for tests alone.
 */
#ifndef TESTS_HARNESS_SCREEN_H
#define TESTS_HARNESS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCREEN_BOLD = 1,
	SCREEN_DIM = 2,
	SCREEN_ITALIC = 4,
	SCREEN_UNDERLINE = 8,
	SCREEN_BLINK = 16,
	SCREEN_REVERSE = 32,
	SCREEN_HIDDEN = 64,
	SCREEN_STRIKE = 128,
};

enum { SCREEN_DEFAULT = -1, SCREEN_RGB = 1 << 24 };

/* One cell. A wide character has width 2 and is followed by a cell of width 0
 * and no text. A blank is " ". Combining marks are in `text` too. */
struct screen_cell {
	char text[24];
	uint8_t width;
	uint8_t attr;
	int fg, bg; /* SCREEN_DEFAULT, 0 to 255, or SCREEN_RGB | 0xrrggbb */
};

/* What a program has switched on and should have switched off at its end. */
struct screen_modes {
	bool alternate;
	bool cursor_hidden;
	bool cursor_keys;   /* ?1 */
	bool keypad;	    /* ESC = */
	bool insert;	    /* 4 */
	bool origin;	    /* ?6 */
	bool no_wrap;	    /* ?7 is off */
	bool reverse_video; /* ?5 */
	bool paste;	    /* ?2004 */
	bool focus;	    /* ?1004 */
	bool mouse;	    /* ?9, ?1000 to ?1003 */
	bool mouse_sgr;	    /* ?1006 and its elder forms */
	bool line_drawing;  /* G0 or shifted out to G1 */
	bool margins;	    /* a scroll region */
	bool attributes;    /* colour or attribute left on */
};

struct screen;

/* A blank screen; NULL when the sizes make no sense (1 to 1000). Sets the
 * process's LC_CTYPE to C.UTF-8, for the widths of characters. */
struct screen *screen_new(int rows, int cols);
void screen_free(struct screen *s);

/* What the program wrote. */
void screen_feed(struct screen *s, const void *bytes, size_t n);

/* Cuts or widens at the right and the bottom, as xterm does. */
void screen_resize(struct screen *s, int rows, int cols);

int screen_rows(const struct screen *s);
int screen_cols(const struct screen *s);
void screen_cursor(const struct screen *s, int *ret_row, int *ret_col);

/* Never NULL: outside the screen it is a cell whose text is "". Good until
 * the next feed or resize. */
const struct screen_cell *screen_cell(const struct screen *s, int row, int col);

/* A row as UTF-8 without trailing blanks; good until the next call. */
const char *screen_row(struct screen *s, int row);

/* Whether exactly `text` begins at this cell. */
bool screen_at(struct screen *s, int row, int col, const char *text);

/* Where `text` first stands, within one row; false when nowhere. The column
 * is of cells. Outputs may be NULL. */
bool screen_find(
    struct screen *s, const char *text, int *ret_row, int *ret_col);

struct screen_modes screen_modes(const struct screen *s);

/* Names of what is still switched on, separated by blanks; "" when the
 * terminal is as it was. Good until the next call. */
const char *screen_unrestored(struct screen *s);

/* The first sequence that was not understood, with ESC as ^[; NULL if none. */
const char *screen_unknown(const struct screen *s);

/* Answers to the program's questions (cursor position, terminal kind), at
 * most `max` bytes; they are gone then. Returns how many. */
size_t screen_reply(struct screen *s, char *out, size_t max);

/* How often the bell rang. */
unsigned screen_bells(const struct screen *s);

#endif
