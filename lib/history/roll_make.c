/* SPDX-License-Identifier: MIT */
/*
 * An hour is gone through once: values are summed up for ten seconds, those
 * sums for a minute, and those for a quarter of an hour.
 *
 *	samples ──▶ 10 s ──▶ 1 min ──▶ 15 min
 *	             │         │          │
 *	             ▼         ▼          ▼
 *	          360 rows   60 rows    4 of the day's 96; the others are
 *	                                unpacked and packed again
 *
 * Rows are on a grid: the row's place is its time, so no times are kept, and a
 * step without samples is a row without cells.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/roll_int.h"

#include <math.h>

/* Rows of one group that have tiers. */
#define ROWS_MOST 512u
#define HOUR 3600

struct sum {
	double min, max, sum;
	uint64_t n;
};

/* The rows of a group, as they came. */
struct rows {
	struct aur_key *key; /* of STRING domains: ids, held */
	size_t n, cap;
	struct sum *sum[AUR__TIERS]; /* n * figures of each */
};

/* One tier that is being made. */
struct out {
	struct aur_packer *packer;
	int64_t next;  /* seconds: the step that is summed up */
	int64_t first; /* of the packer's first row */
	size_t row;    /* rows so far, of the chunk */
	int64_t last;  /* the end of the last row that has values */
	struct aur__made made;
	int64_t *made_at; /* of each block in it: its first row's time */
	size_t nmade_at;
};

struct make {
	struct aur__tidy *t;
	struct aur__rolls *r;
	int64_t hour; /* seconds */
	struct rows rows[AUR_GROUP_COUNT];
	struct out out[AUR__TIERS];
};

/* --- rows
 * ---------------------------------------------------------------------- */

static int grow_rows(struct rows *rows, size_t nfig)
{
	size_t cap = rows->cap == 0 ? 8 : rows->cap * 2;
	struct aur_key *key = aur_mem_grow(rows->key, cap, sizeof(*key));

	if (key == NULL)
		return AUR_ENOMEM;
	rows->key = key;
	for (size_t k = 0; k < AUR__TIERS; k++) {
		struct sum *sum =
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

/* The place of the row with that key; `hint` is looked at first. */
static int find_row(struct make *m, const struct aur__roll_group *g,
    struct aur_key key, size_t hint, size_t *ret_row)
{
	struct rows *rows = &m->rows[g->group];
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

static void sum_value(struct sum *s, double v)
{
	if (s->n == 0 || v < s->min)
		s->min = v;
	if (s->n == 0 || v > s->max)
		s->max = v;
	s->sum += v;
	s->n++;
}

static void sum_sum(struct sum *to, const struct sum *from)
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

/* --- steps
 * --------------------------------------------------------------------- */

static void set_cells(struct aur_part *p, size_t i, size_t figure,
    enum aur_figure_id id, const struct sum *s)
{
	size_t f = figure * AUR__ROLL_CELLS;
	const double v[AUR__ROLL_N] = {s->min, s->sum / (double)s->n, s->max};

	for (size_t c = 0; c < AUR__ROLL_N; c++)
		aur_part_set(p, i, f + c, (uint64_t)aur__roll_encode(id, v[c]));
	aur_part_set(p, i, f + AUR__ROLL_N, s->n);
}

static bool has_any(const struct sum *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i].n > 0)
			return true;
	return false;
}

static int add_part(struct make *m, struct aur_sample *s,
    const struct aur__roll_group *g, size_t tier)
{
	struct rows *rows = &m->rows[g->group];
	struct aur_part *p = NULL;

	for (size_t i = 0; i < rows->n; i++) {
		const struct sum *sum = &rows->sum[tier][i * g->n];
		ptrdiff_t at;

		if (!has_any(sum, g->n))
			continue;
		if (p == NULL)
			p = aur_sample_part(s, &g->domain);
		if (p == NULL)
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
	struct out *o = arg;
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

/* A row of a tier; its place in the chunk is its time. Takes `s` over. */
static int add_row(struct make *m, size_t tier, struct aur_sample *s)
{
	struct out *o = &m->out[tier];
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
	if (s->npart > 0)
		o->last = begin + (int64_t)o->row * step;
	aur_sample_unref(s);
	return rc;
}

/* Ends the step of a tier and hands its sums on to the next tier. */
static int end_step(struct make *m, size_t tier)
{
	struct aur_sample *s = aur_sample_new(m->t->source.strs);
	int rc = s == NULL ? AUR_ENOMEM : 0;

	for (unsigned k = 0; rc == 0 && k < AUR_GROUP_COUNT; k++) {
		const struct aur__roll_group *g = &m->r->group[k];
		struct rows *rows = &m->rows[k];

		if (g->n == 0 || rows->n == 0)
			continue;
		rc = add_part(m, s, g, tier);
		for (size_t i = 0; i < rows->n * g->n; i++) {
			if (tier + 1 < AUR__TIERS)
				sum_sum(&rows->sum[tier + 1][i],
				    &rows->sum[tier][i]);
			rows->sum[tier][i] = (struct sum){0};
		}
	}
	if (rc < 0) {
		aur_sample_unref(s);
		return rc;
	}
	return add_row(m, tier, s);
}

/* Ends all steps that are over at `now`. */
static int end_steps(struct make *m, int64_t now)
{
	struct out *o = m->out;
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

static int sum_group(
    struct make *m, const struct aur__roll_group *g, struct aur_figures *f)
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
		rc = find_row(m, g, key, i, &row);
		if (rc == AUR_ELIMIT)
			return 0;
		if (rc < 0)
			return rc;
		for (size_t k = 0; k < g->n; k++) {
			aur_figures_get(f, g->figure[k], i, &v);
			if (aur_value_number(&v, &d) && isfinite(d))
				sum_value(
				    &m->rows[g->group].sum[0][row * g->n + k],
				    d);
		}
	}
	return 0;
}

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct make *m = arg;
	struct aur_figures f;
	int rc = end_steps(m, now->wall.ns / AUR_SECOND_NS);

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

/* --- the day's other hours
 * ------------------------------------------------------ */

/* Blocks of the day as they are, by their first row. */
struct old {
	struct aur__old_block {
		struct aur_buf bytes;
		struct aur_times times; /* the grid's */
		struct aur_columns *columns;
		int64_t first; /* seconds */
	} * block;
	size_t n;
};

static void release_old(struct old *o)
{
	for (size_t i = 0; i < o->n; i++) {
		aur_columns_free(o->block[i].columns);
		aur_times_release(&o->block[i].times);
		aur_buf_release(&o->block[i].bytes);
	}
	aur_mem_free(o->block);
}

static int add_old(struct old *o, int64_t first, struct aur_slice bytes)
{
	struct aur__old_block *b = aur_mem_grow(o->block, o->n + 1, sizeof(*b));
	struct aur_block head;
	int rc;

	if (b == NULL)
		return AUR_ENOMEM;
	o->block = b;
	b = &o->block[o->n];
	*b = (struct aur__old_block){.first = first};
	aur_buf_init(&b->bytes, AUR_MAX_BLOCK);
	rc = aur_buf_add_slice(&b->bytes, bytes);
	if (rc == 0)
		rc = aur_block_head(aur_buf_peek(&b->bytes), &head);
	o->n++;
	if (rc < 0) /* damaged: its rows are gone */
		return rc == AUR_ENOMEM ? rc : 0;
	b->times.mono = aur_mem_new(head.rows, sizeof(*b->times.mono));
	if (b->times.mono == NULL)
		return AUR_ENOMEM;
	b->times.n = head.rows;
	for (size_t i = 0; i < b->times.n; i++)
		b->times.mono[i].ns = (int64_t)(i + 1) * AUR_SECOND_NS;
	return 0;
}

/* The columns that are opened refer to their place, which must not move. */
static int open_old(struct old *o)
{
	for (size_t i = 0; i < o->n; i++) {
		struct aur__old_block *b = &o->block[i];
		int rc;

		if (b->times.n == 0)
			continue;
		rc = aur_columns_open(
		    &b->columns, aur_buf_peek(&b->bytes), &b->times);
		if (rc == AUR_ENOMEM)
			return rc;
	}
	return 0;
}

static int read_old(
    struct make *m, struct aur__db *db, size_t tier, struct old *o)
{
	int64_t chunk = aur__tiers[tier].chunk;
	int64_t begin = m->hour - m->hour % chunk;
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_ROLL_CHUNK);
	int rc;

	aur__sql_i64(st, 1, m->t->source.host);
	aur__sql_i64(st, 2, aur__tiers[tier].step);
	aur__sql_i64(st, 3, begin * AUR_SECOND_NS);
	aur__sql_i64(st, 4, (begin + chunk) * AUR_SECOND_NS);
	while ((rc = aur__sql_step(db, st)) == 1) {
		rc = add_old(o, aur__col_i64(st, 0) / AUR_SECOND_NS,
		    aur__col_blob(st, 1));
		if (rc < 0)
			break;
	}
	aur__sql_end(st);
	return rc < 0 ? rc : open_old(o);
}

/* The rows of the chunk from `from` to `to` as they were. */
static int copy_rows(
    struct make *m, size_t tier, const struct old *o, int64_t from, int64_t to)
{
	int64_t step = aur__tiers[tier].step;
	int rc = 0;

	for (int64_t t = from; rc == 0 && t < to; t += step) {
		struct aur_sample *s = aur_sample_new(m->t->source.strs);

		if (s == NULL)
			return AUR_ENOMEM;
		for (size_t i = 0; i < o->n; i++) {
			const struct aur__old_block *b = &o->block[i];
			int64_t row = (t - b->first) / step;

			if (b->columns == NULL || t < b->first ||
			    (uint64_t)row >= b->times.n)
				continue;
			if (aur_columns_part(b->columns, (size_t)row, s) ==
			    AUR_ENOMEM) {
				aur_sample_unref(s);
				return AUR_ENOMEM;
			}
		}
		rc = add_row(m, tier, s);
	}
	return rc;
}

/* --- an hour
 * --------------------------------------------------------------------- */

static int put_tier(struct make *m, struct aur__db *db, size_t tier)
{
	const struct out *o = &m->out[tier];
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

static int put_hour(struct make *m, int64_t monday)
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

static void release(struct make *m)
{
	for (unsigned k = 0; k < AUR_GROUP_COUNT; k++) {
		struct rows *rows = &m->rows[k];
		uint8_t key = m->r->group[k].domain.key;

		for (size_t i = 0; i < rows->n; i++)
			if (key == AUR_KEY_STRING || key == AUR_KEY_LABELS)
				aur_strs_drop(m->t->source.strs,
				    (uint32_t)rows->key[i].v[0]);
		aur_mem_free(rows->key);
		for (size_t i = 0; i < AUR__TIERS; i++)
			aur_mem_free(rows->sum[i]);
	}
	for (size_t i = 0; i < AUR__TIERS; i++) {
		aur_packer_free(m->out[i].packer);
		aur__made_release(&m->out[i].made);
		aur_mem_free(m->out[i].made_at);
	}
	aur_mem_free(m);
}

static struct aur__mask figures_mask(void)
{
	struct aur__mask mask = {0};

	for (unsigned g = 0; g < AUR_GROUP_COUNT; g++)
		if (g != AUR_GROUP_PROCESSES)
			mask.domains |=
			    (uint64_t)1
			    << aur_group_get((enum aur_group_id)g)->domain;
	return mask;
}

static int make_hour(struct make *m, struct old *old)
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
		rc = copy_rows(m, last, old, day, m->hour);
	if (rc == 0)
		rc = aur__walk(&m->t->source,
		    (struct aur_wall){m->hour * AUR_SECOND_NS},
		    (struct aur_wall){end * AUR_SECOND_NS}, figures_mask(),
		    false, on_sample, m);
	if (rc == 0)
		rc = end_steps(m, end);
	if (rc == 0)
		rc = copy_rows(m, last, old, end, day + aur__tiers[last].chunk);
	for (size_t i = 0; rc == 0 && i < AUR__TIERS; i++)
		rc = aur_packer_finish(
		    m->out[i].packer, AUR_PACK_EFFORT, on_block, &m->out[i]);
	return rc;
}

int aur__roll_hour(
    struct aur__tidy *t, struct aur__rolls *r, int64_t monday, int64_t hour)
{
	struct make *m = aur_mem_new(1, sizeof(*m));
	struct old old = {0};
	struct aur__db *db;
	int rc = AUR_ENOMEM;

	if (m == NULL)
		return rc;
	m->t = t;
	m->r = r;
	m->hour = hour;
	db = aur__weeks_open(&t->w->weeks,
	    aur__week_of((struct aur_wall){hour * AUR_SECOND_NS}), &rc);
	if (db != NULL)
		rc = read_old(m, db, AUR__TIERS - 1, &old);
	if (rc == AUR_EINVALID)
		rc = 0;
	if (rc == 0)
		rc = make_hour(m, &old);
	if (rc == 0)
		rc = put_hour(m, monday);
	release_old(&old);
	release(m);
	return rc;
}
