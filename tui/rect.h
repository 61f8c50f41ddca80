/* SPDX-License-Identifier: MIT */
/*
 * Rectangles of cells, and cutting them up: a layout is a few cuts.
 *
 *	struct tui_rect top = tui_rect_top(&r, 1);   r is what is left
 */
#ifndef TUI_RECT_H
#define TUI_RECT_H

#include <stdbool.h>

struct tui_rect {
	int x, y, w, h; /* w and h never below 0 */
};

/* Cuts off at most `n` rows or columns, and returns them. */
struct tui_rect tui_rect_top(struct tui_rect *r, int n);
struct tui_rect tui_rect_bottom(struct tui_rect *r, int n);
struct tui_rect tui_rect_left(struct tui_rect *r, int n);
struct tui_rect tui_rect_right(struct tui_rect *r, int n);

/* What two rectangles share; empty when nothing. */
struct tui_rect tui_rect_meet(struct tui_rect a, struct tui_rect b);

/* A rectangle of at most `w` times `h` in the middle of `r`. */
struct tui_rect tui_rect_centre(struct tui_rect r, int w, int h);

bool tui_rect_has(struct tui_rect r, int x, int y);

#endif
