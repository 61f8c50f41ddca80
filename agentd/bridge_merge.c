/* SPDX-License-Identifier: MIT */
/*
 * Who gives what, and the two halves put together.
 *
 * The sight of both sides decides who reads processes: the one that is shown
 * more. Equal sights are not equal views: a login is shown the I/O of its own
 * processes, the service that of its own. So with equal sight the login reads,
 * unless both are one user or both see all; then one reading serves everybody.
 *
 * A merged sample has the time of its younger half, ours; parts of the older
 * carry their age. Both are of one machine and so of one monotonic clock.
 */
#include "agentd/bridge_int.h"

#include "base/err.h"

/* Domains that tell of who samples, and nothing of the host. */
#define ABOUT (AUR_WANT_DOMAIN(AGENT) | AUR_WANT_DOMAIN(COLLECTOR))

bool bridge__part(
    struct bridge *b, const struct aur_want *want, struct aur_want *ret_up)
{
	const uint64_t ours = aur_want_processes() | AUR_WANT_DOMAIN(TASKS);
	struct aur_want up = *want;

	b->own = *want;
	if (!b->own_processes || (want->domains & aur_want_processes()) == 0) {
		b->own.domains = 0;
	} else if ((want->domains & ~(ours | ABOUT)) == 0) {
		up.domains = 0; /* of the rest nothing is wanted */
	} else {
		b->own.domains &= ours | ABOUT;
		up.domains &= ~ours;
		up.process_fields = up.close_fields = 0;
		up.nclose = 0;
	}
	*ret_up = up;
	return up.domains != 0;
}

/* `p` of `from`, with its age as `s` sees it. */
static int lend(
    struct aur_sample *s, struct aur_sample *from, const struct aur_part *p)
{
	int64_t age = aur_mono_since(from->mono, s->mono).ns;
	int rc = aur_sample_lend(s, from, p);

	if (rc == 0 && age < 0)
		aur_sample_part(s, p->domain)->at_ns = p->at_ns + age;
	return rc;
}

/* A copy of `p`, which gets what only `more` has: rows by name. */
static int add_rows(struct aur_part *p, const struct aur_part *more)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < more->n; i++)
		if (aur_part_find(p, more->inst[i].key, 0) < 0)
			rc = aur_part_append(p, more, i, 1);
	return rc;
}

/* Both have their costs: who asks what it costs to watch hears the sum. */
static void add_costs(struct aur_part *p, const struct aur_part *more)
{
	static const unsigned fields[] = {AUR_AGENT_cpu, AUR_AGENT_rss};

	for (size_t i = 0; p->n > 0 && more->n > 0 && i < 2; i++)
		if (aur_part_has(p, 0, fields[i]) &&
		    aur_part_has(more, 0, fields[i]))
			aur_part_set(p, 0, fields[i],
			    aur_part_cell(p, 0, fields[i]) +
				aur_part_cell(more, 0, fields[i]));
}

/* A part about the agents: a copy of the service's, and what ours adds. */
static int put_about(struct aur_sample *s, const struct aur_part *theirs,
    const struct aur_sample *own)
{
	struct aur_part *p = aur_sample_part(s, theirs->domain);
	const struct aur_part *ours =
	    own != NULL ? aur_sample_find(own, theirs->domain) : NULL;
	int rc = p != NULL ? aur_part_copy(p, theirs) : AUR_ENOMEM;

	if (rc < 0 || ours == NULL)
		return rc;
	if (theirs->domain->id == AUR_DOMAIN_COLLECTOR)
		return add_rows(p, ours);
	add_costs(p, ours);
	return 0;
}

static bool is_about(const struct aur_part *p)
{
	return p->domain->id < AUR_DOMAIN_COUNT &&
	       (ABOUT >> p->domain->id & 1) != 0;
}

static int put_theirs(
    struct aur_sample *s, struct aur_sample *up, const struct aur_sample *own)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < up->npart; i++)
		rc = is_about(&up->part[i]) ? put_about(s, &up->part[i], own)
					    : lend(s, up, &up->part[i]);
	return rc;
}

static int put_ours(struct aur_sample *s, struct aur_sample *own)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < own->npart; i++)
		if (aur_sample_find(s, own->part[i].domain) == NULL)
			rc = aur_sample_lend(s, own, &own->part[i]);
	return rc;
}

int bridge__merge(
    struct bridge *b, struct aur_sample *up, struct aur_sample **ret_sample)
{
	struct aur_sample *s = aur_sample_new(up->strs), *own = NULL;
	int rc = s != NULL ? 0 : AUR_ENOMEM;

	if (rc == 0 && b->own.domains != 0)
		rc = aur_collect_sample(b->host, NULL, NULL, &own);
	if (rc == 0 && own != NULL)
		rc = serve_sign(own, "login");
	if (rc == 0) {
		aur_sample_copy_times(s, own != NULL ? own : up);
		rc = put_theirs(s, up, own);
	}
	if (rc == 0 && own != NULL)
		rc = put_ours(s, own);
	aur_sample_unref(own);
	if (rc < 0) {
		aur_sample_unref(s);
		return rc;
	}
	*ret_sample = s;
	return 0;
}
