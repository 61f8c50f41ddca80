/* SPDX-License-Identifier: MIT */
/*
 * A filter over METRICs, asked of a host: --check and status --where. A
 * metric of a list (`filesystems.used_percent`) stands for any of its rows;
 * two metrics of the same list are of the same row.
 */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/field.h"
#include "cli/shot.h"

struct check {
	struct aur_filter *filter;
	struct field_hosts fields;
};

/* CLI_OK or CLI_USAGE. */
AUR_MUST_CHECK int check_parse(
    struct check *check, const char *option, const char *text);
void check_release(struct check *check); /* zeroed is fine */

/* Called for each offending value; `row` of the metric's group. */
typedef void (*check_found_fn)(
    void *arg, struct shot *shot, const struct aur_metric *metric, size_t row);

/* Whether the host passes the filter; `found` (may be NULL) is told of what
 * made it so. */
bool check_run(const struct check *check, struct shot *shot,
    check_found_fn found, void *arg);

#endif
