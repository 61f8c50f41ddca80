/* SPDX-License-Identifier: MIT */
/*
 * Samples of one domain for the tests of collectors, and looks into them.
 */
#ifndef TESTS_UNIT_PROCESS_SAMPLE_H
#define TESTS_UNIT_PROCESS_SAMPLE_H

#include "collect/collect.h"
#include "tests/harness/tap.h"

#include <stdlib.h>

__attribute__((unused)) static struct aur_collect *sample_open(
    const char *root, bool helper, uint64_t domains, uint64_t fields)
{
	struct aur_collect_options o = {.root = root, .no_helper = !helper};
	struct aur_want want = {
	    .domains = domains,
	    .process_fields = fields,
	    .interval = {AUR_SECOND_NS},
	};
	struct aur_collect *c;

	if (aur_collect_new(&c, &o) < 0)
		exit(99);
	aur_collect_want(c, &want);
	return c;
}

__attribute__((unused)) static struct aur_sample *sample_take(
    struct aur_collect *c)
{
	struct aur_sample *s;

	if (aur_collect_sample(c, NULL, NULL, &s) < 0)
		exit(99);
	return s;
}

/* The instance of a process; -1. */
__attribute__((unused)) static ptrdiff_t sample_pid(
    const struct aur_sample *s, uint64_t pid)
{
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_PROCESS);

	for (size_t i = 0; p != NULL && i < p->n; i++)
		if (p->inst[i].key.v[0] == pid)
			return (ptrdiff_t)i;
	return -1;
}

/* A number cell; -1 where it is absent. */
__attribute__((unused)) static int64_t sample_cell(
    const struct aur_sample *s, enum aur_domain_id d, ptrdiff_t i, size_t f)
{
	const struct aur_part *p = aur_sample_get(s, d);

	if (p == NULL || i < 0 || (size_t)i >= p->n ||
	    !aur_part_has(p, (size_t)i, f))
		return -1;
	return (int64_t)aur_part_cell(p, (size_t)i, f);
}

/* A text cell as a C string, NULs as '|'; NULL where it is absent. */
__attribute__((unused)) static const char *sample_text(
    const struct aur_sample *s, enum aur_domain_id d, ptrdiff_t i, size_t f)
{
	static char out[8192];
	const struct aur_part *p = aur_sample_get(s, d);
	struct aur_slice text;

	if (p == NULL || i < 0 || (size_t)i >= p->n ||
	    !aur_part_text(p, (size_t)i, f, &text) || text.n >= sizeof(out))
		return NULL;
	for (size_t k = 0; k < text.n; k++)
		out[k] = text.p[k] == '\0' ? '|' : (char)text.p[k];
	out[text.n] = '\0';
	return out;
}

/* The instance of a named domain; -1. */
__attribute__((unused)) static ptrdiff_t sample_named(
    const struct aur_sample *s, enum aur_domain_id d, const char *name)
{
	const struct aur_part *p = aur_sample_get(s, d);

	return p == NULL ? -1 : aur_part_find_named(p, aur_slice_str(name));
}

#endif
