/* SPDX-License-Identifier: MIT */
/* The catalogue keeps its own rules: names, help, units, sizes. */
#include "model/domain.h"

#include "base/limits.h"
#include "model/figure_int.h"
#include "tests/harness/tap.h"

static bool is_snake(const char *s)
{
	if (s[0] < 'a' || s[0] > 'z')
		return false;
	for (; *s != '\0'; s++)
		if ((*s < 'a' || *s > 'z') && (*s < '0' || *s > '9') &&
		    *s != '_')
			return false;
	return s[-1] != '_';
}

static bool is_sentence(const char *s)
{
	size_t n = strlen(s);

	return n > 3 && (s[n - 1] == '.' || s[n - 1] == ')') &&
	       strchr(s, '\n') == NULL;
}

static bool ends(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n > m && strcmp(s + n - m, tail) == 0;
}

static void check_domain(const struct aur_domain *d)
{
	bool good = true;

	for (size_t i = 0; i < d->nfield; i++) {
		const struct aur_field *f = &d->field[i];
		int at = aur_domain_field(d, aur_slice_str(f->name));

		if (is_snake(f->name) && is_sentence(f->help) && at == (int)i &&
		    (f->kind != AUR_KIND_STR || f->scale == 0) &&
		    (f->kind != AUR_KIND_STR || f->sem != AUR_SEM_COUNTER))
			continue;
		printf("# %s.%s\n", d->name, f->name);
		good = false;
	}
	tap_ok(good && d->nfield > 0 && d->nfield <= AUR_MAX_FIELDS,
	    "%s: fields are named once, in snake_case, and explained", d->name);
	tap_ok((d->key == AUR_KEY_ONE) == (d->label[0] == '\0'),
	    "%s: its key has a name if it needs one", d->name);
	tap_ok(is_snake(d->name) && is_sentence(d->help) &&
		   aur_domain_find(d->name) == d,
	    "%s: is found by its name, and explained", d->name);
}

/* The suffix that a figure of this unit must have; NULL: none. */
static const char *suffix(enum aur_unit unit)
{
	switch (unit) {
	case AUR_UNIT_BYTES:
		return "_bytes";
	case AUR_UNIT_SECONDS:
		return "_seconds";
	case AUR_UNIT_HERTZ:
		return "_hertz";
	case AUR_UNIT_PERCENT:
		return "_percent";
	case AUR_UNIT_MILLISECONDS:
		return "_ms";
	case AUR_UNIT_BITS_PER_SECOND:
		return "_bits_per_second";
	case AUR_UNIT_BYTES_PER_SECOND:
		return "_bytes_per_second";
	case AUR_UNIT_PER_SECOND:
		return "_per_second";
	default:
		return NULL;
	}
}

static bool check_figure(enum aur_figure_id id)
{
	const struct aur_figure *f = aur_figure_get(id);
	const char *tail = suffix(f->unit);
	int found = aur_figure_find(f->group, aur_slice_str(f->name));

	if (is_snake(f->name) && is_sentence(f->help) && found == (int)id &&
	    (tail == NULL || ends(f->name, tail)) &&
	    (f->unit != AUR_UNIT_CELSIUS || strcmp(f->name, "celsius") == 0) &&
	    f->type != AUR_VALUE_NULL &&
	    (f->unit != AUR_UNIT_BOOL || f->type == AUR_VALUE_BOOL) &&
	    aur__source[id].how != AUR__HOW_NONE)
		return true;
	printf("# %s.%s\n", aur_group_get(f->group)->name, f->name);
	return false;
}

/* Of the group's domain, or one beside it that is one thing; numbers, and only
 * counters grow. */
static bool check_formula(
    const struct aur_figure *f, const struct aur__formula *m)
{
	const struct aur_domain *d = aur_domain_get(m->domain);
	bool good = m->n > 0 && m->n <= AUR__INPUTS && m->fn != NULL &&
		    (f->type == AUR_VALUE_INT || f->type == AUR_VALUE_REAL) &&
		    (m->domain == aur_group_get(f->group)->domain ||
			(aur_group_reads(f->group) >> m->domain & 1 &&
			    d->key == AUR_KEY_ONE));

	for (size_t i = 0; good && i < m->n; i++) {
		const struct aur__input *in = &m->input[i];
		bool is =
		    in->how == AUR__INPUT_CELL || in->how == AUR__INPUT_WAS;

		if (in->how == AUR__INPUT_CPUS) {
			good = in->field == AUR_CPU_count;
			continue;
		}

		good = in->field < d->nfield &&
		       d->field[in->field].kind != AUR_KIND_STR &&
		       is == (d->field[in->field].sem != AUR_SEM_COUNTER);
	}
	return good;
}

/* A cell must be of the kind that the figure's type can show. */
static bool check_source(enum aur_figure_id id)
{
	const struct aur_figure *f = aur_figure_get(id);
	const struct aur__source *src = &aur__source[id];
	const struct aur_domain *d =
	    aur_domain_get(aur_group_get(f->group)->domain);
	bool text = f->type == AUR_VALUE_TEXT || f->type == AUR_VALUE_LIST;
	bool good = true;

	switch ((enum aur__how)src->how) {
	case AUR__HOW_CELL:
	case AUR__HOW_WORD:
		good = src->field < d->nfield &&
		       (d->field[src->field].kind == AUR_KIND_STR) == text;
		break;
	case AUR__HOW_RATE:
	case AUR__HOW_SHARE:
		good = src->field < d->nfield &&
		       d->field[src->field].sem == AUR_SEM_COUNTER &&
		       f->type == AUR_VALUE_REAL;
		break;
	case AUR__HOW_MODES:
		good = f->type == AUR_VALUE_REAL &&
		       (d->id == AUR_DOMAIN_CPU || d->id == AUR_DOMAIN_CORE);
		break;
	case AUR__HOW_NAME:
		good = text && d->key == AUR_KEY_STRING;
		break;
	case AUR__HOW_TOTAL:
		good = src->field < d->nfield && src->counted < d->nfield &&
		       d->field[src->field].sem == AUR_SEM_COUNTER &&
		       d->field[src->counted].sem != AUR_SEM_COUNTER &&
		       f->type == AUR_VALUE_REAL;
		break;
	case AUR__HOW_FORMULA:
		good = check_formula(f, src->formula);
		break;
	case AUR__HOW_MADE:
		/* graphs are drawn of columns, which have no such figures */
		good = src->make != NULL &&
		       (text || f->group == AUR_GROUP_PROCESSES ||
			   id == aur_group_get(f->group)->first);
		break;
	case AUR__HOW_NONE:
		good = false;
	}
	if (!good)
		printf("# %s.%s\n", aur_group_get(f->group)->name, f->name);
	return good;
}

static void check_groups(void)
{
	size_t next = 0;

	for (int g = 0; g < AUR_GROUP_COUNT; g++) {
		const struct aur_group *group = aur_group_get(g);
		bool good = group->first == next && group->n > 0;

		for (size_t i = next; i < next + group->n; i++)
			good = good && i < AUR_FIG_COUNT &&
			       aur_figure_get(i)->group == (enum aur_group_id)g;
		next += group->n;
		tap_ok(good && is_snake(group->name) &&
			   is_sentence(group->help) &&
			   aur_group_find(aur_slice_str(group->name)) == g,
		    "%s: a run of figures, found by name, explained",
		    group->name);
	}
	tap_eq_u64(next, AUR_FIG_COUNT, "each figure is in one group");
}

static void check_words(void)
{
	tap_eq_str(aur_kind_name(AUR_KIND_STR), "string", "kinds have words");
	tap_eq_str(aur_sem_name(AUR_SEM_COUNTER), "counter", "so have uses");
	tap_eq_str(aur_unit_name(AUR_UNIT_BYTES_PER_SECOND), "bytes_per_second",
	    "and units");
	tap_eq_str(aur_key_kind_name(AUR_KEY_NUMBER), "number", "and keys");
	tap_eq_str(aur_unit_name((enum aur_unit)99), "unknown",
	    "a unit that is none has a word too");
	tap_ok(aur_domain_find("nothing") == NULL, "no such domain");
	tap_eq_int(aur_domain_field(
		       aur_domain_get(AUR_DOMAIN_CPU), aur_slice_str("users")),
	    -1, "no such field");
	tap_eq_int(aur_group_find(aur_slice_str("disk")), -1, "no such group");
}

static void finds(enum aur_group_id group, const char *name, int want)
{
	char text[80];

	snprintf(
	    text, sizeof(text), "%s: '%s'", aur_group_get(group)->name, name);
	tap_eq_int(aur_figure_find(group, aur_slice_str(name)), want, text);
}

static void check_short_names(void)
{
	enum aur_group_id p = AUR_GROUP_PROCESSES;

	finds(p, "cpu", AUR_FIG_processes_cpu_percent);
	finds(p, "cpu_seconds", AUR_FIG_processes_cpu_seconds);
	finds(p, "rss", AUR_FIG_processes_rss_bytes);
	finds(p, "mem", AUR_FIG_processes_memory_percent);
	finds(p, "memory", AUR_FIG_processes_memory_percent);
	finds(p, "container", AUR_FIG_processes_container_name);
	finds(p, "read", AUR_FIG_processes_read_bytes_per_second);
	finds(p, "read_bytes", AUR_FIG_processes_read_bytes_per_second);
	finds(p, "user", AUR_FIG_processes_user);
	finds(p, "use", -1);
	finds(p, "rs", -1);
	finds(p, "", -1);
	finds(AUR_GROUP_DISKS, "read", AUR_FIG_disks_read_bytes_per_second);
	finds(AUR_GROUP_DISKS, "reads", AUR_FIG_disks_reads_per_second);
	finds(AUR_GROUP_DISKS, "await", AUR_FIG_disks_await_ms);
	finds(AUR_GROUP_DISKS, "cpu", -1);
	finds(AUR_GROUP_CPU, "busy", AUR_FIG_cpu_busy_percent);
	finds(AUR_GROUP_CPU, "frequency", AUR_FIG_cpu_frequency_hertz);
	finds(AUR_GROUP_MEMORY, "used", -1);
	finds(AUR_GROUP_MEMORY, "used_bytes", AUR_FIG_memory_used_bytes);
	finds(AUR_GROUP_MEMORY, "total", AUR_FIG_memory_total_bytes);
	finds(AUR_GROUP_KERNEL, "entropy", AUR_FIG_kernel_entropy_bits);
	finds(AUR_GROUP_NETWORK, "receive_packets",
	    AUR_FIG_network_receive_packets_per_second);
	finds(
	    AUR_GROUP_NETWORK, "speed", AUR_FIG_network_speed_bits_per_second);
	finds(AUR_GROUP_SYSTEM, "uptime", AUR_FIG_system_uptime_seconds);
}

int main(void)
{
	bool good = true;

	for (int d = 0; d < AUR_DOMAIN_COUNT; d++) {
		tap_eq_int(aur_domain_get(d)->id, d, aur_domain_get(d)->name);
		check_domain(aur_domain_get(d));
	}
	tap_ok(aur_domain_get(AUR_DOMAIN_PROCESS)->nfield <= 64,
	    "process fields fit one word");
	for (int i = 0; i < AUR_FIG_COUNT; i++)
		good = check_figure(i) && good;
	tap_ok(good, "figures are named once, with their unit, and explained");
	good = true;
	for (int i = 0; i < AUR_FIG_COUNT; i++)
		good = check_source(i) && good;
	tap_ok(good, "each figure's source fits its type");
	check_groups();
	check_words();
	check_short_names();
	return tap_done();
}
