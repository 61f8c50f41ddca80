/* SPDX-License-Identifier: MIT */
/*
 * Graphs out of characters. A value becomes a number of dots (braille: four a
 * row, two values a cell) or of eighths (blocks), counted over all rows at
 * once, so that a column never has a hole or a step between two rows.
 *
 * What is known to be zero still shows its lowest dot; only a gap is blank.
 */
#include "view/draw.h"

#include <math.h>

/* Dots of a cell's two columns, from the bottom (Unicode, Braille Patterns:
 * bit n - 1 is dot n). */
static const uint8_t braille_left[] = {0x40, 0x04, 0x02, 0x01};
static const uint8_t braille_right[] = {0x80, 0x20, 0x10, 0x08};

#define BRAILLE_ROWS 4u
#define BLOCK_EIGHTHS 8u
#define ASCII_STEPS 4u

/* How much of row `row` a value fills, in `steps` a row; 0 for a gap. */
static unsigned fill(double v, size_t row, size_t height, unsigned steps)
{
	double all;

	if (isnan(v) || row >= height)
		return 0;
	v = v < 0 ? 0 : v > 1 ? 1 : v;
	all = round(v * (double)height * steps);
	if (all < 1)
		all = 1;
	all -= (double)row * steps;
	return all <= 0 ? 0 : all >= steps ? steps : (unsigned)all;
}

static uint32_t braille(double left, double right, size_t row, size_t height)
{
	unsigned nl = fill(left, row, height, BRAILLE_ROWS);
	unsigned nr = fill(right, row, height, BRAILLE_ROWS);
	uint32_t dots = 0;

	for (unsigned i = 0; i < nl; i++)
		dots |= braille_left[i];
	for (unsigned i = 0; i < nr; i++)
		dots |= braille_right[i];
	return dots != 0 ? 0x2800 | dots : ' ';
}

uint32_t aur_graph_glyph(double left, double right, size_t row, size_t height,
    enum aur_glyphs glyphs)
{
	static const char ascii[ASCII_STEPS + 1] = {' ', '.', ':', '|', '#'};
	double larger = fmax(left, right); /* a NaN gives way */
	unsigned n;

	if (glyphs == AUR_GLYPHS_BRAILLE)
		return braille(left, right, row, height);
	if (glyphs == AUR_GLYPHS_ASCII)
		return (uint32_t)ascii[fill(larger, row, height, ASCII_STEPS)];
	n = fill(larger, row, height, BLOCK_EIGHTHS);
	return n > 0 ? 0x2580 + n : ' ';
}

/* What a part is due of `width` columns; shares above the whole shrink. */
static double due(const struct aur_bar_part *p, double sum, size_t width)
{
	double share = p->share > 0 ? fmin(p->share, 1e9) : 0;

	return share / (sum > 1 ? sum : 1) * (double)width;
}

/* The part that is furthest below what it is due. */
static size_t poorest(const struct aur_bar_part *part, size_t n, size_t width,
    double sum, const size_t *has)
{
	double most = -INFINITY;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		double lack = due(&part[i], sum, width) - (double)has[i];

		if (part[i].share > 0 && lack > most) {
			most = lack;
			at = i;
		}
	}
	return at;
}

/* The part that is furthest above what it is due, of those with more than a
 * column. */
static size_t richest(const struct aur_bar_part *part, size_t n, size_t width,
    double sum, const size_t *has)
{
	double most = -INFINITY;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		double extra = (double)has[i] - due(&part[i], sum, width);

		if (has[i] > 1 && extra > most) {
			most = extra;
			at = i;
		}
	}
	return at;
}

void aur_bar_split(
    const struct aur_bar_part *part, size_t n, size_t width, size_t *ret_width)
{
	size_t seen = 0, taken = 0, all;
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += due(&part[i], 1, 1);
		seen += part[i].share > 0;
	}
	for (size_t i = 0; i < n; i++) {
		ret_width[i] = (size_t)due(&part[i], sum, width);
		if (part[i].share > 0 && ret_width[i] == 0 && seen <= width)
			ret_width[i] = 1;
		taken += ret_width[i];
	}
	for (; taken > width; taken--)
		ret_width[richest(part, n, width, sum, ret_width)]--;
	all = (size_t)(fmin(sum, 1) * (double)width + 0.5);
	if (seen > 0 && all == 0 && width > 0)
		all = 1;
	for (; taken < all; taken++)
		ret_width[poorest(part, n, width, sum, ret_width)]++;
}
