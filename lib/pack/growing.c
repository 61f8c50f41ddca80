/* SPDX-License-Identifier: MIT */
/*
 * Columns that grow. Most never change, and are their struct; the others are
 * chained chunks of one pool: a buffer for each would waste half of its bytes
 * on growing, and be copied by it.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/varint.h"

#include <assert.h>

#define SLAB 128u /* chunks of a slab */
static uint8_t *chunk(const struct aur__pool *pool, uint32_t i)
{
	return pool->slab[i / SLAB] + (size_t)(i % SLAB) * AUR__CHUNK;
}

int aur__pool_reserve(struct aur__pool *pool, size_t chunks)
{
	size_t need = (pool->used + chunks) / SLAB + 1;
	uint8_t **slab;

	if (need <= pool->nslab)
		return 0;
	slab = aur_mem_grow(pool->slab, need, sizeof(*slab));
	if (slab == NULL)
		return AUR_ENOMEM;
	pool->slab = slab;
	for (; pool->nslab < need; pool->nslab++) {
		slab[pool->nslab] = aur_mem_grow(NULL, SLAB, AUR__CHUNK);
		if (slab[pool->nslab] == NULL)
			return AUR_ENOMEM;
	}
	return 0;
}

void aur__pool_release(struct aur__pool *pool)
{
	for (size_t i = 0; i < pool->nslab; i++)
		aur_mem_free(pool->slab[i]);
	aur_mem_free(pool->slab);
	*pool = (struct aur__pool){0};
}

size_t aur__pool_bytes(const struct aur__pool *pool)
{
	return pool->nslab * (SLAB * AUR__CHUNK + sizeof(*pool->slab));
}

/* The next chunk, behind the one that is full; there is one in reserve. */
static void add_chunk(struct aur__growing *g, struct aur__pool *pool)
{
	uint32_t fresh = ++pool->used, none = 0;

	assert(fresh / SLAB < pool->nslab);
	memcpy(chunk(pool, fresh), &none, sizeof(none));
	if (g->head == 0)
		g->head = fresh;
	else
		memcpy(chunk(pool, g->tail), &fresh, sizeof(fresh));
	if (g->tail != 0)
		chunk(pool, g->tail)[AUR__CHUNK - 1] = g->used;
	g->tail = fresh;
	g->used = 0;
}

void aur__growing_change(struct aur__growing *g, struct aur__pool *pool,
    enum aur_kind kind, uint64_t *last, uint64_t v, uint32_t at)
{
	uint32_t run = at - g->since;
	uint64_t before = *last;
	uint8_t *begin, *p;

	g->since = at + 1;
	*last = v;
	if (!g->seen) {
		g->seen = true;
		g->first = v;
		return;
	}
	if (aur__growing_is_full(g))
		add_chunk(g, pool);
	begin = chunk(pool, g->tail) + sizeof(uint32_t) + g->used;
	p = begin;
	if (run > 0) {
		*p++ = 0;
		p = aur_varint_write(p, run - 1);
	}
	p = aur_varint_write(p, kind == AUR_KIND_F64
				    ? aur__token_xor(before, v)
				    : aur_zigzag((int64_t)(v - before)));
	g->used = (uint8_t)(g->used + (p - begin));
}

/* --- reading it back ------------------------------------------------------ */

struct values {
	uint64_t *v;
	size_t n, room;
	uint64_t last;
};

static void add_run(struct values *o, uint64_t n)
{
	size_t left = o->room - o->n;
	uint64_t *v = o->v + o->n;

	if (n > left)
		n = left;
	for (size_t i = 0; i < n; i++)
		v[i] = o->last;
	o->n += n;
}

static inline const uint8_t *take(const uint8_t *p, uint64_t *ret_v)
{
	uint64_t v = *p & 0x7f;

	for (unsigned shift = 7; *p++ >= 0x80; shift += 7)
		v |= (uint64_t)(*p & 0x7f) << shift;
	*ret_v = v;
	return p;
}

/* Reads what one chunk has, which we wrote: no token is cut by its end. */
static void read_chunk(
    struct values *o, struct aur_slice in, enum aur_kind kind)
{
	const uint8_t *p = in.p, *end = in.p + in.n;
	uint64_t token, run;

	while (p < end) {
		p = take(p, &token);
		if (token == 0) {
			p = take(p, &run);
			add_run(o, run + 1);
			continue;
		}
		if (kind == AUR_KIND_F64)
			o->last = aur__untoken_xor(o->last, token);
		else
			o->last += (uint64_t)aur_unzigzag(token);
		if (o->n < o->room)
			o->v[o->n++] = o->last;
	}
}

size_t aur__growing_read(const struct aur__growing *g,
    const struct aur__pool *pool, enum aur_kind kind, uint64_t *ret_value,
    size_t places)
{
	struct values o = {.v = ret_value, .room = places, .last = g->first};

	if (!g->seen)
		return 0;
	add_run(&o, 1);
	for (uint32_t i = g->head, next; i != 0; i = next) {
		const uint8_t *p = chunk(pool, i);

		memcpy(&next, p, sizeof(next));
		/* how much of a full one is used stands in its last byte */
		read_chunk(&o,
		    aur_slice_of(p + sizeof(next),
			next != 0 ? p[AUR__CHUNK - 1] : g->used),
		    kind);
	}
	add_run(&o, g->here ? (uint32_t)places - g->since : g->since);
	return o.n;
}
