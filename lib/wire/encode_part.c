/* SPDX-License-Identifier: MIT */
/*
 * A part as bytes, in two passes: the first (encode_plan.c) finds out what is
 * to be told, the second writes, by bits that tell which cells.
 *
 *	domain flags [at] [grains] [gone] [new rows] changed rows ...
 *
 *	row:  head [literal | rank] cells ...
 *	head: rows skipped * 8 + which mask
 *
 * A new row is coded against the new row before it, or the last row of the
 * base: a hundred `sleep 1` differ by their numbers alone.
 */
#include "wire/encode_plan_int.h"

#include "base/bits.h"
#include "base/err.h"
#include "base/varint.h"
#include "wire/pay.h"

static bool row_has(const struct aur__plan_row *r, unsigned f)
{
	return (r->have[f / 64] >> (f % 64)) & 1;
}

static int put_grains(struct aur__plan *pl)
{
	struct aur_buf *b = &pl->e->body;
	int rc;

	if (pl->ngrain == 0)
		return 0;
	rc = aur_varint_add(b, pl->ngrain);
	for (unsigned f = 0; rc == 0 && f < pl->l->ncolumn; f++) {
		struct aur__column *c = &pl->l->column[f];

		if (c->grain == c->next)
			continue;
		c->grain = c->next;
		rc = aur_varint_add(b, f);
		if (rc == 0)
			rc = aur_varint_add(b, c->grain);
	}
	return rc;
}

/* One run of rows that went: the rows kept before it, and how many. */
static int put_run(struct aur_buf *b, uint64_t kept, uint64_t n)
{
	int rc = aur_varint_add(b, kept << 1 | (n > 1));

	if (rc == 0 && n > 1)
		rc = aur_varint_add(b, n - 2);
	return rc;
}

/* Calls `put` (NULL: just counts) for the runs of the base that are gone. */
static int walk_gone(
    struct aur__plan *pl, struct aur_buf *b, uint64_t *ret_runs)
{
	const uint32_t *m = pl->e->match;
	size_t at = 0, after = 0;
	uint64_t runs = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i <= pl->p->n; i++) {
		size_t next = pl->base->n;

		if (i < pl->p->n && m[i] == AUR__ROW_NEW)
			continue;
		if (i < pl->p->n)
			next = m[i] & ~AUR__ROW_CHANGED;
		if (next > at) {
			runs++;
			if (b != NULL)
				rc = put_run(b, at - after, next - at);
			after = next;
		}
		at = next + 1;
	}
	*ret_runs = runs;
	return rc;
}

static int put_gone(struct aur__plan *pl)
{
	uint64_t runs;
	int rc;

	if (pl->ngone == 0)
		return 0;
	rc = walk_gone(pl, NULL, &runs);
	if (rc == 0)
		rc = aur_varint_add(&pl->e->body, runs);
	if (rc == 0)
		rc = walk_gone(pl, &pl->e->body, &runs);
	return rc;
}

static int put_head(struct aur__plan *pl, struct aur__masks *masks,
    uint64_t skip, const struct aur__mask *mask)
{
	struct aur_buf *b = &pl->e->body;
	int rank = aur__masks_find(masks, mask, pl->l->nmask);
	int rc;

	if (rank < 0) {
		aur__masks_add(masks, mask);
		rc = aur_varint_add(b, skip << 3 | AUR__HEAD_LITERAL);
		return rc < 0 ? rc : aur_buf_add(b, mask->b, pl->l->nmask);
	}
	aur__masks_use(masks, (unsigned)rank);
	if (rank < AUR__HEAD_FAR - AUR__HEAD_RANK)
		return aur_varint_add(
		    b, skip << 3 | (unsigned)(AUR__HEAD_RANK + rank));
	rc = aur_varint_add(b, skip << 3 | AUR__HEAD_FAR);
	return rc < 0 ? rc : aur_varint_add(b, (uint64_t)rank);
}

static uint64_t number_token(
    const struct aur__column *c, uint64_t v, uint64_t guess)
{
	uint64_t grain = aur__grains[c->grain];

	if (c->grain != 0) {
		v /= grain;
		guess /= grain;
	}
	return aur_zigzag((int64_t)(v - guess));
}

/* What is put down of a cell that is no string. */
static uint64_t cell_token(struct aur__plan *pl, size_t f,
    const struct aur__plan_row *before, const struct aur__plan_row *now,
    int64_t *growth)
{
	const struct aur__column *c = &pl->l->column[f];
	uint64_t v = now->cell[f], was = before->cell[f], token;
	int64_t *g;

	if (c->kind == AUR_KIND_F64)
		return aur__swap_bytes(v ^ was);
	if (growth == NULL || c->grow < 0 || !row_has(before, (unsigned)f))
		return number_token(c, v, was);
	g = &growth[c->grow];
	token = number_token(c, v, was + (uint64_t)*g);
	*g = aur__growth_learn(*g, (int64_t)(v - was));
	return token;
}

/* The cells of word `k` that are sent and no strings, up to the first string;
 * the others are left in `bits`. */
static int put_numbers(struct aur__plan *pl, size_t k, uint64_t *bits,
    const struct aur__plan_row *before, const struct aur__plan_row *now,
    int64_t *growth)
{
	struct aur_buf *b = &pl->e->body;
	uint8_t *begin = aur_buf_reserve(b, 64 * AUR_VARINT_MOST), *p = begin;

	if (begin == NULL)
		return b->max - b->n < 64 * AUR_VARINT_MOST ? AUR_ELIMIT
							    : AUR_ENOMEM;
	for (; *bits != 0; *bits &= *bits - 1) {
		size_t f = k * 64 + aur_low_bit(*bits);

		if (pl->l->column[f].kind == AUR_KIND_STR)
			break;
		p = aur_varint_write(p, cell_token(pl, f, before, now, growth));
	}
	aur_buf_commit(b, (size_t)(p - begin));
	return 0;
}

static int put_cells(struct aur__plan *pl, const uint64_t *sent,
    const struct aur__plan_row *before, const struct aur__plan_row *now,
    int64_t *growth)
{
	int rc = 0;

	for (size_t k = 0; k < pl->p->nword; k++) {
		uint64_t bits = sent[k];

		while (rc == 0 && bits != 0) {
			rc = put_numbers(pl, k, &bits, before, now, growth);
			if (rc < 0 || bits == 0)
				continue;
			rc = aur__encoder_string(pl->e, pl->p->strs,
			    (uint32_t)now->cell[k * 64 + aur_low_bit(bits)],
			    &pl->e->body);
			bits &= bits - 1;
		}
	}
	return rc;
}

/* Tells which cells are there no more, where there are such. */
static int put_absent(struct aur__plan *pl, uint64_t *skip,
    const struct aur__plan_row *before, const struct aur__plan_row *now,
    int64_t *growth)
{
	uint64_t lost[AUR_MAX_FIELDS / 64], any = 0;
	struct aur__mask mask;
	int rc;

	for (size_t k = 0; k < pl->p->nword; k++) {
		lost[k] = before->have[k] & ~now->have[k];
		any |= lost[k];
	}
	if (any == 0)
		return 0;
	for (unsigned f = 0; growth != NULL && f < pl->l->ncolumn; f++)
		if ((lost[f / 64] >> (f % 64) & 1) &&
		    pl->l->column[f].grow >= 0)
			growth[pl->l->column[f].grow] = 0;
	aur__mask_make(&mask, lost, pl->p->nword, false);
	rc = aur_varint_add(&pl->e->body, *skip << 3 | AUR__HEAD_ABSENT);
	*skip = 0;
	return rc < 0 ? rc : aur_buf_add(&pl->e->body, mask.b, pl->l->nmask);
}

/* Row `i` against the one before; `growth` is NULL for new ones. */
static int put_row(struct aur__plan *pl, size_t i, struct aur__masks *masks,
    uint64_t skip, const struct aur__plan_row *before,
    const struct aur__plan_row *now, int64_t *growth)
{
	bool at = before->inst->at_ns != now->inst->at_ns;
	const uint64_t *sent = aur__plan_bits(pl, i);
	struct aur__mask mask;
	int rc = put_absent(pl, &skip, before, now, growth);

	aur__mask_make(&mask, sent, pl->p->nword, at);
	if (rc == 0)
		rc = put_head(pl, masks, skip, &mask);
	if (rc == 0 && at)
		rc = aur__put_i64(
		    &pl->e->body, (int64_t)((uint64_t)now->inst->at_ns -
					    (uint64_t)before->inst->at_ns));
	return rc == 0 ? put_cells(pl, sent, before, now, growth) : rc;
}

static int put_key(struct aur__plan *pl, const struct aur_key *before,
    const struct aur_key *key)
{
	struct aur_buf *b = &pl->e->body;
	int rc = 0;

	if (pl->named)
		return aur__encoder_string(
		    pl->e, pl->p->strs, (uint32_t)key->v[0], b);
	if (pl->p->domain->key == AUR_KEY_ONE)
		return 0;
	rc = aur__put_i64(b, (int64_t)(key->v[0] - before->v[0]));
	if (rc == 0 && pl->p->domain->key == AUR_KEY_PROCESS)
		rc = aur__put_i64(b, (int64_t)(key->v[1] - before->v[1]));
	return rc;
}

static int put_new(struct aur__plan *pl)
{
	const uint32_t *m = pl->e->match;
	struct aur__plan_row last = {0};
	uint64_t kept = 0;
	int rc;

	if (pl->nnew == 0)
		return 0;
	rc = aur_varint_add(&pl->e->body, pl->nnew);
	for (size_t i = 0; rc == 0 && i < pl->p->n; i++) {
		struct aur__plan_row now = aur__plan_row_at(pl->p, i), before;

		if (m[i] != AUR__ROW_NEW) {
			kept += pl->named;
			continue;
		}
		before = aur__plan_template(pl, &last);
		rc = put_key(pl, &before.inst->key, &now.inst->key);
		if (rc == 0)
			rc = put_row(
			    pl, i, &pl->l->added, kept, &before, &now, NULL);
		last = now;
		kept = 0;
	}
	return rc;
}

static int put_changed(struct aur__plan *pl)
{
	struct aur__lane *l = pl->l;
	const uint32_t *m = pl->e->match;
	uint64_t skip = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < pl->p->n; i++, skip++) {
		struct aur__plan_row now = aur__plan_row_at(pl->p, i), before;

		if (m[i] == AUR__ROW_NEW || (m[i] & AUR__ROW_CHANGED) == 0)
			continue;
		before = aur__plan_row_at(pl->base, m[i] & ~AUR__ROW_CHANGED);
		rc = put_row(pl, i, &l->changed, skip, &before, &now,
		    l->ngrow > 0 ? l->growth + i * l->ngrow : NULL);
		skip = (uint64_t)-1;
	}
	return rc;
}

/* Growth by row of the part instead of row of the base. */
static int move_growth(struct aur__plan *pl)
{
	struct aur__lane *l = pl->l;
	size_t size = l->ngrow * sizeof(*l->growth);
	int rc;

	if (size == 0 || (pl->base != NULL && pl->nnew + pl->ngone == 0))
		return 0;
	rc = aur__lane_spare(l, pl->p->n);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < pl->p->n; i++)
		if (pl->e->match[i] != AUR__ROW_NEW)
			memcpy(l->spare + i * l->ngrow,
			    l->growth + (pl->e->match[i] & ~AUR__ROW_CHANGED) *
					    l->ngrow,
			    size);
	aur__lane_swap(l);
	return 0;
}

static uint64_t instant(const struct aur_sample *s, const struct aur_part *p)
{
	return (uint64_t)s->mono.ns + (uint64_t)p->at_ns;
}

/* How its time of reading is told: the same age, another age, the same
 * instant. What a carried part keeps is what was told last. */
static unsigned at_flags(const struct aur__plan *pl, const struct aur_sample *s)
{
	const struct aur_sample *last = pl->e->base;

	if (pl->base == NULL)
		return pl->p->at_ns != 0 ? AUR__PART_AT : 0;
	if (pl->p->at_ns != 0 && instant(s, pl->p) == instant(last, pl->base))
		return AUR__PART_SAME;
	return pl->p->at_ns != pl->base->at_ns ? AUR__PART_AT : 0;
}

static bool is_carried(const struct aur__plan *pl, unsigned at)
{
	return pl->base != NULL && pl->nnew + pl->ngone + pl->nchanged == 0 &&
	       pl->ngrain == 0 &&
	       (pl->l->fixed ? at == AUR__PART_SAME : at == 0);
}

int aur__encoder_part(struct aur_encoder *e, struct aur__lane *l,
    const struct aur_sample *s, const struct aur_part *p)
{
	struct aur__plan pl = {.e = e, .l = l, .p = p};
	unsigned flags;
	int rc;

	rc = aur__plan_make(&pl);
	if (rc < 0)
		return rc;
	flags = at_flags(&pl, s);
	if (is_carried(&pl, flags))
		return 0;
	l->fixed = flags == AUR__PART_SAME;
	flags |= pl.base == NULL ? AUR__PART_KEY : 0;
	flags |= pl.ngrain > 0 ? AUR__PART_GRAIN : 0;
	flags |= pl.ngone > 0 ? AUR__PART_GONE : 0;
	flags |= pl.nnew > 0 ? AUR__PART_NEW : 0;
	rc = move_growth(&pl);
	if (rc == 0)
		rc = aur_varint_add(&e->body, flags);
	if (rc == 0 && (flags & AUR__PART_AT))
		rc = aur__put_i64(&e->body, p->at_ns);
	if (rc == 0)
		rc = put_grains(&pl);
	if (rc == 0)
		rc = put_gone(&pl);
	if (rc == 0)
		rc = put_new(&pl);
	if (rc == 0)
		rc = put_changed(&pl);
	return rc < 0 ? rc : 1;
}
