/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic and writing of times; reading a clock is clock_posix.c and
 * clock_win.c. Sums saturate: a hostile sample may carry any 64 bits.
 */
#include "base/clock.h"

#include "base/err.h"

#include <math.h>

static int64_t add(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	if (b < 0 && a < INT64_MIN - b)
		return INT64_MIN;
	return a + b;
}

static int64_t sub(int64_t a, int64_t b)
{
	if (b > 0 && a < INT64_MIN + b)
		return INT64_MIN;
	if (b < 0 && a > INT64_MAX + b)
		return INT64_MAX;
	return a - b;
}

struct aur_span aur_mono_since(struct aur_mono a, struct aur_mono b)
{
	return (struct aur_span){sub(a.ns, b.ns)};
}

struct aur_mono aur_mono_add(struct aur_mono t, struct aur_span s)
{
	return (struct aur_mono){add(t.ns, s.ns)};
}

struct aur_span aur_wall_since(struct aur_wall a, struct aur_wall b)
{
	return (struct aur_span){sub(a.ns, b.ns)};
}

struct aur_wall aur_wall_add(struct aur_wall t, struct aur_span s)
{
	return (struct aur_wall){add(t.ns, s.ns)};
}

struct aur_span aur_span_ms(int64_t ms)
{
	if (ms > INT64_MAX / 1000000)
		return (struct aur_span){INT64_MAX};
	if (ms < INT64_MIN / 1000000)
		return (struct aur_span){INT64_MIN};
	return (struct aur_span){ms * 1000000};
}

struct aur_span aur_span_seconds(double seconds)
{
	double ns = seconds * (double)AUR_SECOND_NS;

	if (isnan(ns))
		return (struct aur_span){0};
	/* 2^63, which a double holds exactly and an int64_t does not. */
	if (ns >= 9223372036854775808.0)
		return (struct aur_span){INT64_MAX};
	if (ns <= -9223372036854775808.0)
		return (struct aur_span){INT64_MIN};
	return (struct aur_span){(int64_t)(ns < 0 ? ns - 0.5 : ns + 0.5)};
}

/* a mod b for b > 0, never negative. */
static int64_t modulo(int64_t a, int64_t b)
{
	int64_t m = a % b;

	return m < 0 ? m + b : m;
}

struct aur_span aur_wall_to_multiple(
    struct aur_wall now, struct aur_span interval, struct aur_span least)
{
	/* "Next" is never now: a timer of no time would fire twice. */
	int64_t wait = least.ns > 1 ? least.ns : 1;
	int64_t past = modulo(add(now.ns, wait), interval.ns);

	if (past == 0)
		return (struct aur_span){wait};
	return (struct aur_span){add(wait, interval.ns - past)};
}

/* a / b for b > 0, rounded down. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct date {
	int64_t year;
	int month, day;
};

/* The proleptic Gregorian date of a day since 1970-01-01. Years are counted
 * from March, so that the leap day is their last; 146097 days are 400 years.
 */
static struct date date_of(int64_t days)
{
	int64_t since = days + 719468; /* since 0000-03-01 */
	int64_t in_era = modulo(since, 146097);
	int64_t era = floor_div(since, 146097);
	int64_t year =
	    (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153; /* 0 is March */

	return (struct date){
	    .year = era * 400 + year + (month >= 10),
	    .month = (int)(month < 10 ? month + 3 : month - 9),
	    .day = (int)(in_year - (153 * month + 2) / 5 + 1),
	};
}

int aur_wall_format(struct aur_wall t, struct aur_buf *out)
{
	const int64_t day_ms = 86400000;
	int64_t ms = floor_div(t.ns, 1000000);
	int64_t in_day = modulo(ms, day_ms);
	struct date d = date_of(floor_div(ms, day_ms));
	int s = (int)(in_day / 1000);

	if (d.year < 1 || d.year > 9999)
		return AUR_ERANGE;
	return aur_buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    (int)d.year, d.month, d.day, s / 3600, s / 60 % 60, s % 60,
	    (int)(in_day % 1000));
}
