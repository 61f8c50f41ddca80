/* SPDX-License-Identifier: MIT */
/* The keys of the screen, out of its own table (tui/key.def, tui/vim.def). */
#include "cli/help_keys.h"

#include "tui/key.h"

#define KEYS_MAX 8 /* of one action */

static int add_section(struct aur_buf *b, enum tui_section section)
{
	int rc = aur_buf_addf(b, "\n%s:\n", tui_section_name(section));

	for (int i = 1; i < TUI_DO_COUNT && rc == 0; i++) {
		enum tui_action action = (enum tui_action)i;
		const struct tui_action_row *row = tui_action_row(action);
		char keys[TUI_KEYS_NAME_MAX];

		if (row->section != section)
			continue;
		tui_action_keys(action, KEYS_MAX, false, keys);
		rc = aur_buf_addf(b, "  %-16s  %s\n", keys, row->help);
	}
	return rc;
}

static int add_vim(struct aur_buf *b)
{
	static const struct {
		enum tui_action action;
		uint32_t key;
	} bind[] = {
#define TUI_VIM(ID, key) {TUI_DO_##ID, key},
#include "tui/vim.def"
#undef TUI_VIM
	};
	int rc = aur_buf_add_str(b, "\nWith --keys vim:\n");

	for (size_t i = 0; i < AUR_ARRAY_LEN(bind) && rc == 0; i++) {
		char key[TUI_KEYS_NAME_MAX];

		tui_key_name(bind[i].key, key);
		rc = aur_buf_addf(b, "  %-16s  %s\n", key,
		    tui_action_row(bind[i].action)->help);
	}
	return rc;
}

int help_keys(struct aur_buf *b)
{
	int rc = aur_buf_add_str(
	    b, "keys of 'aurora top'; F1 or ? shows them there\n");

	for (int s = 0; s < TUI_SECTION_COUNT && rc == 0; s++)
		rc = add_section(b, (enum tui_section)s);
	return rc == 0 ? add_vim(b) : rc;
}
