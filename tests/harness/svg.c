/* SPDX-License-Identifier: MIT */
/*
 * Letters are text, with the place of each run given, so that columns stay
 * straight whatever font the reader has. Blocks, braille and lines are drawn:
 * few fonts have them all in the width of their letters, and graphs would be
 * torn. Drawn shapes of one colour are one path, which keeps the file small:
 * a dot of braille is "M1 2h0", a stroke without length and with round ends.
 *
 * Rejected: a picture of pixels (ten times the size, and nobody can find a
 * word in it), and fonts in the file (fifty times).
 */
#include "tests/harness/svg.h"

#include <string.h>

/* A cell, in pixels; letters of the usual fonts are 0.6 of their height wide.
 */
#define CELL_W 8.4
#define CELL_H 17
#define FONT 14
#define BASE 12.6 /* of letters, below the top of their row */
#define EDGE 12

#define GROUND 0x0d1117
#define TEXT 0xc9d1d9

struct look {
	int fg, bg; /* 0xrrggbb */
	bool bold, underline;
};

/* The first 16 of a terminal's palette, as dark themes have them. */
static const int basic[16] = {0x21262d, 0xe5534b, 0x57ab5a, 0xc69026, 0x539bf5,
    0xb083f0, 0x39c5cf, 0xadbac7, 0x636e7b, 0xff7b72, 0x7ee787, 0xe3b341,
    0x79c0ff, 0xd2a8ff, 0x56d4dd, 0xffffff};

static int rgb(int color, int fallback)
{
	static const int level[6] = {0, 95, 135, 175, 215, 255};
	int grey;

	if (color == SCREEN_DEFAULT)
		return fallback;
	if ((color & SCREEN_RGB) != 0)
		return color & 0xffffff;
	if (color < 16)
		return basic[color];
	if (color < 232) {
		color -= 16;
		return level[color / 36] << 16 | level[color / 6 % 6] << 8 |
		       level[color % 6];
	}
	grey = 8 + 10 * (color - 232);
	return grey << 16 | grey << 8 | grey;
}

/* Between the two, `percent` of the first. */
static int mix(int a, int b, int percent)
{
	int out = 0;

	for (int shift = 0; shift < 24; shift += 8)
		out |= (((a >> shift & 255) * percent +
			    (b >> shift & 255) * (100 - percent)) /
			   100)
		       << shift;
	return out;
}

static struct look look_of(const struct screen_cell *c)
{
	struct look l = {rgb(c->fg, TEXT), rgb(c->bg, GROUND),
	    (c->attr & SCREEN_BOLD) != 0, (c->attr & SCREEN_UNDERLINE) != 0};

	if ((c->attr & SCREEN_REVERSE) != 0) {
		int swap = l.fg;

		l.fg = l.bg;
		l.bg = swap;
	}
	if ((c->attr & SCREEN_DIM) != 0)
		l.fg = mix(l.fg, l.bg, 60);
	return l;
}

/* The code point of a cell's first character. */
static unsigned rune_of(const struct screen_cell *c)
{
	const unsigned char *t = (const unsigned char *)c->text;

	if (t[0] < 0x80)
		return t[0];
	if (t[0] < 0xe0)
		return (t[0] & 31u) << 6 | (t[1] & 63u);
	if (t[0] < 0xf0)
		return (t[0] & 15u) << 12 | (t[1] & 63u) << 6 | (t[2] & 63u);
	return 0x10000; /* none that is drawn */
}

/* --- what is drawn ------------------------------------------------------- */

enum kind { DOTS, LINES, BLOCKS, KINDS };

/* Arms of the line characters: left, right, up, down as bits. */
static int arms_of(unsigned rune)
{
	switch (rune) {
	case 0x2500:
		return 3;
	case 0x2502:
		return 12;
	case 0x250c:
	case 0x256d:
		return 10;
	case 0x2510:
	case 0x256e:
		return 9;
	case 0x2514:
	case 0x2570:
		return 6;
	case 0x2518:
	case 0x256f:
		return 5;
	case 0x251c:
		return 14;
	case 0x2524:
		return 13;
	case 0x252c:
		return 11;
	case 0x2534:
		return 7;
	case 0x253c:
		return 15;
	default:
		return 0;
	}
}

static bool is_block(unsigned rune)
{
	return rune >= 0x2580 && rune <= 0x2595;
}

/* The kind that draws a character; KINDS: it is text. */
static enum kind kind_of(unsigned rune)
{
	if (rune >= 0x2800 && rune <= 0x28ff)
		return DOTS;
	if (arms_of(rune) != 0)
		return LINES;
	return is_block(rune) ? BLOCKS : KINDS;
}

static void draw_dots(FILE *f, unsigned rune, double x, double y)
{
	/* bits of U+2800, from the top: left column, right column */
	static const unsigned char bit[4][2] = {{0, 3}, {1, 4}, {2, 5}, {6, 7}};

	for (int r = 0; r < 4; r++)
		for (int c = 0; c < 2; c++)
			if ((rune >> bit[r][c] & 1) != 0)
				fprintf(f, "M%g %gh0", x + 2.1 + 4.2 * c,
				    y + 2.1 + 4.25 * r);
}

static void draw_lines(FILE *f, unsigned rune, double x, double y)
{
	int arms = arms_of(rune);
	double cx = x + CELL_W / 2, cy = y + CELL_H / 2.0;

	if ((arms & 3) != 0)
		fprintf(f, "M%g %gH%g", (arms & 1) != 0 ? x : cx, cy,
		    (arms & 2) != 0 ? x + CELL_W : cx);
	if ((arms & 12) != 0)
		fprintf(f, "M%g %gV%g", cx, (arms & 4) != 0 ? y : cy,
		    (arms & 8) != 0 ? y + CELL_H : cy);
}

/* `n` cells of the same block. */
static void draw_blocks(FILE *f, unsigned rune, double x, double y, int n)
{
	double w = CELL_W * n, h = CELL_H;

	if (rune == 0x2580)
		h /= 2;
	else if (rune <= 0x2588) { /* lower eighths */
		h = CELL_H * (rune - 0x2580) / 8.0;
		y += CELL_H - h;
	} else if (rune <= 0x258f) /* left eighths, of the last cell */
		w = CELL_W * (n - 1 + (0x2590 - rune) / 8.0);
	else if (rune == 0x2590) {
		x += CELL_W / 2;
		w -= CELL_W / 2;
	} else if (rune == 0x2594)
		h /= 8;
	else if (rune == 0x2595) {
		x += CELL_W * 7 / 8;
		w = CELL_W / 8;
	}
	fprintf(f, "M%g %gh%gv%gh%gz", x, y, w, h, -w);
}

/* Shades are mixed with the ground. */
static int color_of(unsigned rune, const struct look *l)
{
	if (rune >= 0x2591 && rune <= 0x2593)
		return mix(l->fg, l->bg, 25 * (int)(rune - 0x2590));
	return l->fg;
}

/* Whether a run of equal blocks is one long block. */
static bool runs_on(unsigned rune)
{
	return rune == 0x2588 || (rune >= 0x2580 && rune < 0x2588) ||
	       (rune >= 0x2591 && rune <= 0x2594);
}

static void draw_row(
    const struct screen *s, FILE *f, int r, enum kind kind, int color)
{
	for (int c = 0; c < screen_cols(s); c++) {
		const struct screen_cell *cell = screen_cell(s, r, c);
		unsigned rune = rune_of(cell);
		struct look l = look_of(cell);
		double x = CELL_W * c, y = (double)CELL_H * r;
		int n = 1;

		if (kind_of(rune) != kind || color_of(rune, &l) != color)
			continue;
		if (kind == DOTS)
			draw_dots(f, rune, x, y);
		else if (kind == LINES)
			draw_lines(f, rune, x, y);
		else {
			while (runs_on(rune)) {
				const struct screen_cell *next =
				    screen_cell(s, r, c + n);
				struct look m = look_of(next);

				if (rune_of(next) != rune ||
				    color_of(rune, &m) != color)
					break;
				n++;
			}
			draw_blocks(f, rune, x, y, n);
			c += n - 1;
		}
	}
}

static const char *const style[KINDS] = {
    [DOTS] = ("fill=\"none\" stroke-width=\"2.4\" stroke-linecap=\"round\" "
	      "stroke"),
    [LINES] = "fill=\"none\" stroke",
    [BLOCKS] = "fill",
};

/* A path for each colour that shapes of a kind have. */
static void draw_kind(const struct screen *s, FILE *f, enum kind kind)
{
	int done[64];
	size_t n = 0;

	for (int r = 0; r < screen_rows(s); r++)
		for (int c = 0; c < screen_cols(s); c++) {
			const struct screen_cell *cell = screen_cell(s, r, c);
			struct look l = look_of(cell);
			int color = color_of(rune_of(cell), &l);
			size_t i = 0;

			while (i < n && done[i] != color)
				i++;
			if (kind_of(rune_of(cell)) != kind || i < n ||
			    n == sizeof(done) / sizeof(done[0]))
				continue;
			done[n++] = color;
			fprintf(f, "<path %s=\"#%06x\" d=\"", style[kind],
			    (unsigned)color);
			for (int k = r; k < screen_rows(s); k++)
				draw_row(s, f, k, kind, color);
			fputs("\"/>\n", f);
		}
}

/* --- grounds and letters ------------------------------------------------- */

static void draw_grounds(const struct screen *s, FILE *f, int r)
{
	for (int c = 0; c < screen_cols(s);) {
		int from = c, bg = look_of(screen_cell(s, r, c)).bg;

		while (c < screen_cols(s) &&
		       look_of(screen_cell(s, r, c)).bg == bg)
			c++;
		if (bg != GROUND)
			fprintf(f,
			    "<path fill=\"#%06x\" d=\"M%g %dh%gv%dh%gz\"/>\n",
			    (unsigned)bg, CELL_W * from, CELL_H * r,
			    CELL_W * (c - from), CELL_H, -CELL_W * (c - from));
	}
}

static bool is_blank(const struct screen_cell *c)
{
	return c->text[0] == '\0' || strcmp(c->text, " ") == 0 ||
	       kind_of(rune_of(c)) != KINDS;
}

static void put_text(FILE *f, const char *t)
{
	for (; *t != '\0'; t++)
		switch (*t) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		default:
			fputc(*t, f);
		}
}

static bool same_letters(struct look a, struct look b)
{
	return a.fg == b.fg && a.bold == b.bold && a.underline == b.underline;
}

/* The end of the run of letters from `c`: single blanks do not end it, and
 * wide characters stand alone. */
static int run_end(const struct screen *s, int r, int c)
{
	struct look l = look_of(screen_cell(s, r, c));
	int end = c + 1;

	if (screen_cell(s, r, c)->width != 1)
		return c + screen_cell(s, r, c)->width;
	for (int k = c + 1; k < screen_cols(s); k++) {
		const struct screen_cell *cell = screen_cell(s, r, k);

		if (is_blank(cell) && is_blank(screen_cell(s, r, k + 1)))
			break;
		if (cell->width != 1 || kind_of(rune_of(cell)) != KINDS ||
		    (!is_blank(cell) && !same_letters(look_of(cell), l)))
			break;
		if (!is_blank(cell))
			end = k + 1;
	}
	return end;
}

static void put_run(const struct screen *s, FILE *f, int r, int from, int end)
{
	struct look l = look_of(screen_cell(s, r, from));

	fprintf(f, "<tspan x=\"%g\"", CELL_W * from);
	if (end - from > 1)
		fprintf(f, " textLength=\"%g\"", CELL_W * (end - from));
	if (l.fg != TEXT)
		fprintf(f, " fill=\"#%06x\"", (unsigned)l.fg);
	if (l.bold)
		fputs(" font-weight=\"bold\"", f);
	if (l.underline)
		fputs(" text-decoration=\"underline\"", f);
	fputc('>', f);
	for (int c = from; c < end; c++)
		put_text(f, screen_cell(s, r, c)->text);
	fputs("</tspan>", f);
}

static void put_letters(const struct screen *s, FILE *f, int r)
{
	bool begun = false;

	for (int c = 0; c < screen_cols(s);) {
		int end = c + 1;

		if (!is_blank(screen_cell(s, r, c))) {
			if (!begun)
				fprintf(
				    f, "<text y=\"%g\">", CELL_H * r + BASE);
			begun = true;
			end = run_end(s, r, c);
			put_run(s, f, r, c, end);
		}
		c = end;
	}
	if (begun)
		fputs("</text>\n", f);
}

bool svg_write(const struct screen *s, FILE *f)
{
	double w = CELL_W * screen_cols(s) + 2 * EDGE;
	int h = CELL_H * screen_rows(s) + 2 * EDGE;

	fprintf(f,
	    "<!-- SPDX-License-Identifier: MIT -->\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" "
	    "height=\"%d\" viewBox=\"0 0 %g %d\">\n"
	    "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" "
	    "fill=\"#%06x\"/>\n"
	    "<g transform=\"translate(%d %d)\" fill=\"#%06x\" font-size=\"%d\" "
	    "font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',"
	    "monospace\" xml:space=\"preserve\">\n",
	    w, h, w, h, GROUND, EDGE, EDGE, TEXT, FONT);
	for (int r = 0; r < screen_rows(s); r++)
		draw_grounds(s, f, r);
	for (int k = 0; k < KINDS; k++)
		draw_kind(s, f, (enum kind)k);
	for (int r = 0; r < screen_rows(s); r++)
		put_letters(s, f, r);
	fputs("</g>\n</svg>\n", f);
	return fflush(f) == 0 && !ferror(f);
}
