/* SPDX-License-Identifier: MIT */
/* Memory and swap as bars of parts; large, with the parts in numbers and the
 * recent past. */
#include "tui/panel.h"

#include <math.h>

#define NUMBERS_W 20

static void draw_numbers(
    const struct tui_area *a, int y, double percent, double used, double total)
{
	char u[TUI_SMALL], t[TUI_SMALL], text[2 * TUI_SMALL + 2];

	tui_percent(a, a->r.w - 12, y, percent, 85, 95);
	tui_bytes(used, u);
	tui_bytes(total, t);
	snprintf(text, sizeof(text), "%s/%s", u, t);
	tui_str_right(a, a->r.w, y, text, TUI_ROLE_MUTED);
}

static void draw_memory(
    const struct tui_scene *s, struct aur_figures *f, const struct tui_area *a)
{
	double total = tui_number(f, AUR_FIG_memory_total_bytes, 0);
	double used = tui_number(f, AUR_FIG_memory_used_bytes, 0);
	double shared = tui_number(f, AUR_FIG_memory_shared_bytes, 0);
	double cache = tui_number(f, AUR_FIG_memory_cached_bytes, 0) +
		       tui_number(f, AUR_FIG_memory_buffers_bytes, 0);
	struct tui_part bar[3];

	if (isnan(shared) || shared > used)
		shared = 0;
	if (cache > total - used)
		cache = total - used;
	bar[0] =
	    (struct tui_part){(used - shared) / total, 'u', TUI_ROLE_MEM_USED};
	bar[1] = (struct tui_part){shared / total, 'h', TUI_ROLE_MEM_SHARED};
	bar[2] = (struct tui_part){cache / total, 'c', TUI_ROLE_MEM_CACHE};
	tui_label(a, 0, "MEM");
	tui_bar(s, a, TUI_LABEL_W, 0, a->r.w - TUI_LABEL_W - NUMBERS_W, bar, 3);
	draw_numbers(
	    a, 0, tui_number(f, AUR_FIG_memory_used_percent, 0), used, total);
}

static void draw_swap(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int y)
{
	double total = tui_number(f, AUR_FIG_swap_total_bytes, 0);
	double used = tui_number(f, AUR_FIG_swap_used_bytes, 0);
	struct tui_part bar = {used / total, 'w', TUI_ROLE_SWAP};

	tui_label(a, y, "SWAP");
	if (total == 0) {
		tui_bar(s, a, TUI_LABEL_W, y, a->r.w - TUI_LABEL_W - NUMBERS_W,
		    NULL, 0);
		tui_str_right(a, a->r.w, y, "none", TUI_ROLE_MUTED);
		return;
	}
	bar.letter = 'u';
	tui_bar(
	    s, a, TUI_LABEL_W, y, a->r.w - TUI_LABEL_W - NUMBERS_W, &bar, 1);
	draw_numbers(
	    a, y, tui_number(f, AUR_FIG_swap_used_percent, 0), used, total);
}

/* "u used 6.0G  h shared 1.2M ..." as far as it goes. */
static void draw_parts(struct aur_figures *f, const struct tui_area *a, int y)
{
	static const struct {
		enum aur_figure_id figure;
		char letter;
		const char *name;
		enum tui_role role;
	} part[] = {
	    {AUR_FIG_memory_used_bytes, 'u', "used", TUI_ROLE_MEM_USED},
	    {AUR_FIG_memory_shared_bytes, 'h', "shared", TUI_ROLE_MEM_SHARED},
	    {AUR_FIG_memory_cached_bytes, 'c', "cache", TUI_ROLE_MEM_CACHE},
	    {AUR_FIG_memory_free_bytes, 0, "free", TUI_ROLE_MUTED},
	    {AUR_FIG_memory_available_bytes, 0, "available", TUI_ROLE_MUTED},
	    {AUR_FIG_memory_dirty_bytes, 0, "dirty", TUI_ROLE_MUTED},
	    {AUR_FIG_swap_in_bytes_per_second, 0, "swap in", TUI_ROLE_MUTED},
	    {AUR_FIG_swap_out_bytes_per_second, 0, "out", TUI_ROLE_MUTED},
	};
	int x = TUI_LABEL_W;

	for (size_t i = 0; i < AUR_ARRAY_LEN(part); i++) {
		char number[TUI_SMALL], text[2 * TUI_SMALL];
		int lead = part[i].letter ? 2 : 0;

		tui_bytes(tui_number(f, part[i].figure, 0), number);
		snprintf(text, sizeof(text), "%s %s", part[i].name, number);
		if (x + lead + (int)strlen(text) > a->r.w)
			break;
		if (lead > 0) {
			tui_put(
			    a, x, y, (uint32_t)part[i].letter, part[i].role);
			tui_mark(a, x, y, 1, TUI_REVERSE);
		}
		x += lead;
		x += tui_str(a, x, y, text, TUI_ROLE_MUTED) + 2;
	}
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	struct tui_scene *s = p->scene;
	int y = 1;

	draw_memory(s, &s->figures, a);
	if (p->large && a->r.h >= 3)
		draw_parts(&s->figures, a, y++);
	if (a->r.h > y)
		draw_swap(s, &s->figures, a, y++);
	if (!p->large || p->bare || a->r.h <= y)
		return;
	tui_str(a, 0, y, a->r.h - y > 1 ? "100%" : "", TUI_ROLE_MUTED);
	if (a->r.h - y > 1)
		tui_str(a, 0, a->r.h - 1, "  0%", TUI_ROLE_MUTED);
	tui_graph(s, a,
	    (struct tui_rect){TUI_LABEL_W, y, a->r.w - TUI_LABEL_W, a->r.h - y},
	    tui_tracks_recent(&s->tracks, TUI_TRACK_MEMORY), 100,
	    TUI_ROLE_MEM_USED);
}

static int prefer(const struct tui_panel *p, int w)
{
	(void)w;
	return p->bare ? 3 : 5;
}

static void note(const struct tui_panel *p, char *out, size_t size)
{
	struct aur_figures *f = &p->scene->figures;
	char limit[TUI_SMALL];
	double v = tui_number(f, AUR_FIG_limits_memory_bytes, 0);

	out[0] = '\0';
	if (isnan(v))
		return;
	tui_bytes(v, limit);
	snprintf(out, size, "limit of the group %s", limit);
}

const struct tui_panel_class tui_panel_memory = {
    .name = "memory",
    .title = "Memory",
    .domains = AUR_WANT_DOMAIN(MEMORY) | AUR_WANT_DOMAIN(LIMITS),
    .min_h = 3,
    .grows = true,
    .prefer = prefer,
    .draw = draw,
    .note = note,
};
