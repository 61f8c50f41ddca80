/* SPDX-License-Identifier: MIT */
/*
 * The union of wishes. A want says more than sets: with no fields for all and
 * some for the named ones it means the named ones alone, and with a count of
 * few it means all at first sight, whatever that takes. Both are kept in the
 * union where one reader needs them. The union of all readers, due or not, was
 * rejected: what is sampled would be right less often than not, and cost the
 * most each time.
 */
#include "agentd/daemon_plan.h"

#include <string.h>

void plan_begin(struct plan *p)
{
	memset(p, 0, sizeof(*p));
}

static bool has_close(const struct aur_want *w, uint64_t pid)
{
	for (uint32_t i = 0; i < w->nclose; i++)
		if (w->close[i] == pid)
			return true;
	return false;
}

static void join_close(struct plan *p, const struct aur_want *one)
{
	struct aur_want *all = &p->all;

	all->close_fields |= one->close_fields;
	for (uint32_t i = 0; i < one->nclose && !p->crowded; i++) {
		if (has_close(all, one->close[i]))
			continue;
		if (all->nclose == AUR_WANT_CLOSE_MAX)
			p->crowded = true;
		else
			all->close[all->nclose++] = one->close[i];
	}
}

void plan_join(
    struct plan *p, const struct aur_want *one, bool fresh, bool by_owner)
{
	struct aur_want *all = &p->all;

	if (p->n++ == 0 || one->interval.ns < all->interval.ns)
		all->interval = one->interval;
	all->domains |= one->domains;
	all->at_once |= fresh;
	/* the collector reads all at first sight, and waits, for who wants few
	 */
	if (one->count >= 1 && one->count <= 3)
		all->count = 1;
	if ((one->domains & aur_want_processes()) == 0)
		return;
	p->rows |= one->process_fields != 0 || one->close_fields == 0;
	p->by_owner |= by_owner;
	all->process_fields |= one->process_fields;
	join_close(p, one);
}

const struct aur_want *plan_want(struct plan *p)
{
	struct aur_want *all = &p->all;

	if (p->crowded) {
		p->rows = true;
		all->process_fields |= all->close_fields;
	}
	if (p->by_owner && p->rows)
		all->process_fields |= AUR_WANT_PROCESS(uid);
	else if (p->by_owner)
		all->close_fields |= AUR_WANT_PROCESS(uid);
	/* no fields at all would mean the named ones alone */
	if (p->rows && all->process_fields == 0)
		all->process_fields = AUR_WANT_PROCESS(state);
	return all;
}

struct aur_span plan_wait(struct aur_span due, struct aur_span since)
{
	int64_t rest = since.ns < 0 ? 0 : PLAN_GAP_NS - since.ns;

	if (due.ns < rest)
		due.ns = rest;
	return due;
}
