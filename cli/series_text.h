/* SPDX-License-Identifier: MIT */
/* Series for people: graphs with what they say in words; and as CSV. */
#ifndef CLI_SERIES_TEXT_H
#define CLI_SERIES_TEXT_H

#include "cli/series.h"
#include "view/when.h"

/* How many points a line of a graph has on this terminal. */
size_t series_text_points(const struct cli *c);

/* Appends a graph for each metric of the list, whose points were read and
 * bridged, with a line of words for each series; many are a row each. 0 or an
 * aur_err. */
AUR_MUST_CHECK int series_text(
    struct cli *c, struct series_list *list, const struct aur_when_base *when);

/* Append the head; point `i` of a series of the list; a value that was there
 * at a moment, NaN where it is unknown. 0 or an aur_err. */
AUR_MUST_CHECK int series_csv_head(struct aur_buf *b);
AUR_MUST_CHECK int series_csv_point(struct aur_buf *b,
    const struct series_list *list, const struct series *s, size_t i);
AUR_MUST_CHECK int series_csv_value(struct aur_buf *b, const struct series *s,
    struct aur_wall at, double value);

#endif
