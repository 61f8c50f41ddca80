/* SPDX-License-Identifier: MIT */
/*
 * Round times of the zone below a graph, as far apart as their labels need.
 * A midnight says the date instead.
 */
#include "view/chart_int.h"

#include "view/when.h"
#include "view/when_int.h"

#define APART 12u

static const int64_t ticks[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
    1800, 3600, 7200, 10800, 21600, 43200, AUR__DAY, 2 * AUR__DAY, 7 * AUR__DAY,
    14 * AUR__DAY, 28 * AUR__DAY, 91 * AUR__DAY, 182 * AUR__DAY,
    364 * AUR__DAY};

struct axis {
	const struct aur__chart *c;
	double column; /* seconds */
	int64_t from;  /* seconds of the zone's clock at the left edge */
};

static int64_t tick_of(const struct axis *a)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(ticks); i++)
		if ((double)ticks[i] >= a->column * APART)
			return ticks[i];
	return ticks[AUR_ARRAY_LEN(ticks) - 1] * 10;
}

static int add_text(
    struct aur_buf *b, int64_t clock, int64_t tick, size_t *ret_n)
{
	int64_t day = aur__floor_div(clock, AUR__DAY);
	int in_day = (int)aur__modulo(clock, AUR__DAY);
	struct aur__when_date d = aur__when_date_of(day);
	size_t before = b->n;
	int rc;

	if (in_day == 0 && tick > 28 * AUR__DAY)
		rc = aur_buf_addf(
		    b, "%04d-%02d-%02d", (int)d.year, d.month, d.day);
	else if (in_day == 0)
		rc = aur_buf_addf(b, "%02d-%02d", d.month, d.day);
	else if (tick < 60)
		rc = aur_buf_addf(b, "%02d:%02d:%02d", in_day / 3600,
		    in_day / 60 % 60, in_day % 60);
	else
		rc = aur_buf_addf(
		    b, "%02d:%02d", in_day / 3600, in_day / 60 % 60);
	*ret_n = b->n - before;
	return rc;
}

/* The column of a moment of the clock; c->w and more is outside. */
static size_t column_of(const struct axis *a, int64_t clock)
{
	return (size_t)((double)(clock - a->from) / a->column);
}

static int add_rule(const struct axis *a, struct aur_buf *b, int64_t tick)
{
	bool ascii = a->c->how->glyphs == AUR_GLYPHS_ASCII;
	int64_t next = (aur__floor_div(a->from - 1, tick) + 1) * tick;
	int rc = aur_buf_addf(b, "%*s", (int)AUR_CHART_AXIS - 1, "");

	if (rc == 0)
		rc = aur__chart_put(b, ascii ? '+' : 0x2514);
	for (size_t x = 0; x < a->c->w && rc == 0; x++) {
		bool here = column_of(a, next) == x;

		rc = aur__chart_put(
		    b, here ? (ascii ? '+' : 0x252c) : (ascii ? '-' : 0x2500));
		while (here && column_of(a, next) == x)
			next += tick;
	}
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

static int add_labels(const struct axis *a, struct aur_buf *b, int64_t tick)
{
	int64_t next = (aur__floor_div(a->from - 1, tick) + 1) * tick;
	size_t at = 0, start = b->n;
	int rc = aur_buf_addf(b, "%*s", (int)AUR_CHART_AXIS, "");

	for (; rc == 0 && column_of(a, next) < a->c->w; next += tick) {
		size_t x = column_of(a, next), before = b->n, n = 0;

		if (x < at)
			continue;
		rc = aur_buf_addf(b, "%*s", (int)(x - at), "");
		if (rc == 0)
			rc = add_text(b, next, tick, &n);
		if (rc == 0 && x + n > a->c->w) {
			aur_buf_cut(b, before);
			break;
		}
		at = x + n;
	}
	if (at == 0) /* no label */
		aur_buf_cut(b, start);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

int aur__chart_times(const struct aur__chart *c, struct aur_buf *b)
{
	struct axis a = {.c = c};
	double span =
	    aur_span_in_seconds(aur_wall_since(c->chart->to, c->chart->from));
	int64_t tick;
	int rc;

	a.column = (span > 0 ? span : 1) / (double)c->w;
	a.from = aur__when_clock(c->chart->from, c->how->utc);
	tick = tick_of(&a);
	rc = add_rule(&a, b, tick);
	return rc < 0 ? rc : add_labels(&a, b, tick);
}
