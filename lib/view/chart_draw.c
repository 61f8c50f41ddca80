/* SPDX-License-Identifier: MIT */
/*
 * One line is a body: means from the foot up, and above them a shade to the
 * highest value of the column, so that a second's spike is seen in a day.
 *
 * Several are strokes. In braille a stroke is dots, two columns and four rows
 * to a cell, joined upright where it jumps; cells that two strokes share have
 * the dots of both. Marks stand on a stroke at its own columns, so that no two
 * hide each other, and at its end. Without braille a stroke is its marks.
 */
#include "view/chart_int.h"

#include <math.h>

#define DOTS 4u	       /* rows of a braille cell */
#define MARK_EVERY 14u /* columns between two marks of a line */

static double part_of(const struct aur__chart *c, double v)
{
	double part = (v - c->bottom) / (c->top - c->bottom);

	return isnan(part) ? NAN : part < 0 ? 0 : part > 1 ? 1 : part;
}

static const struct aur_point *point_at(
    const struct aur__chart *c, size_t line, size_t i)
{
	const struct aur_point *p = &c->chart->line[line].points[i];

	return i < c->chart->npoint && p->n > 0 ? p : NULL;
}

static struct aur__chart_cell *cell_at(struct aur__chart *c, size_t x, size_t y)
{
	return &c->cell[y * c->w + x];
}

/* --- one line ------------------------------------------------------------- */

static double mean_at(const struct aur__chart *c, size_t i)
{
	const struct aur_point *p = point_at(c, 0, i);

	return p != NULL ? part_of(c, (double)p->mean) : NAN;
}

static double highest_at(const struct aur__chart *c, size_t x)
{
	double most = NAN;

	for (size_t k = 0; k < c->per; k++) {
		const struct aur_point *p = point_at(c, 0, x * c->per + k);

		if (p != NULL)
			most = fmax(most, part_of(c, (double)p->max));
	}
	return most;
}

static void draw_body(struct aur__chart *c)
{
	uint32_t shade = c->how->glyphs == AUR_GLYPHS_ASCII ? '\'' : 0x2591;

	for (size_t x = 0; x < c->w; x++) {
		double left = mean_at(c, x * c->per);
		double right = c->per == 2 ? mean_at(c, x * 2 + 1) : left;
		double most = highest_at(c, x) * (double)c->h;

		for (size_t y = 0; y < c->h; y++) {
			struct aur__chart_cell *cell = cell_at(c, x, y);
			uint32_t glyph = aur_graph_glyph(
			    left, right, y, c->h, c->how->glyphs);

			if (glyph == ' ' && y > 0 && most > (double)y + 0.5)
				glyph = shade;
			if (glyph == ' ')
				continue;
			cell->glyph = glyph;
			cell->line = 1;
		}
	}
}

/* --- several -------------------------------------------------------------- */

/* The row of dots, or of cells, that a value lies in. */
static size_t row_of(const struct aur__chart *c, double v, size_t per)
{
	size_t rows = c->h * per;
	double at = part_of(c, v) * (double)(rows - 1) + 0.5;

	return at < 0 ? 0 : at >= (double)rows ? rows - 1 : (size_t)at;
}

static void set_dot(struct aur__chart *c, size_t line, size_t i, size_t row)
{
	/* from the bottom; Unicode, Braille Patterns */
	static const uint8_t bits[2][DOTS] = {
	    {0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
	struct aur__chart_cell *cell = cell_at(c, i / 2, row / DOTS);

	if (cell->glyph == 0)
		cell->glyph = 0x2800;
	cell->glyph |= bits[i % 2][row % DOTS];
	cell->line = (uint8_t)(line + 1);
}

static void draw_dots(struct aur__chart *c, size_t line)
{
	size_t before = 0;
	bool joined = false;

	for (size_t i = 0; i < c->chart->npoint; i++) {
		const struct aur_point *p = point_at(c, line, i);
		size_t row, low, high;

		if (p == NULL) {
			joined = false;
			continue;
		}
		row = row_of(c, (double)p->mean, DOTS);
		low = high = row;
		if (joined && before + 1 < row)
			low = before + 1;
		if (joined && row + 1 < before)
			high = before - 1;
		for (size_t y = low; y <= high; y++)
			set_dot(c, line, i, y);
		before = row;
		joined = true;
	}
}

/* The last point known of a column. */
static const struct aur_point *point_of_column(
    const struct aur__chart *c, size_t line, size_t x)
{
	for (size_t k = c->per; k > 0; k--) {
		const struct aur_point *p =
		    point_at(c, line, x * c->per + k - 1);

		if (p != NULL)
			return p;
	}
	return NULL;
}

static void draw_marks(struct aur__chart *c, size_t line)
{
	size_t shift = line * MARK_EVERY / c->chart->nline;

	for (size_t x = 0; x < c->w; x++) {
		const struct aur_point *p = point_of_column(c, line, x);
		bool ends =
		    x + 1 == c->w || point_of_column(c, line, x + 1) == NULL;
		struct aur__chart_cell *cell;

		if (p == NULL || (c->how->glyphs == AUR_GLYPHS_BRAILLE &&
				     !ends && x % MARK_EVERY != shift))
			continue;
		cell = cell_at(c, x, row_of(c, (double)p->mean, 1));
		cell->glyph = aur__chart_shape(line, c->how->glyphs);
		cell->line = (uint8_t)(line + 1);
	}
}

void aur__chart_draw(struct aur__chart *c)
{
	if (c->chart->nline == 1) {
		draw_body(c);
		return;
	}
	for (size_t i = c->chart->nline;
	     i > 0 && c->how->glyphs == AUR_GLYPHS_BRAILLE; i--)
		draw_dots(c, i - 1);
	for (size_t i = c->chart->nline; i > 0; i--)
		draw_marks(c, i - 1);
}

int aur_chart_row(struct aur_buf *b, const struct aur_point *points, size_t n,
    size_t width, double top, enum aur_glyphs glyphs)
{
	size_t per = glyphs == AUR_GLYPHS_BRAILLE ? 2 : 1;
	int rc = 0;

	for (size_t x = 0; x < width && rc == 0; x++) {
		double v[2] = {NAN, NAN};

		for (size_t k = 0; k < per && x * per + k < n; k++)
			if (points[x * per + k].n > 0)
				v[k] = (double)points[x * per + k].mean / top;
		rc = aur__chart_put(
		    b, aur_graph_glyph(
			   v[0], per == 2 ? v[1] : v[0], 0, 1, glyphs));
	}
	return rc;
}
