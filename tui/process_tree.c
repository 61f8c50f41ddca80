/* SPDX-License-Identifier: MIT */
/*
 * Rows in tree order. Siblings keep the order they come in, so a tree is
 * sorted by whatever the list is. No recursion: a host can send a chain of
 * 100,000 parents, or parents in a ring; what no root reaches becomes a root.
 */
#include "tui/process_list.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>

#define NONE UINT32_MAX

struct links {
	uint32_t *parent, *first, *next;
	uint8_t *done;
};

static bool is_before(const struct tui_row *row, uint32_t host, uint64_t pid)
{
	if (row->who.host != host)
		return row->who.host < host;
	return row->who.key.v[0] < pid;
}

/* The row whose pid is `pid` on this host; NONE if there is none. */
static uint32_t find(const struct tui_row *row, const uint32_t *by_pid,
    size_t n, uint32_t host, uint64_t pid)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (is_before(&row[by_pid[mid]], host, pid))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == n || row[by_pid[lo]].who.host != host ||
	    row[by_pid[lo]].who.key.v[0] != pid)
		return NONE;
	return by_pid[lo];
}

static void link_all(struct links *l, const struct tui_row *row, size_t n,
    const uint32_t *by_pid, const uint64_t *parent)
{
	memset(l->first, 0xff, n * sizeof(*l->first));
	for (size_t i = n; i-- > 0;) {
		uint32_t p = find(row, by_pid, n, row[i].who.host, parent[i]);

		l->next[i] = NONE;
		l->parent[i] = p == i ? NONE : p;
		if (l->parent[i] != NONE) {
			l->next[i] = l->first[p];
			l->first[p] = (uint32_t)i;
		}
	}
}

/* a + b, where what is unknown adds nothing. */
static double plus(double a, double b)
{
	return isnan(a) ? b : isnan(b) ? a : a + b;
}

static double number(
    struct aur_figures *f, enum aur_figure_id id, const struct tui_row *r)
{
	struct aur_value v;
	double d = NAN;

	aur_figures_process(&f[r->who.host], id, r->inst, &v);
	return aur_value_number(&v, &d) ? d : NAN;
}

/* Adds a process to the sums of a branch. */
static void add(
    struct aur_figures *f, struct tui_row *to, const struct tui_row *r)
{
	if (r->thread) /* its process tells of it */
		return;
	to->cpu = (float)plus(
	    (double)to->cpu, number(f, AUR_FIG_processes_cpu_percent, r));
	to->memory = (float)plus(
	    (double)to->memory, number(f, AUR_FIG_processes_memory_percent, r));
	to->rss = plus(to->rss, number(f, AUR_FIG_processes_rss_bytes, r));
}

/* Marks what is below a folded row as told, so that it is no root, and sums
 * it up in `out`. */
static void skip_below(struct aur_figures *f, struct links *l,
    const struct tui_row *row, uint32_t top, struct tui_row *out)
{
	uint32_t i = l->first[top];

	while (i != NONE && i != top && !l->done[i]) {
		l->done[i] = 1;
		out->hidden += !row[i].thread;
		add(f, out, &row[i]);
		if (l->first[i] != NONE && !l->done[l->first[i]]) {
			i = l->first[i];
			continue;
		}
		while (i != top && l->next[i] == NONE)
			i = l->parent[i];
		if (i == top)
			break;
		i = l->next[i];
	}
}

static void emit(struct tui_list *list, struct links *l,
    const struct tui_row *row, uint32_t i, unsigned depth, uint32_t guides,
    struct tui_row *out, size_t *n)
{
	struct tui_row *r = &out[(*n)++];

	*r = row[i];
	r->depth = (uint8_t)(depth < 255 ? depth : 255);
	r->guides = guides;
	r->last = l->next[i] == NONE;
	r->children = l->first[i] != NONE;
	r->folded = r->children && tui_keys_has(&list->folds, r->who);
	l->done[i] = 1;
	if (!r->folded)
		return;
	r->cpu = r->memory = NAN;
	r->rss = NAN;
	add(list->figures, r, r);
	skip_below(list->figures, l, row, i, r);
}

/* Tells the tree of `root`. */
static void walk(struct tui_list *list, struct links *l,
    const struct tui_row *row, uint32_t root, struct tui_row *out, size_t *n)
{
	uint32_t i = root, guides = 0;
	unsigned depth = 0;

	for (;;) {
		emit(list, l, row, i, depth, guides, out, n);
		if (!out[*n - 1].folded && l->first[i] != NONE &&
		    !l->done[l->first[i]]) {
			if (depth > 0 && depth < TUI_TREE_MAX &&
			    l->next[i] != NONE)
				guides |= 1u << (depth - 1);
			depth++;
			i = l->first[i];
			continue;
		}
		while (i != root && l->next[i] == NONE) {
			i = l->parent[i];
			depth--;
			if (depth > 0 && depth < TUI_TREE_MAX)
				guides &= ~(1u << (depth - 1));
		}
		if (i == root)
			return;
		i = l->next[i];
		if (l->done[i])
			return;
	}
}

int tui_tree_order(struct tui_list *list, struct tui_row *row, size_t *ret_n,
    const uint32_t *by_pid, const uint64_t *parent)
{
	size_t n = *ret_n, told = 0;
	struct links l = {aur_mem_new(n, sizeof(uint32_t)),
	    aur_mem_new(n, sizeof(uint32_t)), aur_mem_new(n, sizeof(uint32_t)),
	    aur_mem_new(n, 1)};
	struct tui_row *out = aur_mem_new(n, sizeof(*out));
	int rc = AUR_ENOMEM;

	if (!l.parent || !l.first || !l.next || !l.done || !out)
		goto out;
	link_all(&l, row, n, by_pid, parent);
	for (size_t i = 0; i < n; i++)
		if (l.parent[i] == NONE)
			walk(list, &l, row, (uint32_t)i, out, &told);
	for (size_t i = 0; i < n; i++)
		if (!l.done[i]) /* in a ring */
			walk(list, &l, row, (uint32_t)i, out, &told);
	memcpy(row, out, told * sizeof(*row));
	*ret_n = told;
	rc = 0;
out:
	aur_mem_free(l.parent);
	aur_mem_free(l.first);
	aur_mem_free(l.next);
	aur_mem_free(l.done);
	aur_mem_free(out);
	return rc;
}
