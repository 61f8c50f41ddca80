/* SPDX-License-Identifier: MIT */
/*
 * A text table: cells are added row by row, widths are found when it is
 * written. Widths are columns of a terminal, not bytes; text from elsewhere
 * is made harmless.
 *
 *	struct aur_table t;
 *	aur_table_init(&t, columns, 3);
 *	rc = aur_table_add(&t, aur_slice_str("web1"), AUR_TABLE_PLAIN);
 *	...                                    three times n cells
 *	rc = aur_table_write(&t, &out, &how);
 *	aur_table_release(&t);
 *
 * With a width, columns of little weight are left out until the rest fits,
 * and the last one that may is cut with "…". Without one nothing is left out
 * and nothing is cut. A column that holds nothing but blanks is left out
 * where its `optional` says so.
 */
#ifndef AUR_VIEW_TABLE_H
#define AUR_VIEW_TABLE_H

#include "base/buf.h"
#include "base/compiler.h"

#define AUR_TABLE_COLUMNS 40u

struct aur_table_column {
	const char *title;
	bool right;	/* aligned to the right */
	bool optional;	/* left out when every cell is empty or "-" */
	uint8_t weight; /* the lower, the sooner dropped; 0: never */
	uint16_t most;	/* widest it gets when the width is limited; 0: any */
	bool command;	/* folders of the program go before the end is cut */
};

/* How a cell looks where colours are wanted; never the only difference. */
enum aur_table_style {
	AUR_TABLE_PLAIN,
	AUR_TABLE_BOLD,
	AUR_TABLE_DIM,
	AUR_TABLE_GOOD,
	AUR_TABLE_WARN,
	AUR_TABLE_BAD,
	AUR_TABLE_STYLES
};

struct aur_table_how {
	size_t width; /* 0: no limit */
	bool color;   /* SGR sequences */
	bool ascii;   /* cuts are marked by "+" */
	bool no_head; /* without the titles */
};

struct aur_table_cell {
	uint32_t at, n; /* bytes in text */
	uint16_t width;
	uint8_t style; /* enum aur_table_style */
};

struct aur_table {
	const struct aur_table_column *column; /* borrowed */
	size_t ncolumn;
	struct aur_buf text;
	struct aur_table_cell *cell; /* owned */
	size_t n, cap;
};

/* Empty; `column` (at most AUR_TABLE_COLUMNS) is borrowed. */
void aur_table_init(
    struct aur_table *t, const struct aur_table_column *column, size_t ncolumn);
void aur_table_release(struct aur_table *t); /* zeroed is fine */

/* Adds the next cell of the current row. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_table_add(
    struct aur_table *t, struct aur_slice text, enum aur_table_style style);

/* Rows that are complete. */
size_t aur_table_rows(const struct aur_table *t);

/* Appends the table. Lines have no trailing blanks. 0, AUR_ENOMEM,
 * AUR_ELIMIT. */
AUR_MUST_CHECK int aur_table_write(const struct aur_table *t,
    struct aur_buf *out, const struct aur_table_how *how);

/* Appends `text` in a style; without colours, just the text. */
AUR_MUST_CHECK int aur_table_styled(struct aur_buf *out, struct aur_slice text,
    enum aur_table_style style, bool color);

#endif
