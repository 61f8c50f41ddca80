/* SPDX-License-Identifier: MIT */
/*
 * aurora.status/1 and aurora.ps/1. Groups become members in the order of
 * figure.def; the few that are written otherwise than they are computed (cores
 * inside cpu, processes as top, a container's two figures as one object) are
 * named here and nowhere else.
 */
#include "json/json_int.h"

#include <math.h>

static const char container_prefix[] = "container_";

static bool in_container(const char *name)
{
	return strncmp(name, container_prefix, sizeof container_prefix - 1) ==
	       0;
}

json_t *aur__json_process(const struct aur_json_host *h, uint32_t row, bool *ok)
{
	const struct aur_group *group = aur_group_get(AUR_GROUP_PROCESSES);
	json_t *object = json_object(), *container = NULL;

	aur__json_set(object, "host", aur__json_text(h->host->name, ok), ok);
	for (size_t i = 0; i < group->n && *ok; i++) {
		enum aur_figure_id id =
		    (enum aur_figure_id)((size_t)group->first + i);
		const struct aur_figure *figure = aur_figure_get(id);
		const char *name = figure->name;
		json_t *into = object;
		struct aur_value v;

		aur_figures_close_up(h->figures, h->close, id, row, &v);
		if (v.type == AUR_VALUE_NULL && figure->type == AUR_VALUE_LIST)
			v = (struct aur_value){.type = AUR_VALUE_LIST};
		if (in_container(name)) {
			if (container == NULL) {
				container = json_object();
				aur__json_set(object, "container",
				    json_incref(container), ok);
			}
			into = container;
			name += sizeof container_prefix - 1;
		}
		aur__json_set(into, name, aur__json_value(&v, ok), ok);
	}
	json_decref(container);
	return object;
}

static json_t *processes(const struct aur_json_host *h, bool *ok)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->nrow && *ok; i++)
		aur__json_add(list, aur__json_process(h, h->rows[i], ok), ok);
	return list;
}

/* One row of a group as an object; a list's rows carry their host. */
static json_t *row_of(const struct aur_json_host *h, enum aur_group_id id,
    size_t row, bool with_host, bool *ok)
{
	const struct aur_group *group = aur_group_get(id);
	json_t *object = json_object();

	if (with_host)
		aur__json_set(
		    object, "host", aur__json_text(h->host->name, ok), ok);
	for (size_t i = 0; i < group->n && *ok; i++) {
		enum aur_figure_id fig =
		    (enum aur_figure_id)((size_t)group->first + i);
		struct aur_value v;

		aur_figures_get(h->figures, fig, row, &v);
		aur__json_set(object, aur_figure_get(fig)->name,
		    aur__json_value(&v, ok), ok);
	}
	return object;
}

static json_t *group_of(const struct aur_json_host *h, enum aur_group_id id,
    bool with_host, bool *ok)
{
	size_t n = aur_figures_rows(h->figures, id);
	json_t *list;

	if (!aur_group_get(id)->many)
		return row_of(h, id, 0, false, ok);
	list = json_array();
	for (size_t i = 0; i < n && *ok; i++)
		aur__json_add(list, row_of(h, id, i, with_host, ok), ok);
	return list;
}

static void add_groups(json_t *object, const struct aur_json_host *h, bool *ok)
{
	for (int i = 0; i < AUR_GROUP_COUNT && *ok; i++) {
		enum aur_group_id id = (enum aur_group_id)i;
		json_t *group;

		if (id == AUR_GROUP_CORES || id == AUR_GROUP_PROCESSES)
			continue;
		group = group_of(h, id, true, ok);
		if (id == AUR_GROUP_CPU)
			aur__json_set(group, "cores",
			    group_of(h, AUR_GROUP_CORES, false, ok), ok);
		aur__json_set(object, aur_group_get(id)->name, group, ok);
	}
}

/* What the collectors could not read. */
static json_t *errors_of(const struct aur_sample *s, bool *ok)
{
	json_t *list = json_array();
	const struct aur_part *part =
	    s != NULL ? aur_sample_get(s, AUR_DOMAIN_COLLECTOR) : NULL;

	for (size_t i = 0; part != NULL && i < part->n && *ok; i++) {
		struct aur_slice text;
		json_t *row;

		if (!aur_part_text(part, i, AUR_COLLECTOR_message, &text) ||
		    text.n == 0)
			continue;
		row = json_object();
		aur__json_set(row, "collector",
		    aur__json_slice(aur_part_name(part, i), ok), ok);
		aur__json_set(row, "message", aur__json_slice(text, ok), ok);
		aur__json_add(list, row, ok);
	}
	return list;
}

static void add_state(json_t *object, const struct aur_json_host *h, bool *ok)
{
	const char *error = h->error != NULL ? h->error : h->host->error;

	aur__json_set(object, "state",
	    aur__json_text(aur_host_state_name(h->host->state), ok), ok);
	aur__json_set(object, "error", aur__json_text(error, ok), ok);
}

/* `age_ns`: of the part that matters, as its at_ns. */
static void add_times(
    json_t *object, const struct aur_json_host *h, int64_t age_ns, bool *ok)
{
	const struct aur_sample *s = h->figures->now;
	struct aur_span age = {.ns = age_ns};
	double interval = NAN;

	if (s != NULL && s->interval.ns > 0)
		interval = aur_span_in_seconds(s->interval);
	aur__json_set(object, "sampled_at",
	    s != NULL ? aur__json_time(aur_wall_add(s->wall, age), ok)
		      : json_null(),
	    ok);
	aur__json_set(
	    object, "interval_seconds", aur__json_real(interval, ok), ok);
}

/* Text that is unknown where it is empty or NULL. */
static json_t *known_text(const char *text, bool *ok)
{
	return aur__json_text(
	    text != NULL && text[0] != '\0' ? text : NULL, ok);
}

/* A span as a number of units of `ns`; null where `known` is not. */
static json_t *span_of(bool known, struct aur_span s, double ns, bool *ok)
{
	return known ? aur__json_real((double)s.ns / ns, ok) : json_null();
}

static json_t *status_host(const struct aur_json_host *h, bool *ok)
{
	const struct aur_feed_host *host = h->host;
	json_t *o = json_object();

	aur__json_set(o, "name", aur__json_text(host->name, ok), ok);
	aur__json_set(o, "id", known_text(host->id, ok), ok);
	aur__json_set(o, "address", aur__json_text(host->address, ok), ok);
	aur__json_set(o, "behind", aur__json_text(host->behind, ok), ok);
	add_state(o, h, ok);
	aur__json_set(o, "via", known_text(host->via, ok), ok);
	aur__json_set(o, "mode", known_text(host->mode, ok), ok);
	aur__json_set(o, "recording", json_boolean(host->recording), ok);
	aur__json_set(
	    o, "rtt_ms", span_of(host->rtt.ns >= 0, host->rtt, 1e6, ok), ok);
	aur__json_set(o, "clock_offset_ms",
	    span_of(host->rtt.ns >= 0, host->clock_offset, 1e6, ok), ok);
	add_times(o, h, 0, ok);
	aur__json_set(
	    o, "age_seconds", span_of(h->age.ns >= 0, h->age, 1e9, ok), ok);
	add_groups(o, h, ok);
	aur__json_set(o, "top", processes(h, ok), ok);
	aur__json_set(o, "alerts", json_array(), ok);
	aur__json_set(o, "errors", errors_of(h->figures->now, ok), ok);
	return o;
}

static json_t *ps_host(const struct aur_json_host *h, bool *ok)
{
	json_t *o = json_object();
	const struct aur_sample *s = h->figures->now;
	const struct aur_part *part =
	    s != NULL ? aur_sample_get(s, AUR_DOMAIN_PROCESS) : NULL;
	struct aur_value restricted;

	aur__json_set(o, "name", aur__json_text(h->host->name, ok), ok);
	add_state(o, h, ok);
	/* kept tables are older than the rest of their sample */
	add_times(o, h, part != NULL ? part->at_ns : 0, ok);
	aur_figures_get(
	    h->figures, AUR_FIG_process_counts_restricted_view, 0, &restricted);
	aur__json_set(
	    o, "restricted_view", aur__json_value(&restricted, ok), ok);
	aur__json_set(o, "processes", processes(h, ok), ok);
	return o;
}

static int document(struct aur_buf *out, const struct aur_json_doc *doc,
    const char *schema, const struct aur_json_host *host, size_t nhost,
    json_t *(*make)(const struct aur_json_host *, bool *))
{
	json_t *root = json_object(), *hosts = json_array();
	bool ok = true;

	aur__json_set(root, "schema", aur__json_text(schema, &ok), &ok);
	aur__json_set(root, "time", aur__json_time(doc->now, &ok), &ok);
	aur__json_set(root, "team", aur__json_text(doc->team, &ok), &ok);
	for (size_t i = 0; i < nhost && ok; i++)
		aur__json_add(hosts, make(&host[i], &ok), &ok);
	aur__json_set(root, "hosts", hosts, &ok);
	return aur__json_write(out, root, ok);
}

int aur_json_status(struct aur_buf *out, const struct aur_json_doc *doc,
    const struct aur_json_host *host, size_t nhost)
{
	return document(out, doc, "aurora.status/1", host, nhost, status_host);
}

int aur_json_ps(struct aur_buf *out, const struct aur_json_doc *doc,
    const struct aur_json_host *host, size_t nhost)
{
	return document(out, doc, "aurora.ps/1", host, nhost, ps_host);
}
