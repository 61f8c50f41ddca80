/* SPDX-License-Identifier: MIT */
#include "history/tidy_int.h"

#include "base/err.h"
#include "base/mem.h"

int aur__tidy(struct aur__writer *w, struct aur_wall now)
{
	struct aur__tidy t = {.w = w, .now = now};
	int rc = aur__cache_new(&t.source.cache);

	if (rc < 0)
		return rc;
	t.source.weeks = &w->weeks;
	t.source.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	rc = t.source.strs == NULL ? AUR_ENOMEM : aur__tidy_log(&t);
	aur__cache_free(t.source.cache);
	aur_strs_unref(t.source.strs);
	return rc;
}
