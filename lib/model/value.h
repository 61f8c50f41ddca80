/* SPDX-License-Identifier: MIT */
/*
 * One value as people and scripts see it: nothing, yes or no, a number, or
 * text. What filters compare, JSON writes and tables print.
 */
#ifndef AUR_MODEL_VALUE_H
#define AUR_MODEL_VALUE_H

#include "base/slice.h"

enum aur_value_type {
	AUR_VALUE_NULL, /* unknown */
	AUR_VALUE_BOOL,
	AUR_VALUE_INT,
	AUR_VALUE_REAL,
	AUR_VALUE_TEXT,
	AUR_VALUE_LIST, /* texts separated by NUL: a command line */
};

struct aur_value {
	enum aur_value_type type;
	union {
		bool b;
		int64_t i;
		double d;
		struct aur_slice s; /* borrowed from the sample */
	};
};

/* As a number: INT and REAL, BOOL as 0 or 1; false for the rest. */
bool aur_value_number(const struct aur_value *v, double *ret);

/* Total order for sorting: NULL last whatever the direction would be for
 * numbers (it sorts below everything), then numbers, then texts by bytes
 * without ASCII case. <0, 0, >0. */
int aur_value_cmp(const struct aur_value *a, const struct aur_value *b);

#endif
