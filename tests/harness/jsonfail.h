/* SPDX-License-Identifier: MIT */
/*
 * Makes jansson allocate where fail.h can fail it. Its own header may be
 * included in lib/json alone, hence the declaration.
 *
 *	jsonfail_begin();        once, before the first document
 */
#ifndef TESTS_HARNESS_JSONFAIL_H
#define TESTS_HARNESS_JSONFAIL_H

#include "base/mem.h"

void json_set_alloc_funcs(void *(*alloc)(size_t), void (*release)(void *));

static void *jsonfail_alloc(size_t n)
{
	return aur_mem_new(1, n);
}

static void jsonfail_begin(void)
{
	json_set_alloc_funcs(jsonfail_alloc, aur_mem_free);
}

#endif
