/* SPDX-License-Identifier: MIT */
/*
 * A row that changed is taken apart into spans: cells to be written that look
 * alike, with the few unchanged ones between them. A span costs the way to it
 * and a change of look; the cheapest is written next. So the muted dashes of a
 * row go out together, and the next row begins with what this one ended with.
 *
 *	was   | 101 root  R   2.1      - gcc |
 *	now   | 104 root  S   0.3      - gcc |
 *	span      ^       ~   ^^^               ^ plain: 104, 0.3; ~ muted: S
 *
 * Where a stretch moved one to the left, as graphs do, the terminal is told
 * to delete a cell before and to insert one behind it, which takes twenty
 * bytes however long it is. Whole rows that moved up or down are not looked
 * for: a list that is sorted anew moves few rows as they were.
 */
#include "tui/paint.h"

#include "base/err.h"
#include "base/mem.h"
#include "tui/pen.h"

/* Unchanged cells that cost less than going over them. */
#define GAP 4
/* Blanks at the end of a row that are erased rather than written. */
#define ERASE 5
/* Spans among which the next is chosen. */
#define AHEAD 12
/* What moving a stretch costs, in bytes. */
#define SHIFT 24

struct span {
	int from, to; /* cells [from, to) of the row */
	int lead;     /* the cell whose look it has */
	bool erase;   /* to the end of the row, not written */
};

struct rows {
	struct tui_cell *old; /* one row, a copy */
	struct span *span;
	size_t n;
	int w;
	bool wide; /* halves of wide ones stood there: what is written over
		      one may blank the cell at its right */
};

static bool same(const struct tui_cell *a, const struct tui_cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Whether the terminal shows the same for both. */
static bool shows_same(const struct tui_paint *p, const struct tui_cell *a,
    const struct tui_cell *b)
{
	return same(a, b) ||
	       (a->c == b->c && a->width == b->width &&
		   a->mark[0] == b->mark[0] && a->mark[1] == b->mark[1] &&
		   tui_pen_fits(p, tui_pen_look_of(p, a), b));
}

/* Whether erasing leaves what this cell shows. */
static bool is_blank(const struct tui_paint *p, const struct tui_cell *c)
{
	return c->c == ' ' && c->mark[0] == 0 && p->look[c->role].bg < 0 &&
	       (tui_pen_look_of(p, c).attr & (TUI_REVERSE | TUI_UNDERLINE)) ==
		   0;
}

/* Where the blanks begin that the row ends with. */
static int tail(const struct tui_paint *p, const struct tui_cell *row, int w)
{
	if (p->erase[0] == '\0')
		return w;
	while (w > 0 && is_blank(p, &row[w - 1]))
		w--;
	return w;
}

static bool has_wide(const struct tui_cell *row, int w)
{
	for (int x = 0; x < w; x++)
		if (row[x].width != 1 || row[x].mark[0] != 0)
			return true;
	return false;
}

static int bytes_of(const struct tui_cell *c)
{
	return c->c < 0x80 ? 1 : c->c < 0x800 ? 2 : 3;
}

/* Moves the stretch of `n` cells behind x one to the left. */
static void shift(
    struct tui_pen *pen, struct tui_cell *old, int x, int y, int n)
{
	tui_pen_go(pen, x, y);
	tui_pen_put(pen, pen->p->delete);
	tui_pen_go(pen, x + n, y);
	tui_pen_put(pen, pen->p->insert);
	memmove(old + x, old + x + 1, (size_t)n * sizeof(*old));
	memset(&old[x + n], 0, sizeof(*old)); /* to be written, whatever */
}

/* Finds what moved one to the left, and moves it. */
static void shift_row(struct tui_pen *pen, struct tui_cell *old,
    const struct tui_cell *now, int y, int w)
{
	const struct tui_paint *p = pen->p;

	if (p->insert[0] == '\0' || p->delete[0] == '\0' || has_wide(old, w) ||
	    has_wide(now, w))
		return;
	for (int x = 0; x + 1 < w; x++) {
		int n = 0, gain = 0;

		while (x + n + 1 < w &&
		       shows_same(p, &now[x + n], &old[x + n + 1])) {
			if (!shows_same(p, &now[x + n], &old[x + n]))
				gain += bytes_of(&now[x + n]);
			n++;
		}
		if (gain > SHIFT)
			shift(pen, old, x, y, n);
		x += n;
	}
}

/* Whether a cell can be of the span; then it may lend it its look. */
static bool joins(const struct tui_paint *p, const struct tui_cell *now,
    struct span *s, int x)
{
	if (tui_pen_fits(p, tui_pen_look_of(p, &now[s->lead]), &now[x]))
		return true;
	if (now[s->lead].c != ' ' || /* all so far are blanks */
	    !tui_pen_fits(p, tui_pen_look_of(p, &now[x]), &now[s->lead]))
		return false;
	s->lead = x;
	return true;
}

/* Adds a changed cell to the last span, or begins another. */
static void add_cell(const struct tui_paint *p, struct rows *r,
    const struct tui_cell *now, int x)
{
	int end = x + (now[x].width > 0 ? now[x].width : 1);
	struct span *s = r->n > 0 ? &r->span[r->n - 1] : NULL;

	if (s != NULL && x - s->to <= GAP) {
		struct span longer = *s;
		int k = s->to;

		while (k <= x && joins(p, now, &longer, k))
			k++;
		if (k > x) {
			longer.to = end;
			*s = longer;
			return;
		}
	}
	r->span[r->n++] = (struct span){.from = x, .to = end, .lead = x};
}

/* Takes a row apart. `old` NULL: all of it is new. `corner`: the last cell
 * must not be written. */
static void split(const struct tui_paint *p, struct rows *r,
    const struct tui_cell *old, const struct tui_cell *now, bool corner)
{
	int w = r->w, end = tail(p, now, w);
	bool erase = false;

	r->n = 0;
	for (int x = end; x < w && w - end >= ERASE; x++)
		if (old == NULL || !shows_same(p, &old[x], &now[x]))
			erase = true;
	if (!erase)
		end = w;
	for (int x = 0; x < end; x++) {
		if (now[x].width == 0)
			continue; /* half of one that began before */
		if (old != NULL && shows_same(p, &old[x], &now[x]) &&
		    (now[x].width < 2 || same(&old[x + 1], &now[x + 1])))
			continue;
		if (x + now[x].width >= w && corner)
			break;
		add_cell(p, r, now, x);
	}
	if (erase)
		r->span[r->n++] = (struct span){
		    .from = end, .to = w, .lead = end, .erase = true};
}

/* The span that costs least from where the pen is. */
static size_t nearest(const struct tui_pen *pen, const struct rows *r,
    const struct tui_cell *now, int y)
{
	size_t best = 0;
	int least = INT32_MAX;

	if (r->wide) /* from left to right, the blanked one comes later */
		return 0;
	for (size_t i = 0; i < r->n && i < AHEAD; i++) {
		const struct span *s = &r->span[i];
		int cost = tui_pen_way(pen, s->from, y) +
			   tui_pen_change(pen, &now[s->lead]);

		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

static void write_spans(
    struct tui_pen *pen, struct rows *r, const struct tui_cell *now, int y)
{
	while (r->n > 0) {
		size_t i = nearest(pen, r, now, y);
		struct span s = r->span[i];

		tui_pen_go(pen, s.from, y);
		tui_pen_look(pen, &now[s.lead]);
		if (s.erase)
			tui_pen_put(pen, pen->p->erase);
		else
			for (int x = s.from; x < s.to; x++)
				if (now[x].width > 0)
					tui_pen_cell(pen, &now[x], r->w);
		r->n--;
		memmove(r->span + i, r->span + i + 1,
		    (r->n - i) * sizeof(*r->span));
	}
}

static void paint_rows(struct tui_pen *pen, struct rows *r,
    const struct tui_surface *old, const struct tui_surface *now)
{
	size_t w = (size_t)now->w;

	for (int y = 0; y < now->h; y++) {
		const struct tui_cell *is = now->cell + (size_t)y * w;
		bool corner = pen->p->no_corner && y == now->h - 1;

		r->wide = false;
		if (old != NULL) {
			memcpy(
			    r->old, old->cell + (size_t)y * w, w * sizeof(*is));
			if (memcmp(r->old, is, w * sizeof(*is)) == 0)
				continue;
			r->wide = has_wide(r->old, now->w);
			if (!corner)
				shift_row(pen, r->old, is, y, now->w);
		}
		split(pen->p, r, old != NULL ? r->old : NULL, is, corner);
		write_spans(pen, r, is, y);
	}
}

int tui_paint_frame(const struct tui_paint *p, const struct tui_surface *old,
    const struct tui_surface *now, struct aur_buf *out)
{
	struct tui_pen pen = tui_pen_begin(p, out);
	bool all = old->cell == NULL || old->w != now->w || old->h != now->h;
	struct rows r = {.w = now->w};

	r.old = aur_mem_new((size_t)now->w, sizeof(*r.old));
	r.span = aur_mem_new((size_t)now->w + 1, sizeof(*r.span));
	if (r.old == NULL || r.span == NULL)
		pen.rc = AUR_ENOMEM;
	if (all) {
		tui_pen_put(&pen, p->start);
		tui_pen_put(&pen, p->clear);
	}
	if (pen.rc == 0)
		paint_rows(&pen, &r, all ? NULL : old, now);
	tui_pen_plain(&pen);
	aur_mem_free(r.old);
	aur_mem_free(r.span);
	return pen.rc;
}
