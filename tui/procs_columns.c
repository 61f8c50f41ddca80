/* SPDX-License-Identifier: MIT */
/* Which columns a width has room for, and what they need of the host. */
#include "tui/procs.h"

/* Columns that COMMAND shall have before others are let in. */
static int command_least(int w)
{
	return w >= 160 ? 50 : w >= 110 ? 34 : w >= 70 ? 20 : 12;
}

/* The columns on offer, in the order they stand. */
static const enum aur_column_id offered[] = {
    AUR_COLUMN_PID,
    AUR_COLUMN_USER,
    AUR_COLUMN_PRIORITY,
    AUR_COLUMN_NICE,
    AUR_COLUMN_THREADS,
    AUR_COLUMN_VIRTUAL,
    AUR_COLUMN_RSS,
    AUR_COLUMN_SHARED,
    AUR_COLUMN_STATE,
    AUR_COLUMN_CPU,
    AUR_COLUMN_MEMORY,
    AUR_COLUMN_READ,
    AUR_COLUMN_WRITE,
    AUR_COLUMN_TIME,
    AUR_COLUMN_UNIT,
    AUR_COLUMN_COMMAND,
};

static int width_of(uint64_t in)
{
	int w = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(offered); i++)
		if (in >> offered[i] & 1)
			w += aur_column_get(offered[i])->width + 1;
	return w;
}

/* The lightest column that may go; AUR_COLUMN_COUNT when none may. */
static enum aur_column_id lightest(uint64_t in, enum aur_column_id sort)
{
	enum aur_column_id found = AUR_COLUMN_COUNT;
	int weight = 256;

	for (size_t i = 0; i < AUR_ARRAY_LEN(offered); i++) {
		int w = aur_column_get(offered[i])->weight;

		if ((in >> offered[i] & 1) && w > 0 && w < weight &&
		    offered[i] != sort) {
			weight = w;
			found = offered[i];
		}
	}
	return found;
}

void tui_procs_columns(struct tui_procs *p, int w)
{
	uint64_t in = 1ull << p->list.sort;
	int x = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(offered); i++)
		in |= 1ull << offered[i];
	while (width_of(in) + command_least(w) > w) {
		enum aur_column_id out = lightest(in, p->list.sort);

		if (out == AUR_COLUMN_COUNT)
			break;
		in &= ~(1ull << out);
	}
	p->ncolumn = 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(offered); i++) {
		const struct aur_column *c = aur_column_get(offered[i]);

		if (!(in >> offered[i] & 1))
			continue;
		p->column[p->ncolumn].id = offered[i];
		p->column[p->ncolumn].x = x;
		p->column[p->ncolumn].w = c->width > 0 ? c->width : w - x;
		x += c->width + 1;
		p->ncolumn++;
	}
}

static uint64_t field_of(enum aur_figure_id id)
{
	switch (id) {
	case AUR_FIG_processes_priority:
		return AUR_WANT_PROCESS(priority);
	case AUR_FIG_processes_threads:
		return AUR_WANT_PROCESS(threads);
	case AUR_FIG_processes_tty:
		return AUR_WANT_PROCESS(tty);
	case AUR_FIG_processes_cgroup:
		return AUR_WANT_PROCESS(cgroup);
	case AUR_FIG_processes_unit:
		return AUR_WANT_PROCESS(unit);
	case AUR_FIG_processes_container_id:
		return AUR_WANT_PROCESS(container_id);
	case AUR_FIG_processes_container_name:
		return AUR_WANT_PROCESS(container_name);
	case AUR_FIG_processes_user_seconds:
		return AUR_WANT_PROCESS(user_time);
	case AUR_FIG_processes_system_seconds:
		return AUR_WANT_PROCESS(system_time);
	case AUR_FIG_processes_shared_bytes:
		return AUR_WANT_PROCESS(shared);
	case AUR_FIG_processes_swap_bytes:
		return AUR_WANT_PROCESS(swap);
	case AUR_FIG_processes_virtual_bytes:
		return AUR_WANT_PROCESS(virtual);
	case AUR_FIG_processes_read_bytes_per_second:
		return AUR_WANT_PROCESS(read_bytes);
	case AUR_FIG_processes_write_bytes_per_second:
		return AUR_WANT_PROCESS(written_bytes);
	default:
		return 0;
	}
}

uint64_t tui_procs_fields(const struct tui_procs *p)
{
	uint64_t fields =
	    aur_want_process_overview() | AUR_WANT_PROCESS(cmdline);

	if (p->list.filter != NULL) /* it may speak of any */
		return aur_want_process_all();
	for (size_t i = 0; i < p->ncolumn; i++)
		fields |= field_of(aur_column_get(p->column[i].id)->figure);
	return fields;
}
