/* SPDX-License-Identifier: MIT */
#include "cli/top_settings.h"

#include "cli/cli.h"
#include "json/settings.h"
#include "tui/columns.h"

static void find_path(char *out, size_t size)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *more = "";

	if (base == NULL || base[0] != '/') { /* relative ones do not count */
		base = getenv("HOME");
		more = "/.config";
	}
	out[0] = '\0';
	if (base == NULL || base[0] != '/')
		return;
	if ((size_t)snprintf(out, size, "%s%s/aurora/top.json", base, more) >=
	    size)
		out[0] = '\0';
}

static void fill(struct aur_setting row[TUI_SET_COUNT],
    const struct tui_settings *s, unsigned changed)
{
	memset(row, 0, TUI_SET_COUNT * sizeof(row[0]));
	for (int i = 0; i < TUI_SET_COUNT; i++) {
		enum tui_setting id = (enum tui_setting)i;
		const struct tui_setting_row *r = tui_setting_row(id);

		row[i].name = r->name;
		row[i].words = r->words;
		row[i].given = (changed >> i & 1) != 0;
		row[i].choice = s->choice[i];
		row[i].kind = AUR_SETTING_WORD;
		if (tui_setting_is_switch(id))
			row[i].kind = AUR_SETTING_SWITCH;
		if (id == TUI_SET_COLUMNS) {
			row[i].kind = AUR_SETTING_TEXT;
			snprintf(
			    row[i].text, sizeof(row[i].text), "%s", s->columns);
		}
		if (r->words[0] == '\0') {
			row[i].kind = AUR_SETTING_NUMBER;
			row[i].least = TUI_INTERVAL_LEAST;
			row[i].most = TUI_INTERVAL_MOST;
			row[i].number = aur_span_in_seconds(s->interval);
		}
	}
}

/* Takes up the text; false when it names no columns. */
static bool take_columns(struct top_settings *t, const char *text)
{
	struct tui_columns columns;

	tui_columns_default(&columns);
	if (strlen(text) >= sizeof(t->set.columns) ||
	    (text[0] != '\0' &&
		tui_columns_parse(&columns, aur_slice_str(text)) < 0)) {
		cli_error(NULL,
		    "%s: columns: wants names of columns, each once, as "
		    "'pid user cpu -rss command'",
		    t->path);
		return false;
	}
	snprintf(t->set.columns, sizeof(t->set.columns), "%s", text);
	return true;
}

int top_settings_read(struct top_settings *t)
{
	struct aur_setting row[TUI_SET_COUNT];
	char why[4096 + 256];

	tui_settings_init(&t->set);
	find_path(t->path, sizeof(t->path));
	if (t->path[0] == '\0')
		return CLI_OK;
	fill(row, &t->set, 0);
	if (aur_settings_read(t->path, row, TUI_SET_COUNT, why, sizeof(why)) <
	    0) {
		cli_error(NULL, "%s", why);
		return CLI_FAILED;
	}
	for (int i = 0; i < TUI_SET_COUNT; i++)
		if (row[i].given && row[i].kind == AUR_SETTING_NUMBER)
			t->set.interval = aur_span_seconds(row[i].number);
		else if (row[i].given && row[i].kind == AUR_SETTING_TEXT) {
			if (!take_columns(t, row[i].text))
				return CLI_FAILED;
		} else if (row[i].given)
			t->set.choice[i] = row[i].choice;
	return CLI_OK;
}

bool top_settings_save(void *arg, const struct tui_settings *s,
    unsigned changed, char *why, size_t size)
{
	const struct top_settings *t = arg;
	struct aur_setting row[TUI_SET_COUNT];

	if (t->path[0] == '\0') {
		snprintf(why, size, "neither XDG_CONFIG_HOME nor HOME is set");
		return false;
	}
	fill(row, s, changed);
	return aur_settings_write(t->path, row, TUI_SET_COUNT, why, size) == 0;
}
