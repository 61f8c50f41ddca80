/* SPDX-License-Identifier: MIT */
/*
 * One host, large: a title, CPU over the last minute at the left, the other
 * values at the right. One that is not up tells why, whole, and what to do.
 */
#include "tui/fleet_table.h"

#include "base/human.h"

#include <math.h>

#define MINUTE_NS (60 * AUR_SECOND_NS)

/* In the past, the minute before the moment is what is kept of it. */
static void take_kept(
    const struct tui_fleet *fl, size_t host, enum tui_track track)
{
	struct tui_record *r = &fl->record[host];
	struct tui_kept kept = {fl->past, host};
	size_t n = tui_record_minute(r);

	tui_record_take(r, &kept, track, tui_record_end(r), n > 1 ? n : 0);
}

void tui_fleet_past(const struct tui_fleet_table *t, const struct tui_area *a,
    struct tui_rect r, size_t host, enum tui_track track, double top)
{
	struct tui_record *record = &t->fleet->record[host];
	const struct aur_feed_host *h = tui_fleet_host(t->fleet, host);
	bool two = t->scene->glyphs == AUR_GLYPHS_BRAILLE;
	int64_t slot = MINUTE_NS / (r.w * (two ? 2 : 1));
	int64_t end = tui_record_end(record).ns;

	record->drawn = true;
	if (t->fleet->past != NULL && !record->put)
		take_kept(t->fleet, host, track);
	if (end == 0 || r.w <= 0)
		return;
	if (h->state != AUR_HOST_UP && t->fleet->past == NULL)
		/* time goes on without it */
		end += aur_mono_since(t->fleet->now, h->received).ns;
	end = (end + slot - 1) / slot; /* so that slots stand still */
	for (int k = 0; k < r.w; k++) {
		int64_t right = end - (int64_t)k * (two ? 2 : 1);
		double v[2] = {NAN, NAN}; /* left, right */

		for (int i = 0; i < (two ? 2 : 1); i++)
			v[1 - i] =
			    tui_record_mean(record, track,
				(struct aur_wall){(right - i - 1) * slot},
				(struct aur_wall){(right - i) * slot}) /
			    top;
		if (!two)
			v[0] = v[1];
		if (isnan(v[0]) && isnan(v[1]))
			continue;
		for (int y = 0; y < r.h; y++) {
			bool idle = !(v[0] >= 0.01 || v[1] >= 0.01);

			tui_put(a, r.x + r.w - 1 - k, r.y + r.h - 1 - y,
			    aur_graph_glyph(v[0] > 1 ? 1 : v[0],
				v[1] > 1 ? 1 : v[1], (size_t)y, (size_t)r.h,
				t->scene->glyphs),
			    idle ? TUI_ROLE_TRACK : TUI_ROLE_CPU_USER);
		}
	}
}

int tui_fleet_wrap(const struct tui_area *a, int x, int y, const char *text,
    enum tui_role role)
{
	struct aur_slice s = aur_slice_str(text);
	size_t w = a->r.w - x - 1 > 8 ? (size_t)(a->r.w - x - 1) : 8;

	while (s.n > 0 && y < a->r.h) {
		size_t n = s.n;

		if (n > w) { /* at a blank, else wherever a character ends */
			for (n = w; n > 1 && s.p[n] != ' '; n--)
				;
			for (n = n > 1 ? n : w;
			     n > 1 && (s.p[n] & 0xc0) == 0x80; n--)
				;
		}
		tui_text(a, x, y++, (int)w, aur_slice_of(s.p, n), role);
		s = aur_slice_trim(aur_slice_of(s.p + n, s.n - n));
	}
	return y;
}

/* "web1  up 12d  alice@web1.example:22 ─────── no record" */
static void draw_title(const struct tui_fleet_table *t,
    const struct tui_area *a, size_t host, bool selected)
{
	const struct aur_feed_host *h = tui_fleet_host(t->fleet, host);
	const struct tui_record *r = &t->fleet->record[host];
	bool ascii = t->scene->ascii;
	char text[160], span[AUR_HUMAN_MAX];
	int x = 0, w = a->r.w, name;

	tui_repeat(a, 0, 0, w, ascii ? '-' : 0x2500, TUI_ROLE_RULE);
	if (h->state == AUR_HOST_UP && !h->recording && w >= 50 &&
	    t->fleet->past == NULL) {
		tui_str_right(a, w, 0, " keeps no record", TUI_ROLE_MUTED);
		w -= 17;
	}
	tui_put(
	    a, x, 0, tui_fleet_mark(h->state, ascii), tui_fleet_role(h->state));
	tui_put(a, x + 1, 0, ' ', TUI_ROLE_TEXT);
	x = 2 + tui_text(a, 2, 0, 28, aur_slice_str(h->name),
		    selected ? TUI_ROLE_FOCUS : TUI_ROLE_TITLE);
	snprintf(text, sizeof(text), " %s ", tui_fleet_word(h->state));
	if (h->state == AUR_HOST_UP && !isnan(tui_record_uptime(r))) {
		aur_human_span(aur_span_seconds(tui_record_uptime(r)), span);
		snprintf(text, sizeof(text), " up %s ", span);
	}
	name = x;
	x += tui_str(a, x, 0, text, tui_fleet_role(h->state));
	if (h->ngroup > 0 && x + 20 < w) {
		x += tui_text(a, x, 0, w - x - 2, aur_slice_str(h->groups[0]),
		    TUI_ROLE_LABEL);
		tui_put(a, x++, 0, ' ', TUI_ROLE_TEXT);
	}
	if (strcmp(h->address, h->name) != 0 && x + 20 < w) {
		x += tui_text(a, x, 0, w - x - 2, aur_slice_str(h->address),
		    TUI_ROLE_MUTED);
		tui_put(a, x, 0, ' ', TUI_ROLE_TEXT);
	}
	if (selected)
		tui_paint(a, 0, 0, name, TUI_ROLE_SELECTED);
}

/* "MEM ▆▆▆▆▁ 62%" */
static void draw_memory(const struct tui_fleet_table *t,
    const struct tui_area *a, int y, double percent)
{
	struct tui_part part = {percent / 100, 'm', TUI_ROLE_MEM_USED};

	tui_label(a, y, "MEM");
	if (a->r.w > TUI_LABEL_W + 14)
		tui_bar(t->scene, a, TUI_LABEL_W, y, a->r.w - TUI_LABEL_W - 8,
		    &part, 1);
	tui_percent(a, a->r.w - 1, y, percent, 80, 95);
}

/* "NET   12M in  3.1M out" */
static void draw_pair(const struct tui_area *a, int y, const char *label,
    double in, const char *in_word, double out, const char *out_word)
{
	char x[TUI_SMALL], o[TUI_SMALL];

	tui_label(a, y, label);
	tui_rate(in, x);
	tui_rate(out, o);
	tui_printf(a, TUI_LABEL_W, y, TUI_ROLE_TEXT, "%7s %-3s %7s %s", x,
	    in_word, o, out_word);
}

static void draw_load(
    const struct tui_record *r, const struct tui_area *a, int y)
{
	double load = tui_record_now(r, TUI_TRACK_LOAD);
	double cpu = tui_record_now(r, TUI_TRACK_PSI_CPU);
	double memory = tui_record_now(r, TUI_TRACK_PSI_MEMORY);
	double io = tui_record_now(r, TUI_TRACK_PSI_IO);
	int x = TUI_LABEL_W;

	tui_label(a, y, "LOAD");
	if (isnan(load))
		tui_str(a, x, y, "-", TUI_ROLE_MUTED);
	else
		tui_printf(a, x, y, TUI_ROLE_TEXT, "%.2f", load);
	if (!isnan(io) && a->r.w < x + 7 + 25)
		tui_printf(a, x + 7, y, TUI_ROLE_MUTED, "PSI io %.0f", io);
	else if (!isnan(io))
		tui_printf(a, x + 7, y, TUI_ROLE_MUTED,
		    "PSI cpu %.0f mem %.0f io %.0f", isnan(cpu) ? 0 : cpu,
		    isnan(memory) ? 0 : memory, io);
}

static void draw_values(
    const struct tui_fleet_table *t, const struct tui_area *a, size_t host)
{
	const struct tui_record *r = &t->fleet->record[host];

	draw_memory(t, a, 0, tui_record_now(r, TUI_TRACK_MEMORY));
	draw_load(r, a, 1);
	draw_pair(a, 2, "DISK", tui_record_now(r, TUI_TRACK_READ), "r",
	    tui_record_now(r, TUI_TRACK_WRITE), "w");
	draw_pair(a, 3, "NET", tui_record_now(r, TUI_TRACK_RECEIVE), "in",
	    tui_record_now(r, TUI_TRACK_TRANSMIT), "out");
	if (!isnan(tui_record_now(r, TUI_TRACK_SWAP)) && a->r.h > 4) {
		tui_label(a, 4, "SWAP");
		tui_percent(a, TUI_LABEL_W + 7, 4,
		    tui_record_now(r, TUI_TRACK_SWAP), 20, 50);
	}
}

static void draw_cpu(
    const struct tui_fleet_table *t, const struct tui_area *a, size_t host)
{
	struct tui_rect r = {TUI_LABEL_W, 0, a->r.w - TUI_LABEL_W - 8, a->r.h};

	tui_label(a, 0, "CPU");
	tui_percent(a, a->r.w - 1, 0,
	    tui_record_now(&t->fleet->record[host], TUI_TRACK_CPU), 80, 95);
	if (a->r.h > 1)
		tui_str_right(a, a->r.w - 1, a->r.h - 1, "60s", TUI_ROLE_MUTED);
	if (r.w > 4) {
		/* a cell or half of one is a whole number of seconds */
		r.x += r.w > 60 ? r.w - 60 : 0;
		r.w = r.w > 60 ? 60 : r.w >= 30 ? 30 : r.w >= 20 ? 20 : r.w;
		tui_fleet_past(t, a, r, host, TUI_TRACK_CPU, 100);
	}
}

void tui_fleet_tile(const struct tui_fleet_table *t, const struct tui_area *a,
    size_t host, bool selected)
{
	const struct aur_feed_host *h = tui_fleet_host(t->fleet, host);
	struct tui_area rest = *a, left;
	char why[500];
	int y = 1;

	draw_title(t, a, host, selected);
	tui_rect_top(&rest.r, 1);
	if (h->state != AUR_HOST_UP) {
		tui_fleet_reason(t->fleet, host, why, sizeof(why));
		y = tui_fleet_wrap(&rest, 1, 0, why, tui_fleet_role(h->state));
		if (h->now == NULL || rest.r.h - y < 2) {
			if (y < rest.r.h && t->fleet->past == NULL)
				tui_str(&rest, 1, y, "R tries again now",
				    TUI_ROLE_MUTED);
			return;
		}
		tui_rect_top(&rest.r, y);
	}
	left = tui_area_cut(a, tui_rect_left(&rest.r, rest.r.w / 2));
	draw_cpu(t, &left, host);
	draw_values(t, &rest, host);
	if (h->state != AUR_HOST_UP) {
		tui_mark_all(&left, TUI_DIM);
		tui_mark_all(&rest, TUI_DIM);
	}
}
