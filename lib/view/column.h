/* SPDX-License-Identifier: MIT */
/*
 * The columns of process tables, one list for `aurora ps`, `aurora top` and
 * their sorting: key, title, width, alignment, which figure.
 * def: column.def, AUR_COLUMN(ID, "name", "TITLE", width, right, figure,
 * weight): the lower a weight, the sooner a narrow screen drops the column;
 * width 0 takes what is left.
 */
#ifndef AUR_VIEW_COLUMN_H
#define AUR_VIEW_COLUMN_H

#include "model/figure.h"

enum aur_column_id {
#define AUR_COLUMN(ID, name, title, width, right, figure, weight)              \
	AUR_COLUMN_##ID,
#include "view/column.def"
#undef AUR_COLUMN
	AUR_COLUMN_COUNT
};

struct aur_column {
	const char *name;  /* for --sort: "cpu", "rss" */
	const char *title; /* as in htop: "CPU%", "RES" */
	uint8_t width;
	bool right;
	enum aur_figure_id figure;
	uint8_t weight; /* 0 never dropped */
};

const struct aur_column *aur_column_get(enum aur_column_id id);

/* By name, title (any case) or figure name, unit suffix optional; -1. */
int aur_column_find(struct aur_slice name);

#endif
