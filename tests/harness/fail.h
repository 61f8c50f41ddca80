/* SPDX-License-Identifier: MIT */
/*
 * Fails the Nth allocation of what is under test, for every N until it gets
 * through:
 *
 *	for (unsigned long nth = 1; fail_begin(nth); nth++) {
 *		rc = thing_make(&thing);
 *		if (!fail_end())
 *			break;               got through: rc must be 0
 *		...                          rc must be AUR_ENOMEM
 *	}
 */
#ifndef TESTS_HARNESS_FAIL_H
#define TESTS_HARNESS_FAIL_H

#include "base/mem.h"

#include <stdbool.h>

/* No operation under test allocates more often than this. */
#define FAIL_MOST 100000ul

struct fail {
	unsigned long nth;
	bool hit;
};
static struct fail fail_state;

__attribute__((unused)) static int fail_here(unsigned long nth, void *arg)
{
	struct fail *f = arg;

	if (nth != f->nth)
		return 0;
	f->hit = true;
	return 1;
}

/* From here on the `nth` allocation fails. False beyond FAIL_MOST. */
__attribute__((unused)) static bool fail_begin(unsigned long nth)
{
	fail_state = (struct fail){nth, false};
	aur_mem_set_fail(fail_here, &fail_state);
	return nth <= FAIL_MOST;
}

/* Allocations work again; whether one failed since fail_begin. */
__attribute__((unused)) static bool fail_end(void)
{
	aur_mem_set_fail(NULL, NULL);
	return fail_state.hit;
}

#endif
