/* SPDX-License-Identifier: MIT */
/*
 * A part of a sample as a row of columns.
 *
 * Who is there is told by toggles (see runs in pack_int.h): of a domain in
 * rows of the span, of an instance in rows of its domain, of a cell in rows of
 * its instance. So a disk that is plugged in is one toggle, not one for each
 * of its cells, and each level knows nothing of the ones above.
 *
 * Most cells are as they were: a row is compared to the instance's last one,
 * and nothing is done for what did not change.
 */
#include "pack/pack_int.h"

#include "base/bits.h"
#include "base/err.h"
#include "base/mem.h"

static bool is_named(const struct aur_domain *d)
{
	return d->key == AUR_KEY_STRING || d->key == AUR_KEY_LABELS;
}

/* Room for element `n` in an array that grows, new elements zeroed. */
static int grow(void **mem, size_t *cap, size_t n, size_t size)
{
	size_t room = *cap + *cap / 4;
	void *grown;

	if (n < *cap)
		return 0;
	if (room <= n)
		room = n + 1;
	grown = aur_mem_grow(*mem, room, size);
	if (grown == NULL)
		return AUR_ENOMEM;
	memset((uint8_t *)grown + *cap * size, 0, (room - *cap) * size);
	*mem = grown;
	*cap = room;
	return 0;
}

static int put_text(struct aur_packer *p, struct aur_slice s, uint32_t *ret_own)
{
	return aur_strs_find(p->strs, s, ret_own)
		   ? 0
		   : aur_strs_put(p->strs, s, ret_own);
}

/* The number that string `id` of the samples has with us. */
static int own_text(struct aur_packer *p, uint32_t id, uint32_t *ret_own)
{
	struct aur__known *k = &p->known[id % AUR__KNOWN];
	uint32_t serial = aur_strs_serial(p->from, id);
	int rc = 0;

	if (k->id != id || k->serial != serial) {
		rc = put_text(p, aur_strs_get(p->from, id), &k->own);
		k->id = rc == 0 ? id : 0;
		k->serial = serial;
	}
	*ret_own = id != 0 ? k->own : 0;
	return rc;
}

/* The key as a string of ours. The empty name, which has no number, becomes
 * that of one NUL. */
static int own_name(struct aur_packer *p, const struct aur_part *part,
    size_t row, uint32_t *ret_own)
{
	uint64_t key = part->inst[row].key.v[0];

	if (!is_named(part->domain))
		return put_text(p, aur_slice_of(&key, sizeof(key)), ret_own);
	if (key == 0)
		return put_text(p, aur_slice_of("", 1), ret_own);
	return own_text(p, (uint32_t)key, ret_own);
}

static int add_inst(struct aur__kept_domain *d, uint32_t name, uint64_t number)
{
	size_t width = d->domain->nfield + 1u;
	int rc =
	    grow((void **)&d->inst, &d->inst_cap, d->ninst, sizeof(*d->inst));

	if (rc == 0)
		rc = grow((void **)&d->column, &d->column_cap, d->ninst,
		    width * sizeof(*d->column));
	if (rc == 0)
		rc = grow((void **)&d->was, &d->was_cap, d->ninst,
		    aur__kept_width(d) * sizeof(*d->was));
	if (rc < 0)
		return rc;
	d->inst[d->ninst] =
	    (struct aur__kept_inst){.name = name, .number = number};
	d->ninst++;
	return 0;
}

/* Looks the name up. */
static int find_inst(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part, size_t row, uint32_t *ret_inst)
{
	uint32_t id;
	int rc = own_name(p, part, row, &id);

	if (rc == 0)
		rc = grow((void **)&d->by_name, &d->name_cap, id,
		    sizeof(*d->by_name));
	if (rc == 0 && d->by_name[id] == 0) {
		rc = add_inst(d, id, part->inst[row].key.v[0]);
		if (rc == 0)
			d->by_name[id] = (uint32_t)d->ninst;
	}
	if (rc == 0)
		*ret_inst = d->by_name[id] - 1;
	return rc;
}

static bool is_inst(const struct aur_packer *p,
    const struct aur__kept_domain *d, const struct aur_part *part, size_t row,
    uint32_t inst)
{
	uint64_t key = part->inst[row].key.v[0];

	if (inst >= d->ninst)
		return false;
	if (!is_named(d->domain))
		return d->inst[inst].number == key;
	return key != 0 && d->inst[inst].id == key &&
	       d->inst[inst].serial == aur_strs_serial(p->from, (uint32_t)key);
}

static int meet_inst(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part, size_t row, uint32_t *inst)
{
	uint32_t id = (uint32_t)part->inst[row].key.v[0];
	int rc;

	if (is_inst(p, d, part, row, *inst))
		return 0;
	rc = find_inst(p, d, part, row, inst);
	if (rc < 0 || !is_named(d->domain))
		return rc;
	d->inst[*inst].id = id;
	d->inst[*inst].serial = aur_strs_serial(p->from, id);
	return 0;
}

/* The instance of each row of the part: nearly always the one behind that of
 * the row before. */
static int find_insts(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part)
{
	uint32_t inst = UINT32_MAX;
	int rc = 0;

	if (part->n > 0)
		rc = grow(
		    (void **)&d->at, &d->at_cap, part->n - 1, sizeof(*d->at));
	if (rc == 0 && part->n > 0)
		rc = grow((void **)&d->differ, &d->differ_cap, part->n - 1,
		    aur__kept_words(d) * sizeof(*d->differ));
	for (size_t i = 0; rc == 0 && i < part->n; i++) {
		inst++;
		rc = meet_inst(p, d, part, i, &inst);
		d->at[i] = inst;
	}
	return rc;
}

/* --- a row ---------------------------------------------------------------- */

/* Cells of a part that may each take a chunk before it is counted which do. */
#define GUESS_MOST 32u

/* A part on its way. */
struct row {
	struct aur_packer *p;
	struct aur__kept_domain *d;
	const struct aur_part *part;
	size_t chunks, toggles; /* that it may need, but for its cells */
	size_t cells;		/* that are not as they were */
	size_t rows;		/* instances that were put down */
};

/* One instance in one row. */
struct cells {
	const struct aur_field *field;
	const uint64_t *cell, *have;
	struct aur__growing *g;
	uint64_t *was, *had; /* last values; what the last row had */
	uint64_t *differ;
	size_t n, nword;
	uint32_t place, who; /* who: of its first column */
};

static inline struct cells cells_of(const struct row *r, size_t inst, size_t i)
{
	const struct aur__kept_domain *d = r->d;
	struct cells c = {.field = d->domain->field,
	    .n = d->domain->nfield,
	    .nword = aur__kept_words(d),
	    .place = d->inst[inst].rows,
	    .who = aur__who_column(d, inst, 0)};

	c.cell = r->part->cell + i * c.n;
	c.have = r->part->have + i * c.nword;
	c.g = d->column + inst * (c.n + 1);
	c.was = d->was + inst * aur__kept_width(d);
	c.had = c.was + c.n + 1;
	c.differ = d->differ + i * c.nword;
	return c;
}

static inline bool has_cell(const struct cells *c, size_t f)
{
	return c->have[f / 64] >> (f % 64) & 1;
}

static int64_t common_age(const struct aur_part *part)
{
	return part->n > 0 ? aur__pack_ticks(part->inst[0].at_ns) : 0;
}

/* --- what it needs -------------------------------------------------------- */

/* Which cells of a word are not as they were. The number of a string tells
 * nothing: it is the samples'. `ret_rare`: those that turn, and
 * strings. */
static uint64_t compare(
    const struct cells *c, size_t k, const uint64_t *text, uint64_t *ret_rare)
{
	size_t from = k * 64, n = c->n - from < 64 ? c->n - from : 64;
	const uint64_t *is = c->cell + from, *was = c->was + from;
	uint64_t bits = aur_differ(is, was, n);

	*ret_rare = (c->have[k] ^ c->had[k]) | (c->have[k] & text[k]);
	return (bits & c->have[k]) | *ret_rare;
}

/* What one that turns needs, or a string, which it makes one of ours. */
static int count_rare(struct row *r, const struct cells *c, size_t f)
{
	uint32_t own;

	if (has_cell(c, f) != c->g[f].here)
		r->toggles += 2;
	if (c->field[f].kind != AUR_KIND_STR || !has_cell(c, f))
		return 0;
	return own_text(r->p, (uint32_t)c->cell[f], &own);
}

static int count_cells(struct row *r, const struct cells *c)
{
	int rc = 0;

	for (size_t k = 0; k < c->nword; k++) {
		uint64_t rare, bits = compare(c, k, r->d->text, &rare);

		c->differ[k] = bits;
		for (; bits != 0; bits &= bits - 1)
			r->cells++;
		for (; rc == 0 && rare != 0; rare &= rare - 1)
			rc = count_rare(r, c, k * 64 + aur_low_bit(rare));
	}
	return rc;
}

static int count_row(struct row *r, size_t i, int64_t common)
{
	const struct aur__kept_domain *d = r->d;
	size_t inst = d->at[i];
	struct cells c = cells_of(r, inst, i);
	int64_t age = aur__pack_ticks(r->part->inst[i].at_ns) - common;

	if (!d->inst[inst].here)
		r->toggles += 2;
	r->chunks += aur__growing_need(&c.g[c.n], c.was[c.n], (uint64_t)age);
	return count_cells(r, &c);
}

/* Chunks for the cells that were marked, one by one. */
static size_t count_chunks(const struct row *r)
{
	size_t chunks = 0;

	for (size_t i = 0; i < r->part->n; i++) {
		struct cells c = cells_of(r, r->d->at[i], i);

		for (size_t k = 0; k < c.nword; k++) {
			uint64_t bits = c.differ[k];

			for (; bits != 0; bits &= bits - 1)
				chunks += aur__growing_is_out(
				    &c.g[k * 64 + aur_low_bit(bits)]);
		}
	}
	return chunks;
}

int aur__part_prepare(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part, size_t *chunks)
{
	/* all who were there may have gone */
	struct row r = {.p = p, .d = d, .part = part, .toggles = d->nhere + 2};
	int64_t common = common_age(part);
	int rc = find_insts(p, d, part);

	for (size_t i = 0; rc == 0 && i < part->n; i++)
		rc = count_row(&r, i, common);
	if (rc < 0)
		return rc;
	*chunks += r.chunks;
	*chunks += r.cells <= GUESS_MOST ? r.cells : count_chunks(&r);
	*chunks += aur__growing_need(&d->age.growing, d->age.last,
	    (uint64_t)aur__pack_ticks(part->at_ns));
	*chunks += aur__growing_need(
	    &d->common.growing, d->common.last, (uint64_t)common);
	return grow((void **)&d->toggle, &d->toggle_cap, d->ntoggle + r.toggles,
	    sizeof(*d->toggle));
}

/* --- putting it down ------------------------------------------------------ */

static void toggle(struct row *r, uint32_t who, uint32_t at)
{
	r->d->toggle[r->d->ntoggle++] = (struct aur__toggle){who, at};
}

/* Notes that `who` is there at place `at`, or not any more. One that was never
 * there starts as being there. */
static void turn(struct row *r, uint32_t who, uint32_t at, bool fresh)
{
	if (fresh && at == 0)
		return;
	if (fresh)
		toggle(r, who, 0);
	toggle(r, who, at);
}

/* A cell that turns, or a string. What could fail was got before: the second
 * time a string is found. */
static void put_rare(struct row *r, const struct cells *c, size_t f)
{
	struct aur__growing *g = &c->g[f];
	bool has = has_cell(c, f);
	uint64_t v = c->cell[f];
	uint32_t own = 0;

	if (has != g->here) {
		turn(r, c->who + (uint32_t)f, c->place, !g->seen);
		aur__growing_turn(g, c->place);
	}
	if (!has)
		return;
	if (c->field[f].kind == AUR_KIND_STR) {
		(void)!own_text(r->p, (uint32_t)v, &own);
		v = own;
	}
	if (!g->seen || v != c->was[f])
		aur__growing_change(g, &r->p->pool,
		    (enum aur_kind)c->field[f].kind, &c->was[f], v, c->place);
}

static void put_cells(struct row *r, const struct cells *c)
{
	for (size_t k = 0; k < c->nword; k++) {
		uint64_t bits = c->differ[k];
		uint64_t rare =
		    (c->have[k] ^ c->had[k]) | (c->have[k] & r->d->text[k]);

		c->had[k] = c->have[k];
		for (; bits != 0; bits &= bits - 1) {
			size_t f = k * 64 + aur_low_bit(bits);

			if (rare & bits & (0 - bits))
				put_rare(r, c, f);
			else
				aur__growing_change(&c->g[f], &r->p->pool,
				    (enum aur_kind)c->field[f].kind, &c->was[f],
				    c->cell[f], c->place);
		}
	}
}

static void put_row(struct row *r, size_t i, int64_t common)
{
	struct aur__kept_domain *d = r->d;
	size_t at = d->at[i];
	struct aur__kept_inst *inst = &d->inst[at];
	struct cells c = cells_of(r, at, i);
	int64_t age = aur__pack_ticks(r->part->inst[i].at_ns) - common;

	if (inst->last == d->rows + 1)
		return; /* twice in one part */
	if (!inst->here) {
		turn(r, aur__who_inst(d, at), d->rows, inst->rows == 0);
		d->nhere++;
	}
	put_cells(r, &c);
	aur__growing_add(
	    &c.g[c.n], &r->p->pool, &c.was[c.n], (uint64_t)age, c.place);
	r->rows++;
	inst->here = true;
	inst->last = d->rows + 1;
	inst->rows++;
}

/* Those that are not there any more. */
static void put_gone(struct row *r)
{
	struct aur__kept_domain *d = r->d;

	for (size_t i = 0; d->nhere > r->rows && i < d->ninst; i++) {
		struct aur__kept_inst *inst = &d->inst[i];

		if (!inst->here || inst->last == d->rows + 1)
			continue;
		toggle(r, aur__who_inst(d, i), d->rows);
		inst->here = false;
		d->nhere--;
	}
}

static void put_steady(
    struct aur_packer *p, struct aur__steady *s, int64_t v, uint32_t at)
{
	aur__growing_add(&s->growing, &p->pool, &s->last, (uint64_t)v, at);
}

void aur__part_put(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part)
{
	struct row r = {.p = p, .d = d, .part = part};
	int64_t common = common_age(part);

	if (!d->here)
		turn(&r, aur__who_domain(), p->rows, d->rows == 0);
	put_steady(p, &d->age, aur__pack_ticks(part->at_ns), d->rows);
	put_steady(p, &d->common, common, d->rows);
	for (size_t i = 0; i < part->n; i++)
		put_row(&r, i, common);
	put_gone(&r);
	d->here = true;
	d->rows++;
	d->last = p->rows + 1;
}

int aur__part_prepare_gone(struct aur__kept_domain *d)
{
	return grow((void **)&d->toggle, &d->toggle_cap, d->ntoggle,
	    sizeof(*d->toggle));
}

void aur__part_gone(struct aur_packer *p, struct aur__kept_domain *d)
{
	struct row r = {.p = p, .d = d};

	toggle(&r, aur__who_domain(), p->rows);
	d->here = false;
}

void aur__part_forget(struct aur_packer *p)
{
	for (size_t i = 0; i < p->ndomain; i++)
		for (size_t k = 0; k < p->domain[i].ninst; k++)
			p->domain[i].inst[k].id = 0;
	memset(p->known, 0, sizeof(p->known));
}
