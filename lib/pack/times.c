/* SPDX-License-Identifier: MIT */
/* Times of a span, read. */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

static int make_room(struct aur_times *t)
{
	t->mono = aur_mem_new(t->n, sizeof(*t->mono));
	t->boot = aur_mem_new(t->n, sizeof(*t->boot));
	t->wall = aur_mem_new(t->n, sizeof(*t->wall));
	t->seq = aur_mem_new(t->n, sizeof(*t->seq));
	t->missed = aur_mem_new(t->n, sizeof(*t->missed));
	t->interval = aur_mem_new(t->n, sizeof(*t->interval));
	return t->mono != NULL && t->boot != NULL && t->wall != NULL &&
		       t->seq != NULL && t->missed != NULL &&
		       t->interval != NULL
		   ? 0
		   : AUR_ENOMEM;
}

/* Column `i` of `v`, which holds those before it. */
static int put(struct aur_times *t, size_t i, const uint64_t *v)
{
	for (size_t row = 0; row < t->n; row++) {
		uint64_t mono = (uint64_t)aur__pack_ticks(t->mono[row].ns);

		switch ((enum aur__time_column)i) {
		case AUR__TIME_MONO:
			t->mono[row].ns = aur__pack_ns((int64_t)v[row]);
			if (row > 0 && t->mono[row].ns <= t->mono[row - 1].ns)
				return AUR_EINVALID;
			break;
		case AUR__TIME_BOOT:
			t->boot[row].ns =
			    aur__pack_ns((int64_t)(mono + v[row]));
			break;
		case AUR__TIME_WALL:
			t->wall[row].ns =
			    aur__pack_ns((int64_t)(mono + v[row]));
			break;
		case AUR__TIME_SEQ:
			t->seq[row] = v[row];
			break;
		case AUR__TIME_MISSED:
			t->missed[row] = v[row];
			break;
		case AUR__TIME_INTERVAL:
			t->interval[row].ns = (int64_t)v[row];
			if (t->interval[row].ns < 0)
				return AUR_EINVALID;
			break;
		case AUR__TIME_COLUMNS:
			break;
		}
	}
	return 0;
}

static int read_columns(struct aur_times *t, struct aur__reader *r, uint64_t *v)
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
			rc = aur__column_cells(&c, v);
		if (rc == 0)
			rc = put(t, i, v);
	}
	return rc == 0 && index.n > 0 ? AUR_EINVALID : rc;
}

int aur_times_open(struct aur_times *ret_t, struct aur_slice bytes)
{
	struct aur_times t = {0};
	struct aur__reader r;
	uint64_t *v = NULL;
	int rc = aur__reader_open(&r, bytes, AUR_BLOCK_TIMES);

	if (rc < 0)
		return rc;
	t.n = r.block.rows;
	memcpy(t.boot_id, r.block.boot_id, sizeof(t.boot_id));
	rc = t.n > 0 ? make_room(&t) : AUR_EINVALID;
	if (rc < 0)
		goto out;
	rc = AUR_ENOMEM;
	v = aur_mem_new(t.n, sizeof(*v));
	if (v == NULL)
		goto out;
	rc = read_columns(&t, &r, v);
	if (rc < 0)
		goto out;
	*ret_t = t;
	t = (struct aur_times){0};
out:
	aur_mem_free(v);
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
