/* SPDX-License-Identifier: MIT */
/*
 * Samples for the tests of lib/model, a line each. What cannot be made ends
 * the test: these are not what is tested.
 */
#ifndef TESTS_UNIT_MODEL_MAKE_H
#define TESTS_UNIT_MODEL_MAKE_H

#include "base/mem.h"
#include "model/sample.h"
#include "tests/harness/tap.h"

#include <stdlib.h>

#define MAKE_BOOT 0xb0

static inline void make_sure(bool good, const char *what)
{
	if (!good) {
		printf("Bail out! %s\n", what);
		exit(1);
	}
}

static inline struct aur_strs *make_strs(void)
{
	struct aur_strs *strs = aur_strs_new(64u << 20);

	make_sure(strs != NULL, "no string table");
	return strs;
}

/* A sample `seconds` after boot, interval 1 s, seq = seconds. */
static inline struct aur_sample *make_sample(
    struct aur_strs *strs, double seconds)
{
	struct aur_sample *s = aur_sample_new(strs);

	make_sure(s != NULL, "no sample");
	s->mono = s->boot =
	    (struct aur_mono){(int64_t)(seconds * AUR_SECOND_NS)};
	s->wall = (struct aur_wall){
	    1795000000 * AUR_SECOND_NS + (int64_t)(seconds * AUR_SECOND_NS)};
	s->seq = (uint64_t)seconds;
	s->interval = aur_span_ms(1000);
	memset(s->boot_id, MAKE_BOOT, sizeof(s->boot_id));
	return s;
}

static inline struct aur_part *make_part(
    struct aur_sample *s, enum aur_domain_id id)
{
	struct aur_part *p = aur_sample_part(s, aur_domain_get(id));

	make_sure(p != NULL, "no part");
	return p;
}

/* The part of a domain that has one instance, with that instance. */
static inline struct aur_part *make_one(
    struct aur_sample *s, enum aur_domain_id id)
{
	struct aur_part *p = make_part(s, id);

	make_sure(aur_part_one(p) == 0, "no instance");
	return p;
}

static inline size_t make_named(struct aur_part *p, const char *name)
{
	ptrdiff_t i = aur_part_add_named(p, aur_slice_str(name));

	make_sure(i >= 0, "no named instance");
	return (size_t)i;
}

static inline size_t make_key(struct aur_part *p, uint64_t a, uint64_t b)
{
	ptrdiff_t i = aur_part_add(p, (struct aur_key){{a, b}});

	make_sure(i >= 0, "no instance");
	return (size_t)i;
}

static inline void make_text(
    struct aur_part *p, size_t i, size_t f, const char *text)
{
	make_sure(
	    aur_part_set_text(p, i, f, aur_slice_str(text)) == 0, "no text");
}

/* For aur_mem_set_fail: fails the allocation whose number is *arg. */
static inline int make_fail(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

#endif
