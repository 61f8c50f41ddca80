/* SPDX-License-Identifier: MIT */
/*
 * How large an expression becomes: a walk that adds one for each atom, sums
 * groups on a small stack and multiplies by the intervals behind them.
 */
#include "model/regex_int.h"

#define MAX_SIZE 2000u
#define MAX_DEPTH 32u
#define MAX_PATTERN 512u

/* Reads {m}, {m,}, {m,n} from the brace on; how often the atom may be written
 * out: one more than the larger number, for {m,} ends in a*. */
static size_t interval(struct aur_slice *s)
{
	size_t most = 1, v = 0;

	for (; s->n > 0 && s->p[0] != '}'; s->p++, s->n--) {
		uint8_t c = s->p[0];

		v = c >= '0' && c <= '9' ? v * 10 + (c - '0') : 0;
		if (v > MAX_SIZE)
			return MAX_SIZE + 1;
		if (v > most)
			most = v;
	}
	return most + 1;
}

/* Steps over a [set]; a ] right at its front belongs to it. */
static void skip_set(struct aur_slice *s)
{
	size_t i = 1;

	if (i < s->n && s->p[i] == '^')
		i++;
	i++;
	while (i < s->n && s->p[i] != ']')
		i++;
	if (i < s->n) {
		s->p += i;
		s->n -= i;
	}
}

/* The place before `s` is an escape: false for a back-reference. */
static bool skip_escape(struct aur_slice *s)
{
	if (s->n < 2)
		return true;
	s->p++;
	s->n--;
	return s->p[0] < '1' || s->p[0] > '9';
}

bool aur__regex_is_bounded(struct aur_slice s)
{
	size_t size[MAX_DEPTH] = {0}, depth = 0, last = 0, times;

	if (s.n > MAX_PATTERN)
		return false;
	for (; s.n > 0; s.p++, s.n--) {
		if (s.p[0] == '(') {
			if (++depth >= MAX_DEPTH)
				return false;
			size[depth] = 1;
			continue;
		}
		if (s.p[0] == '*' || s.p[0] == '?')
			continue;
		if (s.p[0] == '{' || s.p[0] == '+') {
			/* a+ is written out as aa* */
			times = s.p[0] == '+' ? 2 : interval(&s);
			size[depth] += last * (times - 1);
			last *= times;
			if (s.n == 0)
				break;
		} else {
			last = s.p[0] == ')' && depth > 0 ? size[depth--] : 1;
			size[depth] += last;
		}
		if (s.p[0] == '[')
			skip_set(&s);
		else if (s.p[0] == '\\' && !skip_escape(&s))
			return false;
		if (size[depth] > MAX_SIZE)
			return false;
	}
	return size[depth] <= MAX_SIZE;
}
