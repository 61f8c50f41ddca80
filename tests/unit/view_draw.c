/* SPDX-License-Identifier: MIT */
/* Bars whose columns add up, and graphs by glyph. */
#include "view/draw.h"
#include "tests/harness/tap.h"

#include <math.h>

static void split(const double *share, size_t n, size_t width,
    const size_t *want, const char *text)
{
	struct aur_bar_part part[8] = {{0, 0}};
	size_t got[8];

	for (size_t i = 0; i < n; i++)
		part[i] = (struct aur_bar_part){share[i], 'x'};
	aur_bar_split(part, n, width, got);
	for (size_t i = 0; i < n; i++)
		tap_eq_u64(got[i], want[i], text);
}
#define SHARES(...) ((const double[]){__VA_ARGS__})
#define WIDTHS(...) ((const size_t[]){__VA_ARGS__})

static void test_split(void)
{
	split(SHARES(0.5, 0.25), 2, 8, WIDTHS(4, 2), "exact");
	split(SHARES(0.5, 0.001), 2, 10, WIDTHS(5, 1), "little is seen");
	split(SHARES(1, 0), 2, 10, WIDTHS(10, 0), "nothing is not");
	split(SHARES(0.98, 0.01, 0.01), 3, 10, WIDTHS(8, 1, 1),
	    "little is seen in a full bar");
	split(SHARES(0.34, 0.33, 0.33), 3, 10, WIDTHS(4, 3, 3),
	    "the largest remainder gets the last");
	split(SHARES(2, 2), 2, 10, WIDTHS(5, 5), "more than all is all");
	split(SHARES(INFINITY, 1), 2, 10, WIDTHS(9, 1), "infinity is all");
	split(SHARES(NAN, -1, 0.5), 3, 10, WIDTHS(0, 0, 5), "no shares");
	split(SHARES(0.3, 0.3, 0.4), 3, 2, WIDTHS(1, 0, 1), "too few columns");
	split(SHARES(0.3, 0.3), 2, 0, WIDTHS(0, 0), "no column");
	split(SHARES(0, 0), 2, 10, WIDTHS(0, 0), "nothing at all");
	split(SHARES(0.01), 1, 10, WIDTHS(1), "little alone");
	aur_bar_split(NULL, 0, 10, NULL);
}

/* Random shares: the sum fits, what is there is seen while there is room. */
static void test_any_split(void)
{
	uint64_t state = 5;
	size_t bad = 0;

	for (int i = 0; i < 20000; i++) {
		struct aur_bar_part part[6] = {{0, 0}};
		size_t got[6], n = (size_t)i % 7, width = (size_t)i % 41;
		size_t sum = 0, seen = 0, hidden = 0;

		for (size_t k = 0; k < n; k++) {
			state =
			    state * 6364136223846793005u + 1442695040888963407u;
			part[k].share = (double)(state >> 40) / (1 << 24);
			part[k].share *= part[k].share * part[k].share;
			if ((state >> 33) % 4 == 0)
				part[k].share = 0;
			seen += part[k].share > 0;
		}
		aur_bar_split(part, n, width, got);
		for (size_t k = 0; k < n; k++) {
			sum += got[k];
			hidden += part[k].share > 0 && got[k] == 0;
			bad += !(part[k].share > 0) && got[k] > 0;
		}
		bad += sum > width || (hidden > 0 && seen <= width);
	}
	tap_eq_u64(bad, 0, "20000 random bars");
}

static void glyph(double left, double right, size_t row, size_t height,
    enum aur_glyphs glyphs, uint32_t want)
{
	char text[80];

	snprintf(text, sizeof(text), "%g %g in row %zu of %zu, set %d", left,
	    right, row, height, (int)glyphs);
	tap_eq_u64(
	    aur_graph_glyph(left, right, row, height, glyphs), want, text);
}

static void test_glyphs(void)
{
	const enum aur_glyphs dots = AUR_GLYPHS_BRAILLE,
			      blocks = AUR_GLYPHS_BLOCK;

	glyph(1, 1, 0, 1, dots, 0x28ff);
	glyph(0, 0, 0, 1, dots, 0x28c0);
	glyph(0, 0, 1, 2, dots, ' ');
	glyph(NAN, 0, 0, 1, dots, 0x2880);
	glyph(1, NAN, 0, 1, dots, 0x2847);
	glyph(NAN, NAN, 0, 1, dots, ' ');
	glyph(0.5, 0.75, 0, 1, dots, 0x28f4);
	glyph(0.5, 0.5, 0, 2, dots, 0x28ff);
	glyph(0.5, 0.5, 1, 2, dots, ' ');
	glyph(0.75, 2, 1, 2, dots, 0x28fc);
	glyph(-5, -5, 0, 1, dots, 0x28c0);
	glyph(1, 0, 0, 1, blocks, 0x2588);
	glyph(0, 0, 0, 1, blocks, 0x2581);
	glyph(NAN, 0.5, 0, 1, blocks, 0x2584);
	glyph(NAN, NAN, 0, 1, blocks, ' ');
	glyph(0.75, 0.1, 1, 2, blocks, 0x2584);
	glyph(INFINITY, 0, 3, 4, blocks, 0x2588);
	glyph(1, 1, 4, 4, blocks, ' ');
	glyph(1, 1, 0, 0, blocks, ' ');
	glyph(0, 0, 0, 1, AUR_GLYPHS_ASCII, '.');
	glyph(0.5, 0, 0, 1, AUR_GLYPHS_ASCII, ':');
	glyph(0.75, 0, 0, 1, AUR_GLYPHS_ASCII, '|');
	glyph(1, 0, 0, 1, AUR_GLYPHS_ASCII, '#');
	glyph(NAN, NAN, 0, 1, AUR_GLYPHS_ASCII, ' ');
}

int main(void)
{
	test_split();
	test_any_split();
	test_glyphs();
	return tap_done();
}
