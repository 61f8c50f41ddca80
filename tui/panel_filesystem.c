/* SPDX-License-Identifier: MIT */
/* Filesystems, fullest first. */
#include "tui/panel.h"

#include <math.h>

#define FS_MAX 64

struct order {
	size_t row;
	double percent;
};

static int by_percent(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->percent != y->percent)
		return x->percent < y->percent ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* The rows, fullest first; at most FS_MAX. */
static size_t sorted(struct aur_figures *f, struct order out[FS_MAX])
{
	size_t n = aur_figures_rows(f, AUR_GROUP_FILESYSTEMS);

	if (n > FS_MAX)
		n = FS_MAX;
	for (size_t i = 0; i < n; i++) {
		double v = tui_number(f, AUR_FIG_filesystems_used_percent, i);

		out[i] = (struct order){i, isnan(v) ? -1 : v};
	}
	qsort(out, n, sizeof(*out), by_percent);
	return n;
}

static void draw_one(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int x, int y, size_t i)
{
	double percent = tui_number(f, AUR_FIG_filesystems_used_percent, i);
	struct tui_part bar = {percent / 100, 'u',
	    percent >= 90 ? TUI_ROLE_CPU_SYSTEM : TUI_ROLE_MEM_USED};
	char used[TUI_SMALL], total[TUI_SMALL], text[2 * TUI_SMALL + 2];
	int w = a->r.w - x, name = w / 3;

	if (name > 28)
		name = 28;
	tui_text(a, x, y, name, tui_string(f, AUR_FIG_filesystems_mount, i),
	    TUI_ROLE_TEXT);
	tui_bar(s, a, x + name + 1, y, w - name - 1 - 20, &bar, 1);
	tui_percent(a, a->r.w - 12, y, percent, 80, 90);
	tui_bytes(tui_number(f, AUR_FIG_filesystems_used_bytes, i), used);
	tui_bytes(tui_number(f, AUR_FIG_filesystems_total_bytes, i), total);
	snprintf(text, sizeof(text), "%s/%s", used, total);
	tui_str_right(a, a->r.w, y, text, TUI_ROLE_MUTED);
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	struct order order[FS_MAX];
	size_t n = sorted(&p->scene->figures, order);
	size_t shown = tui_panel_window(p, n, a->r.h);

	if (!p->large)
		tui_label(a, 0, "FS");
	for (size_t i = 0; i < shown; i++)
		draw_one(p->scene, &p->scene->figures, a,
		    p->large ? 0 : TUI_LABEL_W, (int)i,
		    order[p->scroll + i].row);
}

static int prefer(const struct tui_panel *p, int w)
{
	(void)w;
	return (int)aur_figures_rows(&p->scene->figures, AUR_GROUP_FILESYSTEMS);
}

const struct tui_panel_class tui_panel_filesystem = {
    .name = "filesystem",
    .title = "Filesystems",
    .domains = AUR_WANT_DOMAIN(FILESYSTEM),
    .min_h = 1,
    .prefer = prefer,
    .draw = draw,
};
