/* SPDX-License-Identifier: MIT */
/*
 * regex(3) of the system.
 */
#include "model/regex_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <regex.h>

struct aur__regex {
	regex_t re;
};

int aur__regex_new(
    const char *pattern, struct aur__regex **ret_regex, struct aur_buf *error)
{
	struct aur__regex *r = aur_mem_new(1, sizeof(*r));
	char why[128];
	int rc;

	if (r == NULL)
		return AUR_ENOMEM;
	rc = regcomp(&r->re, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (rc == 0) {
		*ret_regex = r;
		return 0;
	}
	regerror(rc, &r->re, why, sizeof(why));
	aur_mem_free(r);
	if (rc == REG_ESPACE)
		return AUR_ENOMEM;
	if (error != NULL && aur_buf_add_str(error, why) < 0)
		aur_buf_clear(error);
	return AUR_EINVALID;
}

void aur__regex_free(struct aur__regex *r)
{
	if (r == NULL)
		return;
	regfree(&r->re);
	aur_mem_free(r);
}

bool aur__regex_matches(const struct aur__regex *r, const char *text)
{
	return regexec(&r->re, text, 0, NULL, 0) == 0;
}
