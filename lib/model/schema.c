/* SPDX-License-Identifier: MIT */
/*
 * Domains made at run time are written to through the schema, which owns
 * them; everybody else has them as const, like those of the program.
 */
#include "model/schema.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#define NAME_MAX_BYTES 64u
#define SCALE_MAX 18

/* A domain and the room that its fields have. */
struct made {
	struct aur_domain domain; /* first: it is what others point to */
	struct aur_field *field;
	size_t room;
};

struct aur_schema {
	struct aur_keep keep; /* first: it is what samples hold */
	struct made *made;
	size_t n, cap;
};

static void free_schema(struct aur_keep *keep)
{
	struct aur_schema *s = (struct aur_schema *)(void *)keep;

	for (size_t i = 0; i < s->n; i++) {
		struct made *m = &s->made[i];

		for (unsigned f = 0; f < m->domain.nfield; f++)
			aur_mem_free((void *)(uintptr_t)m->field[f].name);
		aur_mem_free(m->field);
		aur_mem_free((void *)(uintptr_t)m->domain.name);
		aur_mem_free((void *)(uintptr_t)m->domain.label);
	}
	aur_mem_free(s->made);
	aur_mem_free(s);
}

struct aur_schema *aur_schema_new(size_t ndomain)
{
	struct aur_schema *s = aur_mem_new(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->keep = (struct aur_keep){1, free_schema};
	s->made = aur_mem_new(ndomain, sizeof(*s->made));
	s->cap = ndomain;
	if (s->made == NULL && ndomain > 0) {
		aur_mem_free(s);
		return NULL;
	}
	return s;
}

struct aur_keep *aur_schema_keep(struct aur_schema *s)
{
	return &s->keep;
}

static bool is_name(struct aur_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!(c == '_' || c == '.' || c == ':' || c == '-' ||
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z')))
			return false;
	}
	return s.n > 0 && s.n <= NAME_MAX_BYTES;
}

static const struct aur_domain *find_builtin(const struct aur_said_domain *said)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++) {
		const struct aur_domain *d =
		    aur_domain_get((enum aur_domain_id)id);

		if (aur_slice_is(said->name, d->name))
			return d->key == said->key ? d : NULL;
	}
	return NULL;
}

static int make_domain(struct aur_schema *s, const struct aur_said_domain *said,
    const struct aur_domain **ret_domain)
{
	struct made *m = &s->made[s->n];
	char *name, *label;

	if (s->n == s->cap)
		return AUR_ELIMIT;
	m->field = aur_mem_new((size_t)said->nfield, sizeof(*m->field));
	name = aur_mem_dup(said->name.p, said->name.n);
	label = aur_mem_dup(said->label.p, said->label.n);
	if (m->field == NULL || name == NULL || label == NULL) {
		aur_mem_free(m->field);
		aur_mem_free(name);
		aur_mem_free(label);
		return AUR_ENOMEM;
	}
	m->room = (size_t)said->nfield;
	m->domain = (struct aur_domain){.name = name,
	    .help = "",
	    .id = (uint16_t)(AUR_DOMAIN_COUNT + s->n),
	    .key = (uint8_t)said->key,
	    .label = label,
	    .field = m->field};
	s->n++;
	*ret_domain = &m->domain;
	return 0;
}

int aur_schema_domain(struct aur_schema *s, const struct aur_said_domain *said,
    const struct aur_domain **ret_domain)
{
	const struct aur_domain *d;

	if (said->key > AUR_KEY_LABELS || !is_name(said->name) ||
	    (said->label.n > 0 && !is_name(said->label)))
		return AUR_EINVALID;
	if (said->nfield > AUR_MAX_FIELDS)
		return AUR_ELIMIT;
	d = find_builtin(said);
	if (d == NULL)
		return make_domain(s, said, ret_domain);
	*ret_domain = d;
	return 0;
}

static int make_field(struct made *m, const struct aur_said_field *said)
{
	struct aur_field *f = &m->field[m->domain.nfield];

	if (m->domain.nfield == m->room)
		return AUR_ELIMIT;
	f->name = aur_mem_dup(said->name.p, said->name.n);
	if (f->name == NULL)
		return AUR_ENOMEM;
	f->help = "";
	f->kind = (uint8_t)said->kind;
	f->sem = said->sem <= AUR_SEM_INFO ? (uint8_t)said->sem : AUR_SEM_GAUGE;
	f->unit = said->unit <= AUR_UNIT_MILLISECONDS ? (uint8_t)said->unit
						      : AUR_UNIT_NONE;
	f->scale = (int8_t)said->scale;
	return m->domain.nfield++;
}

static struct made *find_made(
    const struct aur_schema *s, const struct aur_domain *d)
{
	for (size_t i = 0; i < s->n; i++)
		if (&s->made[i].domain == d)
			return &s->made[i];
	return NULL;
}

static int find_field(
    const struct aur_domain *d, const struct aur_said_field *said)
{
	if (said->at < d->nfield &&
	    aur_slice_is(said->name, d->field[said->at].name))
		return (int)said->at;
	return aur_domain_field(d, said->name);
}

int aur_schema_field(struct aur_schema *s, const struct aur_domain *d,
    const struct aur_said_field *said)
{
	struct made *m = find_made(s, d);
	int f;

	if (said->kind > AUR_KIND_STR || !is_name(said->name) ||
	    said->scale < -SCALE_MAX || said->scale > SCALE_MAX)
		return AUR_EINVALID;
	if (m != NULL)
		return make_field(m, said);
	f = find_field(d, said);
	if (f < 0 || d->field[f].kind != said->kind ||
	    d->field[f].unit != said->unit || d->field[f].scale != said->scale)
		return AUR_EABSENT;
	return f;
}
