/* SPDX-License-Identifier: MIT */
#include "tui/events.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "view/when.h"

#include <stdlib.h>

#define TIME_W 15

static void copy_text(struct aur_slice s, char *out, size_t size)
{
	struct aur_buf b;
	const char *text = NULL;

	aur_buf_init(&b, AUR_MAX_STRING * 3);
	if (aur_text_add_safe(&b, s) == 0)
		text = aur_buf_str(&b);
	snprintf(out, size, "%s", text != NULL ? text : "");
	aur_buf_release(&b);
}

static void take(
    struct tui_event_row *r, size_t host, const struct aur_event *e)
{
	struct aur_buf b;
	const char *text = NULL;

	*r = (struct tui_event_row){.when = e->when,
	    .host = (uint32_t)host,
	    .weight = (uint8_t)aur_event_weight(e),
	    .number = e->number};
	memcpy(r->boot_id, e->boot_id, sizeof(r->boot_id));
	copy_text(e->kind, r->kind, sizeof(r->kind));
	aur_buf_init(&b, AUR_MAX_STRING * 3);
	if (aur_event_text(&b, e) == 0)
		text = aur_buf_str(&b);
	snprintf(r->what, sizeof(r->what), "%s", text != NULL ? text : "");
	aur_buf_release(&b);
}

int tui_events_add(
    struct tui_events *e, size_t host, const struct aur_event *event)
{
	size_t at;

	if (e->came == NULL)
		e->came = aur_mem_new(TUI_EVENTS_CAME, sizeof(*e->came));
	if (e->came == NULL)
		return AUR_ENOMEM;
	at = (e->first + e->ncame) % TUI_EVENTS_CAME;
	if (e->ncame < TUI_EVENTS_CAME)
		e->ncame++;
	else
		e->first = (e->first + 1) % TUI_EVENTS_CAME;
	take(&e->came[at], host, event);
	e->old = true;
	return 0;
}

void tui_events_release(struct tui_events *e)
{
	aur_mem_free(e->came);
	aur_mem_free(e->row);
	aur_filter_free(e->filter);
	memset(e, 0, sizeof(*e));
}

/* --- loading -------------------------------------------------------------- */

enum field { FIELD_HOST, FIELD_KIND, FIELD_WHAT };

static int find(void *ctx, struct aur_slice name)
{
	(void)ctx;
	return aur_slice_is(name, "host")   ? FIELD_HOST
	       : aur_slice_is(name, "kind") ? FIELD_KIND
	       : aur_slice_is(name, "what") ? FIELD_WHAT
					    : -1;
}

struct match {
	const struct aur_feed *feed;
	const struct tui_event_row *row;
};

static bool get(void *row, int field, unsigned nth, struct aur_value *ret)
{
	const struct match *m = row;
	const char *text[] = {m->feed->class->host(m->feed, m->row->host)->name,
	    m->row->kind, m->row->what};
	unsigned at = field >= 0 ? (unsigned)field : nth;

	if (at > FIELD_WHAT)
		return false;
	*ret = (struct aur_value){
	    .type = AUR_VALUE_TEXT, .s = aur_slice_str(text[at])};
	return true;
}

struct load {
	struct tui_events *e;
	const struct aur_feed *feed;
	size_t nkept; /* rows that are kept; behind them what came */
	int rc;
};

static void put(struct load *l, const struct tui_event_row *row)
{
	struct tui_events *e = l->e;
	struct match m = {l->feed, row};
	size_t cap = e->cap > 0 ? e->cap * 2 : 64;
	struct tui_event_row *p;

	if (row->host >= l->feed->class->count(l->feed) ||
	    !aur_filter_match(e->filter, get, &m))
		return;
	if (e->n == e->cap) {
		p = aur_mem_grow(e->row, cap, sizeof(*p));
		if (p == NULL) {
			l->rc = AUR_ENOMEM;
			return;
		}
		e->row = p;
		e->cap = cap;
	}
	e->row[e->n++] = *row;
}

static void on_kept(void *arg, size_t host, const struct aur_event *event)
{
	struct tui_event_row row;

	take(&row, host, event);
	put(arg, &row);
}

static bool same(const struct tui_event_row *a, const struct tui_event_row *b)
{
	return a->host == b->host && a->number == b->number &&
	       memcmp(a->boot_id, b->boot_id, sizeof(a->boot_id)) == 0;
}

static bool is_kept(const struct load *l, const struct tui_event_row *row)
{
	for (size_t i = l->nkept; i-- > 0;)
		if (same(&l->e->row[i], row))
			return true;
	return false;
}

static int by_time(const void *x, const void *y)
{
	const struct tui_event_row *a = x, *b = y;

	if (a->when.ns != b->when.ns)
		return a->when.ns < b->when.ns ? -1 : 1;
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* Leaves the newest that have room, and the cursor where it was. */
static void settle(struct tui_events *e, const struct tui_event_row *was)
{
	if (e->n > TUI_EVENTS_MAX) {
		memmove(e->row, e->row + (e->n - TUI_EVENTS_MAX),
		    TUI_EVENTS_MAX * sizeof(*e->row));
		e->n = TUI_EVENTS_MAX;
	}
	if (!e->stays || e->n == 0) {
		e->cursor = e->n > 0 ? e->n - 1 : 0;
		e->stays = false;
		return;
	}
	for (size_t i = 0; i < e->n; i++)
		if (same(&e->row[i], was))
			e->cursor = i;
	if (e->cursor >= e->n)
		e->cursor = e->n - 1;
}

int tui_events_load(struct tui_events *e, struct aur_feed *past,
    const struct aur_feed *feed, struct aur_wall upto)
{
	struct load l = {.e = e, .feed = feed};
	struct tui_event_row was = {0};
	int rc = 0;

	if (e->n > 0)
		was = e->row[e->cursor];
	e->n = 0;
	e->old = false;
	if (past != NULL)
		rc = past->past->events(past, SIZE_MAX, (struct aur_wall){0},
		    upto, TUI_EVENTS_MAX, on_kept, &l);
	l.nkept = e->n;
	for (size_t i = 0; i < e->ncame; i++) {
		const struct tui_event_row *r =
		    &e->came[(e->first + i) % TUI_EVENTS_CAME];

		if (r->when.ns < upto.ns && !is_kept(&l, r))
			put(&l, r);
	}
	if (e->n > 1)
		qsort(e->row, e->n, sizeof(*e->row), by_time);
	settle(e, &was);
	return rc == AUR_ENOMEM ? rc : l.rc;
}

bool tui_events_filter(
    struct tui_events *e, const char *text, char *error, size_t size)
{
	if (!tui_prompt_filter(text, find, &e->filter, e->text, error, size))
		return false;
	e->old = true;
	return true;
}

/* --- the cursor ----------------------------------------------------------- */

static void go(struct tui_events *e, size_t row)
{
	if (e->n == 0)
		return;
	e->cursor = row < e->n ? row : e->n - 1;
	e->stays = e->cursor + 1 < e->n;
}

bool tui_events_move(struct tui_events *e, enum tui_action action)
{
	size_t at = e->cursor, page = e->page > 1 ? (size_t)e->page : 1;

	switch (action) {
	case TUI_DO_UP:
		go(e, at > 0 ? at - 1 : 0);
		return true;
	case TUI_DO_DOWN:
		go(e, at + 1);
		return true;
	case TUI_DO_PAGE_UP:
		go(e, at > page ? at - page : 0);
		return true;
	case TUI_DO_PAGE_DOWN:
		go(e, at + page);
		return true;
	case TUI_DO_TOP:
		go(e, 0);
		return true;
	case TUI_DO_BOTTOM:
		go(e, SIZE_MAX);
		return true;
	default:
		return false;
	}
}

bool tui_events_click(struct tui_events *e, int x, int y)
{
	size_t row;

	if (!tui_rect_has(e->at, x, y))
		return false;
	row = e->top + (size_t)(y - e->at.y);
	if (row >= e->n)
		return false;
	if (row == e->cursor)
		return true;
	go(e, row);
	return false;
}

const struct tui_event_row *tui_events_at(const struct tui_events *e)
{
	return e->cursor < e->n ? &e->row[e->cursor] : NULL;
}

/* --- drawing -------------------------------------------------------------- */

static enum tui_role role_of(const struct tui_event_row *r)
{
	return r->weight == AUR_EVENT_BAD    ? TUI_ROLE_BAD
	       : r->weight == AUR_EVENT_WARN ? TUI_ROLE_WARN
					     : TUI_ROLE_TEXT;
}

/* As wide as the longest name that shows. */
static int host_width(const struct tui_events *e, const struct aur_feed *feed)
{
	int w = 4;

	for (int y = 0; y < e->page; y++) {
		size_t i = e->top + (size_t)y;
		const char *name;
		int n;

		if (i >= e->n)
			break;
		name = feed->class->host(feed, e->row[i].host)->name;
		n = (int)aur_text_width(aur_slice_str(name));
		w = n > w ? n : w;
	}
	return w < 20 ? w : 20;
}

static void draw_row(const struct tui_events *e, const struct tui_scene *s,
    const struct tui_area *a, int y, size_t i, const struct aur_feed *feed,
    int host_w)
{
	const struct tui_event_row *r = &e->row[i];
	char when[TIME_W + 1];
	int x = 1 + TIME_W + 2;

	/* of one width, so that it reads as a column */
	aur_when_format(r->when, s->utc, "%b %d %H:%M:%S", when, sizeof(when));
	tui_str(a, 1, y, when, TUI_ROLE_MUTED);
	tui_text(a, x, y, host_w,
	    aur_slice_str(feed->class->host(feed, r->host)->name),
	    TUI_ROLE_STRONG);
	x += host_w + 2;
	if (a->r.w >= 100) {
		tui_text(a, x, y, 19, aur_slice_str(r->kind), TUI_ROLE_LABEL);
		x += 21;
	}
	tui_put(a, x, y,
	    r->weight == AUR_EVENT_BAD	  ? '!'
	    : r->weight == AUR_EVENT_WARN ? '~'
					  : ' ',
	    role_of(r));
	x += 2;
	tui_text(a, x, y, a->r.w - x - 1, aur_slice_str(r->what), role_of(r));
	if (i == e->cursor)
		tui_paint(a, 0, y, a->r.w, TUI_ROLE_SELECTED);
}

static void draw_head(const struct tui_area *a, int host_w)
{
	int x = 1 + TIME_W + 2;

	tui_repeat(a, 0, 0, a->r.w, ' ', TUI_ROLE_HEAD);
	tui_str(a, 1, 0, "TIME", TUI_ROLE_HEAD);
	tui_str(a, x, 0, "HOST", TUI_ROLE_HEAD);
	x += host_w + 2;
	if (a->r.w >= 100) {
		tui_str(a, x, 0, "KIND", TUI_ROLE_HEAD);
		x += 21;
	}
	tui_str(a, x + 2, 0, "WHAT", TUI_ROLE_HEAD);
}

static void keep_shown(struct tui_events *e, int rows)
{
	size_t n = rows > 0 ? (size_t)rows : 1;
	size_t most = e->n > n ? e->n - n : 0;

	e->page = (int)n;
	if (e->cursor < e->top)
		e->top = e->cursor;
	if (e->cursor >= e->top + n)
		e->top = e->cursor - n + 1;
	if (e->top > most || !e->stays)
		e->top = most;
}

void tui_events_draw(struct tui_events *e, const struct tui_scene *s,
    const struct tui_area *a, const struct aur_feed *feed)
{
	int w;

	keep_shown(e, a->r.h - 1);
	w = host_width(e, feed);
	draw_head(a, w);
	e->at = a->r;
	tui_rect_top(&e->at, 1);
	for (int y = 0; y < e->page && e->top + (size_t)y < e->n; y++)
		draw_row(e, s, a, y + 1, e->top + (size_t)y, feed, w);
	if (e->n == 0)
		tui_str(a, 1, 2,
		    e->filter != NULL ? "no event passes the filter"
				      : "nothing has happened that is known of",
		    TUI_ROLE_MUTED);
}
