/* SPDX-License-Identifier: MIT */
/*
 * The filter knows one row; a host has many in each of several lists. So it is
 * asked once for every combination of one row from each list that it names:
 * mostly one list, at most a few.
 *
 * What is to blame in a combination that matches are the lists without whose
 * values it would not match; where leaving out any single one changes nothing
 * (two things are wrong at once, joined by `or`), all of them.
 */
#include "cli/check.h"

#define MAX_GROUPS 8
#define MAX_COMBINATIONS 2000000u

struct combination {
	const struct check *check;
	struct shot *shot;
	enum aur_group_id group[MAX_GROUPS];
	size_t row[MAX_GROUPS], nrow[MAX_GROUPS];
	size_t ngroup;
	int hidden; /* index of a group whose values are unknown; -1 */
};

int check_parse(struct check *check, const char *option, const char *text)
{
	*check = (struct check){.filter = NULL};
	return field_parse_hosts(option, text, &check->fields, &check->filter);
}

void check_release(struct check *check)
{
	aur_filter_free(check->filter);
	check->filter = NULL;
}

static size_t index_of(const struct combination *c, enum aur_group_id group)
{
	size_t i = 0;

	while (i < c->ngroup && c->group[i] != group)
		i++;
	return i;
}

static bool get_host_text(
    const struct shot *shot, int field, struct aur_value *ret)
{
	const char *text = field == FIELD_NAME
			       ? shot->host->name
			       : aur_host_state_name(shot->host->state);

	*ret = (struct aur_value){
	    .type = AUR_VALUE_TEXT, .s = aur_slice_str(text)};
	return true;
}

static bool get(void *arg, int field, unsigned nth, struct aur_value *ret)
{
	struct combination *c = arg;
	const struct aur_metric *m;
	size_t g;

	if (field < 0) /* plain text is looked for in the name */
		return nth == 0 && get_host_text(c->shot, FIELD_NAME, ret);
	if (field >= FIELD_METRICS)
		return get_host_text(c->shot, field, ret);
	m = &c->check->fields.metric[field];
	g = index_of(c, m->group);
	ret->type = AUR_VALUE_NULL;
	if (g < c->ngroup && (int)g != c->hidden && c->nrow[g] > 0 &&
	    aur_metric_matches(m, &c->shot->figures, c->row[g]))
		aur_figures_get(&c->shot->figures, m->figure, c->row[g], ret);
	return true;
}

static void gather_groups(struct combination *c)
{
	for (size_t i = 0; i < c->check->fields.n; i++) {
		enum aur_group_id id = c->check->fields.metric[i].group;

		if (c->ngroup == MAX_GROUPS || index_of(c, id) < c->ngroup)
			continue;
		c->nrow[c->ngroup] = aur_figures_rows(&c->shot->figures, id);
		c->group[c->ngroup++] = id;
	}
}

static bool to_blame(struct combination *c, size_t group)
{
	bool matches;

	c->hidden = (int)group;
	matches = aur_filter_match(c->check->filter, get, c);
	c->hidden = -1;
	return !matches;
}

static void report_group(
    struct combination *c, size_t group, check_found_fn found, void *arg)
{
	const struct field_hosts *fields = &c->check->fields;

	for (size_t i = 0; i < fields->n; i++) {
		const struct aur_metric *m = &fields->metric[i];

		if (m->group == c->group[group] && c->nrow[group] > 0 &&
		    aur_metric_matches(m, &c->shot->figures, c->row[group]))
			found(arg, c->shot, m, c->row[group]);
	}
}

static void report(struct combination *c, check_found_fn found, void *arg)
{
	bool any = false;

	for (size_t g = 0; g < c->ngroup; g++)
		if (to_blame(c, g)) {
			report_group(c, g, found, arg);
			any = true;
		}
	for (size_t g = 0; g < c->ngroup && !any; g++)
		report_group(c, g, found, arg);
}

/* The next combination; false after the last. */
static bool advance(struct combination *c)
{
	for (size_t g = 0; g < c->ngroup; g++) {
		if (c->row[g] + 1 < c->nrow[g]) {
			c->row[g]++;
			return true;
		}
		c->row[g] = 0;
	}
	return false;
}

bool check_run(const struct check *check, struct shot *shot,
    check_found_fn found, void *arg)
{
	struct combination c = {.check = check, .shot = shot, .hidden = -1};
	unsigned left = MAX_COMBINATIONS;
	bool any = false;

	gather_groups(&c);
	do {
		if (!aur_filter_match(check->filter, get, &c))
			continue;
		any = true;
		if (found == NULL)
			break;
		report(&c, found, arg);
	} while (left-- > 0 && advance(&c));
	return any;
}
