/* SPDX-License-Identifier: MIT */
/*
 * A domain's block, opened: its index is read from front to back, and where
 * each column stands is noted, not what it says. Drawn in block.c.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

#define LEAST_FIELD 5u /* bytes of a field: its lengths and enums */
#define LEAST_INST 2u

/* The index on its way. */
struct take {
	struct aur_columns *c;
	struct aur_slice in;
	struct aur__place place;
};

/* --- fields --------------------------------------------------------------- */

static int take_said(struct aur_slice *in, struct aur_said_field *f)
{
	int rc = aur__pack_take_text(in, &f->name);

	if (rc == 0)
		rc = aur__pack_take_u64(in, &f->kind);
	if (rc == 0)
		rc = aur__pack_take_u64(in, &f->sem);
	if (rc == 0)
		rc = aur__pack_take_u64(in, &f->unit);
	if (rc == 0)
		rc = aur__pack_take_i64(in, &f->scale);
	return rc;
}

static int take_fields(struct take *t)
{
	struct aur_columns *c = t->c;

	for (size_t i = 0; i < c->ncolumn; i++) {
		struct aur_said_field said = {.at = (unsigned)i};
		int f, rc = take_said(&t->in, &said);

		if (rc < 0)
			return rc;
		f = aur_schema_field(c->schema, c->domain, &said);
		if (f == AUR_ENOMEM || f == AUR_EINVALID || f == AUR_ELIMIT)
			return f == AUR_ENOMEM ? f : AUR_EINVALID;
		c->field[i] = (int16_t)f;
	}
	c->column = aur_mem_new(c->domain->nfield, sizeof(*c->column));
	if (c->column == NULL)
		return AUR_ENOMEM;
	for (unsigned f = 0; f < c->domain->nfield; f++)
		c->column[f] = -1;
	for (size_t i = c->ncolumn; i > 0; i--)
		if (c->field[i - 1] >= 0)
			c->column[c->field[i - 1]] = (int16_t)(i - 1);
	return 0;
}

static int take_schema(struct take *t)
{
	struct aur_columns *c = t->c;
	struct aur_said_domain said = {.name = c->reader.block.name};
	int rc = aur__pack_take_max(&t->in, AUR_KEY_LABELS, &said.key);

	if (rc == 0)
		rc = aur__pack_take_text(&t->in, &said.label);
	if (rc == 0)
		rc = aur__pack_take_max(&t->in, AUR_MAX_FIELDS, &said.nfield);
	if (rc < 0 || said.key == AUR_KEY_PROCESS ||
	    said.nfield > t->in.n / LEAST_FIELD)
		return AUR_EINVALID;
	c->ncolumn = (size_t)said.nfield;
	c->schema = aur_schema_new(1);
	c->field = aur_mem_new(c->ncolumn, sizeof(*c->field));
	if (c->schema == NULL || c->field == NULL)
		return AUR_ENOMEM;
	rc = aur_schema_domain(c->schema, &said, &c->domain);
	if (rc < 0)
		return rc == AUR_ENOMEM ? rc : AUR_EINVALID;
	return take_fields(t);
}

/* --- columns, ages, instances --------------------------------------------- */

/* Notes a column and passes it; `owner` places, of which `full` says that it
 * must fill all. */
static int take_spot(
    struct take *t, uint64_t owner, bool full, struct aur__spot *ret_spot)
{
	struct aur__spot spot = {.record = (uint32_t)(t->c->index.n - t->in.n)};
	struct aur__column column;
	struct aur__place place;
	int rc = aur__column_take(&t->in, owner, &column);

	if (rc == 0 && full && column.n != owner)
		rc = AUR_EINVALID;
	if (rc == 0)
		rc = aur__reader_place(
		    &t->c->reader, &t->place, column.nbytes, &place);
	if (rc < 0)
		return rc;
	spot.section = (uint32_t)place.section;
	spot.at = (uint32_t)place.at;
	*ret_spot = spot;
	return 0;
}

static int take_age(struct take *t, struct aur__open_age *age)
{
	uint64_t kind;
	int rc = aur__pack_take_max(&t->in, AUR__AGE_ROWS, &kind);

	age->in_rows = rc == 0 && kind == AUR__AGE_ROWS;
	if (rc == 0 && age->in_rows)
		rc = aur__pack_take_u64(&t->in, &age->before);
	return rc < 0 ? rc : take_spot(t, t->c->rows, true, &age->spot);
}

/* The key of the next instance: they ascend. */
static int take_key(struct take *t, size_t i, uint64_t *key)
{
	uint64_t v = 0;
	int rc = 0;

	if (t->c->domain->key != AUR_KEY_ONE)
		rc = aur__pack_take_u64(&t->in, &v);
	else if (i > 0)
		return AUR_EINVALID;
	if (rc < 0 || (i > 0 && v == 0) || *key + v < *key)
		return AUR_EINVALID;
	*key += v;
	return 0;
}

static int take_insts(struct take *t)
{
	struct aur_columns *c = t->c;
	uint64_t n, key = 0;
	int rc = aur__pack_take_max(&t->in, t->in.n / LEAST_INST, &n);

	if (rc < 0 || n > AUR_MAX_INSTANCES)
		return AUR_EINVALID;
	c->inst = aur_mem_new((size_t)n, sizeof(*c->inst));
	if (c->inst == NULL)
		return AUR_ENOMEM;
	c->ninst = (size_t)n;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct aur__open_inst *inst = &c->inst[i];

		rc = take_key(t, i, &key);
		inst->key = key;
		if (rc == 0)
			rc = aur__runs_take(
			    &t->in, c->rows, &inst->runs, &inst->rows);
		if (rc == 0)
			rc = take_spot(t, inst->rows, false, &inst->age);
	}
	return rc;
}

static int take_columns(struct take *t)
{
	struct aur_columns *c = t->c;
	size_t n = c->ncolumn * c->ninst;
	int rc = 0;

	/* a column is a byte at least */
	if (n > t->in.n)
		return AUR_EINVALID;
	c->spot = aur_mem_new(n, sizeof(*c->spot));
	if (c->spot == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = take_spot(
		    t, c->inst[i % c->ninst].rows, false, &c->spot[i]);
	return rc;
}

/* --- the dictionary ------------------------------------------------------- */

static bool is_named(const struct aur_columns *c)
{
	return c->domain->key == AUR_KEY_STRING ||
	       c->domain->key == AUR_KEY_LABELS;
}

static int take_dictionary(struct take *t)
{
	struct aur_columns *c = t->c;
	uint64_t n;
	int rc = aur__pack_take_max(&t->in, t->in.n, &n);

	if (rc < 0)
		return rc;
	c->text = aur_mem_new((size_t)n + 1, sizeof(*c->text));
	if (c->text == NULL)
		return AUR_ENOMEM;
	c->ntext = (size_t)n + 1;
	for (size_t i = 1; rc == 0 && i < c->ntext; i++)
		rc = aur__pack_take_text(&t->in, &c->text[i]);
	if (rc < 0 || t->in.n > 0)
		return AUR_EINVALID;
	for (size_t i = 0; is_named(c) && i < c->ninst; i++)
		if (c->inst[i].key == 0 || c->inst[i].key >= c->ntext)
			return AUR_EINVALID;
	return 0;
}

static int take_index(struct aur_columns *c)
{
	struct take t = {.c = c};
	int rc;

	if (c->reader.section[c->reader.nsection - 1].raw > AUR_MAX_BLOCK_INDEX)
		return AUR_EINVALID;
	rc = aur__reader_section(&c->reader, c->reader.nsection - 1, &c->index);
	t.in = c->index;
	if (rc == 0)
		rc = take_schema(&t);
	if (rc == 0)
		rc = aur__runs_take(
		    &t.in, c->reader.block.rows, &c->runs, &c->rows);
	if (rc == 0)
		rc = take_age(&t, &c->age);
	if (rc == 0)
		rc = take_age(&t, &c->common);
	if (rc == 0)
		rc = take_insts(&t);
	if (rc == 0)
		rc = take_columns(&t);
	return rc == 0 ? take_dictionary(&t) : rc;
}

int aur_columns_open(struct aur_columns **ret_c, struct aur_slice bytes,
    const struct aur_times *times)
{
	struct aur_columns *c = aur_mem_new(1, sizeof(*c));
	int rc;

	if (c == NULL)
		return AUR_ENOMEM;
	c->times = times;
	rc = aur__reader_open(
	    &c->reader, bytes, AUR_BLOCK_COLUMNS, times->unpacker);
	if (rc == 0 && (c->reader.block.rows != times->n ||
			   memcmp(c->reader.block.boot_id, times->boot_id,
			       sizeof(times->boot_id)) != 0))
		rc = AUR_EINVALID;
	if (rc == 0)
		rc = take_index(c);
	if (rc < 0) {
		aur_columns_free(c);
		return rc;
	}
	*ret_c = c;
	return 0;
}

void aur_columns_free(struct aur_columns *c)
{
	if (c == NULL)
		return;
	if (c->schema != NULL)
		aur_keep_unref(aur_schema_keep(c->schema));
	aur_mem_free(c->field);
	aur_mem_free(c->column);
	aur_mem_free(c->inst);
	aur_mem_free(c->spot);
	aur_mem_free(c->text);
	aur_mem_free(c->cursor);
	aur_mem_free(c->own_age);
	aur__reader_release(&c->reader);
	aur_mem_free(c);
}

const struct aur_domain *aur_columns_domain(const struct aur_columns *c)
{
	return c->domain;
}

size_t aur_columns_rows(const struct aur_columns *c)
{
	return c->reader.block.rows;
}

size_t aur_columns_insts(const struct aur_columns *c)
{
	return c->ninst;
}

uint64_t aur_columns_number(const struct aur_columns *c, size_t inst)
{
	return c->domain->key == AUR_KEY_NUMBER ? c->inst[inst].key : 0;
}

struct aur_slice aur_columns_name(const struct aur_columns *c, size_t inst)
{
	struct aur_slice name = {NULL, 0};

	if (is_named(c))
		name = c->text[c->inst[inst].key];
	/* how a packer names what has no name */
	return name.n == 1 && name.p[0] == '\0' ? c->text[0] : name;
}

ptrdiff_t aur_columns_find(const struct aur_columns *c, struct aur_slice name)
{
	for (size_t i = 0; is_named(c) && i < c->ninst; i++)
		if (aur_slice_eq(aur_columns_name(c, i), name))
			return (ptrdiff_t)i;
	return -1;
}

struct aur_slice aur_columns_text(const struct aur_columns *c, uint64_t cell)
{
	return c->text[cell < c->ntext ? cell : 0];
}

bool aur_columns_still(const struct aur_columns *c, size_t inst, size_t field)
{
	int at = c->column[field];
	const struct aur__spot *spot;

	if (at < 0)
		return true;
	/* the codec is the record's first byte */
	spot = &c->spot[(size_t)at * c->ninst + inst];
	return (c->index.p[spot->record] & AUR__CODEC_MASK) <= AUR__CODEC_CONST;
}

int aur__columns_take(struct aur_columns *c, const struct aur__spot *spot,
    uint64_t owner, struct aur__column *ret)
{
	struct aur_slice record =
	    aur_slice_of(c->index.p + spot->record, c->index.n - spot->record);
	int rc = aur__column_take(&record, owner, ret);

	return rc < 0 ? rc
		      : aur__reader_column(&c->reader,
			    (struct aur__place){spot->section, spot->at}, ret);
}
