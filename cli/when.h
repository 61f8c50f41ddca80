/* SPDX-License-Identifier: MIT */
/*
 * Options that are times: --at, --with, --from and --to, in the language of
 * view/when.h. All of a line count from the same now.
 *
 *	struct aur_when_base when = when_base(c);
 *	status = when_at(o, OPT_AT, &when, &at);
 *	status = when_span(o, &when, aur_span_seconds(3600), &from, &to);
 */
#ifndef CLI_WHEN_H
#define CLI_WHEN_H

#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/opt.h"
#include "view/when.h"

/* This moment, in the zone that the line asks for. */
struct aur_when_base when_base(const struct cli *c);

/* Reads a moment of the past where the option was given, to the end of what
 * was written (aur_when_last), and leaves `ret` alone where not. CLI_OK;
 * CLI_USAGE after naming the nearest. */
AUR_MUST_CHECK int when_at(const struct opts *o, enum opt_id id,
    const struct aur_when_base *when, struct aur_wall *ret);

/* Reads --from or --since, --to or --until; without these the end is now and
 * the beginning `usual` before the end. CLI_OK; CLI_USAGE, also where nothing
 * is between them. */
AUR_MUST_CHECK int when_span(const struct opts *o,
    const struct aur_when_base *when, struct aur_span usual,
    struct aur_wall *ret_from, struct aur_wall *ret_to);

/* Appends a moment as people read it. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int when_add(
    struct aur_buf *b, struct aur_wall at, const struct aur_when_base *when);

#endif
