/* SPDX-License-Identifier: MIT */
/*
 * Lines over time as text: a graph with axes, units and the times of a zone.
 * A gap stays a gap. One line is a filled graph of its means, with a shade up
 * to what was highest in between; several are lines of dots, each with a mark
 * of its own shape, which the legend has too.
 *
 *	struct aur_chart_how how = {.width = 80, .height = 10, ...};
 *	n = aur_chart_points(&how);
 *	... fill n points of each line, all over [from, to) ...
 *	rc = aur_chart_add(&out, &chart, &how);
 *
 *	  100 |
 *	   50 |    .::|::.
 *	    0 |..::#######::..
 *	      +------+--------
 *	             14:30
 */
#ifndef AUR_VIEW_CHART_H
#define AUR_VIEW_CHART_H

#include "base/buf.h"
#include "model/domain.h"
#include "model/series.h"
#include "view/draw.h"

/* Lines of one chart that shapes can tell apart. */
#define AUR_CHART_LINES 8u
#define AUR_CHART_MIN_WIDTH 24u
#define AUR_CHART_MIN_HEIGHT 3u

struct aur_chart_line {
	const char *label;		/* made harmless when drawn */
	const struct aur_point *points; /* as many as the chart says */
};

struct aur_chart {
	const struct aur_chart_line *line; /* borrowed */
	size_t nline;			   /* 1 to AUR_CHART_LINES */
	size_t npoint;
	struct aur_wall from, to;
	enum aur_unit unit;
};

struct aur_chart_how {
	size_t width;  /* columns, axis and all */
	size_t height; /* rows of the graph alone */
	enum aur_glyphs glyphs;
	bool color, utc;
	bool no_legend; /* the marks are explained elsewhere */
};

/* So many points a line are what a chart of that width can show. */
size_t aur_chart_points(const struct aur_chart_how *how);

/* Appends graph, axis and, of several lines, the legend; lines end with a
 * newline and have no trailing blanks. 0, AUR_EINVALID (no line, or too many),
 * AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_chart_add(struct aur_buf *b,
    const struct aur_chart *chart, const struct aur_chart_how *how);

/* Appends the mark of line `i` as the graph has it, in its colour. 0,
 * AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_chart_mark(
    struct aur_buf *b, size_t i, const struct aur_chart_how *how);

/* Appends one row, `width` columns, of a line's means: what aur_chart_points
 * says for width + AUR_CHART_AXIS, scaled to `top`. 0, AUR_ENOMEM,
 * AUR_ELIMIT. */
#define AUR_CHART_AXIS 9u
AUR_MUST_CHECK int aur_chart_row(struct aur_buf *b,
    const struct aur_point *points, size_t n, size_t width, double top,
    enum aur_glyphs glyphs);

/* The round number at the top of an axis for values up to `most`. */
double aur_chart_top(enum aur_unit unit, double most);

#endif
