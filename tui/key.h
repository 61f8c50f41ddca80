/* SPDX-License-Identifier: MIT */
/*
 * Keys, and what they do by the table in key.def. Text entry and dialogs do
 * not ask here: what is typed there is text.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters are their code points; other keys lie above Unicode. */
enum {
	TUI_KEY_ESC = 0x1b,
	TUI_KEY_BACKSPACE = 0x7f,
	TUI_KEY_FIRST = 0x110000,
	TUI_KEY_UP,
	TUI_KEY_DOWN,
	TUI_KEY_LEFT,
	TUI_KEY_RIGHT,
	TUI_KEY_HOME,
	TUI_KEY_END,
	TUI_KEY_PAGE_UP,
	TUI_KEY_PAGE_DOWN,
	TUI_KEY_INSERT,
	TUI_KEY_DELETE,
	TUI_KEY_BACKTAB,
	TUI_KEY_GG, /* g and g again */
	TUI_KEY_F0,
};
#define TUI_KEY_F(n) (TUI_KEY_F0 + (n))
#define TUI_KEY_CTRL(c) ((c)&0x1f)

enum tui_action {
	TUI_DO_NOTHING,
#define TUI_ACTION(ID, section, acts, label, help) TUI_DO_##ID,
#define TUI_BIND(ID, key)
#include "tui/key.def"
#undef TUI_ACTION
#undef TUI_BIND
	TUI_DO_COUNT
};

enum tui_section {
	TUI_SECTION_GENERAL,
	TUI_SECTION_MOVING,
	TUI_SECTION_PAST,
	TUI_SECTION_LIST,
	TUI_SECTION_ACTING,
	TUI_SECTION_COUNT
};

struct tui_action_row {
	enum tui_section section;
	bool acts;
	const char *label;
	const char *help;
};

/* The row of an action but NOTHING. */
const struct tui_action_row *tui_action_row(enum tui_action action);
const char *tui_section_name(enum tui_section section);

/* What the key does, with the keys of vim.def or without; TUI_DO_NOTHING for
 * an unknown one. */
enum tui_action tui_key_action(uint32_t key, bool vim);

#define TUI_KEYS_NAME_MAX 32
/* The names of an action's keys, "F1 ? h"; at most `most` of them. */
void tui_action_keys(
    enum tui_action action, size_t most, bool vim, char out[TUI_KEYS_NAME_MAX]);
/* The name of one key. */
void tui_key_name(uint32_t key, char out[TUI_KEYS_NAME_MAX]);
/* The nth key of an action, counting from 0; 0 when there is none. */
uint32_t tui_action_key(enum tui_action action, size_t nth, bool vim);

#endif
