/* SPDX-License-Identifier: MIT */
/*
 * The first pass over a part: finds each instance's row in the base, marks
 * what changed, came and went, and which grains still hold. Most rows are
 * equal to the base's, which is a memcmp. encode_part.c is the second.
 */
#include "wire/encode_plan_int.h"

#include "base/bits.h"
#include "base/err.h"
#include "base/mem.h"

/* --- rows of the base ----------------------------------------------------- */

static int key_cmp(const struct aur_key *a, const struct aur_key *b)
{
	for (size_t i = 0; i < 2; i++)
		if (a->v[i] != b->v[i])
			return a->v[i] < b->v[i] ? -1 : 1;
	return 0;
}

/* Both ascend: walk in step. */
static int match_sorted(struct aur__plan *pl)
{
	const struct aur_part *p = pl->p, *base = pl->base;
	size_t nbase = base != NULL ? base->n : 0;
	size_t b = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct aur_key *key = &p->inst[i].key;

		if (i > 0 && key_cmp(&p->inst[i - 1].key, key) >= 0)
			return AUR_EINVALID;
		while (b < nbase && key_cmp(&base->inst[b].key, key) < 0)
			b++;
		if (b < nbase && key_cmp(&base->inst[b].key, key) == 0)
			pl->e->match[i] = (uint32_t)b++;
		else
			pl->e->match[i] = AUR__ROW_NEW;
	}
	return 0;
}

/* Room for `n` elements of scratch, zeroed where it is new. */
static int make_room(void **mem, size_t *cap, size_t n, size_t size)
{
	void *fresh;

	if (n <= *cap)
		return 0;
	n += n / 4;
	fresh = aur_mem_new(n, size);
	if (fresh == NULL)
		return AUR_ENOMEM;
	aur_mem_free(*mem);
	*mem = fresh;
	*cap = n;
	return 0;
}

/* By name: through an index of the base. Instances that changed places cannot
 * be told in a delta; then the part is a keyframe. */
static int match_named(struct aur__plan *pl)
{
	const struct aur_part *p = pl->p, *base = pl->base;
	struct aur_encoder *e = pl->e;
	size_t nbase = base != NULL ? base->n : 0;
	uint32_t after = 0;
	int rc = make_room((void **)&e->index, &e->index_cap,
	    aur_strs_end(p->strs), sizeof(*e->index));

	if (rc < 0)
		return rc;
	for (size_t b = 0; b < nbase; b++)
		e->index[base->inst[b].key.v[0]] = (uint32_t)b + 1;
	for (size_t i = 0; i < p->n; i++) {
		uint32_t b = e->index[p->inst[i].key.v[0]];

		e->match[i] = b == 0 ? AUR__ROW_NEW : b - 1;
		if (b != 0 && b <= after)
			rc = AUR_ECHANGED;
		if (b != 0)
			after = b;
	}
	for (size_t b = 0; b < nbase; b++)
		e->index[base->inst[b].key.v[0]] = 0;
	return rc;
}

static int match_one(struct aur__plan *pl)
{
	if (pl->p->n > 1)
		return AUR_EINVALID;
	if (pl->p->n == 1)
		pl->e->match[0] =
		    pl->base != NULL && pl->base->n > 0 ? 0 : AUR__ROW_NEW;
	return 0;
}

static int match(struct aur__plan *pl)
{
	struct aur_encoder *e = pl->e;
	int rc;

	rc = make_room(
	    (void **)&e->match, &e->match_cap, pl->p->n, sizeof(*e->match));
	if (rc == 0)
		rc = make_room((void **)&e->differ, &e->differ_cap,
		    pl->p->n * pl->p->nword, sizeof(*e->differ));
	if (rc < 0)
		return rc;
	if (pl->p->domain->key == AUR_KEY_ONE)
		return match_one(pl);
	if (!pl->named)
		return match_sorted(pl);
	rc = match_named(pl);
	if (rc == AUR_ECHANGED) {
		pl->base = NULL;
		rc = match_named(pl);
	}
	return rc;
}

/* --- what is to be sent --------------------------------------------------- */

/* Which of the grains in `bits` divide `v`. */
static uint8_t fits(uint64_t v, uint8_t bits)
{
	for (unsigned g = 1; g < AUR__GRAINS; g++)
		if (((bits >> g) & 1) && v % aur__grains[g] != 0)
			bits &= (uint8_t) ~(1u << g);
	return bits;
}

static uint8_t coarsest(uint8_t bits)
{
	/* the larger of a kin is later in the table, thousands after bytes */
	for (unsigned g = AUR__GRAINS; g-- > 1;)
		if ((bits >> g) & 1)
			return (uint8_t)g;
	return 0;
}

/* Marks the cells of row `i` that are to be sent: those that were not there, or
 * are another. */
static void compare(const struct aur__plan *pl, size_t i,
    const struct aur__plan_row *before, const struct aur__plan_row *now)
{
	uint64_t *bits = aur__plan_bits(pl, i);
	size_t nfield = pl->p->domain->nfield;

	for (size_t k = 0; k < pl->p->nword; k++) {
		size_t from = k * 64,
		       n = nfield - from < 64 ? nfield - from : 64;
		uint64_t differ =
		    aur_differ(now->cell + from, before->cell + from, n);

		bits[k] = now->have[k] & (differ | ~before->have[k]);
	}
}

/* Notes a value that will be sent. */
static void weigh_cell(struct aur__plan *pl, size_t f, uint64_t v)
{
	struct aur__column *c = &pl->l->column[f];
	uint8_t left = fits(v, c->fits);

	if (v == 0)
		return;
	pl->weighed = pl->weighed || !c->seen || left != c->fits;
	c->seen = true;
	c->fits = left;
	if (left == 1)
		pl->l->weighs[f / 64] &= ~((uint64_t)1 << (f % 64));
}

static void weigh_row(struct aur__plan *pl, size_t i,
    const struct aur__plan_row *before, const struct aur__plan_row *now)
{
	const uint64_t *bits = aur__plan_bits(pl, i);

	compare(pl, i, before, now);
	for (size_t k = 0; k < pl->p->nword; k++) {
		uint64_t weighs = bits[k] & pl->l->weighs[k];

		for (; weighs != 0; weighs &= weighs - 1) {
			size_t f = k * 64 + aur_low_bit(weighs);

			weigh_cell(pl, f, now->cell[f]);
		}
	}
}

/* Takes the coarsest grain that all values so far fit, once there are some,
 * and keeps it for as long as it fits: telling another one costs bytes. */
static void settle_grains(struct aur__plan *pl)
{
	for (unsigned f = 0; f < pl->l->ncolumn; f++) {
		struct aur__column *c = &pl->l->column[f];

		if (!c->seen || (c->grain != 0 && (c->fits >> c->grain) & 1))
			continue;
		c->next = coarsest(c->fits);
		pl->ngrain += c->next != c->grain;
	}
}

static bool is_equal(const struct aur__plan *pl, const struct aur__plan_row *a,
    const struct aur__plan_row *b)
{
	size_t nfield = pl->p->domain->nfield;

	return a->inst->at_ns == b->inst->at_ns &&
	       memcmp(a->have, b->have, pl->p->nword * sizeof(*a->have)) == 0 &&
	       (nfield == 0 ||
		   memcmp(a->cell, b->cell, nfield * sizeof(*a->cell)) == 0);
}

static struct aur__plan_row no_row(void)
{
	static const struct aur_inst inst;
	static const uint64_t zero[AUR_MAX_FIELDS];

	return (struct aur__plan_row){&inst, zero, zero};
}

struct aur__plan_row aur__plan_template(
    const struct aur__plan *pl, const struct aur__plan_row *last)
{
	if (last->inst != NULL)
		return *last;
	if (pl->base != NULL && pl->base->n > 0)
		return aur__plan_row_at(pl->base, pl->base->n - 1);
	return no_row();
}

static void weigh(struct aur__plan *pl)
{
	uint32_t *m = pl->e->match;
	struct aur__plan_row last = {0};
	size_t kept = 0;

	for (size_t i = 0; i < pl->p->n; i++) {
		struct aur__plan_row now = aur__plan_row_at(pl->p, i), before;

		if (m[i] == AUR__ROW_NEW) {
			before = aur__plan_template(pl, &last);
			weigh_row(pl, i, &before, &now);
			last = now;
			pl->nnew++;
			continue;
		}
		kept++;
		before = aur__plan_row_at(pl->base, m[i]);
		if (is_equal(pl, &before, &now))
			continue;
		weigh_row(pl, i, &before, &now);
		m[i] |= AUR__ROW_CHANGED;
		pl->nchanged++;
	}
	pl->ngone = (pl->base != NULL ? pl->base->n : 0) - kept;
	if (pl->weighed)
		settle_grains(pl);
}

/* Parts come in the same order each time. */
static const struct aur_part *base_part(
    const struct aur_encoder *e, struct aur__lane *l)
{
	const struct aur_part *p;

	if (e->base == NULL)
		return NULL;
	if (l->base_at < e->base->npart &&
	    e->base->part[l->base_at].domain == l->domain)
		return &e->base->part[l->base_at];
	p = aur_sample_find(e->base, l->domain);
	if (p != NULL)
		l->base_at = (uint16_t)(p - e->base->part);
	return p;
}

int aur__plan_make(struct aur__plan *pl)
{
	unsigned key = pl->p->domain->key;
	int rc;

	pl->base = base_part(pl->e, pl->l);
	pl->named = key == AUR_KEY_STRING || key == AUR_KEY_LABELS;
	rc = match(pl);
	if (rc < 0)
		return rc;
	if (pl->base == NULL)
		aur__lane_reset(pl->l);
	weigh(pl);
	return 0;
}
