/* SPDX-License-Identifier: MIT */
#include "cli/top_settings.h"

#include "base/scan.h"
#include "cli/cli.h"
#include "cli/place.h"
#include "json/settings.h"
#include "tui/fleet_table.h"
#include "tui/theme.h"

#include <stdlib.h>

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
		if (r->words[0] == '*') {
			row[i].kind = AUR_SETTING_TEXT;
			snprintf(row[i].text, sizeof(row[i].text), "%s",
			    id == TUI_SET_COLUMNS	  ? s->columns
			    : id == TUI_SET_FLEET_COLUMNS ? s->fleet_columns
							  : s->fleet_sort);
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
	if (tui_settings_set_columns(&t->set, text))
		return true;
	cli_error(NULL,
	    "%s: columns: wants names of columns, each once, as "
	    "'pid user cpu -rss command'",
	    t->path);
	return false;
}

static bool take_fleet_columns(struct top_settings *t, const char *text)
{
	uint32_t shown;

	if (strlen(text) >= sizeof(t->set.fleet_columns) ||
	    tui_fleet_columns_parse(aur_slice_str(text), &shown) < 0) {
		cli_error(NULL,
		    "%s: fleet_columns: wants names of columns, as "
		    "'cpu past memory load age'",
		    t->path);
		return false;
	}
	snprintf(
	    t->set.fleet_columns, sizeof(t->set.fleet_columns), "%s", text);
	return true;
}

static bool take_fleet_sort(struct top_settings *t, const char *text)
{
	unsigned column;
	bool descending;

	if (strlen(text) >= sizeof(t->set.fleet_sort) ||
	    (text[0] != '\0' && tui_fleet_sort_parse(aur_slice_str(text),
				    &column, &descending) < 0)) {
		cli_error(NULL,
		    "%s: fleet_sort: wants a column of the fleet, as "
		    "'cpu:desc'",
		    t->path);
		return false;
	}
	snprintf(t->set.fleet_sort, sizeof(t->set.fleet_sort), "%s", text);
	return true;
}

static bool take_text(
    struct top_settings *t, enum tui_setting id, const char *text)
{
	switch (id) {
	case TUI_SET_FLEET_COLUMNS:
		return take_fleet_columns(t, text);
	case TUI_SET_FLEET_SORT:
		return take_fleet_sort(t, text);
	default:
		return take_columns(t, text);
	}
}

/* What some terminals say of their colours: "0;15", "0;default;15". The last
 * is the ground; of the 16, 0 to 6 and 8 are dark. */
static bool is_light(const char *colors)
{
	const char *last = colors != NULL ? strrchr(colors, ';') : NULL;
	uint64_t ground;

	return last != NULL &&
	       aur_scan_u64(aur_slice_str(last + 1), &ground) == 0 &&
	       ground > 6 && ground != 8 && ground < 16;
}

int top_settings_read(struct top_settings *t)
{
	struct aur_setting row[TUI_SET_COUNT];
	char why[4096 + 256];

	tui_settings_init(&t->set);
	if (is_light(getenv("COLORFGBG")))
		t->set.choice[TUI_SET_THEME] = TUI_THEME_LIGHT;
	place_config("top.json", t->path, sizeof(t->path));
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
			if (!take_text(t, (enum tui_setting)i, row[i].text))
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
