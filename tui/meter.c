/* SPDX-License-Identifier: MIT */
#include "tui/meter.h"

#include "base/human.h"
#include "base/limits.h"
#include "view/format.h"

#include <math.h>

#define PARTS_MAX 8

uint32_t tui_shade(const struct tui_scene *s, char letter)
{
	if (s->ascii)
		return (uint32_t)letter;
	switch (letter) {
	case 's': /* system, shared: two strengths below the first */
	case 'h':
		return 0x2593;
	case 'n':
	case 'i':
	case 'c':
		return 0x2592;
	case 'w':
		return 0x2591;
	case 't':
		return 0x2573;
	default:
		return 0x2588;
	}
}

static uint32_t track(const struct tui_scene *s)
{
	return s->ascii ? '.' : 0xb7;
}

void tui_bar(const struct tui_scene *s, const struct tui_area *a, int x, int y,
    int w, const struct tui_part *part, size_t n)
{
	struct aur_bar_part bar[PARTS_MAX] = {{0}};
	size_t width[PARTS_MAX] = {0};
	int at = x;

	if (w <= 0 || n > PARTS_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		bar[i] = (struct aur_bar_part){
		    isnan(part[i].share) ? 0 : part[i].share, part[i].letter};
	aur_bar_split(bar, n, (size_t)w, width);
	for (size_t i = 0; i < n; i++) {
		int k = (int)width[i];

		tui_repeat(
		    a, at, y, k, tui_shade(s, part[i].letter), part[i].role);
		if (k >= 2 && n > 1 && !s->ascii) {
			tui_put(
			    a, at, y, (uint32_t)part[i].letter, part[i].role);
			tui_mark(a, at, y, 1, TUI_REVERSE);
		}
		at += k;
	}
	tui_repeat(a, at, y, x + w - at, track(s), TUI_ROLE_TRACK);
}

static double scaled(struct aur_point p, double top)
{
	double v = (double)p.mean / top;

	if (isnan(v))
		return NAN;
	return v < 0 ? 0 : v > 1 ? 1 : v;
}

/* Values per column. */
static size_t per_column(const struct tui_scene *s)
{
	return s->glyphs == AUR_GLYPHS_BRAILLE ? 2 : 1;
}

/* How many values the column at the right edge is still to get. Columns hold
 * the same values from frame to frame, so that a graph moves by whole ones,
 * and a frame in between changes one column alone. */
static size_t missing(
    const struct tui_scene *s, const struct aur_series *series, size_t back)
{
	return per_column(s) == 2
		   ? (size_t)(~(series->newest - (int64_t)back) & 1)
		   : 0;
}

double tui_graph_top(const struct tui_scene *s, const struct aur_series *series,
    int w, double least)
{
	size_t back = tui_scene_back(s, series), n;
	double top = least;

	n = (size_t)(w > 0 ? w : 0) * per_column(s);
	for (size_t i = 0; i + missing(s, series, back) < n; i++) {
		double v = (double)aur_series_at(series, back + i).mean;

		if (v > top)
			top = v;
	}
	return top;
}

/* The value `at` places from the right edge, of which the first `none` are
 * not there yet. */
static double value_at(const struct aur_series *series, size_t back,
    size_t none, size_t at, double top)
{
	return at < none ? NAN
			 : scaled(aur_series_at(series, back + at - none), top);
}

void tui_graph(const struct tui_scene *s, const struct tui_area *a,
    struct tui_rect r, const struct aur_series *series, double top,
    enum tui_role role)
{
	size_t back = tui_scene_back(s, series), step = per_column(s);
	size_t none = missing(s, series, back);

	if (r.w <= 0 || r.h <= 0)
		return;
	if (!(top > 0))
		top = tui_graph_top(s, series, r.w, 1e-9);
	for (int i = 0; i < r.w; i++) {
		size_t at = (size_t)i * step;
		double right = value_at(series, back, none, at, top);
		double left = step == 2
				  ? value_at(series, back, none, at + 1, top)
				  : right;

		if (isnan(left) && isnan(right))
			continue;
		for (int k = 0; k < r.h; k++)
			tui_put(a, r.x + r.w - 1 - i, r.y + r.h - 1 - k,
			    aur_graph_glyph(
				left, right, (size_t)k, (size_t)r.h, s->glyphs),
			    role);
	}
}

void tui_spark(const struct tui_scene *s, const struct tui_area *a, int x,
    int y, int w, const struct aur_series *series, double top,
    enum tui_role role)
{
	tui_graph(s, a, (struct tui_rect){x, y, w, 1}, series, top, role);
}

void tui_label(const struct tui_area *a, int y, const char *label)
{
	tui_str(a, 0, y, label, TUI_ROLE_LABEL);
}

void tui_percent(
    const struct tui_area *a, int end, int y, double v, double warn, double bad)
{
	char number[AUR_HUMAN_MAX], text[TUI_SMALL];
	enum tui_role role = TUI_ROLE_STRONG;

	if (isnan(v)) {
		tui_str_right(a, end, y, "-", TUI_ROLE_MUTED);
		return;
	}
	if (v >= bad)
		role = TUI_ROLE_BAD;
	else if (v >= warn)
		role = TUI_ROLE_WARN;
	aur_human_percent(v, number);
	snprintf(text, sizeof(text), "%s%s%%", v >= bad ? "!" : "", number);
	tui_str_right(a, end, y, text, role);
}

void tui_bytes(double v, char out[TUI_SMALL])
{
	char number[AUR_HUMAN_MAX] = "-";

	if (!isnan(v))
		aur_human_bytes(v, number);
	snprintf(out, TUI_SMALL, "%s", number);
}

void tui_rate(double v, char out[TUI_SMALL])
{
	char number[AUR_HUMAN_MAX] = "-";

	if (!isnan(v))
		aur_human_bytes(v, number);
	snprintf(out, TUI_SMALL, "%s%s", number, isnan(v) ? "" : "/s");
}

void tui_figure(struct aur_figures *f, enum aur_figure_id id, size_t row,
    char *out, size_t size)
{
	struct aur_value v = {.type = AUR_VALUE_NULL};
	struct aur_buf b;
	const char *text = NULL;

	aur_buf_init(&b, AUR_MAX_STRING);
	if (row < aur_figures_rows(f, aur_figure_get(id)->group))
		aur_figures_get(f, id, row, &v);
	if (aur_format_figure(&b, id, &v) == 0)
		text = aur_buf_str(&b);
	snprintf(out, size, "%s", text != NULL ? text : "-");
	aur_buf_release(&b);
}
