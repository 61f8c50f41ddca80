/* SPDX-License-Identifier: MIT */
/*
 * Rows of the process list made from figures: who passes, by what they are
 * sorted, and in which order they stand. What a row is sorted by is taken out
 * once, for figures are computed when they are asked for.
 */
#include "tui/process_list.h"

#include "base/err.h"
#include "base/mem.h"
#include "view/format.h"

#include <math.h>

/* What a row is sorted by, taken out of the figures once. */
struct sortable {
	struct tui_row row;
	uint64_t parent;
	double number;
	struct aur_slice text;
	uint32_t tree; /* trees of a host stand together */
	uint8_t kind;  /* 0 unknown, 1 number, 2 text */
	int8_t sign;
	bool kernel;
};

struct match { /* a row of the filter */
	struct aur_figures *f;
	size_t inst;
	const char *host;
};

/* A field of the filter that is no figure. */
#define FIELD_HOST AUR_FIG_COUNT

/* --- who passes ----------------------------------------------------------- */

int tui_filter_find(void *ctx, struct aur_slice name)
{
	int column = aur_column_find(name);

	(void)ctx;
	if (aur_slice_is(name, "host"))
		return FIELD_HOST;
	if (column >= 0)
		return (int)aur_column_get((enum aur_column_id)column)->figure;
	return aur_figure_find(AUR_GROUP_PROCESSES, name);
}

static bool filter_get(
    void *row, int field, unsigned nth, struct aur_value *ret)
{
	static const enum aur_figure_id plain[] = {AUR_FIG_processes_name,
	    AUR_FIG_processes_cmdline, AUR_FIG_processes_user,
	    AUR_FIG_processes_unit};
	struct match *m = row;

	if (field == FIELD_HOST) {
		*ret = (struct aur_value){
		    .type = AUR_VALUE_TEXT, .s = aur_slice_str(m->host)};
		return true;
	}
	if (field < 0) {
		if (nth >= AUR_ARRAY_LEN(plain))
			return false;
		field = (int)plain[nth];
	}
	aur_figures_process(m->f, (enum aur_figure_id)field, m->inst, ret);
	return true;
}

static bool is_wanted_pid(const struct tui_list *l, uint64_t pid)
{
	if (l->pids == NULL)
		return true;
	for (size_t i = 0; i < l->npid; i++)
		if (l->pids[i] == pid)
			return true;
	return false;
}

static const char *host_name(const struct tui_list *l, uint32_t host)
{
	return l->hosts != NULL ? l->hosts[host] : "local";
}

/* What a row is asked by its number: of a thread, its process. */
static bool is_of_pids(
    const struct tui_list *l, const struct aur_figures *f, size_t inst)
{
	if (aur_figures_is_thread(f, inst))
		return is_wanted_pid(l, aur_figures_task_parent(f, inst));
	return is_wanted_pid(l, aur_figures_task_key(f, inst).v[0]);
}

static bool is_kernel(const struct aur_figures *f, size_t inst)
{
	const struct aur_part *part = f->part[AUR_GROUP_PROCESSES];

	return !aur_figures_is_thread(f, inst) &&
	       aur_part_cell(part, inst, AUR_PROCESS_kernel_thread) != 0;
}

static bool passes(
    const struct tui_list *l, struct aur_figures *f, struct tui_row row)
{
	size_t inst = row.inst;
	struct aur_value v;
	struct match m = {f, inst, host_name(l, row.who.host)};

	if (!is_of_pids(l, f, inst) || (!l->kernel && is_kernel(f, inst)))
		return false;
	if (l->user[0] != '\0') {
		aur_figures_process(f, AUR_FIG_processes_user, inst, &v);
		if (v.type != AUR_VALUE_TEXT || !aur_slice_is(v.s, l->user))
			return false;
	}
	return l->filter == NULL || aur_filter_match(l->filter, filter_get, &m);
}

/* --- the order ------------------------------------------------------------ */

/* Percentages are sorted as they are shown, so that rows which look equal keep
 * their order instead of trading places at every sample. */
static double as_shown(const struct aur_column *c, double v)
{
	return aur_figure_get(c->figure)->unit == AUR_UNIT_PERCENT
		   ? floor(v * 10 + 0.5)
		   : v;
}

/* A command line from its program on, as it is shown; who has none, by
 * name. */
static struct aur_slice command_key(
    struct aur_figures *f, size_t inst, struct aur_slice cmd)
{
	struct aur_value v;

	if (cmd.n > 0) {
		const uint8_t *from = aur_format_program(cmd).p;

		return aur_slice_of(from, cmd.n - (size_t)(from - cmd.p));
	}
	aur_figures_process(f, AUR_FIG_processes_name, inst, &v);
	return v.type == AUR_VALUE_TEXT ? v.s : cmd;
}

static void take_sort_key(
    const struct tui_list *l, struct aur_figures *f, struct sortable *s)
{
	const struct aur_column *c = tui_column_get(l->sort);
	struct aur_value v;

	s->sign = l->descending ? -1 : 1;
	s->kernel = is_kernel(f, s->row.inst);
	s->tree = l->tree ? s->row.who.host : 0;
	if (l->sort == TUI_COLUMN_HOST) {
		s->kind = 2;
		s->text = aur_slice_str(host_name(l, s->row.who.host));
		return;
	}
	aur_figures_process(f, c->figure, s->row.inst, &v);
	if (aur_value_number(&v, &s->number)) {
		s->kind = 1;
		s->number = as_shown(c, s->number);
	} else if (v.type == AUR_VALUE_TEXT || v.type == AUR_VALUE_LIST) {
		s->kind = 2;
		s->text = l->sort == AUR_COLUMN_COMMAND
			      ? command_key(f, s->row.inst, v.s)
			      : v.s;
	}
}

static int fold_case(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int cmp_text(struct aur_slice a, struct aur_slice b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++) {
		int d = fold_case(a.p[i]) - fold_case(b.p[i]);

		if (d != 0)
			return d;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

/* Unknown values come last in either direction, and of equals threads of the
 * kernel: on a machine that idles the first page is of its programs. */
static int cmp_sortable(const struct sortable *a, const struct sortable *b)
{
	int d = 0;

	if (a->tree != b->tree)
		return a->tree < b->tree ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind == 0 ? 1 : b->kind == 0 ? -1 : a->kind - b->kind;
	if (a->kind == 1)
		d = a->number < b->number ? -1 : a->number > b->number;
	else if (a->kind == 2)
		d = cmp_text(a->text, b->text);
	return d != 0 ? a->sign * d : a->kernel - b->kernel;
}

static void merge(const struct sortable *s, const uint32_t *a, size_t na,
    const uint32_t *b, size_t nb, uint32_t *out)
{
	size_t i = 0, k = 0;

	while (i < na && k < nb)
		if (cmp_sortable(&s[a[i]], &s[b[k]]) <= 0)
			*out++ = a[i++];
		else
			*out++ = b[k++];
	memcpy(out, a + i, (na - i) * sizeof(*a));
	memcpy(out + (na - i), b + k, (nb - k) * sizeof(*b));
}

/* Puts the numbers of the sorted ones into one of two arrays, and returns
 * which. A merge from below: stable, so equals stay by pid, and never worse
 * than n log n, whatever a host sends; qsort promises neither. */
static uint32_t *sort(
    const struct sortable *s, size_t n, uint32_t *at, uint32_t *other)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (uint32_t)i;
	for (size_t w = 1; w < n; w *= 2) {
		uint32_t *swap = at;

		for (size_t i = 0; i < n; i += 2 * w) {
			size_t na = n - i < w ? n - i : w;
			size_t nb = n - i - na < w ? n - i - na : w;

			merge(s, at + i, na, at + i + na, nb, other + i);
		}
		at = other;
		other = swap;
	}
	return at;
}

/* --- the rows ------------------------------------------------------------- */

/* The row of `pid` in the `n` of one host that ascend by it; n if none. */
static size_t find_pid(const struct sortable *s, size_t n, uint64_t pid)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s[mid].row.who.key.v[0] < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && s[lo].row.who.key.v[0] == pid ? lo : n;
}

/* Drops what neither passed nor has anything below it that did. `keep` has a
 * mark for each. The number left. */
static size_t keep_ancestors(struct sortable *s, size_t n, uint32_t *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		keep[i] = !s[i].row.context;
	for (size_t i = 0; i < n; i++) {
		size_t up = i;

		if (s[i].row.context)
			continue;
		while ((up = find_pid(s, n, s[up].parent)) < n && !keep[up])
			keep[up] = 1;
	}
	for (size_t i = 0; i < n; i++)
		if (keep[i])
			s[kept++] = s[i];
	return kept;
}

/* How many a host has that the list may show. */
static size_t most_of(const struct tui_list *l, const struct aur_figures *f)
{
	return l->threads ? aur_figures_tasks(f)
			  : aur_figures_rows(f, AUR_GROUP_PROCESSES);
}

/* Whom the list has of one host, ascending by pid. `scratch`: two words for
 * each. */
static size_t gather(const struct tui_list *l, uint32_t host,
    struct sortable *out, uint32_t *scratch)
{
	struct aur_figures *f = &l->figures[host];
	bool some = l->filter != NULL || l->user[0] != '\0' || l->pids != NULL;
	size_t n = 0, all = most_of(l, f);
	uint32_t *order = scratch + all;

	if (l->threads)
		aur_figures_by_pid(f, order);
	for (size_t i = 0; i < all; i++) {
		uint32_t inst = l->threads ? order[i] : (uint32_t)i;
		struct tui_row row = {.inst = inst,
		    .who = {aur_figures_task_key(f, inst), host},
		    .thread = aur_figures_is_thread(f, inst)};
		struct sortable *s = &out[n];

		row.context = !passes(l, f, row);
		if (row.context && !(l->tree && some))
			continue;
		*s = (struct sortable){
		    .row = row, .parent = aur_figures_task_parent(f, inst)};
		take_sort_key(l, f, s);
		n++;
	}
	return l->tree && some ? keep_ancestors(out, n, scratch) : n;
}

static int grow(struct tui_list *l, size_t n)
{
	struct tui_row *p;

	if (n <= l->cap)
		return 0;
	p = aur_mem_grow(l->row, n, sizeof(*p));
	if (p == NULL)
		return AUR_ENOMEM;
	l->row = p;
	l->cap = n;
	return 0;
}

/* Puts `n` into the rows, as a tree; `at` is their order. */
static int to_tree(
    struct tui_list *l, const struct sortable *s, const uint32_t *at, size_t n)
{
	uint32_t *by_pid = aur_mem_new(n + 1, sizeof(*by_pid));
	uint64_t *parent = aur_mem_new(n + 1, sizeof(*parent));
	int rc = AUR_ENOMEM;

	if (by_pid == NULL || parent == NULL)
		goto out;
	for (size_t i = 0; i < n; i++) {
		by_pid[at[i]] = (uint32_t)i;
		parent[i] = s[at[i]].parent;
		l->row[i] = s[at[i]].row;
	}
	l->n = n;
	rc = tui_tree_order(l, l->row, &l->n, by_pid, parent);
out:
	aur_mem_free(by_pid);
	aur_mem_free(parent);
	return rc;
}

int tui_list_make(struct tui_list *l)
{
	struct sortable *s;
	const uint32_t *at;
	uint32_t *word;
	size_t n = 0, all = 0;
	int rc = AUR_ENOMEM;

	for (size_t i = 0; i < l->nhost; i++)
		all += most_of(l, &l->figures[i]);
	s = aur_mem_new(all + 1, sizeof(*s));
	word = aur_mem_new(all + 1, 2 * sizeof(*word));
	if (s == NULL || word == NULL)
		goto out;
	rc = grow(l, all + 1);
	if (rc < 0)
		goto out;
	for (size_t i = 0; i < l->nhost; i++)
		n += gather(l, (uint32_t)i, s + n, word);
	at = sort(s, n, word, word + all + 1);
	if (l->tree && n > 0)
		rc = to_tree(l, s, at, n);
	else {
		for (size_t i = 0; i < n; i++)
			l->row[i] = s[at[i]].row;
		l->n = n;
	}
out:
	aur_mem_free(s);
	aur_mem_free(word);
	return rc;
}
