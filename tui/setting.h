/* SPDX-License-Identifier: MIT */
/*
 * What a user may set for good. A plain struct: who reads and writes the file
 * is not the screen's affair.
 *
 *	struct tui_settings s;
 *	tui_settings_init(&s);
 *	s.choice[TUI_SET_THEME] = tui_setting_find(TUI_SET_THEME, "light");
 */
#ifndef TUI_SETTING_H
#define TUI_SETTING_H

#include "base/clock.h"
#include "base/slice.h"

enum tui_setting {
#define TUI_SETTING(ID, name, label, words, fallback, help) TUI_SET_##ID,
#include "tui/setting.def"
#undef TUI_SETTING
	TUI_SET_COUNT
};

enum tui_glyphs {
	TUI_GLYPHS_AUTO,
	TUI_GLYPHS_BRAILLE,
	TUI_GLYPHS_BLOCK,
	TUI_GLYPHS_ASCII,
};
enum tui_keys_style { TUI_KEYS_HTOP, TUI_KEYS_VIM };
enum tui_paths { TUI_PATHS_FIT, TUI_PATHS_ALWAYS, TUI_PATHS_NEVER };
enum tui_fleet_layout {
	TUI_FLEET_LAYOUT_AUTO,
	TUI_FLEET_LAYOUT_TABLE,
	TUI_FLEET_LAYOUT_TILES,
};
enum tui_layout { TUI_LAYOUT_FULL, TUI_LAYOUT_CONDENSED, TUI_LAYOUT_ONE };

struct tui_setting_row {
	const char *name, *label;
	const char *words; /* "full|condensed"; "": seconds; "*": text */
	int fallback;
	const char *help;
};

#define TUI_COLUMNS_TEXT 512
/* Those of the setup screen. */
#define TUI_SET_SHOWN TUI_SET_COLUMNS

struct tui_settings {
	int choice[TUI_SET_COUNT];	/* number of a word */
	char columns[TUI_COLUMNS_TEXT]; /* as columns.h has it; "": none */
	char fleet_columns[TUI_COLUMNS_TEXT]; /* "cpu memory age"; "": none */
	char fleet_sort[32];		      /* "cpu:desc"; "": none */
	struct aur_span interval;
};

#define TUI_INTERVAL_LEAST 0.1 /* seconds */
#define TUI_INTERVAL_MOST 3600.0

void tui_settings_init(struct tui_settings *s); /* what nobody has set */

/* Takes columns by names that blanks or commas part; "" for the usual ones.
 * What is kept is the text that columns.h makes of it. False: there are no
 * such columns; *s is then as it was. */
bool tui_settings_set_columns(struct tui_settings *s, const char *names);

const struct tui_setting_row *tui_setting_row(enum tui_setting id);
/* Whether it is on or off and nothing else. */
bool tui_setting_is_switch(enum tui_setting id);
/* The nth word, n 0 behind the last. */
struct aur_slice tui_setting_word(enum tui_setting id, int nth);
/* The number of a word; -1. */
int tui_setting_find(enum tui_setting id, struct aur_slice word);
/* Goes to the next choice, or with `by` -1 to the one before, round and
 * round; the interval in steps as people choose them. */
void tui_setting_step(struct tui_settings *s, enum tui_setting id, int by);

#endif
