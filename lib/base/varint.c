/* SPDX-License-Identifier: MIT */
/*
 * Called for each cell that changed, so the common one-byte value is decided
 * first and the buffer is written in place when it has room for the longest.
 */
#include "base/varint.h"

#include "base/err.h"

#define LONGEST 10u

size_t aur_varint_put(uint8_t *p, uint64_t v)
{
	size_t n = 0;

	while (v >= 0x80) {
		p[n++] = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	p[n++] = (uint8_t)v;
	return n;
}

int aur_varint_add(struct aur_buf *b, uint64_t v)
{
	uint8_t longest[LONGEST];

	if (b->cap - b->head - b->n >= LONGEST && b->max - b->n >= LONGEST) {
		b->n += aur_varint_put(b->mem + b->head + b->n, v);
		return 0;
	}
	return aur_buf_add(b, longest, aur_varint_put(longest, v));
}

/* Of nine bytes none is too much, and none is missing. */
static bool take_short(struct aur_slice *s, uint64_t *ret_v)
{
	const uint8_t *p = s->p, *end = s->p + LONGEST - 1;
	uint64_t v = 0, c;
	unsigned shift = 0;

	do {
		c = *p++;
		v |= (c & 0x7f) << shift;
		shift += 7;
	} while (c >= 0x80 && p < end);
	if (c >= 0x80)
		return false;
	*ret_v = v;
	s->n -= (size_t)(p - s->p);
	s->p = p;
	return true;
}

int aur_varint_take(struct aur_slice *s, uint64_t *ret_v)
{
	uint64_t v = 0;
	size_t i;

	if (s->n >= LONGEST && take_short(s, ret_v))
		return 0;

	for (i = 0; i < s->n && i < LONGEST; i++) {
		uint8_t c = s->p[i];

		v |= (uint64_t)(c & 0x7f) << (7 * i);
		if (c < 0x80) {
			/* Of the tenth byte one bit is left of the 64. */
			if (i == LONGEST - 1 && c > 1)
				return AUR_ERANGE;
			*ret_v = v;
			s->p += i + 1;
			s->n -= i + 1;
			return 0;
		}
	}
	return i == LONGEST ? AUR_ERANGE : AUR_ETRUNCATED;
}
