/* SPDX-License-Identifier: MIT */
/*
 * All CPUs as one bar of parts, each core as a small bar in as many columns
 * as fit, and the recent past. Where there are more cores than room, they
 * are a heat map.
 */
#include "tui/heat.h"
#include "tui/panel.h"

#include "base/human.h"

#include <math.h>

#define CORE_MIN_W 15
#define NPART 6

static const struct {
	enum aur_figure_id figure;
	char letter;
	const char *name;
	enum tui_role role;
	bool always;
} parts[NPART] = {
    {AUR_FIG_cpu_user_percent, 'u', "user", TUI_ROLE_CPU_USER, true},
    {AUR_FIG_cpu_system_percent, 's', "system", TUI_ROLE_CPU_SYSTEM, true},
    {AUR_FIG_cpu_nice_percent, 'n', "nice", TUI_ROLE_CPU_NICE, false},
    {AUR_FIG_cpu_irq_percent, 'i', "irq", TUI_ROLE_CPU_IRQ, false},
    {AUR_FIG_cpu_steal_percent, 't', "steal", TUI_ROLE_CPU_STEAL, false},
    {AUR_FIG_cpu_iowait_percent, 'w', "iowait", TUI_ROLE_CPU_IOWAIT, true},
};

static double part_percent(struct aur_figures *f, size_t i)
{
	double v = tui_number(f, parts[i].figure, 0);

	if (parts[i].letter == 'i')
		v += tui_number(f, AUR_FIG_cpu_softirq_percent, 0);
	return v;
}

static void draw_total(
    const struct tui_scene *s, struct aur_figures *f, const struct tui_area *a)
{
	struct tui_part bar[NPART];

	for (size_t i = 0; i < NPART; i++)
		bar[i] = (struct tui_part){
		    part_percent(f, i) / 100, parts[i].letter, parts[i].role};
	tui_label(a, 0, "CPU");
	tui_bar(s, a, TUI_LABEL_W, 0, a->r.w - TUI_LABEL_W - 7, bar, NPART);
	tui_percent(
	    a, a->r.w, 0, tui_number(f, AUR_FIG_cpu_busy_percent, 0), 101, 101);
}

static void draw_legend(struct aur_figures *f, const struct tui_area *a, int y)
{
	int x = TUI_LABEL_W;

	for (size_t i = 0; i < NPART; i++) {
		char number[AUR_HUMAN_MAX] = "-", text[TUI_SMALL];
		double v = part_percent(f, i);

		if (!parts[i].always && !(v >= 0.05))
			continue;
		if (!isnan(v))
			aur_human_percent(v, number);
		snprintf(text, sizeof(text), "%s %s", parts[i].name, number);
		if (x + 2 + (int)strlen(text) > a->r.w)
			break;
		tui_put(a, x, y, (uint32_t)parts[i].letter, parts[i].role);
		tui_mark(a, x, y, 1, TUI_REVERSE);
		x += 2;
		x += tui_str(a, x, y, text, TUI_ROLE_MUTED) + 2;
	}
}

static void draw_core(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int x, int y, int w, size_t i)
{
	double user = tui_number(f, AUR_FIG_cores_user_percent, i);
	double sys = tui_number(f, AUR_FIG_cores_system_percent, i);
	double wait = tui_number(f, AUR_FIG_cores_iowait_percent, i);
	double busy = tui_number(f, AUR_FIG_cores_busy_percent, i);
	double id = tui_number(f, AUR_FIG_cores_id, i);
	struct tui_part bar[] = {
	    {user / 100, 'u', TUI_ROLE_CPU_USER},
	    {sys / 100, 's', TUI_ROLE_CPU_SYSTEM},
	    {(busy - user - sys) / 100, 't', TUI_ROLE_CPU_STEAL},
	    {wait / 100, 'w', TUI_ROLE_CPU_IOWAIT},
	};

	if (bar[2].share < 0.001)
		bar[2].share = 0;
	tui_printf(a, x, y, TUI_ROLE_MUTED, "%3.0f", isnan(id) ? 0 : id);
	tui_bar(s, a, x + 4, y, w - 4 - 5, bar, AUR_ARRAY_LEN(bar));
	if (isnan(busy))
		tui_str_right(a, x + w, y, "-", TUI_ROLE_MUTED);
	else {
		char text[TUI_SMALL];

		snprintf(text, sizeof(text), "%.0f", busy);
		tui_str_right(a, x + w, y, text, TUI_ROLE_TEXT);
	}
}

/* Columns of core bars in `w`, so that `n` need at most `rows`; 0 if they
 * cannot. */
static int core_columns(int w, size_t n, int rows)
{
	int most = (w + 1) / (CORE_MIN_W + 1);

	for (int c = 1; c <= most; c++)
		if ((n + (size_t)c - 1) / (size_t)c <= (size_t)rows &&
		    (c == most || (w + 1) / c <= 45 || n <= (size_t)c))
			return c;
	return 0;
}

/* Draws the cores from row `y` in at most `rows`; the rows it took. */
static int draw_cores(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int y, int rows)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_CORES);
	int w = a->r.w - TUI_LABEL_W + 1, columns, high;

	if (n == 0 || rows <= 0)
		return 0;
	columns = core_columns(w, n, rows);
	if (columns == 0)
		return tui_heat(s, a, TUI_LABEL_W, y, rows);
	high = (int)((n + (size_t)columns - 1) / (size_t)columns);
	for (size_t i = 0; i < n; i++) {
		int c = (int)i / high, from = c * (w + 1) / columns;
		int to = (c + 1) * (w + 1) / columns - 2;

		draw_core(s, f, a, TUI_LABEL_W - 1 + from, y + (int)i % high,
		    to - from, i);
	}
	return high;
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	struct tui_scene *s = p->scene;
	struct aur_figures *f = &s->figures;
	const struct aur_series *past =
	    tui_tracks_recent(&s->tracks, TUI_TRACK_CPU);
	int y = 1, h = a->r.h, spare;

	draw_total(s, f, a);
	if (h >= 3)
		draw_legend(f, a, y++);
	spare = h >= 6 && !p->bare ? h - y - (h >= 9 ? h / 3 : 2) : h - y;
	y += draw_cores(s, f, a, y, spare);
	if (h - y < 1 || p->bare)
		return;
	tui_str(a, 0, y, h - y > 1 ? "100%" : "", TUI_ROLE_MUTED);
	if (h - y > 1)
		tui_str(a, 0, h - 1, "  0%", TUI_ROLE_MUTED);
	tui_graph(s, a,
	    (struct tui_rect){TUI_LABEL_W, y, a->r.w - TUI_LABEL_W, h - y},
	    past, 100, TUI_ROLE_CPU_USER);
}

static int prefer(const struct tui_panel *p, int w)
{
	size_t n = aur_figures_rows(&p->scene->figures, AUR_GROUP_CORES);
	int columns = p->bare ? core_columns(w - TUI_LABEL_W + 1, n, 8)
			      : (w - TUI_LABEL_W) / 40;
	int rows = (int)n;

	if (columns > 0)
		rows = p->bare ? ((int)n + columns - 1) / columns
			       : (int)n / columns + 1;
	return 2 + (rows > 8 ? 8 : rows) + (p->bare ? 0 : 4);
}

static void note(const struct tui_panel *p, char *out, size_t size)
{
	struct aur_figures *f = &p->scene->figures;
	struct aur_slice model = tui_string(f, AUR_FIG_cpu_model, 0);
	double n = tui_number(f, AUR_FIG_cpu_count, 0);
	double hz = tui_number(f, AUR_FIG_cpu_frequency_hertz, 0);
	char ghz[TUI_SMALL] = "", count[TUI_SMALL] = "";

	if (!isnan(n))
		snprintf(
		    count, sizeof(count), "%.0f CPU%s", n, n == 1 ? "" : "s");
	if (!isnan(hz))
		snprintf(ghz, sizeof(ghz), "  %.2f GHz", hz / 1e9);
	snprintf(out, size, "%.*s  %s%s", (int)(model.n < 60 ? model.n : 60),
	    (const char *)model.p, count, ghz);
}

const struct tui_panel_class tui_panel_cpu = {
    .name = "cpu",
    .title = "CPU",
    .domains = AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(CORE),
    .min_h = 4,
    .grows = true,
    .prefer = prefer,
    .draw = draw,
    .note = note,
};
