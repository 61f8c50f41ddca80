/* SPDX-License-Identifier: MIT */
/* Disks: the totals in one row; large, a row for each device. */
#include "tui/flow.h"

#include "base/human.h"

#include <math.h>

/* Narrow, only how busy a device is stands beside its rates. */
#define WIDE 58

static int name_width(int w)
{
	return w < WIDE ? 8 : 10;
}

static int tail_width(int w)
{
	return w < WIDE ? 7 : 20;
}

static const char *const marks[2] = {"r", "w"};

static void draw_totals(
    const struct tui_scene *s, struct aur_figures *f, const struct tui_area *a)
{
	struct tui_flow flow = {{marks[0], marks[1]},
	    {tui_number(f, AUR_FIG_disk_totals_read_bytes_per_second, 0),
		tui_number(f, AUR_FIG_disk_totals_write_bytes_per_second, 0)},
	    {tui_tracks_recent(&s->tracks, TUI_TRACK_READ),
		tui_tracks_recent(&s->tracks, TUI_TRACK_WRITE)}};

	tui_label(a, 0, "DISK");
	tui_flow(s, a, TUI_LABEL_W, 0, a->r.w - TUI_LABEL_W, &flow);
}

static void draw_number(const struct tui_area *a, int end, int y, double v,
    const char *unit, double warn)
{
	char number[AUR_HUMAN_MAX] = "-", text[TUI_SMALL];

	if (!isnan(v))
		aur_human_percent(v, number);
	snprintf(text, sizeof(text), "%s%s", number, isnan(v) ? "" : unit);
	tui_str_right(a, end, y, text,
	    isnan(v)	? TUI_ROLE_MUTED
	    : v >= warn ? TUI_ROLE_WARN
			: TUI_ROLE_TEXT);
}

static void draw_device(
    struct tui_scene *s, const struct tui_area *a, int y, size_t i)
{
	struct aur_figures *f = &s->figures;
	struct aur_slice name = tui_string(f, AUR_FIG_disks_device, i);
	const struct tui_pair *pair = tui_tracks_disk(&s->tracks, name);
	struct tui_flow flow = {{marks[0], marks[1]},
	    {tui_number(f, AUR_FIG_disks_read_bytes_per_second, i),
		tui_number(f, AUR_FIG_disks_write_bytes_per_second, i)},
	    {pair ? &pair->in.tier[0] : NULL,
		pair ? &pair->out.tier[0] : NULL}};

	int w = a->r.w, left = name_width(w), tail = tail_width(w);

	tui_text(a, 0, y, left - 1, name, TUI_ROLE_STRONG);
	tui_flow(s, a, left, y, w - left - tail - 1, &flow);
	draw_number(a, w - tail + 6, y,
	    tui_number(f, AUR_FIG_disks_busy_percent, i), "%", 80);
	if (w < WIDE)
		return;
	draw_number(a, w - 8, y, tui_number(f, AUR_FIG_disks_queue_length, i),
	    "", INFINITY);
	draw_number(
	    a, w, y, tui_number(f, AUR_FIG_disks_await_ms, i), "ms", INFINITY);
}

static void draw_head(const struct tui_area *a)
{
	int w = a->r.w, left = name_width(w), tail = tail_width(w);

	tui_str(a, 0, 0, "DEVICE", TUI_ROLE_MUTED);
	tui_str(a, left, 0, "READ", TUI_ROLE_MUTED);
	tui_str(
	    a, left + (w - left - tail - 1) / 2, 0, "WRITE", TUI_ROLE_MUTED);
	tui_str_right(a, w - tail + 6, 0, "BUSY", TUI_ROLE_MUTED);
	if (w < WIDE)
		return;
	tui_str_right(a, w - 8, 0, "QUEUE", TUI_ROLE_MUTED);
	tui_str_right(a, w, 0, "AWAIT", TUI_ROLE_MUTED);
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	size_t n = aur_figures_rows(&p->scene->figures, AUR_GROUP_DISKS);
	size_t shown;

	if (!p->large) {
		draw_totals(p->scene, &p->scene->figures, a);
		return;
	}
	draw_head(a);
	shown = tui_panel_window(p, n, a->r.h - 1);
	for (size_t i = 0; i < shown; i++)
		draw_device(p->scene, a, 1 + (int)i, p->scroll + i);
	if (n == 0)
		tui_str(a, 0, 1, "no disks are seen", TUI_ROLE_MUTED);
}

static int prefer(const struct tui_panel *p, int w)
{
	(void)w;
	return 1 + (int)aur_figures_rows(&p->scene->figures, AUR_GROUP_DISKS);
}

const struct tui_panel_class tui_panel_disk = {
    .name = "disk",
    .title = "Disks",
    .domains = AUR_WANT_DOMAIN(DISK),
    .min_h = 2,
    .prefer = prefer,
    .draw = draw,
};
