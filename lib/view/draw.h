/* SPDX-License-Identifier: MIT */
/*
 * Bars as columns, and cells of graphs as code points. Three glyph sets, told
 * by shape as well as height: braille, blocks, ASCII.
 */
#ifndef AUR_VIEW_DRAW_H
#define AUR_VIEW_DRAW_H

#include <stddef.h>
#include <stdint.h>

enum aur_glyphs { AUR_GLYPHS_BRAILLE, AUR_GLYPHS_BLOCK, AUR_GLYPHS_ASCII };

/* A part of a bar: its share of the whole, 0 to 1, and the letter that tells
 * it apart without colour. */
struct aur_bar_part {
	double share;
	char letter;
};

/* Splits `width` columns among the parts, largest remainder first, so that
 * what is not zero gets a column while there are enough; the columns each
 * part takes in `ret_width` (n of them), their sum never above `width`. */
void aur_bar_split(
    const struct aur_bar_part *part, size_t n, size_t width, size_t *ret_width);

/* One cell of a graph `height` rows high (row 0 at the bottom) as a code
 * point: left and right value in 0 to 1 (NaN: a gap). Blocks and ASCII show
 * the larger of the two. */
uint32_t aur_graph_glyph(double left, double right, size_t row, size_t height,
    enum aur_glyphs glyphs);

#endif
