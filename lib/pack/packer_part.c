/* SPDX-License-Identifier: MIT */
/*
 * A part of a sample as a row of columns.
 *
 * Who is there is told by toggles (see runs in pack_int.h): of a domain in
 * rows of the span, of an instance in rows of its domain, of a cell in rows of
 * its instance. So a disk that is plugged in is one toggle, not one for each
 * of its cells, and each level knows nothing of the ones above.
 */
#include "pack/pack_int.h"

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
	for (size_t i = 0; rc == 0 && i < part->n; i++) {
		inst++;
		rc = meet_inst(p, d, part, i, &inst);
		d->at[i] = inst;
	}
	return rc;
}

/* --- a row ---------------------------------------------------------------- */

/* One part on its way; twice: to count, then to put down. */
struct row {
	struct aur_packer *p;
	struct aur__kept_domain *d;
	const struct aur_part *part;
	bool counting;
	size_t chunks, toggles;
	int rc;
};

static void toggle(struct row *r, uint32_t who, uint32_t at)
{
	if (r->counting)
		r->toggles++;
	else
		r->d->toggle[r->d->ntoggle++] = (struct aur__toggle){who, at};
}

/* Notes whether `who` is there at place `at`. It starts as being there. */
static void turn(
    struct row *r, uint32_t who, uint32_t at, bool fresh, bool was, bool is)
{
	if (fresh && is && at > 0) {
		toggle(r, who, 0);
		toggle(r, who, at);
	} else if (!fresh && was != is) {
		toggle(r, who, at);
	}
}

static void add_value(
    struct row *r, struct aur__growing *g, enum aur_kind kind, uint64_t v)
{
	if (r->counting)
		r->chunks += aur__growing_need(g, v);
	else
		aur__growing_add(g, &r->p->pool, kind, v);
}

/* A string of the sample as one of ours. What fails here fails while it is
 * counted: the second time it is found. */
static uint64_t text_number(struct row *r, uint32_t id)
{
	uint32_t own = 0;
	int rc = own_text(r->p, id, &own);

	if (rc < 0)
		r->rc = rc;
	return own;
}

/* A cell that is there now, or was: the rare ways of it. */
static void turn_cell(struct row *r, struct aur__growing *g, uint32_t who,
    uint32_t place, bool has)
{
	turn(r, who, place, !g->seen, g->here, has);
	if (!r->counting)
		g->here = has;
}

/* One instance in one row. Taken out of `row`, because the compiler must
 * think that each value that is written changes it. */
struct cells {
	const struct aur_field *field;
	const uint64_t *cell, *have;
	struct aur__growing *g;
	size_t n;
	uint32_t place, who; /* who: of its first column */
};

static inline bool has_cell(const struct cells *c, size_t f)
{
	return c->have[f / 64] >> (f % 64) & 1;
}

static inline uint64_t value_of(struct row *r, const struct cells *c, size_t f)
{
	if (c->field[f].kind == AUR_KIND_STR)
		return text_number(r, (uint32_t)c->cell[f]);
	return c->cell[f];
}

static void count_values(struct row *r, struct cells c)
{
	size_t chunks = 0;

	for (size_t f = 0; f < c.n; f++) {
		bool has = has_cell(&c, f);

		if (has != c.g[f].here)
			turn_cell(
			    r, &c.g[f], c.who + (uint32_t)f, c.place, has);
		if (has)
			chunks +=
			    aur__growing_need(&c.g[f], value_of(r, &c, f));
	}
	r->chunks += chunks;
}

static void put_values(struct row *r, struct cells c)
{
	struct aur__pool *pool = &r->p->pool;

	for (size_t f = 0; f < c.n; f++) {
		bool has = has_cell(&c, f);

		if (has != c.g[f].here)
			turn_cell(
			    r, &c.g[f], c.who + (uint32_t)f, c.place, has);
		if (has)
			aur__growing_add(&c.g[f], pool,
			    (enum aur_kind)c.field[f].kind, value_of(r, &c, f));
	}
}

/* The cells of row `i` of the part, which `inst` has at `place`. */
static void add_cells(struct row *r, size_t inst, uint32_t place, size_t i)
{
	const struct aur_domain *domain = r->d->domain;
	struct cells c = {.field = domain->field,
	    .n = domain->nfield,
	    .place = place,
	    .who = aur__who_column(r->d, inst, 0)};

	c.cell = &r->part->cell[i * c.n];
	c.have = &r->part->have[i * r->part->nword];
	c.g = &r->d->column[inst * (c.n + 1)];
	if (r->counting)
		count_values(r, c);
	else
		put_values(r, c);
}

static void add_inst_row(struct row *r, size_t i, int64_t common)
{
	struct aur__kept_domain *d = r->d;
	size_t at = d->at[i];
	struct aur__kept_inst *inst = &d->inst[at];
	uint32_t place = inst->rows;
	int64_t age = aur__pack_ticks(r->part->inst[i].at_ns) - common;

	if (!r->counting && inst->last == d->rows + 1)
		return; /* twice in one part */
	turn(r, aur__who_inst(d, at), d->rows, place == 0, inst->here, true);
	add_cells(r, at, place, i);
	add_value(r,
	    &d->column[at * (d->domain->nfield + 1u) + d->domain->nfield],
	    AUR_KIND_I64, (uint64_t)age);
	if (r->counting)
		return;
	inst->here = true;
	inst->last = d->rows + 1;
	inst->rows++;
}

/* Those that are not there any more. While counting it is not known yet who
 * is: all that were count. */
static void add_gone(struct row *r)
{
	struct aur__kept_domain *d = r->d;

	for (size_t i = 0; i < d->ninst; i++) {
		struct aur__kept_inst *inst = &d->inst[i];

		if (!inst->here)
			continue;
		if (r->counting) {
			r->toggles++;
		} else if (inst->last != d->rows + 1) {
			toggle(r, aur__who_inst(d, i), d->rows);
			inst->here = false;
		}
	}
}

static void add_part(struct row *r)
{
	struct aur__kept_domain *d = r->d;
	int64_t common =
	    r->part->n > 0 ? aur__pack_ticks(r->part->inst[0].at_ns) : 0;

	turn(r, aur__who_domain(), r->p->rows, d->rows == 0, d->here, true);
	add_value(r, &d->age, AUR_KIND_I64,
	    (uint64_t)aur__pack_ticks(r->part->at_ns));
	add_value(r, &d->common, AUR_KIND_I64, (uint64_t)common);
	for (size_t i = 0; i < r->part->n; i++)
		add_inst_row(r, i, common);
	add_gone(r);
	if (r->counting)
		return;
	d->here = true;
	d->rows++;
	d->last = r->p->rows + 1;
}

int aur__part_prepare(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part, size_t *chunks)
{
	struct row r = {.p = p, .d = d, .part = part, .counting = true};
	int rc = find_insts(p, d, part);

	if (rc < 0)
		return rc;
	add_part(&r);
	if (r.rc < 0)
		return r.rc;
	*chunks += r.chunks;
	return grow((void **)&d->toggle, &d->toggle_cap, d->ntoggle + r.toggles,
	    sizeof(*d->toggle));
}

void aur__part_put(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part)
{
	struct row r = {.p = p, .d = d, .part = part};

	add_part(&r);
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
