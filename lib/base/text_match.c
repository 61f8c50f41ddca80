/* SPDX-License-Identifier: MIT */
/*
 * Comparing text as people mean it: without ASCII case, nearly, by pattern.
 * The glob goes back to the last star only, so that a hostile pattern costs
 * the product of the lengths and not a power; fnmatch has neither bound nor
 * the same answer everywhere.
 */
#include "base/text.h"

#include <stdint.h>

#define WORD_MAX_BYTES 64u

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t i = 0;

	while (i < n && lower(a[i]) == lower(b[i]))
		i++;
	return i == n;
}

bool aur_text_has(struct aur_slice hay, struct aur_slice needle)
{
	if (needle.n == 0)
		return true;
	for (size_t i = 0; needle.n <= hay.n - i; i++) {
		if (same(hay.p + i, needle.p, needle.n))
			return true;
		if (i == hay.n - needle.n)
			break;
	}
	return false;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment, three rows at a time: each cell comes from the
 * corner, from above, from the left, or from two rows up where two neighbours
 * are swapped. */
size_t aur_text_distance(const char *a, const char *b)
{
	size_t row[3][WORD_MAX_BYTES + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > WORD_MAX_BYTES || nb > WORD_MAX_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3];
		const size_t *up2 = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t d = up[j - 1] + (a[i - 1] != b[j - 1]);

			d = least(d, least(up[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d = least(d, up2[j - 2] + 1);
			now[j] = d;
		}
	}
	return row[na % 3][nb];
}

bool aur_text_is_nearer(const char *word, const char *candidate, size_t *best)
{
	size_t n = strlen(word), far = n < 4 ? 1 : n / 3 + 1;
	size_t distance = aur_text_distance(word, candidate);

	if (distance >= n || distance > far || distance >= *best)
		return false;
	*best = distance;
	return true;
}

/* Whether `c` is in the set behind a '['; takes the set off `p`. A set that
 * is not closed is no set: `ret_set` is false and nothing is taken. */
static bool in_set(struct aur_slice *p, uint32_t c, bool *ret_set)
{
	struct aur_slice rest = *p;
	bool found = false, first = true, negated;

	negated = rest.n > 0 && (rest.p[0] == '!' || rest.p[0] == '^');
	if (negated)
		aur_text_take(&rest);
	while (rest.n > 0) {
		uint32_t low = aur_text_take(&rest), high = low;

		if (low == ']' && !first) {
			*p = rest;
			*ret_set = true;
			return found != negated;
		}
		first = false;
		if (rest.n > 1 && rest.p[0] == '-' && rest.p[1] != ']') {
			aur_text_take(&rest);
			high = aur_text_take(&rest);
		}
		found = found || (c >= low && c <= high);
	}
	*ret_set = false;
	return false;
}

/* Whether the pattern's next element, which is no star, matches `c`; takes it
 * off `p`. */
static bool matches(struct aur_slice *p, uint32_t c)
{
	uint32_t e = aur_text_take(p);
	bool set, found;

	if (e == '?')
		return true;
	if (e == '[') {
		found = in_set(p, c, &set);
		if (set)
			return found;
	}
	if (e == '\\' && p->n > 0)
		e = aur_text_take(p);
	return e == c;
}

bool aur_text_glob(const char *pattern, struct aur_slice s)
{
	struct aur_slice p = aur_slice_str(pattern);
	struct aur_slice star = {NULL, 0}, retry = {NULL, 0};

	for (;;) {
		struct aur_slice after = s;

		if (p.n > 0 && p.p[0] == '*') {
			aur_text_take(&p);
			star = p;
			retry = s;
			continue;
		}
		if (p.n == 0 && s.n == 0)
			return true;
		if (p.n > 0 && s.n > 0 && matches(&p, aur_text_take(&after))) {
			s = after;
			continue;
		}
		if (star.p == NULL || retry.n == 0)
			return false;
		aur_text_take(&retry);
		p = star;
		s = retry;
	}
}
