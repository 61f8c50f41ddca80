/* SPDX-License-Identifier: MIT */
/*
 * A table of thresholds says what is enough for each unit: an absolute step,
 * so that noise near nothing is none, and a share, so that a gigabyte of a
 * terabyte is none either.
 */
#include "cli/differ.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/status.h"

#include <math.h>

/* --- what is enough ------------------------------------------------------- */

struct enough {
	double step;  /* at least so much */
	double share; /* and that of the larger one */
};

static struct enough enough_of(const struct aur_figure *f)
{
	switch (f->unit) {
	case AUR_UNIT_PERCENT:
		return (struct enough){5, 0};
	case AUR_UNIT_BYTES:
		return (struct enough){16 << 20, 0.05};
	case AUR_UNIT_BYTES_PER_SECOND:
		return (struct enough){64 << 10, 0.5};
	case AUR_UNIT_PER_SECOND:
		return (struct enough){10, 0.5};
	case AUR_UNIT_MILLISECONDS:
		return (struct enough){2, 0.5};
	case AUR_UNIT_CELSIUS:
		return (struct enough){5, 0};
	case AUR_UNIT_HERTZ:
		return (struct enough){1, 0.25};
	case AUR_UNIT_COUNT:
		return f->type == AUR_VALUE_REAL ? (struct enough){0.5, 0.3}
						 : (struct enough){5, 0.1};
	default:
		return (struct enough){0, 0};
	}
}

static bool moved_enough(
    const struct aur_figure *f, double a, double b, bool all)
{
	struct enough e = enough_of(f);
	double by = fabs(a - b);

	if (all)
		return by > 0;
	return by > 0 && by >= e.step && by >= e.share * fmax(fabs(a), fabs(b));
}

/* What differs whenever one looks. */
static bool is_idle(const struct differ *d, enum aur_figure_id id)
{
	switch (id) {
	case AUR_FIG_system_uptime_seconds:
	case AUR_FIG_cpu_idle_percent:
	case AUR_FIG_memory_free_bytes:
	case AUR_FIG_memory_available_bytes:
		return !d->all;
	case AUR_FIG_system_hostname:
	case AUR_FIG_system_machine_id:
	case AUR_FIG_system_boot_id:
	case AUR_FIG_system_boot_time:
		return d->hosts;
	default:
		return aur_figure_get(id)->group == AUR_GROUP_AGENT &&
		       id != AUR_FIG_agent_version;
	}
}

static bool differs(const struct differ *d, enum aur_figure_id id,
    const struct aur_value *a, const struct aur_value *b)
{
	double x, y;

	if (a->type == AUR_VALUE_NULL || b->type == AUR_VALUE_NULL)
		return false;
	if (aur_value_number(a, &x) && aur_value_number(b, &y))
		return moved_enough(aur_figure_get(id), x, y, d->all);
	return aur_value_cmp(a, b) != 0;
}

/* --- values --------------------------------------------------------------- */

static int add_value(struct differ *d, struct shot *shot, enum aur_figure_id id,
    size_t row, const struct aur_value *a, const struct aur_value *b)
{
	struct aur_metric metric = {
	    .group = aur_figure_get(id)->group, .figure = id};
	size_t n = d->diff.nvalue;
	struct aur_buf path;
	int rc;

	if (n == d->value_cap) {
		size_t cap = n > 0 ? 2 * n : 64;
		void *values = aur_mem_grow(d->value, cap, sizeof *d->value);
		void *paths;

		if (values == NULL)
			return AUR_ENOMEM;
		d->value = values;
		paths = aur_mem_grow(d->path, cap, sizeof *d->path);
		if (paths == NULL)
			return AUR_ENOMEM;
		d->path = paths;
		d->value_cap = cap;
	}
	aur_buf_init(&path, AUR_MAX_STRING);
	rc = status_metric_path(&path, shot, &metric, row);
	if (rc == 0) {
		struct aur_slice s = aur_buf_peek(&path);

		d->path[n] = aur_mem_dup(s.p, s.n);
		rc = d->path[n] == NULL ? AUR_ENOMEM : 0;
	}
	aur_buf_release(&path);
	if (rc < 0)
		return rc;
	d->value[n] = (struct aur_json_moved){
	    .metric = aur_slice_str(d->path[n]),
	    .unit = aur_figure_get(id)->unit,
	    .a = *a,
	    .b = *b,
	};
	d->diff.nvalue++;
	return 0;
}

/* The value stays: of a host's texts two are made when asked for, in one of
 * AUR_FIGURE_TEXTS buffers. */
static void get(struct shot *shot, enum aur_figure_id id, ptrdiff_t row,
    struct aur_value *ret)
{
	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	if (row >= 0 && (size_t)row < aur_figures_rows(&shot->figures,
					  aur_figure_get(id)->group))
		aur_figures_get(&shot->figures, id, (size_t)row, ret);
}

/* The row of `b` that has the key of row `row` of `a`; -1: none. */
static ptrdiff_t find_row(struct shot *a, size_t row, struct shot *b,
    const struct aur_group *group, enum aur_group_id id)
{
	struct aur_value key, other;
	size_t n = aur_figures_rows(&b->figures, id);

	if (!group->many)
		return 0;
	aur_figures_get(&a->figures, group->first, row, &key);
	for (size_t i = 0; i < n; i++) {
		/* mostly they are where they were */
		size_t at = (row + i) % n;

		aur_figures_get(&b->figures, group->first, at, &other);
		if (key.type == other.type && aur_value_cmp(&key, &other) == 0)
			return (ptrdiff_t)at;
	}
	return -1;
}

/* A row that only one has is told by one figure: its size or its rate. */
static int add_lone(struct differ *d, struct shot *shot, size_t row,
    const struct aur_group *group, bool in_a)
{
	struct aur_value none = {.type = AUR_VALUE_NULL}, v;

	for (size_t i = 1; i < group->n; i++) {
		enum aur_figure_id id =
		    (enum aur_figure_id)((size_t)group->first + i);

		get(shot, id, (ptrdiff_t)row, &v);
		if (v.type == AUR_VALUE_INT || v.type == AUR_VALUE_REAL)
			return add_value(d, shot, id, row, in_a ? &v : &none,
			    in_a ? &none : &v);
	}
	return 0;
}

static int compare_row(struct differ *d, struct shot *a, struct shot *b,
    const struct aur_group *group, size_t row, ptrdiff_t other)
{
	int rc = 0;

	for (size_t i = 0; i < group->n && rc == 0; i++) {
		enum aur_figure_id id =
		    (enum aur_figure_id)((size_t)group->first + i);
		struct aur_value x, y;

		if (is_idle(d, id) || (group->many && i == 0))
			continue;
		get(a, id, (ptrdiff_t)row, &x);
		get(b, id, other, &y);
		if (differs(d, id, &x, &y))
			rc = add_value(d, a, id, row, &x, &y);
	}
	return rc;
}

static int compare_group(
    struct differ *d, struct shot *a, struct shot *b, enum aur_group_id id)
{
	const struct aur_group *group = aur_group_get(id);
	size_t na = aur_figures_rows(&a->figures, id);
	size_t nb = aur_figures_rows(&b->figures, id);
	int rc = 0;

	for (size_t i = 0; i < na && rc == 0; i++) {
		ptrdiff_t other = find_row(a, i, b, group, id);

		rc = other >= 0 ? compare_row(d, a, b, group, i, other)
				: add_lone(d, a, i, group, true);
	}
	for (size_t i = 0; group->many && i < nb && rc == 0; i++)
		if (find_row(b, i, a, group, id) < 0)
			rc = add_lone(d, b, i, group, false);
	return rc;
}

/* --- processes ------------------------------------------------------------ */

struct list {
	struct aur_json_changed *item; /* each with its load as a */
	size_t n;
};

static bool same_boot(const struct shot *a, const struct shot *b)
{
	return memcmp(a->figures.now->boot_id, b->figures.now->boot_id, 16) ==
	       0;
}

static double number_or_nan(const struct aur_value *v)
{
	double n;

	return aur_value_number(v, &n) ? n : (double)NAN;
}

static struct aur_slice text_of(
    struct shot *s, enum aur_figure_id id, size_t row)
{
	struct aur_value v;

	aur_figures_get(&s->figures, id, row, &v);
	return v.type == AUR_VALUE_TEXT ? v.s : aur_slice_str("");
}

static struct aur_json_changed item_of(struct shot *s, size_t row, bool by_name)
{
	struct aur_json_changed item = {
	    .name = text_of(s, AUR_FIG_processes_name, row),
	    .user = text_of(s, AUR_FIG_processes_user, row),
	    .a.count = 1,
	};
	struct aur_value v;

	aur_figures_get(&s->figures, AUR_FIG_processes_cpu_percent, row, &v);
	item.a.cpu_percent = number_or_nan(&v);
	aur_figures_get(&s->figures, AUR_FIG_processes_rss_bytes, row, &v);
	item.a.rss_bytes = number_or_nan(&v);
	if (by_name)
		return item;
	aur_figures_get(&s->figures, AUR_FIG_processes_pid, row, &v);
	item.pid = v.type == AUR_VALUE_INT ? (uint64_t)v.i : 0;
	aur_figures_get(&s->figures, AUR_FIG_processes_start_ticks, row, &v);
	item.start_ticks = v.type == AUR_VALUE_INT ? (uint64_t)v.i : 0;
	return item;
}

static int by_key(const void *pa, const void *pb)
{
	const struct aur_json_changed *a = pa, *b = pb;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	if (a->start_ticks != b->start_ticks)
		return a->start_ticks < b->start_ticks ? -1 : 1;
	return a->pid != 0 ? 0 : aur_slice_cmp(a->name, b->name);
}

static double sum(double a, double b)
{
	return isnan(a) ? b : isnan(b) ? a : a + b;
}

/* Takes equal neighbours together. */
static void merge_equal(struct list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct aur_json_changed *to = n > 0 ? &l->item[n - 1] : NULL;
		const struct aur_json_changed *from = &l->item[i];

		if (to == NULL || by_key(to, from) != 0) {
			l->item[n++] = *from;
			continue;
		}
		to->a.count += from->a.count;
		to->a.cpu_percent = sum(to->a.cpu_percent, from->a.cpu_percent);
		to->a.rss_bytes = sum(to->a.rss_bytes, from->a.rss_bytes);
		if (!aur_slice_eq(to->user, from->user))
			to->user.n = 0;
	}
	l->n = n;
}

static int list_of(struct shot *s, bool by_name, bool all, struct list *ret)
{
	size_t n = aur_figures_rows(&s->figures, AUR_GROUP_PROCESSES);
	const struct aur_part *part = s->figures.part[AUR_GROUP_PROCESSES];

	ret->n = 0;
	ret->item = aur_mem_new(n + 1, sizeof *ret->item);
	if (ret->item == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (all ||
		    aur_part_cell(part, i, AUR_PROCESS_kernel_thread) == 0)
			ret->item[ret->n++] = item_of(s, i, by_name);
	qsort(ret->item, ret->n, sizeof *ret->item, by_key);
	merge_equal(ret);
	return 0;
}

static bool load_moved(const struct aur_json_changed *c, bool all)
{
	double cpu = fabs(c->a.cpu_percent - c->b.cpu_percent);
	double rss = fabs(c->a.rss_bytes - c->b.rss_bytes);
	double larger = fmax(c->a.rss_bytes, c->b.rss_bytes);

	if (all)
		return c->a.count != c->b.count || cpu > 0 || rss > 0;
	return c->a.count != c->b.count || cpu >= 10 ||
	       (rss >= (16 << 20) && rss >= 0.1 * larger);
}

static int add_process(struct differ *d, const struct aur_json_changed *c)
{
	size_t n = d->diff.nprocess;

	if (n == d->process_cap) {
		size_t cap = n > 0 ? 2 * n : 64;
		void *more = aur_mem_grow(d->process, cap, sizeof *d->process);

		if (more == NULL)
			return AUR_ENOMEM;
		d->process = more;
		d->process_cap = cap;
	}
	d->process[d->diff.nprocess++] = *c;
	return 0;
}

static int compare_lists(
    struct differ *d, const struct list *a, const struct list *b)
{
	static const struct aur_json_load none = {0, (double)NAN, (double)NAN};
	size_t i = 0, k = 0;
	int rc = 0;

	while (rc == 0 && (i < a->n || k < b->n)) {
		int order = i == a->n	? 1
			    : k == b->n ? -1
					: by_key(&a->item[i], &b->item[k]);
		struct aur_json_changed c =
		    order <= 0 ? a->item[i] : b->item[k];

		c.a = order <= 0 ? a->item[i].a : none;
		c.b = order >= 0 ? b->item[k].a : none;
		i += order <= 0;
		k += order >= 0;
		if (order != 0 || load_moved(&c, d->all))
			rc = add_process(d, &c);
	}
	return rc;
}

/* New, gone, moved; within each what weighs most first. */
static int rank_of(const struct aur_json_changed *c)
{
	return c->a.count == 0 ? 0 : c->b.count == 0 ? 1 : 2;
}

static double known(double v)
{
	return isnan(v) ? 0 : v;
}

static double weight_of(const struct aur_json_changed *c)
{
	/* a CPU in full weighs as a gigabyte */
	return fabs(known(c->a.cpu_percent) - known(c->b.cpu_percent)) / 100 +
	       fabs(known(c->a.rss_bytes) - known(c->b.rss_bytes)) /
		   (double)(1 << 30);
}

static int by_weight(const void *pa, const void *pb)
{
	const struct aur_json_changed *a = pa, *b = pb;
	double wa = weight_of(a), wb = weight_of(b);

	if (rank_of(a) != rank_of(b))
		return rank_of(a) - rank_of(b);
	return wa != wb ? (wa < wb ? 1 : -1) : by_key(a, b);
}

static int compare_processes(struct differ *d, struct shot *a, struct shot *b)
{
	bool by_name = d->hosts || !same_boot(a, b);
	struct list la = {NULL, 0}, lb = {NULL, 0};
	int rc = 0;

	if (a->figures.part[AUR_GROUP_PROCESSES] == NULL ||
	    b->figures.part[AUR_GROUP_PROCESSES] == NULL)
		return 0; /* one side was not told of them */
	rc = list_of(a, by_name, d->all, &la);
	if (rc == 0)
		rc = list_of(b, by_name, d->all, &lb);
	if (rc == 0)
		rc = compare_lists(d, &la, &lb);
	aur_mem_free(la.item);
	aur_mem_free(lb.item);
	if (rc == 0 && d->diff.nprocess > 0)
		qsort(d->process, d->diff.nprocess, sizeof *d->process,
		    by_weight);
	return rc;
}

int differ_run(struct differ *d, struct shot *a, struct shot *b)
{
	int rc = 0;

	if (a->figures.now == NULL || b->figures.now == NULL)
		return 0;
	for (int i = 0; i < AUR_GROUP_COUNT && rc == 0; i++)
		if (i != AUR_GROUP_PROCESSES && i != AUR_GROUP_CORES)
			rc = compare_group(d, a, b, (enum aur_group_id)i);
	if (rc == 0)
		rc = compare_processes(d, a, b);
	d->diff.value = d->value;
	d->diff.process = d->process;
	return rc;
}

void differ_release(struct differ *d)
{
	for (size_t i = 0; i < d->diff.nvalue; i++)
		aur_mem_free(d->path[i]);
	aur_mem_free(d->path);
	aur_mem_free(d->value);
	aur_mem_free(d->process);
	*d = (struct differ){.hosts = false};
}
