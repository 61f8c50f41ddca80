/* SPDX-License-Identifier: MIT */
/* A canvas of dots and what is drawn on it; shared by the chart's files. */
#ifndef AUR_VIEW_CHART_INT_H
#define AUR_VIEW_CHART_INT_H

#include "view/chart.h"

struct aur__chart_cell {
	uint32_t glyph; /* 0: blank */
	uint8_t line;	/* whose colour it has: 1 and up; 0: plain */
};

struct aur__chart {
	const struct aur_chart *chart;
	const struct aur_chart_how *how;
	size_t w, h;		      /* of the graph in cells */
	size_t per;		      /* points a column */
	double bottom, top;	      /* of the axis */
	struct aur__chart_cell *cell; /* owned; row 0 is the lowest */
};

/* Appends a code point. */
AUR_MUST_CHECK int aur__chart_put(struct aur_buf *b, uint32_t c);
/* Switches to the colour of a line; 0: to none. */
AUR_MUST_CHECK int aur__chart_color(
    struct aur_buf *b, unsigned line, bool color);

uint32_t aur__chart_shape(size_t line, enum aur_glyphs glyphs);

/* Draws the lines on the canvas. */
void aur__chart_draw(struct aur__chart *c);

/* Appends the axis of times. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__chart_times(
    const struct aur__chart *c, struct aur_buf *b);

#endif
