/* SPDX-License-Identifier: MIT */
/*
 * A chunk of the coarsest tier is a day, and an hour is rolled up at a time:
 * the other hours' rows are taken out of the day's blocks and packed again.
 */
#include "history/roll_make_int.h"

#include "base/err.h"
#include "base/mem.h"

/* A block of the day as it is. */
struct aur__roll_old {
	struct aur_buf bytes;
	struct aur_times times; /* the grid's */
	struct aur_columns *columns;
	int64_t first; /* seconds: its first row */
};

void aur__roll_day_release(struct aur__roll_day *d)
{
	for (size_t i = 0; i < d->n; i++) {
		aur_columns_free(d->block[i].columns);
		aur_times_release(&d->block[i].times);
		aur_buf_release(&d->block[i].bytes);
	}
	aur_mem_free(d->block);
}

static int add_old(
    struct aur__roll_day *d, int64_t first, struct aur_slice bytes)
{
	struct aur__roll_old *b = aur_mem_grow(d->block, d->n + 1, sizeof(*b));
	struct aur_block head;
	int rc;

	if (b == NULL)
		return AUR_ENOMEM;
	d->block = b;
	b = &d->block[d->n];
	*b = (struct aur__roll_old){.first = first};
	aur_buf_init(&b->bytes, AUR_MAX_BLOCK);
	rc = aur_buf_add_slice(&b->bytes, bytes);
	if (rc == 0)
		rc = aur_block_head(aur_buf_peek(&b->bytes), &head);
	d->n++;
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
static int open_old(struct aur__roll_day *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct aur__roll_old *b = &d->block[i];
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

int aur__roll_day_read(struct aur__roll_make *m, struct aur__db *db,
    size_t tier, struct aur__roll_day *d)
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
		rc = add_old(d, aur__col_i64(st, 0) / AUR_SECOND_NS,
		    aur__col_blob(st, 1));
		if (rc < 0)
			break;
	}
	aur__sql_end(st);
	return rc < 0 ? rc : open_old(d);
}

int aur__roll_day_copy(struct aur__roll_make *m, size_t tier,
    const struct aur__roll_day *d, int64_t from, int64_t to)
{
	int64_t step = aur__tiers[tier].step;
	int rc = 0;

	for (int64_t t = from; rc == 0 && t < to; t += step) {
		struct aur_sample *s = aur_sample_new(m->t->source.strs);

		if (s == NULL)
			return AUR_ENOMEM;
		for (size_t i = 0; i < d->n; i++) {
			const struct aur__roll_old *b = &d->block[i];
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
		rc = aur__roll_add_row(m, tier, s);
		aur_sample_unref(s);
	}
	return rc;
}
