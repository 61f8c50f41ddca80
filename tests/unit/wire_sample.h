/* SPDX-License-Identifier: MIT */
/*
 * Samples for the codec's tests: made of nothing but a seed, changed a little
 * each step as a host would, and compared by what they say, since two sides
 * have two string tables.
 */
#ifndef TESTS_UNIT_WIRE_SAMPLE_H
#define TESTS_UNIT_WIRE_SAMPLE_H

#include "model/sample.h"

#include <stdio.h>

static uint64_t dice_state = 1;

/* xorshift64 (Marsaglia, 2003). */
static inline uint64_t dice(uint64_t n)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return dice_state % n;
}

static const enum aur_domain_id wire_domains[] = {AUR_DOMAIN_CPU,
    AUR_DOMAIN_CORE, AUR_DOMAIN_MEMORY, AUR_DOMAIN_DISK, AUR_DOMAIN_PROCESS,
    AUR_DOMAIN_CGROUP, AUR_DOMAIN_TEMPERATURE};

static inline void change_text(struct aur_part *p, size_t i, size_t f)
{
	static const char *const words[] = {
	    "", "sh", "sleep", "\xff\x1b[2J", "a longer name of something"};
	char text[64];

	if (dice(2) == 0)
		snprintf(text, sizeof(text), "%s", words[dice(5)]);
	else
		snprintf(text, sizeof(text), "text %u", (unsigned)dice(300));
	if (aur_part_set_text(p, i, f, aur_slice_str(text)) < 0)
		aur_part_unset(p, i, f);
}

static inline void change_cell(struct aur_part *p, size_t i, size_t f)
{
	const struct aur_field *field = &p->domain->field[f];
	uint64_t v = aur_part_cell(p, i, f);

	if (dice(12) == 0) {
		aur_part_unset(p, i, f);
		return;
	}
	if (field->kind == AUR_KIND_STR) {
		change_text(p, i, f);
		return;
	}
	switch (dice(8)) {
	case 0:
		v = dice(UINT64_MAX);
		break;
	case 1:
		v = 0;
		break;
	case 2:
		v = UINT64_MAX;
		break;
	case 3:
		v -= dice(1000);
		break;
	default:
		v += field->unit == AUR_UNIT_BYTES ? 1024 * dice(100)
						   : dice(100);
	}
	aur_part_set(p, i, f, v);
}

static inline ptrdiff_t add_row(struct aur_part *p, uint64_t number)
{
	char name[32];

	switch (p->domain->key) {
	case AUR_KEY_ONE:
		return p->n == 0 ? aur_part_one(p) : -1;
	case AUR_KEY_STRING:
	case AUR_KEY_LABELS:
		snprintf(name, sizeof(name), "row%u", (unsigned)number);
		if (aur_part_find_named(p, aur_slice_str(name)) >= 0)
			return -1;
		return aur_part_add_named(p, aur_slice_str(name));
	default:
		if (p->n > 0 && p->inst[p->n - 1].key.v[0] >= number)
			return -1;
		return aur_part_add(p,
		    (struct aur_key){{number,
			p->domain->key == AUR_KEY_PROCESS ? number * 7 : 0}});
	}
}

/* A new row where row `i` of `src` will follow. */
static inline void add_before(
    struct aur_part *dst, const struct aur_part *src, size_t i)
{
	uint64_t number = src->inst[i].key.v[0] - 1;
	char name[32];

	if (src->domain->key == AUR_KEY_STRING) {
		number = 1000 + dice(5000);
		snprintf(name, sizeof(name), "row%u", (unsigned)number);
		if (aur_part_find_named(src, aur_slice_str(name)) >= 0)
			return;
	}
	add_row(dst, number);
}

/* dst: rows of `src` less some, with some added and some changed. */
static inline void change_part(struct aur_part *dst, const struct aur_part *src)
{
	size_t quiet = dice(3), rows = dice(30);

	if (src != NULL && dice(4) == 0) {
		if (aur_part_copy(dst, src) < 0)
			return;
		if (dice(2) == 0)
			dst->at_ns = -(int64_t)dice(1000000);
		return;
	}
	for (size_t i = 0; src != NULL && i < src->n; i++) {
		if (src->domain->key != AUR_KEY_ONE && dice(10) == 0)
			add_before(dst, src, i);
		if (dice(10) == 0) /* gone */
			continue;
		if (aur_part_append(dst, src, i, 1) < 0)
			return;
		if (dst->n > 1 && quiet == 0 && dice(40) == 0 &&
		    dst->domain->key == AUR_KEY_STRING) {
			/* another order */
			struct aur_key key = dst->inst[0].key;

			dst->inst[0].key = dst->inst[dst->n - 1].key;
			dst->inst[dst->n - 1].key = key;
		}
	}
	for (size_t k = 0; k < rows && (src == NULL || dice(4) == 0); k++)
		add_row(dst, dst->n > 0 && dst->domain->key != AUR_KEY_STRING
				 ? dst->inst[dst->n - 1].key.v[0] + 1 + dice(5)
				 : 100 + dice(200));
	for (size_t i = 0; i < dst->n; i++) {
		if (quiet != 0 && dice(4) != 0)
			continue;
		if (dice(8) == 0)
			dst->inst[i].at_ns = -(int64_t)dice(100000);
		for (size_t f = 0; f < dst->domain->nfield; f++)
			if (dice(3) == 0)
				change_cell(dst, i, f);
	}
}

/* The sample after `before` (NULL: the first one). */
static inline struct aur_sample *next_sample(
    struct aur_strs *strs, const struct aur_sample *before)
{
	struct aur_sample *s = aur_sample_new(strs);

	if (s == NULL)
		return NULL;
	s->interval.ns = dice(20) == 0 ? 2000000000 : 1000000000;
	s->mono.ns = 5000000000;
	s->seq = 1;
	if (before != NULL) {
		s->mono.ns = before->mono.ns + 1000000000 +
			     (int64_t)dice(2000000) - 1000000;
		s->seq = before->seq + 1 + (dice(9) == 0);
		s->missed = dice(9) == 0 ? dice(5) : 0;
		memcpy(s->boot_id, before->boot_id, sizeof(s->boot_id));
	}
	if (dice(30) == 0)
		s->boot_id[dice(16)] = (uint8_t)dice(256);
	s->boot.ns = s->mono.ns + (int64_t)dice(300);
	s->wall.ns = s->mono.ns + 1700000000000000000 + (int64_t)dice(900);
	for (size_t i = 0; i < AUR_ARRAY_LEN(wire_domains); i++) {
		const struct aur_domain *d = aur_domain_get(wire_domains[i]);
		const struct aur_part *was =
		    before != NULL ? aur_sample_find(before, d) : NULL;
		struct aur_part *p;

		if (dice(15) == 0)
			continue; /* no such part this time */
		p = aur_sample_part(s, d);
		if (p != NULL)
			change_part(p, was);
	}
	return s;
}

static inline bool same_text(
    const struct aur_part *a, uint64_t x, const struct aur_part *b, uint64_t y)
{
	return aur_slice_eq(aur_strs_get(a->strs, (uint32_t)x),
	    aur_strs_get(b->strs, (uint32_t)y));
}

static inline bool same_key(
    const struct aur_part *a, const struct aur_part *b, size_t i)
{
	const struct aur_key *x = &a->inst[i].key, *y = &b->inst[i].key;

	if (a->domain->key == AUR_KEY_STRING ||
	    a->domain->key == AUR_KEY_LABELS)
		return same_text(a, x->v[0], b, y->v[0]);
	return x->v[0] == y->v[0] && x->v[1] == y->v[1];
}

/* Whether both say the same; tells the first difference. */
static inline bool same_part(const struct aur_part *a, const struct aur_part *b)
{
	const char *name = a->domain->name;

	if (a->n != b->n || a->at_ns != b->at_ns) {
		printf("# %s: %zu rows at %lld, %zu at %lld\n", name, a->n,
		    (long long)a->at_ns, b->n, (long long)b->at_ns);
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (!same_key(a, b, i) ||
		    a->inst[i].at_ns != b->inst[i].at_ns) {
			printf("# %s[%zu]: another key or time\n", name, i);
			return false;
		}
		for (size_t f = 0; f < a->domain->nfield; f++) {
			uint64_t x = aur_part_cell(a, i, f);
			uint64_t y = aur_part_cell(b, i, f);
			bool str = a->domain->field[f].kind == AUR_KIND_STR;

			if (aur_part_has(a, i, f) == aur_part_has(b, i, f) &&
			    (str ? same_text(a, x, b, y) : x == y))
				continue;
			printf("# %s[%zu].%s: %d %llu, %d %llu\n", name, i,
			    a->domain->field[f].name, aur_part_has(a, i, f),
			    (unsigned long long)x, aur_part_has(b, i, f),
			    (unsigned long long)y);
			return false;
		}
	}
	return true;
}

static inline bool same_sample(
    const struct aur_sample *a, const struct aur_sample *b)
{
	if (a->mono.ns != b->mono.ns || a->boot.ns != b->boot.ns ||
	    a->wall.ns != b->wall.ns || a->seq != b->seq ||
	    a->missed != b->missed || a->interval.ns != b->interval.ns ||
	    memcmp(a->boot_id, b->boot_id, sizeof(a->boot_id)) != 0 ||
	    a->npart != b->npart) {
		printf("# another head, or %zu and %zu parts\n", a->npart,
		    b->npart);
		return false;
	}
	for (size_t i = 0; i < a->npart; i++) {
		const struct aur_part *p =
		    aur_sample_find(b, a->part[i].domain);

		if (p == NULL || !same_part(&a->part[i], p))
			return false;
	}
	return true;
}

#endif
