/* SPDX-License-Identifier: MIT */
#include "tui/growth.h"

#include "base/mem.h"
#include "tui/track.h"

#include <math.h>

#define APART 15.0
#define STEADY 0.9
#define YEAR (366 * 86400.0)

static struct tui_growing *find(
    const struct tui_growth *g, struct aur_slice mount)
{
	for (size_t i = 0; i < g->n; i++)
		if (aur_slice_is(mount, g->fs[i].mount))
			return &g->fs[i];
	return NULL;
}

/* One more place; false where there is no memory. */
static bool make_room(struct tui_growth *g)
{
	size_t cap = g->cap == 0 ? 4 : g->cap * 2;
	struct tui_growing *fs;

	if (g->n < g->cap)
		return true;
	fs = aur_mem_grow(g->fs, cap, sizeof(*fs));
	if (fs == NULL)
		return false;
	g->fs = fs;
	g->cap = cap;
	return true;
}

/* A place for `mount`: a new one, or that of one that has gone. */
static struct tui_growing *place(struct tui_growth *g, struct aur_slice mount)
{
	struct tui_growing *fs = NULL;

	if (mount.n == 0 || mount.n >= sizeof(fs->mount))
		return NULL;
	if (g->n < TUI_GROWTH_MAX && make_room(g))
		fs = &g->fs[g->n++];
	for (size_t i = 0; i < g->n && fs == NULL; i++)
		if (g->fs[i].seen + 1 < g->samples)
			fs = &g->fs[i];
	if (fs == NULL)
		return NULL;
	memset(fs, 0, sizeof(*fs));
	memcpy(fs->mount, mount.p, mount.n);
	fs->apart = APART;
	return fs;
}

/* Drops every other point. */
static void thin(struct tui_growing *fs)
{
	for (size_t i = 0; i < fs->n / 2; i++)
		fs->point[i] = fs->point[2 * i];
	fs->n /= 2;
	fs->apart *= 2;
}

/* Another time, or room was made: half of what had come has gone. */
static bool begins_anew(const struct tui_growing *fs, double t, double used)
{
	double first = fs->point[0].used, last = fs->point[fs->n - 1].used;

	return t < fs->point[fs->n - 1].t || used < first ||
	       used < last - (last - first) / 2;
}

void tui_growth_point(
    struct tui_growth *g, struct aur_slice mount, double t, double used)
{
	struct tui_growing *fs = find(g, mount);

	if (fs == NULL)
		fs = place(g, mount);
	if (fs == NULL)
		return;
	fs->seen = g->samples;
	if (isnan(used))
		return;
	if (fs->n > 0 && begins_anew(fs, t, used)) {
		fs->n = 0;
		fs->apart = APART;
	}
	if (fs->n > 0 && t - fs->point[fs->n - 1].t < fs->apart)
		return;
	if (fs->n == TUI_GROWTH_POINTS)
		thin(fs);
	fs->point[fs->n].t = t;
	fs->point[fs->n++].used = used;
}

/* The slope of the line of least squares through the points from `from`; in
 * *ret_fit the share of their spread that it explains. */
static double slope(const struct tui_growing *fs, size_t from, double *ret_fit)
{
	double n = (double)(fs->n - from), t = 0, u = 0, tt = 0, uu = 0, tu = 0;

	for (size_t i = from; i < fs->n; i++) {
		t += fs->point[i].t / n;
		u += fs->point[i].used / n;
	}
	for (size_t i = from; i < fs->n; i++) {
		double dt = fs->point[i].t - t, du = fs->point[i].used - u;

		tt += dt * dt;
		uu += du * du;
		tu += dt * du;
	}
	*ret_fit = tt > 0 && uu > 0 ? tu * tu / (tt * uu) : 0;
	return tt > 0 ? tu / tt : 0;
}

double tui_growth_full(
    const struct tui_growth *g, struct aur_slice mount, double available)
{
	const struct tui_growing *fs = find(g, mount);
	double fit, half_fit, all, half;

	if (fs == NULL || fs->n < TUI_GROWTH_LEAST || isnan(available))
		return NAN;
	all = slope(fs, 0, &fit);
	half = slope(fs, fs->n / 2, &half_fit);
	if (!(all > 0) || fit < STEADY || half < all / 2 ||
	    available / all > YEAR)
		return NAN;
	return available / all;
}

void tui_growth_add(struct tui_growth *g, struct aur_figures *f)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_FILESYSTEMS);

	if (f->now == NULL)
		return;
	g->samples++;
	for (size_t i = 0; i < n; i++)
		tui_growth_point(g, tui_string(f, AUR_FIG_filesystems_mount, i),
		    (double)f->now->mono.ns / AUR_SECOND_NS,
		    tui_number(f, AUR_FIG_filesystems_used_bytes, i));
}

void tui_growth_release(struct tui_growth *g)
{
	aur_mem_free(g->fs);
	memset(g, 0, sizeof(*g));
}
