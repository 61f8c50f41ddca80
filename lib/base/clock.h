/* SPDX-License-Identifier: MIT */
/*
 * Three kinds of time that the compiler does not confuse: an instant of the
 * monotonic clock, an instant people would name, and the distance of two.
 * lib/model takes them as arguments and never reads a clock.
 */
#ifndef AUR_BASE_CLOCK_H
#define AUR_BASE_CLOCK_H

#include "base/buf.h"

#define AUR_SECOND_NS 1000000000ll

/* Samples are timed in whole ticks: a hundred-thousandth of a second's rate.
 * So what is kept is what was shown live, and costs no digits of noise. */
#define AUR_TICK_NS 10000ll

struct aur_mono { /* nanoseconds of a clock that never steps */
	int64_t ns;
};
struct aur_wall { /* nanoseconds since 1970-01-01T00:00:00Z */
	int64_t ns;
};
struct aur_span { /* nanoseconds; may be negative */
	int64_t ns;
};

/* This instant: CLOCK_MONOTONIC (stands still in suspend), CLOCK_BOOTTIME
 * (does not; the monotonic one where the system lacks it), CLOCK_REALTIME. */
struct aur_mono aur_clock_mono(void);
struct aur_mono aur_clock_boot(void);
struct aur_wall aur_clock_wall(void);

/* CPU time of this process, all threads. */
struct aur_span aur_clock_cpu(void);

/* a - b, and t + s; saturating. */
struct aur_span aur_mono_since(struct aur_mono a, struct aur_mono b);
struct aur_mono aur_mono_add(struct aur_mono t, struct aur_span s);
struct aur_span aur_wall_since(struct aur_wall a, struct aur_wall b);
struct aur_wall aur_wall_add(struct aur_wall t, struct aur_span s);

struct aur_span aur_span_ms(int64_t ms);
struct aur_span aur_span_seconds(double seconds); /* saturating */
static inline double aur_span_in_seconds(struct aur_span s)
{
	return (double)s.ns / (double)AUR_SECOND_NS;
}

/* How long from `now` to the next whole multiple of `interval` since the
 * epoch that is at least `least` away; interval > 0. */
struct aur_span aur_wall_to_multiple(
    struct aur_wall now, struct aur_span interval, struct aur_span least);

/* RFC 3339 in UTC with milliseconds, "2026-11-22T14:32:05.120Z". 0,
 * AUR_ERANGE outside years 1 to 9999, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_wall_format(struct aur_wall t, struct aur_buf *out);

#endif
