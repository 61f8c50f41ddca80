/* SPDX-License-Identifier: MIT */
#include "tui/theme.h"

#include "base/compiler.h"

struct full_look {
	int16_t fg, bg, fg8, bg8;
	uint8_t attr, mono;
};

static const struct full_look looks[] = {
#define TUI_ROLE(ID, fg, bg, fg8, bg8, attr, mono)                             \
	{fg, bg, fg8, bg8, attr, mono},
#include "tui/theme.def"
#undef TUI_ROLE
};

static const struct {
	int16_t ink, ground, ink8, ground8;
	bool own;
} themes[] = {
#define TUI_THEME(ID, ink, ground, ink8, ground8, own)                         \
	{ink, ground, ink8, ground8, own},
#define TUI_LOOK(THEME, ROLE, fg, bg, fg8, bg8, attr)
#include "tui/theme_look.def"
#undef TUI_THEME
#undef TUI_LOOK
};

static const struct {
	enum tui_theme theme;
	enum tui_role role;
	struct full_look look;
} others[] = {
#define TUI_THEME(ID, ink, ground, ink8, ground8, own)
#define TUI_LOOK(THEME, ROLE, fg, bg, fg8, bg8, attr)                          \
	{TUI_THEME_##THEME, TUI_ROLE_##ROLE, {fg, bg, fg8, bg8, attr, 0}},
#include "tui/theme_look.def"
#undef TUI_THEME
#undef TUI_LOOK
};

static const struct full_look *find(enum tui_theme theme, enum tui_role role)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(others); i++)
		if (others[i].theme == theme && others[i].role == role)
			return &others[i].look;
	return &looks[role];
}

static bool paints(enum tui_theme theme, enum tui_ground ground)
{
	if (ground == TUI_GROUND_AUTO)
		return themes[theme].own;
	return ground == TUI_GROUND_THEME;
}

static int16_t either(int16_t color, int16_t otherwise)
{
	return color >= 0 ? color : otherwise;
}

struct tui_look tui_theme_look(enum tui_theme theme, enum tui_ground ground,
    enum tui_role role, int colors)
{
	const struct full_look *l = find(theme, role);
	int rich = theme == TUI_THEME_ANSI ? 16 : 256;
	bool all = paints(theme, ground);

	if (colors < 8 || theme == TUI_THEME_MONO)
		return (struct tui_look){-1, -1, looks[role].mono};
	if (colors >= rich)
		return (struct tui_look){
		    either(l->fg, all ? themes[theme].ink : -1),
		    either(l->bg, all ? themes[theme].ground : -1), l->attr};
	return (struct tui_look){either(l->fg8, all ? themes[theme].ink8 : -1),
	    either(l->bg8, all ? themes[theme].ground8 : -1), l->attr};
}
