/* SPDX-License-Identifier: MIT */
/* Any bytes as a question of ssh: a prompt on one line. */
#include "fleet/askpass_int.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur__asked a;

	if (!aur__askpass_read(aur_slice_of(data, size), &a))
		return 0;
	if (a.question.prompt != a.prompt ||
	    strlen(a.prompt) >= sizeof a.prompt ||
	    strpbrk(a.prompt, "\n\r\t") != NULL)
		abort();
	if (a.question.fingerprint != NULL &&
	    (a.question.kind != AUR_FLEET_ASK_HOST_KEY ||
		strlen(a.fingerprint) >= sizeof a.fingerprint))
		abort();
	return 0;
}
