/* SPDX-License-Identifier: MIT */
/*
 * METRIC paths are read from both ends: what stands before the first dot or
 * bracket is the group, what stands behind the last dot is the figure, and
 * all between is the instance. Names of mounts hold dots and brackets, those
 * of figures neither; so no path needs quoting.
 */
#include "model/metric.h"

#include "base/err.h"
#include "base/text.h"

#include <inttypes.h>

/* Every path without its instance. */
static const char *const paths[] = {
#define AUR_GROUP(ID, name, many, domain, help)
#define AUR_FIGURE(group, name, type, unit, help) #group "." #name,
#include "model/def/figure.def"
#undef AUR_GROUP
#undef AUR_FIGURE
};

struct path {
	struct aur_slice group, instance, figure;
	bool has_instance;
};

/* Takes the name before the first dot or bracket; the sign stays. */
static struct aur_slice take_name(struct aur_slice *s)
{
	struct aur_slice name = aur_slice_of(s->p, 0);

	while (name.n < s->n && s->p[name.n] != '.' && s->p[name.n] != '[')
		name.n++;
	s->p += name.n;
	s->n -= name.n;
	return name;
}

/* What a group of rows is written inside of: cpu.cores[0]. */
static void take_outer(struct aur_slice *s, struct aur_slice *group)
{
	struct aur_slice rest = *s, inner;

	if (!aur_slice_is(*group, "cpu") || rest.n == 0 || rest.p[0] != '.')
		return;
	rest = aur_slice_of(rest.p + 1, rest.n - 1);
	inner = take_name(&rest);
	if (aur_slice_is(inner, "cores")) {
		*group = inner;
		*s = rest;
	}
}

static bool split(struct aur_slice s, struct path *ret)
{
	size_t dot = s.n;

	*ret = (struct path){.group = take_name(&s)};
	take_outer(&s, &ret->group);
	dot = s.n;
	while (dot > 0 && s.p[dot - 1] != '.')
		dot--;
	if (dot == 0)
		return false;
	ret->figure = aur_slice_of(s.p + dot, s.n - dot);
	s.n = dot - 1;
	ret->has_instance = s.n > 0;
	if (!ret->has_instance)
		return ret->figure.n > 0;
	if (s.p[0] == '[' && s.p[s.n - 1] != ']')
		return false;
	if (s.p[0] == '[')
		s.n--;
	ret->instance = aur_slice_of(s.p + 1, s.n - 1);
	return ret->instance.n > 0 && ret->figure.n > 0;
}

/* How far what was typed is from a path, or from its beginning: people leave
 * the unit out. */
static size_t distance(const char *typed, const char *path)
{
	size_t whole = aur_text_distance(typed, path), n = strlen(typed), cut;
	char head[128];

	if (n >= sizeof(head) || n >= strlen(path))
		return whole;
	memcpy(head, path, n);
	head[n] = '\0';
	cut = aur_text_distance(typed, head);
	return cut < whole ? cut + 1 : whole;
}

/* The path most like "group.figure"; where the group is known, one of its. */
static const char *nearest(const struct path *path, int group)
{
	char typed[128];
	size_t first = 0, n = AUR_FIG_COUNT, best = SIZE_MAX;
	const char *found;

	if (group >= 0) {
		first = aur_group_get((enum aur_group_id)group)->first;
		n = aur_group_get((enum aur_group_id)group)->n;
	}
	found = paths[first];
	if (path->group.n + path->figure.n > 100)
		return found;
	snprintf(typed, sizeof(typed), "%.*s.%.*s", (int)path->group.n,
	    (const char *)path->group.p, (int)path->figure.n,
	    (const char *)path->figure.p);
	for (size_t i = first; i < first + n; i++) {
		size_t d = distance(typed, paths[i]);

		if (d < best) {
			best = d;
			found = paths[i];
		}
	}
	return found;
}

int aur_metric_parse(struct aur_slice text, struct aur_metric *ret_metric,
    const char **ret_nearest)
{
	struct aur_metric m = {.instance = ""};
	struct path path;
	int group, figure = -1;

	if (!split(text, &path))
		return AUR_EINVALID;
	group = aur_group_find(path.group);
	if (group >= 0)
		figure = aur_figure_find((enum aur_group_id)group, path.figure);
	if (figure < 0) {
		if (ret_nearest != NULL)
			*ret_nearest = nearest(&path, group);
		return AUR_EABSENT;
	}
	m.group = (enum aur_group_id)group;
	m.figure = (enum aur_figure_id)figure;
	if (path.has_instance && !aur_group_get(m.group)->many)
		return AUR_EINVALID;
	if (path.instance.n >= sizeof(m.instance) ||
	    (path.instance.n > 0 &&
		memchr(path.instance.p, 0, path.instance.n) != NULL))
		return AUR_EINVALID;
	if (path.instance.n > 0)
		memcpy(m.instance, path.instance.p, path.instance.n);
	*ret_metric = m;
	return 0;
}

bool aur_metric_matches(
    const struct aur_metric *m, struct aur_figures *f, size_t row)
{
	struct aur_value v;
	char number[24];

	if (row >= aur_figures_rows(f, m->group))
		return false;
	if (m->instance[0] == '\0')
		return true;
	aur_figures_get(f, aur_group_get(m->group)->first, row, &v);
	if (v.type == AUR_VALUE_INT) {
		snprintf(number, sizeof(number), "%" PRId64, v.i);
		v.s = aur_slice_str(number);
	} else if (v.type != AUR_VALUE_TEXT) {
		return false;
	}
	/* a name that holds a glob's signs is still its own name */
	return aur_slice_is(v.s, m->instance) ||
	       aur_text_glob(m->instance, v.s);
}
