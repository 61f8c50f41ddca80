/* SPDX-License-Identifier: MIT */
/* The text of `aurora status`. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include "cli/bar.h"
#include "cli/check.h"

/* Appends the table of hosts, and more about the host where there is just
 * one. 0 or an aur_err. */
AUR_MUST_CHECK int status_text(
    struct cli *c, struct shot *shot, size_t n, bool wide);

/* Appends the METRIC path of a row: filesystems[/srv].used_percent. */
AUR_MUST_CHECK int status_metric_path(struct aur_buf *b, struct shot *shot,
    const struct aur_metric *metric, size_t row);

/* Adds host, path and value as a row. */
AUR_MUST_CHECK int status_add_found(struct aur_table *t, const char *host,
    struct aur_slice path, struct shot *shot, const struct aur_metric *metric,
    size_t row);

#endif
