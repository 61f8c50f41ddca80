/* SPDX-License-Identifier: MIT */
/*
 * Quantities as short text for people. Pure, locale-free, never longer than
 * AUR_HUMAN_MAX with the NUL, the same width classes everywhere: three
 * significant digits, powers of 1024 for bytes, of 1000 for bits and counts.
 */
#ifndef AUR_BASE_HUMAN_H
#define AUR_BASE_HUMAN_H

#include "base/clock.h"

#define AUR_HUMAN_MAX 16

/* "512", "1.5K", "12.3M", "117G": bytes, at most 5 characters. */
void aur_human_bytes(double bytes, char out[AUR_HUMAN_MAX]);

/* "0", "1.2k", "45M": counts and other unitless numbers. */
void aur_human_count(double v, char out[AUR_HUMAN_MAX]);

/* "10G", "2.5G", "100M": bits per second. */
void aur_human_bits(double bits, char out[AUR_HUMAN_MAX]);

/* "3.1", "42.0", "100": a percentage, one decimal below 100. */
void aur_human_percent(double v, char out[AUR_HUMAN_MAX]);

/* "42s", "14m", "3h12m", "5d4h": a duration at the grain people want. */
void aur_human_span(struct aur_span s, char out[AUR_HUMAN_MAX]);

/* htop's TIME+: "1:02.34", "12:34.5", "3h12:34", "5d03h12". */
void aur_human_cpu_time(double seconds, char out[AUR_HUMAN_MAX]);

#endif
