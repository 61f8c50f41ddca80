/* SPDX-License-Identifier: MIT */
/*
 * The columns of the process table as the user wants them: all there are, in
 * his order, each shown or not. What a narrow screen has no room for goes by
 * weight when it is drawn (procs_columns.c); the wish stays as it is.
 *
 *	tui_columns_default(&c);
 *	rc = tui_columns_parse(&c, text);      "pid user cpu -rss command"
 *	rc = tui_columns_format(&c, &buf);     the same text again
 *
 * Blanks or commas part the names. In the text a minus is in front of what is not shown; columns that it does
 * not name are not shown and come last, so that a text of an older version
 * stays good.
 */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include "base/buf.h"
#include "view/column.h"

/* The columns of tables, and those that only a screen can have. HOST is not
 * chosen: it shows where there are several hosts. */
enum tui_column_id {
	TUI_COLUMN_SPARK = AUR_COLUMN_COUNT, /* CPU of the last samples */
	TUI_COLUMN_COUNT,
	TUI_COLUMN_HOST = TUI_COLUMN_COUNT,
};

struct tui_columns {
	struct {
		uint8_t id; /* an aur_column_id or a tui_column_id */
		bool shown;
	} column[TUI_COLUMN_COUNT];
	size_t n;
};

void tui_columns_default(struct tui_columns *c);

/* Takes the order and choice of `text`. 0; AUR_EINVALID: a name is unknown or
 * twice, or nothing is shown; *c is then as it was. */
AUR_MUST_CHECK int tui_columns_parse(
    struct tui_columns *c, struct aur_slice text);

/* Appends the text. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_columns_format(
    const struct tui_columns *c, struct aur_buf *b);

/* What is shown, as names with commas between. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_columns_list(
    const struct tui_columns *c, struct aur_buf *b);

bool tui_columns_same(const struct tui_columns *a, const struct tui_columns *b);

/* Shows or hides number `i`; false when it is the last one that shows. */
bool tui_columns_toggle(struct tui_columns *c, size_t i);

/* Moves number `i` by one place, back or on; where it stands then. */
size_t tui_columns_move(struct tui_columns *c, size_t i, int by);

/* What a column of either kind is. */
const struct aur_column *tui_column_get(unsigned id);

/* The column to sort by: its own, or the one whose past it tells. */
unsigned tui_column_sort(unsigned id);

#endif
