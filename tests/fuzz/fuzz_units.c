/* SPDX-License-Identifier: MIT */
/*
 * Any bytes from a system bus, at once and one by one: the same is told. The
 * first byte says how far the conversation had come: to the greeting, to the
 * question how many, to the question which.
 */
#include "agentd/daemon_units.h"
#include "base/limits.h"
#include "tests/unit/units_bus.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ears {
	uint64_t sum;
	unsigned n;
};

static void on_event(void *arg, struct aur_event *e)
{
	struct ears *ears = arg;

	for (size_t i = 0; i < e->npair; i++)
		ears->sum = ears->sum * 31 + aur_slice_hash(e->pair[i].value);
	ears->n++;
}

/* A conversation that has come so far, of which none has failed before. */
static void begin(struct units *u, struct ears *ears, unsigned stage)
{
	static const struct aur_mono now = {AUR_SECOND_NS};
	struct aur_buf b;
	int rc = units_init(u, on_event, ears);

	if (rc == 0)
		rc = units_open(u, 0, now);
	u->known = u->named = true;
	aur_buf_init(&b, AUR_MAX_BUS_MESSAGE);
	if (stage > 0)
		bus_add(&b, BUS_OK, strlen(BUS_OK));
	if (stage > 1)
		bus_count(&b, SERIAL_COUNT, 2);
	if (rc == 0)
		rc = units_put(u, aur_buf_peek(&b), now);
	if (rc < 0)
		abort();
	aur_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct aur_mono now = {AUR_SECOND_NS};
	struct ears a = {0}, b = {0};
	struct units u;
	int rc, one = 0;

	if (size == 0)
		return 0;
	begin(&u, &a, data[0] % 3);
	rc = units_put(&u, aur_slice_of(data + 1, size - 1), now);
	units_release(&u);
	begin(&u, &b, data[0] % 3);
	for (size_t i = 1; i < size && one == 0; i++)
		one = units_put(&u, aur_slice_of(data + i, 1), now);
	if (rc != one || a.n != b.n || a.sum != b.sum || units_out(&u).n > 4096)
		abort();
	units_release(&u);
	return 0;
}
