/* SPDX-License-Identifier: MIT */
/*
 * How a value is kept. A rate runs over many powers of ten, and nobody reads
 * its fourth digit in a graph: its logarithm is kept, in steps of a quarter of
 * a percent. What people compare and add up is kept in even steps: shares of a
 * hundred, temperatures, bytes that are used. Either is a small number whose
 * differences are smaller still, which is what columns are made for.
 */
#include "history/roll_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>

#define DAY 86400

const struct aur__tier aur__tiers[AUR__TIERS] = {
    {10, 3600, 14 * DAY},
    {60, 3600, 92 * DAY},
    {900, DAY, 731 * DAY},
};

/* Steps of the natural logarithm, and the least rate that is not 0. */
#define LOG_STEPS 400.0
#define LEAST 1e-3

static double even_step(const struct aur_figure *f)
{
	switch (f->unit) {
	case AUR_UNIT_PERCENT:
		return 0.05;
	case AUR_UNIT_BYTES:
		return f->group == AUR_GROUP_FILESYSTEMS ? 4096 : 65536;
	case AUR_UNIT_CELSIUS:
		return 0.1;
	case AUR_UNIT_COUNT:
		return f->type == AUR_VALUE_REAL ? 0.01 : 1;
	case AUR_UNIT_BYTES_PER_SECOND:
	case AUR_UNIT_PER_SECOND:
	case AUR_UNIT_MILLISECONDS:
	case AUR_UNIT_HERTZ:
		return 0;
	default:
		return 1;
	}
}

int64_t aur__roll_encode(enum aur_figure_id id, double v)
{
	double step = even_step(aur_figure_get(id));

	if (step > 0) {
		v = round(v / step);
		return fabs(v) < 9e15 ? (int64_t)v : (int64_t)copysign(9e15, v);
	}
	if (!(v > LEAST / 2))
		return 0;
	return 1 + (int64_t)round(log(v < LEAST ? 1 : v / LEAST) * LOG_STEPS);
}

double aur__roll_decode(enum aur_figure_id id, int64_t v)
{
	double step = even_step(aur_figure_get(id));

	if (step > 0)
		return (double)v * step;
	return v <= 0 ? 0 : exp((double)(v - 1) / LOG_STEPS) * LEAST;
}

bool aur__roll_has(enum aur_figure_id id)
{
	const struct aur_figure *f = aur_figure_get(id);
	const struct aur_group *g = aur_group_get(f->group);

	if (f->group == AUR_GROUP_PROCESSES || (g->many && id == g->first))
		return false;
	return f->type == AUR_VALUE_INT || f->type == AUR_VALUE_REAL ||
	       f->type == AUR_VALUE_BOOL;
}

static int make_group(struct aur__roll_group *r, enum aur_group_id id)
{
	static const char *const cell[AUR__ROLL_CELLS] = {
	    "min", "mean", "max", "n"};
	const struct aur_group *g = aur_group_get(id);
	size_t n = 0;

	r->group = id;
	r->figure = aur_mem_new(g->n, sizeof(*r->figure));
	r->field = aur_mem_new(g->n * AUR__ROLL_CELLS, sizeof(*r->field));
	r->field_name =
	    aur_mem_new(g->n * AUR__ROLL_CELLS, sizeof(*r->field_name));
	if (r->figure == NULL || r->field == NULL || r->field_name == NULL)
		return AUR_ENOMEM;
	for (size_t k = 0; k < g->n; k++) {
		enum aur_figure_id figure = (enum aur_figure_id)(g->first + k);

		if (!aur__roll_has(figure))
			continue;
		r->figure[r->n++] = figure;
		for (unsigned c = 0; c < AUR__ROLL_CELLS; c++, n++) {
			(void)snprintf(r->field_name[n],
			    sizeof(r->field_name[n]), "%s.%s",
			    aur_figure_get(figure)->name, cell[c]);
			r->field[n] = (struct aur_field){r->field_name[n], "",
			    AUR_KIND_I64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 0};
		}
	}
	(void)snprintf(r->name, sizeof(r->name), "roll.%s", g->name);
	r->domain = (struct aur_domain){
	    .name = r->name,
	    .help = "",
	    .id = (uint16_t)(AUR_DOMAIN_COUNT + id),
	    .nfield = (uint16_t)n,
	    .key = g->many ? aur_domain_get(g->domain)->key : AUR_KEY_ONE,
	    .label = g->many ? aur_domain_get(g->domain)->label : "",
	    .field = r->field,
	};
	return 0;
}

int aur__rolls_new(struct aur__rolls **ret_r)
{
	struct aur__rolls *r = aur_mem_new(1, sizeof(*r));

	if (r == NULL)
		return AUR_ENOMEM;
	for (unsigned g = 0; g < AUR_GROUP_COUNT; g++) {
		if (g == AUR_GROUP_PROCESSES)
			continue;
		if (make_group(&r->group[g], (enum aur_group_id)g) < 0) {
			aur__rolls_free(r);
			return AUR_ENOMEM;
		}
	}
	*ret_r = r;
	return 0;
}

void aur__rolls_free(struct aur__rolls *r)
{
	if (r == NULL)
		return;
	for (unsigned g = 0; g < AUR_GROUP_COUNT; g++) {
		aur_mem_free(r->group[g].figure);
		aur_mem_free(r->group[g].field);
		aur_mem_free(r->group[g].field_name);
	}
	aur_mem_free(r);
}
