/* SPDX-License-Identifier: MIT */
/*
 * Threads, as a list of processes shows them: their figures have the names of
 * a process's. They stand in a domain of their own, so that whoever counts,
 * sums or prints processes need not know of them.
 */
#include "model/figure_int.h"

static size_t processes(const struct aur_figures *f)
{
	return f->nrow[AUR_GROUP_PROCESSES];
}

size_t aur_figures_tasks(const struct aur_figures *f)
{
	return processes(f) + (f->threads != NULL ? f->threads->n : 0);
}

bool aur_figures_is_thread(const struct aur_figures *f, size_t inst)
{
	return inst >= processes(f) && inst < aur_figures_tasks(f);
}

/* The part that has it, and *inst its place there. */
static const struct aur_part *part_of(const struct aur_figures *f, size_t *inst)
{
	if (*inst < processes(f))
		return f->part[AUR_GROUP_PROCESSES];
	*inst -= processes(f);
	return f->threads;
}

struct aur_key aur_figures_task_key(const struct aur_figures *f, size_t inst)
{
	const struct aur_part *part = part_of(f, &inst);

	return part->inst[inst].key;
}

uint64_t aur_figures_task_parent(const struct aur_figures *f, size_t inst)
{
	const struct aur_part *part = part_of(f, &inst);

	return aur_part_cell(part, inst,
	    part == f->threads ? (size_t)AUR_THREAD_process
			       : (size_t)AUR_PROCESS_parent);
}

ptrdiff_t aur_figures_task_find(
    const struct aur_figures *f, struct aur_key key, size_t hint)
{
	const struct aur_part *part = f->part[AUR_GROUP_PROCESSES];
	size_t n = processes(f);
	ptrdiff_t at = -1;

	if (part != NULL)
		at = aur_part_find(part, key, hint);
	if (at >= 0 || f->threads == NULL)
		return at;
	at = aur_part_find(f->threads, key, hint > n ? hint - n : 0);
	return at < 0 ? -1 : (ptrdiff_t)n + at;
}

void aur_figures_by_pid(const struct aur_figures *f, uint32_t *ret_inst)
{
	size_t n = processes(f), all = aur_figures_tasks(f);

	for (size_t i = 0, k = n; i < n || k < all;) {
		bool process =
		    k == all || (i < n && aur_figures_task_key(f, i).v[0] <=
					      aur_figures_task_key(f, k).v[0]);

		*ret_inst++ = (uint32_t)(process ? i++ : k++);
	}
}

ptrdiff_t aur_figures_process_of(const struct aur_figures *f, size_t inst)
{
	const struct aur_part *part = f->part[AUR_GROUP_PROCESSES];

	if (!aur_figures_is_thread(f, inst))
		return inst < processes(f) ? (ptrdiff_t)inst : -1;
	return part == NULL
		   ? -1
		   : aur_part_find_pid(part, aur_figures_task_parent(f, inst));
}

/* What a thread has of its own. */
static bool take_own(struct aur_figures *f, enum aur_figure_id id, size_t i,
    struct aur_value *ret)
{
	const struct aur_part *part = f->threads;
	enum aur_value_type type = aur_figure_get(id)->type;
	double v;

	switch (id) {
	case AUR_FIG_processes_pid:
	case AUR_FIG_processes_start_ticks:
	case AUR_FIG_processes_started_at:
		aur__source[id].make(f, part, i, ret); /* of the key alone */
		return true;
	case AUR_FIG_processes_ppid:
		aur__figure_cell(part, i, AUR_THREAD_process, type, ret);
		return true;
	case AUR_FIG_processes_name:
		aur__figure_cell(part, i, AUR_THREAD_name, type, ret);
		return true;
	case AUR_FIG_processes_state:
		aur__value_letter(part, i, AUR_THREAD_state, ret);
		return true;
	case AUR_FIG_processes_priority:
		aur__figure_cell(part, i, AUR_THREAD_priority, type, ret);
		return true;
	case AUR_FIG_processes_nice:
		aur__figure_cell(part, i, AUR_THREAD_nice, type, ret);
		return true;
	case AUR_FIG_processes_cpu_percent:
		if (aur_rates_get(&f->rates, part, i, AUR_THREAD_cpu, &v))
			aur__value_real(
			    ret, aur__cpu_limit(f->cpu_count, 100 * v));
		return true;
	case AUR_FIG_processes_cpu_seconds:
		aur__figure_cell(part, i, AUR_THREAD_cpu, type, ret);
		return true;
	case AUR_FIG_processes_user_seconds:
		aur__figure_cell(part, i, AUR_THREAD_user_time, type, ret);
		return true;
	case AUR_FIG_processes_system_seconds:
		aur__figure_cell(part, i, AUR_THREAD_system_time, type, ret);
		return true;
	default:
		return false;
	}
}

void aur__figure_thread(struct aur_figures *f, enum aur_figure_id id, size_t i,
    struct aur_value *ret)
{
	ptrdiff_t at;

	if (take_own(f, id, i, ret))
		return;
	switch (id) {
	case AUR_FIG_processes_threads:
	case AUR_FIG_processes_read_bytes_per_second:
	case AUR_FIG_processes_write_bytes_per_second:
	case AUR_FIG_processes_open_files:
		return;
	default:
		at = aur_figures_process_of(f, processes(f) + i);
		if (at >= 0)
			aur_figures_get(f, id, (size_t)at, ret);
	}
}
