/* SPDX-License-Identifier: MIT */
/*
 * Entries live in pages that never move, so that a borrowed string stays
 * where it is while others come; most strings here are short (names, states,
 * devices) and stand inside their entry. An id is page and place:
 *
 *	id 0x00000143   page 1, entry 0x43
 *	entry           bytes or pointer | length | references | serial | hash
 *
 * Ids are found by content in an open-addressed table of ids with linear
 * probing; deleting shifts what follows back, so no tombstones pile up over
 * ten hours of processes coming and going. Free entries are chained.
 *
 * The hash is keyed (SipHash-1-3; Aumasson and Bernstein 2012): the strings
 * are named by whoever may start a process on a watched host, and must not be
 * able to make one chain of them all. Ids do not depend on the key.
 */
#include "base/strs.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <assert.h>

#define PAGE_BITS 7
#define PAGE_SIZE ((uint32_t)1 << PAGE_BITS)
#define INLINE_MAX 16u
#define FIRST_SLOTS 64u

struct entry {
	union {
		uint8_t here[INLINE_MAX];
		uint8_t *there; /* where n > INLINE_MAX; owned */
		uint32_t next;	/* where free: the next free id, or 0 */
	};
	uint32_t n;
	uint32_t refs; /* 0: free */
	uint32_t serial;
	uint32_t hash;
};

struct aur_strs {
	struct entry **page; /* owned, and each of them */
	uint32_t npages;
	uint32_t end;	/* one past the highest id given */
	uint32_t free;	/* head of the chain, or 0 */
	uint32_t *slot; /* ids by hash, 0 for none; a power of two of them */
	uint32_t nslots;
	uint32_t count;
	uint32_t refs;
	size_t bytes, max_bytes;
	uint64_t key[2];
};

static struct entry *entry_of(const struct aur_strs *t, uint32_t id)
{
	return &t->page[id >> PAGE_BITS][id & (PAGE_SIZE - 1)];
}

static const uint8_t *bytes_of(const struct entry *e)
{
	return e->n > INLINE_MAX ? e->there : e->here;
}

/* Whether `id` names a string now. */
static bool is_live(const struct aur_strs *t, uint32_t id)
{
	return id != 0 && id < t->end && entry_of(t, id)->refs > 0;
}

static uint64_t rotate(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

/* Words are read in the machine's order: the hash never leaves it. */
static uint32_t hash_of(const struct aur_strs *t, struct aur_slice s)
{
	uint64_t v[4] = {t->key[0] ^ 0x736f6d6570736575u,
	    t->key[1] ^ 0x646f72616e646f6du, t->key[0] ^ 0x6c7967656e657261u,
	    t->key[1] ^ 0x7465646279746573u};
	uint64_t word, last = (uint64_t)s.n << 56;

	for (; s.n >= sizeof(word); s.p += sizeof(word), s.n -= sizeof(word)) {
		memcpy(&word, s.p, sizeof(word));
		sip_word(v, word);
	}
	for (size_t i = 0; i < s.n; i++)
		last |= (uint64_t)s.p[i] << (8 * i);
	sip_word(v, last);
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	word = v[0] ^ v[1] ^ v[2] ^ v[3];
	return (uint32_t)(word ^ word >> 32);
}

struct aur_strs *aur_strs_new(size_t max_bytes)
{
	struct aur_strs *t = aur_mem_new(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->slot = aur_mem_new(FIRST_SLOTS, sizeof(*t->slot));
	if (t->slot == NULL) {
		aur_mem_free(t);
		return NULL;
	}
	t->nslots = FIRST_SLOTS;
	t->end = 1;
	t->refs = 1;
	t->max_bytes = max_bytes;
	/* Nobody afar knows these; no system call that may block is needed. */
	t->key[0] = (uint64_t)aur_clock_mono().ns ^ (uint64_t)(uintptr_t)t;
	t->key[1] = (uint64_t)aur_clock_wall().ns ^
		    (uint64_t)(uintptr_t)t->slot * 0x9e3779b97f4a7c15u;
	return t;
}

struct aur_strs *aur_strs_ref(struct aur_strs *t)
{
	if (t != NULL)
		t->refs++;
	return t;
}

static void free_table(struct aur_strs *t)
{
	for (uint32_t id = 1; id < t->end; id++) {
		struct entry *e = entry_of(t, id);

		if (e->refs > 0 && e->n > INLINE_MAX)
			aur_mem_free(e->there);
	}
	for (uint32_t i = 0; i < t->npages; i++)
		aur_mem_free(t->page[i]);
	aur_mem_free(t->page);
	aur_mem_free(t->slot);
	aur_mem_free(t);
}

void aur_strs_unref(struct aur_strs *t)
{
	if (t != NULL && --t->refs == 0)
		free_table(t);
}

/* The slot that has `s`, or the empty one where it belongs. */
static uint32_t seek(
    const struct aur_strs *t, struct aur_slice s, uint32_t hash)
{
	uint32_t mask = t->nslots - 1, at = hash & mask;

	for (; t->slot[at] != 0; at = (at + 1) & mask) {
		const struct entry *e = entry_of(t, t->slot[at]);

		if (e->hash == hash && e->n == s.n &&
		    memcmp(bytes_of(e), s.p, s.n) == 0)
			break;
	}
	return at;
}

static int grow_slots(struct aur_strs *t)
{
	uint32_t n = t->nslots * 2, mask = n - 1;
	uint32_t *slot = aur_mem_new(n, sizeof(*slot));

	if (slot == NULL)
		return AUR_ENOMEM;
	for (uint32_t i = 0; i < t->nslots; i++) {
		uint32_t id = t->slot[i], at;

		if (id == 0)
			continue;
		at = entry_of(t, id)->hash & mask;
		while (slot[at] != 0)
			at = (at + 1) & mask;
		slot[at] = id;
	}
	aur_mem_free(t->slot);
	t->slot = slot;
	t->nslots = n;
	return 0;
}

static int add_page(struct aur_strs *t)
{
	struct entry **page;

	page = aur_mem_grow(t->page, t->npages + 1, sizeof(struct entry *));
	if (page == NULL)
		return AUR_ENOMEM;
	t->page = page;
	page[t->npages] = aur_mem_new(PAGE_SIZE, sizeof(struct entry));
	if (page[t->npages] == NULL)
		return AUR_ENOMEM;
	t->npages++;
	return 0;
}

/* Sees to it that one more string finds its slot and its entry. */
static int make_room(struct aur_strs *t, size_t n)
{
	if (n > AUR_MAX_STRING || t->count >= AUR_MAX_STRINGS ||
	    n > t->max_bytes - t->bytes)
		return AUR_ELIMIT;
	if (t->count >= t->nslots / 4 * 3 && grow_slots(t) < 0)
		return AUR_ENOMEM;
	if (t->free == 0 && t->end >= t->npages * PAGE_SIZE)
		return add_page(t);
	return 0;
}

/* Enters what `seek` did not find. */
static int enter(
    struct aur_strs *t, struct aur_slice s, uint32_t hash, uint32_t *ret_id)
{
	uint8_t *copy = NULL;
	struct entry *e;
	uint32_t id;
	int rc = make_room(t, s.n);

	if (rc < 0)
		return rc;
	if (s.n > INLINE_MAX) {
		copy = (uint8_t *)aur_mem_dup(s.p, s.n);
		if (copy == NULL)
			return AUR_ENOMEM;
	}
	id = t->free != 0 ? t->free : t->end++;
	e = entry_of(t, id);
	if (id == t->free)
		t->free = e->next;
	if (copy != NULL)
		e->there = copy;
	else
		memcpy(e->here, s.p, s.n);
	e->n = (uint32_t)s.n;
	e->refs = 1;
	e->serial++;
	e->hash = hash;
	t->slot[seek(t, s, hash)] = id;
	t->count++;
	t->bytes += s.n;
	*ret_id = id;
	return 0;
}

int aur_strs_put(struct aur_strs *t, struct aur_slice s, uint32_t *ret_id)
{
	uint32_t hash, id;

	if (s.n == 0) {
		*ret_id = 0;
		return 0;
	}
	hash = hash_of(t, s);
	id = t->slot[seek(t, s, hash)];
	if (id == 0)
		return enter(t, s, hash, ret_id);
	entry_of(t, id)->refs++;
	*ret_id = id;
	return 0;
}

void aur_strs_hold(struct aur_strs *t, uint32_t id)
{
	if (id == 0)
		return;
	assert(is_live(t, id));
	entry_of(t, id)->refs++;
}

/* Empties the slot `at` and moves back what only stands behind it because it
 * was taken. */
static void close_slot(struct aur_strs *t, uint32_t at)
{
	uint32_t mask = t->nslots - 1, next = at, home;

	for (;;) {
		next = (next + 1) & mask;
		if (t->slot[next] == 0)
			break;
		home = entry_of(t, t->slot[next])->hash & mask;
		if (((next - home) & mask) < ((next - at) & mask))
			continue;
		t->slot[at] = t->slot[next];
		at = next;
	}
	t->slot[at] = 0;
}

static void forget(struct aur_strs *t, uint32_t id, struct entry *e)
{
	uint32_t mask = t->nslots - 1, at = e->hash & mask;

	while (t->slot[at] != id)
		at = (at + 1) & mask;
	close_slot(t, at);
	t->count--;
	t->bytes -= e->n;
	if (e->n > INLINE_MAX)
		aur_mem_free(e->there);
	e->next = t->free;
	t->free = id;
}

void aur_strs_drop(struct aur_strs *t, uint32_t id)
{
	struct entry *e;

	if (id == 0)
		return;
	assert(is_live(t, id));
	e = entry_of(t, id);
	if (--e->refs == 0)
		forget(t, id, e);
}

struct aur_slice aur_strs_get(const struct aur_strs *t, uint32_t id)
{
	const struct entry *e;

	if (!is_live(t, id))
		return (struct aur_slice){NULL, 0};
	e = entry_of(t, id);
	return aur_slice_of(bytes_of(e), e->n);
}

bool aur_strs_find(
    const struct aur_strs *t, struct aur_slice s, uint32_t *ret_id)
{
	uint32_t id = 0;

	if (s.n > 0) {
		id = t->slot[seek(t, s, hash_of(t, s))];
		if (id == 0)
			return false;
	}
	*ret_id = id;
	return true;
}

uint32_t aur_strs_serial(const struct aur_strs *t, uint32_t id)
{
	return id != 0 && id < t->end ? entry_of(t, id)->serial : 0;
}

size_t aur_strs_count(const struct aur_strs *t)
{
	return t->count;
}

uint32_t aur_strs_end(const struct aur_strs *t)
{
	return t->end;
}

size_t aur_strs_bytes(const struct aur_strs *t)
{
	return t->bytes;
}
