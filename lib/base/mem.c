/* SPDX-License-Identifier: MIT */
/*
 * One place that allocates, so that one place can be made to fail. Wrapping
 * malloc at link time was rejected: it does not work with static musl, nor
 * under the sanitizers, and would fail libc's own allocations too.
 */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static aur_mem_fail_fn fail_fn;
static void *fail_arg;
static unsigned long fail_nth;

void aur_mem_set_fail(aur_mem_fail_fn fail, void *arg)
{
	fail_fn = fail;
	fail_arg = arg;
	fail_nth = 0;
}

/* Whether this allocation must not be: the test says so, or the product does
 * not fit. */
static int refused(size_t n, size_t size)
{
	if (fail_fn != NULL && fail_fn(++fail_nth, fail_arg))
		return 1;
	return size != 0 && n > SIZE_MAX / 2 / size;
}

/* NULL means failure and nothing else, so nothing is one byte. */
static size_t bytes(size_t n, size_t size)
{
	return n != 0 && size != 0 ? n * size : 1;
}

void *aur_mem_new(size_t n, size_t size)
{
	if (refused(n, size))
		return NULL;
	return calloc(1, bytes(n, size));
}

void *aur_mem_grow(void *p, size_t n, size_t size)
{
	if (refused(n, size))
		return NULL;
	return realloc(p, bytes(n, size));
}

char *aur_mem_dup(const void *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX || refused(n + 1, 1))
		return NULL;
	copy = malloc(n + 1);
	if (copy == NULL)
		return NULL;
	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

void aur_mem_free(void *p)
{
	free(p);
}
