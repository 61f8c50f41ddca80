/* SPDX-License-Identifier: MIT */
/* Any bytes as the output of ssh -G: refused, or fit to be connected to. */
#include "ssh/config.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct aur_ssh_place place = {
	    "/home/alice", 1000, "alice", "desk", "typed"};
	const struct aur_ssh_seen seen = {false, true};
	struct aur_ssh_config *c = NULL;

	if (aur_ssh_config_parse(aur_slice_of(data, size), &place, &c) < 0) {
		if (c != NULL)
			abort();
		return 0;
	}
	if (c->port == 0 ||
	    !aur_address_host_valid(aur_slice_str(c->hostname)) ||
	    !aur_address_user_valid(aur_slice_str(c->user)))
		abort();
	for (size_t i = 0; i < c->identity_files.n; i++)
		if (c->identity_files.at[i] == NULL)
			abort();
	aur_ssh_config_wants_openssh(c, &seen, NULL);
	aur_ssh_config_free(c);
	return 0;
}
