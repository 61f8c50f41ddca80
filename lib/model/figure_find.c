/* SPDX-License-Identifier: MIT */
/*
 * The figures' tables, made of def/figure.def, and finding in them by name.
 * People leave the unit out ("cpu", "rss", "read"): what they wrote must then
 * be a figure's whole name but for the suffix that its unit gives it. Any
 * prefix was not taken: a figure added later would change what one means.
 */
#include "model/figure.h"

#include <assert.h>

/* The index of each group's first figure: the enumerator after a group's row
 * begins again at the same number. */
enum first {
#define AUR_GROUP(ID, name, many, domain, help)                                \
	FIRST_##ID, BEFORE_##ID = FIRST_##ID - 1,
#define AUR_FIGURE(group, name, type, unit, help) INDEX_##group##_##name,
#include "model/def/figure.def"
#undef AUR_FIGURE
#undef AUR_GROUP
};

/* The group of each figure: place / 256. */
enum place {
#define AUR_GROUP(ID, name, many, domain, help)                                \
	PLACE_##ID = AUR_GROUP_##ID * 256,
#define AUR_FIGURE(group, name, type, unit, help) PLACE_##group##_##name,
#include "model/def/figure.def"
#undef AUR_FIGURE
#undef AUR_GROUP
};

/* How many figures each group has: a byte for each, and one for the group. */
/* clang-format off */
struct count_none {
	char head;
#define AUR_GROUP(ID, name, many, domain, help) }; struct count_##ID { char head;
#define AUR_FIGURE(group, name, type, unit, help) char group##_##name;
#include "model/def/figure.def"
#undef AUR_FIGURE
#undef AUR_GROUP
};
/* clang-format on */

static const struct aur_group groups[] = {
#define AUR_GROUP(ID, name, many, domain, help)                                \
	{name, help, many, domain, (enum aur_figure_id)FIRST_##ID,             \
	    sizeof(struct count_##ID) - 1},
#define AUR_FIGURE(group, name, type, unit, help)
#include "model/def/figure.def"
#undef AUR_FIGURE
#undef AUR_GROUP
};

static const struct aur_figure figures[] = {
#define AUR_GROUP(ID, name, many, domain, help)
#define AUR_FIGURE(group, name, type, unit, help)                              \
	{#name, help, (enum aur_group_id)(PLACE_##group##_##name / 256),       \
	    AUR_VALUE_##type, AUR_UNIT_##unit},
#include "model/def/figure.def"
#undef AUR_FIGURE
#undef AUR_GROUP
};

const struct aur_group *aur_group_get(enum aur_group_id id)
{
	assert((size_t)id < AUR_GROUP_COUNT);
	return &groups[id];
}

const struct aur_figure *aur_figure_get(enum aur_figure_id id)
{
	assert((size_t)id < AUR_FIG_COUNT);
	return &figures[id];
}

int aur_group_find(struct aur_slice name)
{
	for (int i = 0; i < AUR_GROUP_COUNT; i++)
		if (aur_slice_is(name, groups[i].name))
			return i;
	return -1;
}

/* What `unit` may add to a name; NULL ends. */
static const char *const *suffixes(enum aur_unit unit)
{
	static const char *const none[] = {NULL};
	static const char *const bytes[] = {"_bytes", NULL};
	static const char *const seconds[] = {"_seconds", NULL};
	static const char *const hertz[] = {"_hertz", NULL};
	static const char *const percent[] = {"_percent", NULL};
	static const char *const count[] = {"_bits", NULL};
	static const char *const ms[] = {"_ms", NULL};
	static const char *const bits_rate[] = {
	    "_bits_per_second", "_per_second", NULL};
	static const char *const bytes_rate[] = {
	    "_bytes_per_second", "_per_second", NULL};
	static const char *const rate[] = {"_per_second", NULL};

	switch (unit) {
	case AUR_UNIT_BYTES:
		return bytes;
	case AUR_UNIT_SECONDS:
		return seconds;
	case AUR_UNIT_HERTZ:
		return hertz;
	case AUR_UNIT_PERCENT:
		return percent;
	case AUR_UNIT_COUNT:
		return count;
	case AUR_UNIT_MILLISECONDS:
		return ms;
	case AUR_UNIT_BITS_PER_SECOND:
		return bits_rate;
	case AUR_UNIT_BYTES_PER_SECOND:
		return bytes_rate;
	case AUR_UNIT_PER_SECOND:
		return rate;
	default:
		return none;
	}
}

/* Whether `name` and one of the unit's suffixes make the figure's name. */
static bool is_short_for(const struct aur_figure *f, struct aur_slice name)
{
	struct aur_slice whole = aur_slice_str(f->name);

	if (name.n == 0 || name.n >= whole.n ||
	    memcmp(whole.p, name.p, name.n) != 0)
		return false;
	for (const char *const *s = suffixes(f->unit); *s != NULL; s++)
		if (strcmp(f->name + name.n, *s) == 0)
			return true;
	return false;
}

/* Words that would mean two figures, or none, and plainly mean one. */
static int alias(enum aur_group_id group, struct aur_slice name)
{
	static const struct {
		const char *word;
		enum aur_figure_id figure;
	} of_processes[] = {
	    {"cpu", AUR_FIG_processes_cpu_percent},
	    {"mem", AUR_FIG_processes_memory_percent},
	    {"memory", AUR_FIG_processes_memory_percent},
	    {"container", AUR_FIG_processes_container_name},
	};

	if (group != AUR_GROUP_PROCESSES)
		return -1;
	for (size_t i = 0; i < AUR_ARRAY_LEN(of_processes); i++)
		if (aur_slice_is(name, of_processes[i].word))
			return (int)of_processes[i].figure;
	return -1;
}

int aur_figure_find(enum aur_group_id group, struct aur_slice name)
{
	const struct aur_group *g = aur_group_get(group);
	int found = -1;

	for (size_t i = g->first; i < g->first + g->n; i++)
		if (aur_slice_is(name, figures[i].name))
			return (int)i;
	found = alias(group, name);
	if (found >= 0)
		return found;
	for (size_t i = g->first; i < g->first + g->n; i++) {
		if (!is_short_for(&figures[i], name))
			continue;
		if (found >= 0)
			return -1;
		found = (int)i;
	}
	return found;
}
