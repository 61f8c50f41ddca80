/* SPDX-License-Identifier: MIT */
/*
 * Walks. One holds a descriptor of the segment it is in and the serial of it,
 * nothing of the list: so segments may be removed and added while it is on its
 * way, and what is in hand is read to its end.
 *
 * A segment that turns out to be damaged is mended when the walk is through
 * it: its sound blocks are copied into a segment of the same name, and the
 * file as it was gets the ending ".damaged".
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct spool_walk {
	struct spool_walk *next; /* of the spool's */
	struct spool *spool;	 /* NULL: it was closed */
	unsigned kinds;
	struct aur_wall from, to;
	uint64_t below; /* serials from here on are done */
	int fd;		/* of the segment that it is in; -1 */
	struct segment seg;
	uint64_t at; /* in that file */
	bool damaged;
};

bool spool_bounds(
    const struct spool *s, struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	for (size_t i = 0; i < s->index.n; i++) {
		const struct segment *g = &s->index.seg[i];

		if (g->damaged)
			continue;
		from = g->from_ms < from ? g->from_ms : from;
		to = g->to_ms > to ? g->to_ms : to;
	}
	if (from > to)
		return false;
	ret_from->ns = from * 1000000;
	ret_to->ns = to * 1000000;
	return true;
}

int spool_walk_begin(struct spool *s, unsigned kinds, struct aur_wall from,
    struct aur_wall to, struct spool_walk **ret_walk)
{
	struct spool_walk *w = aur_mem_new(1, sizeof(*w));

	if (w == NULL)
		return AUR_ENOMEM;
	w->spool = s;
	w->kinds = kinds;
	w->from = from;
	w->to = to;
	w->below = UINT64_MAX;
	w->fd = -1;
	w->next = s->walks;
	s->walks = w;
	*ret_walk = w;
	return 0;
}

void spool_walk_end(struct spool_walk *walk)
{
	if (walk == NULL)
		return;
	if (walk->fd >= 0)
		close(walk->fd);
	if (walk->spool != NULL) {
		struct spool_walk **p = &walk->spool->walks;

		while (*p != walk)
			p = &(*p)->next;
		*p = walk->next;
	}
	aur_mem_free(walk);
}

void spool__leave_walks(struct spool *s)
{
	for (struct spool_walk *w = s->walks; w != NULL; w = w->next)
		w->spool = NULL;
	s->walks = NULL;
}

struct aur_wall spool_walk_at(const struct spool_walk *walk)
{
	return walk->below == UINT64_MAX
		   ? walk->to
		   : (struct aur_wall){walk->seg.from_ms * 1000000};
}

/* The next segment that touches the time. False: that was all. */
static bool next_segment(struct spool_walk *w)
{
	const struct spool_index *x = &w->spool->index;

	for (size_t i = x->n; i-- > 0;) {
		const struct segment *g = &x->seg[i];
		char name[SPOOL_NAME];

		if (g->serial >= w->below || g->damaged ||
		    g->to_ms < w->from.ns / 1000000 ||
		    g->from_ms > w->to.ns / 1000000)
			continue;
		w->below = g->serial;
		spool__name(g, name);
		w->fd = openat(w->spool->folder_fd, name,
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (w->fd < 0)
			continue; /* somebody took it away */
		w->seg = *g;
		w->at = 0;
		w->damaged = false;
		return true;
	}
	return false;
}

static unsigned kind_of(const struct aur_block *b)
{
	if (b->kind != AUR_BLOCK_FRAMES)
		return AUR_KEPT_SYSTEM;
	if (aur_slice_is(b->name, "process"))
		return AUR_KEPT_PROCESSES;
	return aur_slice_is(b->name, "event") ? AUR_KEPT_EVENTS : 0;
}

static bool is_asked(const struct spool_walk *w, const struct aur_block *b)
{
	/* a clock that was set back within it turns the two around */
	int64_t from = b->from.ns < b->to.ns ? b->from.ns : b->to.ns;
	int64_t to = b->from.ns < b->to.ns ? b->to.ns : b->from.ns;

	return (kind_of(b) & w->kinds) != 0 && from <= w->to.ns &&
	       to >= w->from.ns;
}

int spool_walk_step(struct spool_walk *w, struct aur_buf *buf)
{
	size_t passed = 0;

	for (;;) {
		struct aur_block block;
		int rc;

		if (w->spool == NULL || (w->fd < 0 && !next_segment(w)))
			return AUR_EABSENT;
		rc = spool__block_read(w->fd, &w->at, buf, &block, &w->damaged);
		if (rc == 0 && is_asked(w, &block))
			return 0;
		passed += aur_buf_peek(buf).n;
		if (rc == 0 && passed >= SPOOL_STEP_BYTES)
			return AUR_EBUSY;
		if (rc == 0)
			continue;
		if (rc == AUR_ENOMEM)
			return rc;
		/* its end, or no disk will give more of it */
		close(w->fd);
		w->fd = -1;
		if (w->damaged || rc == AUR_EIO)
			spool__mend(w->spool, &w->seg);
		return AUR_EBUSY;
	}
}

int spool_walk_next(struct spool_walk *w, struct aur_buf *buf)
{
	int rc;

	do
		rc = spool_walk_step(w, buf);
	while (rc == AUR_EBUSY);
	return rc;
}

/* --- damage --------------------------------------------------------------- */

/* Copies what is sound. The number of blocks, or an error. */
static int copy_sound(int from, int to, uint64_t *ret_bytes)
{
	struct aur_buf buf;
	struct aur_block block;
	bool damaged = false;
	uint64_t at = 0;
	int rc, n = 0;

	aur_buf_init(&buf, AUR_MAX_BLOCK);
	*ret_bytes = 0;
	while (
	    (rc = spool__block_read(from, &at, &buf, &block, &damaged)) == 0) {
		rc = spool__block_write(to, aur_buf_peek(&buf));
		if (rc < 0)
			break;
		*ret_bytes += buf.n + 8;
		n++;
	}
	aur_buf_release(&buf);
	/* a place that cannot be read ends what can be saved */
	return rc == AUR_EABSENT || (rc == AUR_EIO && n > 0) ? n : rc;
}

static ptrdiff_t find(const struct spool_index *x, const struct segment *g)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->seg[i].serial == g->serial && !x->seg[i].damaged)
			return (ptrdiff_t)i;
	return -1;
}

/* What does not fit into memory is in the folder, and the next listing has it.
 */
static void remember(struct spool *s, const struct segment *g)
{
	if (spool__index_add(&s->index, g) < 0)
		spool__say(s, "segment %llu is forgotten for now",
		    (unsigned long long)g->serial);
}

/* Names change places: the sound copy, if there is one, gets that of the
 * segment. */
static void exchange(
    struct spool *s, const struct segment *g, int kept, uint64_t bytes)
{
	struct segment bad = *g, good = *g;
	char name[SPOOL_NAME], aside[SPOOL_NAME];
	ptrdiff_t i = find(&s->index, g);

	bad.damaged = true;
	good.bytes = bytes;
	spool__name(g, name);
	spool__name(&bad, aside);
	if (i < 0 || renameat(s->folder_fd, name, s->folder_fd, aside) < 0)
		return; /* retention was faster */
	spool__index_remove(&s->index, (size_t)i);
	remember(s, &bad);
	spool__say(s, "%s is damaged: set aside as %s; %d blocks are sound",
	    name, aside, kept);
	if (kept > 0 &&
	    renameat(s->folder_fd, SPOOL_MENDING, s->folder_fd, name) == 0)
		remember(s, &good);
}

void spool__mend(struct spool *s, const struct segment *g)
{
	char name[SPOOL_NAME];
	uint64_t bytes = 0;
	int from, to, kept = -1;

	spool__name(g, name);
	from = openat(s->folder_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	to = openat(s->folder_fd, SPOOL_MENDING,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (from >= 0 && to >= 0)
		kept = copy_sound(from, to, &bytes);
	if (kept > 0 && fdatasync(to) < 0)
		kept = -1;
	if (kept >= 0)
		exchange(s, g, kept, bytes);
	(void)unlinkat(s->folder_fd, SPOOL_MENDING, 0);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
}
