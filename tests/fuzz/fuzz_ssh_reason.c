/* SPDX-License-Identifier: MIT */
/* Any bytes as the stderr of ssh: a reason of the table, a line of the text. */
#include "ssh/reason.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice text = aur_slice_of(data, size);
	struct aur_slice line = aur_ssh_reason_line(text);

	if (aur_ssh_reason_of(text) >= AUR_SSH_REASONS)
		abort();
	if (line.n > 0 && (line.p < data || line.p + line.n > data + size))
		abort();
	return 0;
}
