/* SPDX-License-Identifier: MIT */
#include "tui/fleet_table.h"

#include "base/err.h"
#include "base/human.h"
#include "base/limits.h"
#include "base/text.h"

#include <math.h>

#define REASON_LEAST 24

void tui_fleet_table_init(struct tui_fleet_table *t, struct tui_fleet *fl,
    const struct tui_scene *scene)
{
	memset(t, 0, sizeof(*t));
	t->fleet = fl;
	t->scene = scene;
	t->shown = tui_fleet_columns_default();
	aur_buf_init(&t->text, AUR_MAX_STRING * 3);
}

void tui_fleet_table_release(struct tui_fleet_table *t)
{
	aur_buf_release(&t->text);
}

bool tui_fleet_table_filter(
    struct tui_fleet_table *t, const char *text, char *error, size_t size)
{
	return tui_prompt_filter(
	    text, tui_fleet_find, &t->fleet->filter, t->filter, error, size);
}

/* --- how a host is -------------------------------------------------------- */

uint32_t tui_fleet_mark(enum aur_host_state state, bool ascii)
{
	static const struct {
		uint32_t shape;
		char letter;
	} mark[TUI_FLEET_STATES] = {
	    [AUR_HOST_UP] = {0x25cf, '*'},	    /* a full circle */
	    [AUR_HOST_STALE] = {0x25cc, '~'},	    /* a dotted one */
	    [AUR_HOST_CONNECTING] = {0x25cb, '.'},  /* an empty one */
	    [AUR_HOST_UNREACHABLE] = {0x25b2, '!'}, /* triangles */
	    [AUR_HOST_NO_AGENT] = {0x25b3, 'n'},
	    [AUR_HOST_AUTH_FAILED] = {0x25a0, 'a'}, /* squares */
	    [AUR_HOST_KEY_UNKNOWN] = {0x25a1, '?'},
	    [AUR_HOST_KEY_CHANGED] = {0x25a0, 'k'},
	};

	return ascii ? (uint32_t)mark[state].letter : mark[state].shape;
}

enum tui_role tui_fleet_role(enum aur_host_state state)
{
	switch (state) {
	case AUR_HOST_UP:
		return TUI_ROLE_GOOD;
	case AUR_HOST_CONNECTING:
		return TUI_ROLE_MUTED;
	case AUR_HOST_STALE:
	case AUR_HOST_NO_AGENT:
	case AUR_HOST_KEY_UNKNOWN:
		return TUI_ROLE_WARN;
	default:
		return TUI_ROLE_BAD;
	}
}

void tui_fleet_reason(
    const struct tui_fleet *fl, size_t host, char *out, size_t size)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);
	char age[AUR_HUMAN_MAX] = "";
	struct aur_value v;
	double d;

	tui_fleet_value(fl, host, TUI_FLEET_AGE, &v);
	if (aur_value_number(&v, &d) && h->state != AUR_HOST_UP)
		aur_human_span(aur_span_seconds(d), age);
	snprintf(out, size, "%s%s%s%s%s", tui_fleet_word(h->state),
	    age[0] != '\0' ? " " : "", age, h->error != NULL ? ": " : "",
	    h->error != NULL ? h->error : "");
}

/* --- drawing -------------------------------------------------------------- */

static void draw_head(const struct tui_fleet_table *t, const struct tui_area *a)
{
	const struct tui_fleet *fl = t->fleet;

	tui_repeat(a, 0, 0, a->r.w, ' ', TUI_ROLE_HEAD);
	for (size_t i = 0; i < t->ncolumn; i++) {
		unsigned id = t->column[i].id;
		const struct tui_fleet_column_row *c = tui_fleet_column(id);
		const char *title = t->scene->ascii ? c->ascii : c->title;
		bool sorted = fl->sorted && fl->sort == id;
		int n = (int)aur_text_width(aur_slice_str(title));
		int x = t->column[i].x + (c->right ? t->column[i].w - n : 0);
		const char *arrow =
		    t->scene->ascii
			? (fl->descending ? "v" : "^")
			: (fl->descending ? "\xe2\x96\xbd" : "\xe2\x96\xb3");

		tui_str(a, x, 0, title,
		    sorted ? TUI_ROLE_HEAD_SORT : TUI_ROLE_HEAD);
		if (sorted)
			tui_str(a, c->right ? x - 1 : x + n, 0, arrow,
			    TUI_ROLE_HEAD_SORT);
	}
}

static void number_text(unsigned column, double d, char out[TUI_SMALL])
{
	char text[AUR_HUMAN_MAX];

	switch (column) {
	case TUI_FLEET_MEMORY:
		snprintf(out, TUI_SMALL, "%.0f", d);
		return;
	case TUI_FLEET_LOAD:
		snprintf(out, TUI_SMALL, d < 100 ? "%.2f" : "%.0f", d);
		return;
	case TUI_FLEET_READ:
	case TUI_FLEET_WRITE:
	case TUI_FLEET_RECEIVE:
	case TUI_FLEET_TRANSMIT:
		aur_human_bytes(d, text);
		break;
	case TUI_FLEET_UPTIME:
		/* days alone where there are many: the hours say nothing */
		if (d >= 100 * 86400.0)
			d -= fmod(d, 86400);
		aur_human_span(aur_span_seconds(d), text);
		break;
	case TUI_FLEET_AGE:
		if (d < 10) {
			snprintf(out, TUI_SMALL, "%.1fs", d);
			return;
		}
		aur_human_span(aur_span_seconds(d), text);
		break;
	case TUI_FLEET_RTT:
	case TUI_FLEET_RESTARTS:
		aur_human_count(d, text);
		break;
	default:
		aur_human_percent(d, text);
		break;
	}
	snprintf(out, TUI_SMALL, "%s", text);
}

/* Beyond what is ordinary; marked by more than its colour. */
static enum tui_role number_role(unsigned column, double d)
{
	switch (column) {
	case TUI_FLEET_CPU:
	case TUI_FLEET_MEMORY:
		return d >= 95	  ? TUI_ROLE_BAD
		       : d >= 80  ? TUI_ROLE_WARN
		       : d < 0.05 ? TUI_ROLE_MUTED
				  : TUI_ROLE_TEXT;
	case TUI_FLEET_SWAP:
	case TUI_FLEET_PSI_CPU:
	case TUI_FLEET_PSI_MEMORY:
	case TUI_FLEET_PSI_IO:
		return d >= 50	  ? TUI_ROLE_BAD
		       : d >= 20  ? TUI_ROLE_WARN
		       : d < 0.05 ? TUI_ROLE_MUTED
				  : TUI_ROLE_TEXT;
	case TUI_FLEET_AGE:
	case TUI_FLEET_UPTIME:
		return TUI_ROLE_MUTED;
	default:
		return d == 0 ? TUI_ROLE_MUTED : TUI_ROLE_TEXT;
	}
}

static void draw_bar(const struct tui_fleet_table *t, const struct tui_area *a,
    int x, int y, int w, double percent)
{
	struct tui_part part = {percent / 100, 'm',
	    percent >= 95   ? TUI_ROLE_BAD
	    : percent >= 80 ? TUI_ROLE_WARN
			    : TUI_ROLE_MEM_USED};

	tui_bar(t->scene, a, x, y, w, &part, 1);
}

/* A value that a host or a group has. */
static void draw_value(const struct tui_fleet_table *t,
    const struct tui_area *a, int y, size_t i, const struct aur_value *v)
{
	unsigned id = t->column[i].id;
	int x = t->column[i].x, w = t->column[i].w;
	bool right = tui_fleet_column(id)->right;
	char text[TUI_SMALL];
	double d;

	if (v->type == AUR_VALUE_TEXT)
		tui_text(a, x, y, w, v->s, TUI_ROLE_TEXT);
	else if (!aur_value_number(v, &d)) {
		if (right)
			tui_str_right(a, x + w, y, "-", TUI_ROLE_MUTED);
	} else if (id == TUI_FLEET_BAR)
		draw_bar(t, a, x, y, w, d);
	else {
		number_text(id, d, text);
		tui_str_right(a, x + w, y, text, number_role(id, d));
	}
}

static size_t column_at(const struct tui_fleet_table *t, unsigned id)
{
	for (size_t i = 0; i < t->ncolumn; i++)
		if (t->column[i].id == id)
			return i;
	return t->ncolumn;
}

static void draw_name(const struct tui_fleet_table *t, const struct tui_area *a,
    int y, const struct tui_fleet_row *row)
{
	const struct aur_feed_host *h = tui_fleet_host(t->fleet, row->host);
	int x = t->column[0].x, w = t->column[0].w;
	int indent = row->group != TUI_FLEET_NONE ? 1 : 0, n;

	tui_put(a, 0, y, tui_fleet_mark(h->state, t->scene->ascii),
	    tui_fleet_role(h->state));
	n = tui_text(a, x + indent, y, w - indent - 2, aur_slice_str(h->name),
	    TUI_ROLE_STRONG);
	if (h->state == AUR_HOST_UP && !h->recording && t->fleet->past == NULL)
		tui_put(a, x + indent + n + 1, y,
		    t->scene->ascii ? 'n' : 0x2205, TUI_ROLE_MUTED);
}

static void draw_state(const struct tui_fleet_table *t,
    const struct tui_area *a, int y, size_t i, enum aur_host_state state)
{
	tui_text(a, t->column[i].x, y, t->column[i].w,
	    aur_slice_str(tui_fleet_word(state)), tui_fleet_role(state));
}

/* What stands in the place of values that nobody knows: why. */
static void draw_reason(const struct tui_fleet_table *t,
    const struct tui_area *a, int y, int x, const struct tui_fleet_row *row)
{
	const struct tui_fleet_group *g =
	    row->group != TUI_FLEET_NONE ? &t->fleet->group[row->group] : NULL;
	const struct aur_feed_host *h = tui_fleet_host(t->fleet, row->host);
	char text[400];

	if (g != NULL && g->jump && g->by != row->host)
		snprintf(text, sizeof(text), "behind %s", g->name);
	else if (column_at(t, TUI_FLEET_STATE) < t->ncolumn && h->now == NULL &&
		 h->error != NULL)
		snprintf(text, sizeof(text), "%s", h->error);
	else
		tui_fleet_reason(t->fleet, row->host, text, sizeof(text));
	tui_repeat(a, x, y, a->r.w - x, ' ', TUI_ROLE_TEXT);
	tui_text(a, x, y, a->r.w - x - 1, aur_slice_str(text),
	    tui_fleet_role(h->state));
}

/* Where the reason begins: in front of what is unknown, or where the older
 * values that still tell something end. */
static int reason_at(const struct tui_fleet_table *t, int w, bool any)
{
	static const unsigned keep[] = {
	    TUI_FLEET_BAR, TUI_FLEET_MEMORY, TUI_FLEET_PAST, TUI_FLEET_CPU};
	size_t i;

	for (size_t k = 0; k < AUR_ARRAY_LEN(keep) && any; k++) {
		i = column_at(t, keep[k]);
		if (i + 1 < t->ncolumn &&
		    w - t->column[i + 1].x >= REASON_LEAST)
			return t->column[i + 1].x;
	}
	i = column_at(t, TUI_FLEET_STATE);
	if (i >= t->ncolumn)
		i = 0;
	return t->column[i].x + t->column[i].w + 1;
}

static void draw_host(const struct tui_fleet_table *t, const struct tui_area *a,
    int y, const struct tui_fleet_row *row)
{
	const struct aur_feed_host *h = tui_fleet_host(t->fleet, row->host);
	bool up = h->state == AUR_HOST_UP;
	int end = up ? a->r.w : reason_at(t, a->r.w, h->now != NULL);

	draw_name(t, a, y, row);
	for (size_t i = 1; i < t->ncolumn; i++) {
		unsigned id = t->column[i].id;
		struct aur_value v;

		if (id == TUI_FLEET_STATE)
			draw_state(t, a, y, i, h->state);
		else if (t->column[i].x >= end)
			continue;
		else if (id == TUI_FLEET_PAST)
			tui_fleet_past(t, a,
			    (struct tui_rect){
				t->column[i].x, y, t->column[i].w, 1},
			    row->host, TUI_TRACK_CPU, 100);
		else {
			tui_fleet_value(t->fleet, row->host, id, &v);
			draw_value(t, a, y, i, &v);
		}
	}
	if (!up) {
		tui_mark(a, t->column[0].x, y, end - t->column[0].x, TUI_DIM);
		draw_reason(t, a, y, end, row);
	}
}

static void draw_jump(const struct tui_fleet_table *t, const struct tui_area *a,
    int y, const struct tui_fleet_group *g, int x)
{
	char text[400] = "", states[48];

	if (g->by != TUI_FLEET_NONE)
		tui_fleet_reason(t->fleet, g->by, text, sizeof(text));
	else
		for (size_t i = 0; i < t->fleet->n && text[0] == '\0'; i++) {
			const struct aur_feed_host *h =
			    tui_fleet_host(t->fleet, i);

			if (h->blamed != NULL && h->error != NULL &&
			    strcmp(h->blamed, g->name) == 0)
				snprintf(text, sizeof(text), "%s", h->error);
		}
	snprintf(states, sizeof(states), " %u behind it  ",
	    g->n - (g->by != TUI_FLEET_NONE));
	x += tui_str(a, x, y, states, TUI_ROLE_TEXT);
	tui_text(a, x, y, a->r.w - x - 1, aur_slice_str(text), TUI_ROLE_BAD);
}

static void draw_group(const struct tui_fleet_table *t,
    const struct tui_area *a, int y, const struct tui_fleet_group *g)
{
	bool ascii = t->scene->ascii;
	uint32_t fold =
	    ascii ? (g->folded ? '+' : '-') : (g->folded ? 0x25b8 : 0x25be);
	size_t state = column_at(t, TUI_FLEET_STATE);
	uint32_t up = g->state[AUR_HOST_UP];
	char text[100];
	int x = 2;

	tui_put(a, 0, y, fold, TUI_ROLE_STRONG);
	x += tui_text(a, x, y, t->column[0].w - 5, aur_slice_str(g->name),
	    TUI_ROLE_LABEL);
	if (g->jump) {
		draw_jump(t, a, y, g, x);
		return;
	}
	x += tui_printf(a, x, y, TUI_ROLE_MUTED, " (%u)", g->n);
	if (up < g->n && state == t->ncolumn)
		tui_printf(a, x, y, TUI_ROLE_BAD, " !%u", g->n - up);
	for (size_t i = 1; i < t->ncolumn; i++) {
		struct aur_value v;

		tui_fleet_group_value(g, t->column[i].id, &v);
		if (i != state && t->column[i].id != TUI_FLEET_PAST &&
		    v.type != AUR_VALUE_NULL)
			draw_value(t, a, y, i, &v);
	}
	if (state < t->ncolumn) {
		snprintf(text, sizeof(text), "%u not up", g->n - up);
		tui_text(a, t->column[state].x, y, t->column[state].w,
		    aur_slice_str(up < g->n ? text : "all up"),
		    up < g->n ? TUI_ROLE_BAD : TUI_ROLE_MUTED);
	}
	tui_mark(a, 0, y, a->r.w, TUI_BOLD);
}

static void draw_row(
    const struct tui_fleet_table *t, const struct tui_area *a, int y, size_t i)
{
	const struct tui_fleet_row *row = &t->fleet->row[i];

	if (row->host == TUI_FLEET_NONE)
		draw_group(t, a, y, &t->fleet->group[row->group]);
	else {
		draw_host(t, a, y, row);
		if (t->searching && tui_fleet_matches(t->fleet, row->host,
					aur_slice_str(t->search)))
			tui_paint(a, t->column[0].x, y, t->column[0].w,
			    TUI_ROLE_MATCH);
	}
	if (i == t->fleet->cursor)
		tui_paint(a, 0, y, a->r.w, TUI_ROLE_SELECTED);
}

static void draw_empty(
    const struct tui_fleet_table *t, const struct tui_area *a)
{
	tui_str(a, 1, 1,
	    t->fleet->filter != NULL ? "no host passes the filter"
				     : "there is no host",
	    TUI_ROLE_MUTED);
}

static void keep_shown(struct tui_fleet_table *t, size_t n)
{
	const struct tui_fleet *fl = t->fleet;
	size_t most = fl->nrow > n ? fl->nrow - n : 0;

	t->page = (int)n;
	if (fl->cursor < t->top)
		t->top = fl->cursor;
	if (fl->cursor >= t->top + n)
		t->top = fl->cursor - n + 1;
	if (t->top > most)
		t->top = most;
}

static void draw_table(struct tui_fleet_table *t, const struct tui_area *a)
{
	int rows = a->r.h - 1;

	tui_fleet_table_columns(t, a->r.w);
	draw_head(t, a);
	keep_shown(t, rows > 0 ? (size_t)rows : 1);
	for (int y = 0; y < rows && t->top + (size_t)y < t->fleet->nrow; y++)
		draw_row(t, a, y + 1, t->top + (size_t)y);
	if (t->fleet->nrow == 0)
		draw_empty(t, a);
}

/* --- tiles ---------------------------------------------------------------- */

/* How many tiles stand side by side so that all of `n` have room; 0: they
 * have none. */
static int across_for(size_t n, int w, int h)
{
	for (int across = 1; w / across >= TUI_TILE_MIN_W; across++) {
		int down = (int)((n + (size_t)across - 1) / (size_t)across);

		if (down > 0 && h / down >= TUI_TILE_MIN_H)
			return across;
	}
	return 0;
}

bool tui_fleet_tiles_fit(const struct tui_fleet_table *t, int w, int h)
{
	return t->fleet->n <= 64 && across_for(t->fleet->n, w, h) > 0;
}

/* The rows that are hosts; headings have no tile. */
static size_t tile_rows(const struct tui_fleet *fl)
{
	size_t n = 0;

	for (size_t i = 0; i < fl->nrow; i++)
		n += fl->row[i].host != TUI_FLEET_NONE;
	return n;
}

/* Sizes: all where they have room, else as many as fit, a page at a time. */
static void size_tiles(struct tui_fleet_table *t, size_t n, int w, int h)
{
	int down;

	t->across = across_for(n, w, h);
	if (t->across == 0)
		t->across = w >= 2 * TUI_TILE_MIN_W ? w / TUI_TILE_MIN_W : 1;
	down = (int)((n + (size_t)t->across - 1) / (size_t)t->across);
	t->tile_w = w / t->across;
	t->tile_h = down > 0 ? h / down : h;
	if (t->tile_h < TUI_TILE_MIN_H)
		t->tile_h = TUI_TILE_MIN_H;
	if (t->tile_h > 12)
		t->tile_h = 12;
	t->page = h / t->tile_h * t->across;
	t->page = t->page > 0 ? t->page : 1;
}

static void draw_tiles(struct tui_fleet_table *t, const struct tui_area *a)
{
	struct tui_fleet *fl = t->fleet;
	size_t n = tile_rows(fl), tile = 0, at = 0;

	size_tiles(t, n, a->r.w, a->r.h);
	for (size_t i = 0; i < fl->cursor && i < fl->nrow; i++)
		at += fl->row[i].host != TUI_FLEET_NONE;
	t->top = at / (size_t)t->page * (size_t)t->page;
	for (size_t i = 0; i < fl->nrow; i++) {
		struct tui_rect r = {a->r.x, a->r.y, t->tile_w, t->tile_h};
		struct tui_area one;
		int k;

		if (fl->row[i].host == TUI_FLEET_NONE || tile++ < t->top)
			continue;
		k = (int)(tile - 1 - t->top);
		if (k >= t->page)
			break;
		r.x += k % t->across * t->tile_w;
		r.y += k / t->across * t->tile_h;
		r.w -= k % t->across < t->across - 1 ? 1 : 0;
		one = tui_area_cut(a, r);
		tui_fleet_tile(t, &one, fl->row[i].host, i == fl->cursor);
	}
	if (n == 0)
		draw_empty(t, a);
}

void tui_fleet_table_draw(
    struct tui_fleet_table *t, const struct tui_area *a, bool tiles)
{
	t->at = a->r;
	t->across = 0;
	if (tiles)
		draw_tiles(t, a);
	else
		draw_table(t, a);
}

/* The row of the tile at x, y; nrow if none. */
static size_t tile_at(const struct tui_fleet_table *t, int x, int y)
{
	size_t k = t->top + (size_t)((y - t->at.y) / t->tile_h * t->across +
				     (x - t->at.x) / t->tile_w);

	for (size_t i = 0; i < t->fleet->nrow; i++)
		if (t->fleet->row[i].host != TUI_FLEET_NONE && k-- == 0)
			return i;
	return t->fleet->nrow;
}

enum tui_fleet_click tui_fleet_table_click(
    struct tui_fleet_table *t, int x, int y)
{
	struct tui_fleet *fl = t->fleet;
	size_t i, before = fl->cursor;

	if (!tui_rect_has(t->at, x, y))
		return TUI_FLEET_CLICK_NONE;
	if (t->across > 0 || y > t->at.y) {
		i = t->across > 0 ? tile_at(t, x, y)
				  : t->top + (size_t)(y - t->at.y - 1);
		if (i >= fl->nrow)
			return TUI_FLEET_CLICK_NONE;
		tui_fleet_go(fl, i);
		return i == before ? TUI_FLEET_CLICK_AGAIN
				   : TUI_FLEET_CLICK_ROW;
	}
	for (size_t c = 0; c < t->ncolumn; c++)
		if (x - t->at.x >= t->column[c].x &&
		    x - t->at.x <= t->column[c].x + t->column[c].w) {
			tui_fleet_sort(fl, t->column[c].id);
			return TUI_FLEET_CLICK_SORT;
		}
	return TUI_FLEET_CLICK_NONE;
}
