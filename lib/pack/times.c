/* SPDX-License-Identifier: MIT */
/* Times of a span, read. */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

/* All of it is written before it is read. */
static void *room_for(size_t n)
{
	return aur_mem_grow(NULL, n, sizeof(uint64_t));
}

static int make_room(struct aur_times *t)
{
	t->mono = room_for(t->n);
	t->boot = room_for(t->n);
	t->wall = room_for(t->n);
	t->seq = room_for(t->n);
	t->missed = room_for(t->n);
	t->interval = room_for(t->n);
	return t->mono != NULL && t->boot != NULL && t->wall != NULL &&
		       t->seq != NULL && t->missed != NULL &&
		       t->interval != NULL
		   ? 0
		   : AUR_ENOMEM;
}

/* What is read on the way: the column at hand, and the first. */
struct values {
	uint64_t *v, *mono; /* ticks */
};

static int put_mono(struct aur_times *t, struct values *all)
{
	for (size_t i = 0; i < t->n; i++) {
		all->mono[i] = all->v[i];
		t->mono[i].ns = aur__pack_ns((int64_t)all->v[i]);
		if (i > 0 && t->mono[i].ns <= t->mono[i - 1].ns)
			return AUR_EINVALID;
	}
	return 0;
}

static int put_interval(struct aur_times *t, const uint64_t *v)
{
	for (size_t i = 0; i < t->n; i++) {
		t->interval[i].ns = (int64_t)v[i];
		if (t->interval[i].ns < 0)
			return AUR_EINVALID;
	}
	return 0;
}

static int put(struct aur_times *t, size_t column, struct values *all)
{
	const uint64_t *v = all->v;

	switch ((enum aur__time_column)column) {
	case AUR__TIME_MONO:
		return put_mono(t, all);
	case AUR__TIME_BOOT:
		for (size_t i = 0; i < t->n; i++)
			t->boot[i].ns =
			    aur__pack_ns((int64_t)(all->mono[i] + v[i]));
		return 0;
	case AUR__TIME_WALL:
		for (size_t i = 0; i < t->n; i++)
			t->wall[i].ns =
			    aur__pack_ns((int64_t)(all->mono[i] + v[i]));
		return 0;
	case AUR__TIME_SEQ:
		memcpy(t->seq, v, t->n * sizeof(*v));
		return 0;
	case AUR__TIME_MISSED:
		memcpy(t->missed, v, t->n * sizeof(*v));
		return 0;
	case AUR__TIME_INTERVAL:
		return put_interval(t, v);
	case AUR__TIME_COLUMNS:
		break;
	}
	return 0;
}

static int read_columns(
    struct aur_times *t, struct aur__reader *r, struct values *all)
{
	struct aur__place at = {0, 0};
	struct aur_slice index;
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
		if (rc == 0)
			rc = aur__column_cells(&c, all->v);
		if (rc == 0)
			rc = put(t, i, all);
	}
	return rc == 0 && index.n > 0 ? AUR_EINVALID : rc;
}

int aur_times_open(struct aur_times *ret_t, struct aur_slice bytes)
{
	struct aur_times t = {0};
	struct aur__reader r;
	struct values all = {NULL, NULL};
	int rc = aur__reader_open(&r, bytes, AUR_BLOCK_TIMES);

	if (rc < 0)
		return rc;
	t.n = r.block.rows;
	memcpy(t.boot_id, r.block.boot_id, sizeof(t.boot_id));
	rc = t.n > 0 ? make_room(&t) : AUR_EINVALID;
	if (rc < 0)
		goto out;
	rc = AUR_ENOMEM;
	all.v = room_for(t.n);
	all.mono = room_for(t.n);
	if (all.v == NULL || all.mono == NULL)
		goto out;
	rc = read_columns(&t, &r, &all);
	if (rc < 0)
		goto out;
	*ret_t = t;
	t = (struct aur_times){0};
out:
	aur_mem_free(all.v);
	aur_mem_free(all.mono);
	aur_times_release(&t);
	aur__reader_release(&r);
	return rc;
}

void aur_times_release(struct aur_times *t)
{
	aur_mem_free(t->mono);
	aur_mem_free(t->boot);
	aur_mem_free(t->wall);
	aur_mem_free(t->seq);
	aur_mem_free(t->missed);
	aur_mem_free(t->interval);
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
