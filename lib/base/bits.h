/* SPDX-License-Identifier: MIT */
/* Walks through the bits of a word that are set:
 *
 *	for (; bits != 0; bits &= bits - 1)
 *		... aur_low_bit(bits) ...
 */
#ifndef AUR_BASE_BITS_H
#define AUR_BASE_BITS_H

#include <stdint.h>

/* The number of the lowest bit that is set in `v`, which is not 0. */
static inline unsigned aur_low_bit(uint64_t v)
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctzll(v);
#else
	unsigned n = 0;

	for (; (v & 1) == 0; v >>= 1)
		n++;
	return n;
#endif
}

#endif
