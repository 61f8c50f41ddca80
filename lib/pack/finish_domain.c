/* SPDX-License-Identifier: MIT */
/*
 * The block of a domain. Its index, as block.c draws it, is written from front
 * to back while columns go into their groups; the dictionary comes last, when
 * it is known which strings the columns have.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/varint.h"

/* One block on its way. */
struct work {
	struct aur__finish *f;
	struct aur__kept_domain *d;
	uint32_t *order; /* instances in the order of the block */
	size_t n;
	uint32_t *number; /* in the dictionary, by the packer's string */
	uint32_t *text;	  /* the packer's strings, by number */
	uint32_t ntext;
};

/* --- toggles -------------------------------------------------------------- */

static int cmp_toggle(const void *a, const void *b)
{
	const struct aur__toggle *x = a, *y = b;

	if (x->who != y->who)
		return x->who < y->who ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The toggles of `who` into f->toggle; how many. */
static size_t find_toggles(struct work *k, uint32_t who)
{
	const struct aur__kept_domain *d = k->d;
	size_t lo = 0, hi = d->ntoggle, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->toggle[mid].who < who)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < d->ntoggle && d->toggle[lo].who == who; lo++)
		k->f->toggle[n++] = d->toggle[lo].at;
	return n;
}

/* Which rows of the span the domain's are. */
static void number_rows(struct work *k, const uint32_t *toggle, size_t n)
{
	size_t at = 0, t = 0;
	bool on = true;

	for (uint32_t row = 0; row < k->f->p->rows; row++) {
		if (t < n && toggle[t] == row) {
			on = !on;
			t++;
		}
		if (on)
			k->f->row[at++] = row;
	}
}

/* --- the dictionary ------------------------------------------------------- */

static uint32_t number_of(struct work *k, uint32_t string)
{
	if (string == 0)
		return 0;
	if (k->number[string] == 0) {
		k->text[k->ntext++] = string;
		k->number[string] = k->ntext;
	}
	return k->number[string];
}

static int put_dictionary(struct work *k)
{
	struct aur_buf *b = &k->f->w.index;
	int rc = aur_varint_add(b, k->ntext);

	for (uint32_t i = 0; rc == 0 && i < k->ntext; i++)
		rc = aur__pack_put_text(
		    b, aur_strs_get(k->f->p->strs, k->text[i]));
	return rc;
}

/* --- fields and instances ------------------------------------------------- */

static struct aur__growing *column(
    const struct work *k, size_t inst, size_t field)
{
	return &k->d->column[inst * (k->d->domain->nfield + 1u) + field];
}

/* Whether any instance ever had it. */
static bool is_used(const struct work *k, unsigned f)
{
	for (size_t i = 0; i < k->n; i++)
		if (column(k, k->order[i], f)->seen)
			return true;
	return false;
}

static int put_field(struct aur_buf *b, const struct aur_field *field)
{
	int rc = aur__pack_put_text(b, aur_slice_str(field->name));

	if (rc == 0)
		rc = aur_varint_add(b, field->kind);
	if (rc == 0)
		rc = aur_varint_add(b, field->sem);
	if (rc == 0)
		rc = aur_varint_add(b, field->unit);
	if (rc == 0)
		rc = aur__pack_put_i64(b, field->scale);
	return rc;
}

static int put_schema(struct work *k)
{
	const struct aur_domain *domain = k->d->domain;
	struct aur_buf *b = &k->f->w.index;
	uint64_t nused = 0;
	int rc = aur_varint_add(b, domain->key);

	for (unsigned f = 0; f < domain->nfield; f++)
		nused += is_used(k, f);
	if (rc == 0)
		rc = aur__pack_put_text(b, aur_slice_str(domain->label));
	if (rc == 0)
		rc = aur_varint_add(b, nused);
	for (unsigned f = 0; rc == 0 && f < domain->nfield; f++)
		if (is_used(k, f))
			rc = put_field(b, &domain->field[f]);
	return rc;
}

/* Ages of the part, or those that its instances have in common. */
static int put_ages(struct work *k, const struct aur__growing *g)
{
	struct aur__finish *f = k->f;
	bool none = aur__growing_is_still(g) && g->first == 0;
	/* where all are the same one will do */
	size_t n = aur__growing_read(
	    g, &f->p->pool, AUR_KIND_I64, f->value, none ? 1 : k->d->rows);
	uint64_t before = 0;
	bool rows = aur__ages_to_rows(f->value, f->row, n, f->mono, &before);
	int rc = aur_buf_add_byte(
	    &f->w.index, rows ? AUR__AGE_ROWS : AUR__AGE_TICKS);

	if (rc == 0 && rows)
		rc = aur_varint_add(&f->w.index, before);
	if (rc == 0)
		rc = aur__writer_column(
		    &f->w, AUR_KIND_I64, f->value, n, NULL, 0);
	return rc;
}

/* The age of an instance less the common one: nothing where it is zero. */
static int put_own_age(struct work *k, size_t inst)
{
	struct aur__finish *f = k->f;
	const struct aur__growing *g = column(k, inst, k->d->domain->nfield);
	size_t n;

	if (g->first == 0 && aur__growing_is_still(g))
		return aur_buf_add_byte(&f->w.index, AUR__CODEC_NONE);
	n = aur__growing_read(
	    g, &f->p->pool, AUR_KIND_I64, f->value, k->d->inst[inst].rows);
	return aur__writer_column(&f->w, AUR_KIND_I64, f->value, n, NULL, 0);
}

static int put_insts(struct work *k)
{
	struct aur_buf *b = &k->f->w.index;
	uint64_t before = 0;
	int rc = aur_varint_add(b, k->n);

	for (size_t i = 0; rc == 0 && i < k->n; i++) {
		const struct aur__kept_inst *inst = &k->d->inst[k->order[i]];
		uint64_t key = inst->number;
		size_t n;

		if (k->d->domain->key != AUR_KEY_NUMBER)
			key = number_of(k, inst->name);
		if (k->d->domain->key != AUR_KEY_ONE)
			rc = aur_varint_add(b, key - before);
		before = key;
		n = find_toggles(k, aur__who_inst(k->d, k->order[i]));
		if (rc == 0)
			rc = aur__runs_put(b, k->f->toggle, n);
		if (rc == 0)
			rc = put_own_age(k, k->order[i]);
	}
	return rc;
}

/* --- cells ---------------------------------------------------------------- */

static int put_column(struct work *k, size_t inst, unsigned f)
{
	const struct aur__growing *g = column(k, inst, f);
	enum aur_kind kind = (enum aur_kind)k->d->domain->field[f].kind;
	uint64_t *v = k->f->value;
	/* where all are the same one will do */
	size_t n = aur__growing_read(g, &k->f->p->pool, kind, v,
	    aur__growing_is_still(g) ? 1 : k->d->inst[inst].rows);
	size_t ntoggle = find_toggles(k, aur__who_column(k->d, inst, f));

	for (size_t i = 0; kind == AUR_KIND_STR && i < n; i++)
		v[i] = number_of(k, (uint32_t)v[i]);
	return aur__writer_column(&k->f->w, kind, v, n, k->f->toggle, ntoggle);
}

static int put_columns(struct work *k)
{
	int rc = 0;

	for (unsigned f = 0; f < k->d->domain->nfield; f++) {
		if (!is_used(k, f))
			continue;
		for (size_t i = 0; rc == 0 && i < k->n; i++)
			rc = put_column(k, k->order[i], f);
	}
	return rc;
}

static int put_block(struct work *k)
{
	struct aur_buf *b = &k->f->w.index;
	size_t n;
	int rc = put_schema(k);

	n = find_toggles(k, aur__who_domain());
	number_rows(k, k->f->toggle, n);
	if (rc == 0)
		rc = aur__runs_put(b, k->f->toggle, n);
	if (rc == 0)
		rc = put_ages(k, &k->d->age.growing);
	if (rc == 0)
		rc = put_ages(k, &k->d->common.growing);
	if (rc == 0)
		rc = put_insts(k);
	if (rc == 0)
		rc = put_columns(k);
	if (rc == 0)
		rc = put_dictionary(k);
	return rc;
}

/* --- the order of instances ----------------------------------------------- */

struct place {
	uint64_t key;
	uint32_t inst;
};

static int cmp_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* Those that were ever there, by number or as they came. */
static int order_insts(struct work *k)
{
	const struct aur__kept_domain *d = k->d;
	struct place *place = aur_mem_new(d->ninst + 1, sizeof(*place));

	k->order = aur_mem_new(d->ninst + 1, sizeof(*k->order));
	if (place == NULL || k->order == NULL) {
		aur_mem_free(place);
		return AUR_ENOMEM;
	}
	for (uint32_t i = 0; i < d->ninst; i++)
		if (d->inst[i].rows > 0)
			place[k->n++] = (struct place){
			    d->domain->key == AUR_KEY_NUMBER ? d->inst[i].number
							     : i,
			    i};
	qsort(place, k->n, sizeof(*place), cmp_place);
	for (size_t i = 0; i < k->n; i++)
		k->order[i] = place[i].inst;
	aur_mem_free(place);
	return 0;
}

int aur__finish_domain(struct aur__finish *f, struct aur__kept_domain *d)
{
	struct work k = {.f = f, .d = d};
	size_t strings = aur_strs_end(f->p->strs) + 1u;
	int rc = AUR_ENOMEM;

	k.number = aur_mem_new(strings, sizeof(*k.number));
	k.text = aur_mem_new(strings, sizeof(*k.text));
	if (k.number == NULL || k.text == NULL)
		goto out;
	if (d->ntoggle > 0)
		qsort(d->toggle, d->ntoggle, sizeof(*d->toggle), cmp_toggle);
	rc = order_insts(&k);
	if (rc == 0)
		rc = put_block(&k);
out:
	aur_mem_free(k.order);
	aur_mem_free(k.number);
	aur_mem_free(k.text);
	return rc;
}
