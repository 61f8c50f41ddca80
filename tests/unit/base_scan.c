/* SPDX-License-Identifier: MIT */
/* Numbers: what is one, what is none, and what does not fit. */
#include "base/scan.h"
#include "base/err.h"
#include "tests/harness/tap.h"

#include <float.h>
#include <locale.h>

/* What may be off where it is not exact; valgrind's long double is a double.
 */
#define UNITS 4

static void u64(const char *s, int rc, uint64_t want)
{
	uint64_t v = 7;
	char text[100];

	snprintf(text, sizeof(text), "u64 '%s'", s);
	tap_eq_int(aur_scan_u64(aur_slice_str(s), &v), rc, text);
	tap_eq_u64(v, rc == 0 ? want : 7, text);
}

static void i64(const char *s, int rc, int64_t want)
{
	int64_t v = 7;
	char text[100];

	snprintf(text, sizeof(text), "i64 '%s'", s);
	tap_eq_int(aur_scan_i64(aur_slice_str(s), &v), rc, text);
	tap_eq_int(v, rc == 0 ? want : 7, text);
}

static void hex(const char *s, int rc, uint64_t want)
{
	uint64_t v = 7;
	char text[100];

	snprintf(text, sizeof(text), "hex '%s'", s);
	tap_eq_int(aur_scan_hex(aur_slice_str(s), &v), rc, text);
	tap_eq_u64(v, rc == 0 ? want : 7, text);
}

static void f64(const char *s, int rc, double want)
{
	double v = 7;
	char text[100];

	snprintf(text, sizeof(text), "f64 '%.60s'", s);
	tap_eq_int(aur_scan_f64(aur_slice_str(s), &v), rc, text);
	tap_near(v, rc == 0 ? want : 7, fabs(want) * UNITS * DBL_EPSILON, text);
}

static void fixed(const char *s, unsigned places, int rc, uint64_t want)
{
	uint64_t v = 7;
	char text[100];

	snprintf(text, sizeof(text), "fixed '%s', %u places", s, places);
	tap_eq_int(aur_scan_fixed(aur_slice_str(s), places, &v), rc, text);
	tap_eq_u64(v, rc == 0 ? want : 7, text);
}

static void size(const char *s, int rc, double want)
{
	double v = 7;
	char text[100];

	snprintf(text, sizeof(text), "size '%s'", s);
	tap_eq_int(aur_scan_size(aur_slice_str(s), &v), rc, text);
	tap_near(v, rc == 0 ? want : 7, 0, text);
}

static void test_integers(void)
{
	u64("0", 0, 0);
	u64("007", 0, 7);
	u64("18446744073709551615", 0, UINT64_MAX);
	u64("18446744073709551616", AUR_ERANGE, 0);
	u64("99999999999999999999999", AUR_ERANGE, 0);
	u64("", AUR_EINVALID, 0);
	u64("-", AUR_EINVALID, 0);
	u64("-1", AUR_EINVALID, 0);
	u64("+1", AUR_EINVALID, 0);
	u64("12x", AUR_EINVALID, 0);
	u64("99999999999999999999999x", AUR_EINVALID, 0);
	u64(" 1", AUR_EINVALID, 0);
	u64("1 ", AUR_EINVALID, 0);
	u64("0x10", AUR_EINVALID, 0);
	i64("-9223372036854775808", 0, INT64_MIN);
	i64("9223372036854775807", 0, INT64_MAX);
	i64("+5", 0, 5);
	i64("-0", 0, 0);
	i64("-9223372036854775809", AUR_ERANGE, 0);
	i64("9223372036854775808", AUR_ERANGE, 0);
	i64("", AUR_EINVALID, 0);
	i64("-", AUR_EINVALID, 0);
	i64("--1", AUR_EINVALID, 0);
	i64("1-", AUR_EINVALID, 0);
	hex("0", 0, 0);
	hex("fFfFffffffffffff", 0, UINT64_MAX);
	hex("0000000000000000000001", 0, 1);
	hex("10000000000000000", AUR_ERANGE, 0);
	hex("10000000000000000g", AUR_EINVALID, 0);
	hex("", AUR_EINVALID, 0);
	hex("0x1", AUR_EINVALID, 0);
}

static void test_reals(void)
{
	f64("0", 0, 0);
	f64("-1.5", 0, -1.5);
	f64("+0.1", 0, 0.1);
	f64("3.141592653589793", 0, 3.141592653589793);
	f64("1e3", 0, 1000);
	f64("2.5E-3", 0, 0.0025);
	f64("1e+2", 0, 100);
	f64("123456789012345678901234567890", 0,
	    123456789012345678901234567890.);
	f64("0.000000000000000000000000000001", 0, 1e-30);
	f64("1.7976931348623150e308", 0, 1.7976931348623150e308);
	f64("1e309", AUR_ERANGE, 0);
	f64("-1e999999999999999999999", AUR_ERANGE, 0);
	f64("1e-999999999999999999999", 0, 0);
	f64("0e999999999999999999999", 0, 0);
	f64("1e-400", 0, 0);
	f64("", AUR_EINVALID, 0);
	f64("-", AUR_EINVALID, 0);
	f64(".5", AUR_EINVALID, 0);
	f64("5.", AUR_EINVALID, 0);
	f64("1e", AUR_EINVALID, 0);
	f64("1e+", AUR_EINVALID, 0);
	f64("1e1x", AUR_EINVALID, 0);
	f64("1e99999999999x", AUR_EINVALID, 0);
	f64("1,5", AUR_EINVALID, 0);
	f64("inf", AUR_EINVALID, 0);
	f64("nan", AUR_EINVALID, 0);
	f64("0x1p3", AUR_EINVALID, 0);
	f64("1.5 ", AUR_EINVALID, 0);
}

/* What is printed with 17 digits comes back. */
static void test_round_trips(void)
{
	uint64_t state = 42;
	double worst = 0;

	for (int i = 0; i < 20000; i++) {
		char text[40];
		double v, back = NAN;

		state = state * 6364136223846793005u + 1442695040888963407u;
		v = ldexp((double)(state >> 11), (int)(state % 400) - 253);
		snprintf(text, sizeof(text), "%.17g", v);
		if (aur_scan_f64(aur_slice_str(text), &back) != 0)
			back = -v;
		worst = fmax(worst, fabs(back - v) / v / DBL_EPSILON);
	}
	tap_ok(
	    worst <= UNITS, "20000 doubles of all sizes, %g units off", worst);
}

static void test_fixed_and_size(void)
{
	fixed("1.25", 2, 0, 125);
	fixed("1.259", 2, 0, 125);
	fixed("1.2", 2, 0, 120);
	fixed("7", 3, 0, 7000);
	fixed("7", 0, 0, 7);
	fixed("7.9", 0, 0, 7);
	fixed("18446744073709551.615", 3, 0, UINT64_MAX);
	fixed("18446744073709551.616", 3, AUR_ERANGE, 0);
	fixed("18446744073709551615", 1, AUR_ERANGE, 0);
	fixed("1.", 2, AUR_EINVALID, 0);
	fixed(".1", 2, AUR_EINVALID, 0);
	fixed("1.2.3", 2, AUR_EINVALID, 0);
	fixed("1.2x", 1, AUR_EINVALID, 0);
	fixed("-1", 2, AUR_EINVALID, 0);
	fixed("", 2, AUR_EINVALID, 0);
	size("0", 0, 0);
	size("512", 0, 512);
	size("512B", 0, 512);
	size("1k", 0, 1024);
	size("1.5K", 0, 1536);
	size("2MB", 0, 2097152);
	size("2mib", 0, 2097152);
	size("1G", 0, 1073741824);
	size("1TiB", 0, 1099511627776.);
	size("1P", 0, 1125899906842624.);
	size("1i", AUR_EINVALID, 0);
	size("1iB", AUR_EINVALID, 0);
	size("1Ki", AUR_EINVALID, 0);
	size("1KK", AUR_EINVALID, 0);
	size("1 K", AUR_EINVALID, 0);
	size("K", AUR_EINVALID, 0);
	size("", AUR_EINVALID, 0);
	size("-1", AUR_EINVALID, 0);
	size("1X", AUR_EINVALID, 0);
}

static void test_huge(void)
{
	static char digits[400];
	struct aur_slice s = aur_slice_of(digits, sizeof(digits));
	double v = 7;

	memset(digits, '9', sizeof(digits));
	tap_eq_int(aur_scan_size(s, &v), AUR_ERANGE, "a size of 400 digits");
	tap_eq_int(aur_scan_f64(s, &v), AUR_ERANGE, "a real of 400 digits");
	s.n = 300;
	tap_eq_int(aur_scan_f64(s, &v), 0, "one of 300");
	tap_near(v, 1e300, 1e285, "is right");
}

static void test_next(void)
{
	struct aur_slice s = aur_slice_str("\t 12 -7x 99999999999999999999");
	uint64_t u = 7;
	int64_t i = 7;

	tap_ok(aur_scan_next_u64(&s, &u) && u == 12, "next is 12");
	tap_ok(!aur_scan_next_u64(&s, &u) && u == 12, "no unsigned follows");
	tap_ok(aur_scan_next_i64(&s, &i) && i == -7, "a signed does");
	tap_ok(!aur_scan_next_i64(&s, &i) && i == -7, "no number follows");
	tap_ok(aur_slice_starts(s, "x"), "nothing was taken");
	s.p++;
	s.n--;
	tap_ok(!aur_scan_next_u64(&s, &u), "one that does not fit");
	tap_ok(aur_slice_starts(s, " 9"), "stays");
	s = aur_slice_str("  ");
	tap_ok(!aur_scan_next_u64(&s, &u) && s.n == 2, "only blanks");
	s = (struct aur_slice){NULL, 0};
	tap_ok(!aur_scan_next_u64(&s, &u), "nothing");
	tap_ok(!aur_scan_next_i64(&s, &i), "nothing, signed");
	s = aur_slice_str("-9223372036854775808");
	tap_ok(aur_scan_next_i64(&s, &i) && i == INT64_MIN, "the lowest");
	tap_eq_u64(s.n, 0, "all taken");
}

int main(void)
{
	setlocale(LC_ALL, "de_DE.UTF-8"); /* where there is one */
	test_integers();
	test_reals();
	test_round_trips();
	test_fixed_and_size();
	test_huge();
	test_next();
	return tap_done();
}
