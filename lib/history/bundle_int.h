/* SPDX-License-Identifier: MIT */
/* The two halves of a bundle: a store as a file, and a store of a part of
 * another. Internal to the room. */
#ifndef AUR_HISTORY_BUNDLE_INT_H
#define AUR_HISTORY_BUNDLE_INT_H

#include "history/bundle.h"

/* Copies what is wanted into the store `to`, which records. 0, AUR_EABSENT
 * (nothing was kept), AUR_EIO, AUR_ENOMEM, AUR_ETIMEOUT. */
AUR_MUST_CHECK int aur__bundle_copy(struct aur_history *h,
    const struct aur_bundle_what *what, struct aur_history *to);

/* A new folder called `base` and something random, 0700; its name in `out`. 0,
 * AUR_EDENIED, AUR_EIO, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__bundle_folder(const char *base, char *out, size_t size);
/* Takes it and its files away. */
void aur__bundle_remove(const char *folder);

#endif
