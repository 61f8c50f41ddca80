/* SPDX-License-Identifier: MIT */
/*
 * The only thing that is asked of the system is what the clock of the zone
 * shows at a moment (localtime_r). The other way round is found with it: a
 * clock is tried with the offsets of a day before and a day after, which are
 * all there are around one change of the zone. mktime would answer too, but
 * does not say when a time came twice or never.
 */
#include "view/when_int.h"

#include "view/when.h"

#include <time.h>

int64_t aur__floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t aur__modulo(int64_t a, int64_t b)
{
	return a - aur__floor_div(a, b) * b;
}

/* Years are counted from March, so that the leap day is their last; 146097
 * days are 400 years. */
int64_t aur__when_days(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = aur__floor_div(y, 400), in_era = y - era * 400;
	int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 +
	       in_year + day - 1 - 719468;
}

struct aur__when_date aur__when_date_of(int64_t days)
{
	int64_t since = days + 719468; /* since 0000-03-01 */
	int64_t era = aur__floor_div(since, 146097), in_era;
	int64_t year, in_year, month;

	in_era = since - era * 146097;
	year =
	    (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	in_year = in_era - (365 * year + year / 4 - year / 100);
	month = (5 * in_year + 2) / 153; /* 0 is March */
	return (struct aur__when_date){
	    .year = era * 400 + year + (month >= 10),
	    .month = (int)(month < 10 ? month + 3 : month - 9),
	    .day = (int)(in_year - (153 * month + 2) / 5 + 1),
	};
}

bool aur__when_is_date(int64_t year, int month, int day)
{
	struct aur__when_date d;

	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	d = aur__when_date_of(aur__when_days(year, month, day));
	return d.month == month && d.day == day;
}

static int64_t clock_at(int64_t at, bool utc)
{
	time_t t = (time_t)at;
	struct tm tm;

	if (utc || localtime_r(&t, &tm) == NULL)
		return at;
	return aur__when_days(tm.tm_year + 1900ll, tm.tm_mon + 1, tm.tm_mday) *
		   AUR__DAY +
	       tm.tm_hour * 3600ll + tm.tm_min * 60 + tm.tm_sec;
}

int64_t aur__when_clock(struct aur_wall at, bool utc)
{
	return clock_at(aur__floor_div(at.ns, AUR_SECOND_NS), utc);
}

/* The first moment after `low` at which the clock shows more than `clock`; at
 * `high` it does. */
static int64_t jump(int64_t clock, int64_t low, int64_t high)
{
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (clock_at(middle, false) > clock)
			high = middle;
		else
			low = middle;
	}
	return high;
}

void aur__when_moments(
    int64_t clock, bool utc, int64_t *ret_first, int64_t *ret_last)
{
	/* no offset is as long as a day */
	int64_t before = clock_at(clock - AUR__DAY, utc) - (clock - AUR__DAY);
	int64_t after = clock_at(clock + AUR__DAY, utc) - (clock + AUR__DAY);
	int64_t a = clock - before, b = clock - after;
	bool is_a = clock_at(a, utc) == clock, is_b = clock_at(b, utc) == clock;

	*ret_first = is_a ? a : b;
	*ret_last = is_b ? b : a;
	if (!is_a && !is_b)
		*ret_first = *ret_last =
		    jump(clock, clock - AUR__DAY, clock + AUR__DAY);
}

void aur_when_format(
    struct aur_wall at, bool utc, const char *format, char *out, size_t size)
{
	time_t t = (time_t)aur__floor_div(at.ns, AUR_SECOND_NS);
	struct tm tm;

	if ((utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) == NULL ||
	    strftime(out, size, format, &tm) == 0)
		out[0] = '\0';
}
