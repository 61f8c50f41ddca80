/* SPDX-License-Identifier: MIT */
/*
 * aurora.metrics/1: the catalogue, raw (domains and their fields) and as
 * people see it (figures).
 */
#include "json/json_int.h"

static const char *type_name(enum aur_value_type type)
{
	switch (type) {
	case AUR_VALUE_BOOL:
		return "boolean";
	case AUR_VALUE_INT:
		return "integer";
	case AUR_VALUE_REAL:
		return "number";
	case AUR_VALUE_TEXT:
		return "string";
	case AUR_VALUE_LIST:
		return "list";
	case AUR_VALUE_NULL:
		break;
	}
	return "null";
}

static void set_text(json_t *o, const char *name, const char *text, bool *ok)
{
	aur__json_set(o, name, aur__json_text(text, ok), ok);
}

static json_t *field_of(const struct aur_field *f, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "name", f->name, ok);
	set_text(o, "type", aur_sem_name((enum aur_sem)f->sem), ok);
	set_text(o, "kind", aur_kind_name((enum aur_kind)f->kind), ok);
	set_text(o, "unit", aur_unit_name((enum aur_unit)f->unit), ok);
	aur__json_set(o, "scale", json_integer(f->scale), ok);
	set_text(o, "help", f->help, ok);
	return o;
}

/* NULL where the host has nothing of it. */
static json_t *domain_of(
    const struct aur_domain *d, aur_json_has_fn has, void *arg, bool *ok)
{
	json_t *o = json_object(), *fields = json_array();

	set_text(o, "name", d->name, ok);
	set_text(o, "help", d->help, ok);
	set_text(o, "key", aur_key_kind_name((enum aur_key_kind)d->key), ok);
	set_text(o, "label", d->label, ok);
	for (size_t i = 0; i < d->nfield && *ok; i++)
		if (has == NULL || has(arg, d, i))
			aur__json_add(fields, field_of(&d->field[i], ok), ok);
	if (*ok && has != NULL && json_array_size(fields) == 0) {
		json_decref(fields);
		json_decref(o);
		return NULL;
	}
	aur__json_set(o, "fields", fields, ok);
	return o;
}

static json_t *figure_of(enum aur_figure_id id, bool *ok)
{
	const struct aur_figure *f = aur_figure_get(id);
	json_t *o = json_object();

	set_text(o, "group", aur_group_get(f->group)->name, ok);
	set_text(o, "name", f->name, ok);
	set_text(o, "type", type_name(f->type), ok);
	set_text(o, "unit", aur_unit_name(f->unit), ok);
	set_text(o, "help", f->help, ok);
	return o;
}

int aur_json_metrics(struct aur_buf *out, aur_json_has_fn has, void *arg)
{
	json_t *root = json_object(), *domains = json_array();
	json_t *figures = json_array();
	bool ok = true;

	set_text(root, "schema", "aurora.metrics/1", &ok);
	for (int i = 0; i < AUR_DOMAIN_COUNT && ok; i++) {
		const struct aur_domain *d =
		    aur_domain_get((enum aur_domain_id)i);
		json_t *o = domain_of(d, has, arg, &ok);

		if (o != NULL)
			aur__json_add(domains, o, &ok);
	}
	for (size_t i = 0; i < AUR_FIG_COUNT && ok; i++)
		if (has == NULL || has(arg, NULL, i))
			aur__json_add(figures,
			    figure_of((enum aur_figure_id)i, &ok), &ok);
	aur__json_set(root, "domains", domains, &ok);
	aur__json_set(root, "figures", figures, &ok);
	return aur__json_write(out, root, ok);
}
