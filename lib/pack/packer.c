/* SPDX-License-Identifier: MIT */
/*
 * Samples go into columns that grow. A sample is added in two steps: what it
 * needs is counted and got, then everything is put down, which cannot fail.
 * The parts of it are packer_part.c's.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

#define SPAN_NS (3600 * AUR_SECOND_NS)
/* An entry of the string table, its slot, and their slack. */
#define STRING_COST 72u

int aur_packer_new(struct aur_packer **ret_p)
{
	struct aur_packer *p = aur_mem_new(1, sizeof(*p));

	if (p == NULL)
		return AUR_ENOMEM;
	p->limit = AUR_MAX_SPAN_BYTES;
	*ret_p = p;
	return 0;
}

static void release_domain(struct aur__kept_domain *d)
{
	aur_keep_unref(d->keep);
	aur_mem_free(d->inst);
	aur_mem_free(d->column);
	aur_mem_free(d->was);
	aur_mem_free(d->differ);
	aur_mem_free(d->by_name);
	aur_mem_free(d->toggle);
	aur_mem_free(d->at);
}

void aur__packer_clear(struct aur_packer *p)
{
	for (size_t i = 0; i < p->ndomain; i++)
		release_domain(&p->domain[i]);
	aur_mem_free(p->domain);
	aur__pool_release(&p->pool);
	aur_strs_unref(p->strs);
	aur_strs_unref(p->from);
	*p = (struct aur_packer){.limit = AUR_MAX_SPAN_BYTES};
}

void aur_packer_free(struct aur_packer *p)
{
	if (p == NULL)
		return;
	aur__packer_clear(p);
	aur_mem_free(p);
}

size_t aur_packer_rows(const struct aur_packer *p)
{
	return p->rows;
}

static size_t domain_bytes(const struct aur__kept_domain *d)
{
	return sizeof(*d) + d->inst_cap * sizeof(*d->inst) +
	       d->column_cap * (d->domain->nfield + 1u) * sizeof(*d->column) +
	       d->was_cap * aur__kept_width(d) * sizeof(*d->was) +
	       d->differ_cap * aur__kept_words(d) * sizeof(*d->differ) +
	       d->name_cap * sizeof(*d->by_name) +
	       d->toggle_cap * sizeof(*d->toggle) + d->at_cap * sizeof(*d->at);
}

size_t aur_packer_bytes(const struct aur_packer *p)
{
	size_t n = sizeof(*p) + aur__pool_bytes(&p->pool);

	for (size_t i = 0; i < p->ndomain; i++)
		n += domain_bytes(&p->domain[i]);
	if (p->strs != NULL)
		n += aur_strs_bytes(p->strs) +
		     (size_t)aur_strs_end(p->strs) * STRING_COST;
	return n;
}

/* --- domains -------------------------------------------------------------- */

static bool is_kept(const struct aur_domain *d)
{
	return d->key != AUR_KEY_PROCESS;
}

static bool is_same_field(const struct aur_field *a, const struct aur_field *b)
{
	return a->kind == b->kind && a->unit == b->unit &&
	       a->scale == b->scale && strcmp(a->name, b->name) == 0;
}

/* Whether columns of one suit the other. */
static bool is_same_domain(
    const struct aur_domain *a, const struct aur_domain *b)
{
	if (a->key != b->key || a->nfield != b->nfield)
		return false;
	for (unsigned f = 0; f < a->nfield; f++)
		if (!is_same_field(&a->field[f], &b->field[f]))
			return false;
	return true;
}

static struct aur__kept_domain *find_name(
    struct aur_packer *p, const char *name)
{
	for (size_t i = 0; i < p->ndomain; i++)
		if (strcmp(p->domain[i].domain->name, name) == 0)
			return &p->domain[i];
	return NULL;
}

/* The domain that takes this part; NULL if none does. */
static struct aur__kept_domain *find_domain(
    struct aur_packer *p, const struct aur_domain *domain)
{
	struct aur__kept_domain *d;
	size_t at;

	if (domain->id < AUR_DOMAIN_COUNT) {
		at = p->by_id[domain->id];
		if (at < p->ndomain && p->domain[at].domain == domain)
			return &p->domain[at];
	}
	for (size_t i = 0; i < p->ndomain; i++)
		if (p->domain[i].domain == domain)
			return &p->domain[i];
	d = find_name(p, domain->name);
	return d != NULL && is_same_domain(d->domain, domain) ? d : NULL;
}

static struct aur__kept_domain *new_domain(struct aur_packer *p,
    const struct aur_domain *domain, struct aur_keep *keep)
{
	struct aur__kept_domain *d =
	    aur_mem_grow(p->domain, p->ndomain + 1, sizeof(*d));

	if (d == NULL)
		return NULL;
	p->domain = d;
	if (domain->id < AUR_DOMAIN_COUNT)
		p->by_id[domain->id] = (uint16_t)p->ndomain;
	d = &p->domain[p->ndomain++];
	*d = (struct aur__kept_domain){.domain = domain, .keep = keep};
	for (unsigned f = 0; f < domain->nfield; f++)
		if (domain->field[f].kind == AUR_KIND_STR)
			d->text[f / 64] |= (uint64_t)1 << (f % 64);
	if (keep != NULL)
		keep->refs++;
	return d;
}

/* The domain that takes this part, made if need be; NULL where another of
 * that name in the same sample has come first, or its name is too long. */
static int make_domain(struct aur_packer *p, const struct aur_domain *domain,
    struct aur_keep *keep, struct aur__kept_domain **ret_d)
{
	struct aur__kept_domain *d = find_domain(p, domain);

	if (domain->id < AUR_DOMAIN_COUNT)
		keep = NULL;
	*ret_d = d;
	if (d == NULL && strlen(domain->name) > AUR_MAX_BLOCK_NAME)
		return 0;
	if (d == NULL) {
		d = find_name(p, domain->name);
		if (d != NULL)
			return d->rows > 0 ? AUR_ELIMIT : 0;
		*ret_d = new_domain(p, domain, keep);
		return *ret_d != NULL ? 0 : AUR_ENOMEM;
	}
	if (d->domain == domain)
		return 0;
	/* the same as another stream, or block, describes it */
	if (keep != NULL)
		keep->refs++;
	aur_keep_unref(d->keep);
	d->domain = domain;
	d->keep = keep;
	return 0;
}

/* --- a sample ------------------------------------------------------------- */

static void times_of(const struct aur_sample *s, uint64_t v[AUR__TIME_COLUMNS])
{
	int64_t mono = aur__pack_ticks(s->mono.ns);

	v[AUR__TIME_MONO] = (uint64_t)mono;
	v[AUR__TIME_BOOT] =
	    (uint64_t)aur__pack_ticks(s->boot.ns) - (uint64_t)mono;
	v[AUR__TIME_WALL] =
	    (uint64_t)aur__pack_ticks(s->wall.ns) - (uint64_t)mono;
	v[AUR__TIME_SEQ] = s->seq;
	v[AUR__TIME_MISSED] = s->missed;
	v[AUR__TIME_INTERVAL] = (uint64_t)s->interval.ns;
}

static bool is_full(const struct aur_packer *p, const struct aur_sample *s)
{
	if (p->rows == 0)
		return false;
	return memcmp(p->boot_id, s->boot_id, sizeof(p->boot_id)) != 0 ||
	       aur__pack_ticks(s->mono.ns) <= aur__pack_ticks(p->mono.ns) ||
	       p->rows >= AUR_MAX_SPAN_ROWS ||
	       aur_mono_since(s->boot, p->first).ns >= SPAN_NS ||
	       aur_packer_bytes(p) >= p->limit;
}

static int prepare_all(struct aur_packer *p, const struct aur_sample *s,
    const uint64_t v[AUR__TIME_COLUMNS])
{
	size_t chunks = 0;
	int rc = 0;

	if (p->from != s->strs) {
		aur_strs_unref(p->from);
		p->from = aur_strs_ref(s->strs);
		aur__part_forget(p);
	}
	if (p->strs == NULL)
		p->strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (p->strs == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; rc == 0 && i < s->npart; i++) {
		struct aur__kept_domain *d = NULL;

		if (!is_kept(s->part[i].domain))
			continue;
		rc = make_domain(p, s->part[i].domain, s->keep, &d);
		if (rc == 0 && d != NULL)
			rc = aur__part_prepare(p, d, &s->part[i], &chunks);
	}
	for (size_t i = 0; rc == 0 && i < p->ndomain; i++)
		rc = aur__part_prepare_gone(&p->domain[i]);
	for (size_t i = 0; i < AUR__TIME_COLUMNS; i++)
		chunks += aur__growing_need(
		    &p->time[i].growing, p->time[i].last, v[i]);
	return rc == 0 ? aur__pool_reserve(&p->pool, chunks) : rc;
}

static void put_times(struct aur_packer *p, const struct aur_sample *s,
    const uint64_t v[AUR__TIME_COLUMNS])
{
	for (size_t i = 0; i < AUR__TIME_COLUMNS; i++)
		aur__growing_add(&p->time[i].growing, &p->pool,
		    &p->time[i].last, v[i], p->rows);
	if (p->rows == 0) {
		memcpy(p->boot_id, s->boot_id, sizeof(p->boot_id));
		p->first = s->boot;
		p->from_wall = s->wall;
		p->to_wall = s->wall;
	}
	if (s->wall.ns < p->from_wall.ns)
		p->from_wall = s->wall;
	if (s->wall.ns > p->to_wall.ns)
		p->to_wall = s->wall;
	p->mono = s->mono;
}

static void put_all(struct aur_packer *p, const struct aur_sample *s)
{
	for (size_t i = 0; i < s->npart; i++) {
		const struct aur_part *part = &s->part[i];
		struct aur__kept_domain *d = NULL;

		if (is_kept(part->domain))
			d = find_domain(p, part->domain);
		if (d != NULL && d->last != p->rows + 1)
			aur__part_put(p, d, part);
	}
	for (size_t i = 0; i < p->ndomain; i++) {
		struct aur__kept_domain *d = &p->domain[i];

		if (d->here && d->last != p->rows + 1)
			aur__part_gone(p, d);
	}
}

int aur_packer_add(struct aur_packer *p, const struct aur_sample *s)
{
	uint64_t v[AUR__TIME_COLUMNS];
	int rc;

	if (is_full(p, s))
		return AUR_ELIMIT;
	times_of(s, v);
	rc = prepare_all(p, s, v);
	if (rc < 0)
		return rc;
	put_times(p, s, v);
	put_all(p, s);
	p->rows++;
	/* where one sample takes much, an hour may take twice of it */
	if (p->rows == 1 && 2 * aur_packer_bytes(p) > p->limit)
		p->limit = 2 * aur_packer_bytes(p);
	return 0;
}
