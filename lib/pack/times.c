/* SPDX-License-Identifier: MIT */
/*
 * Times of a span, read. What a graph needs is unpacked at once; of the other
 * columns, which a sample needs, the bytes are kept and gone along.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

/* Those that stay packed. */
enum { REST_BOOT, REST_SEQ, REST_MISSED, REST_COLUMNS };

struct aur__times_rest {
	struct aur__column column[REST_COLUMNS]; /* each of all rows */
	struct aur__walk walk[REST_COLUMNS];
	uint8_t bytes[]; /* of the columns */
};

/* All of it is written before it is read. */
static void *room_for(size_t n)
{
	return aur_mem_grow(NULL, n, sizeof(uint64_t));
}

static int make_room(struct aur_times *t)
{
	t->mono = room_for(t->n);
	t->wall = room_for(t->n);
	t->interval = room_for(t->n);
	return t->mono != NULL && t->wall != NULL && t->interval != NULL
		   ? 0
		   : AUR_ENOMEM;
}

/* --- columns that are unpacked -------------------------------------------- */

_Static_assert(sizeof(struct aur_mono) == sizeof(uint64_t), "a cell");
_Static_assert(sizeof(struct aur_wall) == sizeof(uint64_t), "a cell");
_Static_assert(sizeof(struct aur_span) == sizeof(uint64_t), "a cell");

/* Cells are read in place: ticks, of which these make nanoseconds. */
static int finish(struct aur_times *t)
{
	struct aur_mono *mono = t->mono;
	struct aur_wall *wall = t->wall;
	const struct aur_span *interval = t->interval;
	int64_t last = INT64_MIN, least = INT64_MAX;
	bool ascends = true;

	for (size_t i = 0, n = t->n; i < n; i++) {
		uint64_t ticks = (uint64_t)mono[i].ns;
		int64_t ns = aur__pack_ns((int64_t)ticks);

		ticks += (uint64_t)wall[i].ns;
		wall[i].ns = aur__pack_ns((int64_t)ticks);
		mono[i].ns = ns;
		ascends &= i == 0 || ns > last;
		last = ns;
		if (interval[i].ns < least)
			least = interval[i].ns;
	}
	return ascends && least >= 0 ? 0 : AUR_EINVALID;
}

/* --- the rest ------------------------------------------------------------- */

static int keep_rest(
    struct aur_times *t, const struct aur__column column[REST_COLUMNS])
{
	struct aur__times_rest *rest;
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < REST_COLUMNS; i++)
		n += column[i].in.n;
	rest = t->rest = aur_mem_grow(NULL, sizeof(*rest) + n, 1);
	if (rest == NULL)
		return AUR_ENOMEM;
	n = 0;
	for (size_t i = 0; rc == 0 && i < REST_COLUMNS; i++) {
		struct aur__column *c = &rest->column[i];

		*c = column[i];
		memcpy(rest->bytes + n, c->in.p, c->in.n);
		c->in.p = rest->bytes + n;
		n += c->in.n;
		/* it has all rows */
		aur__runs_all(&c->runs);
		rc = aur__column_check(c, &rest->walk[i]);
	}
	return rc;
}

static uint64_t rest_at(struct aur__times_rest *rest, size_t i, size_t row)
{
	struct aur__walk *w = &rest->walk[i];
	const struct aur__column *c = &rest->column[i];

	if (row < w->at)
		aur__walk_begin(w, c);
	/* it was gone along when it was opened */
	(void)!aur__walk_to(w, c, row);
	return aur__walk_cell(w, c);
}

struct aur_times_row aur_times_row(struct aur_times *t, size_t row)
{
	uint64_t mono = (uint64_t)aur__pack_ticks(t->mono[row].ns);
	uint64_t boot = mono + rest_at(t->rest, REST_BOOT, row);

	return (struct aur_times_row){
	    .boot = {aur__pack_ns((int64_t)boot)},
	    .seq = rest_at(t->rest, REST_SEQ, row),
	    .missed = rest_at(t->rest, REST_MISSED, row),
	};
}

/* --- a block -------------------------------------------------------------- */

static int read_columns(struct aur_times *t, struct aur__reader *r)
{
	uint64_t *cells[AUR__TIME_COLUMNS] = {
	    [AUR__TIME_MONO] = (uint64_t *)(void *)t->mono,
	    [AUR__TIME_WALL] = (uint64_t *)(void *)t->wall,
	    [AUR__TIME_INTERVAL] = (uint64_t *)(void *)t->interval};
	struct aur__column rest[REST_COLUMNS];
	struct aur__place at = {0, 0};
	struct aur_slice index;
	size_t n = 0;
	int rc = aur__reader_section(r, r->nsection - 1, &index);

	for (size_t i = 0; rc == 0 && i < AUR__TIME_COLUMNS; i++) {
		struct aur__column c;
		struct aur__place place;

		rc = aur__column_take(&index, t->n, &c);
		if (rc == 0 && c.n != t->n)
			rc = AUR_EINVALID;
		if (rc == 0)
			rc = aur__reader_place(r, &at, c.nbytes, &place);
		if (rc == 0)
			rc = aur__reader_column(r, place, &c);
		if (rc == 0 && cells[i] != NULL)
			rc = aur__column_cells(&c, cells[i]);
		else if (rc == 0)
			rest[n++] = c;
	}
	if (rc < 0 || index.n > 0)
		return rc < 0 ? rc : AUR_EINVALID;
	rc = finish(t);
	return rc == 0 ? keep_rest(t, rest) : rc;
}

int aur_times_open(struct aur_times *ret_t, struct aur_slice bytes,
    struct aur_unpacker *unpacker)
{
	struct aur_times t = {.unpacker = unpacker};
	struct aur__reader r;
	int rc = aur__reader_open(&r, bytes, AUR_BLOCK_TIMES, unpacker);

	if (rc < 0)
		return rc;
	t.n = r.block.rows;
	memcpy(t.boot_id, r.block.boot_id, sizeof(t.boot_id));
	rc = t.n > 0 ? make_room(&t) : AUR_EINVALID;
	if (rc == 0)
		rc = read_columns(&t, &r);
	aur__reader_release(&r);
	if (rc < 0)
		aur_times_release(&t);
	else
		*ret_t = t;
	return rc;
}

void aur_times_release(struct aur_times *t)
{
	aur_mem_free(t->mono);
	aur_mem_free(t->wall);
	aur_mem_free(t->interval);
	aur_mem_free(t->rest);
	*t = (struct aur_times){0};
}

/* The wall clock may have been set back, so this is no binary search; an hour
 * is read in two microseconds. */
ptrdiff_t aur_times_find(const struct aur_times *t, struct aur_wall at)
{
	for (size_t i = t->n; i > 0; i--)
		if (t->wall[i - 1].ns <= at.ns)
			return (ptrdiff_t)(i - 1);
	return -1;
}
