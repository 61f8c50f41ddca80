/* SPDX-License-Identifier: MIT */
/*
 * Samples: a header of times and a short list of parts, found by walking it.
 * A part belongs to a domain by the descriptor's address, not by its id: a
 * stream may bring descriptors of its own, and the field numbers of one mean
 * nothing to the other.
 */
#include "model/sample.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "model/sample_int.h"

#include <assert.h>

/* Parts that room is made for at once. */
#define PARTS_GROW 8u

struct aur_sample *aur_sample_new(struct aur_strs *strs)
{
	struct aur_sample *s = aur_mem_new(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->refs = 1;
	s->strs = aur_strs_ref(strs);
	return s;
}

struct aur_sample *aur_sample_ref(struct aur_sample *s)
{
	if (s != NULL)
		s->refs++;
	return s;
}

static void release_parts(struct aur_sample *s)
{
	for (size_t i = 0; i < s->npart; i++)
		aur__part_release(&s->part[i]);
	s->npart = 0;
	aur_keep_unref(s->keep);
	s->keep = NULL;
}

void aur_sample_unref(struct aur_sample *s)
{
	if (s == NULL)
		return;
	assert(s->refs > 0);
	if (--s->refs > 0)
		return;
	release_parts(s);
	aur_mem_free(s->part);
	aur_strs_unref(s->strs);
	aur_mem_free(s);
}

void aur_sample_renew(struct aur_sample *s)
{
	assert(aur_sample_is_sole(s));
	release_parts(s);
	*s = (struct aur_sample){.refs = 1,
	    .strs = s->strs,
	    .part = s->part,
	    .part_cap = s->part_cap};
}

void aur_keep_unref(struct aur_keep *keep)
{
	if (keep != NULL && --keep->refs == 0)
		keep->free(keep);
}

void aur_sample_keep(struct aur_sample *s, struct aur_keep *keep)
{
	if (keep != NULL)
		keep->refs++;
	aur_keep_unref(s->keep);
	s->keep = keep;
}

const struct aur_part *aur_sample_find(
    const struct aur_sample *s, const struct aur_domain *d)
{
	for (size_t i = 0; i < s->npart; i++)
		if (s->part[i].domain == d)
			return &s->part[i];
	return NULL;
}

const struct aur_part *aur_sample_get(
    const struct aur_sample *s, enum aur_domain_id id)
{
	return aur_sample_find(s, aur_domain_get(id));
}

struct aur_part *aur_sample_part(
    struct aur_sample *s, const struct aur_domain *d)
{
	struct aur_part *part;

	for (size_t i = 0; i < s->npart; i++)
		if (s->part[i].domain == d)
			return &s->part[i];
	if (s->npart >= AUR_MAX_DOMAINS)
		return NULL;
	if (s->npart == s->part_cap) {
		part = aur_mem_grow(
		    s->part, s->part_cap + PARTS_GROW, sizeof(*part));
		if (part == NULL)
			return NULL;
		s->part = part;
		s->part_cap += PARTS_GROW;
	}
	part = &s->part[s->npart++];
	aur__part_init(part, d, s->strs);
	return part;
}

void aur_sample_drop(struct aur_sample *s, size_t i)
{
	aur__part_release(&s->part[i]);
	s->npart--;
	memmove(
	    &s->part[i], &s->part[i + 1], (s->npart - i) * sizeof(s->part[0]));
}

int aur_sample_lend(
    struct aur_sample *s, struct aur_sample *from, const struct aur_part *p)
{
	struct aur_part *part;

	if (s == from || s->strs != from->strs ||
	    aur_sample_find(s, p->domain) != NULL)
		return AUR_EINVALID;
	part = aur_sample_part(s, p->domain);
	if (part == NULL)
		return s->npart >= AUR_MAX_DOMAINS ? AUR_ELIMIT : AUR_ENOMEM;
	*part = *p;
	part->lender = aur_sample_ref(from);
	return 0;
}

void aur_sample_copy_times(struct aur_sample *s, const struct aur_sample *from)
{
	s->mono = from->mono;
	s->boot = from->boot;
	s->wall = from->wall;
	memcpy(s->boot_id, from->boot_id, sizeof(s->boot_id));
	s->seq = from->seq;
	s->missed = from->missed;
	s->interval = from->interval;
}

struct aur_sample *aur_sample_copy(const struct aur_sample *s)
{
	struct aur_sample *c = aur_sample_new(s->strs);

	if (c == NULL)
		return NULL;
	aur_sample_copy_times(c, s);
	aur_sample_keep(c, s->keep);
	for (size_t i = 0; i < s->npart; i++) {
		struct aur_part *p = aur_sample_part(c, s->part[i].domain);

		if (p == NULL || aur_part_copy(p, &s->part[i]) < 0) {
			aur_sample_unref(c);
			return NULL;
		}
	}
	return c;
}
