/* SPDX-License-Identifier: MIT */
/* Filesystems, fullest first, and when they will be full if they go on as
 * they did in this run. */
#include "tui/panel.h"

#include "base/human.h"

#include <math.h>

#define FS_MAX 64
#define FULL_W 8 /* "5d4h", behind a blank */
#define SOON (24 * 3600.0)

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

/* "3h12m"; empty where nobody can tell. */
static double full_in(const struct tui_scene *s, struct aur_figures *f,
    size_t i, char out[AUR_HUMAN_MAX])
{
	double t = tui_growth_full(&s->growth,
	    tui_string(f, AUR_FIG_filesystems_mount, i),
	    tui_number(f, AUR_FIG_filesystems_available_bytes, i));

	out[0] = '\0';
	if (!isnan(t))
		aur_human_span(aur_span_seconds(t), out);
	return t;
}

/* What stands at the right: the sizes, and when it will be full. Where there
 * is room for one only, that it fills says more than its size. */
static void draw_right(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int y, bool large, size_t i)
{
	char used[TUI_SMALL], total[TUI_SMALL], text[2 * TUI_SMALL + 2];
	char span[AUR_HUMAN_MAX];
	double t = full_in(s, f, i, span);
	enum tui_role role = isnan(t)	? TUI_ROLE_MUTED
			     : t < SOON ? TUI_ROLE_BAD
					: TUI_ROLE_WARN;
	int end = a->r.w;

	tui_bytes(tui_number(f, AUR_FIG_filesystems_used_bytes, i), used);
	tui_bytes(tui_number(f, AUR_FIG_filesystems_total_bytes, i), total);
	snprintf(text, sizeof(text), "%s/%s", used, total);
	if (large) {
		tui_str_right(a, end, y, span[0] != '\0' ? span : "-", role);
		end -= FULL_W;
	} else if (span[0] != '\0') {
		snprintf(text, sizeof(text), "full %s", span);
		tui_str_right(a, end, y, text, role);
		return;
	}
	tui_str_right(a, end, y, text, TUI_ROLE_MUTED);
}

static void draw_one(const struct tui_scene *s, struct aur_figures *f,
    const struct tui_area *a, int x, int y, bool large, size_t i)
{
	double percent = tui_number(f, AUR_FIG_filesystems_used_percent, i);
	struct tui_part bar = {percent / 100, 'u',
	    percent >= 90 ? TUI_ROLE_CPU_SYSTEM : TUI_ROLE_MEM_USED};
	int w = a->r.w - x - (large ? FULL_W : 0), name = w / 3;

	if (name > 28)
		name = 28;
	tui_text(a, x, y, name, tui_string(f, AUR_FIG_filesystems_mount, i),
	    TUI_ROLE_TEXT);
	tui_bar(s, a, x + name + 1, y, w - name - 1 - 20, &bar, 1);
	tui_percent(a, x + w - 12, y, percent, 80, 90);
	draw_right(s, f, a, y, large, i);
}

static void draw_head(const struct tui_area *a)
{
	tui_str(a, 0, 0, "MOUNT", TUI_ROLE_MUTED);
	tui_str_right(a, a->r.w - FULL_W, 0, "USED/SIZE", TUI_ROLE_MUTED);
	tui_str_right(a, a->r.w, 0, "FULL IN", TUI_ROLE_MUTED);
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	struct order order[FS_MAX];
	size_t n = sorted(&p->scene->figures, order);
	int head = p->large && a->r.h > 1;
	size_t shown = tui_panel_window(p, n, a->r.h - head);

	if (!p->large)
		tui_label(a, 0, "FS");
	if (head)
		draw_head(a);
	for (size_t i = 0; i < shown; i++)
		draw_one(p->scene, &p->scene->figures, a,
		    p->large ? 0 : TUI_LABEL_W, (int)i + head, p->large,
		    order[p->scroll + i].row);
}

static int prefer(const struct tui_panel *p, int w)
{
	(void)w;
	return 1 +
	       (int)aur_figures_rows(&p->scene->figures, AUR_GROUP_FILESYSTEMS);
}

const struct tui_panel_class tui_panel_filesystem = {
    .name = "filesystem",
    .title = "Filesystems",
    .domains = AUR_WANT_DOMAIN(FILESYSTEM),
    .min_h = 1,
    .prefer = prefer,
    .draw = draw,
};
