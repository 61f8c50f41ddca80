/* SPDX-License-Identifier: MIT */
#include "tui/setting.h"

#include "base/compiler.h"
#include "tui/columns.h"

static const struct tui_setting_row rows[] = {
#define TUI_SETTING(ID, name, label, words, fallback, help)                    \
	{name, label, words, fallback, help},
#include "tui/setting.def"
#undef TUI_SETTING
};

static const double steps[] = {
    0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10, 15, 30, 60, 300, 900, 3600};

const struct tui_setting_row *tui_setting_row(enum tui_setting id)
{
	return &rows[id];
}

void tui_settings_init(struct tui_settings *s)
{
	for (int i = 0; i < TUI_SET_COUNT; i++)
		s->choice[i] = rows[i].fallback;
	s->columns[0] = s->fleet_columns[0] = s->fleet_sort[0] = '\0';
	s->interval = aur_span_ms(1000);
}

bool tui_settings_set_columns(struct tui_settings *s, const char *names)
{
	struct tui_columns usual, columns;
	struct aur_buf b;
	bool good;

	tui_columns_default(&usual);
	columns = usual;
	if (names[0] != '\0' &&
	    tui_columns_parse(&columns, aur_slice_str(names)) < 0)
		return false;
	aur_buf_init(&b, TUI_COLUMNS_TEXT - 1);
	good = tui_columns_same(&usual, &columns) ||
	       tui_columns_format(&columns, &b) == 0;
	if (good)
		snprintf(s->columns, sizeof(s->columns), "%.*s", (int)b.n,
		    b.n > 0 ? aur_buf_str(&b) : "");
	aur_buf_release(&b);
	return good;
}

bool tui_setting_is_switch(enum tui_setting id)
{
	return strcmp(rows[id].words, "off|on") == 0;
}

struct aur_slice tui_setting_word(enum tui_setting id, int nth)
{
	struct aur_slice rest = aur_slice_str(rows[id].words), word;

	do {
		if (!aur_slice_until(&rest, '|', &word)) {
			word = rest;
			rest.n = 0;
		}
	} while (nth-- > 0 && word.n > 0);
	return word;
}

int tui_setting_find(enum tui_setting id, struct aur_slice word)
{
	struct aur_slice one;

	for (int i = 0; (one = tui_setting_word(id, i)).n > 0; i++)
		if (aur_slice_eq(one, word))
			return i;
	return -1;
}

static void step_interval(struct tui_settings *s, int by)
{
	double v = aur_span_in_seconds(s->interval);
	size_t i, n = AUR_ARRAY_LEN(steps);

	if (by > 0) {
		for (i = 0; i + 1 < n && steps[i] <= v * 1.001; i++)
			;
	} else {
		for (i = n - 1; i > 0 && steps[i] >= v * 0.999; i--)
			;
	}
	s->interval = aur_span_seconds(steps[i]);
}

void tui_setting_step(struct tui_settings *s, enum tui_setting id, int by)
{
	int n = 0;

	if (rows[id].words[0] == '\0') {
		step_interval(s, by);
		return;
	}
	while (tui_setting_word(id, n).n > 0)
		n++;
	s->choice[id] = (s->choice[id] + by + n) % n;
}
