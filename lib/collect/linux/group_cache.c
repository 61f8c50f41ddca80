/* SPDX-License-Identifier: MIT */
/*
 * Paths of control groups that something is in, with what they tell. Sorted
 * by the id of the path's string: an id is looked up without touching text.
 */
#include "collect/linux/group.h"

#include "base/err.h"
#include "base/mem.h"

/* Where `path` stands or belongs. */
static size_t place(const struct aur__groups *g, uint32_t path)
{
	size_t lo = 0, hi = g->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (g->v[mid].path < path)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* An id for text; 0 where there is no memory for it: then it is not told. */
static uint32_t id_of(struct aur_strs *strs, struct aur_slice s)
{
	uint32_t id;

	return aur_strs_put(strs, s, &id) < 0 ? 0 : id;
}

static void learn(struct aur__groups *g, struct aur_root *root,
    struct aur_slice path, struct aur__group *e)
{
	struct aur__container c;
	struct aur_slice unit;
	char name[128];

	if (aur__path_unit(path, &unit))
		e->unit = id_of(g->strs, unit);
	if (!aur__path_container(path, &c))
		return;
	e->container = id_of(g->strs, aur_slice_str(c.id));
	if (aur__container_name(root, &c, name))
		e->name = id_of(g->strs, aur_slice_str(name));
}

static bool reserve(struct aur__groups *g)
{
	size_t cap = g->cap == 0 ? 16 : g->cap * 2;
	struct aur__group *v;

	if (g->n < g->cap)
		return true;
	v = aur_mem_grow(g->v, cap, sizeof(*v));
	if (v == NULL)
		return false;
	g->v = v;
	g->cap = cap;
	return true;
}

const struct aur__group *aur__groups_get(
    struct aur__groups *g, struct aur_root *root, struct aur_slice path)
{
	struct aur__group e = {.users = 1};
	size_t at;

	if (aur_strs_put(g->strs, path, &e.path) < 0)
		return NULL;
	at = place(g, e.path);
	if (at < g->n && g->v[at].path == e.path) {
		aur_strs_drop(g->strs, e.path);
		g->v[at].users++;
		return &g->v[at];
	}
	if (!reserve(g)) {
		aur_strs_drop(g->strs, e.path);
		return NULL;
	}
	learn(g, root, path, &e);
	memmove(&g->v[at + 1], &g->v[at], (g->n - at) * sizeof(e));
	g->v[at] = e;
	g->n++;
	return &g->v[at];
}

static void drop_strings(struct aur__groups *g, const struct aur__group *e)
{
	aur_strs_drop(g->strs, e->path);
	aur_strs_drop(g->strs, e->unit);
	aur_strs_drop(g->strs, e->container);
	aur_strs_drop(g->strs, e->name);
}

void aur__groups_put(struct aur__groups *g, uint32_t path)
{
	size_t at = place(g, path);

	if (at == g->n || g->v[at].path != path || --g->v[at].users > 0)
		return;
	drop_strings(g, &g->v[at]);
	g->n--;
	memmove(&g->v[at], &g->v[at + 1], (g->n - at) * sizeof(g->v[0]));
}

void aur__groups_release(struct aur__groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		drop_strings(g, &g->v[i]);
	aur_mem_free(g->v);
	*g = (struct aur__groups){0};
}
