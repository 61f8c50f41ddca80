/* SPDX-License-Identifier: MIT */
/*
 * Comparing values. Integers are compared with reals exactly, not as two
 * doubles: beyond 2^53 that would make a < b < c < a, and a sort may then
 * read outside its array.
 */
#include "model/value.h"

#include <math.h>

bool aur_value_number(const struct aur_value *v, double *ret)
{
	switch (v->type) {
	case AUR_VALUE_BOOL:
		*ret = v->b ? 1 : 0;
		return true;
	case AUR_VALUE_INT:
		*ret = (double)v->i;
		return true;
	case AUR_VALUE_REAL:
		*ret = v->d;
		return true;
	default:
		return false;
	}
}

enum rank { RANK_NOTHING, RANK_NUMBER, RANK_TEXT };

static enum rank rank_of(const struct aur_value *v)
{
	switch (v->type) {
	case AUR_VALUE_BOOL:
	case AUR_VALUE_INT:
		return RANK_NUMBER;
	case AUR_VALUE_REAL:
		return isnan(v->d) ? RANK_NOTHING : RANK_NUMBER;
	case AUR_VALUE_TEXT:
	case AUR_VALUE_LIST:
		return RANK_TEXT;
	default:
		return RANK_NOTHING;
	}
}

static int cmp_int_real(int64_t i, double d)
{
	const double beyond = 9223372036854775808.0; /* 2^63 */
	int64_t whole;

	if (d >= beyond)
		return -1;
	if (d < -beyond)
		return 1;
	whole = (int64_t)d;
	if (i != whole)
		return i < whole ? -1 : 1;
	return ((double)whole > d) - ((double)whole < d);
}

static int cmp_numbers(const struct aur_value *a, const struct aur_value *b)
{
	bool ra = a->type == AUR_VALUE_REAL, rb = b->type == AUR_VALUE_REAL;
	int64_t ia = a->type == AUR_VALUE_BOOL ? a->b : a->i;
	int64_t ib = b->type == AUR_VALUE_BOOL ? b->b : b->i;

	if (ra && rb)
		return (a->d > b->d) - (a->d < b->d);
	if (rb)
		return cmp_int_real(ia, b->d);
	if (ra)
		return -cmp_int_real(ib, a->d);
	return (ia > ib) - (ia < ib);
}

static int lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static int cmp_texts(struct aur_slice a, struct aur_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return lower(a.p[i]) - lower(b.p[i]);
	return (a.n > b.n) - (a.n < b.n);
}

int aur_value_cmp(const struct aur_value *a, const struct aur_value *b)
{
	enum rank ra = rank_of(a), rb = rank_of(b);

	if (ra != rb)
		return ra < rb ? -1 : 1;
	if (ra == RANK_NUMBER)
		return cmp_numbers(a, b);
	return ra == RANK_TEXT ? cmp_texts(a->s, b->s) : 0;
}
