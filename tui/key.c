/* SPDX-License-Identifier: MIT */
#include "tui/key.h"

#include "base/compiler.h"
#include "base/text.h"

static const struct tui_action_row rows[] = {
    {0, false, "", ""},
#define TUI_ACTION(ID, section, acts, label, help)                             \
	{TUI_SECTION_##section, acts, label, help},
#define TUI_BIND(ID, key)
#include "tui/key.def"
#undef TUI_ACTION
#undef TUI_BIND
};

static const struct {
	enum tui_action action;
	uint32_t key;
} binds[] = {
#define TUI_ACTION(ID, section, acts, label, help)
#define TUI_BIND(ID, key) {TUI_DO_##ID, key},
#include "tui/key.def"
#undef TUI_ACTION
#undef TUI_BIND
};

static const struct {
	enum tui_action action;
	uint32_t key;
} vim_binds[] = {
#define TUI_VIM(ID, key) {TUI_DO_##ID, key},
#include "tui/vim.def"
#undef TUI_VIM
};

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
    {TUI_KEY_ESC, "Esc"},
    {TUI_KEY_BACKSPACE, "Backspace"},
    {'\t', "Tab"},
    {'\r', "Enter"},
    {' ', "Space"},
    {TUI_KEY_UP, "Up"},
    {TUI_KEY_DOWN, "Down"},
    {TUI_KEY_LEFT, "Left"},
    {TUI_KEY_RIGHT, "Right"},
    {TUI_KEY_HOME, "Home"},
    {TUI_KEY_END, "End"},
    {TUI_KEY_PAGE_UP, "PgUp"},
    {TUI_KEY_PAGE_DOWN, "PgDn"},
    {TUI_KEY_INSERT, "Ins"},
    {TUI_KEY_DELETE, "Del"},
    {TUI_KEY_BACKTAB, "Shift-Tab"},
    {TUI_KEY_GG, "gg"},
};

const struct tui_action_row *tui_action_row(enum tui_action action)
{
	return &rows[action];
}

const char *tui_section_name(enum tui_section section)
{
	static const char *const name[] = {
	    "General", "Moving", "Looking back", "Process list", "Acting"};

	return name[section];
}

enum tui_action tui_key_action(uint32_t key, bool vim)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(vim_binds) && vim; i++)
		if (vim_binds[i].key == key)
			return vim_binds[i].action;
	for (size_t i = 0; i < AUR_ARRAY_LEN(binds); i++)
		if (binds[i].key == key)
			return binds[i].action;
	return TUI_DO_NOTHING;
}

uint32_t tui_action_key(enum tui_action action, size_t nth, bool vim)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(binds); i++)
		if (binds[i].action == action &&
		    tui_key_action(binds[i].key, vim) == action && nth-- == 0)
			return binds[i].key;
	for (size_t i = 0; i < AUR_ARRAY_LEN(vim_binds) && vim; i++)
		if (vim_binds[i].action == action && nth-- == 0)
			return vim_binds[i].key;
	return 0;
}

void tui_key_name(uint32_t key, char out[TUI_KEYS_NAME_MAX])
{
	size_t n;

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++)
		if (names[i].key == key) {
			snprintf(out, TUI_KEYS_NAME_MAX, "%s", names[i].name);
			return;
		}
	if (key > TUI_KEY_F0)
		snprintf(out, TUI_KEYS_NAME_MAX, "F%u", key - TUI_KEY_F0);
	else if (key < ' ')
		snprintf(out, TUI_KEYS_NAME_MAX, "Ctrl-%c", (int)(key + '@'));
	else {
		n = aur_text_put(key, (uint8_t *)out);
		out[n] = '\0';
	}
}

void tui_action_keys(
    enum tui_action action, size_t most, bool vim, char out[TUI_KEYS_NAME_MAX])
{
	size_t n = 0;
	uint32_t key;

	out[0] = '\0';
	for (size_t i = 0; i < most; i++) {
		char name[TUI_KEYS_NAME_MAX];

		key = tui_action_key(action, i, vim);
		if (key == 0)
			break;
		tui_key_name(key, name);
		if (n + strlen(name) + 2 > TUI_KEYS_NAME_MAX)
			break;
		n += (size_t)snprintf(out + n, TUI_KEYS_NAME_MAX - n, "%s%s",
		    n > 0 ? " " : "", name);
	}
}
