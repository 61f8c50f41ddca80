/* SPDX-License-Identifier: MIT */
/* A list to choose one of, drawn over the left of the screen. */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "tui/cell.h"
#include "tui/input.h"

#define TUI_MENU_MAX 512
#define TUI_MENU_TEXT 48

struct tui_menu {
	const char *title;
	size_t n, at, top;
	struct tui_rect drawn; /* where it stands, title included */
	struct {
		char text[TUI_MENU_TEXT];
		int value;
	} item[TUI_MENU_MAX];
};

void tui_menu_begin(struct tui_menu *m, const char *title);
void tui_menu_add(struct tui_menu *m, int value, const char *fmt, ...)
    AUR_PRINTF(3, 4);
/* Puts the cursor on the item with this value. */
void tui_menu_choose(struct tui_menu *m, int value);

/* Moves by a key or the first letter of an item; false when it is neither. */
bool tui_menu_key(struct tui_menu *m, uint32_t key, int page);

/* Goes to the item at x, y of the surface; true when it was there already, and
 * so is chosen. */
bool tui_menu_click(struct tui_menu *m, int x, int y);

/* Draws into `a`, title first. */
void tui_menu_draw(struct tui_menu *m, const struct tui_area *a);

#endif
