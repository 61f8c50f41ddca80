/* SPDX-License-Identifier: MIT */
/*
 * Widths are found after all cells are known: two passes over what is in
 * memory anyway. A table that prints as it goes must guess its widths, and
 * guesses wrong for the one row that matters.
 */
#include "view/table.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "view/format.h"

#define GAP 2u

static const char *const styles[AUR_TABLE_STYLES] = {
    [AUR_TABLE_PLAIN] = "",
    [AUR_TABLE_BOLD] = "\033[1m",
    [AUR_TABLE_DIM] = "\033[2m",
    [AUR_TABLE_GOOD] = "\033[32m",
    [AUR_TABLE_WARN] = "\033[33m",
    [AUR_TABLE_BAD] = "\033[1;31m",
};

/* How the columns come out. */
struct layout {
	uint16_t width[AUR_TABLE_COLUMNS];
	bool shown[AUR_TABLE_COLUMNS];
	size_t last; /* the last column shown */
};

void aur_table_init(
    struct aur_table *t, const struct aur_table_column *column, size_t ncolumn)
{
	*t = (struct aur_table){.column = column,
	    .ncolumn =
		ncolumn < AUR_TABLE_COLUMNS ? ncolumn : AUR_TABLE_COLUMNS};
	aur_buf_init(&t->text, AUR_MAX_JSON * 4);
}

void aur_table_release(struct aur_table *t)
{
	aur_buf_release(&t->text);
	aur_mem_free(t->cell);
	*t = (struct aur_table){0};
}

int aur_table_add(
    struct aur_table *t, struct aur_slice text, enum aur_table_style style)
{
	size_t at = t->text.n, width;
	int rc;

	if (t->n == t->cap) {
		size_t cap = t->cap > 0 ? t->cap * 2 : 64;
		void *grown = aur_mem_grow(t->cell, cap, sizeof *t->cell);

		if (grown == NULL)
			return AUR_ENOMEM;
		t->cell = grown;
		t->cap = cap;
	}
	rc = aur_text_add_safe(&t->text, text);
	if (rc < 0)
		return rc;
	width = aur_text_width(text);
	t->cell[t->n++] = (struct aur_table_cell){.at = (uint32_t)at,
	    .n = (uint32_t)(t->text.n - at),
	    .width = (uint16_t)(width < UINT16_MAX ? width : UINT16_MAX),
	    .style = (uint8_t)style};
	return 0;
}

size_t aur_table_rows(const struct aur_table *t)
{
	return t->ncolumn > 0 ? t->n / t->ncolumn : 0;
}

static struct aur_slice text_of(
    const struct aur_table *t, const struct aur_table_cell *c)
{
	struct aur_slice all = aur_buf_peek(&t->text);

	return aur_slice_of(c->n > 0 ? all.p + c->at : NULL, c->n);
}

static void measure(const struct aur_table *t, const struct aur_table_how *how,
    struct layout *l)
{
	size_t rows = aur_table_rows(t);

	for (size_t c = 0; c < t->ncolumn; c++) {
		const struct aur_table_column *col = &t->column[c];
		bool empty = true;
		size_t width = how->no_head ? 0 : strlen(col->title);

		for (size_t r = 0; r < rows; r++) {
			const struct aur_table_cell *cell =
			    &t->cell[r * t->ncolumn + c];

			if (cell->width > width)
				width = cell->width;
			if (cell->n > 0 && !aur_slice_is(text_of(t, cell), "-"))
				empty = false;
		}
		if (how->width > 0 && col->most > 0 && width > col->most)
			width = col->most;
		l->width[c] = (uint16_t)width;
		l->shown[c] = !(col->optional && empty);
	}
}

static size_t total(const struct aur_table *t, const struct layout *l)
{
	size_t sum = 0;

	for (size_t c = 0; c < t->ncolumn; c++)
		if (l->shown[c])
			sum += (sum > 0 ? GAP : 0) + l->width[c];
	return sum;
}

/* The shown column with the least weight above 0; -1 for none. */
static int lightest(const struct aur_table *t, const struct layout *l)
{
	int found = -1;

	for (size_t c = 0; c < t->ncolumn; c++)
		if (l->shown[c] && t->column[c].weight > 0 &&
		    (found < 0 ||
			t->column[c].weight <= t->column[found].weight))
			found = (int)c;
	return found;
}

/* Least that the last column is cut to before others are dropped. */
static size_t least_tail(const struct layout *l)
{
	return l->width[l->last] < 16 ? l->width[l->last] : 16;
}

static void find_last(const struct aur_table *t, struct layout *l)
{
	l->last = 0;
	for (size_t c = 0; c < t->ncolumn; c++)
		if (l->shown[c])
			l->last = c;
}

/* Drops columns, then cuts the last one, until a line fits. */
static void fit(const struct aur_table *t, size_t width, struct layout *l)
{
	size_t sum;

	for (;;) {
		int drop;

		find_last(t, l);
		sum = total(t, l);
		if (sum - l->width[l->last] + least_tail(l) <= width)
			break;
		drop = lightest(t, l);
		if (drop < 0)
			break;
		l->shown[drop] = false;
	}
	if (sum > width && sum - width < l->width[l->last])
		l->width[l->last] =
		    (uint16_t)(l->width[l->last] - (sum - width));
}

int aur_table_styled(struct aur_buf *out, struct aur_slice text,
    enum aur_table_style style, bool color)
{
	int rc = 0;

	if (!color || style == AUR_TABLE_PLAIN || text.n == 0)
		return aur_buf_add_slice(out, text);
	rc = aur_buf_add_str(out, styles[style]);
	if (rc == 0)
		rc = aur_buf_add_slice(out, text);
	return rc < 0 ? rc : aur_buf_add_str(out, "\033[0m");
}

static int pad(struct aur_buf *out, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = aur_buf_add_byte(out, ' ');
	return rc;
}

static struct aur_slice without_folders(struct aur_slice cmd, size_t *has)
{
	struct aur_slice program = aur_format_program(cmd);

	if (program.n > 0) {
		cmd.n -= (size_t)(program.p - cmd.p);
		cmd.p = program.p;
		*has = aur_text_width(cmd);
	}
	return cmd;
}

/* One cell in its column; `tail` says that nothing follows it. */
static int write_cell(struct aur_buf *out, struct aur_slice text, size_t has,
    size_t width, const struct aur_table_column *col,
    enum aur_table_style style, bool tail, const struct aur_table_how *how)
{
	struct aur_buf cut;
	size_t blanks;
	int rc = 0;

	aur_buf_init(&cut, AUR_MAX_STRING * 4);
	if (has > width && col->command)
		text = without_folders(text, &has);
	if (has > width) {
		rc = aur_text_add_cell(&cut, text, width, false, how->ascii);
		text = aur_buf_peek(&cut);
	}
	blanks = has < width ? width - has : 0;
	if (rc == 0 && col->right)
		rc = pad(out, blanks);
	if (rc == 0)
		rc = aur_table_styled(out, text, style, how->color);
	if (rc == 0 && !col->right && !tail)
		rc = pad(out, blanks);
	aur_buf_release(&cut);
	return rc;
}

/* A row, or the titles where `cell` is NULL. */
static int write_row(const struct aur_table *t, struct aur_buf *out,
    const struct layout *l, const struct aur_table_cell *cell,
    const struct aur_table_how *how)
{
	bool first = true;
	int rc = 0;

	for (size_t c = 0; c < t->ncolumn && rc == 0; c++) {
		const struct aur_table_column *col = &t->column[c];
		struct aur_slice text;
		size_t width;

		if (!l->shown[c])
			continue;
		text = cell != NULL ? text_of(t, &cell[c])
				    : aur_slice_str(col->title);
		width = cell != NULL ? cell[c].width : text.n;
		if (!first)
			rc = pad(out, GAP);
		first = false;
		if (rc == 0)
			rc = write_cell(out, text, width, l->width[c], col,
			    cell != NULL ? (enum aur_table_style)cell[c].style
					 : AUR_TABLE_BOLD,
			    c == l->last, how);
	}
	/* empty last cells leave blanks behind */
	while (out->n > 0 && aur_buf_peek(out).p[out->n - 1] == ' ')
		aur_buf_cut(out, out->n - 1);
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

int aur_table_write(const struct aur_table *t, struct aur_buf *out,
    const struct aur_table_how *how)
{
	size_t before = out->n, rows = aur_table_rows(t);
	struct layout l = {.last = 0};
	int rc = 0;

	measure(t, how, &l);
	find_last(t, &l);
	if (how->width > 0)
		fit(t, how->width, &l);
	if (!how->no_head)
		rc = write_row(t, out, &l, NULL, how);
	for (size_t r = 0; r < rows && rc == 0; r++)
		rc = write_row(t, out, &l, &t->cell[r * t->ncolumn], how);
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}
