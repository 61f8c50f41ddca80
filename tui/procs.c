/* SPDX-License-Identifier: MIT */
#include "tui/procs.h"

#include "base/human.h"
#include "base/limits.h"
#include "base/text.h"
#include "view/format.h"

#include <math.h>

void tui_procs_init(struct tui_procs *p, struct tui_scene *scene)
{
	memset(p, 0, sizeof(*p));
	p->scene = scene;
	p->figures = &scene->figures;
	p->nhost = 1;
	p->focused = true;
	tui_list_init(&p->list);
	tui_columns_default(&p->columns);
	aur_buf_init(&p->text, AUR_MAX_STRING * 3);
}

void tui_procs_release(struct tui_procs *p)
{
	tui_list_release(&p->list);
	aur_buf_release(&p->text);
}

void tui_procs_of(struct tui_procs *p, struct aur_figures *f,
    const char *const *names, const bool *stale, size_t n)
{
	p->figures = f != NULL ? f : &p->scene->figures;
	p->nhost = f != NULL ? n : 1;
	p->list.hosts = names;
	p->stale = stale;
	p->list.n = p->list.total = 0;
	p->list.chosen = p->follow = p->searching = false;
	tui_keys_clear(&p->list.tags); /* of rows that nobody sees any more */
	tui_keys_clear(&p->list.folds);
}

void tui_procs_update(struct tui_procs *p, bool resort)
{
	bool hold = p->hold && !resort;

	p->moved = false;
	if (tui_list_update_all(&p->list, p->figures, p->nhost, hold) < 0)
		p->list.n = 0; /* no memory: empty until the next sample */
	if (p->follow && !tui_who_same(p->list.selected, p->followed))
		p->follow = false; /* ended, or filtered out: not another */
}

void tui_procs_value(
    struct tui_procs *p, enum aur_figure_id id, size_t i, struct aur_value *ret)
{
	const struct tui_row *r = &p->list.row[i];

	aur_figures_process(&p->figures[r->who.host], id, r->inst, ret);
}

bool tui_procs_filter(
    struct tui_procs *p, const char *text, char *error, size_t size)
{
	if (!tui_prompt_filter(
		text, tui_filter_find, &p->list.filter, p->filter, error, size))
		return false;
	tui_procs_update(p, true);
	return true;
}

static void keep_cursor_shown(struct tui_procs *p, int rows)
{
	size_t n = rows > 0 ? (size_t)rows : 1, most;

	p->page = (int)n;
	most = p->list.n > n ? p->list.n - n : 0;
	if (p->list.cursor < p->top)
		p->top = p->list.cursor;
	if (p->list.cursor >= p->top + n)
		p->top = p->list.cursor - n + 1;
	if (p->follow && p->list.n > n) {
		p->top = p->list.cursor > n / 2 ? p->list.cursor - n / 2 : 0;
	}
	if (p->top > most)
		p->top = most;
}

static void draw_head(struct tui_procs *p, const struct tui_area *a)
{
	tui_repeat(a, 0, 0, a->r.w, ' ', TUI_ROLE_HEAD);
	for (size_t i = 0; i < p->ncolumn; i++) {
		const struct aur_column *c = tui_column_get(p->column[i].id);
		bool sorted = p->column[i].id == p->list.sort;
		enum tui_role role =
		    sorted ? TUI_ROLE_HEAD_SORT : TUI_ROLE_HEAD;
		int x = p->column[i].x, w = p->column[i].w;
		int n = (int)strlen(c->title);
		const char *arrow = p->scene->ascii
					? (p->list.descending ? "v" : "^")
					: (p->list.descending ? "\xe2\x96\xbd"
							      : "\xe2\x96\xb3");

		if (c->width > 0 && n > w)
			n = w;
		if (c->right)
			tui_text(a, x + w - n, 0, n,
			    aur_slice_of(c->title, (size_t)n), role);
		else
			tui_text(a, x, 0, n, aur_slice_of(c->title, (size_t)n),
			    role);
		if (!sorted)
			continue;
		if (c->right && w > n)
			tui_str(a, x + w - n - 1, 0, arrow, role);
		else
			tui_str(a, x + (c->right ? w : n), 0, arrow, role);
	}
}

struct aur_slice tui_procs_text(
    struct tui_procs *p, enum aur_figure_id id, const struct aur_value *v)
{
	aur_buf_clear(&p->text);
	if (aur_format_figure(&p->text, id, v) < 0)
		return aur_slice_str("-");
	return aur_buf_peek(&p->text);
}

static enum tui_role role_of(unsigned id, const struct aur_value *v)
{
	double d = 0;

	if (v->type == AUR_VALUE_NULL)
		return TUI_ROLE_MUTED;
	if (v->type == AUR_VALUE_TEXT && id == AUR_COLUMN_STATE && v->s.n > 0)
		switch (v->s.p[0]) {
		case 'R':
			return TUI_ROLE_GOOD;
		case 'D':
		case 'Z':
			return TUI_ROLE_BAD;
		case 'T':
		case 't':
			return TUI_ROLE_WARN;
		default:
			return TUI_ROLE_MUTED;
		}
	if (!aur_value_number(v, &d))
		return id == AUR_COLUMN_UNIT ? TUI_ROLE_MUTED : TUI_ROLE_TEXT;
	switch (id) {
	case AUR_COLUMN_CPU:
	case AUR_COLUMN_MEMORY:
		return d < 0.05	 ? TUI_ROLE_MUTED
		       : d >= 50 ? TUI_ROLE_STRONG
				 : TUI_ROLE_TEXT;
	case AUR_COLUMN_READ:
	case AUR_COLUMN_WRITE:
	case AUR_COLUMN_NICE:
		return d == 0 ? TUI_ROLE_MUTED : TUI_ROLE_TEXT;
	default:
		return TUI_ROLE_TEXT;
	}
}

/* The last values of CPU; a full cell is one CPU, so that rows compare. A cell
 * shows when both its values are known: the number beside it tells the newest,
 * and forty rows that move at every sample are no calm sight. */
static void draw_spark(struct tui_procs *p, const struct tui_area *a, int x,
    int y, int w, size_t i)
{
	const struct tui_scene *s = p->scene;
	const struct tui_past_row *row =
	    tui_past_find(&s->past, p->list.row[i].who.key);
	size_t back = tui_scene_past_back(s);

	back += (s->past.steps - back) & 1;
	for (int k = 0; k < w; k++, back += 2) {
		double right = tui_past_at(&s->past, row, back) / 100;
		double left = tui_past_at(&s->past, row, back + 1) / 100;
		bool idle = !(right >= 0.01 || left >= 0.01);

		if (!isnan(left) || !isnan(right))
			tui_put(a, x + w - 1 - k, y,
			    aur_graph_glyph(left > 1 ? 1 : left,
				right > 1 ? 1 : right, 0, 1, s->glyphs),
			    idle ? TUI_ROLE_TRACK : TUI_ROLE_CPU_USER);
	}
}

/* A folded branch tells of all that it hides; whether it does. */
static bool take_sum(
    const struct tui_row *row, unsigned id, struct aur_value *v)
{
	double d;

	if (!row->folded)
		return false;
	if (id == AUR_COLUMN_CPU)
		d = (double)row->cpu;
	else if (id == AUR_COLUMN_MEMORY)
		d = (double)row->memory;
	else if (id == AUR_COLUMN_RSS)
		d = row->rss;
	else
		return false;
	if (isnan(d))
		return false;
	*v = (struct aur_value){.type = AUR_VALUE_REAL, .d = d};
	return true;
}

static void draw_value(struct tui_procs *p, const struct tui_area *a, int y,
    size_t column, size_t i)
{
	unsigned id = p->column[column].id;
	const struct aur_column *c = tui_column_get(id);
	struct aur_value v;
	struct aur_slice text;
	char time[AUR_HUMAN_MAX];
	double d;
	bool is_sum;
	int x = p->column[column].x, w = p->column[column].w, n;

	if (id == TUI_COLUMN_SPARK) {
		draw_spark(p, a, x, y, w, i);
		return;
	}
	if (id == TUI_COLUMN_HOST) {
		tui_text(a, x, y, w,
		    aur_slice_str(p->list.hosts[p->list.row[i].who.host]),
		    TUI_ROLE_LABEL);
		return;
	}
	tui_procs_value(p, c->figure, i, &v);
	is_sum = take_sum(&p->list.row[i], id, &v);
	if (id == AUR_COLUMN_TIME && aur_value_number(&v, &d)) {
		aur_human_cpu_time(d, time);
		text = aur_slice_str(time);
	} else if (v.type == AUR_VALUE_NULL && !c->right)
		return;
	else if (id == AUR_COLUMN_PRIORITY && aur_value_number(&v, &d) &&
		 d <= -100) /* proc(5): real time; the number says no more */
		text = aur_slice_str("RT");
	else
		text = tui_procs_text(p, c->figure, &v);
	n = (int)aur_text_width(text);
	if (c->right && n < w)
		x += w - n;
	tui_text(a, x, y, w, text, role_of(id, &v));
	if (is_sum && x > 0)
		tui_put(a, x - 1, y, p->scene->ascii ? '+' : 0x3a3,
		    TUI_ROLE_STRONG);
}

static void draw_row(
    struct tui_procs *p, const struct tui_area *a, int y, size_t i)
{
	bool tagged = tui_keys_has(&p->list.tags, p->list.row[i].who);

	for (size_t c = 0; c < p->ncolumn; c++)
		if (p->column[c].id == AUR_COLUMN_COMMAND)
			tui_procs_command(
			    p, a, p->column[c].x, y, p->column[c].w, i);
		else
			draw_value(p, a, y, c, i);
	if (p->searching &&
	    tui_list_matches(&p->list, p->figures, aur_slice_str(p->search), i))
		tui_paint(a, 0, y, p->column[0].w, TUI_ROLE_MATCH);
	if (p->list.row[i].context ||
	    (p->stale != NULL && p->stale[p->list.row[i].who.host]))
		tui_mark(a, 0, y, a->r.w, TUI_DIM);
	if (i == p->list.cursor)
		tui_paint(a, 0, y, a->r.w,
		    tagged ? TUI_ROLE_TAGGED_SELECTED : TUI_ROLE_SELECTED);
	else if (tagged)
		tui_paint(a, 0, y, a->r.w, TUI_ROLE_TAGGED);
	if (tagged) /* not by colour alone */
		tui_put(a, 0, y, '*',
		    i == p->list.cursor ? TUI_ROLE_TAGGED_SELECTED
					: TUI_ROLE_TAGGED);
}

static void draw_empty(const struct tui_procs *p, const struct tui_area *a)
{
	const struct tui_scene *s = p->scene;
	const char *text = "";

	if ((s->whole || p->stale != NULL) && p->list.total > 0)
		text = "no process passes the filter";
	else if (s->moment.ns != 0 && (p->stale != NULL || s->whole))
		text = "no processes were kept of this moment";
	else if (p->stale != NULL || s->host == NULL ||
		 s->host->state == AUR_HOST_CONNECTING ||
		 s->host->state == AUR_HOST_UP)
		text = s->ascii ? "reading processes..."
				: "reading processes\xe2\x80\xa6";
	else if (s->host->error != NULL)
		text = s->host->error;
	tui_str(a, 1, 1, text, TUI_ROLE_MUTED);
}

void tui_procs_draw(struct tui_procs *p, const struct tui_area *a)
{
	int rows = a->r.h - 1;

	if (p->moved) /* rows keep their order until it is made anew */
		(void)!tui_list_update_all(
		    &p->list, p->figures, p->nhost, true);
	p->moved = false;
	p->at = a->r;
	tui_procs_columns(p, a->r.w);
	draw_head(p, a);
	keep_cursor_shown(p, rows);
	for (int y = 0; y < rows && p->top + (size_t)y < p->list.n; y++)
		draw_row(p, a, y + 1, p->top + (size_t)y);
	if (p->list.n == 0)
		draw_empty(p, a);
}

static bool fold(struct tui_procs *p, bool folded)
{
	struct tui_row *r;

	if (!p->list.tree || p->list.n == 0)
		return true;
	r = &p->list.row[p->list.cursor];
	if (r->children && r->folded != folded)
		(void)!tui_keys_toggle(&p->list.folds, r->who);
	tui_procs_update(p, true);
	return true;
}

static void tag(struct tui_procs *p)
{
	if (p->list.n == 0)
		return;
	(void)!tui_keys_toggle(&p->list.tags, p->list.selected);
	tui_list_go(&p->list, p->list.cursor + 1);
}

static bool sort_by(struct tui_procs *p, unsigned column)
{
	if (p->list.sort != column) {
		p->list.sort = column;
		p->list.descending = tui_list_descends(column);
	}
	p->hold = false;
	tui_procs_update(p, true);
	return true;
}

static bool search_on(struct tui_procs *p, bool back)
{
	size_t from = p->list.cursor + (back ? p->list.n - 1 : 1);

	if (p->list.n > 0)
		tui_list_search(&p->list, p->figures, aur_slice_str(p->search),
		    from % p->list.n, back);
	return true;
}

bool tui_procs_do(struct tui_procs *p, enum tui_action action)
{
	if (tui_list_move(
		&p->list, action, (size_t)(p->page > 1 ? p->page : 1))) {
		p->follow = false;
		return true;
	}
	switch (action) {
	case TUI_DO_LEFT:
		p->shift = p->shift > 8 ? p->shift - 8 : 0;
		return true;
	case TUI_DO_RIGHT:
		p->shift += p->shift < 4096 ? 8 : 0;
		return true;
	case TUI_DO_SEARCH_NEXT:
		return p->searching && search_on(p, false);
	case TUI_DO_SEARCH_PREVIOUS:
		return p->searching ? search_on(p, true)
				    : sort_by(p, AUR_COLUMN_PID);
	case TUI_DO_TREE:
		p->list.tree = !p->list.tree;
		tui_procs_update(p, true);
		return true;
	case TUI_DO_FOLD:
		return fold(p, true);
	case TUI_DO_UNFOLD:
		return fold(p, false);
	case TUI_DO_FOLD_ALL:
		if (p->list.tree)
			(void)!tui_list_fold_all(&p->list);
		tui_procs_update(p, true);
		return true;
	case TUI_DO_INVERT:
		p->list.descending = !p->list.descending;
		p->hold = false;
		tui_procs_update(p, true);
		return true;
	case TUI_DO_SORT_CPU:
		return sort_by(p, AUR_COLUMN_CPU);
	case TUI_DO_SORT_MEMORY:
		return sort_by(p, AUR_COLUMN_MEMORY);
	case TUI_DO_SORT_TIME:
		return sort_by(p, AUR_COLUMN_TIME);
	case TUI_DO_KERNEL:
		p->list.kernel = !p->list.kernel;
		tui_procs_update(p, true);
		return true;
	case TUI_DO_THREADS:
		p->list.threads = !p->list.threads;
		tui_procs_update(p, true);
		return true;
	case TUI_DO_FOLLOW:
		p->follow = !p->follow && p->list.n > 0;
		p->followed = p->list.selected;
		p->list.chosen |= p->follow;
		return true;
	case TUI_DO_TAG:
		tag(p);
		return true;
	case TUI_DO_TAG_TREE:
		(void)!tui_list_tag_tree(&p->list, p->figures);
		return true;
	case TUI_DO_UNTAG:
		tui_keys_clear(&p->list.tags);
		return true;
	default:
		return false;
	}
}

bool tui_procs_click(struct tui_procs *p, int x, int y)
{
	if (!tui_rect_has(p->at, x, y))
		return false;
	if (y > p->at.y) {
		size_t i = p->top + (size_t)(y - p->at.y - 1);

		p->follow = false;
		if (i < p->list.n)
			tui_list_go(&p->list, i);
		return i < p->list.n;
	}
	for (size_t c = 0; c < p->ncolumn; c++)
		if (x - p->at.x >= p->column[c].x &&
		    x - p->at.x <= p->column[c].x + p->column[c].w) {
			tui_list_sort(
			    &p->list, tui_column_sort(p->column[c].id));
			tui_procs_update(p, true);
			return true;
		}
	return false;
}
