/* SPDX-License-Identifier: MIT */
/*
 * Backfills of the service: who may have one, and the turns of the loop in
 * which blocks are made for those who are not shown them whole. A reader takes
 * memory for a block as long as it likes, so there are few at once, and of one
 * user who is nobody special fewer still.
 */
#include "agentd/daemon_int.h"

#include "base/err.h"
#include "base/limits.h"

/* Sealing makes a segment, and small ones pack badly: who is nobody special
 * waits this long for what is new. */
#define SEAL_OTHERS_NS (600 * AUR_SECOND_NS)

static bool is_reading(const struct client *c)
{
	return !c->ended && c->kept.walk != NULL;
}

static bool may_read(const struct client *c)
{
	unsigned all = 0, own = 0;

	for (const struct client *o = c->daemon->clients; o != NULL;
	     o = o->next) {
		all += is_reading(o);
		own += is_reading(o) && o->peer.uid == c->peer.uid;
	}
	if (c->peer.whole)
		return all < AUR_MAX_BACKFILLS;
	return all < AUR_MAX_BACKFILLS / 2 && own < AUR_MAX_OWN_BACKFILLS;
}

/* What is asked for may be in the open segment yet. */
static void seal(struct client *c, const struct aur_backfill *what)
{
	struct serve_now now = daemon__now();
	struct spool *spool = c->daemon->spool;
	struct aur_wall since, from, to;
	int64_t age;

	if (!spool_gathers(spool, what->from, what->to, &since))
		return;
	/* below 0: the clock was set back */
	age = aur_wall_since(now.wall, since).ns;
	if (!c->peer.whole && age >= 0 && age < SEAL_OTHERS_NS &&
	    spool_bounds(spool, &from, &to))
		return;
	/* where that fails it says so itself, and older segments are there */
	(void)spool_seal(spool, now);
}

static int on_begin(void *arg, const struct aur_backfill *what)
{
	struct client *c = arg;
	struct aur_wall to;

	if (c->daemon->spool == NULL)
		return AUR_EUNSUPPORTED;
	if (!may_read(c))
		return AUR_EBUSY;
	kept_end(&c->kept);
	aur_buf_init(&c->kept.block, AUR_MAX_BLOCK);
	seal(c, what);
	/* a walk has what begins with its end, too */
	to.ns = what->to.ns > INT64_MIN ? what->to.ns - 1 : what->to.ns;
	return spool_walk_begin(
	    c->daemon->spool, what->kinds, what->from, to, &c->kept.walk);
}

static int on_piece(void *arg, size_t most, struct aur_piece *ret_piece)
{
	struct client *c = arg;
	int rc = kept_piece(&c->kept, &c->peer, most, ret_piece);

	if (kept_works(&c->kept))
		aur_timer_start(c->daemon->fill, aur_span_ms(0));
	return rc;
}

static void on_stop(void *arg)
{
	struct client *c = arg;

	kept_end(&c->kept);
}

const struct serve_kept daemon__kept = {
    .begin = on_begin,
    .piece = on_piece,
    .stop = on_stop,
};

/* One step for each; the loop looks at everything else between two turns. */
void daemon__fill(void *arg)
{
	struct daemon *d = arg;
	bool more = false;

	for (struct client *c = d->clients; c != NULL; c = c->next) {
		if (c->ended || !kept_works(&c->kept))
			continue;
		if (kept_step(&c->kept) == 1) {
			serve_blocks(c->serve);
			daemon__flush(c);
		}
		more |= !c->ended && kept_works(&c->kept);
	}
	daemon__reap(d);
	if (more)
		aur_timer_start(d->fill, aur_span_ms(0));
}
