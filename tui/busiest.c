/* SPDX-License-Identifier: MIT */
/*
 * A ring by number: step n stands at n modulo the size and says its number,
 * so that gaps cost nothing and an old step is known by being another one.
 */
#include "tui/busiest.h"

#include "base/err.h"
#include "base/mem.h"

static const size_t sizes[TUI_TIERS] = {TUI_TIER_0, TUI_TIER_1, TUI_TIER_2};

int tui_busiest_init(struct tui_busiest *b, struct aur_span interval)
{
	memset(b, 0, sizeof(*b));
	b->step[0] = interval;
	b->step[1] = aur_span_seconds(10);
	b->step[2] = aur_span_seconds(60);
	for (int i = 0; i < TUI_TIERS; i++) {
		b->ring[i] = aur_mem_new(sizes[i], sizeof(*b->ring[i]));
		if (b->ring[i] == NULL) {
			tui_busiest_release(b);
			return AUR_ENOMEM;
		}
	}
	return 0;
}

void tui_busiest_release(struct tui_busiest *b)
{
	for (int i = 0; i < TUI_TIERS; i++)
		aur_mem_free(b->ring[i]);
	memset(b, 0, sizeof(*b));
}

/* Puts one among the five: once, with the highest that it was seen at. */
static void put(struct tui_busy top[TUI_BUSIEST], const struct tui_busy *one)
{
	size_t at = TUI_BUSIEST - 1;

	for (size_t i = 0; i < TUI_BUSIEST; i++)
		if (top[i].pid == one->pid &&
		    strcmp(top[i].name, one->name) == 0)
			at = i;
	if (top[at].pid != 0 && top[at].percent >= one->percent)
		return;
	for (; at > 0 &&
	       (top[at - 1].pid == 0 || top[at - 1].percent < one->percent);
	     at--)
		top[at] = top[at - 1];
	top[at] = *one;
}

static void put_all(
    struct tui_busy top[TUI_BUSIEST], const struct tui_busy from[TUI_BUSIEST])
{
	for (size_t i = 0; i < TUI_BUSIEST && from[i].pid != 0; i++)
		put(top, &from[i]);
}

/* Adds to the step `number` of ring `i`, begun anew where it held another. */
static void merge(struct tui_busy_step *ring, size_t size, int64_t number,
    const struct tui_busy top[TUI_BUSIEST])
{
	struct tui_busy_step *s = &ring[(uint64_t)number % size];

	if (s->number > number)
		return; /* of the past, and its place is taken */
	if (s->number != number) {
		memset(s, 0, sizeof(*s));
		s->number = number;
	}
	put_all(s->top, top);
}

int tui_busiest_step(struct tui_busiest *b, struct aur_span interval)
{
	struct tui_busy_step *fresh, *old = b->ring[0];
	int64_t step = b->step[0].ns;

	if (interval.ns == step || interval.ns <= 0)
		return 0;
	fresh = aur_mem_new(sizes[0], sizeof(*fresh));
	if (fresh == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < sizes[0]; i++)
		if (old[i].number > 0)
			merge(fresh, sizes[0],
			    old[i].number * step / interval.ns, old[i].top);
	aur_mem_free(old);
	b->ring[0] = fresh;
	b->step[0] = interval;
	return 0;
}

static void name_of(struct aur_figures *f, size_t inst, struct tui_busy *one)
{
	struct aur_value v;

	aur_figures_process(f, AUR_FIG_processes_name, inst, &v);
	if (v.type == AUR_VALUE_TEXT)
		snprintf(one->name, sizeof(one->name), "%.*s",
		    (int)(v.s.n < sizeof(one->name) ? v.s.n : 15),
		    (const char *)v.s.p);
}

/* The five of one sample. */
static void collect(struct aur_figures *f, const struct aur_part *part,
    struct tui_busy top[TUI_BUSIEST])
{
	struct aur_value v;
	double percent;

	for (size_t i = 0; i < part->n; i++) {
		struct tui_busy one = {.pid = (uint32_t)part->inst[i].key.v[0]};

		aur_figures_process(f, AUR_FIG_processes_cpu_percent, i, &v);
		if (!aur_value_number(&v, &percent) || !(percent > 0) ||
		    (top[TUI_BUSIEST - 1].pid != 0 &&
			top[TUI_BUSIEST - 1].percent >= (float)percent))
			continue;
		one.percent = (float)percent;
		name_of(f, i, &one);
		put(top, &one);
	}
}

size_t tui_busiest_of(struct aur_figures *f, struct tui_busy out[TUI_BUSIEST])
{
	const struct aur_part *part =
	    f->now == NULL ? NULL : aur_sample_get(f->now, AUR_DOMAIN_PROCESS);
	size_t n = 0;

	memset(out, 0, TUI_BUSIEST * sizeof(*out));
	if (part != NULL)
		collect(f, part, out);
	while (n < TUI_BUSIEST && out[n].pid != 0)
		n++;
	return n;
}

void tui_busiest_add(struct tui_busiest *b, struct aur_figures *f)
{
	struct tui_busy top[TUI_BUSIEST] = {{0}};
	const struct aur_part *part =
	    f->now == NULL ? NULL : aur_sample_get(f->now, AUR_DOMAIN_PROCESS);

	if (part == NULL || b->ring[0] == NULL || f->now->wall.ns <= 0)
		return;
	collect(f, part, top);
	for (int i = 0; i < TUI_TIERS; i++)
		merge(
		    b->ring[i], sizes[i], f->now->wall.ns / b->step[i].ns, top);
}

size_t tui_busiest_over(const struct tui_busiest *b, int tier,
    struct aur_wall from, struct aur_wall to, struct tui_busy out[TUI_BUSIEST])
{
	size_t n = 0;

	memset(out, 0, TUI_BUSIEST * sizeof(*out));
	if (b->ring[0] == NULL || to.ns <= from.ns || from.ns <= 0)
		return 0;
	for (int i = tier; i < TUI_TIERS && out[0].pid == 0; i++) {
		int64_t step = b->step[i].ns, k = from.ns / step;
		int64_t end = (to.ns - 1) / step;

		for (; k <= end; k++) {
			const struct tui_busy_step *s =
			    &b->ring[i][(uint64_t)k % sizes[i]];

			if (s->number == k)
				put_all(out, s->top);
		}
	}
	while (n < TUI_BUSIEST && out[n].pid != 0)
		n++;
	return n;
}
