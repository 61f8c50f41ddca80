/* SPDX-License-Identifier: MIT */
/*
 * The only number parser. Everything is bounded, locale-free and refuses what
 * is not wholly a number: "12x", "", "-" and values out of range are errors,
 * never a zero.
 *
 *	uint64_t kb;
 *	if (aur_scan_u64(word, &kb) < 0)
 *		return AUR_EINVALID;
 */
#ifndef AUR_BASE_SCAN_H
#define AUR_BASE_SCAN_H

#include "base/compiler.h"
#include "base/slice.h"

/* All of `s` as decimal. 0, AUR_EINVALID, AUR_ERANGE. */
AUR_MUST_CHECK int aur_scan_u64(struct aur_slice s, uint64_t *ret_v);
AUR_MUST_CHECK int aur_scan_i64(struct aur_slice s, int64_t *ret_v);

/* All of `s` as hexadecimal digits without 0x. 0, AUR_EINVALID, AUR_ERANGE. */
AUR_MUST_CHECK int aur_scan_hex(struct aur_slice s, uint64_t *ret_v);

/* All of `s` as [-+]digits[.digits][e[-+]digits], '.' whatever the locale.
 * Refuses inf, nan and hex floats. 0, AUR_EINVALID, AUR_ERANGE. */
AUR_MUST_CHECK int aur_scan_f64(struct aur_slice s, double *ret_v);

/* All of `s` as a fixed-point decimal, in units of 10^-`places`: "1.25" with
 * 2 places is 125; further digits are cut. 0, AUR_EINVALID, AUR_ERANGE. */
AUR_MUST_CHECK int aur_scan_fixed(
    struct aur_slice s, unsigned places, uint64_t *ret_v);

/* Takes blanks, then a decimal number off `s`; what follows stays. False, and
 * nothing taken, where none stands there or it does not fit. */
bool aur_scan_next_u64(struct aur_slice *s, uint64_t *ret_v);
bool aur_scan_next_i64(struct aur_slice *s, int64_t *ret_v);

/* All of `s` as a size: digits[.digits] and an optional K M G T P (powers of
 * 1024), optionally followed by "B" or "iB", any case. Bytes. 0,
 * AUR_EINVALID, AUR_ERANGE. */
AUR_MUST_CHECK int aur_scan_size(struct aur_slice s, double *ret_bytes);

#endif
