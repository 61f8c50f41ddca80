/* SPDX-License-Identifier: MIT */
/*
 * A feed that remembers. A host is asked for what it kept in rounds, from the
 * newest stretch that is lacking to the oldest:
 *
 *	          up, time has come, fill
 *	 (rest) ─────────────────────────▶ (waits) ──── its turn ───▶ (asks)
 *	   ▲                                 ▲  ▲                       │
 *	   │ nothing is lacking, the link    │  └── a stretch is done ──┤
 *	   │ ended, it keeps nothing         └────── busy: later ───────┤
 *	   └────────────────────────────────────────────────────────────┘
 *
 * A stretch is short at first, so that little is asked for twice when the
 * store's queue is full, and grows while nothing comes: a host that was off
 * for a day is a few questions. What no host kept stays lacking for ever; so
 * within a round each time is asked for once.
 *
 * Of the time between two events nothing can be said, so it is no lack: they
 * are asked for wherever the system's samples lack, and before these, so that
 * whatever is cut or killed in between asks for them again.
 *
 * There is no timer in here: a host that is up sends samples, and these drive
 * it.
 */
#include "history/reach_int.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "pack/pack.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)
#define FIRST_NS (2 * HOUR_NS) /* of a round's stretches */
#define RETRIES 100u
/* What one stretch can be: a hostile host sends what it likes. */
#define MOST_BYTES (512ull << 20)
/* Between two blocks there is the interval of what is in them. */
#define LEAST_SYSTEM_NS (5 * AUR_SECOND_NS)
#define LEAST_PROCESSES_NS (30 * AUR_SECOND_NS)
/* A stretch may begin with the last sample that is there. */
#define EDGE_NS 1000000ll
#define TOGETHER_NS (30 * AUR_SECOND_NS)
/* How long before its first sample a host may not have written out. */
#define SEAM_NS (120 * AUR_SECOND_NS)

enum { SYSTEM, PROCESSES, LANES };
static const struct {
	unsigned kind;
	int64_t least_ns;
} lanes[LANES] = {
    [SYSTEM] = {AUR_KEPT_SYSTEM, LEAST_SYSTEM_NS},
    [PROCESSES] = {AUR_KEPT_PROCESSES, LEAST_PROCESSES_NS},
};

enum state { REST, WAITS, ASKS };

struct host {
	struct record *record;
	size_t index, number; /* in the feed; in the history */
	bool numbered, up, keeps_none;
	unsigned restarts; /* of the link that was asked */
	struct aur_mono due;
	struct aur_wall came;	 /* its first sample of this link */
	struct aur_mono seam_at; /* what was before it is asked for again; 0:
				    it was */

	struct aur__reach reach;
	bool looked_before;	    /* for what an earlier run left of it */
	struct aur_feed_host shown; /* while `tells` */

	enum state state;
	struct aur_wall from, below[LANES]; /* the round, still to ask for */
	bool again;			    /* a whole round is to follow */
	int64_t span_ns;
	struct aur_mono not_before;
	unsigned retries;

	struct aur_history_span events; /* asked for last */
	struct aur_backfill ask;
	bool outlived;		       /* by another round */
	uint64_t bytes;		       /* that came for it */
	struct aur_wall oldest[LANES]; /* where its blocks begin */
	unsigned blocks, refused;      /* that the store has not taken */
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

static struct aur_wall less(struct aur_wall t, struct aur_span s)
{
	return (struct aur_wall){t.ns - s.ns};
}

/* Begins a round over [from, to). */
static void begin(struct host *h, struct aur_wall from, struct aur_wall to)
{
	h->from = from;
	for (int i = 0; i < LANES; i++)
		h->below[i] = to;
	h->span_ns = FIRST_NS;
	h->retries = 0;
	h->not_before = (struct aur_mono){0};
	h->outlived = h->state == ASKS;
	h->events = (struct aur_history_span){0};
	if (h->state == REST)
		h->state = WAITS;
}

/* The end of the last hour that a host has finished by `now`. */
static struct aur_wall last_hour(const struct host *h, struct aur_wall now)
{
	struct aur_wall t = less(now, h->record->o.settled);

	t.ns -= t.ns % HOUR_NS;
	return t;
}

/* The next one is due when another hour has been finished, or sooner. */
static void begin_whole(struct host *h, struct aur_wall now, bool settled)
{
	const struct aur_record_options *o = &h->record->o;
	struct aur_wall hour = last_hour(h, now);
	struct aur_span next = {hour.ns + HOUR_NS + o->settled.ns - now.ns};

	h->again = false;
	h->due = aur_mono_add(
	    aur_clock_mono(), next.ns < o->every.ns ? next : o->every);
	begin(h, less(now, o->horizon), settled ? hour : now);
}

/* The newest stretch of a lane that is lacking and was not asked for. */
static bool find_lack(
    struct host *h, int lane, struct aur_history_span *ret_span)
{
	struct aur_history_span found[8];
	size_t n;

	while (h->below[lane].ns > h->from.ns) {
		n = aur_history_lacks(h->record->h, h->number, lanes[lane].kind,
		    h->from, h->below[lane], found, AUR_ARRAY_LEN(found));
		for (size_t i = 0; i < n; i++)
			if (found[i].to.ns - found[i].from.ns >=
			    lanes[lane].least_ns) {
				*ret_span = found[i];
				return true;
			}
		/* all of them too short: what is before them */
		if (n < AUR_ARRAY_LEN(found) ||
		    found[n - 1].from.ns >= h->below[lane].ns)
			break;
		h->below[lane] = found[n - 1].from;
	}
	h->below[lane] = h->from;
	return false;
}

static void at_least(struct aur_wall *t, struct aur_wall least)
{
	if (t->ns < least.ns)
		*t = least;
}

/* What is asked for next: the newest stretch that a lane lacks, at most
 * span_ns of it, together with other lanes that lack it from nearly the same
 * time on; else only until they do. */
static bool choose(struct host *h, struct aur_backfill *ret_ask)
{
	struct aur_history_span s[LANES];
	struct aur_backfill a = {0};
	int64_t newest = 0;

	for (int i = 0; i < LANES; i++) {
		if (!find_lack(h, i, &s[i]))
			s[i] = (struct aur_history_span){0};
		newest = s[i].to.ns > newest ? s[i].to.ns : newest;
	}
	a.to.ns = newest;
	a.from.ns = newest - h->span_ns;
	for (int i = 0; i < LANES && newest != 0; i++) {
		if (newest - s[i].to.ns > TOGETHER_NS) {
			at_least(&a.from, s[i].to);
			continue;
		}
		a.kinds |= lanes[i].kind;
		at_least(&a.from, s[i].from);
		/* what begins between the two is no reason to ask twice */
		if (s[i].to.ns < a.to.ns)
			a.to = s[i].to;
	}
	if (a.to.ns <= a.from.ns)
		a.to.ns = newest;
	*ret_ask = a;
	return a.kinds != 0;
}

static void end_round(struct host *h)
{
	h->state = REST;
	if (h->again && h->up && shown(h)->now != NULL)
		begin_whole(h, shown(h)->now->wall, false);
}

static void put_off(struct host *h)
{
	if (++h->retries > RETRIES) {
		end_round(h);
		return;
	}
	h->state = WAITS;
	h->not_before = aur_mono_add(aur_clock_mono(), h->record->o.retry);
}

/* It may reach back beyond what was asked for: that need not be asked for. */
static void look_at(struct host *h, struct aur_slice bytes)
{
	struct aur_block b;
	int lane = PROCESSES;

	if (aur_block_head(bytes, &b) < 0)
		return;
	if (b.kind != AUR_BLOCK_FRAMES)
		lane = SYSTEM;
	else if (!aur_slice_is(b.name, "process"))
		return;
	if (b.from.ns < h->oldest[lane].ns)
		h->oldest[lane] = b.from;
}

static void on_block(void *arg, struct aur_slice block)
{
	struct host *h = arg;
	int rc = 0;

	look_at(h, block);
	h->blocks++;
	h->bytes += block.n;
	if (records(h->record) && h->bytes <= MOST_BYTES)
		rc = aur_history_put_block(h->record->h, h->number, block);
	h->refused += rc == AUR_EBUSY;
}

/* All of the stretch is here, or was never kept. */
static void on_stretch(struct host *h)
{
	h->state = WAITS;
	if (h->refused > 0)
		put_off(h);
	if (h->refused > 0 || h->outlived)
		return;
	if (h->ask.kinds == AUR_KEPT_EVENTS) {
		h->events = (struct aur_history_span){h->ask.from, h->ask.to};
		return;
	}
	for (int i = 0; i < LANES; i++)
		if ((h->ask.kinds & lanes[i].kind) != 0)
			h->below[i] = h->oldest[i];
	h->retries = 0;
	h->span_ns = h->blocks == 0 ? 2 * h->span_ns : FIRST_NS;
}

static void on_done(void *arg, const struct aur_act_reply *reply)
{
	struct host *h = arg;

	h->record->asking--;
	if (h->record->h != NULL)
		aur_history_put_end(h->record->h, h->number, reply->err == 0);
	if (reply->err == 0) {
		on_stretch(h);
	} else if (reply->err == AUR_EBUSY) {
		put_off(h);
	} else {
		h->keeps_none = reply->err == AUR_EUNSUPPORTED;
		h->again = false;
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

	if (!can_ask(h) || !choose(h, &h->ask)) {
		end_round(h);
		return;
	}
	if ((h->ask.kinds & AUR_KEPT_SYSTEM) != 0 &&
	    (h->ask.from.ns < h->events.from.ns ||
		h->ask.to.ns > h->events.to.ns))
		h->ask.kinds = AUR_KEPT_EVENTS;
	what = h->ask;
	what.from.ns += EDGE_NS;
	h->state = ASKS;
	h->blocks = h->refused = 0;
	h->bytes = 0;
	for (int i = 0; i < LANES; i++)
		h->oldest[i] = h->ask.from;
	h->outlived = false;
	r->asking++;
	r->inner->class->backfill(
	    r->inner, h->index, &what, on_block, on_done, h);
}

/* Who may ask now; one host is finished before the next one's turn. */
static struct host *next_ready(struct record *r, struct aur_mono now)
{
	for (size_t i = 0; i < r->n; i++) {
		struct host *h = &r->host[(r->turn + i) % r->n];

		if (h->state == WAITS &&
		    aur_mono_since(now, h->not_before).ns >= 0) {
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
	struct aur_mono now = aur_clock_mono();

	h->up = true;
	h->restarts = f->restarts;
	if (fresh) {
		h->keeps_none = false;
		h->came = f->now->wall;
		h->seam_at = aur_mono_add(now, h->record->o.seam);
		if (h->state == ASKS)
			h->again = true;
		else
			begin_whole(h, f->now->wall, false);
	} else if (h->state == REST && h->seam_at.ns != 0 &&
		   aur_mono_since(now, h->seam_at).ns >= 0) {
		h->seam_at.ns = 0;
		begin(h, less(h->came, (struct aur_span){SEAM_NS}), h->came);
	} else if (h->state == REST && aur_mono_since(now, h->due).ns >= 0) {
		begin_whole(h, f->now->wall, true);
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
	h->again |= h->state != REST;
	begin(h, from, to);
	r->turn = host;
	pump(r);
}
