/* SPDX-License-Identifier: MIT */
/*
 * Rows of a part, the mirror of encode_part.c: what went is marked, what came
 * is read into a part of its own, both are put together with what stayed, by
 * runs, and then what changed is written over.
 */
#include "wire/decode_int.h"

#include "base/bits.h"
#include "base/err.h"
#include "base/mem.h"
#include "wire/pay.h"

/* One part on its way. */
struct work {
	struct aur_decoder *d;
	struct aur__lane *l;
	struct aur_slice in;
	struct aur_part *base; /* NULL: a keyframe */
	struct aur_part *dst;
	struct aur_part *fresh; /* where new rows go; dst in a keyframe */
	size_t ngone;
};

static bool is_named(const struct aur_domain *d)
{
	return d->key == AUR_KEY_STRING || d->key == AUR_KEY_LABELS;
}

static int key_cmp(const struct aur_key *a, const struct aur_key *b)
{
	for (size_t i = 0; i < 2; i++)
		if (a->v[i] != b->v[i])
			return a->v[i] < b->v[i] ? -1 : 1;
	return 0;
}

/* Room for `n` elements in a scratch array, zeroed. */
static int make_room(void **mem, size_t *cap, size_t n, size_t size)
{
	void *grown;

	if (n > *cap) {
		n += n / 4;
		grown = aur_mem_new(n, size);
		if (grown == NULL)
			return AUR_ENOMEM;
		aur_mem_free(*mem);
		*mem = grown;
		*cap = n;
		return 0;
	}
	if (n > 0)
		memset(*mem, 0, n * size);
	return 0;
}

static int take_grains(struct work *w)
{
	uint64_t n, column, grain;
	int rc = aur__take_max(&w->in, w->l->ncolumn, &n);

	for (; rc == 0 && n > 0; n--) {
		rc = aur__take_u64(&w->in, &column);
		if (rc == 0)
			rc = aur__take_u64(&w->in, &grain);
		if (rc == 0 &&
		    (column >= w->l->ncolumn || grain >= AUR__GRAINS))
			rc = AUR_EPROTOCOL;
		if (rc == 0)
			w->l->column[column].grain = (uint8_t)grain;
	}
	return rc;
}

static int take_gone(struct work *w)
{
	struct aur_decoder *d = w->d;
	uint64_t nrun, kept, n;
	size_t at = 0;
	int rc;

	rc = aur__take_max(&w->in, w->base->n, &nrun);
	for (; rc == 0 && nrun > 0; nrun--) {
		rc = aur__take_u64(&w->in, &kept);
		n = 1;
		if (rc == 0 && (kept & 1)) {
			rc = aur__take_max(&w->in, w->base->n, &n);
			n += 2;
		}
		if (rc < 0)
			return rc;
		kept >>= 1;
		if (kept > w->base->n - at || n > w->base->n - at - kept)
			return AUR_EPROTOCOL;
		memset(d->gone + at + kept, 1, (size_t)n);
		at += (size_t)(kept + n);
		w->ngone += (size_t)n;
	}
	return rc;
}

/* --- rows ----------------------------------------------------------------- */

static int take_literal(struct work *w, struct aur__mask *ret_mask)
{
	struct aur__mask mask = {{0}};
	int rc = aur__take_bytes(&w->in, mask.b, w->l->nmask);

	if (rc < 0)
		return rc;
	for (size_t bit = w->l->ncolumn + 1u; bit < w->l->nmask * 8; bit++)
		if (aur__mask_has(&mask, (unsigned)bit))
			return AUR_EPROTOCOL;
	*ret_mask = mask;
	return 0;
}

static int take_mask(struct work *w, struct aur__masks *masks, unsigned code,
    struct aur__mask *ret_mask)
{
	uint64_t rank = code - AUR__HEAD_RANK;
	int rc;

	if (code == AUR__HEAD_LITERAL) {
		rc = take_literal(w, ret_mask);
		if (rc == 0)
			aur__masks_add(masks, ret_mask);
		return rc;
	}
	if (code == AUR__HEAD_FAR) {
		rc = aur__take_u64(&w->in, &rank);
		if (rc < 0)
			return rc;
	}
	if (rank >= masks->n)
		return AUR_EPROTOCOL;
	*ret_mask = *aur__masks_use(masks, (unsigned)rank);
	return 0;
}

static int take_absent(
    struct work *w, struct aur_part *p, size_t i, int64_t *growth)
{
	struct aur__mask absent;
	int rc = take_literal(w, &absent);

	if (rc < 0)
		return rc;
	for (unsigned c = 0; c < w->l->ncolumn; c++) {
		const struct aur__column *column = &w->l->column[c];

		if (!aur__mask_has(&absent, c + 1) || column->field < 0)
			continue;
		aur_part_unset(p, i, (size_t)column->field);
		if (growth != NULL && column->grow >= 0)
			growth[column->grow] = 0;
	}
	return 0;
}

static int take_number(struct work *w, const struct aur__column *c,
    uint64_t guess, uint64_t *ret_v)
{
	uint64_t grain = aur__grains[c->grain];
	int64_t differ;
	int rc = aur__take_i64(&w->in, &differ);

	if (rc < 0)
		return rc;
	if (c->grain != 0)
		guess /= grain;
	*ret_v = (guess + (uint64_t)differ) * grain;
	return 0;
}

static int take_text(
    struct work *w, const struct aur__column *c, struct aur_part *p, size_t i)
{
	uint32_t id;
	int rc = aur__decoder_string(w->d, &w->in, &id);

	if (rc == 0 && c->field >= 0)
		aur_part_set_id(p, i, (size_t)c->field, id);
	return rc;
}

static int take_cell(struct work *w, const struct aur__column *c,
    struct aur_part *p, size_t i, int64_t *growth)
{
	size_t f = (size_t)c->field;
	uint64_t was, guess, v;
	int64_t *g = NULL;
	int rc;

	if (c->kind == AUR_KIND_STR)
		return take_text(w, c, p, i);
	if (c->field < 0)
		return aur__take_u64(&w->in, &v);
	was = guess = aur_part_cell(p, i, f);
	if (c->kind == AUR_KIND_F64) {
		rc = aur__take_u64(&w->in, &v);
		v = was ^ aur__swap_bytes(v);
	} else {
		if (growth != NULL && c->grow >= 0 && aur_part_has(p, i, f)) {
			g = &growth[c->grow];
			guess = was + (uint64_t)*g;
		}
		rc = take_number(w, c, guess, &v);
	}
	if (rc < 0)
		return rc;
	if (g != NULL)
		*g = aur__growth_learn(*g, (int64_t)(v - was));
	aur_part_set(p, i, f, v);
	return 0;
}

/* The cells of a mask, which has none beyond the columns. */
static int take_cells(struct work *w, const struct aur__mask *mask,
    struct aur_part *p, size_t i, int64_t *growth)
{
	int rc = 0;

	for (size_t k = 0; k <= w->l->ncolumn / 64; k++) {
		uint64_t bits = aur__mask_word(mask, k);

		if (k == 0)
			bits &= ~(uint64_t)1; /* the time of reading */
		for (; rc == 0 && bits != 0; bits &= bits - 1) {
			size_t c = k * 64 + aur_low_bit(bits) - 1;

			rc = take_cell(w, &w->l->column[c], p, i, growth);
		}
	}
	return rc;
}

/* The head of a row has been read into `code`; its masks and cells follow. */
static int take_row(struct work *w, struct aur__masks *masks, unsigned code,
    struct aur_part *p, size_t i, int64_t *growth)
{
	struct aur__mask mask;
	uint64_t head;
	int64_t at;
	int rc = 0;

	if (code == AUR__HEAD_ABSENT) {
		rc = take_absent(w, p, i, growth);
		if (rc == 0)
			rc = aur__take_max(&w->in, AUR__HEAD_FAR, &head);
		code = rc == 0 ? (unsigned)head : 0;
	}
	if (rc == 0)
		rc = take_mask(w, masks, code, &mask);
	if (rc == 0 && aur__mask_has(&mask, 0)) {
		rc = aur__take_i64(&w->in, &at);
		if (rc == 0)
			p->inst[i].at_ns =
			    (int64_t)((uint64_t)p->inst[i].at_ns +
				      (uint64_t)at);
	}
	return rc == 0 ? take_cells(w, &mask, p, i, growth) : rc;
}

/* --- new rows ------------------------------------------------------------- */

/* Appends the row that a new one is told against. Its index, or an error. */
static ptrdiff_t add_template(struct work *w)
{
	struct aur_part *p = w->fresh;
	size_t cells = p->domain->nfield + 1u;
	int rc;

	w->d->cells += cells;
	if (w->d->cells > AUR_MAX_CELLS)
		return AUR_ELIMIT;
	if (p->n > 0)
		rc = aur_part_append(p, p, p->n - 1, 1);
	else if (w->base != NULL && w->base->n > 0)
		rc = aur_part_append(p, w->base, w->base->n - 1, 1);
	else
		return aur_part_add(p, (struct aur_key){{0, 0}});
	return rc < 0 ? rc : (ptrdiff_t)p->n - 1;
}

static int take_key(struct work *w, struct aur_part *p, size_t i)
{
	struct aur_key *key = &p->inst[i].key;
	int64_t differ;
	uint32_t id;
	int rc;

	if (p->domain->key == AUR_KEY_ONE)
		return 0;
	if (is_named(p->domain)) {
		rc = aur__decoder_string(w->d, &w->in, &id);
		if (rc < 0)
			return rc;
		aur_strs_hold(p->strs, id);
		aur_strs_drop(p->strs, (uint32_t)key->v[0]);
		key->v[0] = id;
		return 0;
	}
	rc = aur__take_i64(&w->in, &differ);
	key->v[0] += rc == 0 ? (uint64_t)differ : 0;
	if (rc == 0 && p->domain->key == AUR_KEY_PROCESS) {
		rc = aur__take_i64(&w->in, &differ);
		key->v[1] += rc == 0 ? (uint64_t)differ : 0;
	}
	if (rc == 0 && i > 0 && key_cmp(&p->inst[i - 1].key, key) >= 0)
		rc = AUR_EPROTOCOL;
	return rc;
}

static int take_new(struct work *w)
{
	struct aur_decoder *d = w->d;
	uint64_t n, head;
	int rc = aur__take_max(&w->in, AUR_MAX_INSTANCES, &n);

	if (rc < 0)
		return rc;
	if (n > w->in.n || (w->l->domain->key == AUR_KEY_ONE && n > 1))
		return AUR_EPROTOCOL;
	rc = make_room(
	    (void **)&d->gap, &d->gap_cap, (size_t)n, sizeof(*d->gap));
	for (size_t k = 0; rc == 0 && k < n; k++) {
		ptrdiff_t i = add_template(w);

		if (i < 0)
			return (int)i;
		rc = take_key(w, w->fresh, (size_t)i);
		if (rc == 0)
			rc = aur__take_u64(&w->in, &head);
		if (rc < 0)
			return rc;
		d->gap[k] = head >> 3;
		rc = take_row(w, &w->l->added, (unsigned)(head & 7), w->fresh,
		    (size_t)i, NULL);
	}
	return rc;
}

/* --- putting together ----------------------------------------------------- */

/* Appends rows `from` to `to` of the base to dst, but for those gone, and
 * their growth. */
static int keep_rows(struct work *w, size_t from, size_t to)
{
	const uint8_t *gone = w->d->gone;
	struct aur__lane *l = w->l;

	while (from < to) {
		size_t end = from, at = w->dst->n;
		int rc;

		while (end < to && !gone[end])
			end++;
		rc = aur_part_append(w->dst, w->base, from, end - from);
		if (rc < 0)
			return rc;
		if (l->ngrow > 0 && end > from)
			memcpy(l->spare + at * l->ngrow,
			    l->growth + from * l->ngrow,
			    (end - from) * l->ngrow * sizeof(*l->growth));
		from = end + 1;
	}
	return 0;
}

/* Where in the base the new row `k` stands: rows before it are kept first. */
static int find_place(struct work *w, size_t k, size_t from, size_t *ret_to)
{
	const struct aur_part *base = w->base;
	const uint8_t *gone = w->d->gone;
	const struct aur_key *key = &w->fresh->inst[k].key;
	uint64_t gap = w->d->gap[k];
	size_t to = from;

	if (is_named(base->domain)) {
		for (; gap > 0 && to < base->n; to++)
			gap -= !gone[to];
		if (gap > 0)
			return AUR_EPROTOCOL;
	} else {
		while (to < base->n && key_cmp(&base->inst[to].key, key) < 0)
			to++;
		if (to < base->n && !gone[to] &&
		    key_cmp(&base->inst[to].key, key) == 0)
			return AUR_EPROTOCOL;
	}
	*ret_to = to;
	return 0;
}

/* dst out of what stayed and what came. */
static int merge(struct work *w)
{
	size_t n = w->base->n - w->ngone + w->fresh->n, from = 0;
	int rc;

	if (w->dst->domain->key == AUR_KEY_ONE && n > 1)
		return AUR_EPROTOCOL;
	rc = aur__lane_spare(w->l, n);
	for (size_t k = 0; rc == 0 && k < w->fresh->n; k++) {
		size_t to = from;

		rc = find_place(w, k, from, &to);
		if (rc == 0)
			rc = keep_rows(w, from, to);
		if (rc == 0)
			rc = aur_part_append(w->dst, w->fresh, k, 1);
		from = to;
	}
	if (rc == 0)
		rc = keep_rows(w, from, w->base->n);
	if (rc == 0)
		aur__lane_swap(w->l);
	return rc;
}

/* Names must differ; ascending keys have been seen to. */
static int check_names(struct work *w)
{
	struct aur_decoder *d = w->d;
	size_t end = aur_strs_end(d->strs);

	if (end > d->seen_cap || d->check == UINT32_MAX) {
		int rc;

		d->check = 0;
		rc = make_room(
		    (void **)&d->seen, &d->seen_cap, end, sizeof(*d->seen));
		if (rc < 0)
			return rc;
	}
	d->check++;
	for (size_t i = 0; i < w->dst->n; i++) {
		uint32_t *seen = &d->seen[w->dst->inst[i].key.v[0]];

		if (*seen == d->check)
			return AUR_EPROTOCOL;
		*seen = d->check;
	}
	return 0;
}

static int take_changed(struct work *w)
{
	struct aur__lane *l = w->l;
	size_t i = 0;

	while (w->in.n > 0) {
		uint64_t head;
		int rc = aur__take_u64(&w->in, &head);

		if (rc < 0)
			return rc;
		if (i >= w->dst->n || head >> 3 >= w->dst->n - i)
			return AUR_EPROTOCOL;
		i += (size_t)(head >> 3);
		rc = take_row(w, &l->changed, (unsigned)(head & 7), w->dst, i,
		    l->ngrow > 0 ? l->growth + i * l->ngrow : NULL);
		if (rc < 0)
			return rc;
		i++;
	}
	return 0;
}

/* A part that builds on nothing is its new rows. */
static int take_keyframe(struct work *w, unsigned flags)
{
	int rc = 0;

	if (flags & AUR__PART_GONE)
		return AUR_EPROTOCOL;
	w->fresh = w->dst;
	if (flags & AUR__PART_NEW)
		rc = take_new(w);
	if (rc == 0)
		rc = aur__lane_spare(w->l, w->dst->n);
	if (rc == 0)
		aur__lane_swap(w->l);
	return rc;
}

static int take_delta(struct work *w, unsigned flags)
{
	struct aur_decoder *d = w->d;
	int rc;

	d->cells += w->base->n * (w->base->domain->nfield + 1u);
	if (d->cells > AUR_MAX_CELLS)
		return AUR_ELIMIT;
	if (!(flags & (AUR__PART_GONE | AUR__PART_NEW)))
		return aur__decoder_inherit(d, w->base, w->dst);
	w->fresh = aur_sample_part(d->fresh, w->l->domain);
	if (w->fresh == NULL)
		return AUR_ENOMEM;
	rc = make_room((void **)&d->gone, &d->gone_cap, w->base->n, 1);
	if (rc == 0 && (flags & AUR__PART_GONE))
		rc = take_gone(w);
	if (rc == 0 && (flags & AUR__PART_NEW))
		rc = take_new(w);
	if (rc == 0)
		rc = merge(w);
	aur_part_clear(w->fresh);
	return rc;
}

int aur__decoder_rows(struct aur_decoder *d, struct aur__lane *l,
    unsigned flags, struct aur_slice in, struct aur_part *base,
    struct aur_part *dst)
{
	struct work w = {.d = d, .l = l, .in = in, .base = base, .dst = dst};
	int rc = 0;

	if (flags & AUR__PART_GRAIN)
		rc = take_grains(&w);
	if (rc == 0)
		rc = base == NULL ? take_keyframe(&w, flags)
				  : take_delta(&w, flags);
	if (rc == 0 && (flags & AUR__PART_NEW) && is_named(dst->domain))
		rc = check_names(&w);
	return rc == 0 ? take_changed(&w) : rc;
}
