/* SPDX-License-Identifier: MIT */
/*
 * An argument list that is built word by word. The first failure is kept, so
 * that one look at the end is enough.
 */
#ifndef AUR_FLEET_WORDS_INT_H
#define AUR_FLEET_WORDS_INT_H

#include "base/buf.h"

#define AUR__WORDS_MAX 96u

struct aur__words {
	char *word[AUR__WORDS_MAX + 1]; /* ended by NULL: an argv */
	size_t n;
	int rc;
};

/* Appends a word. */
void aur__words_add(struct aur__words *w, const char *text);
void aur__words_addf(struct aur__words *w, const char *fmt, ...)
    AUR_PRINTF(2, 3);
void aur__words_release(struct aur__words *w);

/* Appends all of it as one line for sh. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__words_quote(
    const struct aur__words *w, struct aur_buf *b);

#endif
