/* SPDX-License-Identifier: MIT */
/* Times: sums at the edges, dates, the next multiple; that clocks run. */
#include "base/clock.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#define MONO(v) ((struct aur_mono){v})
#define WALL(v) ((struct aur_wall){v})
#define SPAN(v) ((struct aur_span){v})

static void test_sums(void)
{
	tap_eq_int(aur_mono_since(MONO(5), MONO(7)).ns, -2, "a - b");
	tap_eq_int(aur_mono_since(MONO(INT64_MAX), MONO(-1)).ns, INT64_MAX,
	    "too far apart");
	tap_eq_int(aur_wall_since(WALL(INT64_MIN), WALL(1)).ns, INT64_MIN,
	    "too far apart the other way");
	tap_eq_int(aur_wall_since(WALL(0), WALL(INT64_MIN)).ns, INT64_MAX,
	    "minus the lowest");
	tap_eq_int(aur_mono_add(MONO(1), SPAN(2)).ns, 3, "a sum");
	tap_eq_int(
	    aur_mono_add(MONO(INT64_MAX), SPAN(1)).ns, INT64_MAX, "saturates");
	tap_eq_int(aur_wall_add(WALL(INT64_MIN), SPAN(-1)).ns, INT64_MIN,
	    "saturates below");
	tap_eq_int(aur_span_ms(1500).ns, 1500000000, "milliseconds");
	tap_eq_int(aur_span_ms(INT64_MAX).ns, INT64_MAX, "too many");
	tap_eq_int(aur_span_ms(INT64_MIN).ns, INT64_MIN, "too few");
	tap_eq_int(aur_span_seconds(0.1).ns, 100000000, "seconds");
	tap_eq_int(aur_span_seconds(-0.1).ns, -100000000, "negative seconds");
	tap_eq_int(aur_span_seconds(1e300).ns, INT64_MAX, "too many seconds");
	tap_eq_int(aur_span_seconds(-INFINITY).ns, INT64_MIN, "infinitely few");
	tap_eq_int(aur_span_seconds(NAN).ns, 0, "no number of seconds");
	tap_near(aur_span_in_seconds(SPAN(1500000000)), 1.5, 0, "and back");
}

static void multiple(int64_t now, int64_t interval, int64_t least, int64_t want)
{
	char text[100];

	snprintf(text, sizeof(text), "from %lld by %lld, at least %lld",
	    (long long)now, (long long)interval, (long long)least);
	tap_eq_int(
	    aur_wall_to_multiple(WALL(now), SPAN(interval), SPAN(least)).ns,
	    want, text);
}

static void test_multiple(void)
{
	multiple(1003, 1000, 0, 997);
	multiple(1000, 1000, 0, 1000);
	multiple(1999, 1000, 0, 1);
	multiple(1999, 1000, 100, 1001);
	multiple(1003, 1000, 997, 997);
	multiple(1003, 1000, 998, 1997);
	multiple(1003, 1000, 5000, 5997);
	multiple(-1, 1000, 0, 1);
	multiple(-1500, 1000, 0, 500);
	multiple(0, 1, 0, 1);
	for (int64_t now = -30; now < 30; now++) {
		int64_t wait =
		    aur_wall_to_multiple(WALL(now), SPAN(7), SPAN(3)).ns;

		if ((now + wait) % 7 != 0 || wait < 3 || wait >= 3 + 7)
			tap_ok(false, "from %lld", (long long)now);
	}
	tap_ok(aur_wall_to_multiple(WALL(INT64_MAX), SPAN(7), SPAN(3)).ns > 0,
	    "at the end of time");
}

static void date(int64_t seconds, int64_t ns, const char *want)
{
	struct aur_buf b;

	aur_buf_init(&b, 100);
	tap_eq_int(aur_wall_format(WALL(seconds * AUR_SECOND_NS + ns), &b), 0,
	    "formatted");
	tap_eq_str(aur_buf_str(&b), want, "as a date");
	aur_buf_release(&b);
}

static void test_dates(void)
{
	struct aur_buf b;

	date(0, 0, "1970-01-01T00:00:00.000Z");
	date(1795357925, 120999999, "2026-11-22T14:32:05.120Z");
	date(951782399, 0, "2000-02-28T23:59:59.000Z");
	date(951782400, 0, "2000-02-29T00:00:00.000Z");
	date(951868800, 0, "2000-03-01T00:00:00.000Z");
	date(4107542400, 0, "2100-03-01T00:00:00.000Z");
	date(4107542399, 999000000, "2100-02-28T23:59:59.999Z");
	date(1735689599, 0, "2024-12-31T23:59:59.000Z");
	date(-1, 999000000, "1969-12-31T23:59:59.999Z");
	date(0, -1, "1969-12-31T23:59:59.999Z");
	date(0, INT64_MIN, "1677-09-21T00:12:43.145Z");
	date(0, INT64_MAX, "2262-04-11T23:47:16.854Z");
	aur_buf_init(&b, 10);
	tap_eq_int(aur_wall_format(WALL(0), &b), AUR_ELIMIT, "no room");
	aur_buf_release(&b);
	aur_buf_init(&b, 100);
	fail_begin(1);
	tap_eq_int(aur_wall_format(WALL(0), &b), AUR_ENOMEM, "no memory");
	fail_end();
	aur_buf_release(&b);
}

/* Every day of 800 years, against counting. */
static void test_calendar(void)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int y = 1970, m = 0, d = 1;
	struct aur_buf b;
	char want[60];
	bool good = true;

	aur_buf_init(&b, 100);
	for (int64_t day = 0; day < 106000 && good; day++) {
		bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
		int last = days[m] + (leap && m == 1);

		snprintf(want, sizeof(want), "%04d-%02d-%02dT00:00:00.000Z", y,
		    m + 1, d);
		aur_buf_clear(&b);
		good = aur_wall_format(WALL(day * 86400 * AUR_SECOND_NS), &b) ==
			   0 &&
		       strcmp(aur_buf_str(&b), want) == 0;
		if (++d > last) {
			d = 1;
			m = (m + 1) % 12;
			y += m == 0;
		}
	}
	tap_ok(good, "every day until 2260, at %s", want);
	aur_buf_release(&b);
}

static void test_clocks(void)
{
	struct aur_mono a = aur_clock_mono(), b = aur_clock_mono();

	tap_ok(a.ns > 0 && b.ns >= a.ns, "the monotonic clock goes on");
	tap_ok(aur_clock_boot().ns > 0, "the boot clock runs");
	tap_ok(aur_clock_wall().ns > 1700000000 * AUR_SECOND_NS,
	    "the wall clock knows the century");
	tap_ok(aur_clock_cpu().ns > 0, "we have used the CPU");
}

int main(void)
{
	test_sums();
	test_multiple();
	test_dates();
	test_calendar();
	test_clocks();
	return tap_done();
}
