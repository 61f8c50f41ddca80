/* SPDX-License-Identifier: MIT */
/*
 * Many cores in little room: one cell a core, or one cell a few cores and
 * their busiest, told by shape (a shade, or a digit in ASCII) and by colour;
 * and the busiest named in words.
 */
#ifndef TUI_HEAT_H
#define TUI_HEAT_H

#include "tui/meter.h"

/* Draws the cores of `s` in at most `h` rows from row `y`, from column `x`;
 * the rows it took. */
int tui_heat(
    const struct tui_scene *s, const struct tui_area *a, int x, int y, int h);

/* The character for a core that is `busy` percent busy; NaN: a blank. */
uint32_t tui_heat_glyph(const struct tui_scene *s, double busy);

#endif
