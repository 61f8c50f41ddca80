/* SPDX-License-Identifier: MIT */
/*
 * Views. A part that is shown whole is lent; only processes that need a choice
 * of rows or cells are copied, and `agent`, which tells each connection its
 * own bytes. What /proc keeps to a process's owner (io, fd) we may have read
 * with rights that the reader has not, so it is told by the rule of /proc:
 * to the owner, and to those who may see all.
 */
#include "agentd/daemon_view.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>

_Static_assert(AUR_PROCESS_COUNT <= 64, "presence of a process is one word");

#define OWNERS_ALONE                                                           \
	(AUR_WANT_PROCESS(read_bytes) | AUR_WANT_PROCESS(written_bytes) |      \
	    AUR_WANT_PROCESS(open_files))

/* One choice of rows and cells. */
struct choice {
	const struct aur_want *want;
	const struct view_peer *peer;
	uint64_t hidden; /* cells told of own processes alone */
	bool named_only; /* rows */
	size_t nclose;
	uint64_t close[AUR_WANT_CLOSE_MAX]; /* ascending */
};

static uint64_t hidden_cells(const struct view_peer *peer)
{
	if (peer->recorded && peer->cmdline != VIEW_FULL)
		return AUR_WANT_PROCESS(cmdline);
	if (peer->whole)
		return 0;
	return peer->cmdline == VIEW_FULL
		   ? OWNERS_ALONE
		   : OWNERS_ALONE | AUR_WANT_PROCESS(cmdline);
}

bool view_needs_owner(const struct aur_want *want, const struct view_peer *peer)
{
	uint64_t fields = want->process_fields | want->close_fields;

	if ((want->domains & AUR_WANT_DOMAIN(PROCESS)) == 0 || peer->whole)
		return false;
	return peer->only_own || (fields & hidden_cells(peer)) != 0;
}

static bool same_close(const struct aur_want *a, const struct aur_want *b)
{
	return a->close_fields == b->close_fields && a->nclose == b->nclose &&
	       memcmp(a->close, b->close, a->nclose * sizeof(*a->close)) == 0;
}

bool view_is_same(const struct aur_want *a, const struct view_peer *pa,
    const struct aur_want *b, const struct view_peer *pb)
{
	return a->domains == b->domains &&
	       a->process_fields == b->process_fields && same_close(a, b) &&
	       pa->whole == pb->whole && pa->recorded == pb->recorded &&
	       (pa->whole ||
		   (pa->uid == pb->uid && pa->only_own == pb->only_own &&
		       pa->cmdline == pb->cmdline));
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void choose(
    struct choice *c, const struct aur_want *want, const struct view_peer *peer)
{
	c->want = want;
	c->peer = peer;
	c->hidden = hidden_cells(peer);
	c->named_only = want->process_fields == 0 && want->close_fields != 0;
	c->nclose = want->nclose;
	memcpy(c->close, want->close, c->nclose * sizeof(*c->close));
	qsort(c->close, c->nclose, sizeof(*c->close), compare);
}

static bool is_close(const struct choice *c, uint64_t pid)
{
	return c->nclose > 0 && bsearch(&pid, c->close, c->nclose,
				    sizeof(*c->close), compare) != NULL;
}

static bool is_own(const struct choice *c, const struct aur_part *p, size_t i)
{
	return aur_part_has(p, i, AUR_PROCESS_uid) &&
	       aur_part_cell(p, i, AUR_PROCESS_uid) == c->peer->uid;
}

/* The program's name alone: what stands before the first NUL. */
static int put_name(
    struct aur_part *dst, size_t at, const struct aur_part *p, size_t i)
{
	struct aur_slice text, name;

	if (!aur_part_text(p, i, AUR_PROCESS_cmdline, &text))
		return 0;
	if (!aur_slice_until(&text, '\0', &name))
		name = text;
	return aur_part_set_text(dst, at, AUR_PROCESS_cmdline, name);
}

static int copy_row(
    struct aur_part *dst, const struct aur_part *p, size_t i, uint64_t fields)
{
	const struct aur_domain *d = p->domain;
	ptrdiff_t at = aur_part_add(dst, p->inst[i].key);

	if (at < 0)
		return (int)at;
	dst->inst[at].at_ns = p->inst[i].at_ns;
	fields &= p->have[i];
	for (unsigned f = 0; f < d->nfield; f++) {
		uint64_t v = aur_part_cell(p, i, f);

		if ((fields >> f & 1) == 0)
			continue;
		if (d->field[f].kind == AUR_KIND_STR)
			aur_part_set_id(dst, (size_t)at, f, (uint32_t)v);
		else
			aur_part_set(dst, (size_t)at, f, v);
	}
	return 0;
}

static int show_row(const struct choice *c, struct aur_part *dst,
    const struct aur_part *p, size_t i)
{
	bool close = is_close(c, p->inst[i].key.v[0]);
	bool shown = !c->peer->recorded && (c->peer->whole || is_own(c, p, i));
	uint64_t fields = c->want->process_fields;
	int rc;

	if ((c->named_only && !close) || (c->peer->only_own && !shown))
		return 0;
	if (close)
		fields |= c->want->close_fields;
	if (shown)
		return copy_row(dst, p, i, fields);
	rc = copy_row(dst, p, i, fields & ~c->hidden);
	if (rc < 0 || c->peer->cmdline != VIEW_NAME ||
	    (fields & AUR_WANT_PROCESS(cmdline)) == 0)
		return rc;
	return put_name(dst, dst->n - 1, p, i);
}

static int show_processes(struct aur_sample *view, const struct aur_part *p,
    const struct aur_want *want, const struct view_peer *peer)
{
	struct aur_part *dst = aur_sample_part(view, p->domain);
	struct choice *c = aur_mem_new(1, sizeof(*c));
	int rc = dst != NULL && c != NULL ? 0 : AUR_ENOMEM;

	if (rc == 0) {
		dst->at_ns = p->at_ns;
		choose(c, want, peer);
	}
	for (size_t i = 0; rc == 0 && i < p->n; i++)
		rc = show_row(c, dst, p, i);
	aur_mem_free(c);
	return rc;
}

/* Limits are of those whom somebody named: here, whom this reader did. */
static int show_limits(struct aur_sample *view, const struct aur_part *p,
    const struct aur_want *want)
{
	struct aur_part *dst = aur_sample_part(view, p->domain);
	int rc = dst != NULL ? 0 : AUR_ENOMEM;

	for (size_t i = 0; rc == 0 && i < p->n; i++)
		for (uint32_t k = 0; rc == 0 && k < want->nclose; k++)
			if (want->close[k] == p->inst[i].key.v[0]) {
				rc = aur_part_append(dst, p, i, 1);
				break;
			}
	if (rc == 0)
		dst->at_ns = p->at_ns;
	return rc;
}

static int copy_part(struct aur_sample *view, const struct aur_part *p)
{
	struct aur_part *dst = aur_sample_part(view, p->domain);

	return dst == NULL ? AUR_ENOMEM : aur_part_copy(dst, p);
}

/* Sums over processes that the reader is not shown are not for it either. */
static int show_tasks(struct aur_sample *view, const struct aur_part *p)
{
	int rc = copy_part(view, p);
	struct aur_part *dst;

	if (rc < 0 || p->n == 0)
		return rc;
	dst = aur_sample_part(view, p->domain);
	if (dst == NULL)
		return AUR_ENOMEM;
	for (unsigned f = 0; f < AUR_TASKS_COUNT; f++)
		if (f != AUR_TASKS_threads && f != AUR_TASKS_source)
			aur_part_unset(dst, 0, f);
	aur_part_set(dst, 0, AUR_TASKS_restricted_view, 1);
	return 0;
}

static bool shows_all(const struct aur_want *wanted, const struct aur_want *one,
    const struct view_peer *peer)
{
	return one->process_fields == wanted->process_fields &&
	       same_close(one, wanted) && !view_needs_owner(one, peer) &&
	       (one->process_fields & hidden_cells(peer)) == 0;
}

/* One part of all. Of processes that the host hides, other domains than
 * `process` tell no owner: they are not shown where it matters. */
static int show_part(struct aur_sample *view, struct aur_sample *all,
    const struct aur_part *p, const struct aur_want *wanted,
    const struct aur_want *one, const struct view_peer *peer)
{
	bool hides = peer->only_own && !peer->whole;

	switch (p->domain->id) {
	case AUR_DOMAIN_AGENT:
		return copy_part(view, p);
	case AUR_DOMAIN_TASKS:
		return hides ? show_tasks(view, p)
			     : aur_sample_lend(view, all, p);
	case AUR_DOMAIN_PROCESS:
		return shows_all(wanted, one, peer)
			   ? aur_sample_lend(view, all, p)
			   : show_processes(view, p, one, peer);
	case AUR_DOMAIN_THREAD:
		return hides ? 0 : aur_sample_lend(view, all, p);
	case AUR_DOMAIN_PROCESS_LIMIT:
		return hides ? 0 : show_limits(view, p, one);
	default:
		return aur_sample_lend(view, all, p);
	}
}

int view_make(struct aur_sample *all, const struct aur_want *wanted,
    const struct aur_want *one, const struct view_peer *peer,
    struct aur_sample **ret_view)
{
	struct aur_sample *view = aur_sample_new(all->strs);
	int rc = view != NULL ? 0 : AUR_ENOMEM;

	if (rc == 0)
		aur_sample_copy_times(view, all);
	for (size_t i = 0; rc == 0 && i < all->npart; i++) {
		const struct aur_part *p = &all->part[i];
		unsigned id = p->domain->id;

		if (id < AUR_DOMAIN_COUNT && (one->domains >> id & 1) != 0)
			rc = show_part(view, all, p, wanted, one, peer);
	}
	if (rc < 0) {
		aur_sample_unref(view);
		return rc;
	}
	*ret_view = view;
	return 0;
}
