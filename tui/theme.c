/* SPDX-License-Identifier: MIT */
#include "tui/theme.h"

static const struct {
	int16_t fg, bg, fg8, bg8;
	uint8_t attr, mono;
} looks[] = {
#define TUI_ROLE(ID, fg, bg, fg8, bg8, attr, mono)                             \
	{fg, bg, fg8, bg8, attr, mono},
#include "tui/theme.def"
#undef TUI_ROLE
};

struct tui_look tui_theme_look(enum tui_role role, int colors)
{
	if (colors >= 256)
		return (struct tui_look){
		    looks[role].fg, looks[role].bg, looks[role].attr};
	if (colors >= 8)
		return (struct tui_look){
		    looks[role].fg8, looks[role].bg8, looks[role].attr};
	return (struct tui_look){-1, -1, looks[role].mono};
}
