/* SPDX-License-Identifier: MIT */
/*
 * The process columns: a table and a look-up.
 */
#include "view/column.h"

#include "base/text.h"

static const struct aur_column columns[AUR_COLUMN_COUNT] = {
#define AUR_COLUMN(ID, name, title, width, right, figure, weight)              \
	{name, title, width, right, figure, weight},
#include "view/column.def"
#undef AUR_COLUMN
};

const struct aur_column *aur_column_get(enum aur_column_id id)
{
	return &columns[id];
}

/* Equal but for ASCII case: each holds the other. */
static bool same(const char *a, struct aur_slice b)
{
	struct aur_slice s = aur_slice_str(a);

	return s.n == b.n && aur_text_has(s, b);
}

int aur_column_find(struct aur_slice name)
{
	int figure;

	for (int i = 0; i < AUR_COLUMN_COUNT; i++)
		if (same(columns[i].name, name))
			return i;
	for (int i = 0; i < AUR_COLUMN_COUNT; i++)
		if (same(columns[i].title, name))
			return i;
	figure = aur_figure_find(AUR_GROUP_PROCESSES, name);
	for (int i = 0; figure >= 0 && i < AUR_COLUMN_COUNT; i++)
		if ((int)columns[i].figure == figure)
			return i;
	return -1;
}
