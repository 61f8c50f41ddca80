/* SPDX-License-Identifier: MIT */
/*
 * Bars of 256 cores would be two cells long: neither read nor compared. A
 * skyline of one cell each was tried; at a glance its low blocks look as idle
 * as the empty ones.
 */
#include "tui/heat.h"

#include <math.h>

#define NAMED_MAX 32

uint32_t tui_heat_glyph(const struct tui_scene *s, double busy)
{
	static const uint32_t shade[] = {0xb7, 0x2591, 0x2592, 0x2593, 0x2588};
	double v = busy < 0 ? 0 : busy > 100 ? 100 : busy;

	if (isnan(busy))
		return ' ';
	if (s->ascii)
		return '0' + (uint32_t)fmin(9, v / 10);
	return v < 5 ? shade[0] : shade[1 + (int)fmin(3, v / 25)];
}

static enum tui_role role_of(double busy)
{
	return busy < 5	   ? TUI_ROLE_TRACK
	       : busy < 50 ? TUI_ROLE_CPU_NICE
	       : busy < 75 ? TUI_ROLE_CPU_USER
	       : busy < 90 ? TUI_ROLE_CPU_IRQ
			   : TUI_ROLE_CPU_SYSTEM;
}

struct core {
	size_t row;
	double busy;
};

/* The busiest first, at most `most`; of equals the first. */
static size_t busiest(
    struct aur_figures *f, size_t n, struct core *out, size_t most)
{
	size_t got = 0;

	for (size_t i = 0; i < n; i++) {
		double v = tui_number(f, AUR_FIG_cores_busy_percent, i);
		size_t at = got;

		if (!(v >= 1) || (got == most && v <= out[most - 1].busy))
			continue;
		got += got < most;
		for (at = got - 1; at > 0 && out[at - 1].busy < v; at--)
			out[at] = out[at - 1];
		out[at] = (struct core){i, v};
	}
	return got;
}

static void draw_busiest(struct aur_figures *f, const struct tui_area *a, int x,
    int y, size_t n, size_t each)
{
	struct core top[NAMED_MAX];
	size_t got = busiest(f, n, top, NAMED_MAX);
	char text[64];

	if (each > 1)
		x += tui_printf(a, x, y, TUI_ROLE_MUTED, "%zu a cell, ", each);
	x += tui_str(a, x, y, "busiest", TUI_ROLE_MUTED) + 1;
	for (size_t i = 0; i < got; i++) {
		double id = tui_number(f, AUR_FIG_cores_id, top[i].row);

		snprintf(text, sizeof(text), "%.0f:%.0f%%",
		    isnan(id) ? (double)top[i].row : id, top[i].busy);
		if (x + (int)strlen(text) > a->r.w)
			return;
		x += tui_str(a, x, y, text, TUI_ROLE_TEXT) + 1;
	}
}

/* Of the cores from `from` to before `to`; NaN when none is known. */
static double most_of(struct aur_figures *f, size_t from, size_t to)
{
	double most = NAN;

	for (size_t i = from; i < to; i++)
		most = fmax(most, tui_number(f, AUR_FIG_cores_busy_percent, i));
	return most;
}

int tui_heat(
    const struct tui_scene *s, const struct tui_area *a, int x, int y, int h)
{
	struct aur_figures *f =
	    (struct aur_figures *)(uintptr_t)&s->figures; /* computed late */
	size_t n = aur_figures_rows(f, AUR_GROUP_CORES);
	size_t w = a->r.w > x ? (size_t)(a->r.w - x) : 0, each, cells, rows;
	int map = h > 1 ? h - 1 : h; /* the last row is words */

	if (n == 0 || w == 0 || map <= 0)
		return 0;
	each = (n + w * (size_t)map - 1) / (w * (size_t)map);
	cells = (n + each - 1) / each;
	rows = (cells + w - 1) / w;
	for (size_t i = 0; i < cells; i++) {
		size_t to = (i + 1) * each < n ? (i + 1) * each : n;
		double busy = most_of(f, i * each, to);

		if (!isnan(busy))
			tui_put(a, x + (int)(i % w), y + (int)(i / w),
			    tui_heat_glyph(s, busy), role_of(busy));
	}
	if (h == 1)
		return 1;
	draw_busiest(f, a, x, y + (int)rows, n, each);
	return (int)rows + 1;
}
