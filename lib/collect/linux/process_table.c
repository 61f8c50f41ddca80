/* SPDX-License-Identifier: MIT */
/*
 * Rows by pid. Rows are allocated one by one and pointed to by a sorted
 * array, so that a pass with a hundred births in a table of 100,000 moves
 * pointers, not rows; rows of the dead serve the newborn.
 */
#include "collect/linux/process.h"

#include "base/err.h"
#include "base/mem.h"

static bool is_string(unsigned f)
{
	switch (f) {
	case AUR_PROCESS_user:
	case AUR_PROCESS_name:
	case AUR_PROCESS_tty:
	case AUR_PROCESS_cmdline:
	case AUR_PROCESS_cgroup:
	case AUR_PROCESS_unit:
	case AUR_PROCESS_container_id:
	case AUR_PROCESS_container_name:
		return true;
	default:
		return false;
	}
}

void aur__row_unset(struct aur__procs *t, struct aur__row *r, unsigned f)
{
	uint32_t id = (uint32_t)r->cell[f];

	if (f == AUR_PROCESS_cgroup && id != 0)
		aur__groups_put(&t->groups, id);
	if (is_string(f))
		aur_strs_drop(t->strs, id);
	r->cell[f] = 0;
	r->have &= ~((uint64_t)1 << f);
}

void aur__row_text(
    struct aur__procs *t, struct aur__row *r, unsigned f, struct aur_slice text)
{
	uint32_t id;

	if ((r->have >> f & 1) != 0 &&
	    aur_slice_eq(aur_strs_get(t->strs, (uint32_t)r->cell[f]), text))
		return;
	aur__row_unset(t, r, f);
	if (aur_strs_put(t->strs, text, &id) == 0)
		aur__row_set(r, f, id);
}

void aur__row_id(
    struct aur__procs *t, struct aur__row *r, unsigned f, uint32_t id)
{
	aur_strs_hold(t->strs, id);
	aur__row_unset(t, r, f);
	aur__row_set(r, f, id);
}

void aur__row_reset(struct aur__procs *t, struct aur__row *r)
{
	uint32_t pid = r->pid;

	for (unsigned f = 0; f < AUR_PROCESS_COUNT; f++)
		if (is_string(f) && (r->have >> f & 1) != 0)
			aur__row_unset(t, r, f);
	*r = (struct aur__row){.pid = pid, .serial = ++t->serial};
}

static bool reserve(struct aur__row ***rows, size_t *cap, size_t n)
{
	size_t more = *cap + *cap / 2;
	void *mem;

	if (n <= *cap)
		return true;
	if (more < n)
		more = n;
	mem = aur_mem_grow(*rows, more, sizeof(**rows));
	if (mem == NULL)
		return false;
	*rows = mem;
	*cap = more;
	return true;
}

/* A row that is no longer needed: kept for the next birth, within reason. */
static void retire(struct aur__procs *t, struct aur__row *r)
{
	aur__row_reset(t, r);
	if (t->nspare < 64 + t->n / 8 &&
	    reserve(&t->spare, &t->cap_spare, t->nspare + 1))
		t->spare[t->nspare++] = r;
	else
		aur_mem_free(r);
}

/* At least `n` spare rows. */
static bool prepare(struct aur__procs *t, size_t n)
{
	if (!reserve(&t->spare, &t->cap_spare, n))
		return false;
	while (t->nspare < n) {
		struct aur__row *r = aur_mem_new(1, sizeof(*r));

		if (r == NULL)
			return false;
		t->spare[t->nspare++] = r;
	}
	return true;
}

static struct aur__row *take_spare(struct aur__procs *t, uint32_t pid)
{
	struct aur__row *r = t->spare[--t->nspare];

	*r = (struct aur__row){.pid = pid, .serial = ++t->serial};
	return r;
}

/* Takes out rows whose pid is not listed. */
static void drop_gone(struct aur__procs *t)
{
	const struct aur__pids *l = &t->pids;
	size_t n = 0, j = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct aur__row *r = t->row[i];

		while (j < l->n && l->pid[j] < r->pid)
			j++;
		if (j < l->n && l->pid[j] == r->pid)
			t->row[n++] = r;
		else
			retire(t, r);
	}
	t->n = n;
}

int aur__procs_merge(struct aur__procs *t)
{
	const struct aur__pids *l = &t->pids;
	size_t i, j = l->n;

	drop_gone(t);
	if (!reserve(&t->row, &t->cap, l->n) || !prepare(t, l->n - t->n))
		return AUR_ENOMEM;
	i = t->n;
	t->n = l->n;
	while (j > i) { /* from the end, where births are */
		j--;
		if (i > 0 && t->row[i - 1]->pid == l->pid[j])
			t->row[j] = t->row[--i];
		else
			t->row[j] = take_spare(t, l->pid[j]);
	}
	return 0;
}

void aur__procs_remove(struct aur__procs *t, size_t i)
{
	struct aur__row *r = t->row[i];

	t->n--;
	memmove(&t->row[i], &t->row[i + 1], (t->n - i) * sizeof(r));
	retire(t, r);
}

struct aur__row *aur__procs_find(const struct aur__procs *t, uint32_t pid)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->row[mid]->pid == pid)
			return t->row[mid];
		if (t->row[mid]->pid < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
