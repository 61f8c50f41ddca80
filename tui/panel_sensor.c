/* SPDX-License-Identifier: MIT */
/* What is left of a host: temperatures, sockets, the kernel's bustle, the
 * agent's own cost. */
#include "tui/panel.h"

#include <math.h>

static const struct {
	const char *name;
	enum aur_figure_id figure;
} facts[] = {
    {"TCP established", AUR_FIG_sockets_tcp_established},
    {"TCP listening", AUR_FIG_sockets_tcp_listening},
    {"TCP time-wait", AUR_FIG_sockets_tcp_time_wait},
    {"UDP sockets", AUR_FIG_sockets_udp},
    {"switches/s", AUR_FIG_kernel_context_switches_per_second},
    {"interrupts/s", AUR_FIG_kernel_interrupts_per_second},
    {"forks/s", AUR_FIG_kernel_forks_per_second},
    {"open files", AUR_FIG_kernel_open_files},
    {"agent CPU %", AUR_FIG_agent_cpu_percent},
    {"agent memory", AUR_FIG_agent_rss_bytes},
};

#define COLUMN_W 24

static void draw_fact(struct aur_figures *f, const struct tui_area *a, int x,
    int y, int w, size_t i)
{
	char text[TUI_SMALL];

	tui_figure(f, facts[i].figure, 0, text, sizeof(text));
	tui_str(a, x, y, facts[i].name, TUI_ROLE_MUTED);
	tui_str_right(a, x + w - 2, y, text, TUI_ROLE_TEXT);
}

static void draw_temperature(struct aur_figures *f, const struct tui_area *a,
    int x, int y, int w, size_t i)
{
	double v = tui_number(f, AUR_FIG_temperatures_celsius, i);
	char text[TUI_SMALL];

	snprintf(
	    text, sizeof(text), "%.0f %sC", v, a->s->ascii ? "" : "\xc2\xb0");
	tui_text(a, x, y, w - 8, tui_string(f, AUR_FIG_temperatures_sensor, i),
	    TUI_ROLE_MUTED);
	tui_str_right(a, x + w - 2, y, isnan(v) ? "-" : text,
	    v >= 85 ? TUI_ROLE_WARN : TUI_ROLE_TEXT);
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	struct aur_figures *f = &p->scene->figures;
	size_t warm = aur_figures_rows(f, AUR_GROUP_TEMPERATURES);
	size_t n = AUR_ARRAY_LEN(facts) + warm;
	int columns = a->r.w / COLUMN_W > 0 ? a->r.w / COLUMN_W : 1;
	size_t rows = (n + (size_t)columns - 1) / (size_t)columns;
	size_t shown = tui_panel_window(p, rows, a->r.h);
	int w = (a->r.w + 2) / columns;

	for (size_t y = 0; y < shown; y++)
		for (size_t c = 0; c < (size_t)columns; c++) {
			size_t i = c * rows + p->scroll + y;

			if (i < AUR_ARRAY_LEN(facts))
				draw_fact(f, a, (int)c * w, (int)y, w, i);
			else if (i < n)
				draw_temperature(f, a, (int)c * w, (int)y, w,
				    i - AUR_ARRAY_LEN(facts));
		}
}

static int prefer(const struct tui_panel *p, int w)
{
	size_t n = AUR_ARRAY_LEN(facts) +
		   aur_figures_rows(&p->scene->figures, AUR_GROUP_TEMPERATURES);
	size_t columns = w / COLUMN_W > 0 ? (size_t)(w / COLUMN_W) : 1;

	return (int)((n + columns - 1) / columns);
}

const struct tui_panel_class tui_panel_sensor = {
    .name = "sensor",
    .title = "Sockets, kernel, temperatures",
    .domains = AUR_WANT_DOMAIN(SOCKET) | AUR_WANT_DOMAIN(KERNEL) |
	       AUR_WANT_DOMAIN(TEMPERATURE) | AUR_WANT_DOMAIN(AGENT),
    .min_h = 2,
    .prefer = prefer,
    .draw = draw,
};
