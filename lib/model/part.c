/* SPDX-License-Identifier: MIT */
/*
 * Parts: the instances of one domain in one sample, as three arrays side by
 * side (keys, cells, presence) in one allocation. An array of structs with a
 * pointer each was not taken: 100,000 processes are then 100,000 allocations,
 * and the codec walks cells in step.
 *
 * Names of STRING domains are ids of the sample's string table, so two names
 * are equal where two numbers are, and no text is compared to match
 * instances. Such parts are not sorted by it (ids are given in the order of
 * arrival); they are short or come in the same order each time, which is what
 * the hint of aur_part_find is for.
 */
#include "model/sample.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "model/sample_int.h"

#include <assert.h>
#include <math.h>

static bool is_named(const struct aur_domain *d)
{
	return d->key == AUR_KEY_STRING || d->key == AUR_KEY_LABELS;
}

static bool is_sorted_kind(const struct aur_domain *d)
{
	return d->key == AUR_KEY_NUMBER || d->key == AUR_KEY_PROCESS;
}

int aur__key_cmp(const struct aur_key *a, const struct aur_key *b)
{
	for (size_t i = 0; i < 2; i++)
		if (a->v[i] != b->v[i])
			return a->v[i] < b->v[i] ? -1 : 1;
	return 0;
}

void aur__part_init(
    struct aur_part *p, const struct aur_domain *d, struct aur_strs *strs)
{
	assert(d->nfield <= AUR_MAX_FIELDS);
	*p = (struct aur_part){.domain = d, .strs = strs};
	p->nword = d->nfield == 0 ? 1 : (d->nfield + 63u) / 64;
}

void aur__part_release(struct aur_part *p)
{
	if (p->lender != NULL) {
		aur_sample_unref(p->lender);
		return;
	}
	aur_part_clear(p);
	aur_mem_free(p->inst);
}

/* Gives back column `f` of all instances. */
static void drop_column(struct aur_part *p, size_t f)
{
	for (size_t i = 0; i < p->n; i++) {
		uint64_t id = aur_part_cell(p, i, f);

		if (id != 0)
			aur_strs_drop(p->strs, (uint32_t)id);
	}
}

void aur_part_clear(struct aur_part *p)
{
	const struct aur_domain *d = p->domain;

	assert(p->lender == NULL);
	for (size_t f = 0; p->texts && f < d->nfield; f++)
		if (d->field[f].kind == AUR_KIND_STR)
			drop_column(p, f);
	p->texts = false;
	if (is_named(d))
		for (size_t i = 0; i < p->n; i++)
			aur_strs_drop(p->strs, (uint32_t)p->inst[i].key.v[0]);
	p->n = 0;
	p->at_ns = 0;
}

/* Where arrays of `cap` instances stand in the one piece that they have: keys,
 * cells, presence. */
static void place_arrays(struct aur_part *p, void *mem, size_t cap)
{
	p->inst = mem;
	p->cell = (uint64_t *)(void *)(p->inst + cap);
	p->have = p->cell + cap * p->domain->nfield;
	p->cap = cap;
}

/* Room for `n` instances. */
static int reserve(struct aur_part *p, size_t n, size_t least)
{
	size_t nfield = p->domain->nfield;
	size_t cap = p->cap + p->cap / 2;
	struct aur_part was = *p;
	void *mem;

	if (n <= p->cap)
		return 0;
	if (n > AUR_MAX_INSTANCES)
		return AUR_ELIMIT;
	if (cap < n)
		cap = n;
	if (cap < least && p->domain->key != AUR_KEY_ONE)
		cap = least;
	mem = aur_mem_grow(p->inst, cap,
	    sizeof(p->inst[0]) + nfield * sizeof(p->cell[0]) +
		p->nword * sizeof(p->have[0]));
	if (mem == NULL)
		return AUR_ENOMEM;
	place_arrays(&was, mem, p->cap);
	place_arrays(p, mem, cap);
	if (p->n == 0)
		return 0;
	/* they move up, the last one first */
	memmove(p->have, was.have, p->n * p->nword * sizeof(p->have[0]));
	if (nfield > 0)
		memmove(p->cell, was.cell, p->n * nfield * sizeof(p->cell[0]));
	return 0;
}

int aur_part_reserve(struct aur_part *p, size_t n)
{
	return reserve(p, n, n);
}

/* Holds the strings of instances `from` to `to`. */
static void hold_range(struct aur_part *p, size_t from, size_t to)
{
	const struct aur_domain *d = p->domain;

	for (size_t f = 0; p->texts && f < d->nfield; f++) {
		if (d->field[f].kind != AUR_KIND_STR)
			continue;
		for (size_t i = from; i < to; i++)
			aur_strs_hold(
			    p->strs, (uint32_t)aur_part_cell(p, i, f));
	}
	if (is_named(d))
		for (size_t i = from; i < to; i++)
			aur_strs_hold(p->strs, (uint32_t)p->inst[i].key.v[0]);
}

int aur_part_append(
    struct aur_part *dst, const struct aur_part *src, size_t first, size_t n)
{
	size_t nfield = src->domain->nfield, at = dst->n;
	int rc;

	assert(dst->domain == src->domain && dst->strs == src->strs);
	assert(first <= src->n && n <= src->n - first);
	if (n == 0)
		return 0;
	rc = reserve(dst, at + n, 8);
	if (rc < 0)
		return rc;
	memcpy(dst->inst + at, src->inst + first, n * sizeof(src->inst[0]));
	memcpy(dst->cell + at * nfield, src->cell + first * nfield,
	    n * nfield * sizeof(src->cell[0]));
	memcpy(dst->have + at * dst->nword, src->have + first * src->nword,
	    n * src->nword * sizeof(src->have[0]));
	dst->n = at + n;
	dst->texts = dst->texts || src->texts;
	hold_range(dst, at, dst->n);
	return 0;
}

void aur_part_move(struct aur_part *dst, struct aur_part *src)
{
	assert(dst->domain == src->domain && dst->strs == src->strs);
	assert(dst->n == 0 && dst->cap == 0);
	assert(dst->lender == NULL && src->lender == NULL);
	dst->n = src->n;
	dst->texts = src->texts;
	dst->cap = src->cap;
	dst->inst = src->inst;
	dst->cell = src->cell;
	dst->have = src->have;
	src->n = 0;
	src->texts = false;
	src->cap = 0;
	src->inst = NULL;
	src->cell = NULL;
	src->have = NULL;
}

int aur_part_copy(struct aur_part *dst, const struct aur_part *src)
{
	int rc;

	assert(dst->domain == src->domain && dst->strs == src->strs);
	if (dst == src)
		return 0;
	rc = reserve(dst, src->n, 8);
	if (rc < 0)
		return rc;
	aur_part_clear(dst);
	dst->at_ns = src->at_ns;
	return aur_part_append(dst, src, 0, src->n);
}

ptrdiff_t aur_part_add(struct aur_part *p, struct aur_key key)
{
	size_t nfield = p->domain->nfield;
	int rc = reserve(p, p->n + 1, 8);

	if (rc < 0)
		return rc;
	p->inst[p->n] = (struct aur_inst){.key = key};
	memset(p->cell + p->n * nfield, 0, nfield * sizeof(p->cell[0]));
	memset(p->have + p->n * p->nword, 0, p->nword * sizeof(p->have[0]));
	return (ptrdiff_t)p->n++;
}

ptrdiff_t aur_part_add_named(struct aur_part *p, struct aur_slice name)
{
	uint32_t id;
	ptrdiff_t i;
	int rc;

	assert(is_named(p->domain));
	rc = aur_strs_put(p->strs, name, &id);
	if (rc < 0)
		return rc;
	i = aur_part_add(p, (struct aur_key){{id, 0}});
	if (i < 0)
		aur_strs_drop(p->strs, id);
	return i;
}

ptrdiff_t aur_part_one(struct aur_part *p)
{
	assert(p->domain->key == AUR_KEY_ONE);
	return p->n > 0 ? 0 : aur_part_add(p, (struct aur_key){{0, 0}});
}

/* A key and where its instance stands, for qsort, which hands no context. */
struct place {
	struct aur_key key;
	size_t at;
};

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return aur__key_cmp(&x->key, &y->key);
}

static void swap_words(uint64_t *a, uint64_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t w = a[i];

		a[i] = b[i];
		b[i] = w;
	}
}

static void swap_instances(struct aur_part *p, size_t a, size_t b)
{
	size_t nfield = p->domain->nfield;
	struct aur_inst inst = p->inst[a];

	p->inst[a] = p->inst[b];
	p->inst[b] = inst;
	swap_words(p->cell + a * nfield, p->cell + b * nfield, nfield);
	swap_words(p->have + a * p->nword, p->have + b * p->nword, p->nword);
}

/* Brings each instance to its place, cycle by cycle. */
static void permute(struct aur_part *p, struct place *order)
{
	for (size_t i = 0; i < p->n; i++) {
		size_t at = i;

		while (order[at].at != i) {
			size_t from = order[at].at;

			swap_instances(p, at, from);
			order[at].at = at;
			at = from;
		}
		order[at].at = at;
	}
}

int aur_part_sort(struct aur_part *p)
{
	struct place *order;
	bool sorted = true;

	for (size_t i = 1; i < p->n && sorted; i++)
		sorted =
		    aur__key_cmp(&p->inst[i - 1].key, &p->inst[i].key) <= 0;
	if (sorted)
		return 0;
	order = aur_mem_new(p->n, sizeof(order[0]));
	if (order == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < p->n; i++)
		order[i] = (struct place){p->inst[i].key, i};
	qsort(order, p->n, sizeof(order[0]), place_cmp);
	permute(p, order);
	aur_mem_free(order);
	return 0;
}

static ptrdiff_t find_sorted(const struct aur_part *p, const struct aur_key *k)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = aur__key_cmp(&p->inst[mid].key, k);

		if (c == 0)
			return (ptrdiff_t)mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

/* Outwards from the hint: what came or went shifts its followers by a few. */
static ptrdiff_t find_around(
    const struct aur_part *p, const struct aur_key *k, size_t hint)
{
	if (hint >= p->n)
		hint = p->n - 1;
	for (size_t step = 1; step <= hint || step < p->n - hint; step++) {
		if (step < p->n - hint &&
		    aur__key_cmp(&p->inst[hint + step].key, k) == 0)
			return (ptrdiff_t)(hint + step);
		if (step <= hint &&
		    aur__key_cmp(&p->inst[hint - step].key, k) == 0)
			return (ptrdiff_t)(hint - step);
	}
	return aur__key_cmp(&p->inst[hint].key, k) == 0 ? (ptrdiff_t)hint : -1;
}

ptrdiff_t aur_part_find(
    const struct aur_part *p, struct aur_key key, size_t hint)
{
	if (p->n == 0)
		return -1;
	if (hint < p->n && aur__key_cmp(&p->inst[hint].key, &key) == 0)
		return (ptrdiff_t)hint;
	if (is_sorted_kind(p->domain))
		return find_sorted(p, &key);
	return find_around(p, &key, hint);
}

ptrdiff_t aur_part_find_pid(const struct aur_part *p, uint64_t pid)
{
	size_t lo = 0, hi = p->n;

	assert(p->domain->key == AUR_KEY_PROCESS);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->inst[mid].key.v[0] < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->n && p->inst[lo].key.v[0] == pid ? (ptrdiff_t)lo : -1;
}

ptrdiff_t aur_part_find_named(const struct aur_part *p, struct aur_slice name)
{
	uint32_t id;

	assert(is_named(p->domain));
	if (!aur_strs_find(p->strs, name, &id))
		return -1;
	return aur_part_find(p, (struct aur_key){{id, 0}}, 0);
}

struct aur_slice aur_part_name(const struct aur_part *p, size_t i)
{
	assert(is_named(p->domain) && i < p->n);
	return aur_strs_get(p->strs, (uint32_t)p->inst[i].key.v[0]);
}

void aur_part_unset(struct aur_part *p, size_t i, size_t f)
{
	uint64_t *cell = &p->cell[i * p->domain->nfield + f];

	if (p->domain->field[f].kind == AUR_KIND_STR && *cell != 0)
		aur_strs_drop(p->strs, (uint32_t)*cell);
	*cell = 0;
	p->have[i * p->nword + f / 64] &= ~((uint64_t)1 << (f % 64));
}

/* Puts in an id whose reference the part takes over. */
static void take_id(struct aur_part *p, size_t i, size_t f, uint32_t id)
{
	assert(p->domain->field[f].kind == AUR_KIND_STR);
	aur_part_unset(p, i, f);
	aur_part_set(p, i, f, id);
	p->texts = true;
}

int aur_part_set_text(
    struct aur_part *p, size_t i, size_t f, struct aur_slice text)
{
	uint32_t id;
	int rc = aur_strs_put(p->strs, text, &id);

	if (rc < 0)
		return rc;
	take_id(p, i, f, id);
	return 0;
}

void aur_part_set_id(struct aur_part *p, size_t i, size_t f, uint32_t id)
{
	aur_strs_hold(p->strs, id);
	take_id(p, i, f, id);
}

double aur__scale(double v, int scale)
{
	double p = 1;

	for (int k = 0; k < scale || k < -scale; k++)
		p *= 10;
	/* dividing keeps 12.34 what a reader of "1234" would write */
	return scale < 0 ? v / p : v * p;
}

bool aur__number(const struct aur_field *field, uint64_t cell, double *ret_v)
{
	double v;

	if (field->kind == AUR_KIND_STR)
		return false;
	if (field->kind == AUR_KIND_F64)
		memcpy(&v, &cell, sizeof(v));
	else if (field->kind == AUR_KIND_I64)
		v = aur__scale((double)(int64_t)cell, field->scale);
	else
		v = aur__scale((double)cell, field->scale);
	if (!isfinite(v))
		return false;
	*ret_v = v;
	return true;
}

bool aur_part_number(
    const struct aur_part *p, size_t i, size_t f, double *ret_v)
{
	return aur_part_has(p, i, f) &&
	       aur__number(&p->domain->field[f], aur_part_cell(p, i, f), ret_v);
}

bool aur_part_text(
    const struct aur_part *p, size_t i, size_t f, struct aur_slice *ret_text)
{
	if (!aur_part_has(p, i, f) || p->domain->field[f].kind != AUR_KIND_STR)
		return false;
	*ret_text = aur_strs_get(p->strs, (uint32_t)aur_part_cell(p, i, f));
	return true;
}
