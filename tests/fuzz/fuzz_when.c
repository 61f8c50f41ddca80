/* SPDX-License-Identifier: MIT */
/* Any bytes as a time: what is taken is a moment that can be written, and what
 * is written is read again. The first byte chooses the base. */
#include "view/when.h"

#include "base/err.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct aur_when_base *base, struct aur_wall at)
{
	struct aur_wall back;
	struct aur_buf b;

	aur_buf_init(&b, 64);
	if (at.ns < 0 ||
	    aur_when_add(&b, at, base, AUR_WHEN_SECONDS | AUR_WHEN_DATED) < 0 ||
	    aur_when_parse(aur_buf_peek(&b), base, &back) < 0)
		abort();
	if (base->utc && back.ns / AUR_SECOND_NS != at.ns / AUR_SECOND_NS)
		abort();
	aur_buf_clear(&b);
	if (aur_when_add_ago(&b, at, base->now) < 0)
		abort();
	aur_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_when_base base = {.now = {1795720830 * AUR_SECOND_NS}};
	struct aur_slice text;
	struct aur_wall at;
	int rc;

	if (size == 0)
		return 0;
	base.utc = data[0] & 1;
	base.has_from = data[0] & 2;
	base.from.ns = base.now.ns - 86400 * AUR_SECOND_NS;
	text = aur_slice_of(data + 1, size - 1);
	rc = aur_when_parse(text, &base, &at);
	if (rc == 0)
		check(&base, at);
	else if (rc != AUR_EINVALID && rc != AUR_ERANGE)
		abort();
	(void)aur_when_nearest(text);
	return 0;
}
