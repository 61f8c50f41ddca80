/* SPDX-License-Identifier: MIT */
/*
 * The catalogue's tables, made of def/ by including it twice: once for the
 * fields of each domain, once for the domains. Finding is a walk from the
 * front: there are some twenty domains of some twenty fields, and what is
 * asked for often (a cell) is reached by its enumerator, not by name.
 */
#include "model/domain.h"

#include "base/compiler.h"
#include "base/limits.h"

#include <assert.h>

#define AUR_FIELDS_BEGIN(ID) static const struct aur_field fields_##ID[] = {
#define AUR_FIELD(ID, name, kind, sem, unit, scale, help)                      \
	{#name, help, AUR_KIND_##kind, AUR_SEM_##sem, AUR_UNIT_##unit, scale},
#define AUR_FIELDS_END(ID)                                                     \
	}                                                                      \
	;                                                                      \
	_Static_assert(AUR_##ID##_COUNT <= AUR_MAX_FIELDS, #ID);
#include "model/def/fields.def"
#undef AUR_FIELDS_BEGIN
#undef AUR_FIELD
#undef AUR_FIELDS_END

_Static_assert(AUR_DOMAIN_COUNT <= 64, "a want names domains in one word");
_Static_assert(AUR_PROCESS_COUNT <= 64, "and process fields in another");

static const struct aur_domain domains[] = {
#define AUR_DOMAIN(ID, name, key, label, help)                                 \
	{name, help, AUR_DOMAIN_##ID, AUR_##ID##_COUNT, AUR_KEY_##key, label,  \
	    fields_##ID},
#include "model/def/domain.def"
#undef AUR_DOMAIN
};

const struct aur_domain *aur_domain_get(enum aur_domain_id id)
{
	assert((size_t)id < AUR_DOMAIN_COUNT);
	return &domains[id];
}

const struct aur_domain *aur_domain_find(const char *name)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(domains); i++)
		if (strcmp(domains[i].name, name) == 0)
			return &domains[i];
	return NULL;
}

int aur_domain_field(const struct aur_domain *d, struct aur_slice name)
{
	for (int i = 0; i < d->nfield; i++)
		if (aur_slice_is(name, d->field[i].name))
			return i;
	return -1;
}

const char *aur_kind_name(enum aur_kind kind)
{
	switch (kind) {
	case AUR_KIND_U64:
		return "u64";
	case AUR_KIND_I64:
		return "i64";
	case AUR_KIND_F64:
		return "f64";
	case AUR_KIND_STR:
		return "string";
	}
	return "unknown";
}

const char *aur_sem_name(enum aur_sem sem)
{
	switch (sem) {
	case AUR_SEM_COUNTER:
		return "counter";
	case AUR_SEM_GAUGE:
		return "gauge";
	case AUR_SEM_INFO:
		return "info";
	}
	return "unknown";
}

const char *aur_unit_name(enum aur_unit unit)
{
	static const char *const name[] = {
	    [AUR_UNIT_NONE] = "none",
	    [AUR_UNIT_COUNT] = "count",
	    [AUR_UNIT_BYTES] = "bytes",
	    [AUR_UNIT_SECONDS] = "seconds",
	    [AUR_UNIT_HERTZ] = "hertz",
	    [AUR_UNIT_CELSIUS] = "celsius",
	    [AUR_UNIT_PERCENT] = "percent",
	    [AUR_UNIT_BITS_PER_SECOND] = "bits_per_second",
	    [AUR_UNIT_BOOL] = "bool",
	    [AUR_UNIT_UNIX_TIME] = "unix_time",
	    [AUR_UNIT_CHAR] = "char",
	    [AUR_UNIT_BYTES_PER_SECOND] = "bytes_per_second",
	    [AUR_UNIT_PER_SECOND] = "per_second",
	    [AUR_UNIT_MILLISECONDS] = "milliseconds",
	};

	return (size_t)unit < AUR_ARRAY_LEN(name) ? name[unit] : "unknown";
}

const char *aur_key_kind_name(enum aur_key_kind key)
{
	switch (key) {
	case AUR_KEY_ONE:
		return "one";
	case AUR_KEY_NUMBER:
		return "number";
	case AUR_KEY_PROCESS:
		return "process";
	case AUR_KEY_STRING:
		return "string";
	case AUR_KEY_LABELS:
		return "labels";
	}
	return "unknown";
}
