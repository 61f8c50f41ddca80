/* SPDX-License-Identifier: MIT */
/*
 * The list from one update to the next: an order that is held, and a cursor
 * that goes where its process goes. process_rows.c makes the rows.
 */
#include "tui/process_list.h"

#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"

void tui_list_init(struct tui_list *l)
{
	memset(l, 0, sizeof(*l));
	l->sort = AUR_COLUMN_CPU;
	l->descending = true;
	l->kernel = true;
}

void tui_list_release(struct tui_list *l)
{
	aur_filter_free(l->filter);
	aur_mem_free(l->row);
	tui_keys_release(&l->tags);
	tui_keys_release(&l->folds);
	memset(l, 0, sizeof(*l));
}

/* Keeps the order: each row finds its process again, or goes. */
static void keep_order(struct tui_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct tui_row *r = &l->row[i];
		ptrdiff_t at = -1;

		if (r->who.host < l->nhost)
			at = aur_figures_task_find(
			    &l->figures[r->who.host], r->who.key, r->inst);
		if (at < 0)
			continue;
		l->row[n] = l->row[i];
		l->row[n++].inst = (uint32_t)at;
	}
	l->n = n;
}

/* Finds the selected process again; where it has ended, its row stays. */
static void reselect(struct tui_list *l)
{
	if (!l->chosen)
		l->cursor = 0;
	else
		for (size_t i = 0; i < l->n; i++)
			if (tui_who_same(l->row[i].who, l->selected)) {
				l->cursor = i;
				break;
			}
	if (l->cursor >= l->n)
		l->cursor = l->n > 0 ? l->n - 1 : 0;
	if (l->n > 0)
		l->selected = l->row[l->cursor].who;
}

int tui_list_update(struct tui_list *l, struct aur_figures *f, bool hold)
{
	return tui_list_update_all(l, f, 1, hold);
}

int tui_list_update_all(
    struct tui_list *l, struct aur_figures *f, size_t n, bool hold)
{
	int rc = 0;

	l->total = 0;
	for (size_t i = 0; i < n; i++)
		l->total += aur_figures_rows(&f[i], AUR_GROUP_PROCESSES);
	if (l->total == 0) {
		l->n = l->nthread = 0;
		return 0;
	}
	l->figures = f;
	l->nhost = n;
	if (hold && l->n > 0)
		keep_order(l);
	else
		rc = tui_list_make(l);
	l->figures = NULL;
	if (rc < 0)
		l->n = 0;
	l->nthread = 0;
	for (size_t i = 0; i < l->n; i++)
		l->nthread += l->row[i].thread;
	reselect(l);
	return rc;
}

void tui_list_go(struct tui_list *l, size_t i)
{
	if (l->n == 0)
		return;
	l->cursor = i < l->n ? i : l->n - 1;
	l->selected = l->row[l->cursor].who;
	l->chosen = true;
}

bool tui_list_move(struct tui_list *l, enum tui_action action, size_t page)
{
	size_t at = l->cursor;

	switch (action) {
	case TUI_DO_UP:
		tui_list_go(l, at > 0 ? at - 1 : 0);
		return true;
	case TUI_DO_DOWN:
		tui_list_go(l, at + 1);
		return true;
	case TUI_DO_PAGE_UP:
		tui_list_go(l, at > page ? at - page : 0);
		return true;
	case TUI_DO_PAGE_DOWN:
		tui_list_go(l, at + page);
		return true;
	case TUI_DO_TOP:
		tui_list_go(l, 0);
		l->chosen = false; /* the first row, whoever is there */
		return true;
	case TUI_DO_BOTTOM:
		tui_list_go(l, SIZE_MAX);
		return true;
	default:
		return false;
	}
}

bool tui_list_descends(unsigned column)
{
	switch (column) {
	case AUR_COLUMN_PID:
	case AUR_COLUMN_PPID:
	case AUR_COLUMN_PRIORITY:
	case AUR_COLUMN_NICE:
		return false;
	default:
		return tui_column_get(column)->right;
	}
}

void tui_list_sort(struct tui_list *l, unsigned column)
{
	if (l->sort == column)
		l->descending = !l->descending;
	else
		l->descending = tui_list_descends(column);
	l->sort = column;
}

bool tui_list_matches(const struct tui_list *l, struct aur_figures *f,
    struct aur_slice text, size_t i)
{
	struct aur_value v;
	uint64_t pid;

	if (text.n == 0 || i >= l->n)
		return false;
	if (aur_scan_u64(text, &pid) == 0 && l->row[i].who.key.v[0] == pid)
		return true;
	f += l->row[i].who.host;
	aur_figures_process(f, AUR_FIG_processes_name, l->row[i].inst, &v);
	if (v.type == AUR_VALUE_TEXT && aur_text_has(v.s, text))
		return true;
	aur_figures_process(f, AUR_FIG_processes_cmdline, l->row[i].inst, &v);
	return (v.type == AUR_VALUE_LIST || v.type == AUR_VALUE_TEXT) &&
	       aur_text_has(v.s, text);
}

/* Row of the process with exactly this pid; l->n if none. */
static size_t row_of_pid(
    const struct tui_list *l, struct aur_slice text, size_t from, bool back)
{
	uint64_t pid;

	if (aur_scan_u64(text, &pid) < 0)
		return l->n;
	for (size_t k = 0; k < l->n; k++) { /* each host may have one */
		size_t i = (back ? from + l->n - k : from + k) % l->n;

		if (l->row[i].who.key.v[0] == pid)
			return i;
	}
	return l->n;
}

bool tui_list_search(struct tui_list *l, struct aur_figures *f,
    struct aur_slice text, size_t from, bool back)
{
	size_t exact = row_of_pid(l, text, from, back);

	if (exact < l->n) {
		tui_list_go(l, exact);
		return true;
	}
	for (size_t k = 0; k < l->n; k++) {
		size_t i = back ? (from + l->n - k) % l->n : (from + k) % l->n;

		if (tui_list_matches(l, f, text, i)) {
			tui_list_go(l, i);
			return true;
		}
	}
	return false;
}
