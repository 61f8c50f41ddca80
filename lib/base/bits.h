/* SPDX-License-Identifier: MIT */
/*
 * Bits of a word, and words as bytes. To walk through those that are set:
 *
 *	for (; bits != 0; bits &= bits - 1)
 *		... aur_low_bit(bits) ...
 */
#ifndef AUR_BASE_BITS_H
#define AUR_BASE_BITS_H

#include <stddef.h>
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

/* Which of the first `n` elements, 64 at most, of two arrays are not the same.
 * Most are. */
static inline uint64_t aur_differ(
    const uint64_t *a, const uint64_t *b, size_t n)
{
	uint64_t bits = 0;
	size_t i = 0;

	for (; i + 4 <= n; i += 4) {
		uint64_t w = a[i] ^ b[i], x = a[i + 1] ^ b[i + 1];
		uint64_t y = a[i + 2] ^ b[i + 2], z = a[i + 3] ^ b[i + 3];

		if ((w | x | y | z) != 0)
			bits |= (uint64_t)((w != 0) | (x != 0) << 1 |
					   (y != 0) << 2 | (z != 0) << 3)
				<< i;
	}
	for (; i < n; i++)
		bits |= (uint64_t)(a[i] != b[i]) << i;
	return bits;
}

/* Eight bytes, the low one first. Not in a loop: compilers make one access of
 * them. */
static inline void aur_put_le64(uint8_t *p, uint64_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
	p[4] = (uint8_t)(v >> 32);
	p[5] = (uint8_t)(v >> 40);
	p[6] = (uint8_t)(v >> 48);
	p[7] = (uint8_t)(v >> 56);
}

static inline uint64_t aur_get_le64(const uint8_t *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

#endif
