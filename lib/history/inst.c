/* SPDX-License-Identifier: MIT */
#include "history/inst_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* --- rows ----------------------------------------------------------------- */

static int make_room(struct aur__rows *r, size_t n)
{
	uint32_t *row;
	bool *on;

	if (n <= r->cap)
		return 0;
	row = aur_mem_grow(r->row, n, sizeof(*row));
	if (row != NULL)
		r->row = row;
	on = aur_mem_grow(r->on, n, sizeof(*on));
	if (on != NULL)
		r->on = on;
	if (row == NULL || on == NULL)
		return AUR_ENOMEM;
	r->cap = n;
	return 0;
}

/* Whether the row goes on with the sample before the block. */
static bool follows(const struct aur__rows *r, size_t row, struct aur_span step)
{
	const struct aur_times *t = &r->block->span->times;

	return r->before != NULL &&
	       memcmp(r->before->boot_id, t->boot_id, 16) == 0 &&
	       aur__walk_goes_on(r->before->mono, t->mono[row], step);
}

static void note_on(struct aur__rows *r)
{
	const struct aur_mono *mono = r->block->span->times.mono;
	const struct aur_span *interval = r->block->span->times.interval;
	struct aur_span least = {r->block->seg->step * AUR_SECOND_NS};
	const uint32_t *row = r->row;
	bool *on = r->on;

	for (size_t k = 1, n = r->n; k < n; k++) {
		struct aur_span step = interval[row[k]];

		if (step.ns < least.ns)
			step = least;
		on[k] = k > 1 ? aur__walk_goes_on(
				    mono[row[k - 1]], mono[row[k]], step)
			      : follows(r, row[k], step);
	}
}

/* Rows between the times, unless others tell them; how many. */
static size_t pick(const struct aur__stretch *block, uint32_t *ret_row)
{
	const struct aur_wall *wall = block->span->times.wall;
	struct aur_wall after = block->after, to = block->to;
	size_t k = 0;

	for (size_t i = 0, n = block->span->times.n; i < n; i++)
		if (wall[i].ns > after.ns && wall[i].ns < to.ns)
			ret_row[k++] = (uint32_t)i;
	return k;
}

static size_t leave_covered(
    const struct aur__stretch *block, uint32_t *row, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (!aur__segs_covered(block->segs, block->seg,
			block->span->times.wall[row[i]]))
			row[k++] = row[i];
	return k;
}

int aur__rows_pick(struct aur__rows *r, const struct aur__stretch *block,
    const struct aur_sample *before)
{
	size_t n = block->span->times.n;
	int rc = make_room(r, n + 1);

	if (rc < 0)
		return rc;
	r->row[0] = (uint32_t)n;
	r->on[0] = false;
	n = pick(block, r->row + 1);
	if (block->seg->overlaps)
		n = leave_covered(block, r->row + 1, n);
	r->block = block;
	r->before = before;
	r->n = n + 1;
	note_on(r);
	return 0;
}

void aur__rows_release(struct aur__rows *r)
{
	aur_mem_free(r->row);
	aur_mem_free(r->on);
	*r = (struct aur__rows){0};
}

struct aur_sample *aur__rows_last(
    const struct aur__rows *r, struct aur_strs *strs)
{
	return aur__span_bare(r->block->span, r->row[r->n - 1], strs);
}

/* --- an instance ---------------------------------------------------------- */

/* The instance in a sample; -1: it has none. */
static ptrdiff_t find_in(const struct aur__inst *x, const struct aur_part *p)
{
	if (p->domain->key == AUR_KEY_ONE)
		return p->n > 0 ? 0 : -1;
	if (p->domain->key == AUR_KEY_NUMBER)
		return aur_part_find(p,
		    (struct aur_key){
			{aur_columns_number(x->columns, x->inst), 0}},
		    x->inst);
	return aur_part_find_named(p, aur_columns_name(x->columns, x->inst));
}

/* The row of the sample before, which is the last one of each column. */
static void add_before(struct aur__inst *x, const struct aur_sample *before,
    int64_t *at, uint64_t *there, size_t row)
{
	const struct aur_part *p =
	    before != NULL ? aur_sample_find(before, x->track.domain) : NULL;
	ptrdiff_t i = p != NULL ? find_in(x, p) : -1;
	uint64_t bit = (uint64_t)1 << (row % 64);

	at[row] = 0;
	for (size_t f = 0; f < x->track.domain->nfield; f++)
		if (x->have[f] != NULL)
			x->cell[f][row] = 0;
	if (i < 0)
		return;
	at[row] = aur_mono_add(
	    aur_mono_add(before->mono, (struct aur_span){p->at_ns}),
	    (struct aur_span){p->inst[i].at_ns})
		      .ns;
	there[row / 64] |= bit;
	for (size_t f = 0; f < x->track.domain->nfield; f++) {
		if (x->have[f] == NULL || !aur_part_has(p, (size_t)i, f))
			continue;
		x->cell[f][row] = aur_part_cell(p, (size_t)i, f);
		x->have[f][row / 64] |= bit;
	}
}

static bool is_full(const uint64_t *bits, size_t n)
{
	for (size_t i = 0; i < n / 64; i++)
		if (bits[i] != UINT64_MAX)
			return false;
	return n % 64 == 0 || bits[n / 64] == ((uint64_t)1 << (n % 64)) - 1;
}

/* Notes the columns that never change. `n` rows, the last is the one before. */
static void note_still(struct aur__inst *x, size_t n)
{
	for (size_t f = 0; f < x->track.domain->nfield && f < AUR__FIELDS; f++)
		if (x->have[f] != NULL &&
		    aur_columns_still(x->columns, x->inst, f) &&
		    is_full(x->have[f], n) &&
		    x->cell[f][0] == x->cell[f][n - 1])
			x->track.still |= (uint64_t)1 << f;
}

/* Where what is read of an instance stands in its memory. */
struct place {
	size_t rows, words; /* of a column; of its bits */
	uint64_t *next;
};

static uint64_t *take(struct place *p, size_t n)
{
	uint64_t *mem = p->next;

	p->next += n;
	return mem;
}

static int begin(struct aur__inst *x, const struct aur__rows *rows,
    uint64_t fields, struct place *ret_place)
{
	size_t n = rows->block->span->times.n + 1, words = (n + 63) / 64;
	size_t need = n + words + rows->n;
	uint64_t *mem;

	for (size_t f = 0; f < x->track.domain->nfield && f < AUR__FIELDS; f++)
		need += ((fields >> f) & 1) * (n + words);

	memset(x->cell, 0, sizeof(x->cell));
	memset(x->have, 0, sizeof(x->have));
	if (need > x->cap) {
		aur_mem_free(x->mem);
		x->cap = 0;
		mem = x->mem = aur_mem_grow(NULL, need, sizeof(*mem));
		if (mem == NULL)
			return AUR_ENOMEM;
		x->cap = need;
	}
	*ret_place = (struct place){n, words, x->mem};
	return 0;
}

static int read_fields(
    struct aur__inst *x, uint64_t fields, struct place *place)
{
	const struct aur_domain *d = x->track.domain;

	for (size_t f = 0; f < d->nfield && f < AUR__FIELDS; f++) {
		uint64_t *cell, *have;
		int rc;

		if (!((fields >> f) & 1) || d->field[f].kind == AUR_KIND_STR)
			continue;
		cell = take(place, place->rows);
		have = take(place, place->words);
		have[place->words - 1] = 0;
		rc = aur_columns_cells(x->columns, x->inst, f, cell, have);
		if (rc == AUR_ENOMEM)
			return rc;
		x->damaged = x->damaged || rc == AUR_EINVALID;
		if (rc == 0) {
			x->cell[f] = cell;
			x->have[f] = have;
		}
	}
	return 0;
}

/* Most are read in the sample's instant. */
static inline int64_t read_at(struct aur_mono mono, int64_t age)
{
	return age == 0 ? mono.ns
			: aur_mono_add(mono, (struct aur_span){age}).ns;
}

int aur__inst_read(struct aur__inst *x, const struct aur__rows *rows,
    struct aur_columns *columns, size_t inst, uint64_t fields)
{
	const struct aur_times *t = &rows->block->span->times;
	const struct aur_mono *mono = t->mono;
	struct place place;
	uint64_t *there;
	int64_t *at;
	int rc;

	x->columns = columns;
	x->inst = inst;
	x->damaged = false;
	x->track = (struct aur_track){.domain = aur_columns_domain(columns),
	    .cell = x->cell,
	    .have = x->have,
	    .row = rows->row,
	    .on = rows->on,
	    .n = rows->n};
	rc = begin(x, rows, fields, &place);
	if (rc < 0)
		return rc;
	at = (int64_t *)(void *)take(&place, place.rows);
	there = take(&place, place.words);
	there[place.words - 1] = 0;
	rc = aur_columns_ages(columns, inst, at);
	if (rc == 0)
		rc = read_fields(x, fields, &place);
	if (rc < 0)
		return rc;
	for (size_t i = 0, n = t->n; i < n; i++)
		at[i] = read_at(mono[i], at[i]);
	aur_columns_there(columns, inst, there);
	add_before(x, rows->before, at, there, t->n);
	note_still(x, t->n + 1);
	x->track.at = at;
	x->track.there = there;
	aur_track_times(&x->track, (double *)(void *)take(&place, rows->n));
	return 0;
}

struct aur_columns *aur__stretch_columns(
    const struct aur__stretch *b, const struct aur_domain *d, bool whole)
{
	struct aur__columns *part = aur__span_part(b->span, b->db, d->name);

	if (part == NULL || aur_columns_domain(part->columns) != d ||
	    (whole && !aur__columns_whole(part)))
		return NULL;
	return part->columns;
}

int aur__inst_read_other(struct aur__inst *x, const struct aur__rows *rows,
    enum aur_group_id group, uint64_t fields, bool *ret_has)
{
	uint64_t reads = aur_group_reads(group);
	int rc = AUR_EABSENT;

	for (unsigned id = 0; id < AUR_DOMAIN_COUNT; id++) {
		struct aur_columns *c;

		if (!((reads >> id) & 1) || id == aur_group_get(group)->domain)
			continue;
		c = aur__stretch_columns(
		    rows->block, aur_domain_get(id), fields == UINT64_MAX);
		if (c != NULL && aur_columns_insts(c) > 0)
			rc = aur__inst_read(x, rows, c, 0, fields);
	}
	*ret_has = rc == 0 && !x->damaged;
	return rc == AUR_ENOMEM ? rc : 0;
}

void aur__inst_release(struct aur__inst *x)
{
	aur_mem_free(x->mem);
	*x = (struct aur__inst){0};
}

static ptrdiff_t add_key(const struct aur__inst *x, struct aur_part *p)
{
	if (p->domain->key == AUR_KEY_ONE)
		return aur_part_one(p);
	if (p->domain->key == AUR_KEY_NUMBER)
		return aur_part_add(
		    p, (struct aur_key){
			   {aur_columns_number(x->columns, x->inst), 0}});
	return aur_part_add_named(p, aur_columns_name(x->columns, x->inst));
}

int aur__inst_keep(const struct aur__inst *x, const struct aur__rows *rows,
    struct aur_sample *s)
{
	size_t row = rows->row[rows->n - 1];
	struct aur_part *p;
	ptrdiff_t i;

	if (!((x->track.there[row / 64] >> (row % 64)) & 1))
		return 0;
	p = aur_sample_part(s, x->track.domain);
	if (p == NULL)
		return AUR_ENOMEM;
	i = add_key(x, p);
	if (i < 0)
		return (int)i;
	p->inst[i].at_ns = x->track.at[row] - s->mono.ns;
	for (size_t f = 0; f < p->domain->nfield && f < AUR__FIELDS; f++)
		if (x->have[f] != NULL &&
		    ((x->have[f][row / 64] >> (row % 64)) & 1))
			aur_part_set(p, (size_t)i, f, x->cell[f][row]);
	return 0;
}

/* --- metrics -------------------------------------------------------------- */

bool aur__inst_matches(
    const struct aur_columns *c, size_t inst, const struct aur_metric *m)
{
	struct aur_slice name;
	char number[24];

	if (m->instance[0] == '\0')
		return true;
	name = aur_columns_name(c, inst);
	if (aur_columns_domain(c)->key == AUR_KEY_NUMBER) {
		(void)snprintf(number, sizeof(number), "%" PRIu64,
		    aur_columns_number(c, inst));
		name = aur_slice_str(number);
	}
	/* a name that holds a glob's signs is still its own name */
	return aur_slice_is(name, m->instance) ||
	       aur_text_glob(m->instance, name);
}
