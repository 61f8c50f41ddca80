/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as known_hosts; then a host that is in it, is not, is hidden by a
 * hash. What is found must be what was asked for.
 */
#include "base/limits.h"
#include "ssh/known.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char blob[] = "\0\0\0\013ssh-ed25519\0\0\0\040"
			   "0123456789abcdef0123456789abcdef";

static void ask(const struct aur_ssh_known *k, const char *name, uint16_t port)
{
	const struct aur_ssh_known_host h = {name, NULL, port};
	enum aur_ssh_key types[AUR_SSH_KEY_TYPES];
	struct aur_ssh_known_answer a;
	size_t n = aur_ssh_known_types(k, &h, types);

	if (aur_ssh_known_check(
		k, &h, aur_slice_of(blob, sizeof blob - 1), &a) < 0)
		abort();
	if (a.state == AUR_SSH_KNOWN_MATCH && n == 0)
		abort();
	if ((a.state == AUR_SSH_KNOWN_UNKNOWN) != (a.n == 0))
		abort();
	aur_ssh_known_has_ca(k, &h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_ssh_known *k = NULL;
	const char *file = NULL;
	unsigned line = 0;

	if (aur_ssh_known_new(&k) < 0)
		abort();
	if (aur_ssh_known_add(k, "f", aur_slice_of(data, size)) < 0)
		abort();
	if (aur_ssh_known_bad(k, &file, &line) > 0 && line == 0)
		abort();
	ask(k, "web1", 22);
	ask(k, "web1", 2222);
	ask(k, "db.example", 22);
	aur_ssh_known_free(k);
	return 0;
}
