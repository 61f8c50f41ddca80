/* SPDX-License-Identifier: MIT */
#include "history/roll_make_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>

/* Rows of one group that have tiers. */
#define ROWS_MOST 512u

static int grow_rows(struct aur__roll_rows *rows, size_t nfig)
{
	size_t cap = rows->cap == 0 ? 8 : rows->cap * 2;
	struct aur_key *key = aur_mem_grow(rows->key, cap, sizeof(*key));

	if (key == NULL)
		return AUR_ENOMEM;
	rows->key = key;
	for (size_t k = 0; k < AUR__TIERS; k++) {
		struct aur__sum *sum =
		    aur_mem_grow(rows->sum[k], cap * (nfig + 1), sizeof(*sum));

		if (sum == NULL)
			return AUR_ENOMEM;
		rows->sum[k] = sum;
		memset(sum + rows->cap * nfig, 0,
		    (cap - rows->cap) * nfig * sizeof(*sum));
	}
	rows->cap = cap;
	return 0;
}

int aur__roll_find_row(struct aur__roll_make *m,
    const struct aur__roll_group *g, struct aur_key key, size_t hint,
    size_t *ret_row)
{
	struct aur__roll_rows *rows = &m->rows[g->group];
	int rc;

	for (size_t i = 0; i < rows->n; i++) {
		size_t at = hint + i < rows->n ? hint + i : hint + i - rows->n;

		if (hint >= rows->n)
			at = i;
		if (rows->key[at].v[0] == key.v[0]) {
			*ret_row = at;
			return 0;
		}
	}
	if (rows->n == ROWS_MOST)
		return AUR_ELIMIT;
	if (rows->n == rows->cap) {
		rc = grow_rows(rows, g->n);
		if (rc < 0)
			return rc;
	}
	if (g->domain.key == AUR_KEY_STRING || g->domain.key == AUR_KEY_LABELS)
		aur_strs_hold(m->t->source.strs, (uint32_t)key.v[0]);
	*ret_row = rows->n;
	rows->key[rows->n++] = key;
	return 0;
}

void aur__roll_release_rows(struct aur__roll_make *m)
{
	for (unsigned k = 0; k < AUR_GROUP_COUNT; k++) {
		struct aur__roll_rows *rows = &m->rows[k];
		uint8_t key = m->r->group[k].domain.key;

		for (size_t i = 0; i < rows->n; i++)
			if (key == AUR_KEY_STRING || key == AUR_KEY_LABELS)
				aur_strs_drop(m->t->source.strs,
				    (uint32_t)rows->key[i].v[0]);
		aur_mem_free(rows->key);
		for (size_t i = 0; i < AUR__TIERS; i++)
			aur_mem_free(rows->sum[i]);
	}
}

static int sum_group(struct aur__roll_make *m, const struct aur__roll_group *g,
    struct aur_figures *f)
{
	const struct aur_group *group = aur_group_get(g->group);
	size_t n = aur_figures_rows(f, g->group);

	for (size_t i = 0; i < n; i++) {
		struct aur_key key = {{0, 0}};
		struct aur_value v;
		size_t row;
		double d;
		int rc;

		if (group->many && f->part[g->group] != NULL) {
			const uint32_t *rows = f->rows[g->group];

			key = f->part[g->group]
				  ->inst[rows != NULL ? rows[i] : i]
				  .key;
		}
		rc = aur__roll_find_row(m, g, key, i, &row);
		if (rc == AUR_ELIMIT)
			return 0;
		if (rc < 0)
			return rc;
		for (size_t k = 0; k < g->n; k++) {
			aur_figures_get(f, g->figure[k], i, &v);
			if (aur_value_number(&v, &d) && isfinite(d))
				aur__sum_add(
				    &m->rows[g->group].sum[0][row * g->n + k],
				    d);
		}
	}
	return 0;
}

int aur__roll_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct aur__roll_make *m = arg;
	struct aur_figures f;
	int rc = aur__roll_end_steps(m, now->wall.ns / AUR_SECOND_NS);

	if (rc < 0)
		return rc;
	rc = aur_figures_init(&f, before, now);
	if (rc < 0)
		return rc;
	for (unsigned k = 0; rc == 0 && k < AUR_GROUP_COUNT; k++)
		if (m->r->group[k].n > 0)
			rc = sum_group(m, &m->r->group[k], &f);
	aur_figures_release(&f);
	return rc;
}
