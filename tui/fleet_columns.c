/* SPDX-License-Identifier: MIT */
/* Which columns of the fleet a width has room for, and the text of a choice. */
#include "tui/fleet_table.h"

#include "base/err.h"
#include "base/text.h"

#define MARK_W 2
#define NAME_MOST 28
#define PAST_MOST 30

uint32_t tui_fleet_columns_default(void)
{
	uint32_t in = 0;

	for (unsigned id = 0; id < TUI_FLEET_COLUMNS; id++)
		in |= tui_fleet_column(id)->shown ? 1u << id : 0;
	return in;
}

int tui_fleet_columns_parse(struct aur_slice text, uint32_t *ret_shown)
{
	uint32_t in = 1u << TUI_FLEET_HOST;
	struct aur_slice word;

	while (text.n > 0) {
		int id;

		if (!aur_slice_until(&text, ' ', &word)) {
			word = text;
			text.n = 0;
		}
		if (word.n == 0)
			continue;
		id = tui_fleet_column_find(word);
		if (id < 0)
			return AUR_EINVALID;
		in |= 1u << id;
	}
	*ret_shown = in;
	return 0;
}

void tui_fleet_columns_format(uint32_t shown, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned id = 0; id < TUI_FLEET_COLUMNS && n < size; id++)
		if (shown >> id & 1)
			n += (size_t)snprintf(out + n, size - n, "%s%s",
			    n > 0 ? " " : "", tui_fleet_column(id)->name);
}

static int width_of(uint32_t in)
{
	int w = MARK_W - 1;

	for (unsigned id = 0; id < TUI_FLEET_COLUMNS; id++)
		if (in >> id & 1)
			w += tui_fleet_column(id)->width + 1;
	return w;
}

/* The lightest column that may go, the last of those alike;
 * TUI_FLEET_COLUMNS when none may. */
static unsigned lightest(const struct tui_fleet_table *t, uint32_t in)
{
	unsigned found = TUI_FLEET_COLUMNS;
	int least = 256;

	for (unsigned id = 0; id < TUI_FLEET_COLUMNS; id++) {
		int w = tui_fleet_column(id)->weight;

		if ((in >> id & 1) && w > 0 && w <= least &&
		    !(t->fleet->sorted && id == t->fleet->sort)) {
			least = w;
			found = id;
		}
	}
	return found;
}

/* The columns that names take. */
static int name_width(const struct tui_fleet_table *t)
{
	int most = tui_fleet_column(TUI_FLEET_HOST)->width;

	for (size_t i = 0; i < t->fleet->n; i++) {
		int w = (int)aur_text_width(
		    aur_slice_str(tui_fleet_host(t->fleet, i)->name));

		/* a place for the indent, and for the mark of no record */
		if (w + 4 > most)
			most = w + 4;
	}
	return most < NAME_MOST ? most : NAME_MOST;
}

/* What is left goes to names, then to the past. */
static void place(struct tui_fleet_table *t, uint32_t in, int w)
{
	int left = w - width_of(in), x = MARK_W;
	int name = name_width(t) - tui_fleet_column(TUI_FLEET_HOST)->width;

	if (name > left)
		name = left > 0 ? left : 0;
	left -= name;
	t->ncolumn = 0;
	for (unsigned id = 0; id < TUI_FLEET_COLUMNS; id++) {
		int wide = tui_fleet_column(id)->width;

		if (!(in >> id & 1))
			continue;
		if (id == TUI_FLEET_HOST)
			wide += name;
		/* widths whose cells are whole seconds: 10, 15, 20, 30 */
		if (id == TUI_FLEET_PAST)
			wide = left >= 20 ? PAST_MOST : left >= 5 ? 15 : wide;
		t->column[t->ncolumn].id = id;
		t->column[t->ncolumn].x = x;
		t->column[t->ncolumn++].w = wide;
		x += wide + 1;
	}
}

void tui_fleet_table_columns(struct tui_fleet_table *t, int w)
{
	uint32_t in = t->shown | 1u << TUI_FLEET_HOST;

	if (t->fleet->sorted)
		in |= 1u << t->fleet->sort;
	while (width_of(in) > w) {
		unsigned out = lightest(t, in);

		if (out == TUI_FLEET_COLUMNS)
			break;
		in &= ~(1u << out);
	}
	place(t, in, w);
}
