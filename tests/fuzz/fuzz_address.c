/* SPDX-License-Identifier: MIT */
/* Any bytes as an address, and as base64: what is taken comes back the same. */
#include "base/address.h"
#include "base/base64.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_address(struct aur_slice s, struct aur_buf *b)
{
	struct aur_address a, again, list[4];
	int n = aur_address_parse_list(s, list, AUR_ARRAY_LEN(list), NULL);

	if (n == 0 || n > (int)AUR_ARRAY_LEN(list))
		abort();
	if (aur_address_parse(s, &a, NULL) < 0)
		return;
	if (a.host[0] == '-' || a.user[0] == '-' || a.host[0] == '\0')
		abort();
	if (aur_address_add(b, &a) < 0 ||
	    aur_address_parse(aur_buf_peek(b), &again, NULL) < 0 ||
	    !aur_address_eq(&a, &again))
		abort();
}

static void try_base64(struct aur_slice s, struct aur_buf *b)
{
	struct aur_buf text;

	aur_buf_clear(b);
	if (aur_base64_decode(s, b) < 0)
		return;
	aur_buf_init(&text, s.n + 4);
	if (aur_base64_add(&text, aur_buf_peek(b), true) < 0 ||
	    !aur_slice_eq(aur_buf_peek(&text), s))
		abort();
	aur_buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_buf b;

	aur_buf_init(&b, 1u << 20);
	try_address(aur_slice_of(data, size), &b);
	try_base64(aur_slice_of(data, size), &b);
	aur_buf_release(&b);
	return 0;
}
