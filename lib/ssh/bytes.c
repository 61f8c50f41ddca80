/* SPDX-License-Identifier: MIT */
/* Strings and numbers of RFC 4251, and words of its files. */
#include "ssh/bytes_int.h"

#include "base/err.h"

bool aur__ssh_take_u32(struct aur_slice *s, uint32_t *ret_v)
{
	if (s->n < 4)
		return false;
	*ret_v = (uint32_t)s->p[0] << 24 | (uint32_t)s->p[1] << 16 |
		 (uint32_t)s->p[2] << 8 | s->p[3];
	*s = aur_slice_of(s->p + 4, s->n - 4);
	return true;
}

bool aur__ssh_take_string(struct aur_slice *s, struct aur_slice *ret_string)
{
	struct aur_slice rest = *s;
	uint32_t n;

	if (!aur__ssh_take_u32(&rest, &n) || n > rest.n)
		return false;
	*ret_string = aur_slice_of(rest.p, n);
	*s = aur_slice_of(rest.p + n, rest.n - n);
	return true;
}

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

bool aur__ssh_take_word(struct aur_slice *s, struct aur_slice *ret_word)
{
	size_t from = 0, to, next;

	while (from < s->n && blank(s->p[from]))
		from++;
	for (to = from; to < s->n && !blank(s->p[to]);)
		to++;
	if (to == from)
		return false;
	for (next = to; next < s->n && blank(s->p[next]);)
		next++;
	*ret_word = aur_slice_of(s->p + from, to - from);
	*s = aur_slice_of(s->p + next, s->n - next);
	return true;
}

int aur__ssh_add_u32(struct aur_buf *b, uint32_t v)
{
	const uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};

	return aur_buf_add(b, bytes, sizeof bytes);
}

int aur__ssh_add_string(struct aur_buf *b, struct aur_slice s)
{
	const size_t before = b->n;
	int rc =
	    s.n <= UINT32_MAX ? aur__ssh_add_u32(b, (uint32_t)s.n) : AUR_ELIMIT;

	if (rc == 0 && (rc = aur_buf_add_slice(b, s)) < 0)
		aur_buf_cut(b, before);
	return rc;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool aur__ssh_same_word(struct aur_slice a, const char *b)
{
	const struct aur_slice want = aur_slice_str(b);

	if (a.n != want.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(want.p[i]))
			return false;
	return true;
}
