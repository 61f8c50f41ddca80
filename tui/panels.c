/* SPDX-License-Identifier: MIT */
#include "tui/panel.h"

static const struct tui_panel_class *const classes[TUI_PANEL_COUNT] = {
    &tui_panel_cpu,
    &tui_panel_memory,
    &tui_panel_pressure,
    &tui_panel_disk,
    &tui_panel_network,
    &tui_panel_filesystem,
    &tui_panel_sensor,
};

const struct tui_panel_class *tui_panel_class(enum tui_panel_id id)
{
	return classes[id];
}

bool tui_panel_move(struct tui_panel *p, enum tui_action action, int page)
{
	size_t step = page > 1 ? (size_t)page : 1;

	switch (action) {
	case TUI_DO_DOWN:
		p->scroll++;
		return true;
	case TUI_DO_UP:
		p->scroll -= p->scroll > 0;
		return true;
	case TUI_DO_PAGE_DOWN:
		p->scroll += step;
		return true;
	case TUI_DO_PAGE_UP:
		p->scroll -= p->scroll < step ? p->scroll : step;
		return true;
	case TUI_DO_TOP:
		p->scroll = 0;
		return true;
	case TUI_DO_BOTTOM:
		p->scroll = SIZE_MAX / 2;
		return true;
	default:
		return false;
	}
}

size_t tui_panel_window(struct tui_panel *p, size_t n, int h)
{
	size_t rows = h > 0 ? (size_t)h : 0;

	if (rows >= n)
		p->scroll = 0;
	else if (p->scroll > n - rows)
		p->scroll = n - rows;
	return n - p->scroll < rows ? n - p->scroll : rows;
}
