/* SPDX-License-Identifier: MIT */
/* The cursor of the fleet, folds, and what a search finds. */
#include "tui/fleet.h"

#include "base/text.h"

void tui_fleet_go(struct tui_fleet *fl, size_t row)
{
	if (fl->nrow == 0)
		return;
	fl->cursor = row < fl->nrow ? row : fl->nrow - 1;
	fl->selected = fl->row[fl->cursor];
	fl->chosen = true;
}

bool tui_fleet_move(struct tui_fleet *fl, enum tui_action action, size_t page)
{
	size_t at = fl->cursor;

	switch (action) {
	case TUI_DO_UP:
		tui_fleet_go(fl, at > 0 ? at - 1 : 0);
		return true;
	case TUI_DO_DOWN:
		tui_fleet_go(fl, at + 1);
		return true;
	case TUI_DO_PAGE_UP:
		tui_fleet_go(fl, at > page ? at - page : 0);
		return true;
	case TUI_DO_PAGE_DOWN:
		tui_fleet_go(fl, at + page);
		return true;
	case TUI_DO_TOP:
		tui_fleet_go(fl, 0);
		fl->chosen = false; /* the first row, whoever is there */
		return true;
	case TUI_DO_BOTTOM:
		tui_fleet_go(fl, SIZE_MAX);
		return true;
	default:
		return false;
	}
}

uint32_t tui_fleet_at(const struct tui_fleet *fl)
{
	return fl->cursor < fl->nrow ? fl->row[fl->cursor].host
				     : TUI_FLEET_NONE;
}

bool tui_fleet_fold(struct tui_fleet *fl, bool folded)
{
	uint32_t group = TUI_FLEET_NONE;

	if (fl->cursor < fl->nrow)
		group = fl->row[fl->cursor].group;
	if (group == TUI_FLEET_NONE)
		return false;
	fl->group[group].folded = folded;
	tui_fleet_go(fl, fl->cursor); /* it stays with what was folded */
	return true;
}

void tui_fleet_fold_all(struct tui_fleet *fl)
{
	bool some = false;

	for (size_t i = 0; i < fl->ngroup; i++)
		some = some || (fl->group[i].n > 0 && fl->group[i].folded);
	for (size_t i = 0; i < fl->ngroup; i++)
		fl->group[i].folded = !some;
}

void tui_fleet_sort(struct tui_fleet *fl, unsigned column)
{
	if (fl->sorted && fl->sort == column)
		fl->descending = !fl->descending;
	else
		fl->descending = tui_fleet_descends(column);
	fl->sort = column;
	fl->sorted = true;
}

bool tui_fleet_matches(
    const struct tui_fleet *fl, size_t host, struct aur_slice text)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);

	if (aur_text_has(aur_slice_str(h->name), text) ||
	    aur_text_has(aur_slice_str(h->address), text))
		return true;
	for (size_t i = 0; i < h->ngroup; i++)
		if (aur_text_has(aur_slice_str(h->groups[i]), text))
			return true;
	return false;
}

bool tui_fleet_search(
    struct tui_fleet *fl, struct aur_slice text, size_t from, bool back)
{
	for (size_t k = 0; k < fl->nrow; k++) {
		size_t i = (back ? from + fl->nrow - k : from + k) % fl->nrow;

		if (fl->row[i].host == TUI_FLEET_NONE ||
		    !tui_fleet_matches(fl, fl->row[i].host, text))
			continue;
		tui_fleet_go(fl, i);
		return true;
	}
	return false;
}
