/* SPDX-License-Identifier: MIT */
/*
 * A catalogue that somebody else brought: the schema of a stream, the columns
 * of a packed block. A domain that we have by name and key is ours, and each
 * of its fields is matched by name; one with another kind, unit or scale would
 * be misread, so we lack it. A domain that we lack is made of what was said,
 * and lives as long as a sample that has it.
 *
 *	schema = aur_schema_new(1);
 *	rc = aur_schema_domain(schema, &said, &domain);
 *	for each field that was said:
 *		f = aur_schema_field(schema, domain, &field);
 *	aur_sample_keep(sample, aur_schema_keep(schema));
 *	aur_keep_unref(aur_schema_keep(schema));
 *
 * What is said is hostile: words of enums are checked here, counts are not
 * believed for more memory than their maximum takes.
 */
#ifndef AUR_MODEL_SCHEMA_H
#define AUR_MODEL_SCHEMA_H

#include "base/compiler.h"
#include "model/sample.h"

struct aur_schema;

/* A domain's head and a field, as they were said. */
struct aur_said_domain {
	struct aur_slice name, label;
	uint64_t key, nfield;
};
struct aur_said_field {
	struct aur_slice name;
	uint64_t kind, sem, unit;
	int64_t scale;
	unsigned at; /* our field of that name is here, probably */
};

/* For `ndomain` domains at most, with one reference, which is dropped by
 * aur_keep_unref. NULL: out of memory. */
AUR_MUST_CHECK struct aur_schema *aur_schema_new(size_t ndomain);
struct aur_keep *aur_schema_keep(struct aur_schema *s);

/* Our domain that is meant, or a new one without fields. 0, AUR_EINVALID (a
 * name that may not stand in a terminal, a path of JSON, a query; an unknown
 * key), AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_schema_domain(struct aur_schema *s,
    const struct aur_said_domain *said, const struct aur_domain **ret_domain);

/* Index of the field that is meant, in a domain of aur_schema_domain; in one
 * that was made it is added. AUR_EABSENT (ours, but it lacks this),
 * AUR_EINVALID, AUR_ELIMIT (more than were said), AUR_ENOMEM. */
AUR_MUST_CHECK int aur_schema_field(struct aur_schema *s,
    const struct aur_domain *d, const struct aur_said_field *said);

#endif
