/* SPDX-License-Identifier: MIT */
/*
 * All quantities are turned into whole tenths first and written with integer
 * formats: printf's %f asks the locale for its point. What is no number is
 * "-", as every table of ours shows the unknown.
 */
#include "base/human.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static void none(char out[AUR_HUMAN_MAX])
{
	out[0] = '-';
	out[1] = '\0';
}

/* `tenths` / 10 with its decimal below 100, where `keep` or it is not 0. */
static void put(char out[AUR_HUMAN_MAX], bool minus, uint32_t tenths, bool keep,
    const char *unit)
{
	const char *sign = minus && tenths > 0 ? "-" : "";

	if (tenths < 1000 && (keep || tenths % 10 != 0))
		snprintf(out, AUR_HUMAN_MAX, "%s%u.%u%.1s", sign,
		    (unsigned)(tenths / 10), (unsigned)(tenths % 10), unit);
	else
		snprintf(out, AUR_HUMAN_MAX, "%s%u%.1s", sign,
		    (unsigned)(tenths / 10 + (tenths % 10 >= 5)), unit);
}

/* `v` with the largest unit that leaves it below `base`, as rounded. */
static void scaled(char out[AUR_HUMAN_MAX], double v, double base, bool keep,
    const char units[][2], size_t n)
{
	bool minus = v < 0;
	size_t i = 0;

	if (!isfinite(v)) {
		none(out);
		return;
	}
	v = fabs(v);
	while (i + 1 < n && v >= base - 0.5) {
		v /= base;
		i++;
	}
	if (v > 9999)
		v = 9999;
	if (i == 0)
		v = round(v);
	put(out, minus, (uint32_t)(v * 10 + 0.5), keep && i > 0, units[i]);
}

void aur_human_bytes(double bytes, char out[AUR_HUMAN_MAX])
{
	static const char units[][2] = {"", "K", "M", "G", "T", "P", "E", "Z"};

	scaled(out, bytes, 1024, true, units, AUR_ARRAY_LEN(units));
}

static void decimal(double v, char out[AUR_HUMAN_MAX])
{
	static const char units[][2] = {"", "k", "M", "G", "T", "P", "E", "Z"};

	scaled(out, v, 1000, false, units, AUR_ARRAY_LEN(units));
}

void aur_human_count(double v, char out[AUR_HUMAN_MAX])
{
	decimal(v, out);
}

void aur_human_bits(double bits, char out[AUR_HUMAN_MAX])
{
	decimal(bits, out);
}

void aur_human_percent(double v, char out[AUR_HUMAN_MAX])
{
	const double most = 99999999;

	if (!isfinite(v)) {
		none(out);
		return;
	}
	if (fabs(v) > most)
		v = v < 0 ? -most : most;
	put(out, v < 0, (uint32_t)(fabs(v) * 10 + 0.5), true, "");
}

/* "3h12m", and "3h" where the smaller part is nothing. */
static void two(char *out, size_t n, int64_t a, char ua, int64_t b, char ub)
{
	if (b != 0)
		snprintf(out, n, "%" PRId64 "%c%" PRId64 "%c", a, ua, b, ub);
	else
		snprintf(out, n, "%" PRId64 "%c", a, ua);
}

void aur_human_span(struct aur_span s, char out[AUR_HUMAN_MAX])
{
	int64_t t = s.ns / AUR_SECOND_NS;
	char *to = out;
	size_t n = AUR_HUMAN_MAX;

	if (t < 0) {
		t = -t;
		*to++ = '-';
		n--;
	}
	if (t < 60)
		snprintf(to, n, "%" PRId64 "s", t);
	else if (t < 3600)
		snprintf(to, n, "%" PRId64 "m", t / 60);
	else if (t < 86400)
		two(to, n, t / 3600, 'h', t / 60 % 60, 'm');
	else
		two(to, n, t / 86400, 'd', t / 3600 % 24, 'h');
}

void aur_human_cpu_time(double seconds, char out[AUR_HUMAN_MAX])
{
	const double most = 86400.0 * 9999;
	uint64_t c;
	unsigned s, m, h;

	if (!isfinite(seconds) || seconds < 0) {
		none(out);
		return;
	}
	/* A tick of a 100 Hz clock must not lose its hundredth to binary. */
	c = (uint64_t)((seconds < most ? seconds : most) * 100 + 1e-3);
	s = (unsigned)(c / 100);
	m = s / 60;
	h = m / 60;
	if (m < 10)
		snprintf(out, AUR_HUMAN_MAX, "%u:%02u.%02u", m, s % 60,
		    (unsigned)(c % 100));
	else if (h < 1)
		snprintf(out, AUR_HUMAN_MAX, "%u:%02u.%u", m, s % 60,
		    (unsigned)(c / 10 % 10));
	else if (h < 24)
		snprintf(out, AUR_HUMAN_MAX, "%uh%02u:%02u", h, m % 60, s % 60);
	else
		snprintf(
		    out, AUR_HUMAN_MAX, "%ud%02uh%02u", h / 24, h % 24, m % 60);
}
