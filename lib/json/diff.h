/* SPDX-License-Identifier: MIT */
/* aurora.diff/1: what differs between two moments or two hosts. */
#ifndef AUR_JSON_DIFF_H
#define AUR_JSON_DIFF_H

#include "json/json.h"

struct aur_json_side {
	const char *host, *state;
	const char *error;	    /* NULL: null */
	struct aur_wall sampled_at; /* 0: null */
};

/* A process, or all of a name. Numbers are NaN where they are unknown. */
struct aur_json_load {
	size_t count;
	double cpu_percent, rss_bytes;
};
struct aur_json_changed {
	struct aur_slice name, user; /* user: "" of several */
	uint64_t pid, start_ticks;   /* 0: all of a name */
	struct aur_json_load a, b;   /* count 0: not there */
};

/* A value; NULL on the side where the row is not there. */
struct aur_json_moved {
	struct aur_slice metric;
	enum aur_unit unit;
	struct aur_value a, b;
};

struct aur_json_diff {
	struct aur_json_side a, b;
	const struct aur_json_moved *value;
	size_t nvalue;
	const struct aur_json_changed *process;
	size_t nprocess;
};

/* Appends the document. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_json_diff(struct aur_buf *out,
    const struct aur_json_doc *doc, const struct aur_json_diff *diff);

#endif
