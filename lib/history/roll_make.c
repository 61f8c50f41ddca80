/* SPDX-License-Identifier: MIT */
#include "history/roll_make_int.h"

#include "base/err.h"
#include "base/mem.h"

#define HOUR 3600

/* --- steps ---------------------------------------------------------------- */

static void sum_sum(struct aur__sum *to, const struct aur__sum *from)
{
	if (from->n == 0)
		return;
	if (to->n == 0 || from->min < to->min)
		to->min = from->min;
	if (to->n == 0 || from->max > to->max)
		to->max = from->max;
	to->sum += from->sum;
	to->n += from->n;
}

static void set_cells(struct aur_part *p, size_t i, size_t figure,
    enum aur_figure_id id, const struct aur__sum *s)
{
	size_t f = figure * AUR__ROLL_CELLS;
	double mean = s->sum / (double)s->n;
	int64_t min = aur__roll_encode(id, s->min);

	/* most figures stand still most of the time */
	aur_part_set(p, i, f + AUR__ROLL_MIN, (uint64_t)min);
	aur_part_set(p, i, f + AUR__ROLL_MEAN,
	    (uint64_t)(mean == s->min ? min : aur__roll_encode(id, mean)));
	aur_part_set(p, i, f + AUR__ROLL_MAX,
	    (uint64_t)(s->max == s->min ? min : aur__roll_encode(id, s->max)));
	aur_part_set(p, i, f + AUR__ROLL_N, s->n);
}

static bool has_any(const struct aur__sum *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i].n > 0)
			return true;
	return false;
}

static int add_part(struct aur__roll_make *m, struct aur_sample *s,
    const struct aur__roll_group *g, size_t tier)
{
	struct aur__roll_rows *rows = &m->rows[g->group];
	struct aur_part *p = NULL;

	for (size_t i = 0; i < rows->n; i++) {
		const struct aur__sum *sum = &rows->sum[tier][i * g->n];
		ptrdiff_t at;

		if (!has_any(sum, g->n))
			continue;
		if (p == NULL)
			p = aur_sample_part(s, &g->domain);
		if (p == NULL || aur_part_reserve(p, rows->n) < 0)
			return AUR_ENOMEM;
		at = aur_part_add(p, rows->key[i]);
		if (at < 0)
			return (int)at;
		if (g->domain.key == AUR_KEY_STRING ||
		    g->domain.key == AUR_KEY_LABELS)
			aur_strs_hold(s->strs, (uint32_t)rows->key[i].v[0]);
		for (size_t k = 0; k < g->n; k++)
			if (sum[k].n > 0)
				set_cells(
				    p, (size_t)at, k, g->figure[k], &sum[k]);
	}
	if (p != NULL && g->domain.key == AUR_KEY_NUMBER)
		return aur_part_sort(p);
	return 0;
}

static int on_block(void *arg, const struct aur_block *block)
{
	struct aur__roll_out *o = arg;
	int64_t *at;
	int rc;

	if (block->kind != AUR_BLOCK_COLUMNS)
		return 0; /* rows are on a grid */
	rc = aur__made_add(&o->made, block);
	if (rc < 0 || o->made.n == o->nmade_at)
		return rc;
	at = aur_mem_grow(o->made_at, o->made.n, sizeof(*at));
	if (at == NULL)
		return AUR_ENOMEM;
	o->made_at = at;
	o->made_at[o->nmade_at++] = o->first;
	return 0;
}

int aur__roll_add_row(
    struct aur__roll_make *m, size_t tier, struct aur_sample *s)
{
	struct aur__roll_out *o = &m->out[tier];
	int64_t step = aur__tiers[tier].step;
	int64_t begin = m->hour - m->hour % aur__tiers[tier].chunk;
	int rc;

	s->mono.ns = (int64_t)(o->row + 1) * AUR_SECOND_NS;
	s->boot = s->mono;
	s->wall.ns = s->mono.ns;
	s->seq = o->row;
	s->interval.ns = AUR_SECOND_NS;
	rc = aur_packer_add(o->packer, s);
	if (rc == AUR_ELIMIT) {
		rc = aur_packer_finish(o->packer, AUR_PACK_EFFORT, on_block, o);
		o->first = begin + (int64_t)o->row * step;
		if (rc == 0)
			rc = aur_packer_add(o->packer, s);
	}
	if (o->row == 0)
		o->first = begin;
	o->row++;
	for (size_t i = 0; i < s->npart; i++)
		if (s->part[i].n > 0)
			o->last = begin + (int64_t)o->row * step;
	return rc;
}

/* Ends the step of a tier and hands its sums on to the next tier. */
static int end_step(struct aur__roll_make *m, size_t tier)
{
	struct aur_sample *s = m->row;
	int rc = 0;

	/* used again and again: a new one is fifty pieces of memory */
	if (s == NULL)
		s = m->row = aur_sample_new(m->t->source.strs);
	if (s == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < s->npart; i++)
		aur_part_clear(&s->part[i]);
	for (unsigned k = 0; rc == 0 && k < AUR_GROUP_COUNT; k++) {
		const struct aur__roll_group *g = &m->r->group[k];
		struct aur__roll_rows *rows = &m->rows[k];

		if (g->n == 0 || rows->n == 0)
			continue;
		rc = add_part(m, s, g, tier);
		for (size_t i = 0; i < rows->n * g->n; i++) {
			if (tier + 1 < AUR__TIERS)
				sum_sum(&rows->sum[tier + 1][i],
				    &rows->sum[tier][i]);
			rows->sum[tier][i] = (struct aur__sum){0};
		}
	}
	return rc < 0 ? rc : aur__roll_add_row(m, tier, s);
}

int aur__roll_end_steps(struct aur__roll_make *m, int64_t now)
{
	struct aur__roll_out *o = m->out;
	int rc = 0;

	while (rc == 0 && o[0].next + aur__tiers[0].step <= now) {
		o[0].next += aur__tiers[0].step;
		rc = end_step(m, 0);
		for (size_t k = 1; rc == 0 && k < AUR__TIERS; k++) {
			if (o[k].next + aur__tiers[k].step != o[0].next)
				continue;
			o[k].next = o[0].next;
			rc = end_step(m, k);
		}
	}
	return rc;
}

/* --- an hour -------------------------------------------------------------- */

static int put_tier(struct aur__roll_make *m, struct aur__db *db, size_t tier)
{
	const struct aur__roll_out *o = &m->out[tier];
	int64_t chunk = aur__tiers[tier].chunk;
	int64_t begin = m->hour - m->hour % chunk;
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_ROLL_DROP_CHUNK);
	int rc;

	aur__sql_i64(st, 1, m->t->source.host);
	aur__sql_i64(st, 2, aur__tiers[tier].step);
	aur__sql_i64(st, 3, begin * AUR_SECOND_NS);
	aur__sql_i64(st, 4, (begin + chunk) * AUR_SECOND_NS);
	rc = aur__sql_done(db, st);
	for (size_t i = 0; rc == 0 && i < o->made.n; i++) {
		const struct aur__made_block *b = &o->made.block[i];

		st = aur__sql_use(db, AUR__SQL_ROLL_PUT);
		aur__sql_i64(st, 1, m->t->source.host);
		aur__sql_i64(st, 2, aur__tiers[tier].step);
		aur__sql_text(st, 3, aur_slice_str(b->name));
		aur__sql_i64(st, 4, o->made_at[i] * AUR_SECOND_NS);
		aur__sql_i64(st, 5, o->last * AUR_SECOND_NS);
		aur__sql_blob(st, 6, aur_buf_peek(&b->bytes));
		rc = aur__sql_done(db, st);
	}
	return rc;
}

static int put_hour(struct aur__roll_make *m, int64_t monday)
{
	struct aur__db *db;
	sqlite3_stmt *st;
	int64_t week = aur__week_of((struct aur_wall){m->hour * AUR_SECOND_NS});
	int rc = aur__write_begin(m->t->w, week, &db);

	if (rc < 0)
		return rc;
	for (size_t k = 0; rc == 0 && k < AUR__TIERS; k++)
		rc = put_tier(m, db, k);
	rc = aur__write_end(m->t->w, week, db, rc);
	if (rc < 0)
		return rc;
	/* the row may stand in the week before: it is dropped behind */
	rc = aur__write_begin(m->t->w, monday, &db);
	if (rc < 0)
		return rc;
	st = aur__sql_use(db, AUR__SQL_HOUR_DROP);
	aur__sql_i64(st, 1, m->t->source.host);
	aur__sql_i64(st, 2, m->hour * AUR_SECOND_NS);
	rc = aur__sql_done(db, st);
	return aur__write_end(m->t->w, monday, db, rc);
}

static void release(struct aur__roll_make *m)
{
	aur__roll_release_rows(m);
	aur__roll_work_release(&m->work);
	aur_sample_unref(m->row);
	for (size_t i = 0; i < AUR__TIERS; i++) {
		aur_packer_free(m->out[i].packer);
		aur__made_release(&m->out[i].made);
		aur_mem_free(m->out[i].made_at);
	}
	aur_mem_free(m);
}

static int make_hour(struct aur__roll_make *m, struct aur__roll_day *old)
{
	const size_t last = AUR__TIERS - 1;
	int64_t day = m->hour - m->hour % aur__tiers[last].chunk;
	int64_t end = m->hour + HOUR;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AUR__TIERS; i++) {
		m->out[i].next = m->hour;
		rc = aur_packer_new(&m->out[i].packer);
	}
	if (rc == 0)
		rc = aur__roll_day_copy(m, last, old, day, m->hour);
	if (rc == 0)
		rc = aur__walk_blocks(&m->t->source,
		    (struct aur_wall){m->hour * AUR_SECOND_NS},
		    (struct aur_wall){end * AUR_SECOND_NS}, aur__roll_block,
		    aur__roll_sample, m);
	if (rc == 0)
		rc = aur__roll_end_steps(m, end);
	if (rc == 0)
		rc = aur__roll_day_copy(
		    m, last, old, end, day + aur__tiers[last].chunk);
	for (size_t i = 0; rc == 0 && i < AUR__TIERS; i++)
		rc = aur_packer_finish(
		    m->out[i].packer, AUR_PACK_EFFORT, on_block, &m->out[i]);
	return rc;
}

static void find_fields(struct aur__roll_make *m)
{
	for (unsigned k = 0; k < AUR_GROUP_COUNT; k++) {
		const struct aur__roll_group *g = &m->r->group[k];
		uint64_t reads = aur_group_reads((enum aur_group_id)k);

		for (unsigned id = 0; g->n > 0 && id < AUR_DOMAIN_COUNT; id++)
			if (id != aur_group_get((enum aur_group_id)k)->domain &&
			    ((reads >> id) & 1))
				m->fields[id] = UINT64_MAX;
		for (size_t i = 0; i < g->n; i++)
			m->fields[aur_group_get((enum aur_group_id)k)
				      ->domain] |=
			    aur_track_fields(g->figure[i]);
	}
}

int aur__roll_hour(
    struct aur__tidy *t, struct aur__rolls *r, int64_t monday, int64_t hour)
{
	struct aur__roll_make *m = aur_mem_new(1, sizeof(*m));
	struct aur__roll_day old = {0};
	struct aur__db *db;
	int rc = AUR_ENOMEM;

	if (m == NULL)
		return rc;
	m->t = t;
	m->r = r;
	m->hour = hour;
	find_fields(m);
	db = aur__weeks_open(&t->w->weeks,
	    aur__week_of((struct aur_wall){hour * AUR_SECOND_NS}), &rc);
	if (db != NULL)
		rc = aur__roll_day_read(m, db, AUR__TIERS - 1, &old);
	if (rc == AUR_EINVALID)
		rc = 0;
	if (rc == 0)
		rc = make_hour(m, &old);
	if (rc == 0)
		rc = put_hour(m, monday);
	aur__roll_day_release(&old);
	release(m);
	return rc;
}
