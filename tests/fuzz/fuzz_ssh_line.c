/* SPDX-License-Identifier: MIT */
/* Any bytes as a line with a key, and as a blob. */
#include "base/limits.h"
#include "ssh/key.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void options(struct aur_slice all)
{
	struct aur_slice rest = all, name, value, found;
	struct aur_buf b;
	char text[64];

	aur_buf_init(&b, AUR_MAX_SSH_LINE);
	while (aur_ssh_option_next(&rest, &name, &value)) {
		aur_buf_clear(&b);
		if (aur_ssh_option_value(value, &b) < 0)
			abort();
		snprintf(
		    text, sizeof text, "%.*s", (int)name.n, (char *)name.p);
		if (name.n < sizeof text &&
		    !aur_ssh_option_find(all, text, &found))
			abort();
	}
	if (rest.n > 0)
		abort(); /* a parsed line's options are well formed */
	aur_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice s = aur_slice_of(data, size);
	char fingerprint[AUR_SSH_FINGERPRINT];
	struct aur_ssh_line l;
	struct aur_buf b;

	aur_buf_init(&b, AUR_MAX_SSH_BLOB);
	if (aur_ssh_line_parse(s, &l) == 0) {
		options(l.options);
		if (aur_ssh_line_blob(&l, &b) < 0 ||
		    aur_ssh_key_of(aur_buf_peek(&b)) != l.type ||
		    aur_ssh_fingerprint(aur_buf_peek(&b), fingerprint) < 0 ||
		    !aur_ssh_fingerprint_valid(aur_slice_str(fingerprint)))
			abort();
		aur_ssh_key_bits(aur_buf_peek(&b));
	}
	if (aur_ssh_key_valid(s) && aur_ssh_key_blob_name(s).n == 0)
		abort();
	aur_ssh_key_bits(s);
	aur_buf_release(&b);
	return 0;
}
