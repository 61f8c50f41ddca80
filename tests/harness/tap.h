/* SPDX-License-Identifier: MIT */
/*
 * Tests in the Test Anything Protocol, for automake's TAP driver. Each check
 * prints "ok N - text" or "not ok N - text" and, when it fails, both sides.
 *
 *	int main(void)
 *	{
 *		tap_eq_int(2 + 2, 4, "sums");
 *		return tap_done();
 *	}
 */
#ifndef TESTS_HARNESS_TAP_H
#define TESTS_HARNESS_TAP_H

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count, tap_failed;

/* One check; returns `good`. */
__attribute__((format(printf, 2, 3), unused)) static bool tap_ok(
    bool good, const char *fmt, ...)
{
	va_list ap;

	tap_count++;
	if (!good)
		tap_failed++;
	printf("%sok %d - ", good ? "" : "not ", tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	return good;
}

__attribute__((unused)) static bool tap_eq_int(
    int64_t got, int64_t want, const char *text)
{
	if (!tap_ok(got == want, "%s", text))
		printf("#  got %" PRId64 "\n# want %" PRId64 "\n", got, want);
	return got == want;
}

__attribute__((unused)) static bool tap_eq_u64(
    uint64_t got, uint64_t want, const char *text)
{
	if (!tap_ok(got == want, "%s", text))
		printf("#  got %" PRIu64 "\n# want %" PRIu64 "\n", got, want);
	return got == want;
}

/* Equal within `tolerance`; NaN equals NaN. */
__attribute__((unused)) static bool tap_near(
    double got, double want, double tolerance, const char *text)
{
	bool good =
	    (isnan(got) && isnan(want)) || fabs(got - want) <= tolerance;

	if (!tap_ok(good, "%s", text))
		printf("#  got %.9g\n# want %.9g\n", got, want);
	return good;
}

__attribute__((unused)) static bool tap_eq_str(
    const char *got, const char *want, const char *text)
{
	bool good = got != NULL && want != NULL && strcmp(got, want) == 0;

	if (!tap_ok(good, "%s", text))
		printf("#  got '%s'\n# want '%s'\n", got ? got : "(null)",
		    want ? want : "(null)");
	return good;
}

__attribute__((unused)) static void tap_hex(
    const char *name, const void *p, size_t n)
{
	const uint8_t *b = p;

	printf("# %s", name);
	for (size_t i = 0; i < n && i < 64; i++)
		printf(" %02x", b[i]);
	printf("%s (%zu bytes)\n", n > 64 ? " ..." : "", n);
}

__attribute__((unused)) static bool tap_eq_bytes(const void *got, size_t ngot,
    const void *want, size_t nwant, const char *text)
{
	bool good =
	    ngot == nwant && (ngot == 0 || memcmp(got, want, ngot) == 0);

	if (!tap_ok(good, "%s", text)) {
		tap_hex(" got", got, ngot);
		tap_hex("want", want, nwant);
	}
	return good;
}

/* Says that the rest was not run, and why. */
__attribute__((unused)) static void tap_skip(const char *why)
{
	tap_count++;
	printf("ok %d # SKIP %s\n", tap_count, why);
}

/* What looks at this machine: whether the build can (--with-platform). */
__attribute__((unused)) static bool tap_samples(void)
{
	const char *platform = getenv("AUR_PLATFORM");

	if (platform == NULL || strcmp(platform, "linux") == 0)
		return true;
	tap_skip("nothing is sampled here");
	return false;
}

/* Prints the plan; what main returns. */
__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
