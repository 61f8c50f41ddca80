/* SPDX-License-Identifier: MIT */
/*
 * The frame of a chart: scale, rows, legend. chart_draw.c draws into it,
 * chart_time.c below it.
 *
 * The axis begins at zero, or below it where values are: a graph whose foot is
 * somewhere else makes a mountain of every ripple.
 */
#include "view/chart_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "view/format.h"

#include <math.h>

/* Columns of labels; behind them the axis. */
#define LABELS (AUR_CHART_AXIS - 2)

int aur__chart_put(struct aur_buf *b, uint32_t c)
{
	uint8_t utf8[4];

	return aur_buf_add(b, utf8, aur_text_put(c, utf8));
}

int aur__chart_color(struct aur_buf *b, unsigned line, bool color)
{
	/* cyan, yellow, magenta, green, blue, red, and bright ones */
	static const uint8_t sgr[AUR_CHART_LINES] = {
	    36, 33, 35, 32, 34, 31, 96, 93};

	if (!color)
		return 0;
	if (line == 0)
		return aur_buf_add_str(b, "\033[0m");
	return aur_buf_addf(
	    b, "\033[%um", (unsigned)sgr[(line - 1) % AUR_CHART_LINES]);
}

uint32_t aur__chart_shape(size_t line, enum aur_glyphs glyphs)
{
	static const uint16_t shapes[AUR_CHART_LINES] = {
	    0x25cf, 0x25cb, 0x25c6, 0x25c7, 0x25b2, 0x25b3, 0x25a0, 0x25a1};
	static const char ascii[AUR_CHART_LINES + 1] = "*o+x#@%&";

	line %= AUR_CHART_LINES;
	return glyphs == AUR_GLYPHS_ASCII ? (uint32_t)ascii[line]
					  : shapes[line];
}

int aur_chart_mark(struct aur_buf *b, size_t i, const struct aur_chart_how *how)
{
	int rc = aur__chart_color(b, (unsigned)i + 1, how->color);

	if (rc == 0)
		rc = aur__chart_put(b, aur__chart_shape(i, how->glyphs));
	return rc < 0 ? rc : aur__chart_color(b, 0, how->color);
}

/* --- scale ---------------------------------------------------------------- */

static bool is_binary(enum aur_unit unit)
{
	return unit == AUR_UNIT_BYTES || unit == AUR_UNIT_BYTES_PER_SECOND;
}

static double least_top(enum aur_unit unit)
{
	switch (unit) {
	case AUR_UNIT_BYTES:
	case AUR_UNIT_BYTES_PER_SECOND:
		return 1024;
	case AUR_UNIT_COUNT:
	case AUR_UNIT_PER_SECOND:
		return 4;
	default:
		return 1;
	}
}

double aur_chart_top(enum aur_unit unit, double most)
{
	static const double steps[] = {1, 2, 4, 5, 8, 10};
	double least = least_top(unit), base = 1;

	if (!isfinite(most) || most <= least)
		return least;
	if (is_binary(unit)) {
		while (base < most && base < 1e300)
			base *= 2;
		return base;
	}
	while (base * 10 < most && base < 1e300)
		base *= 10;
	for (size_t i = 0; i < AUR_ARRAY_LEN(steps); i++)
		if (base * steps[i] >= most)
			return base * steps[i];
	return most;
}

static void scale(struct aur__chart *c)
{
	double most = 0, least = 0;

	for (size_t i = 0; i < c->chart->nline; i++)
		for (size_t k = 0; k < c->chart->npoint; k++) {
			const struct aur_point *p =
			    &c->chart->line[i].points[k];

			if (p->n == 0)
				continue;
			most = fmax(most, (double)p->max);
			least = fmin(least, (double)p->min);
		}
	c->top = aur_chart_top(c->chart->unit, most);
	c->bottom = least < 0 ? -aur_chart_top(c->chart->unit, -least) : 0;
}

size_t aur_chart_points(const struct aur_chart_how *how)
{
	size_t w =
	    how->width > AUR_CHART_MIN_WIDTH ? how->width : AUR_CHART_MIN_WIDTH;

	return (w - AUR_CHART_AXIS) *
	       (how->glyphs == AUR_GLYPHS_BRAILLE ? 2 : 1);
}

/* --- rows ----------------------------------------------------------------- */

/* How many labels fit, between bottom and top. */
static size_t labels(size_t h)
{
	return h >= 9 ? 4 : h >= 5 ? 2 : 1;
}

/* The label that stands in front of row `y`, if any does. */
static int add_label(const struct aur__chart *c, struct aur_buf *b, size_t y)
{
	size_t n = labels(c->h);
	struct aur_buf text;
	int rc = 0;

	aur_buf_init(&text, 256);
	for (size_t i = 0; i <= n && rc == 0; i++) {
		struct aur_value v = {.type = AUR_VALUE_REAL};

		if (i * (c->h - 1) / n != y)
			continue;
		v.d = c->bottom + (c->top - c->bottom) * (double)i / (double)n;
		aur_buf_clear(&text);
		rc = aur_format_value(&text, c->chart->unit, &v);
	}
	if (rc == 0)
		rc = aur_text_add_cell(
		    b, aur_buf_peek(&text), LABELS, true, true);
	aur_buf_release(&text);
	if (rc == 0)
		rc = aur_buf_add_byte(b, ' ');
	return rc < 0 ? rc
		      : aur__chart_put(b,
			    c->how->glyphs == AUR_GLYPHS_ASCII ? '|' : 0x2502);
}

static int add_row(const struct aur__chart *c, struct aur_buf *b, size_t y)
{
	const struct aur__chart_cell *row = &c->cell[y * c->w];
	size_t end = c->w;
	unsigned now = 0;
	int rc = add_label(c, b, y);

	while (end > 0 && row[end - 1].glyph == 0)
		end--;
	for (size_t x = 0; x < end && rc == 0; x++) {
		uint32_t glyph = row[x].glyph != 0 ? row[x].glyph : ' ';

		if (row[x].glyph != 0 && row[x].line != now) {
			now = row[x].line;
			rc = aur__chart_color(b, now, c->how->color);
		}
		if (rc == 0)
			rc = aur__chart_put(b, glyph);
	}
	if (rc == 0 && now != 0)
		rc = aur__chart_color(b, 0, c->how->color);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

static int add_legend(const struct aur__chart *c, struct aur_buf *b)
{
	size_t at = 0;
	int rc = 0;

	for (size_t i = 0; i < c->chart->nline && rc == 0; i++) {
		struct aur_slice text = aur_slice_str(c->chart->line[i].label);
		size_t most = c->w - 4, w = aur_text_width(text);

		w = w < most ? w : most;
		if (at > 0 && at + 4 + w > c->w) {
			rc = aur_buf_add_byte(b, '\n');
			at = 0;
		}
		if (rc == 0)
			rc = aur_buf_addf(
			    b, "%*s", at == 0 ? (int)AUR_CHART_AXIS : 2, "");
		if (rc == 0)
			rc = aur_chart_mark(b, i, c->how);
		if (rc == 0)
			rc = aur_buf_add_byte(b, ' ');
		if (rc == 0)
			rc = aur_text_add_cell(b, text, w, false,
			    c->how->glyphs == AUR_GLYPHS_ASCII);
		at += w + (at == 0 ? 2 : 4);
	}
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

int aur_chart_add(struct aur_buf *b, const struct aur_chart *chart,
    const struct aur_chart_how *how)
{
	struct aur__chart c = {.chart = chart, .how = how};
	size_t before = b->n;
	int rc = 0;

	if (chart->npoint == 0 || chart->nline == 0 ||
	    chart->nline > AUR_CHART_LINES)
		return AUR_EINVALID;
	c.per = how->glyphs == AUR_GLYPHS_BRAILLE ? 2 : 1;
	c.w = (chart->npoint + c.per - 1) / c.per;
	c.h = how->height > AUR_CHART_MIN_HEIGHT ? how->height
						 : AUR_CHART_MIN_HEIGHT;
	c.cell = aur_mem_new(c.w * c.h, sizeof *c.cell);
	if (c.cell == NULL)
		return AUR_ENOMEM;
	scale(&c);
	aur__chart_draw(&c);
	for (size_t y = c.h; y > 0 && rc == 0; y--)
		rc = add_row(&c, b, y - 1);
	if (rc == 0)
		rc = aur__chart_times(&c, b);
	if (rc == 0 && chart->nline > 1 && !how->no_legend)
		rc = add_legend(&c, b);
	aur_mem_free(c.cell);
	if (rc < 0)
		aur_buf_cut(b, before);
	return rc;
}
