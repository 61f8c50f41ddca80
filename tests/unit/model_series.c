/* SPDX-License-Identifier: MIT */
/* Series: steps, gaps, late values, and the ring going round. */
#include "model/series.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#define SECOND(v) ((struct aur_wall){(int64_t)((v)*1e9)})

static void mean(
    const struct aur_series *s, size_t back, double want, const char *text)
{
	tap_near(aur_series_at(s, back).mean, want, 1e-6, text);
}

static void test_init(void)
{
	struct aur_series s = {0};

	tap_eq_int(aur_series_init(&s, 0, aur_span_ms(1)), AUR_ELIMIT, "none");
	tap_eq_int(aur_series_init(&s, AUR_MAX_POINTS + 1, aur_span_ms(1)),
	    AUR_ELIMIT, "too many");
	tap_eq_int(aur_series_init(&s, 5, aur_span_ms(0)), AUR_ELIMIT,
	    "no step at all");
	fail_begin(1);
	tap_eq_int(
	    aur_series_init(&s, 5, aur_span_ms(1)), AUR_ENOMEM, "memory");
	fail_end();
	tap_ok(s.ring == NULL && s.cap == 0, "untouched");
	aur_series_release(&s);
	mean(&s, 0, NAN, "nothing is known of nothing");
}

static void test_steps(void)
{
	struct aur_series s;
	struct aur_point p;

	tap_eq_int(aur_series_init(&s, 4, aur_span_seconds(1)), 0, "init");
	mean(&s, 0, NAN, "empty");
	tap_near(aur_series_max(&s, 10), NAN, 0, "no largest");
	aur_series_add(&s, SECOND(100.1), 1);
	aur_series_add(&s, SECOND(100.9), 3);
	p = aur_series_at(&s, 0);
	tap_near(p.min, 1, 0, "min of a step");
	tap_near(p.mean, 2, 0, "mean of a step");
	tap_near(p.max, 3, 0, "max of a step");
	tap_eq_u64(p.n, 2, "values of a step");
	aur_series_add(&s, SECOND(102), 5);
	mean(&s, 0, 5, "the newest");
	mean(&s, 1, NAN, "a gap");
	tap_eq_u64(aur_series_at(&s, 1).n, 0, "of no value");
	mean(&s, 2, 2, "before the gap");
	mean(&s, 3, NAN, "beyond what is kept");
	tap_near(aur_series_max(&s, 2), 5, 0, "largest of two");
	tap_near(aur_series_max(&s, 99), 5, 0, "largest of all");
	aur_series_add(&s, SECOND(101), 9);
	mean(&s, 1, 9, "a late value fills its gap");
	aur_series_add(&s, SECOND(99), 4);
	mean(&s, 3, 4, "and one from before the first");
	tap_eq_u64(s.n, 4, "all steps kept");
	aur_series_add(&s, SECOND(98), 4);
	mean(&s, 0, 5, "one too old is dropped");
	mean(&s, 3, 4, "and changes nothing");
	aur_series_add(&s, SECOND(103), NAN);
	mean(&s, 0, NAN, "a step without a value");
	mean(&s, 1, 5, "moves the others");
	mean(&s, 3, 2, "to the end");
	aur_series_add(&s, SECOND(1e6), 7);
	mean(&s, 0, 7, "long after");
	mean(&s, 1, NAN, "all else is gone");
	aur_series_clear(&s);
	mean(&s, 0, NAN, "cleared");
	aur_series_add(&s, SECOND(1), INFINITY);
	mean(&s, 0, NAN, "infinity is no value");
	aur_series_release(&s);
}

static void test_merge(void)
{
	struct aur_series s;
	struct aur_point p;

	tap_eq_int(aur_series_init(&s, 10, aur_span_seconds(1)), 0, "init");
	for (int i = 0; i < 10; i++)
		if (i != 5)
			aur_series_add(&s, SECOND(i), i);
	aur_series_add(&s, SECOND(9), 18);
	p = aur_series_merge(&s, 0, 2);
	tap_near(p.mean, (9 + 18 + 8) / 3.0, 1e-5, "weighted by values");
	tap_near(p.min, 8, 0, "smallest");
	tap_near(p.max, 18, 0, "largest");
	p = aur_series_merge(&s, 4, 1);
	tap_eq_u64(p.n, 0, "a gap alone");
	tap_near(p.mean, NAN, 0, "is unknown");
	p = aur_series_merge(&s, 3, 3);
	tap_near(p.mean, 5, 1e-6, "a gap among others is left out");
	p = aur_series_merge(&s, 8, 1000);
	tap_near(p.mean, 0.5, 1e-6, "beyond the end");
	tap_eq_u64(aur_series_merge(&s, 99, SIZE_MAX).n, 0, "far beyond");
	aur_series_release(&s);
}

/* Points from elsewhere take the place of what was there. */
static void test_put(void)
{
	struct aur_point p = {1, 2, 3, 4};
	struct aur_series s;

	tap_eq_int(aur_series_init(&s, 3, (struct aur_span){10}), 0, "init");
	aur_series_put(&s, 7, p);
	mean(&s, 0, 2, "the first");
	aur_series_add(&s, (struct aur_wall){95}, 8);
	p.mean = 5;
	aur_series_put(&s, 8, p);
	mean(&s, 1, 5, "between");
	p.mean = 6;
	aur_series_put(&s, 7, p);
	mean(&s, 2, 6, "another one in its place");
	p.n = 0;
	aur_series_put(&s, 8, p);
	mean(&s, 1, (double)NAN, "a gap is put, too");
	p.n = 1;
	aur_series_put(&s, 6, p);
	tap_eq_u64(s.n, 3, "too old is dropped");
	aur_series_release(&s);
}

static void test_edges(void)
{
	struct aur_series s;

	tap_eq_int(aur_series_init(&s, 3, (struct aur_span){1}), 0, "init");
	aur_series_add(&s, (struct aur_wall){INT64_MIN}, 1);
	aur_series_add(&s, (struct aur_wall){INT64_MAX}, 2);
	mean(&s, 0, 2, "from one end of time to the other");
	aur_series_add(&s, (struct aur_wall){INT64_MIN}, 3);
	mean(&s, 0, 2, "and not back");
	aur_series_release(&s);
	tap_eq_int(aur_series_init(&s, 3, (struct aur_span){1000}), 0, "init");
	aur_series_add(&s, (struct aur_wall){-1}, 1);
	aur_series_add(&s, (struct aur_wall){1}, 2);
	mean(&s, 1, 1, "before 1970 is another step");
	aur_series_add(&s, (struct aur_wall){1}, 1e300);
	tap_ok(isfinite(aur_series_at(&s, 0).max), "huge stays finite");
	aur_series_release(&s);
}

/* Memory comes with the steps; whatever their order, all are there. */
static void test_room(void)
{
	struct aur_series s;
	bool whole = true;

	tap_eq_int(aur_series_init(&s, 500, aur_span_seconds(1)), 0, "init");
	tap_ok(s.room < 100, "little at first");
	for (int i = 1000; i < 1300; i++)
		aur_series_add(&s, SECOND(i), i);
	for (int i = 999; i >= 800; i--)
		aur_series_add(&s, SECOND(i), i);
	for (int i = 1300; i < 1450; i++)
		aur_series_add(&s, SECOND(i), i);
	for (size_t back = 0; back < 500; back++)
		whole &= aur_series_at(&s, back).mean == 1449 - (float)back;
	tap_ok(whole && s.n == 500 && s.room == 500, "forwards and back");
	aur_series_clear(&s);
	aur_series_add(&s, SECOND(7), 7);
	mean(&s, 0, 7, "once more");
	aur_series_release(&s);
}

static void test_no_room(void)
{
	struct aur_series s;
	size_t room;

	tap_eq_int(aur_series_init(&s, 500, aur_span_seconds(1)), 0, "init");
	room = s.room;
	aur_series_add(&s, SECOND(1), 1);
	fail_begin(1);
	aur_series_add(&s, SECOND(room + 1), 2);
	fail_end();
	tap_eq_u64(s.n, room, "no memory: the oldest goes");
	mean(&s, 0, 2, "the newest is there");
	mean(&s, room - 1, NAN, "the first is not");
	fail_begin(1);
	aur_series_add(&s, SECOND(1), 1);
	fail_end();
	mean(&s, room, NAN, "nor can it be put");
	aur_series_add(&s, SECOND(1), 3);
	mean(&s, room, 3, "until there is memory");
	aur_series_release(&s);
}

int main(void)
{
	test_init();
	test_steps();
	test_merge();
	test_put();
	test_edges();
	test_room();
	test_no_room();
	return tap_done();
}
