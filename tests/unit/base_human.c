/* SPDX-License-Identifier: MIT */
/* Quantities as people read them, at every edge where a unit changes. */
#include "base/human.h"
#include "tests/harness/tap.h"

static void is(
    void (*fn)(double, char[AUR_HUMAN_MAX]), double v, const char *want)
{
	char out[AUR_HUMAN_MAX], text[50];

	fn(v, out);
	snprintf(text, sizeof(text), "%.10g", v);
	tap_eq_str(out, want, text);
}

static void span(double seconds, const char *want)
{
	char out[AUR_HUMAN_MAX], text[50];

	aur_human_span(aur_span_seconds(seconds), out);
	snprintf(text, sizeof(text), "%.10g seconds", seconds);
	tap_eq_str(out, want, text);
}

static void test_bytes(void)
{
	is(aur_human_bytes, 0, "0");
	is(aur_human_bytes, 512, "512");
	is(aur_human_bytes, 1023, "1023");
	is(aur_human_bytes, 1023.6, "1.0K");
	is(aur_human_bytes, 1024, "1.0K");
	is(aur_human_bytes, 1536, "1.5K");
	is(aur_human_bytes, 99.94 * 1024, "99.9K");
	is(aur_human_bytes, 99.96 * 1024, "100K");
	is(aur_human_bytes, 1023.4 * 1024, "1023K");
	is(aur_human_bytes, 1023.6 * 1024, "1.0M");
	is(aur_human_bytes, 12.3 * 1048576, "12.3M");
	is(aur_human_bytes, 117.0 * 1073741824, "117G");
	is(aur_human_bytes, 18446744073709551615., "16.0E");
	is(aur_human_bytes, 1e300, "9999Z");
	is(aur_human_bytes, -1536, "-1.5K");
	is(aur_human_bytes, -0.1, "0");
	is(aur_human_bytes, NAN, "-");
	is(aur_human_bytes, INFINITY, "-");
}

static void test_counts(void)
{
	is(aur_human_count, 0, "0");
	is(aur_human_count, 0.4, "0");
	is(aur_human_count, 999, "999");
	is(aur_human_count, 999.6, "1k");
	is(aur_human_count, 1200, "1.2k");
	is(aur_human_count, 45e6, "45M");
	is(aur_human_count, 999.4e3, "999k");
	is(aur_human_bits, 10e9, "10G");
	is(aur_human_bits, 2.5e9, "2.5G");
	is(aur_human_bits, 100e6, "100M");
	is(aur_human_bits, NAN, "-");
	is(aur_human_percent, 0, "0.0");
	is(aur_human_percent, 3.14, "3.1");
	is(aur_human_percent, 42, "42.0");
	is(aur_human_percent, 99.94, "99.9");
	is(aur_human_percent, 99.96, "100");
	is(aur_human_percent, 12800, "12800");
	is(aur_human_percent, 1e300, "99999999");
	is(aur_human_percent, NAN, "-");
}

static void test_times(void)
{
	span(0, "0s");
	span(42.9, "42s");
	span(60, "1m");
	span(14 * 60 + 59, "14m");
	span(3 * 3600 + 12 * 60, "3h12m");
	span(3 * 3600, "3h");
	span(5 * 86400 + 4 * 3600 + 59, "5d4h");
	span(5 * 86400 + 59, "5d");
	span(-90, "-1m");
	span(INFINITY, "106751d23h");
	span(-INFINITY, "-106751d23h");
	is(aur_human_cpu_time, 0, "0:00.00");
	is(aur_human_cpu_time, 62.34, "1:02.34");
	is(aur_human_cpu_time, 0.29, "0:00.29");
	is(aur_human_cpu_time, 599.99, "9:59.99");
	is(aur_human_cpu_time, 12 * 60 + 34.56, "12:34.5");
	is(aur_human_cpu_time, 3599.99, "59:59.9");
	is(aur_human_cpu_time, 3 * 3600 + 12 * 60 + 34, "3h12:34");
	is(aur_human_cpu_time, 5 * 86400 + 3 * 3600 + 12 * 60, "5d03h12");
	is(aur_human_cpu_time, 1e300, "9999d00h00");
	is(aur_human_cpu_time, -1, "-");
	is(aur_human_cpu_time, NAN, "-");
}

/* Never wider than five columns, whatever the size. */
static void test_width(void)
{
	char out[AUR_HUMAN_MAX];
	size_t widest = 0;

	for (double v = 1; v < 1e30; v *= 1.0007) {
		aur_human_bytes(v, out);
		widest = strlen(out) > widest ? strlen(out) : widest;
		aur_human_count(v, out);
		widest = strlen(out) > widest ? strlen(out) : widest;
	}
	tap_eq_u64(widest, 5, "the widest of all sizes");
}

int main(void)
{
	test_bytes();
	test_counts();
	test_times();
	test_width();
	return tap_done();
}
