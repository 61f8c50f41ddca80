/* SPDX-License-Identifier: MIT */
/* Any bytes as an ssh_config, which includes itself wherever it says so. */
#include "base/err.h"
#include "team/import.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
	struct aur_import *im;
	struct aur_slice text;
	unsigned left; /* includes */
};

static int include(void *arg, struct aur_slice pattern)
{
	struct source *s = arg;

	if (pattern.n == 0)
		abort();
	if (s->left == 0)
		return 0;
	s->left--;
	return aur_import_read(s->im, s->text, include, s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = {.text = aur_slice_of(data, size), .left = 20};
	struct aur_import_host host;
	int rc;

	if (size > 4096 || aur_import_new(&s.im) < 0)
		return 0;
	rc = aur_import_read(s.im, s.text, include, &s);
	if (rc != 0 && rc != AUR_ELIMIT)
		abort();
	for (size_t i = 0; i < aur_import_count(s.im) && i < 64; i++)
		if (aur_import_get(s.im, i, &host) < 0 || host.name == NULL)
			abort();
	aur_import_free(s.im);
	return 0;
}
