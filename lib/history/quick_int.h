/* SPDX-License-Identifier: MIT */
/* One figure straight from its columns. Internal to the room. */
#ifndef AUR_HISTORY_QUICK_INT_H
#define AUR_HISTORY_QUICK_INT_H

#include "history/roll_int.h"

/* What some samples tell, in their order. */
struct aur__quick_run {
	const struct aur_wall *wall; /* by row */
	const uint32_t *row;	     /* n */
	const double *value;	     /* n; NaN where it cannot be told */
	const bool *on; /* n; false: no sample was shortly before */
	size_t n;
};
typedef int (*aur__quick_fn)(void *arg, const struct aur__quick_run *run);

/* What samples of [from, to) tell of a metric, in runs; `thin`: thinned ones,
 * too. Blocks are gone through by columns where no thinned ones are wanted and
 * the figure has tiers. 0, AUR_ENOMEM, or what `fn` returned. */
AUR_MUST_CHECK int aur__quick(struct aur__source *s, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, bool thin, aur__quick_fn fn,
    void *arg);

#endif
