/* SPDX-License-Identifier: MIT */
/*
 * `aurora help keys`: a line for each action, in sections. The manual
 * aurora-keys(7) is made of the same lines (man/gen.sh).
 */
#ifndef CLI_HELP_KEYS_H
#define CLI_HELP_KEYS_H

#include "base/buf.h"
#include "base/compiler.h"

/* Appends them. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int help_keys(struct aur_buf *b);

#endif
