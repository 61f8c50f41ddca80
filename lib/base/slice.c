/* SPDX-License-Identifier: MIT */
/*
 * Taking pieces off a slice. memchr does the searching where one byte is
 * sought: it is what libc vectorizes.
 */
#include "base/slice.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static void skip(struct aur_slice *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

bool aur_slice_line(struct aur_slice *s, struct aur_slice *ret_line)
{
	if (s->n == 0)
		return false;
	if (aur_slice_until(s, '\n', ret_line))
		return true;
	*ret_line = *s;
	skip(s, s->n);
	return true;
}

bool aur_slice_word(struct aur_slice *s, struct aur_slice *ret_word)
{
	size_t from = 0, to;

	while (from < s->n && is_blank(s->p[from]))
		from++;
	for (to = from; to < s->n && !is_blank(s->p[to]);)
		to++;
	if (from < to)
		*ret_word = aur_slice_of(s->p + from, to - from);
	if (to > 0)
		skip(s, to);
	return from < to;
}

bool aur_slice_until(struct aur_slice *s, uint8_t c, struct aur_slice *ret_part)
{
	const uint8_t *at = s->n > 0 ? memchr(s->p, c, s->n) : NULL;

	if (at == NULL)
		return false;
	*ret_part = aur_slice_of(s->p, (size_t)(at - s->p));
	skip(s, ret_part->n + 1);
	return true;
}

struct aur_slice aur_slice_trim(struct aur_slice s)
{
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	while (s.n > 0 && is_blank(s.p[0]))
		skip(&s, 1);
	return s;
}

int aur_slice_cmp(struct aur_slice a, struct aur_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (d != 0)
		return d;
	return (a.n > b.n) - (a.n < b.n);
}

uint64_t aur_slice_hash(struct aur_slice s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ s.p[i]) * 1099511628211u;
	return h;
}
