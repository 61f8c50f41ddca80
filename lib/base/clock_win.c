/* SPDX-License-Identifier: MIT */
/*
 * Clocks of Windows. QueryPerformanceCounter goes on in standby and
 * hibernation and is the boot clock; QueryUnbiasedInterruptTime stands still
 * there and is the monotonic one, at the grain of the system's timer.
 */
#include "base/clock.h"

/* Not windows.h: its COM headers use names that banned.h has poisoned. */
#include <windef.h>
#include <winbase.h>

#define HUNDRED_NS 100
/* 1601-01-01, the epoch of FILETIME, to 1970-01-01, in 100 ns. */
#define EPOCH_1970 116444736000000000ll

static int64_t filetime(FILETIME t)
{
	return (int64_t)((uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime);
}

struct aur_mono aur_clock_mono(void)
{
	ULONGLONG t = 0;

	QueryUnbiasedInterruptTime(&t);
	return (struct aur_mono){(int64_t)t * HUNDRED_NS};
}

struct aur_mono aur_clock_boot(void)
{
	LARGE_INTEGER hz, t;

	if (!QueryPerformanceFrequency(&hz) || hz.QuadPart <= 0 ||
	    !QueryPerformanceCounter(&t))
		return aur_clock_mono();
	/* In two parts: ticks * 10^9 would overflow within hours. */
	return (struct aur_mono){
	    t.QuadPart / hz.QuadPart * AUR_SECOND_NS +
	    t.QuadPart % hz.QuadPart * AUR_SECOND_NS / hz.QuadPart};
}

struct aur_wall aur_clock_wall(void)
{
	FILETIME t;

	GetSystemTimePreciseAsFileTime(&t);
	return (struct aur_wall){(filetime(t) - EPOCH_1970) * HUNDRED_NS};
}

struct aur_span aur_clock_cpu(void)
{
	FILETIME start, end, kernel, user;

	if (!GetProcessTimes(GetCurrentProcess(), &start, &end, &kernel, &user))
		return (struct aur_span){0};
	return (struct aur_span){
	    (filetime(kernel) + filetime(user)) * HUNDRED_NS};
}
