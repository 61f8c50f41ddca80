/* SPDX-License-Identifier: MIT */
/*
 * Allocation that checks its sums and can be made to fail. Everything in lib/
 * allocates here, so that a test can fail the Nth call for every N.
 */
#ifndef AUR_BASE_MEM_H
#define AUR_BASE_MEM_H

#include "base/compiler.h"

#include <stddef.h>

/* `n` elements of `size` bytes, zeroed. NULL when out of memory or when the
 * product overflows. The caller frees it with aur_mem_free. */
AUR_MUST_CHECK void *aur_mem_new(size_t n, size_t size);

/* Resizes `p` (NULL: new) to `n` elements of `size` bytes; new bytes are not
 * zeroed. NULL on failure, and `p` stays as it was. */
AUR_MUST_CHECK void *aur_mem_grow(void *p, size_t n, size_t size);

/* A copy of `n` bytes with a NUL behind them; NULL when out of memory. */
AUR_MUST_CHECK char *aur_mem_dup(const void *p, size_t n);

/* Frees; NULL is fine. */
void aur_mem_free(void *p);

/* Tests only: called with a number from 1 upward before every allocation
 * since it was set; true makes that allocation fail. NULL ends it. The one
 * piece of mutable state in lib/, and unset outside tests. */
typedef int (*aur_mem_fail_fn)(unsigned long nth, void *arg);
void aur_mem_set_fail(aur_mem_fail_fn fail, void *arg);

#endif
