/* SPDX-License-Identifier: MIT */
#include "tui/past.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>

#define UNKNOWN UINT16_MAX

static int cmp(struct aur_key a, struct aur_key b)
{
	for (int i = 0; i < 2; i++)
		if (a.v[i] != b.v[i])
			return a.v[i] < b.v[i] ? -1 : 1;
	return 0;
}

void tui_past_release(struct tui_past *p)
{
	aur_mem_free(p->row);
	memset(p, 0, sizeof(*p));
}

/* The key of the task that is number `i` by pid. */
static struct aur_key key_at(
    const struct aur_figures *f, const uint32_t *order, size_t i)
{
	return aur_figures_task_key(f, order != NULL ? order[i] : i);
}

static bool same_keys(const struct tui_past *p, const struct aur_figures *f,
    const uint32_t *order)
{
	if (p->n != aur_figures_tasks(f))
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (cmp(p->row[i].key, key_at(f, order, i)) != 0)
			return false;
	return true;
}

static void begin_row(struct tui_past_row *row, struct aur_key key)
{
	row->key = key;
	memset(row->cpu, 0xff, sizeof(row->cpu));
}

/* Makes the rows those of `f`, and keeps what is known of them. */
static int follow(
    struct tui_past *p, const struct aur_figures *f, const uint32_t *order)
{
	size_t n = aur_figures_tasks(f), cap = n + n / 8 + 64, from = 0;
	struct tui_past_row *row = aur_mem_new(cap, sizeof(*row));

	if (row == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct aur_key key = key_at(f, order, i);

		while (from < p->n && cmp(p->row[from].key, key) < 0)
			from++;
		if (from < p->n && cmp(p->row[from].key, key) == 0)
			row[i] = p->row[from++];
		else
			begin_row(&row[i], key);
	}
	aur_mem_free(p->row);
	p->row = row;
	p->n = n;
	p->cap = cap;
	return 0;
}

/* Steps since the sample told last: more than one where some were lost. */
static size_t steps_to(const struct tui_past *p, const struct aur_sample *s)
{
	uint64_t n = s->seq - p->seq;

	if (p->steps == 0 || s->seq <= p->seq)
		return 1;
	return n < TUI_PAST_STEPS ? (size_t)n : TUI_PAST_STEPS;
}

static uint16_t packed(double percent)
{
	if (!(percent >= 0))
		return UNKNOWN;
	return percent < 6553 ? (uint16_t)(percent * 10 + 0.5) : 65530;
}

/* One more step, and those before it that were lost. */
static void step(struct tui_past *p, const struct aur_sample *s)
{
	for (size_t steps = steps_to(p, s); steps > 0; steps--) {
		p->at = (p->at + 1) % TUI_PAST_STEPS;
		p->steps++;
		for (size_t i = 0; steps > 1 && i < p->n; i++)
			p->row[i].cpu[p->at] = UNKNOWN;
	}
	p->seq = s->seq;
}

static void add_all(
    struct tui_past *p, struct aur_figures *f, const uint32_t *order)
{
	for (size_t i = 0; i < p->n; i++) {
		struct aur_value v;
		double d = NAN;

		aur_figures_process(f, AUR_FIG_processes_cpu_percent,
		    order != NULL ? order[i] : i, &v);
		if (!aur_value_number(&v, &d))
			d = NAN;
		p->row[i].cpu[p->at] = packed(d);
	}
}

int tui_past_add(struct tui_past *p, struct aur_figures *f)
{
	uint32_t *order = NULL; /* NULL: processes alone, which ascend */
	int rc = 0;

	if (f->now == NULL || f->part[AUR_GROUP_PROCESSES] == NULL)
		return 0;
	if (f->threads != NULL && f->threads->n > 0) {
		order = aur_mem_new(aur_figures_tasks(f), sizeof(*order));
		if (order == NULL) {
			tui_past_release(p);
			return AUR_ENOMEM;
		}
		aur_figures_by_pid(f, order);
	}
	if (!same_keys(p, f, order))
		rc = follow(p, f, order);
	if (rc == 0) {
		step(p, f->now);
		add_all(p, f, order);
	} else
		tui_past_release(p);
	aur_mem_free(order);
	return rc;
}

int tui_past_add_next(struct tui_past *p, struct aur_figures *f)
{
	if (f->now != NULL)
		p->seq = f->now->seq - 1;
	return tui_past_add(p, f);
}

const struct tui_past_row *tui_past_find(
    const struct tui_past *p, struct aur_key key)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cmp(p->row[mid].key, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->n && cmp(p->row[lo].key, key) == 0 ? &p->row[lo] : NULL;
}

double tui_past_at(
    const struct tui_past *p, const struct tui_past_row *row, size_t back)
{
	uint16_t v;

	if (row == NULL || back >= TUI_PAST_STEPS)
		return NAN;
	v = row->cpu[(p->at + TUI_PAST_STEPS - back) % TUI_PAST_STEPS];
	return v == UNKNOWN ? NAN : v / 10.0;
}
