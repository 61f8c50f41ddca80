/* SPDX-License-Identifier: MIT */
/*
 * Shared by screen.c (the grid) and vt.c (the language that moves it).
 */
#ifndef TESTS_HARNESS_SCREEN_INT_H
#define TESTS_HARNESS_SCREEN_INT_H

#include "tests/harness/screen.h"

enum { VT_PARAMS = 32, VT_TEXT = 64 };

/* What sequences carry from byte to byte. */
struct vt {
	enum {
		VT_GROUND,
		VT_ESCAPE,
		VT_CHARSET,
		VT_CSI,
		VT_STRING,
		VT_STRING_ESCAPE,
	} state;
	char seen[VT_TEXT]; /* the sequence so far, for `unknown` */
	size_t nseen;
	int params[VT_PARAMS]; /* -1: left out */
	int nparams;
	char prefix; /* ? > ! or 0 */
	char middle; /* an intermediate byte, or 0 */
	char slot;   /* which charset is being chosen: ( or ) */
	uint32_t rune;
	int rune_left; /* UTF-8 bytes still to come */
};

/* What ESC 7 keeps. */
struct pen {
	int row, col;
	struct screen_cell style; /* its text is not used */
	bool drawing[2];	  /* G0, G1 */
	int shift;		  /* 0: G0, 1: G1 */
	bool pending;		  /* in the last column, wrap before the next */
	bool origin;
};

struct screen {
	int rows, cols;
	struct screen_cell *cells, *other; /* shown, and the one not shown */
	struct pen pen, saved[2];	   /* saved: main, alternate */
	int top, bottom;		   /* the scroll region, inclusive */
	struct screen_modes modes;
	char last[24]; /* for REP */
	int last_width;
	struct vt vt;
	char unknown[VT_TEXT * 2];
	char reply[256];
	size_t nreply;
	unsigned bells;
	char *line; /* of screen_row */
	char names[256];
};

struct screen_cell *screen__at(struct screen *s, int row, int col);
/* Blank cells in the current background, [from, to) of a row. */
void screen__erase(struct screen *s, int row, int from, int to);
/* Moves rows [top, bottom] up by n (down when negative). */
void screen__scroll(struct screen *s, int top, int bottom, int n);
/* Moves the cells of the cursor's row from its column right by n (left when
 * negative). */
void screen__shift(struct screen *s, int n);
void screen__move(struct screen *s, int row, int col);
void screen__newline(struct screen *s);
void screen__put(struct screen *s, const char *text, int width);
void screen__combine(struct screen *s, const char *text);
void screen__alternate(struct screen *s, bool on);
void screen__reset(struct screen *s);
/* The character set of line drawing; NULL where it has no sign. */
const char *screen__drawing(uint32_t rune);

#endif
