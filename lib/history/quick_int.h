/* SPDX-License-Identifier: MIT */
/* One figure straight from its columns. Internal to the room. */
#ifndef AUR_HISTORY_QUICK_INT_H
#define AUR_HISTORY_QUICK_INT_H

#include "history/roll_int.h"

/* Whether the figure can be told so. */
bool aur__quick_can(const struct aur_metric *m);

/* Each sample's value, NaN where it cannot be told; `gap`: no sample was
 * shortly before. */
typedef int (*aur__quick_fn)(
    void *arg, struct aur_wall at, double value, bool gap);
/* As aur__walk, without thinned samples. 0, AUR_ENOMEM, or what `fn` returned.
 */
AUR_MUST_CHECK int aur__quick(struct aur__source *s, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, aur__quick_fn fn, void *arg);

#endif
