/* SPDX-License-Identifier: MIT */
/*
 * The frame of a document is an object without its last brace, then rows with
 * commas between, then the brackets that are owed: so no document is ever
 * whole in memory.
 */
#include "json/kept.h"

#include "base/err.h"
#include "json/json_int.h"

#include <math.h>

static json_t *frame(
    const char *schema, const struct aur_json_doc *doc, bool *ok)
{
	json_t *root = json_object();

	aur__json_set(root, "schema", aur__json_text(schema, ok), ok);
	aur__json_set(root, "time", aur__json_time(doc->now, ok), ok);
	aur__json_set(root, "team", aur__json_text(doc->team, ok), ok);
	return root;
}

/* Writes the object without its end, and begins the list `name` in it. */
static int begin(struct aur_buf *out, json_t *root, bool ok, const char *name)
{
	size_t before = out->n;
	int rc = aur__json_write(out, root, ok);

	if (rc < 0)
		return rc;
	aur_buf_cut(out, out->n - 2); /* "}\n" */
	rc = aur_buf_addf(out, ",\"%s\":[", name);
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}

static int add_row(struct aur_buf *out, json_t *row, bool ok, bool first)
{
	size_t before = out->n;
	int rc = first ? 0 : aur_buf_add_byte(out, ',');

	if (rc < 0) {
		json_decref(row);
		return rc;
	}
	rc = aur__json_write(out, row, ok);
	if (rc < 0)
		aur_buf_cut(out, before);
	else
		aur_buf_cut(out, out->n - 1);
	return rc;
}

static int end(struct aur_buf *out)
{
	return aur_buf_add_str(out, "]}\n");
}

/* --- history -------------------------------------------------------------- */

int aur_json_history_begin(struct aur_buf *out, const struct aur_json_doc *doc,
    struct aur_wall from, struct aur_wall to)
{
	bool ok = true;
	json_t *root = frame("aurora.history/1", doc, &ok);

	aur__json_set(root, "from", aur__json_time(from, &ok), &ok);
	aur__json_set(root, "to", aur__json_time(to, &ok), &ok);
	return begin(out, root, ok, "series");
}

static json_t *moment(struct aur_wall t, bool *ok)
{
	return t.ns != 0 ? aur__json_time(t, ok) : json_null();
}

static json_t *point_of(const struct aur_json_series *s, size_t i, bool *ok)
{
	struct aur_wall at = {s->from.ns + (int64_t)i * s->step.ns};
	double v[3] = {NAN, NAN, NAN};
	json_t *list = json_array();

	if (s->time != NULL)
		at = s->time[i];
	if (s->value != NULL) {
		v[0] = v[1] = v[2] = s->value[i];
	} else if (s->point[i].n > 0) {
		v[0] = (double)s->point[i].min;
		v[1] = (double)s->point[i].mean;
		v[2] = (double)s->point[i].max;
	}
	aur__json_add(list, aur__json_time(at, ok), ok);
	for (size_t k = 0; k < 3 && *ok; k++)
		aur__json_add(list, aur__json_real(v[k], ok), ok);
	return list;
}

int aur_json_history_add(
    struct aur_buf *out, const struct aur_json_series *s, bool first)
{
	bool ok = true;
	json_t *o = json_object(), *points = json_array();
	const struct aur_json_summary *sum = &s->summary;

	aur__json_set(o, "host", aur__json_text(s->host, &ok), &ok);
	aur__json_set(o, "metric", aur__json_slice(s->metric, &ok), &ok);
	aur__json_set(
	    o, "unit", aur__json_text(aur_unit_name(s->unit), &ok), &ok);
	aur__json_set(o, "step_seconds",
	    s->step.ns > 0 ? aur__json_real(aur_span_in_seconds(s->step), &ok)
			   : json_null(),
	    &ok);
	aur__json_set(o, "min", aur__json_real(sum->min, &ok), &ok);
	aur__json_set(o, "min_at", moment(sum->min_at, &ok), &ok);
	aur__json_set(o, "mean", aur__json_real(sum->mean, &ok), &ok);
	aur__json_set(o, "max", aur__json_real(sum->max, &ok), &ok);
	aur__json_set(o, "max_at", moment(sum->max_at, &ok), &ok);
	for (size_t i = 0; i < s->n && ok; i++)
		aur__json_add(points, point_of(s, i, &ok), &ok);
	aur__json_set(o, "points", points, &ok);
	return add_row(out, o, ok, first);
}

int aur_json_history_end(struct aur_buf *out)
{
	return end(out);
}

/* --- events --------------------------------------------------------------- */

int aur_json_events_begin(struct aur_buf *out, const struct aur_json_doc *doc)
{
	bool ok = true;
	json_t *root = frame("aurora.events/1", doc, &ok);

	return begin(out, root, ok, "events");
}

/* As /proc has a boot's id; null where there is none. */
static json_t *boot_of(const struct aur_event *event, bool *ok)
{
	const uint8_t *id = event->boot_id;
	char text[40];
	size_t n = 0;
	bool none = true;

	for (size_t i = 0; i < 16; i++) {
		bool dash = i == 4 || i == 6 || i == 8 || i == 10;

		none = none && id[i] == 0;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%02x",
		    dash ? "-" : "", id[i]);
	}
	none = none || aur_event_is_client(event);
	return aur__json_text(none ? NULL : text, ok);
}

/* Keys come from hosts: a name may be any bytes. */
static void set_pair(
    json_t *values, const struct aur_event_pair *pair, bool *ok)
{
	json_t *key = aur__json_slice(pair->key, ok);

	if (key != NULL)
		aur__json_set(values, json_string_value(key),
		    aur__json_slice(pair->value, ok), ok);
	json_decref(key);
}

int aur_json_events_add(
    struct aur_buf *out, const struct aur_json_event *e, bool first)
{
	const struct aur_event *event = e->event;
	bool ok = true;
	json_t *o = json_object(), *values = json_object();

	aur__json_set(o, "host", aur__json_text(e->host, &ok), &ok);
	aur__json_set(o, "time", aur__json_time(event->when, &ok), &ok);
	aur__json_set(o, "kind", aur__json_slice(event->kind, &ok), &ok);
	aur__json_set(o, "text", aur__json_slice(e->text, &ok), &ok);
	aur__json_set(o, "boot_id", boot_of(event, &ok), &ok);
	aur__json_set(o, "number",
	    json_integer((json_int_t)(event->number & INT64_MAX)), &ok);
	for (size_t i = 0; i < event->npair && ok; i++)
		set_pair(values, &event->pair[i], &ok);
	aur__json_set(o, "values", values, &ok);
	return add_row(out, o, ok, first);
}

int aur_json_events_end(struct aur_buf *out)
{
	return end(out);
}
