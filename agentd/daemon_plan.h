/* SPDX-License-Identifier: MIT */
/*
 * One sampling for many readers: what those who are due want, put together.
 * Who is not due adds nothing, so that a reader of processes every five
 * seconds does not make everybody's seconds dear. Pure: no clock, no memory.
 *
 *	plan_begin(&p);
 *	for each reader that is due:
 *		plan_join(&p, its want, its first sample, by owner);
 *	aur_collect_want(c, plan_want(&p));
 */
#ifndef AGENTD_DAEMON_PLAN_H
#define AGENTD_DAEMON_PLAN_H

#include "model/want.h"

struct plan {
	struct aur_want all;
	unsigned n;    /* readers */
	bool rows;     /* somebody wants processes that nobody named */
	bool crowded;  /* more were named than a want can hold */
	bool by_owner; /* somebody is shown some rows only by their owner */
};

void plan_begin(struct plan *p);

/* `fresh`: the reader has no sample yet, so all of this one must be there;
 * `by_owner`: see view_needs_owner. */
void plan_join(
    struct plan *p, const struct aur_want *one, bool fresh, bool by_owner);

/* What to sample; borrowed. */
const struct aur_want *plan_want(struct plan *p);

/* When to sample next, from `now`: what is due in `due`, but not sooner than
 * PLAN_GAP_NS after the sampling before, of which `since` is the age
 * (negative: there was none). However many ask, the host is asked forty times
 * a second at most. */
#define PLAN_GAP_NS 25000000ll
struct aur_span plan_wait(struct aur_span due, struct aur_span since);

/* Who is due within this has its sample now, with the others. */
#define PLAN_EARLY_NS 10000000ll

#endif
