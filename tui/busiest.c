/* SPDX-License-Identifier: MIT */
/*
 * A ring by number: step n stands at n modulo the size and says its number,
 * so that gaps cost nothing and an old step is known by being another one.
 */
#include "tui/busiest.h"

#include "base/err.h"
#include "base/mem.h"

static const struct {
	size_t first, size; /* of all steps */
} tiers[TUI_TIERS] = {
    {0, TUI_TIER_0},
    {TUI_TIER_0, TUI_TIER_1},
    {TUI_TIER_0 + TUI_TIER_1, TUI_TIER_2},
};
_Static_assert(TUI_TIER_0 % TUI_BUSIEST_BLOCK == 0 &&
		   TUI_TIER_1 % TUI_BUSIEST_BLOCK == 0 &&
		   TUI_TIER_2 % TUI_BUSIEST_BLOCK == 0,
    "a block is of one tier");
#define BLOCKS_0 (TUI_TIER_0 / TUI_BUSIEST_BLOCK)

void tui_busiest_init(struct tui_busiest *b, struct aur_span interval)
{
	memset(b, 0, sizeof(*b));
	b->step[0] = interval;
	b->step[1] = aur_span_seconds(10);
	b->step[2] = aur_span_seconds(60);
}

static void release_blocks(struct tui_busy_step *block[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		aur_mem_free(block[i]);
}

void tui_busiest_release(struct tui_busiest *b)
{
	release_blocks(b->block, AUR_ARRAY_LEN(b->block));
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

/* Where the step `number` of a tier stands among all. */
static size_t place(int tier, int64_t number)
{
	return tiers[tier].first + (uint64_t)number % tiers[tier].size;
}

/* Adds to a tier's step `number`, begun anew where it held another. 0,
 * AUR_ENOMEM. */
static int merge(struct tui_busiest *b, int tier, int64_t number,
    const struct tui_busy top[TUI_BUSIEST])
{
	size_t i = place(tier, number);
	struct tui_busy_step *s, **block = &b->block[i / TUI_BUSIEST_BLOCK];

	if (*block == NULL)
		*block = aur_mem_new(TUI_BUSIEST_BLOCK, sizeof(**block));
	if (*block == NULL)
		return AUR_ENOMEM;
	s = &(*block)[i % TUI_BUSIEST_BLOCK];
	if (s->number > number)
		return 0; /* of the past, and its place is taken */
	if (s->number != number) {
		memset(s, 0, sizeof(*s));
		s->number = number;
	}
	put_all(s->top, top);
	return 0;
}

/* A block of the finest tier, of steps of `step`, into the steps of now. */
static int merge_block(
    struct tui_busiest *b, const struct tui_busy_step *old, int64_t step)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < TUI_BUSIEST_BLOCK; i++)
		if (old[i].number > 0)
			rc = merge(b, 0, old[i].number * step / b->step[0].ns,
			    old[i].top);
	return rc;
}

int tui_busiest_step(struct tui_busiest *b, struct aur_span interval)
{
	struct tui_busy_step *old[BLOCKS_0];
	int64_t step = b->step[0].ns;
	int rc = 0;

	if (interval.ns == step || interval.ns <= 0)
		return 0;
	memcpy(old, b->block, sizeof(old));
	memset(b->block, 0, sizeof(old));
	b->step[0] = interval;
	for (size_t i = 0; rc == 0 && i < BLOCKS_0; i++)
		if (old[i] != NULL)
			rc = merge_block(b, old[i], step);
	if (rc == 0) {
		release_blocks(old, BLOCKS_0);
		return 0;
	}
	release_blocks(b->block, BLOCKS_0);
	memcpy(b->block, old, sizeof(old));
	b->step[0].ns = step;
	return rc;
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

	if (part == NULL || b->step[0].ns <= 0 || f->now->wall.ns <= 0)
		return;
	collect(f, part, top);
	for (int i = 0; i < TUI_TIERS; i++)
		(void)!merge(b, i, f->now->wall.ns / b->step[i].ns, top);
}

static void put_step(const struct tui_busiest *b, int tier, int64_t number,
    struct tui_busy out[TUI_BUSIEST])
{
	size_t i = place(tier, number);
	const struct tui_busy_step *block = b->block[i / TUI_BUSIEST_BLOCK];

	if (block != NULL && block[i % TUI_BUSIEST_BLOCK].number == number)
		put_all(out, block[i % TUI_BUSIEST_BLOCK].top);
}

size_t tui_busiest_over(const struct tui_busiest *b, int tier,
    struct aur_wall from, struct aur_wall to, struct tui_busy out[TUI_BUSIEST])
{
	size_t n = 0;

	memset(out, 0, TUI_BUSIEST * sizeof(*out));
	if (b->step[0].ns <= 0 || to.ns <= from.ns || from.ns <= 0)
		return 0;
	for (int i = tier; i < TUI_TIERS && out[0].pid == 0; i++) {
		int64_t step = b->step[i].ns, k = from.ns / step;
		int64_t end = (to.ns - 1) / step;

		for (; k <= end; k++)
			put_step(b, i, k, out);
	}
	while (n < TUI_BUSIEST && out[n].pid != 0)
		n++;
	return n;
}
