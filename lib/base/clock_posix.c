/* SPDX-License-Identifier: MIT */
/*
 * Clocks of POSIX systems. CLOCK_BOOTTIME is Linux's (clock_gettime(2)); a
 * system, or a kernel before 2.6.39, without it gets the monotonic one.
 */
#include "base/clock.h"

#include <time.h>

static int64_t read_ns(clockid_t id, int64_t otherwise)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) != 0)
		return otherwise;
	return (int64_t)ts.tv_sec * AUR_SECOND_NS + ts.tv_nsec;
}

struct aur_mono aur_clock_mono(void)
{
	return (struct aur_mono){read_ns(CLOCK_MONOTONIC, 0)};
}

struct aur_mono aur_clock_boot(void)
{
#ifdef CLOCK_BOOTTIME
	int64_t ns = read_ns(CLOCK_BOOTTIME, -1);

	if (ns >= 0)
		return (struct aur_mono){ns};
#endif
	return aur_clock_mono();
}

struct aur_wall aur_clock_wall(void)
{
	return (struct aur_wall){read_ns(CLOCK_REALTIME, 0)};
}

struct aur_span aur_clock_cpu(void)
{
	return (struct aur_span){read_ns(CLOCK_PROCESS_CPUTIME_ID, 0)};
}
