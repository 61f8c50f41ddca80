/* SPDX-License-Identifier: MIT */
/*
 * The catalogue: what can be measured. A domain is a table of fields and says
 * how its instances are told apart; a field is a name, a type, a unit and a
 * sentence. Everything that moves, stores or prints values is a loop over
 * these tables: adding a metric is a row in def/ and a reader.
 *
 *	const struct aur_domain *d = aur_domain_find("disk");
 *	for (size_t i = 0; i < d->nfield; i++)
 *		puts(d->field[i].name);
 *
 * Built-in domains live in def/domain.def and def/<domain>.def; others are
 * declared at run time by whoever brings them (a stream's schema), with the
 * same struct and an id of AUR_DOMAIN_COUNT or more.
 *
 * A row yields an enumerator and a descriptor, not a struct member:
 * AUR_DISK_read_bytes is the index of disk's field "read_bytes".
 *
 * Reading order of this room: domain.h, sample.h, rate.h, value.h, figure.h;
 * then, as needed, filter.h and metric.h, series.h, want.h, act.h, event.h
 * and, where all of it comes together, feed.h.
 */
#ifndef AUR_MODEL_DOMAIN_H
#define AUR_MODEL_DOMAIN_H

#include "base/slice.h"

/* What a cell's 64 bits mean. */
enum aur_kind {
	AUR_KIND_U64, /* unsigned; times 10^scale */
	AUR_KIND_I64, /* two's complement; times 10^scale */
	AUR_KIND_F64, /* the bits of a double */
	AUR_KIND_STR, /* id in the sample's string table */
};

/* How it may be read. */
enum aur_sem {
	AUR_SEM_COUNTER, /* only grows within a boot: its rate is of interest */
	AUR_SEM_GAUGE,   /* the value of this moment */
	AUR_SEM_INFO,    /* a fact that rarely changes */
};

enum aur_unit {
	AUR_UNIT_NONE, /* a plain number or text */
	AUR_UNIT_COUNT,
	AUR_UNIT_BYTES,
	AUR_UNIT_SECONDS,
	AUR_UNIT_HERTZ,
	AUR_UNIT_CELSIUS,
	AUR_UNIT_PERCENT,
	AUR_UNIT_BITS_PER_SECOND,
	AUR_UNIT_BOOL,
	AUR_UNIT_UNIX_TIME, /* seconds since 1970 */
	AUR_UNIT_CHAR,      /* an ASCII letter */
	/* units that only derived figures have */
	AUR_UNIT_BYTES_PER_SECOND,
	AUR_UNIT_PER_SECOND,
	AUR_UNIT_MILLISECONDS,
};

/* How instances of a domain are told apart; see struct aur_key. */
enum aur_key_kind {
	AUR_KEY_ONE,     /* there is just one */
	AUR_KEY_NUMBER,  /* a number */
	AUR_KEY_PROCESS, /* pid and start ticks */
	AUR_KEY_STRING,  /* a name */
	AUR_KEY_LABELS,  /* a label set, as canonical text a="b",c="d" */
};

struct aur_field {
	const char *name; /* snake_case, unique in its domain */
	const char *help; /* one sentence; where the value comes from */
	uint8_t kind;     /* enum aur_kind */
	uint8_t sem;      /* enum aur_sem */
	uint8_t unit;     /* enum aur_unit */
	int8_t scale;     /* value = cell * 10^scale; 0 for strings */
};

struct aur_domain {
	const char *name;
	const char *help;
	uint16_t id;       /* enum aur_domain_id, or higher */
	uint16_t nfield;   /* at most AUR_MAX_FIELDS */
	uint8_t key;       /* enum aur_key_kind */
	const char *label; /* what the key is called: "device"; "" for one */
	const struct aur_field *field;
};

enum aur_domain_id {
#define AUR_DOMAIN(ID, name, key, label, help) AUR_DOMAIN_##ID,
#include "model/def/domain.def"
#undef AUR_DOMAIN
	AUR_DOMAIN_COUNT
};

/* Field indexes: AUR_CPU_user, ... and AUR_CPU_COUNT, for every domain. */
#define AUR_FIELDS_BEGIN(ID) enum aur_##ID##_field {
#define AUR_FIELD(ID, name, kind, sem, unit, scale, help) AUR_##ID##_##name,
#define AUR_FIELDS_END(ID) AUR_##ID##_COUNT };
#include "model/def/fields.def"
#undef AUR_FIELDS_BEGIN
#undef AUR_FIELD
#undef AUR_FIELDS_END

/* The built-in domain with this id; id < AUR_DOMAIN_COUNT. */
const struct aur_domain *aur_domain_get(enum aur_domain_id id);

/* The built-in domain called `name`; NULL if none is. */
const struct aur_domain *aur_domain_find(const char *name);

/* The index of the field called `name` in `d`; -1 if none is. */
int aur_domain_field(const struct aur_domain *d, struct aur_slice name);

/* "counter", "bytes", "u64", "number": the words for the enums; static. */
const char *aur_kind_name(enum aur_kind kind);
const char *aur_sem_name(enum aur_sem sem);
const char *aur_unit_name(enum aur_unit unit);
const char *aur_key_kind_name(enum aur_key_kind key);

#endif
