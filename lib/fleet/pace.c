/* SPDX-License-Identifier: MIT */
/*
 * Doubling keeps a dead host from costing anything, the jitter keeps a
 * hundred hosts that died together from coming back together. It is only ever
 * added: "in 1.0 s" is never a lie by being late by less.
 */
#include "fleet/pace_int.h"

#define INTERVALS 3

static const struct aur__pace usual = {
    .stale = {.ns = 5 * AUR_SECOND_NS},
    .lost = {.ns = 15 * AUR_SECOND_NS},
    .step = {.ns = 30 * AUR_SECOND_NS},
    .ping = {.ns = 10 * AUR_SECOND_NS},
    .least = {.ns = AUR_SECOND_NS},
    .most = {.ns = 60 * AUR_SECOND_NS},
    .known = {.ns = 15 * AUR_SECOND_NS},
    .local = {.ns = AUR_SECOND_NS / 2},
    .steady = {.ns = 30 * AUR_SECOND_NS},
    .compare = {.ns = 2 * AUR_SECOND_NS},
    .slept = {.ns = 3 * AUR_SECOND_NS},
    .refused = {.ns = 3600 * AUR_SECOND_NS},
};

const struct aur__pace *aur__pace_usual(void)
{
	return &usual;
}

struct aur_span aur__pace_stale(
    const struct aur__pace *p, struct aur_span interval)
{
	struct aur_span s = {.ns = INTERVALS * interval.ns};

	return s.ns < p->stale.ns ? p->stale : s;
}

struct aur_span aur__pace_lost(
    const struct aur__pace *p, struct aur_span interval)
{
	struct aur_span s = aur__pace_stale(p, interval);

	s.ns += p->lost.ns - p->stale.ns;
	return s;
}

struct aur_span aur__backoff_next(const struct aur__pace *p,
    struct aur__backoff *b, struct aur_mono now, uint32_t random)
{
	struct aur_span wait = b->remote ? p->least : p->local;
	struct aur_span most = b->known ? p->known : p->most;

	if (b->up_since.ns != 0) {
		b->known = true;
		most = p->known;
		if (aur_mono_since(now, b->up_since).ns >= p->steady.ns)
			b->failures = 0;
	}
	b->up_since.ns = 0;
	for (unsigned i = 0; i < b->failures && wait.ns < most.ns; i++)
		wait.ns *= 2;
	if (wait.ns > most.ns)
		wait = most;
	if (b->failures < UINT32_MAX)
		b->failures++;
	if (b->remote)
		wait.ns += wait.ns / 400 * (random % 100);
	return wait;
}

bool aur__pace_slept(const struct aur__pace *p, struct aur_mono mono,
    struct aur_mono boot, struct aur_span *gap)
{
	struct aur_span now = aur_mono_since(boot, mono), was = *gap;

	*gap = now;
	return was.ns != 0 && now.ns - was.ns > p->slept.ns;
}
