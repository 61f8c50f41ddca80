/* SPDX-License-Identifier: MIT */
/*
 * A feed that remembers: what comes through it is put into the history, and
 * its hosts are asked for what that lacks (round.c), a few at a time, each to
 * the end of its round.
 *
 * There is no timer in here: a host that is up sends samples, and these drive
 * it.
 */
#include "history/reach_int.h"
#include "history/round_int.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)
/* How long before its first sample a host may not have written out. */
#define SEAM_NS (120 * AUR_SECOND_NS)

struct host {
	struct record *record;
	size_t index, number; /* in the feed; in the history */
	bool numbered, up, keeps_none;
	unsigned restarts;	 /* of the link that was asked */
	struct aur_wall came;	 /* its first sample of this link */
	struct aur_mono seam_at; /* what was before it is asked for again; 0:
				    it was */

	struct aur__reach reach;
	bool looked_before;	    /* for what an earlier run left of it */
	struct aur_feed_host shown; /* while `tells` */

	struct aur__round round;
};

struct record {
	struct aur_feed feed; /* first: this is one */
	struct aur_feed *inner;
	struct aur_history *h;
	struct aur_record_options o;
	struct host *host;
	size_t n, turn; /* whose turn is next */
	size_t tells;	/* the host whose event of ours is told, plus 1 */
	unsigned asking;
	bool pumping, ending;
	aur_feed_listen_fn listen;
	void *arg;
};

static void pump(struct record *r);

static struct record *of(struct aur_feed *f)
{
	return (struct record *)f;
}

static const struct aur_feed_host *shown(const struct host *h)
{
	return h->record->inner->class->host(h->record->inner, h->index);
}

static bool records(const struct record *r)
{
	return r->h != NULL && !r->ending && aur_history_records(r->h);
}

/* --- rounds --------------------------------------------------------------- */

static void end_round(struct host *h)
{
	aur__round_rest(&h->round);
	if (h->round.again && h->up && shown(h)->now != NULL)
		aur__round_whole(&h->round, shown(h)->now->wall, false);
}

static void put_off(struct host *h)
{
	if (!aur__round_later(&h->round))
		end_round(h);
}

static void on_block(void *arg, struct aur_slice block)
{
	struct host *h = arg;
	int rc = 0;

	if (aur__round_takes(&h->round, block) && records(h->record))
		rc = aur_history_put_block(h->record->h, h->number, block);
	h->round.refused += rc == AUR_EBUSY;
}

static void on_done(void *arg, const struct aur_act_reply *reply)
{
	struct host *h = arg;

	h->record->asking--;
	if (h->record->h != NULL)
		aur_history_put_end(h->record->h, h->number, reply->err == 0);
	if (reply->err == 0 && h->round.refused == 0) {
		aur__round_answered(&h->round);
	} else if (reply->err == 0 || reply->err == AUR_EBUSY) {
		put_off(h);
	} else {
		h->keeps_none = reply->err == AUR_EUNSUPPORTED;
		h->round.again = false;
		end_round(h);
	}
	pump(h->record);
}

/* --- turns ---------------------------------------------------------------- */

static bool can_ask(const struct host *h)
{
	const struct aur_feed_host *f = shown(h);

	return h->up && h->numbered && !h->keeps_none && f->recording &&
	       f->state == AUR_HOST_UP && f->now != NULL;
}

static void ask(struct host *h)
{
	struct record *r = h->record;
	struct aur_backfill what;

	if (!can_ask(h) ||
	    !aur__round_next(&h->round, r->h, h->number, &what)) {
		end_round(h);
		return;
	}
	r->asking++;
	r->inner->class->backfill(
	    r->inner, h->index, &what, on_block, on_done, h);
}

/* Who may ask now; one host is finished before the next one's turn. */
static struct host *next_ready(struct record *r, struct aur_mono now)
{
	for (size_t i = 0; i < r->n; i++) {
		struct host *h = &r->host[(r->turn + i) % r->n];

		if (aur__round_is_ready(&h->round, now)) {
			r->turn = h->index;
			return h;
		}
	}
	return NULL;
}

/* Lets ask whoever may. An answer can come at once, within this: the loop
 * that runs then goes on. */
static void pump(struct record *r)
{
	struct aur_mono now = aur_clock_mono();
	struct host *h;

	if (r->pumping || !records(r) || r->inner->class->backfill == NULL)
		return;
	r->pumping = true;
	while (r->asking < r->o.most && (h = next_ready(r, now)) != NULL)
		ask(h);
	r->pumping = false;
}

/* --- what comes ----------------------------------------------------------- */

/* A host without an id is this machine, or an address that somebody typed,
 * of which nothing is kept. */
static void number(struct host *h)
{
	const struct aur_feed_host *f = shown(h);
	const char *id = f->id;

	if (id[0] == '\0' && f->via != NULL && strcmp(f->via, "local") == 0)
		id = "local";
	if (!h->numbered && id[0] != '\0')
		h->numbered = aur_history_host(
				  h->record->h, id, f->name, &h->number) == 0;
}

/* A sample of a host that is up: whether it is to be asked. */
static void look(struct host *h)
{
	const struct aur_feed_host *f = shown(h);
	bool fresh = !h->up || h->restarts != f->restarts;
	bool rests = h->round.state == AUR__RESTS;
	struct aur_mono now = aur_clock_mono();

	h->up = true;
	h->restarts = f->restarts;
	if (fresh) {
		h->keeps_none = false;
		h->came = f->now->wall;
		h->seam_at = aur_mono_add(now, h->record->o.seam);
		if (h->round.state == AUR__ASKS)
			h->round.again = true;
		else
			aur__round_whole(&h->round, f->now->wall, false);
	} else if (rests && h->seam_at.ns != 0 &&
		   aur_mono_since(now, h->seam_at).ns >= 0) {
		h->seam_at.ns = 0;
		aur__round_begin(&h->round,
		    (struct aur_wall){h->came.ns - SEAM_NS}, h->came);
	} else if (rests && aur_mono_since(now, h->round.due).ns >= 0) {
		aur__round_whole(&h->round, f->now->wall, true);
	}
}

static void keep(struct host *h, unsigned changes)
{
	const struct aur_feed_host *f = shown(h);
	struct record *r = h->record;

	number(h);
	if (h->numbered && (changes & AUR_FEED_SAMPLE) != 0 && f->now != NULL)
		aur_history_put(r->h, h->number, f->now);
	if (h->numbered && (changes & AUR_FEED_EVENT) != 0 &&
	    f->event != NULL && !aur_event_is_client(f->event))
		aur_history_put_event(r->h, h->number, f->event);
	if ((changes & AUR_FEED_SAMPLE) != 0 && f->now != NULL)
		look(h);
	else if (f->state != AUR_HOST_UP && f->state != AUR_HOST_STALE)
		h->up = false;
	if ((changes & AUR_FEED_SAMPLE) != 0)
		pump(r);
}

/* An event of ours: to the history, and to who listens as if it were the
 * host's. */
static void tell(struct host *h)
{
	struct record *r = h->record;

	if (h->numbered && records(r))
		aur_history_put_event(r->h, h->number, &h->reach.event);
	h->shown = *shown(h);
	h->shown.event = &h->reach.event;
	r->tells = h->index + 1;
	if (r->listen != NULL)
		r->listen(r->arg, h->index, AUR_FEED_EVENT);
	r->tells = 0;
}

static void reach(struct host *h, unsigned changes)
{
	struct record *r = h->record;
	const struct aur_feed_host *f = shown(h);
	bool first = (changes & AUR_FEED_SAMPLE) != 0 && !h->looked_before &&
		     h->numbered && records(r);

	if (first) {
		h->looked_before = true;
		if (aur__reach_before(&h->reach, r->h, h->number, f))
			tell(h);
	}
	if (aur__reach_change(&h->reach, f, changes))
		tell(h);
}

/* The screen first. */
static void on_change(void *arg, size_t host, unsigned changes)
{
	struct record *r = arg;

	if (r->listen != NULL)
		r->listen(r->arg, host, changes);
	if (records(r))
		keep(&r->host[host], changes);
	if (!r->ending)
		reach(&r->host[host], changes);
}

/* --- the feed ------------------------------------------------------------- */

static size_t feed_count(const struct aur_feed *f)
{
	return ((const struct record *)f)->n;
}

static const struct aur_feed_host *feed_host(const struct aur_feed *f, size_t i)
{
	const struct record *r = (const struct record *)f;

	if (r->tells == i + 1)
		return &r->host[i].shown;
	return r->inner->class->host(r->inner, i);
}

static void feed_listen(struct aur_feed *f, aur_feed_listen_fn fn, void *arg)
{
	of(f)->listen = fn;
	of(f)->arg = arg;
}

static int feed_want(struct aur_feed *f, size_t i, const struct aur_want *want)
{
	struct aur_feed *inner = of(f)->inner;

	return inner->class->want(inner, i, want);
}

static void feed_act(struct aur_feed *f, size_t i, const struct aur_act *act,
    aur_feed_reply_fn done, void *arg)
{
	struct aur_feed *inner = of(f)->inner;

	inner->class->act(inner, i, act, done, arg);
}

static void feed_retry(struct aur_feed *f, size_t i)
{
	struct aur_feed *inner = of(f)->inner;

	inner->class->retry(inner, i);
}

static void feed_backfill(struct aur_feed *f, size_t i,
    const struct aur_backfill *what, aur_feed_block_fn block,
    aur_feed_reply_fn done, void *arg)
{
	static const struct aur_act_reply none = {.err = AUR_EUNSUPPORTED};
	struct aur_feed *inner = of(f)->inner;

	if (inner->class->backfill == NULL)
		done(arg, &none);
	else
		inner->class->backfill(inner, i, what, block, done, arg);
}

static void feed_free(struct aur_feed *f)
{
	struct record *r = of(f);

	if (r == NULL)
		return;
	r->ending = true; /* asks are answered as it ends */
	r->listen = NULL;
	r->inner->class->free(r->inner);
	aur_mem_free(r->host);
	aur_mem_free(r);
}

static const struct aur_feed_class class = {
    .count = feed_count,
    .host = feed_host,
    .listen = feed_listen,
    .want = feed_want,
    .act = feed_act,
    .retry = feed_retry,
    .backfill = feed_backfill,
    .free = feed_free,
};

struct aur_record_options aur_record_usual(void)
{
	return (struct aur_record_options){
	    .horizon = {48 * HOUR_NS},
	    .every = {600 * AUR_SECOND_NS},
	    .settled = {90 * AUR_SECOND_NS},
	    .seam = {65 * AUR_SECOND_NS},
	    .retry = {2 * AUR_SECOND_NS},
	    .most = 2,
	};
}

int aur_record_new(struct aur_feed **ret_feed, struct aur_feed *inner,
    struct aur_history *h, const struct aur_record_options *options)
{
	struct record *r = aur_mem_new(1, sizeof(*r));
	size_t n = inner->class->count(inner);

	if (r == NULL)
		return AUR_ENOMEM;
	r->host = aur_mem_new(n, sizeof(*r->host));
	if (r->host == NULL) {
		aur_mem_free(r);
		return AUR_ENOMEM;
	}
	r->feed = (struct aur_feed){.class = &class, .past = inner->past};
	r->inner = inner;
	r->h = h;
	r->o = options != NULL ? *options : aur_record_usual();
	r->n = n;
	for (size_t i = 0; i < n; i++) {
		r->host[i].record = r;
		r->host[i].index = i;
		r->host[i].round.o = &r->o;
	}
	inner->class->listen(inner, on_change, r);
	*ret_feed = &r->feed;
	return 0;
}

void aur_record_keep(struct aur_feed *feed, struct aur_history *h)
{
	of(feed)->h = h;
}

void aur_record_fill(struct aur_feed *feed, size_t host, struct aur_wall from,
    struct aur_wall to)
{
	struct record *r = of(feed);
	struct host *h = &r->host[host];

	if (!records(r) || !h->up)
		return;
	/* what was begun is gone through again, and then found to be there */
	h->round.again |= h->round.state != AUR__RESTS;
	aur__round_begin(&h->round, from, to);
	r->turn = host;
	pump(r);
}
