/* SPDX-License-Identifier: MIT */
/*
 * Domain `tasks`: sums over the rows, and whether there are processes that
 * we are not shown. Where processes are not read, counting them would cost
 * more than all other domains together: then only loadavg's threads are told.
 */
#include "collect/linux/process.h"

#include "base/err.h"
#include "base/scan.h"

#include "collect/linux/parse_process.h"

void aur__procs_look_hidden(struct aur__procs *t, struct aur_root *root)
{
	bool hides;

	t->hidden = aur__platform_sight(root, &hides) == AUR_SIGHT_OWN;
}

static unsigned field_of(char state)
{
	switch (state) {
	case 'R':
		return AUR_TASKS_running;
	case 'D':
		return AUR_TASKS_blocked;
	case 'T':
	case 't':
		return AUR_TASKS_stopped;
	case 'Z':
	case 'X':
	case 'x':
		return AUR_TASKS_zombie;
	default: /* S, I, and what old kernels call W, K, P */
		return AUR_TASKS_sleeping;
	}
}

/* Threads of all processes: the second number of "1/234" in loadavg. */
static bool threads_now(struct aur_root *root, uint64_t *ret)
{
	struct aur_slice text, word;

	if (aur__root_read(root, "proc/loadavg", &text) < 0)
		return false;
	return aur_slice_until(&text, '/', &word) &&
	       aur_scan_next_u64(&text, ret);
}

static void count(const struct aur__procs *t, uint64_t sum[AUR_TASKS_COUNT])
{
	for (size_t i = 0; i < t->n; i++) {
		const struct aur__row *r = t->row[i];

		if (r->denied)
			continue;
		sum[AUR_TASKS_total]++;
		sum[AUR_TASKS_threads] += r->cell[AUR_PROCESS_threads];
		sum[AUR_TASKS_kernel_threads] +=
		    r->cell[AUR_PROCESS_kernel_thread];
		sum[field_of((char)r->cell[AUR_PROCESS_state])]++;
	}
}

int aur__procs_tasks(const struct aur__procs *t, struct aur_root *root,
    struct aur_part *tasks, bool counted)
{
	uint64_t sum[AUR_TASKS_COUNT] = {0}, threads;
	ptrdiff_t i = aur_part_one(tasks);

	if (i < 0)
		return (int)i;
	aur_part_set(
	    tasks, 0, AUR_TASKS_restricted_view, t->hidden || t->denied);
	if (counted) {
		count(t, sum);
		for (size_t f = 0; f < AUR_TASKS_COUNT; f++)
			if (f != AUR_TASKS_restricted_view &&
			    f != AUR_TASKS_source) /* whoever samples says */
				aur_part_set(tasks, 0, f, sum[f]);
	} else if (threads_now(root, &threads)) {
		aur_part_set(tasks, 0, AUR_TASKS_threads, threads);
	}
	return 0;
}
