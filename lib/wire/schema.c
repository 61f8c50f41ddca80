/* SPDX-License-Identifier: MIT */
/*
 * A stream's schema, read: lanes whose columns know their field here, or that
 * we lack it (model/schema.h).
 */
#include "base/err.h"
#include "base/mem.h"
#include "wire/decode_int.h"
#include "wire/pay.h"

void aur__schema_drop(struct aur_decoder *d)
{
	for (size_t i = 0; i < d->nlane; i++)
		aur__lane_release(&d->lane[i]);
	aur_mem_free(d->lane);
	d->lane = NULL;
	d->nlane = 0;
	if (d->schema != NULL)
		aur_keep_unref(aur_schema_keep(d->schema));
	d->schema = NULL;
}

static int take_head(struct aur_slice *in, struct aur_said_domain *h)
{
	int rc = aur__take_text(in, &h->name);

	if (rc == 0)
		rc = aur__take_text(in, &h->label);
	if (rc == 0)
		rc = aur__take_u64(in, &h->key);
	if (rc == 0)
		rc = aur__take_max(in, AUR_MAX_FIELDS, &h->nfield);
	return rc;
}

static int take_row(struct aur_slice *in, struct aur_said_field *r)
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
	return rc;
}

/* What the catalogue calls invalid broke the protocol. */
static int broken(int rc)
{
	return rc == AUR_EINVALID ? AUR_EPROTOCOL : rc;
}

static int take_columns(
    struct aur_decoder *d, struct aur__lane *l, struct aur_slice *in)
{
	int most = -1;

	for (unsigned c = 0; c < l->ncolumn; c++) {
		struct aur__column *column = &l->column[c];
		struct aur_said_field r = {.at = c};
		int f, rc = take_row(in, &r);

		if (rc < 0)
			return rc;
		f = aur_schema_field(d->schema, l->domain, &r);
		if (f < 0 && f != AUR_EABSENT)
			return broken(f);
		for (unsigned before = 0; f <= most && before < c; before++)
			if (l->column[before].field == f)
				f = -1;
		most = f > most ? f : most;
		column->field = (int16_t)f;
		column->kind = (uint8_t)r.kind;
		column->grow = -1;
		if (f >= 0 && r.sem == AUR_SEM_COUNTER &&
		    r.kind != AUR_KIND_STR && r.kind != AUR_KIND_F64)
			column->grow = (int16_t)l->ngrow++;
	}
	return 0;
}

static bool is_taken(
    const struct aur_decoder *d, const struct aur_said_domain *h)
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
	struct aur_said_domain h;
	int rc = take_head(in, &h);

	if (rc < 0)
		return rc;
	/* a field is five bytes or more */
	if (h.nfield > in->n / 5 || is_taken(d, &h))
		return AUR_EPROTOCOL;
	rc = aur_schema_domain(d->schema, &h, &domain);
	if (rc < 0)
		return broken(rc);
	rc = aur__lane_init(l, domain, (unsigned)h.nfield);
	if (rc < 0)
		return rc;
	d->nlane++;
	return take_columns(d, l, in);
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
	d->schema = aur_schema_new((size_t)n);
	d->lane = aur_mem_new((size_t)n, sizeof(*d->lane));
	if (d->schema == NULL || d->lane == NULL)
		return AUR_ENOMEM;
	for (; rc == 0 && n > 0; n--)
		rc = take_domain(d, &in);
	return rc;
}
