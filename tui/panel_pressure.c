/* SPDX-License-Identifier: MIT */
/* Load and pressure: how many want to run, and how long they wait. */
#include "tui/panel.h"

#include "base/human.h"

#include <math.h>

static int draw_load_numbers(
    struct aur_figures *f, const struct tui_area *a, int x, int y)
{
	static const enum aur_figure_id load[] = {
	    AUR_FIG_load_one, AUR_FIG_load_five, AUR_FIG_load_fifteen};

	for (size_t i = 0; i < AUR_ARRAY_LEN(load); i++) {
		double v = tui_number(f, load[i], 0);
		enum tui_role role = i == 0 ? TUI_ROLE_STRONG : TUI_ROLE_TEXT;

		if (isnan(v))
			x += tui_str(a, x, y, "-", TUI_ROLE_MUTED) + 1;
		else
			x += tui_printf(a, x, y, role, "%.2f", v) + 1;
	}
	return x;
}

static void draw_load(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int y, bool spark)
{
	double total = tui_number(f, AUR_FIG_process_counts_total, 0);
	double run = tui_number(f, AUR_FIG_process_counts_running, 0);
	double cpus = tui_number(f, AUR_FIG_cpu_count, 0);
	const struct aur_series *load =
	    tui_tracks_recent(&s->tracks, TUI_TRACK_LOAD);
	char text[64] = "";
	int x, n;

	tui_label(a, y, "LOAD");
	x = draw_load_numbers(f, a, TUI_LABEL_W, y) + 1;
	if (!isnan(total) && !isnan(run))
		snprintf(
		    text, sizeof(text), "%.0f tasks, %.0f run", total, run);
	n = (int)strlen(text);
	if (x + n <= a->r.w)
		tui_str_right(a, a->r.w, y, text, TUI_ROLE_MUTED);
	if (spark && a->r.w - n - 2 - x >= 6)
		tui_spark(s, a, x, y, a->r.w - n - 2 - x, load,
		    tui_graph_top(
			s, load, a->r.w - n - 2 - x, isnan(cpus) ? 1 : cpus),
		    TUI_ROLE_CPU_USER);
}

static const struct {
	enum aur_figure_id some;
	int full; /* a figure, or -1 */
	enum tui_track track;
	const char *name;
} kinds[] = {
    {AUR_FIG_pressure_cpu_some_percent, -1, TUI_TRACK_PSI_CPU, "cpu"},
    {AUR_FIG_pressure_memory_some_percent, AUR_FIG_pressure_memory_full_percent,
	TUI_TRACK_PSI_MEMORY, "mem"},
    {AUR_FIG_pressure_io_some_percent, AUR_FIG_pressure_io_full_percent,
	TUI_TRACK_PSI_IO, "io"},
};

static enum tui_role role_of(double v)
{
	return v >= 25 ? TUI_ROLE_BAD : v >= 10 ? TUI_ROLE_WARN : TUI_ROLE_TEXT;
}

/* "2.1", or "-". */
static int draw_value(const struct tui_area *a, int x, int y, double v)
{
	char number[AUR_HUMAN_MAX] = "-";

	if (!isnan(v))
		aur_human_percent(v, number);
	return tui_printf(a, x, y, isnan(v) ? TUI_ROLE_MUTED : role_of(v),
	    "%s%s", number, isnan(v) ? "" : "%");
}

static void draw_compact(struct aur_figures *f, const struct tui_area *a, int y)
{
	int x = TUI_LABEL_W;

	tui_label(a, y, "PSI");
	for (size_t i = 0; i < AUR_ARRAY_LEN(kinds); i++) {
		x += tui_str(a, x, y, kinds[i].name, TUI_ROLE_MUTED) + 1;
		x += draw_value(a, x, y, tui_number(f, kinds[i].some, 0)) + 2;
	}
}

static void draw_kind(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int y, size_t i)
{
	const struct aur_series *past =
	    tui_tracks_recent(&s->tracks, kinds[i].track);
	int tail = a->r.w < 58 ? 12 : 26, x = TUI_LABEL_W;
	int spark = a->r.w - x - 4 - tail - 2;

	if (i == 0)
		tui_label(a, y, "PSI");
	tui_str(a, x, y, kinds[i].name, TUI_ROLE_MUTED);
	tui_spark(s, a, x + 4, y, spark, past,
	    tui_graph_top(s, past, spark, 10), TUI_ROLE_CPU_SYSTEM);
	x = a->r.w - tail;
	tui_str(a, x, y, "some", TUI_ROLE_MUTED);
	draw_value(a, x + 5, y, tui_number(f, kinds[i].some, 0));
	if (kinds[i].full < 0 || tail < 26)
		return;
	tui_str(a, x + 14, y, "full", TUI_ROLE_MUTED);
	draw_value(
	    a, x + 19, y, tui_number(f, (enum aur_figure_id)kinds[i].full, 0));
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	struct tui_scene *s = p->scene;

	draw_load(s, &s->figures, a, 0, true);
	if (!p->large) {
		if (a->r.h > 1)
			draw_compact(&s->figures, a, 1);
		return;
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(kinds); i++)
		draw_kind(s, &s->figures, a, 1 + (int)i, i);
}

static int prefer(const struct tui_panel *p, int w)
{
	(void)p;
	(void)w;
	return 4;
}

static void note(const struct tui_panel *p, char *out, size_t size)
{
	struct aur_figures *f = &p->scene->figures;
	double threads = tui_number(f, AUR_FIG_process_counts_threads, 0);
	double blocked = tui_number(f, AUR_FIG_process_counts_blocked, 0);
	double zombie = tui_number(f, AUR_FIG_process_counts_zombie, 0);

	out[0] = '\0';
	if (!isnan(threads) && !isnan(blocked) && !isnan(zombie))
		snprintf(out, size, "%.0f threads  %.0f blocked  %.0f zombie",
		    threads, blocked, zombie);
}

const struct tui_panel_class tui_panel_pressure = {
    .name = "pressure",
    .title = "Load and pressure",
    .domains = AUR_WANT_DOMAIN(LOAD) | AUR_WANT_DOMAIN(PRESSURE) |
	       AUR_WANT_DOMAIN(TASKS),
    .min_h = 2,
    .prefer = prefer,
    .draw = draw,
    .note = note,
};
