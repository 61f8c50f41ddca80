/* SPDX-License-Identifier: MIT */
/* Dates and clocks of a zone, and the moments they mean. */
#ifndef AUR_VIEW_WHEN_INT_H
#define AUR_VIEW_WHEN_INT_H

#include "base/clock.h"
#include "base/compiler.h"

/* What a clock on the wall shows, as seconds since 1970-01-01 00:00 of its own
 * calendar: arithmetic of days is a matter of 86400. */
#define AUR__DAY 86400

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
int64_t aur__when_days(int64_t year, int month, int day);

/* Whether there is that day. */
bool aur__when_is_date(int64_t year, int month, int day);

struct aur__when_date {
	int64_t year;
	int month, day;
};
struct aur__when_date aur__when_date_of(int64_t days);

/* The clock at a moment, whole seconds rounded down. */
int64_t aur__when_clock(struct aur_wall at, bool utc);

/* The moments at which the clock shows `clock`, in seconds since the epoch:
 * the first and the last, which mostly are one. A clock that never was is the
 * moment of the jump over it. */
void aur__when_moments(
    int64_t clock, bool utc, int64_t *ret_first, int64_t *ret_last);

/* a / b and a mod b for b > 0, rounded down, never negative. */
int64_t aur__floor_div(int64_t a, int64_t b);
int64_t aur__modulo(int64_t a, int64_t b);

#endif
