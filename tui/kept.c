/* SPDX-License-Identifier: MIT */
#include "tui/kept.h"

#include <math.h>

/* False where the name has no room. */
static bool take_row(struct aur_metric *m, const char *row)
{
	size_t n = strlen(row);

	if (n >= sizeof(m->instance))
		return false;
	memcpy(m->instance, row, n + 1);
	return true;
}

/* Steps between neighbours that are known, where all are as far apart or
 * farther; 0: there are no two. */
static size_t spacing(const struct aur_point *points, size_t n)
{
	size_t least = 0, last = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		if (points[i].n == 0)
			continue;
		if (last != SIZE_MAX && (least == 0 || i - last < least))
			least = i - last;
		last = i;
	}
	return least;
}

/* A point holds for the steps up to it. They are a sample each, so that what
 * merges them weighs time. */
static void spread(struct aur_point *points, size_t n)
{
	size_t by = spacing(points, n), known = SIZE_MAX;

	/* the last step of a coarser one may come a step sooner or later */
	by += by > 2;
	for (size_t i = n; i-- > 0 && by > 1;) {
		if (points[i].n > 0)
			known = i;
		else if (known != SIZE_MAX && known - i < by)
			points[i] = points[known];
	}
}

bool tui_kept_points(const struct tui_kept *k, enum aur_figure_id figure,
    const char *row, struct aur_wall from, struct aur_wall to,
    struct aur_point *points, size_t n)
{
	struct aur_metric m = {
	    .group = aur_figure_get(figure)->group, .figure = figure};
	static const struct aur_point gap = {NAN, NAN, NAN, 0};
	int rc = -1;

	if (k->feed != NULL && take_row(&m, row))
		rc = k->feed->past->points(
		    k->feed, k->host, &m, from, to, points, n);
	if (rc == 0)
		spread(points, n);
	for (size_t i = 0; i < n && rc < 0; i++)
		points[i] = gap;
	return rc == 0;
}

bool tui_kept_bounds(const struct tui_kept *k, struct aur_wall *ret_from,
    struct aur_wall *ret_to)
{
	return k->feed != NULL &&
	       k->feed->past->bounds(k->feed, k->host, ret_from, ret_to);
}
