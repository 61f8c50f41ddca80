/* SPDX-License-Identifier: MIT */
/*
 * Three plain rings fed side by side. Folding the old end of one into the
 * next was rejected: it saves a sixth of the memory and makes each read a
 * search for the seam.
 */
#include "tui/history.h"

#include <math.h>

static const struct {
	size_t steps;
	int64_t seconds; /* 0: the interval */
} tiers[TUI_TIERS] = {{TUI_TIER_0, 0}, {TUI_TIER_1, 10}, {TUI_TIER_2, 60}};

static struct aur_span step_of(struct aur_span interval, int i)
{
	if (tiers[i].seconds == 0)
		return interval;
	return (struct aur_span){tiers[i].seconds * AUR_SECOND_NS};
}

int tui_history_init(struct tui_history *h, struct aur_span interval)
{
	int rc = 0;

	*h = (struct tui_history){0};
	for (int i = 0; i < TUI_TIERS && rc == 0; i++)
		rc = aur_series_init(
		    &h->tier[i], tiers[i].steps, step_of(interval, i));
	if (rc < 0)
		tui_history_release(h);
	return rc;
}

void tui_history_release(struct tui_history *h)
{
	for (int i = 0; i < TUI_TIERS; i++)
		aur_series_release(&h->tier[i]);
}

void tui_history_clear(struct tui_history *h)
{
	h->first = h->from = h->to = 0;
	h->asked = 0;
	for (int i = 0; i < TUI_TIERS; i++)
		aur_series_clear(&h->tier[i]);
}

/* Adds `v` to each step of the time `span` up to `when`, oldest first: steps
 * shorter than the time that a value stands for are no gaps. */
static void add_over(
    struct aur_series *s, struct aur_wall when, struct aur_span span, double v)
{
	int64_t back = span.ns / s->step.ns;

	if (back > (int64_t)s->cap)
		back = (int64_t)s->cap;
	for (back -= back > 0; back >= 0; back--)
		aur_series_add(
		    s, (struct aur_wall){when.ns - back * s->step.ns}, v);
}

void tui_history_add(struct tui_history *h, struct aur_wall when, double v)
{
	struct aur_span interval = h->tier[0].step;

	for (int i = 0; i < TUI_TIERS; i++)
		add_over(&h->tier[i], when, interval, v);
}

void tui_history_seed(
    struct tui_history *h, struct aur_wall when, struct aur_span span, double v)
{
	for (int i = 0; i < TUI_TIERS; i++)
		add_over(&h->tier[i], when, span, v);
}

int tui_history_step(struct tui_history *h, struct aur_span interval)
{
	struct aur_series *old = &h->tier[0], fresh;
	int rc;

	if (interval.ns == old->step.ns)
		return 0;
	rc = aur_series_init(&fresh, old->cap, interval);
	if (rc < 0)
		return rc;
	for (size_t back = old->n; back-- > 0;) {
		struct aur_point p = aur_series_at(old, back);
		int64_t number = old->newest - (int64_t)back;
		/* its last moment, so that it fills its time backwards */
		struct aur_wall end = {(number + 1) * old->step.ns - 1};

		add_over(&fresh, end, old->step, (double)p.mean);
	}
	aur_series_release(old);
	*old = fresh;
	h->first = h->from = h->to = 0;
	h->asked = 0;
	return 0;
}

int tui_history_tier(struct aur_span interval, struct aur_span span)
{
	for (int i = 0; i < TUI_TIERS; i++) {
		int64_t step = step_of(interval, i).ns;

		if (step >= interval.ns &&
		    (int64_t)tiers[i].steps >= span.ns / step)
			return i;
	}
	return TUI_TIERS - 1;
}
