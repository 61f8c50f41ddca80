/* SPDX-License-Identifier: MIT */
/* What a cell means, and how that looks in each theme: with 256 colours, with
 * 16, 8 or none. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
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

enum tui_theme {
#define TUI_THEME(ID, ink, ground, ink8, ground8, own) TUI_THEME_##ID,
#define TUI_LOOK(THEME, ROLE, fg, bg, fg8, bg8, attr)
#include "tui/theme_look.def"
#undef TUI_THEME
#undef TUI_LOOK
	TUI_THEME_COUNT
};

/* Whose ground is painted: as the theme likes it; the terminal's own, which
 * may be transparent; the theme's. */
enum tui_ground { TUI_GROUND_AUTO, TUI_GROUND_TERMINAL, TUI_GROUND_THEME };

struct tui_look {
	int16_t fg, bg; /* -1: the terminal's own */
	uint8_t attr;
};

/* How `role` looks where there are `colors` colours; below 8, none. */
struct tui_look tui_theme_look(enum tui_theme theme, enum tui_ground ground,
    enum tui_role role, int colors);

#endif
