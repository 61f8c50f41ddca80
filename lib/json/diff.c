/* SPDX-License-Identifier: MIT */
/* Which list a process stands in is told by its counts: none before is new,
 * none after is gone. */
#include "json/diff.h"

#include "json/json_int.h"

static json_t *side_of(const struct aur_json_side *s, bool *ok)
{
	json_t *o = json_object();

	aur__json_set(o, "host", aur__json_text(s->host, ok), ok);
	aur__json_set(o, "state", aur__json_text(s->state, ok), ok);
	aur__json_set(o, "error", aur__json_text(s->error, ok), ok);
	aur__json_set(o, "sampled_at",
	    s->sampled_at.ns != 0 ? aur__json_time(s->sampled_at, ok)
				  : json_null(),
	    ok);
	return o;
}

static json_t *load_of(const struct aur_json_load *l, bool *ok)
{
	json_t *o;

	if (l->count == 0)
		return json_null();
	o = json_object();
	aur__json_set(o, "count", json_integer((json_int_t)l->count), ok);
	aur__json_set(o, "cpu_percent", aur__json_real(l->cpu_percent, ok), ok);
	aur__json_set(o, "rss_bytes", aur__json_real(l->rss_bytes, ok), ok);
	return o;
}

static json_t *number_of(uint64_t v)
{
	return v != 0 ? json_integer((json_int_t)(v & INT64_MAX)) : json_null();
}

static json_t *process_of(const struct aur_json_changed *c, bool *ok)
{
	json_t *o = json_object();

	aur__json_set(o, "pid", number_of(c->pid), ok);
	aur__json_set(o, "start_ticks", number_of(c->start_ticks), ok);
	aur__json_set(o, "name", aur__json_slice(c->name, ok), ok);
	aur__json_set(o, "user",
	    c->user.n > 0 ? aur__json_slice(c->user, ok) : json_null(), ok);
	aur__json_set(o, "a", load_of(&c->a, ok), ok);
	aur__json_set(o, "b", load_of(&c->b, ok), ok);
	return o;
}

static json_t *processes_of(const struct aur_json_diff *d, bool *ok)
{
	json_t *gone = json_array(), *new = json_array(), *moved = json_array();
	json_t *o = json_object();

	for (size_t i = 0; i < d->nprocess && *ok; i++) {
		const struct aur_json_changed *c = &d->process[i];

		aur__json_add(c->a.count == 0	? new
			      : c->b.count == 0 ? gone
						: moved,
		    process_of(c, ok), ok);
	}
	aur__json_set(o, "new", new, ok);
	aur__json_set(o, "gone", gone, ok);
	aur__json_set(o, "moved", moved, ok);
	return o;
}

static json_t *value_of(const struct aur_json_moved *m, bool *ok)
{
	json_t *o = json_object();

	aur__json_set(o, "metric", aur__json_slice(m->metric, ok), ok);
	aur__json_set(
	    o, "unit", aur__json_text(aur_unit_name(m->unit), ok), ok);
	aur__json_set(o, "a", aur__json_value(&m->a, ok), ok);
	aur__json_set(o, "b", aur__json_value(&m->b, ok), ok);
	return o;
}

int aur_json_diff(struct aur_buf *out, const struct aur_json_doc *doc,
    const struct aur_json_diff *diff)
{
	json_t *root = json_object(), *values = json_array();
	bool ok = true;

	aur__json_set(
	    root, "schema", aur__json_text("aurora.diff/1", &ok), &ok);
	aur__json_set(root, "time", aur__json_time(doc->now, &ok), &ok);
	aur__json_set(root, "team", aur__json_text(doc->team, &ok), &ok);
	aur__json_set(root, "a", side_of(&diff->a, &ok), &ok);
	aur__json_set(root, "b", side_of(&diff->b, &ok), &ok);
	for (size_t i = 0; i < diff->nvalue && ok; i++)
		aur__json_add(values, value_of(&diff->value[i], &ok), &ok);
	aur__json_set(root, "values", values, &ok);
	aur__json_set(root, "processes", processes_of(diff, &ok), &ok);
	return aur__json_write(out, root, ok);
}
