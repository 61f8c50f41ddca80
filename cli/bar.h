/* SPDX-License-Identifier: MIT */
/* Small helpers of text tables: bars, styles by threshold, cells from figures.
 */
#ifndef CLI_BAR_H
#define CLI_BAR_H

#include "cli/cli.h"
#include "cli/shot.h"
#include "view/table.h"

/* How loud a percentage is: plain, warn from `warn`, bad from `bad`. */
enum aur_table_style bar_style(
    const struct aur_value *v, double warn, double bad);

/* Appends a bar of `width` columns for 0 to 100; nothing where unknown. */
AUR_MUST_CHECK int bar_add(
    struct aur_buf *b, const struct aur_value *v, size_t width, bool utf8);

/* Adds a cell with a figure of the shot, as format.h shows it. */
AUR_MUST_CHECK int bar_cell(struct aur_table *t, struct shot *shot,
    enum aur_figure_id id, size_t row, enum aur_table_style style);

/* Adds the command line; in brackets the name, where there is none: kernel
 * threads and zombies. */
AUR_MUST_CHECK int bar_command(
    struct aur_table *t, struct shot *shot, uint32_t row);

/* Adds a cell with formatted text. */
AUR_MUST_CHECK int bar_cellf(struct aur_table *t, enum aur_table_style style,
    const char *fmt, ...) AUR_PRINTF(3, 4);

/* How the terminal wants its tables. */
struct aur_table_how bar_how(const struct cli *c, bool wide);

#endif
