/* SPDX-License-Identifier: MIT */
/*
 * A value as the short text that tables and panels show, by its figure's
 * unit: "12.3M", "4.1", "3h12m", "-" for what is unknown.
 */
#ifndef AUR_VIEW_FORMAT_H
#define AUR_VIEW_FORMAT_H

#include "base/buf.h"
#include "model/figure.h"

/* Appends `v` as figure `id` is shown. Text is made safe for a terminal; a
 * LIST is joined by blanks. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_format_figure(
    struct aur_buf *b, enum aur_figure_id id, const struct aur_value *v);

/* The same without a figure: what the unit says. */
AUR_MUST_CHECK int aur_format_value(
    struct aur_buf *b, enum aur_unit unit, const struct aur_value *v);

/* The program's name in the first word of a command line, within it: behind
 * its folders, before what a program that renames itself adds ("nginx:
 * worker"). Empty where there is none. */
struct aur_slice aur_format_program(struct aur_slice cmd);

#endif
