/* SPDX-License-Identifier: MIT */
/*
 * A part as bytes. In two passes: the first finds each instance's row in the
 * base and marks what changed, came and went, and which grains still hold;
 * the second writes, by bits that tell which cells. Most rows are equal to the
 * base's, which is a memcmp.
 *
 *	domain flags [at] [grains] [gone] [new rows] changed rows ...
 *
 *	row:  head [literal | rank] cells ...
 *	head: rows skipped * 8 + which mask
 *
 * A new row is coded against the new row before it, or the last row of the
 * base: a hundred `sleep 1` differ by their numbers alone.
 */
#include "wire/encode_int.h"

#include "base/bits.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/varint.h"
#include "wire/pay.h"

/* Marks in e->match beside the row of the base. */
#define NEW UINT32_MAX
#define CHANGED 0x80000000u

/* A row of the base or of the part. */
struct row {
	const struct aur_inst *inst;
	const uint64_t *cell;
	const uint64_t *have;
};

struct plan {
	struct aur_encoder *e;
	struct aur__lane *l;
	const struct aur_part *p;
	const struct aur_part *base; /* NULL: a keyframe */
	size_t nnew, ngone, nchanged;
	bool weighed;	 /* there may be another grain */
	unsigned ngrain; /* columns whose grain is another now */
};

static bool is_named(const struct aur_domain *d)
{
	return d->key == AUR_KEY_STRING || d->key == AUR_KEY_LABELS;
}

static struct row row_at(const struct aur_part *p, size_t i)
{
	return (struct row){&p->inst[i], p->cell + i * p->domain->nfield,
	    p->have + i * p->nword};
}

static struct row no_row(void)
{
	static const struct aur_inst inst;
	static const uint64_t zero[AUR_MAX_FIELDS];

	return (struct row){&inst, zero, zero};
}

static bool row_has(const struct row *r, unsigned f)
{
	return (r->have[f / 64] >> (f % 64)) & 1;
}

static int key_cmp(const struct aur_key *a, const struct aur_key *b)
{
	for (size_t i = 0; i < 2; i++)
		if (a->v[i] != b->v[i])
			return a->v[i] < b->v[i] ? -1 : 1;
	return 0;
}

/* --- first pass ----------------------------------------------------------- */

/* Both ascend: walk in step. */
static int match_sorted(struct plan *pl)
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
			pl->e->match[i] = NEW;
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
static int match_named(struct plan *pl)
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

		e->match[i] = b == 0 ? NEW : b - 1;
		if (b != 0 && b <= after)
			rc = AUR_ECHANGED;
		if (b != 0)
			after = b;
	}
	for (size_t b = 0; b < nbase; b++)
		e->index[base->inst[b].key.v[0]] = 0;
	return rc;
}

static int match_one(struct plan *pl)
{
	if (pl->p->n > 1)
		return AUR_EINVALID;
	if (pl->p->n == 1)
		pl->e->match[0] = pl->base != NULL && pl->base->n > 0 ? 0 : NEW;
	return 0;
}

static int match(struct plan *pl)
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
	if (!is_named(pl->p->domain))
		return match_sorted(pl);
	rc = match_named(pl);
	if (rc == AUR_ECHANGED) {
		pl->base = NULL;
		rc = match_named(pl);
	}
	return rc;
}

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

/* The bits of a row in e->differ. */
static uint64_t *bits_of(const struct plan *pl, size_t i)
{
	return pl->e->differ + i * pl->p->nword;
}

/* Marks the cells of row `i` that are to be sent: those that were not there, or
 * are another. */
static void compare(const struct plan *pl, size_t i, const struct row *before,
    const struct row *now)
{
	uint64_t *bits = bits_of(pl, i);
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
static void weigh_cell(struct plan *pl, size_t f, uint64_t v)
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

static void weigh_row(
    struct plan *pl, size_t i, const struct row *before, const struct row *now)
{
	const uint64_t *bits = bits_of(pl, i);

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
static void settle_grains(struct plan *pl)
{
	for (unsigned f = 0; f < pl->l->ncolumn; f++) {
		struct aur__column *c = &pl->l->column[f];

		if (!c->seen || (c->grain != 0 && (c->fits >> c->grain) & 1))
			continue;
		c->next = coarsest(c->fits);
		pl->ngrain += c->next != c->grain;
	}
}

static bool is_equal(
    const struct plan *pl, const struct row *a, const struct row *b)
{
	size_t nfield = pl->p->domain->nfield;

	return a->inst->at_ns == b->inst->at_ns &&
	       memcmp(a->have, b->have, pl->p->nword * sizeof(*a->have)) == 0 &&
	       (nfield == 0 ||
		   memcmp(a->cell, b->cell, nfield * sizeof(*a->cell)) == 0);
}

/* The row that the next new row is coded against. */
static struct row template_row(const struct plan *pl, const struct row *last)
{
	if (last->inst != NULL)
		return *last;
	if (pl->base != NULL && pl->base->n > 0)
		return row_at(pl->base, pl->base->n - 1);
	return no_row();
}

static void weigh(struct plan *pl)
{
	uint32_t *m = pl->e->match;
	struct row last = {0};
	size_t kept = 0;

	for (size_t i = 0; i < pl->p->n; i++) {
		struct row now = row_at(pl->p, i), before;

		if (m[i] == NEW) {
			before = template_row(pl, &last);
			weigh_row(pl, i, &before, &now);
			last = now;
			pl->nnew++;
			continue;
		}
		kept++;
		before = row_at(pl->base, m[i]);
		if (is_equal(pl, &before, &now))
			continue;
		weigh_row(pl, i, &before, &now);
		m[i] |= CHANGED;
		pl->nchanged++;
	}
	pl->ngone = (pl->base != NULL ? pl->base->n : 0) - kept;
	if (pl->weighed)
		settle_grains(pl);
}

/* --- second pass ---------------------------------------------------------- */

static int put_grains(struct plan *pl)
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
static int walk_gone(struct plan *pl, struct aur_buf *b, uint64_t *ret_runs)
{
	const uint32_t *m = pl->e->match;
	size_t at = 0, after = 0;
	uint64_t runs = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i <= pl->p->n; i++) {
		size_t next = pl->base->n;

		if (i < pl->p->n && m[i] == NEW)
			continue;
		if (i < pl->p->n)
			next = m[i] & ~CHANGED;
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

static int put_gone(struct plan *pl)
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

static int put_head(struct plan *pl, struct aur__masks *masks, uint64_t skip,
    const struct aur__mask *mask)
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
static uint64_t cell_token(struct plan *pl, size_t f, const struct row *before,
    const struct row *now, int64_t *growth)
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
static int put_numbers(struct plan *pl, size_t k, uint64_t *bits,
    const struct row *before, const struct row *now, int64_t *growth)
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

static int put_cells(struct plan *pl, const uint64_t *sent,
    const struct row *before, const struct row *now, int64_t *growth)
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
static int put_absent(struct plan *pl, uint64_t *skip, const struct row *before,
    const struct row *now, int64_t *growth)
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
static int put_row(struct plan *pl, size_t i, struct aur__masks *masks,
    uint64_t skip, const struct row *before, const struct row *now,
    int64_t *growth)
{
	bool at = before->inst->at_ns != now->inst->at_ns;
	const uint64_t *sent = bits_of(pl, i);
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

static int put_key(
    struct plan *pl, const struct aur_key *before, const struct aur_key *key)
{
	struct aur_buf *b = &pl->e->body;
	int rc = 0;

	if (is_named(pl->p->domain))
		return aur__encoder_string(
		    pl->e, pl->p->strs, (uint32_t)key->v[0], b);
	if (pl->p->domain->key == AUR_KEY_ONE)
		return 0;
	rc = aur__put_i64(b, (int64_t)(key->v[0] - before->v[0]));
	if (rc == 0 && pl->p->domain->key == AUR_KEY_PROCESS)
		rc = aur__put_i64(b, (int64_t)(key->v[1] - before->v[1]));
	return rc;
}

static int put_new(struct plan *pl)
{
	const uint32_t *m = pl->e->match;
	struct row last = {0};
	uint64_t kept = 0;
	int rc;

	if (pl->nnew == 0)
		return 0;
	rc = aur_varint_add(&pl->e->body, pl->nnew);
	for (size_t i = 0; rc == 0 && i < pl->p->n; i++) {
		struct row now = row_at(pl->p, i), before;

		if (m[i] != NEW) {
			kept += is_named(pl->p->domain);
			continue;
		}
		before = template_row(pl, &last);
		rc = put_key(pl, &before.inst->key, &now.inst->key);
		if (rc == 0)
			rc = put_row(
			    pl, i, &pl->l->added, kept, &before, &now, NULL);
		last = now;
		kept = 0;
	}
	return rc;
}

static int put_changed(struct plan *pl)
{
	struct aur__lane *l = pl->l;
	const uint32_t *m = pl->e->match;
	uint64_t skip = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < pl->p->n; i++, skip++) {
		struct row now = row_at(pl->p, i), before;

		if (m[i] == NEW || (m[i] & CHANGED) == 0)
			continue;
		before = row_at(pl->base, m[i] & ~CHANGED);
		rc = put_row(pl, i, &l->changed, skip, &before, &now,
		    l->ngrow > 0 ? l->growth + i * l->ngrow : NULL);
		skip = (uint64_t)-1;
	}
	return rc;
}

/* Growth by row of the part instead of row of the base. */
static int move_growth(struct plan *pl)
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
		if (pl->e->match[i] != NEW)
			memcpy(l->spare + i * l->ngrow,
			    l->growth + (pl->e->match[i] & ~CHANGED) * l->ngrow,
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
static unsigned at_flags(const struct plan *pl, const struct aur_sample *s)
{
	const struct aur_sample *last = pl->e->base;

	if (pl->base == NULL)
		return pl->p->at_ns != 0 ? AUR__PART_AT : 0;
	if (pl->p->at_ns != 0 && instant(s, pl->p) == instant(last, pl->base))
		return AUR__PART_SAME;
	return pl->p->at_ns != pl->base->at_ns ? AUR__PART_AT : 0;
}

static bool is_carried(const struct plan *pl, unsigned at)
{
	return pl->base != NULL && pl->nnew + pl->ngone + pl->nchanged == 0 &&
	       pl->ngrain == 0 &&
	       (pl->l->fixed ? at == AUR__PART_SAME : at == 0);
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

int aur__encoder_part(struct aur_encoder *e, struct aur__lane *l,
    const struct aur_sample *s, const struct aur_part *p)
{
	struct plan pl = {.e = e, .l = l, .p = p};
	unsigned flags;
	int rc;

	pl.base = base_part(e, l);
	rc = match(&pl);
	if (rc < 0)
		return rc;
	if (pl.base == NULL)
		aur__lane_reset(l);
	weigh(&pl);
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
