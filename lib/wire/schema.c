/* SPDX-License-Identifier: MIT */
/*
 * A stream's schema, read. A domain that we have by name and key is ours, and
 * each of its fields is matched by name; one with another kind, unit or scale
 * would be misread, so it counts as unknown. A domain that we lack is made of
 * what the schema says, and lives as long as a sample that has it.
 */
#include "base/err.h"
#include "base/mem.h"
#include "wire/decode_int.h"
#include "wire/pay.h"

/* A domain's head, as it stands in the payload. */
struct head {
	struct aur_slice name, label;
	uint64_t key, nfield;
};

/* A field, likewise. */
struct row {
	struct aur_slice name;
	uint64_t kind, sem, unit;
	int64_t scale;
};

static void free_schema(struct aur_keep *keep)
{
	struct aur__schema *s = (struct aur__schema *)(void *)keep;

	for (size_t i = 0; i < s->ndomain; i++) {
		struct aur_domain *d = &s->domain[i];

		for (unsigned f = 0; f < d->nfield; f++)
			aur_mem_free((void *)(uintptr_t)d->field[f].name);
		aur_mem_free((void *)(uintptr_t)d->field);
		aur_mem_free((void *)(uintptr_t)d->name);
		aur_mem_free((void *)(uintptr_t)d->label);
	}
	aur_mem_free(s->domain);
	aur_mem_free(s);
}

void aur__schema_drop(struct aur_decoder *d)
{
	for (size_t i = 0; i < d->nlane; i++)
		aur__lane_release(&d->lane[i]);
	aur_mem_free(d->lane);
	d->lane = NULL;
	d->nlane = 0;
	if (d->schema != NULL)
		aur_keep_unref(&d->schema->keep);
	d->schema = NULL;
}

/* Names that may stand in a terminal, a path of JSON, a query. */
static bool is_name(struct aur_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!(c == '_' || c == '.' || c == ':' || c == '-' ||
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z')))
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

static int take_head(struct aur_slice *in, struct head *h)
{
	int rc = aur__take_text(in, &h->name);

	if (rc == 0)
		rc = aur__take_text(in, &h->label);
	if (rc == 0)
		rc = aur__take_u64(in, &h->key);
	if (rc == 0)
		rc = aur__take_max(in, AUR_MAX_FIELDS, &h->nfield);
	if (rc == 0 && (h->key > AUR_KEY_LABELS || !is_name(h->name) ||
			   (h->label.n > 0 && !is_name(h->label))))
		rc = AUR_EPROTOCOL;
	return rc;
}

static int take_row(struct aur_slice *in, struct row *r)
{
	int rc = aur__take_text(in, &r->name);

	if (rc == 0)
		rc = aur__take_u64(in, &r->kind);
	if (rc == 0)
		rc = aur__take_u64(in, &r->sem);
	if (rc == 0)
		rc = aur__take_u64(in, &r->unit);
	if (rc == 0)
		rc = aur__take_i64(in, &r->scale);
	if (rc == 0 && (r->kind > AUR_KIND_STR || !is_name(r->name) ||
			   r->scale < -18 || r->scale > 18))
		rc = AUR_EPROTOCOL;
	return rc;
}

static const struct aur_domain *find_builtin(const struct head *h)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++) {
		const struct aur_domain *d =
		    aur_domain_get((enum aur_domain_id)id);

		if (aur_slice_is(h->name, d->name))
			return d->key == h->key ? d : NULL;
	}
	return NULL;
}

static int make_domain(struct aur_decoder *d, const struct head *h,
    const struct aur_domain **ret_domain)
{
	struct aur__schema *s = d->schema;
	struct aur_domain *made = &s->domain[s->ndomain];
	struct aur_field *field =
	    aur_mem_new((size_t)h->nfield, sizeof(*field));
	char *name = aur_mem_dup(h->name.p, h->name.n);
	char *label = aur_mem_dup(h->label.p, h->label.n);

	if (field == NULL || name == NULL || label == NULL) {
		aur_mem_free(field);
		aur_mem_free(name);
		aur_mem_free(label);
		return AUR_ENOMEM;
	}
	*made = (struct aur_domain){.name = name,
	    .help = "",
	    .id = (uint16_t)(AUR_DOMAIN_COUNT + s->ndomain),
	    .key = (uint8_t)h->key,
	    .label = label,
	    .field = field};
	s->ndomain++;
	*ret_domain = made;
	return 0;
}

/* The row as the next field of a run-time domain; its index. */
static int make_field(const struct aur_domain *d, const struct row *r)
{
	struct aur_domain *made = (struct aur_domain *)(uintptr_t)d;
	struct aur_field *f =
	    (struct aur_field *)(uintptr_t)&d->field[d->nfield];

	f->name = aur_mem_dup(r->name.p, r->name.n);
	if (f->name == NULL)
		return AUR_ENOMEM;
	f->help = "";
	f->kind = (uint8_t)r->kind;
	f->sem = r->sem <= AUR_SEM_INFO ? (uint8_t)r->sem : AUR_SEM_GAUGE;
	f->unit =
	    r->unit <= AUR_UNIT_MILLISECONDS ? (uint8_t)r->unit : AUR_UNIT_NONE;
	f->scale = (int8_t)r->scale;
	return made->nfield++;
}

/* Index of the built-in field that the row means; -1 for none. */
static int find_field(const struct aur_domain *d, const struct row *r)
{
	int f = aur_domain_field(d, r->name);

	if (f < 0 || d->field[f].kind != r->kind ||
	    d->field[f].unit != r->unit || d->field[f].scale != r->scale)
		return -1;
	return f;
}

static int take_columns(struct aur__lane *l, struct aur_slice *in, bool builtin)
{
	for (unsigned c = 0; c < l->ncolumn; c++) {
		struct aur__column *column = &l->column[c];
		struct row r;
		int f, rc = take_row(in, &r);

		if (rc < 0)
			return rc;
		f = builtin ? find_field(l->domain, &r)
			    : make_field(l->domain, &r);
		if (f < 0 && !builtin)
			return f;
		for (unsigned before = 0; before < c; before++)
			if (l->column[before].field == f)
				f = -1;
		column->field = (int16_t)f;
		column->kind = (uint8_t)r.kind;
		column->grow = -1;
		if (f >= 0 && r.sem == AUR_SEM_COUNTER &&
		    r.kind != AUR_KIND_STR && r.kind != AUR_KIND_F64)
			column->grow = (int16_t)l->ngrow++;
	}
	return 0;
}

static bool is_taken(const struct aur_decoder *d, const struct head *h)
{
	for (size_t i = 0; i < d->nlane; i++)
		if (aur_slice_is(h->name, d->lane[i].domain->name))
			return true;
	return false;
}

static int take_domain(struct aur_decoder *d, struct aur_slice *in)
{
	const struct aur_domain *domain;
	struct aur__lane *l = &d->lane[d->nlane];
	struct head h;
	int rc = take_head(in, &h);

	if (rc < 0)
		return rc;
	/* a field is five bytes or more */
	if (h.nfield > in->n / 5 || is_taken(d, &h))
		return AUR_EPROTOCOL;
	domain = find_builtin(&h);
	if (domain == NULL) {
		rc = make_domain(d, &h, &domain);
		if (rc < 0)
			return rc;
	}
	rc = aur__lane_init(l, domain, (unsigned)h.nfield);
	if (rc < 0)
		return rc;
	d->nlane++;
	return take_columns(l, in, domain->id < AUR_DOMAIN_COUNT);
}

int aur__schema_take(struct aur_decoder *d, struct aur_slice in)
{
	struct aur_slice kind;
	uint64_t n;
	int rc = aur__take_text(&in, &kind);

	if (rc == 0)
		rc = aur__take_max(&in, AUR_MAX_DOMAINS, &n);
	if (rc < 0)
		return rc;
	if (n > in.n / 4)
		return AUR_EPROTOCOL;
	aur__schema_drop(d);
	d->schema = aur_mem_new(1, sizeof(*d->schema));
	if (d->schema == NULL)
		return AUR_ENOMEM;
	d->schema->keep = (struct aur_keep){1, free_schema};
	d->schema->domain = aur_mem_new((size_t)n, sizeof(struct aur_domain));
	d->lane = aur_mem_new((size_t)n, sizeof(*d->lane));
	if (d->schema->domain == NULL || d->lane == NULL)
		return AUR_ENOMEM;
	for (; rc == 0 && n > 0; n--)
		rc = take_domain(d, &in);
	return rc;
}
