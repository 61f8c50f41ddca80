/* SPDX-License-Identifier: MIT */
/*
 * Ages. What is read every ten seconds has in each sample another age, and
 * each carries the whole jitter of two clocks' readings; told as "when the
 * sample three rows ago was taken" it is three. It works where the instant is
 * that of a row of the span, or one before it, which is how collectors have
 * it; else ages stay ticks.
 */
#include "pack/pack_int.h"

#include "base/err.h"

/* The row, at most `most`, whose time is `instant`; -1: before the first;
 * -2: none. */
static ptrdiff_t find_row(const int64_t *mono, size_t most, int64_t instant)
{
	size_t lo = 0, hi = most + 1;

	if (instant == mono[most])
		return (ptrdiff_t)most;
	if (instant < mono[0])
		return -1;
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (mono[mid] <= instant)
			lo = mid;
		else
			hi = mid;
	}
	return mono[lo] == instant ? (ptrdiff_t)lo : -2;
}

static bool to_rows(uint64_t *age, const uint32_t *row, size_t n,
    const int64_t *mono, uint64_t *before, bool writes)
{
	bool have_before = false;

	for (size_t i = 0; i < n; i++) {
		int64_t instant = (int64_t)((uint64_t)mono[row[i]] + age[i]);
		ptrdiff_t at = find_row(mono, row[i], instant);
		uint64_t early = (uint64_t)mono[0] - (uint64_t)instant;

		if (at == -2 || (at == -1 && have_before && early != *before))
			return false;
		if (at == -1) {
			*before = early;
			have_before = true;
		}
		if (writes)
			age[i] = (uint64_t)((ptrdiff_t)row[i] - at);
	}
	return true;
}

bool aur__ages_to_rows(uint64_t *age, const uint32_t *row, size_t n,
    const int64_t *mono, uint64_t *ret_before)
{
	uint64_t before = 0;

	if (!to_rows(age, row, n, mono, &before, false))
		return false;
	*ret_before = before;
	return to_rows(age, row, n, mono, &before, true);
}

int aur__age_of_rows(const struct aur_times *t, size_t row, uint64_t back,
    uint64_t before, int64_t *ret_ticks)
{
	uint64_t now = (uint64_t)aur__pack_ticks(t->mono[row].ns), then;

	if (back > row + 1)
		return AUR_EINVALID;
	if (back == row + 1)
		then = (uint64_t)aur__pack_ticks(t->mono[0].ns) - before;
	else
		then = (uint64_t)aur__pack_ticks(t->mono[row - back].ns);
	*ret_ticks = (int64_t)(then - now);
	return 0;
}
