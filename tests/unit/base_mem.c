/* SPDX-License-Identifier: MIT */
/* Allocation: sums that overflow, and failing on demand. */
#include "base/mem.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

static void test_sums(void)
{
	volatile size_t huge = SIZE_MAX;
	char *p = aur_mem_new(3, 4);
	char *q;

	tap_ok(p != NULL && p[0] == 0 && p[11] == 0, "new memory is zeroed");
	tap_ok(aur_mem_new(huge, 2) == NULL, "n * size overflows");
	tap_ok(aur_mem_new(huge / 4 + 1, 4) == NULL, "... just");
	tap_ok(aur_mem_grow(p, huge, 16) == NULL, "growing overflows");
	memset(p, 'x', 12);
	q = aur_mem_grow(p, 1000, 4);
	tap_ok(q != NULL && q[11] == 'x', "growing keeps the content");
	tap_ok(aur_mem_dup("x", huge) == NULL, "a copy too large");
	aur_mem_free(q);
	aur_mem_free(NULL);
}

static void test_nothing(void)
{
	void *a = aur_mem_new(0, 8), *b = aur_mem_grow(NULL, 0, 8);
	char *c = aur_mem_dup(NULL, 0);

	tap_ok(a != NULL && b != NULL, "nothing is not a failure");
	tap_eq_str(c, "", "a copy of nothing");
	aur_mem_free(a);
	aur_mem_free(b);
	aur_mem_free(c);
}

static void test_dup(void)
{
	char *c = aur_mem_dup("ab\0cd", 5);

	tap_eq_bytes(c, 6, "ab\0cd", 6, "a copy with a NUL behind it");
	aur_mem_free(c);
}

static void test_fail(void)
{
	void *a, *b, *c;

	fail_begin(2);
	a = aur_mem_new(1, 1);
	b = aur_mem_dup("x", 1);
	c = aur_mem_grow(NULL, 1, 1);
	tap_ok(fail_end(), "the second was asked to fail");
	tap_ok(a != NULL && b == NULL && c != NULL, "only the second failed");
	tap_ok(fail_begin(1), "set again");
	tap_ok(aur_mem_grow(a, 100, 1) == NULL, "counts from one again");
	fail_end();
	aur_mem_free(a);
	aur_mem_free(c);
}

int main(void)
{
	test_sums();
	test_nothing();
	test_dup();
	test_fail();
	return tap_done();
}
