/* SPDX-License-Identifier: MIT */
/* Any bytes as an invitation, and as what a host answers to a script. What is
 * read is the same when it is written and read again. */
#include "team/code.h"
#include "team/publish.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct aur_code *c)
{
	struct aur_code got;
	struct aur_buf b;
	char why[256];

	aur_buf_init(&b, 1u << 16);
	if (aur_code_write(&b, c) < 0 ||
	    aur_code_read(aur_buf_peek(&b), &got, why, sizeof(why)) < 0 ||
	    strcmp(got.name, c->name) != 0 || strcmp(got.id, c->id) != 0 ||
	    got.nplace != c->nplace)
		abort();
	for (size_t i = 0; i < c->nplace; i++)
		if (!aur_address_eq(&got.place[i].at, &c->place[i].at) ||
		    strcmp(got.place[i].host_key, c->place[i].host_key) != 0)
			abort();
	aur_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice s = aur_slice_of(data, size);
	enum aur_publish_word word;
	struct aur_code code;
	char why[256];

	if (aur_code_read(s, &code, why, sizeof(why)) == 0)
		again(&code);
	if (aur_publish_parse(s, &word) == 0 && word > AUR_PUBLISH_FAILED)
		abort();
	return 0;
}
