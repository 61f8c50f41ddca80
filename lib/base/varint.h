/* SPDX-License-Identifier: MIT */
/*
 * Unsigned LEB128: seven bits a byte, low bits first, the high bit set on
 * every byte but the last (DWARF 4, section 7.6); ten bytes at most. Signed
 * values go through zigzag: 0, -1, 1, -2 become 0, 1, 2, 3.
 */
#ifndef AUR_BASE_VARINT_H
#define AUR_BASE_VARINT_H

#include "base/buf.h"

static inline uint64_t aur_zigzag(int64_t v)
{
	return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static inline int64_t aur_unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

#define AUR_VARINT_MOST 10u

/* Writes `v` to `p`, which has room for the longest; what is behind it. */
static inline uint8_t *aur_varint_write(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

/* Writes `v` to `p` (room for 10 bytes); the bytes written, 1 to 10. */
size_t aur_varint_put(uint8_t *p, uint64_t v);

/* Appends `v`. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_varint_add(struct aur_buf *b, uint64_t v);

/* Takes one off `s`. 0, AUR_ETRUNCATED, AUR_ERANGE (more than 64 bits); on
 * failure `s` is as it was. */
AUR_MUST_CHECK int aur_varint_take(struct aur_slice *s, uint64_t *ret_v);

#endif
