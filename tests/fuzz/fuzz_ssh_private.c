/* SPDX-License-Identifier: MIT */
/* Any bytes as a private key file. */
#include "base/err.h"
#include "ssh/private.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice text = aur_slice_of(data, size);
	struct aur_ssh_private_look look;
	struct aur_ssh_private *key = NULL;
	int rc, opened;

	rc = aur_ssh_private_look(text, &look);
	/* no passphrase: bcrypt would only make this slow */
	opened = aur_ssh_private_open(text, aur_slice_of(NULL, 0), &key);
	if (opened == 0 && (rc < 0 || !look.supported || look.encrypted ||
			       look.type != aur_ssh_private_type(key) ||
			       !aur_ssh_key_valid(aur_ssh_private_blob(key))))
		abort();
	if (rc == 0 && !look.supported && opened == 0)
		abort();
	aur_ssh_private_free(key);
	return 0;
}
