/* SPDX-License-Identifier: MIT */
/* Hours of one quantity: tiers, their reach, and a change of the interval. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/mem.h"
#include "tui/history.h"

#include <math.h>

#define START 1795357920ll

static struct aur_wall at(int64_t second)
{
	return (struct aur_wall){(START + second) * AUR_SECOND_NS};
}

static const struct aur_series *of(
    const struct tui_history *h, struct aur_span span)
{
	return &h->tier[tui_history_tier(h->tier[0].step, span)];
}

static void test_tiers(void)
{
	struct tui_history h;
	const struct aur_series *s;
	struct aur_point p;

	tap_ok(tui_history_init(&h, aur_span_ms(1000)) == 0, "init");
	for (int64_t i = 0; i < 10 * 3600; i++)
		tui_history_add(&h, at(i), i % 60 == 30 ? 100 : 10);
	s = of(&h, aur_span_seconds(60));
	tap_eq_int((int64_t)s->step.ns, AUR_SECOND_NS, "a minute by seconds");
	tap_eq_int((int64_t)s->n, TUI_TIER_0, "ten minutes of them");
	s = of(&h, aur_span_seconds(1800));
	tap_eq_int(s->step.ns, 10 * AUR_SECOND_NS, "half an hour by tens");
	s = of(&h, aur_span_seconds(9 * 3600));
	tap_eq_int(s->step.ns, 60 * AUR_SECOND_NS, "nine hours by minutes");
	p = aur_series_at(s, 9 * 60);
	tap_ok(p.max == 100 && p.min == 10 && fabsf(p.mean - 11.5f) < 0.01f,
	    "of nine hours ago: least, mean, most (%g %g %g)", (double)p.min,
	    (double)p.mean, (double)p.max);
	s = of(&h, aur_span_seconds(240 * 3600));
	tap_eq_int(s->step.ns, 60 * AUR_SECOND_NS, "beyond all: the coarsest");
	tui_history_release(&h);
}

static void test_step(void)
{
	struct tui_history h;

	tap_ok(tui_history_init(&h, aur_span_ms(1000)) == 0, "init");
	for (int64_t i = 0; i < 120; i++)
		tui_history_add(&h, at(i), (double)(i / 10));
	tap_ok(tui_history_step(&h, aur_span_ms(5000)) == 0, "to five seconds");
	tap_eq_int((int64_t)h.tier[0].n, 24, "the two minutes are kept");
	tap_ok(aur_series_at(&h.tier[0], 0).mean == 11, "with what was last");
	tap_ok(aur_series_at(&h.tier[0], 23).mean == 0, "and first");
	tui_history_add(&h, at(124), 50);
	tap_eq_int((int64_t)h.tier[0].n, 25, "the next joins on");
	tap_ok(tui_history_step(&h, aur_span_ms(500)) == 0, "to half a second");
	tap_eq_int((int64_t)h.tier[0].n, 250, "and back");
	for (size_t i = 0; i < 250; i++)
		if (aur_series_at(&h.tier[0], i).n == 0)
			tap_ok(false, "no gap at %zu", i);
	tap_eq_int((int64_t)aur_series_at(&h.tier[0], 0).mean, 50, "the value");
	tui_history_release(&h);
}

static void test_slow(void)
{
	struct tui_history h;

	tap_ok(tui_history_init(&h, aur_span_ms(60000)) == 0, "init");
	tui_history_add(&h, at(0), 1);
	tui_history_add(&h, at(60), 2);
	tap_ok(aur_series_at(&h.tier[1], 0).mean == 2 &&
		   aur_series_at(&h.tier[1], 5).mean == 2 &&
		   aur_series_at(&h.tier[1], 6).mean == 1,
	    "a minute's value stands in all its tens of seconds");
	tap_eq_int(tui_history_tier(aur_span_ms(60000), aur_span_ms(60000)), 0,
	    "a tier finer than the samples is not taken");
	tap_eq_int(
	    tui_history_tier(aur_span_ms(30000), aur_span_seconds(24 * 3600)),
	    2, "a day by minutes");
	tui_history_add(&h, at(300), NAN);
	tap_eq_int(aur_series_at(&h.tier[0], 0).n, 0, "a gap is a gap");
	tui_history_release(&h);
}

static int nth_fails(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

static void test_no_memory(void)
{
	struct tui_history h;
	int rc = AUR_ENOMEM;
	unsigned long n = 1;

	for (; rc == AUR_ENOMEM; n++) {
		aur_mem_set_fail(nth_fails, &n);
		rc = tui_history_init(&h, aur_span_ms(1000));
	}
	tap_ok(rc == 0 && n > TUI_TIERS, "each allocation fails once");
	aur_mem_set_fail(NULL, NULL);
	n = 1;
	aur_mem_set_fail(nth_fails, &n);
	tap_eq_int(tui_history_step(&h, aur_span_ms(2000)), AUR_ENOMEM,
	    "a change that fails");
	aur_mem_set_fail(NULL, NULL);
	tap_eq_int(h.tier[0].step.ns, AUR_SECOND_NS, "changes nothing");
	tui_history_release(&h);
}

int main(void)
{
	test_tiers();
	test_step();
	test_slow();
	test_no_memory();
	return tap_done();
}
