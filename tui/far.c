/* SPDX-License-Identifier: MIT */
#include "tui/far.h"

#include "base/mem.h"

#define AGAIN_NS (10 * AUR_SECOND_NS)
#define FINEST 1024 /* steps of a column that are looked through */

/* Whether what it has is of this graph, and has the columns that show. */
static bool has(const struct tui_far *f, const struct tui_far_want *w)
{
	int64_t again = w->column > AGAIN_NS ? w->column : AGAIN_NS;

	return f->s.ring != NULL && f->s.step.ns == w->column / 2 &&
	       f->figure == w->figure && f->host == w->kept->host &&
	       strcmp(f->name, w->name) == 0 && f->from <= w->left &&
	       f->to >= w->right && (w->now == 0 || w->now - f->asked < again);
}

static void take(struct tui_far *f, const struct tui_far_want *w)
{
	f->figure = w->figure;
	f->host = w->kept->host;
	snprintf(f->name, sizeof(f->name), "%s", w->name);
	f->from = w->left - w->more;
	f->to = w->right + w->more;
	f->asked = w->now;
}

const struct aur_series *tui_far_reach(
    struct tui_far *f, const struct tui_far_want *w)
{
	struct aur_point *point;
	size_t n;

	if (has(f, w))
		return &f->s;
	aur_series_release(&f->s);
	take(f, w);
	n = 2 * (size_t)(f->to - f->from + 1);
	point = aur_mem_new(n, sizeof(*point));
	if (point == NULL ||
	    aur_series_init(&f->s, n, (struct aur_span){w->column / 2}) < 0) {
		aur_mem_free(point);
		return NULL;
	}
	tui_kept_points(w->kept, w->figure, w->name,
	    (struct aur_wall){f->from * w->column},
	    (struct aur_wall){(f->to + 1) * w->column}, point, n);
	for (size_t i = 0; i < n; i++)
		aur_series_put(&f->s, f->from * 2 + (int64_t)i, point[i]);
	aur_mem_free(point);
	return &f->s;
}

void tui_far_release(struct tui_far *f)
{
	aur_series_release(&f->s);
	memset(f, 0, sizeof(*f));
}

int64_t tui_far_highest(const struct tui_far_want *w, int64_t from)
{
	struct aur_point point[FINEST];
	int64_t step = w->column / FINEST, end = from + w->column - 1;
	size_t n, best = SIZE_MAX;

	if (step < AUR_SECOND_NS)
		step = AUR_SECOND_NS;
	n = (size_t)(w->column / step);
	if (n < 2 || !tui_kept_points(w->kept, w->figure, w->name,
			 (struct aur_wall){from},
			 (struct aur_wall){from + (int64_t)n * step}, point, n))
		return end;
	for (size_t i = 0; i < n; i++)
		if (point[i].n > 0 &&
		    (best == SIZE_MAX || point[i].max > point[best].max))
			best = i;
	return best == SIZE_MAX ? end : from + (int64_t)(best + 1) * step - 1;
}
