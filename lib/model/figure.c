/* SPDX-License-Identifier: MIT */
/*
 * From samples to values. The sources of figures stand in figure_source.c;
 * here they are followed: which instances are rows, a cell as the figure's
 * type wants it, a rate, or the function that makes the value.
 *
 * Nothing is computed before it is asked for, so that a table of 100,000
 * processes costs what is drawn of it. A cache of computed values was not
 * taken: sorting asks one column once, drawing asks the few rows that fit.
 */
#include "model/figure.h"

#include "base/err.h"
#include "base/mem.h"
#include "model/figure_int.h"
#include "model/sample_int.h"

#include <assert.h>
#include <math.h>

/* Disks are listed without their partitions; all other lists are whole. */
int aur__listed_by(enum aur_group_id group)
{
	return group == AUR_GROUP_DISKS ? AUR_DISK_whole : -1;
}

static int select_disks(struct aur_figures *f)
{
	const struct aur_part *part = f->part[AUR_GROUP_DISKS];
	size_t n = 0, listed = (size_t)aur__listed_by(AUR_GROUP_DISKS);
	uint32_t *rows;

	if (part == NULL || part->n == 0)
		return 0;
	rows = aur_mem_new(part->n, sizeof(*rows));
	if (rows == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < part->n; i++)
		if (aur_part_cell(part, i, listed) != 0)
			rows[n++] = (uint32_t)i;
	f->rows[AUR_GROUP_DISKS] = rows;
	f->nrow[AUR_GROUP_DISKS] = n;
	return 0;
}

static void find_parts(struct aur_figures *f)
{
	f->threads = aur_sample_get(f->now, AUR_DOMAIN_THREAD);
	for (int g = 0; g < AUR_GROUP_COUNT; g++) {
		const struct aur_group *group = aur_group_get(g);

		f->part[g] = aur_sample_get(f->now, group->domain);
		if (!group->many)
			f->nrow[g] = 1;
		else if (f->part[g] != NULL)
			f->nrow[g] = f->part[g]->n;
	}
}

/* The one instance's cell; NaN without such a part. */
static double fact(const struct aur_part *part, size_t field)
{
	return part != NULL && part->n > 0 ? aur__cell(part, 0, field) : NAN;
}

static void note_facts(struct aur_figures *f)
{
	const struct aur_part *cores = f->part[AUR_GROUP_CORES];

	f->memory_total = fact(f->part[AUR_GROUP_MEMORY], AUR_MEMORY_total);
	f->cpu_count = fact(f->part[AUR_GROUP_CPU], AUR_CPU_count);
	if (isnan(f->cpu_count) && cores != NULL && cores->n > 0)
		f->cpu_count = (double)cores->n;
	f->booted = aur__booted(f->now);
	f->modes.part = NULL;
}

int aur_figures_init(
    struct aur_figures *f, struct aur_sample *before, struct aur_sample *now)
{
	struct aur_figures new = {.memory_total = NAN, .cpu_count = NAN};
	int rc;

	aur_buf_init(&new.time, sizeof(new.text[0]));
	if (now == NULL) {
		for (int g = 0; g < AUR_GROUP_COUNT; g++)
			new.nrow[g] = !aur_group_get(g)->many;
		*f = new;
		return 0;
	}
	rc = aur_rates_init(&new.rates, before, now);
	if (rc < 0)
		return rc;
	new.now = aur_sample_ref(now);
	find_parts(&new);
	note_facts(&new);
	rc = select_disks(&new);
	if (rc < 0)
		aur_figures_release(&new);
	else
		*f = new;
	return rc;
}

void aur_figures_release(struct aur_figures *f)
{
	for (int g = 0; g < AUR_GROUP_COUNT; g++)
		aur_mem_free(f->rows[g]);
	aur_rates_release(&f->rates);
	aur_sample_unref(f->now);
	aur_buf_release(&f->time);
	memset(f, 0, sizeof(*f));
}

enum aur_figure_how aur_figure_how(enum aur_figure_id id, size_t *ret_field)
{
	const struct aur__source *src = &aur__source[id];

	*ret_field = src->field;
	switch ((enum aur__how)src->how) {
	case AUR__HOW_CELL:
		return AUR_FIGURE_CELL;
	case AUR__HOW_RATE:
		return AUR_FIGURE_RATE;
	case AUR__HOW_SHARE:
		return AUR_FIGURE_SHARE;
	case AUR__HOW_MODES:
		return AUR_FIGURE_OF_MODES;
	case AUR__HOW_TOTAL:
		return AUR_FIGURE_TOTAL;
	default:
		return AUR_FIGURE_MADE;
	}
}

uint64_t aur_group_reads(enum aur_group_id id)
{
	uint64_t own = (uint64_t)1 << aur_group_get(id)->domain;

	switch (id) {
	case AUR_GROUP_SWAP: /* what is swapped in and out */
		return own | (uint64_t)1 << AUR_DOMAIN_VMSTAT;
	case AUR_GROUP_AGENT: /* the most that it can use */
		return own | (uint64_t)1 << AUR_DOMAIN_CPU;
	case AUR_GROUP_PROCESSES: /* shares, and when they were started */
		return own | (uint64_t)1 << AUR_DOMAIN_CPU |
		       (uint64_t)1 << AUR_DOMAIN_MEMORY |
		       (uint64_t)1 << AUR_DOMAIN_SYSTEM;
	default:
		return own;
	}
}

size_t aur_figures_rows(const struct aur_figures *f, enum aur_group_id group)
{
	assert((size_t)group < AUR_GROUP_COUNT);
	return f->nrow[group];
}

double aur__cell(const struct aur_part *part, size_t i, size_t field)
{
	double v;

	return aur_part_number(part, i, field, &v) ? v : NAN;
}

void aur__value_real(struct aur_value *ret, double v)
{
	if (isfinite(v))
		*ret = (struct aur_value){.type = AUR_VALUE_REAL, .d = v};
}

void aur__value_int(struct aur_value *ret, double v)
{
	if (isnan(v))
		return;
	ret->type = AUR_VALUE_INT;
	if (v >= (double)INT64_MAX)
		ret->i = INT64_MAX;
	else if (v <= (double)INT64_MIN)
		ret->i = INT64_MIN;
	else
		ret->i = (int64_t)v;
}

void aur__value_u64(struct aur_value *ret, uint64_t v)
{
	ret->type = AUR_VALUE_INT;
	ret->i = v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

void aur__value_text(struct aur_value *ret, struct aur_slice s)
{
	*ret = (struct aur_value){.type = AUR_VALUE_TEXT, .s = s};
}

double aur__share(double part, double whole)
{
	double v = whole > 0 ? 100 * part / whole : NAN;

	if (v < 0)
		return 0;
	return v > 100 ? 100 : v;
}

void aur__value_share(struct aur_value *ret, double part, double whole)
{
	aur__value_real(ret, aur__share(part, whole));
}

char *aur__figure_text(struct aur_figures *f)
{
	return f->text[f->next_text++ % AUR_FIGURE_TEXTS];
}

void aur__value_time(
    struct aur_figures *f, struct aur_wall t, struct aur_value *ret)
{
	struct aur_slice s;
	char *text;

	aur_buf_clear(&f->time);
	if (aur_wall_format(t, &f->time) < 0)
		return;
	s = aur_buf_peek(&f->time);
	text = aur__figure_text(f);
	memcpy(text, s.p, s.n);
	aur__value_text(ret, aur_slice_of(text, s.n));
}

double aur__cpu_limit(double cpus, double percent)
{
	if (percent < 0)
		return 0;
	return percent > 100 * cpus ? 100 * cpus : percent;
}

void aur__figure_real(enum aur_value_type type, double v, struct aur_value *ret)
{
	if (type == AUR_VALUE_INT)
		aur__value_int(ret, v);
	else
		aur__value_real(ret, v);
}

void aur__figure_number(const struct aur_field *field, uint64_t cell,
    enum aur_value_type type, struct aur_value *ret)
{
	double v;

	if (type == AUR_VALUE_BOOL) {
		*ret = (struct aur_value){.type = type, .b = cell != 0};
	} else if (type == AUR_VALUE_INT && field->scale == 0 &&
		   field->kind == AUR_KIND_U64) {
		/* beyond 2^53 a double would not be exact */
		aur__value_u64(ret, cell);
	} else if (aur__number(field, cell, &v)) {
		aur__figure_real(type, v, ret);
	}
}

void aur__figure_cell(const struct aur_part *part, size_t i, size_t field,
    enum aur_value_type type, struct aur_value *ret)
{
	struct aur_slice s;

	switch (type) {
	case AUR_VALUE_NULL:
		break;
	case AUR_VALUE_BOOL:
	case AUR_VALUE_INT:
	case AUR_VALUE_REAL:
		if (aur_part_has(part, i, field))
			aur__figure_number(&part->domain->field[field],
			    aur_part_cell(part, i, field), type, ret);
		break;
	case AUR_VALUE_TEXT:
	case AUR_VALUE_LIST:
		if (aur_part_text(part, i, field, &s)) {
			aur__value_text(ret, s);
			ret->type = type;
		}
		break;
	}
}

/* A cell of the instance in the sample before. */
static double cell_was(
    struct aur_figures *f, const struct aur_part *part, size_t i, size_t field)
{
	ptrdiff_t was = aur_rates_match(&f->rates, part, i);

	if (was < 0)
		return NAN;
	return aur__cell(
	    aur_sample_find(f->rates.before, part->domain), (size_t)was, field);
}

static double input(struct aur_figures *f, const struct aur__input *in,
    const struct aur_part *part, size_t i)
{
	double v;

	switch ((enum aur__input_how)in->how) {
	case AUR__INPUT_CELL:
		return aur__cell(part, i, in->field);
	case AUR__INPUT_GROWTH:
		return aur_rates_delta(&f->rates, part, i, in->field, &v) ? v
									  : NAN;
	case AUR__INPUT_WAS:
		return cell_was(f, part, i, in->field);
	case AUR__INPUT_CPUS:
		return f->cpu_count;
	case AUR__INPUT_RATE:
		return aur_rates_get(&f->rates, part, i, in->field, &v) ? v
									: NAN;
	}
	return NAN;
}

static double follow_formula(struct aur_figures *f,
    const struct aur__formula *m, const struct aur_part *part, size_t i)
{
	double in[AUR__INPUTS];

	if (part->domain != aur_domain_get(m->domain)) {
		part = aur_sample_get(f->now, m->domain);
		i = 0;
	}
	if (part == NULL || part->n == 0)
		return NAN;
	for (size_t k = 0; k < m->n; k++)
		in[k] = input(f, &m->input[k], part, i);
	return m->fn(in);
}

static void follow(struct aur_figures *f, enum aur_figure_id id,
    const struct aur_part *part, size_t i, struct aur_value *ret)
{
	const struct aur__source *src = &aur__source[id];
	double v;

	switch ((enum aur__how)src->how) {
	case AUR__HOW_NONE:
		break;
	case AUR__HOW_CELL:
		aur__figure_cell(
		    part, i, src->field, aur_figure_get(id)->type, ret);
		break;
	case AUR__HOW_WORD:
		aur__figure_cell(part, i, src->field, AUR_VALUE_TEXT, ret);
		if (ret->type == AUR_VALUE_TEXT && ret->s.n == 0)
			ret->type = AUR_VALUE_NULL;
		break;
	case AUR__HOW_NAME:
		aur__value_text(ret, aur_part_name(part, i));
		break;
	case AUR__HOW_RATE:
		if (aur_rates_get(&f->rates, part, i, src->field, &v))
			aur__value_real(ret, v);
		break;
	case AUR__HOW_SHARE:
		if (aur_rates_get(&f->rates, part, i, src->field, &v))
			aur__value_share(ret, v, 1);
		break;
	case AUR__HOW_MODES:
		aur__figure_modes(f, id, part, i, ret);
		break;
	case AUR__HOW_TOTAL:
		aur__figure_total(f, src, part, ret);
		break;
	case AUR__HOW_FORMULA:
		aur__figure_real(aur_figure_get(id)->type,
		    follow_formula(f, src->formula, part, i), ret);
		break;
	case AUR__HOW_MADE:
		src->make(f, part, i, ret);
		break;
	}
}

void aur_figures_get(struct aur_figures *f, enum aur_figure_id id, size_t row,
    struct aur_value *ret)
{
	enum aur_group_id group = aur_figure_get(id)->group;
	const struct aur_part *part = f->part[group];
	size_t i = row;

	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	if (part == NULL || row >= f->nrow[group])
		return;
	if (f->rows[group] != NULL)
		i = f->rows[group][row];
	if (i < part->n || aur__source[id].how == AUR__HOW_TOTAL)
		follow(f, id, part, i, ret);
}

void aur_figures_process(struct aur_figures *f, enum aur_figure_id id,
    size_t inst, struct aur_value *ret)
{
	assert(aur_figure_get(id)->group == AUR_GROUP_PROCESSES);
	if (!aur_figures_is_thread(f, inst)) {
		aur_figures_get(f, id, inst, ret);
		return;
	}
	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	aur__figure_thread(f, id, inst - f->nrow[AUR_GROUP_PROCESSES], ret);
}

void aur_figures_close_up(struct aur_figures *f, struct aur_figures *close,
    enum aur_figure_id id, size_t row, struct aur_value *ret)
{
	const uint32_t *rows = f->rows[AUR_GROUP_PROCESSES];
	size_t inst = rows != NULL ? rows[row] : row;
	const struct aur_part *here, *there;
	ptrdiff_t at;

	aur_figures_get(f, id, row, ret);
	if (ret->type != AUR_VALUE_NULL || close == NULL || close->now == NULL)
		return;
	here = aur_sample_get(f->now, AUR_DOMAIN_PROCESS);
	there = aur_sample_get(close->now, AUR_DOMAIN_PROCESS);
	if (here == NULL || there == NULL || inst >= here->n)
		return;
	at = aur_part_find(there, here->inst[inst].key, inst);
	if (at >= 0)
		aur_figures_process(close, id, (size_t)at, ret);
}
