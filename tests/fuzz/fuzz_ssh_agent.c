/* SPDX-License-Identifier: MIT */
/* Any bytes from an agent, at once and one by one: the same answers. */
#include "base/limits.h"
#include "ssh/agent.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes all answers; their count, or the error. */
static int drain(struct aur_buf *in)
{
	struct aur_ssh_agent_answer a;
	struct aur_ssh_identity id;
	int rc, n = 0;

	while ((rc = aur_ssh_agent_take(in, &a)) == 1) {
		size_t ids = a.identities;

		while (aur_ssh_agent_identity(&a, &id))
			ids--;
		if (ids != 0 || a.rest.n != 0 || a.bytes > in->n)
			abort();
		aur_ssh_agent_drop(in, &a);
		n++;
	}
	return rc < 0 ? rc : n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_buf in;
	int whole, n = 0, rc = 0;

	aur_buf_init(&in, 1u << 20);
	if (aur_buf_add(&in, data, size) < 0)
		abort();
	whole = drain(&in);
	aur_buf_clear(&in);
	for (size_t i = 0; i < size && rc >= 0; i++) {
		if (aur_buf_add_byte(&in, data[i]) < 0)
			abort();
		rc = drain(&in);
		n += rc;
	}
	if (whole != (rc < 0 ? rc : n))
		abort();
	aur_buf_release(&in);
	return 0;
}
