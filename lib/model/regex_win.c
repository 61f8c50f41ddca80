/* SPDX-License-Identifier: MIT */
/*
 * Where the system has no regular expressions: a plain text, with ^ at its
 * front and $ at its end if need be, is looked for; what says more is
 * refused, so that nothing matches that should not.
 */
#include "model/regex_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

struct aur__regex {
	char *text;
	bool at_front, at_end;
};

int aur__regex_new(
    const char *pattern, struct aur__regex **ret_regex, struct aur_buf *error)
{
	struct aur__regex *r;
	size_t n = strlen(pattern);
	bool at_front = n > 0 && pattern[0] == '^';
	bool at_end;

	pattern += at_front;
	n -= at_front;
	at_end = n > 0 && pattern[n - 1] == '$';
	n -= at_end;
	if (strcspn(pattern, "\\^$.[]|()*+?{}") < n) {
		if (error != NULL &&
		    aur_buf_add_str(error,
			"regular expressions are not supported here") < 0)
			aur_buf_clear(error);
		return AUR_EUNSUPPORTED;
	}
	r = aur_mem_new(1, sizeof(*r));
	if (r == NULL)
		return AUR_ENOMEM;
	r->text = aur_mem_dup(pattern, n);
	if (r->text == NULL) {
		aur_mem_free(r);
		return AUR_ENOMEM;
	}
	r->at_front = at_front;
	r->at_end = at_end;
	*ret_regex = r;
	return 0;
}

void aur__regex_free(struct aur__regex *r)
{
	if (r == NULL)
		return;
	aur_mem_free(r->text);
	aur_mem_free(r);
}

bool aur__regex_matches(const struct aur__regex *r, const char *text)
{
	struct aur_slice want = aur_slice_str(r->text);
	struct aur_slice hay = aur_slice_str(text);

	if (hay.n < want.n)
		return false;
	if (r->at_front && r->at_end && hay.n != want.n)
		return false;
	if (r->at_front)
		hay.n = want.n;
	else if (r->at_end)
		hay = aur_slice_of(hay.p + (hay.n - want.n), want.n);
	return aur_text_has(hay, want);
}
