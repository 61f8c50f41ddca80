/* SPDX-License-Identifier: MIT */
/* Which columns a width has room for, and what they need of the host. */
#include "tui/procs.h"

/* Columns that COMMAND shall have before others are let in. */
static int command_least(int w)
{
	return w >= 160 ? 50 : w >= 110 ? 34 : w >= 70 ? 20 : 12;
}

static bool is_in(uint64_t in, unsigned id)
{
	return in >> id & 1;
}

/* Columns of the screen that all of `in` take, COMMAND the least. */
static int width_of(uint64_t in, int w)
{
	int sum = is_in(in, AUR_COLUMN_COMMAND) ? command_least(w) : -1;

	for (unsigned id = 0; id <= TUI_COLUMN_HOST; id++)
		if (is_in(in, id) && id != AUR_COLUMN_COMMAND)
			sum += tui_column_get(id)->width + 1;
	return sum;
}

/* The lightest column that may go; TUI_COLUMN_COUNT when none may. */
static unsigned lightest(uint64_t in, unsigned sort)
{
	unsigned found = TUI_COLUMN_COUNT;
	int weight = 256;

	if (is_in(in, TUI_COLUMN_SPARK))
		return TUI_COLUMN_SPARK; /* a picture goes before figures */
	for (unsigned id = 0; id < TUI_COLUMN_COUNT; id++) {
		int w = tui_column_get(id)->weight;

		if (is_in(in, id) && w > 0 && w < weight && id != sort) {
			weight = w;
			found = id;
		}
	}
	return found;
}

/* What is wanted, and what the list is sorted by, as far as it fits. */
static uint64_t fitting(const struct tui_procs *p, int w)
{
	uint64_t in = 1ull << p->list.sort;

	for (size_t i = 0; i < p->columns.n; i++)
		if (p->columns.column[i].shown)
			in |= 1ull << p->columns.column[i].id;
	if (p->list.hosts != NULL) { /* nobody keeps a past of so many */
		in |= 1ull << TUI_COLUMN_HOST;
		in &= ~(1ull << TUI_COLUMN_SPARK);
	} else
		in &= ~(1ull << TUI_COLUMN_HOST);
	while (width_of(in, w) > w) {
		unsigned out = lightest(in, p->list.sort);

		if (out == TUI_COLUMN_COUNT)
			break;
		in &= ~(1ull << out);
	}
	return in;
}

/* Puts a column behind those that stand. */
static void place(struct tui_procs *p, unsigned id, int *x, int command)
{
	int w = id == AUR_COLUMN_COMMAND ? command : tui_column_get(id)->width;

	p->column[p->ncolumn].id = id;
	p->column[p->ncolumn].x = *x;
	p->column[p->ncolumn++].w = w;
	*x += w + 1;
}

void tui_procs_columns(struct tui_procs *p, int w)
{
	uint64_t in = fitting(p, w);
	int x = 0, command = w - width_of(in, w) + command_least(w);

	p->ncolumn = 0;
	if (is_in(in, TUI_COLUMN_HOST))
		place(p, TUI_COLUMN_HOST, &x, 0);
	for (size_t i = 0; i < p->columns.n; i++) {
		unsigned id = p->columns.column[i].id;

		if (is_in(in, id))
			place(p, id, &x, command);
	}
	p->scene->wants_past = is_in(in, TUI_COLUMN_SPARK);
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
		fields |= field_of(tui_column_get(p->column[i].id)->figure);
	return fields;
}
