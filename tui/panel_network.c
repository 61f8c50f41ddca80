/* SPDX-License-Identifier: MIT */
/* Network: the totals in one row; large, a row for each interface. */
#include "tui/flow.h"

#include "base/human.h"

#include <math.h>

/* Narrow, the speed of the link is left out. */
#define WIDE 58

static int name_width(int w)
{
	return w < WIDE ? 9 : 11;
}

static int tail_width(int w)
{
	return w < WIDE ? 0 : 14;
}

static void marks(const struct tui_scene *s, struct tui_flow *flow)
{
	flow->mark[0] = s->ascii ? "v" : "\xe2\x86\x93";
	flow->mark[1] = s->ascii ? "^" : "\xe2\x86\x91";
}

static void draw_totals(
    const struct tui_scene *s, struct aur_figures *f, const struct tui_area *a)
{
	struct tui_flow flow = {
	    .rate = {tui_number(
			 f, AUR_FIG_network_totals_receive_bytes_per_second, 0),
		tui_number(
		    f, AUR_FIG_network_totals_transmit_bytes_per_second, 0)},
	    .series = {tui_tracks_recent(&s->tracks, TUI_TRACK_RECEIVE),
		tui_tracks_recent(&s->tracks, TUI_TRACK_TRANSMIT)}};

	marks(s, &flow);
	tui_label(a, 0, "NET");
	tui_flow(s, a, TUI_LABEL_W, 0, a->r.w - TUI_LABEL_W, &flow);
}

/* Errors and drops of both directions, where there are any. */
static void draw_trouble(
    struct aur_figures *f, const struct tui_area *a, int y, size_t i)
{
	double errors =
	    tui_number(f, AUR_FIG_network_receive_errors_per_second, i) +
	    tui_number(f, AUR_FIG_network_transmit_errors_per_second, i);
	double drops =
	    tui_number(f, AUR_FIG_network_receive_drops_per_second, i) +
	    tui_number(f, AUR_FIG_network_transmit_drops_per_second, i);
	double speed = tui_number(f, AUR_FIG_network_speed_bits_per_second, i);
	char number[AUR_HUMAN_MAX], text[TUI_SMALL] = "";
	enum tui_role role = TUI_ROLE_MUTED;

	if (errors > 0 || drops > 0) {
		bool err = errors > 0;

		aur_human_count(err ? errors : drops, number);
		snprintf(text, sizeof(text), "!%s %s/s", err ? "err" : "drop",
		    number);
		role = err ? TUI_ROLE_BAD : TUI_ROLE_WARN;
	} else if (speed > 0 && a->r.w >= WIDE) {
		aur_human_bits(speed, number);
		snprintf(text, sizeof(text), "%sbit/s", number);
	}
	tui_str_right(a, a->r.w, y, text, role);
}

static void draw_interface(
    struct tui_scene *s, const struct tui_area *a, int y, size_t i)
{
	struct aur_figures *f = &s->figures;
	struct aur_slice name = tui_string(f, AUR_FIG_network_interface, i);
	const struct tui_pair *pair = tui_tracks_net(&s->tracks, name);
	bool down = tui_number(f, AUR_FIG_network_up, i) == 0;
	struct tui_flow flow = {
	    .rate = {tui_number(f, AUR_FIG_network_receive_bytes_per_second, i),
		tui_number(f, AUR_FIG_network_transmit_bytes_per_second, i)},
	    .series = {pair ? &pair->in.tier[0] : NULL,
		pair ? &pair->out.tier[0] : NULL}};

	int left = name_width(a->r.w), tail = tail_width(a->r.w);

	marks(s, &flow);
	tui_text(
	    a, 0, y, left - 1, name, down ? TUI_ROLE_MUTED : TUI_ROLE_STRONG);
	if (down) {
		tui_str(a, left, y, "down", TUI_ROLE_MUTED);
		return;
	}
	tui_flow(s, a, left, y, a->r.w - left - tail, &flow);
	draw_trouble(f, a, y, i);
}

/* Links to elsewhere stand first, then the loopback, then what is down. */
static int rank(struct aur_figures *f, size_t i)
{
	if (tui_number(f, AUR_FIG_network_up, i) == 0)
		return 2;
	return aur_slice_is(tui_string(f, AUR_FIG_network_interface, i), "lo");
}

static void draw_interfaces(
    struct tui_panel *p, const struct tui_area *a, size_t n, size_t shown)
{
	size_t at = 0;

	for (int r = 0; r <= 2; r++)
		for (size_t i = 0; i < n; i++) {
			if (rank(&p->scene->figures, i) != r)
				continue;
			if (at >= p->scroll && at - p->scroll < shown)
				draw_interface(
				    p->scene, a, 1 + (int)(at - p->scroll), i);
			at++;
		}
}

static void draw_head(const struct tui_area *a)
{
	int w = a->r.w, left = name_width(w), tail = tail_width(w);

	tui_str(a, 0, 0, w < WIDE ? "NET" : "INTERFACE", TUI_ROLE_MUTED);
	tui_str(a, left, 0, "RECEIVED", TUI_ROLE_MUTED);
	tui_str(a, left + (w - left - tail) / 2, 0, "SENT", TUI_ROLE_MUTED);
	if (tail > 0)
		tui_str_right(a, w, 0, "LINK", TUI_ROLE_MUTED);
}

static void draw(struct tui_panel *p, const struct tui_area *a)
{
	size_t n = aur_figures_rows(&p->scene->figures, AUR_GROUP_NETWORK);

	if (!p->large) {
		draw_totals(p->scene, &p->scene->figures, a);
		return;
	}
	draw_head(a);
	draw_interfaces(p, a, n, tui_panel_window(p, n, a->r.h - 1));
	if (n == 0)
		tui_str(a, 0, 1, "no interfaces are seen", TUI_ROLE_MUTED);
}

static int prefer(const struct tui_panel *p, int w)
{
	(void)w;
	return 1 + (int)aur_figures_rows(&p->scene->figures, AUR_GROUP_NETWORK);
}

const struct tui_panel_class tui_panel_network = {
    .name = "network",
    .title = "Network",
    .domains = AUR_WANT_DOMAIN(NETWORK),
    .min_h = 2,
    .prefer = prefer,
    .draw = draw,
};
