/* SPDX-License-Identifier: MIT */
/*
 * Cells of an opened block: a whole column at once for a graph, or one row of
 * all columns for the table of a moment. Rows of the span become rows of the
 * domain, those rows of an instance, those values of a column; each by its
 * own runs.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

/* --- a column ------------------------------------------------------------- */

/* The runs from the span down to a column. */
struct path {
	struct aur__runs domain, inst, column;
};

/* Whether the row has a value. */
static bool follow(struct path *p, uint64_t row)
{
	aur__runs_seek(&p->domain, row);
	if (!p->domain.on)
		return false;
	aur__runs_seek(&p->inst, p->domain.rank);
	if (!p->inst.on)
		return false;
	aur__runs_seek(&p->column, p->inst.rank);
	return p->column.on;
}

static bool is_whole(const struct path *p)
{
	return p->domain.all.n + p->inst.all.n + p->column.all.n == 0;
}

static void set_bit(uint64_t *have, size_t row)
{
	have[row / 64] |= (uint64_t)1 << (row % 64);
}

static void set_all(uint64_t *have, size_t rows)
{
	memset(have, 0xff, rows / 64 * sizeof(*have));
	if (rows % 64 > 0)
		have[rows / 64] = ((uint64_t)1 << (rows % 64)) - 1;
}

/* `n` values at the front of `cells` go to their rows. */
static void spread(
    struct path *p, size_t rows, uint64_t n, uint64_t *cells, uint64_t *have)
{
	memset(have, 0, (rows + 63) / 64 * sizeof(*have));
	for (size_t row = 0; row < rows; row++)
		if (follow(p, row))
			set_bit(have, row);
	for (size_t row = rows; row > 0; row--) {
		bool has = have[(row - 1) / 64] >> ((row - 1) % 64) & 1;

		cells[row - 1] = has && n > 0 ? cells[--n] : 0;
	}
}

static struct path path_to(
    const struct aur_columns *c, size_t inst, const struct aur__column *column)
{
	struct path p = {.domain = c->runs, .column = column->runs};

	p.inst = c->inst[inst].runs;
	return p;
}

static int check_texts(
    const struct aur_columns *c, const uint64_t *cells, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (cells[i] >= c->ntext)
			return AUR_EINVALID;
	return 0;
}

int aur_columns_cells(struct aur_columns *c, size_t inst, size_t field,
    uint64_t *ret_cells, uint64_t *ret_have)
{
	size_t rows = c->reader.block.rows;
	int at = c->column[field];
	struct aur__column column;
	struct path path;
	int rc;

	if (at < 0)
		return AUR_EABSENT;
	rc = aur__columns_take(c, &c->spot[(size_t)at * c->ninst + inst],
	    c->inst[inst].rows, &column);
	if (rc < 0)
		return rc;
	if (column.codec == AUR__CODEC_NONE)
		return AUR_EABSENT;
	rc = aur__column_cells(&column, ret_cells);
	if (rc == 0 && c->domain->field[field].kind == AUR_KIND_STR)
		rc = check_texts(c, ret_cells, column.n);
	if (rc < 0)
		return rc;
	path = path_to(c, inst, &column);
	if (is_whole(&path))
		set_all(ret_have, rows);
	else
		spread(&path, rows, column.n, ret_cells, ret_have);
	return 0;
}

void aur_columns_there(
    const struct aur_columns *c, size_t inst, uint64_t *ret_have)
{
	size_t rows = c->reader.block.rows;
	struct path path = {.domain = c->runs};

	path.inst = c->inst[inst].runs;
	aur__runs_all(&path.column);
	if (is_whole(&path)) {
		set_all(ret_have, rows);
		return;
	}
	memset(ret_have, 0, (rows + 63) / 64 * sizeof(*ret_have));
	for (size_t row = 0; row < rows; row++)
		if (follow(&path, row))
			set_bit(ret_have, row);
}

/* --- cursors -------------------------------------------------------------- */

/* Brings the cursor to value `at` of its column, from the front if need be. */
static int go(struct aur_columns *c, struct aur__cursor *k,
    const struct aur__spot *spot, uint64_t owner)
{
	int rc;

	if (k->began)
		return 0;
	rc = aur__columns_take(c, spot, owner, &k->column);
	if (rc < 0)
		return rc;
	aur__walk_begin(&k->walk, &k->column);
	k->began = true;
	return 0;
}

/* The cell at place `place` of its owner; `ret_has`: whether there is one. */
static int read_at(
    struct aur__cursor *k, uint64_t place, uint64_t *ret_cell, bool *ret_has)
{
	struct aur__column *c = &k->column;
	int rc;

	*ret_has = false;
	if (c->codec == AUR__CODEC_NONE)
		return 0;
	aur__runs_seek(&c->runs, place);
	if (!c->runs.on)
		return 0;
	if (c->runs.rank < k->walk.at)
		aur__walk_begin(&k->walk, c);
	rc = aur__walk_to(&k->walk, c, c->runs.rank);
	*ret_cell = aur__walk_cell(&k->walk, c);
	*ret_has = true;
	return rc;
}

/* --- ages ----------------------------------------------------------------- */

/* An age of the domain's in ticks: row `row` of the span, `place` of its own.
 */
static int read_age(struct aur_columns *c, const struct aur__open_age *age,
    struct aur__cursor *k, size_t row, uint64_t place, int64_t *ret_ticks)
{
	uint64_t v = 0;
	bool has;
	int rc = go(c, k, &age->spot, c->rows);

	if (rc == 0)
		rc = read_at(k, place, &v, &has);
	if (rc < 0)
		return rc;
	if (age->in_rows)
		return aur__age_of_rows(
		    c->times, row, v, age->before, ret_ticks);
	*ret_ticks = (int64_t)v;
	return 0;
}

static int read_own_age(struct aur_columns *c, size_t inst,
    struct aur__cursor *k, uint64_t place, int64_t *ret_ticks)
{
	uint64_t v = 0;
	bool has;
	int rc = go(c, k, &c->inst[inst].age, c->inst[inst].rows);

	if (rc == 0)
		rc = read_at(k, place, &v, &has);
	*ret_ticks = (int64_t)v;
	return rc;
}

static int64_t sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Ticks as an age: never in the time to come. */
static int64_t age_ns(int64_t ticks)
{
	return ticks < 0 ? aur__pack_ns(ticks) : 0;
}

/* Row by row, for a domain or an instance that comes and goes. */
static int walk_ages(struct aur_columns *c, size_t inst, int64_t *ret_ages)
{
	struct aur__cursor part = {0}, shared = {0}, own = {0};
	struct aur__runs domain = c->runs, runs = c->inst[inst].runs;

	for (size_t row = 0; row < c->reader.block.rows; row++) {
		int64_t a = 0, b = 0, d = 0;
		int rc;

		ret_ages[row] = 0;
		aur__runs_seek(&domain, row);
		if (!domain.on)
			continue;
		aur__runs_seek(&runs, domain.rank);
		if (!runs.on)
			continue;
		rc = read_age(c, &c->age, &part, row, domain.rank, &a);
		if (rc == 0)
			rc = read_age(
			    c, &c->common, &shared, row, domain.rank, &b);
		if (rc == 0)
			rc = read_own_age(c, inst, &own, runs.rank, &d);
		if (rc < 0)
			return rc;
		ret_ages[row] = sum(age_ns(a), age_ns(sum(b, d)));
	}
	return 0;
}

/* Whether an age is 0 in all rows, as most are. */
static bool is_nothing(const struct aur__column *c)
{
	return c->codec == AUR__CODEC_NONE ||
	       (c->codec == AUR__CODEC_CONST && c->first == 0);
}

/* Adds an age's ticks to those of each row, of which all are there. `mem`: of
 * so many rows. */
static int add_ages(struct aur_columns *c, const struct aur__open_age *age,
    const struct aur__column *column, uint64_t *mem, int64_t *ticks)
{
	size_t rows = c->reader.block.rows;
	int rc;

	if (is_nothing(column))
		return 0;
	rc = aur__column_cells(column, mem);
	for (size_t row = 0; rc == 0 && row < rows; row++) {
		int64_t v = (int64_t)mem[row];

		if (age->in_rows)
			rc = aur__age_of_rows(
			    c->times, row, mem[row], age->before, &v);
		ticks[row] = sum(ticks[row], v);
	}
	return rc;
}

/* All rows at once. */
static int fill_ages(struct aur_columns *c, size_t inst, int64_t *ret_ages)
{
	size_t rows = c->reader.block.rows;
	struct aur__open_age own = {.spot = c->inst[inst].age};
	struct aur__column part, common, mine;
	uint64_t *mem;
	int64_t *ticks;
	int rc = aur__columns_take(c, &c->age.spot, rows, &part);

	if (rc == 0)
		rc = aur__columns_take(c, &c->common.spot, rows, &common);
	if (rc == 0)
		rc = aur__columns_take(c, &own.spot, rows, &mine);
	if (rc < 0)
		return rc;
	memset(ret_ages, 0, rows * sizeof(*ret_ages));
	if (is_nothing(&part) && is_nothing(&common) && is_nothing(&mine))
		return 0;
	mem = aur_mem_new(2 * rows, sizeof(*mem));
	if (mem == NULL)
		return AUR_ENOMEM;
	ticks = (int64_t *)(void *)(mem + rows);
	rc = add_ages(c, &c->age, &part, mem, ret_ages);
	if (rc == 0)
		rc = add_ages(c, &c->common, &common, mem, ticks);
	if (rc == 0)
		rc = add_ages(c, &own, &mine, mem, ticks);
	for (size_t row = 0; row < rows; row++)
		ret_ages[row] = sum(age_ns(ret_ages[row]), age_ns(ticks[row]));
	aur_mem_free(mem);
	return rc;
}

int aur_columns_ages(struct aur_columns *c, size_t inst, int64_t *ret_ages)
{
	struct aur__column own;
	int rc =
	    aur__columns_take(c, &c->inst[inst].age, c->inst[inst].rows, &own);

	if (rc < 0)
		return rc;
	/* `all`: where runs turn */
	if (c->runs.all.n + c->inst[inst].runs.all.n + own.runs.all.n > 0)
		return walk_ages(c, inst, ret_ages);
	return fill_ages(c, inst, ret_ages);
}

/* --- a row ---------------------------------------------------------------- */

/* So many instances have room at once; of more, few may be in a row. */
#define FEW 16u

/* One part on its way. */
struct row {
	struct aur_columns *c;
	size_t row;
	struct aur_part *p;
	int64_t common; /* ticks */
};

/* No two instances have one name: a part could not have both. */
static int check_names(struct aur_columns *c)
{
	struct aur_strs *strs;
	int rc = 0;

	if (c->distinct || !(c->domain->key == AUR_KEY_STRING ||
			       c->domain->key == AUR_KEY_LABELS)) {
		c->distinct = true;
		return 0;
	}
	strs = aur_strs_new(AUR_MAX_BLOCK_RAW);
	if (strs == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; rc == 0 && i < c->ninst; i++) {
		struct aur_slice name = c->text[c->inst[i].key];
		uint32_t id;

		if (name.n == 0 || aur_strs_find(strs, name, &id))
			rc = AUR_EINVALID;
		else
			rc = aur_strs_put(strs, name, &id);
	}
	aur_strs_unref(strs);
	c->distinct = rc == 0;
	return rc;
}

static int make_cursors(struct aur_columns *c)
{
	if (c->cursor == NULL)
		c->cursor =
		    aur_mem_new(c->ncolumn * c->ninst, sizeof(*c->cursor));
	if (c->own_age == NULL)
		c->own_age = aur_mem_new(c->ninst, sizeof(*c->own_age));
	return c->cursor != NULL && c->own_age != NULL ? 0 : AUR_ENOMEM;
}

static int put_cell(
    struct row *r, size_t i, size_t inst, uint64_t place, size_t column)
{
	struct aur_columns *c = r->c;
	size_t at = column * c->ninst + inst, f = (size_t)c->field[column];
	uint64_t v = 0;
	bool has = false;
	int rc = go(c, &c->cursor[at], &c->spot[at], c->inst[inst].rows);

	if (rc == 0)
		rc = read_at(&c->cursor[at], place, &v, &has);
	if (rc < 0 || !has)
		return rc;
	if (c->domain->field[f].kind != AUR_KIND_STR) {
		aur_part_set(r->p, i, f, v);
		return 0;
	}
	if (v >= c->ntext)
		return AUR_EINVALID;
	return aur_part_set_text(r->p, i, f, c->text[v]);
}

static ptrdiff_t put_key(struct row *r, size_t inst)
{
	const struct aur_columns *c = r->c;

	if (c->domain->key == AUR_KEY_ONE)
		return aur_part_one(r->p);
	if (c->domain->key == AUR_KEY_NUMBER)
		return aur_part_add(
		    r->p, (struct aur_key){{c->inst[inst].key, 0}});
	return aur_part_add_named(r->p, aur_columns_name(c, inst));
}

static int put_inst(struct row *r, size_t inst, uint64_t place)
{
	struct aur_columns *c = r->c;
	ptrdiff_t i = put_key(r, inst);
	int64_t own = 0;
	int rc;

	if (i < 0)
		return (int)i;
	rc = read_own_age(c, inst, &c->own_age[inst], place, &own);
	r->p->inst[i].at_ns = age_ns(sum(r->common, own));
	for (size_t column = 0; rc == 0 && column < c->ncolumn; column++)
		if (c->field[column] >= 0 &&
		    c->column[c->field[column]] == (int)column)
			rc = put_cell(r, (size_t)i, inst, place, column);
	return rc;
}

/* What holds two keeps. */
struct both {
	struct aur_keep keep; /* first */
	struct aur_keep *a, *b;
};

static void free_both(struct aur_keep *keep)
{
	struct both *both = (struct both *)(void *)keep;

	aur_keep_unref(both->a);
	aur_keep_unref(both->b);
	aur_mem_free(both);
}

/* Makes the sample hold the domain, beside what it holds. */
static int hold(struct aur_columns *c, struct aur_sample *s)
{
	struct aur_keep *keep = aur_schema_keep(c->schema);
	struct both *both;

	if (c->domain->id < AUR_DOMAIN_COUNT)
		return 0;
	if (s->keep == NULL) {
		aur_sample_keep(s, keep);
		return 0;
	}
	both = aur_mem_new(1, sizeof(*both));
	if (both == NULL)
		return AUR_ENOMEM;
	*both = (struct both){{0, free_both}, s->keep, keep};
	both->a->refs++;
	both->b->refs++;
	aur_sample_keep(s, &both->keep);
	return 0;
}

static int put_insts(struct row *r, uint64_t place)
{
	struct aur_columns *c = r->c;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->ninst; i++) {
		struct aur__runs *runs = &c->inst[i].runs;

		aur__runs_seek(runs, place);
		if (runs->on)
			rc = put_inst(r, i, runs->rank);
	}
	return rc;
}

int aur_columns_part(struct aur_columns *c, size_t row, struct aur_sample *s)
{
	struct row r = {.c = c, .row = row};
	int64_t age = 0;
	int rc;

	aur__runs_seek(&c->runs, row);
	if (!c->runs.on)
		return 0;
	if (aur_sample_find(s, c->domain) != NULL)
		return AUR_EINVALID;
	rc = check_names(c);
	if (rc == 0)
		rc = make_cursors(c);
	if (rc == 0)
		rc = hold(c, s);
	if (rc == 0)
		rc = read_age(
		    c, &c->age, &c->age_cursor, row, c->runs.rank, &age);
	if (rc == 0)
		rc = read_age(c, &c->common, &c->common_cursor, row,
		    c->runs.rank, &r.common);
	if (rc < 0)
		return rc;
	r.p = aur_sample_part(s, c->domain);
	if (r.p == NULL)
		return s->npart >= AUR_MAX_DOMAINS ? AUR_ELIMIT : AUR_ENOMEM;
	r.p->at_ns = age_ns(age);
	rc = aur_part_reserve(r.p, c->ninst < FEW ? c->ninst : FEW);
	if (rc < 0)
		return rc;
	return put_insts(&r, c->runs.rank);
}
