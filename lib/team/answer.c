/* SPDX-License-Identifier: MIT */
/* What the answers of scripts on hosts have in common. */
#include "team/team_int.h"

bool aur__answer_mark(struct aur_slice *out, const char *mark)
{
	struct aur_slice line;

	while (aur_slice_line(out, &line))
		if (aur_slice_is(line, mark))
			return true;
	return false;
}

bool aur__answer_take(
    struct aur_slice *out, const char *word, struct aur_slice *ret_rest)
{
	struct aur_slice rest = *out, line;
	size_t n = strlen(word);

	if (!aur_slice_line(&rest, &line) || !aur_slice_starts(line, word))
		return false;
	*ret_rest = aur_slice_of(line.p + n, line.n - n);
	*out = rest;
	return true;
}
