/* SPDX-License-Identifier: MIT */
/* What a cell means, and how that looks with 256 colours, with 8 or none. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdint.h>

/* Attributes: bits. */
#define TUI_BOLD 1u
#define TUI_REVERSE 2u
#define TUI_UNDERLINE 4u
#define TUI_DIM 8u

enum tui_role {
#define TUI_ROLE(ID, fg, bg, fg8, bg8, attr, mono) TUI_ROLE_##ID,
#include "tui/theme.def"
#undef TUI_ROLE
	TUI_ROLE_COUNT
};

struct tui_look {
	int16_t fg, bg; /* -1: the terminal's own */
	uint8_t attr;
};

/* How `role` looks where there are `colors` colours; below 8, none. */
struct tui_look tui_theme_look(enum tui_role role, int colors);

#endif
