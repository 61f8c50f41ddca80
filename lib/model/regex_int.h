/* SPDX-License-Identifier: MIT */
/*
 * POSIX extended regular expressions, case ignored, for filters. ISO C has
 * none: regex_posix.c asks the system, regex_win.c knows plain texts with ^
 * and $ and refuses the rest. Nobody outside lib/model includes it.
 */
#ifndef AUR_MODEL_REGEX_INT_H
#define AUR_MODEL_REGEX_INT_H

#include "base/buf.h"

struct aur__regex;

/* Whether an expression stays small when its repetitions are written out, as
 * libraries do: (a{99}){99} would take their memory. No back-references: they
 * cost exponential time. regex_bound.c. */
bool aur__regex_is_bounded(struct aur_slice pattern);

/* 0; AUR_EINVALID with a word on it in `error` (which may be NULL),
 * AUR_EUNSUPPORTED, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__regex_new(
    const char *pattern, struct aur__regex **ret_regex, struct aur_buf *error);
void aur__regex_free(struct aur__regex *r); /* NULL is fine */

bool aur__regex_matches(const struct aur__regex *r, const char *text);

#endif
