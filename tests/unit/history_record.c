/* SPDX-License-Identifier: MIT */
/*
 * The recording feed between a feed by script and a store by script, which
 * stands here in place of lib/history's: both know hours, a block is one hour
 * of one kind, and every one of them is counted.
 */
#include "history/history.h"

#include "base/err.h"
#include "base/mem.h"
#include "pack/pack.h"
#include "tests/harness/tap.h"

#include <limits.h>

#define HOSTS 5
#define HOURS 60
#define HOUR_NS (3600 * AUR_SECOND_NS)
#define BEGAN (1795000000ll / 3600 * HOUR_NS)

enum { SYSTEM, PROCESSES, EVENTS, KINDS };

struct block {
	size_t host;
	int kind, hour;
};

/* --- the store ------------------------------------------------------------ */

struct aur_history {
	bool records;
	unsigned samples[HOSTS], events[HOSTS], blocks, twice, busy, whole, cut;
	bool lags;	  /* does not know yet what was put */
	const char *left; /* the kind of the last event of an earlier run */
	bool left_by_host;
	unsigned events_asked;
	unsigned have[HOSTS][KINDS][HOURS];
};

int aur_block_head(struct aur_slice bytes, struct aur_block *ret_block)
{
	struct block b;

	memcpy(&b, bytes.p, sizeof(b));
	*ret_block = (struct aur_block){
	    .kind = b.kind == SYSTEM ? AUR_BLOCK_TIMES : AUR_BLOCK_FRAMES,
	    .name = aur_slice_str(b.kind == SYSTEM	? ""
				  : b.kind == PROCESSES ? "process"
							: "event"),
	    .from = {BEGAN + b.hour * HOUR_NS},
	    .to = {BEGAN + (b.hour + 1) * HOUR_NS}};
	return 0;
}

bool aur_history_records(const struct aur_history *h)
{
	return h->records;
}

int aur_history_host(
    struct aur_history *h, const char *id, const char *name, size_t *ret_host)
{
	(void)h;
	(void)name;
	*ret_host = 0;
	if (strcmp(id, "local") == 0)
		return 0;
	if (id[0] != 'i')
		return AUR_EINVALID;
	*ret_host = (size_t)(HOSTS - 1 - (id[1] - '0'));
	return 0;
}

void aur_history_put(struct aur_history *h, size_t host, struct aur_sample *s)
{
	h->samples[host] += s != NULL;
}

void aur_history_put_event(
    struct aur_history *h, size_t host, const struct aur_event *event)
{
	h->events[host] += event != NULL;
}

int aur_history_events(struct aur_history *h, size_t host, struct aur_wall from,
    struct aur_wall to, size_t most, aur_feed_event_fn fn, void *arg)
{
	struct aur_event e = {.when = {to.ns - 600 * AUR_SECOND_NS}};

	h->events_asked += from.ns < to.ns && most > 0;
	if (h->left == NULL)
		return 0;
	e.kind = aur_slice_str(h->left);
	if (!h->left_by_host)
		memcpy(e.boot_id, AUR_EVENT_CLIENT, sizeof(e.boot_id));
	fn(arg, host, &e);
	e.kind = aur_slice_str("oom_kill");
	memset(e.boot_id, 7, sizeof(e.boot_id));
	fn(arg, host, &e);
	return 0;
}

int aur_history_put_block(
    struct aur_history *h, size_t host, struct aur_slice bytes)
{
	struct block b;
	unsigned *have;

	memcpy(&b, bytes.p, sizeof(b));
	if (h->busy > 0) {
		h->busy--;
		return AUR_EBUSY;
	}
	h->blocks++;
	have = &h->have[host][b.kind][b.hour];
	h->twice += (*have)++ > 0 && b.kind != EVENTS;
	return b.host == HOSTS - 1 - host ? 0 : AUR_EINVALID;
}

void aur_history_put_end(struct aur_history *h, size_t host, bool whole)
{
	(void)host;
	h->whole += whole;
	h->cut += !whole;
}

size_t aur_history_lacks(struct aur_history *h, size_t host, unsigned kind,
    struct aur_wall from, struct aur_wall to, struct aur_history_span *ret,
    size_t most)
{
	int k = kind == AUR_KEPT_SYSTEM ? SYSTEM : PROCESSES;
	size_t n = 0;

	for (int i = HOURS - 1; i >= 0; i--) {
		int64_t a = BEGAN + i * HOUR_NS, b = a + HOUR_NS;

		a = a > from.ns ? a : from.ns;
		b = b < to.ns ? b : to.ns;
		if (a >= b || (h->have[host][k][i] > 0 && !h->lags))
			continue;
		if (n > 0 && ret[n - 1].from.ns == b) {
			ret[n - 1].from.ns = a;
		} else {
			if (n == most)
				break;
			ret[n++] = (struct aur_history_span){{a}, {b}};
		}
	}
	return n;
}

/* --- the feed ------------------------------------------------------------- */

struct asked {
	struct aur_backfill what;
	aur_feed_block_fn block;
	aur_feed_reply_fn done;
	void *arg;
	bool open;
};

struct script {
	struct aur_feed feed; /* first */
	struct aur_feed_host host[HOSTS];
	char id[HOSTS][24];
	size_t n;
	struct asked ask[HOSTS];
	bool kept[HOURS];
	aur_feed_listen_fn listen;
	void *arg;
	unsigned asks, at_once, most_at_once, wants, acts, retries, freed;
	unsigned changes;
	bool answers; /* at once, within the call */
};

static struct script *of(struct aur_feed *f)
{
	return (struct script *)f;
}

static size_t count(const struct aur_feed *f)
{
	return ((const struct script *)f)->n;
}

static const struct aur_feed_host *host(const struct aur_feed *f, size_t i)
{
	return &((const struct script *)f)->host[i];
}

static void listen(struct aur_feed *f, aur_feed_listen_fn fn, void *arg)
{
	of(f)->listen = fn;
	of(f)->arg = arg;
}

static int want(struct aur_feed *f, size_t i, const struct aur_want *w)
{
	(void)w;
	of(f)->wants += i == 1;
	return 0;
}

static void act(struct aur_feed *f, size_t i, const struct aur_act *a,
    aur_feed_reply_fn done, void *arg)
{
	static const struct aur_act_reply fine = {0};

	(void)a;
	of(f)->acts += i == 1;
	done(arg, &fine);
}

static void retry(struct aur_feed *f, size_t i)
{
	of(f)->retries += i == 1;
}

static void finish(struct script *s, size_t i, int err)
{
	struct aur_act_reply reply = {.err = err};
	struct asked a = s->ask[i];

	s->ask[i].open = false;
	s->at_once--;
	a.done(a.arg, &reply);
}

/* At most `most` blocks of what was asked for, newest first, then `err`. */
static void answer(struct script *s, size_t i, unsigned most, int err)
{
	struct asked *a = &s->ask[i];

	for (int h = HOURS - 1; h >= 0; h--)
		for (int k = 0; k < KINDS; k++) {
			int64_t from = BEGAN + h * HOUR_NS;
			struct block b = {i, k, h};

			if (!s->kept[h] || (a->what.kinds >> k & 1) == 0 ||
			    from >= a->what.to.ns ||
			    from + HOUR_NS <= a->what.from.ns || most == 0)
				continue;
			most--;
			a->block(a->arg, aur_slice_of(&b, sizeof(b)));
		}
	finish(s, i, err);
}

static void backfill(struct aur_feed *f, size_t i,
    const struct aur_backfill *what, aur_feed_block_fn block,
    aur_feed_reply_fn done, void *arg)
{
	struct script *s = of(f);

	if (s->ask[i].open)
		tap_ok(false, "host %zu is asked while it answers", i);
	s->ask[i] = (struct asked){*what, block, done, arg, true};
	s->asks++;
	s->at_once++;
	if (s->at_once > s->most_at_once)
		s->most_at_once = s->at_once;
	if (s->answers)
		answer(s, i, UINT_MAX, 0);
}

static void drop(struct aur_feed *f)
{
	struct script *s = of(f);

	for (size_t i = 0; i < s->n; i++)
		if (s->ask[i].open)
			finish(s, i, AUR_ECLOSED);
	s->freed++;
}

static const struct aur_feed_class class = {
    count, host, listen, want, act, retry, backfill, drop};

/* --- a test's world ------------------------------------------------------- */

struct world {
	struct aur_history store;
	struct script script;
	struct aur_feed *feed;
	struct aur_strs *strs;
	struct aur_sample *sample;
	unsigned changes, told;
	char event[400]; /* the last one of ours, "kind key=value" */
};

static void on_change(void *arg, size_t i, unsigned changes)
{
	struct world *w = arg;
	const struct aur_feed_host *h = w->feed->class->host(w->feed, i);
	int n;

	w->changes |= changes;
	if ((changes & AUR_FEED_EVENT) == 0 || !aur_event_is_client(h->event))
		return;
	w->told++;
	n = snprintf(w->event, sizeof(w->event), "%s %.*s", h->name,
	    (int)h->event->kind.n, (const char *)h->event->kind.p);
	for (size_t k = 0; k < h->event->npair; k++)
		n += snprintf(w->event + n, sizeof(w->event) - (size_t)n,
		    " %.*s=%.*s", (int)h->event->pair[k].key.n,
		    (const char *)h->event->pair[k].key.p,
		    (int)h->event->pair[k].value.n,
		    (const char *)h->event->pair[k].value.p);
}

static void on_reply(void *arg, const struct aur_act_reply *reply)
{
	*(int *)arg = reply->err;
}

static void set_up(struct world *w, size_t n, bool records)
{
	struct aur_record_options o = aur_record_usual();

	*w = (struct world){.store.records = records};
	o.retry.ns = 0;
	w->strs = aur_strs_new(1 << 20);
	w->sample = aur_sample_new(w->strs);
	w->sample->wall.ns = BEGAN + 50 * HOUR_NS + HOUR_NS / 2;
	w->script.feed.class = &class;
	w->script.n = n;
	for (size_t i = 0; i < n; i++) {
		snprintf(w->script.id[i], sizeof(w->script.id[i]), "i%zu", i);
		w->script.host[i] = (struct aur_feed_host){.name = "web",
		    .id = w->script.id[i],
		    .recording = true,
		    .state = AUR_HOST_CONNECTING};
	}
	for (int h = 0; h < HOURS; h++)
		w->script.kept[h] = true;
	if (aur_record_new(&w->feed, &w->script.feed, &w->store, &o) < 0)
		_Exit(99);
	w->feed->class->listen(w->feed, on_change, w);
}

static void tear_down(struct world *w)
{
	w->feed->class->free(w->feed);
	aur_sample_unref(w->sample);
	aur_strs_unref(w->strs);
}

/* A sample of a host. */
static void tick(struct world *w, size_t i)
{
	struct aur_feed_host *h = &w->script.host[i];
	unsigned changes = AUR_FEED_SAMPLE;

	if (h->state != AUR_HOST_UP)
		changes |= AUR_FEED_STATE;
	h->state = AUR_HOST_UP;
	h->now = w->sample;
	w->script.listen(w->script.arg, i, changes);
}

static void lose(struct world *w, size_t i)
{
	struct aur_feed_host *h = &w->script.host[i];

	h->restarts++;
	h->state = AUR_HOST_STALE;
	if (w->script.ask[i].open)
		finish(&w->script, i, AUR_ECLOSED);
	w->script.listen(w->script.arg, i, AUR_FEED_STATE);
}

/* Hours that host `i` gave of a kind within 48 of the sample. */
static unsigned had(const struct world *w, size_t i, int kind)
{
	unsigned n = 0;

	for (int h = 0; h < HOURS; h++)
		n += w->store.have[HOSTS - 1 - i][kind][h] == 1;
	return n;
}

/* --- tests ---------------------------------------------------------------- */

static void test_passes_on(void)
{
	static const struct aur_want w0 = {0};
	static const struct aur_act a0 = {0};
	static const struct aur_backfill b0 = {.kinds = 1};
	struct world w;
	struct aur_event event = {.number = 1};
	int err = 5;

	set_up(&w, 3, false);
	tap_ok(w.feed->class->count(w.feed) == 3 &&
		   w.feed->class->host(w.feed, 2) == &w.script.host[2] &&
		   w.feed->past == NULL,
	    "it has the hosts of the feed within");
	(void)w.feed->class->want(w.feed, 1, &w0);
	w.feed->class->act(w.feed, 1, &a0, on_reply, &err);
	w.feed->class->retry(w.feed, 1);
	tap_ok(w.script.wants == 1 && w.script.acts == 1 && err == 0 &&
		   w.script.retries == 1,
	    "and does what that does");
	tick(&w, 0);
	w.script.host[0].event = &event;
	w.script.listen(w.script.arg, 0, AUR_FEED_EVENT);
	tap_eq_u64(w.changes, AUR_FEED_SAMPLE | AUR_FEED_STATE | AUR_FEED_EVENT,
	    "what changes is told");
	tap_ok(w.store.samples[HOSTS - 1] == 0 && w.script.asks == 0,
	    "where somebody else records it does no more");
	w.script.answers = true;
	w.script.kept[0] = false;
	w.feed->class->backfill(w.feed, 0, &b0, NULL, on_reply, &err);
	tap_eq_u64(w.script.asks, 1, "others can ask through it");
	tear_down(&w);
	tap_eq_u64(w.script.freed, 1, "it frees the feed within");
}

static void test_puts(void)
{
	struct world w;
	struct aur_event event = {.number = 1};

	set_up(&w, 2, true);
	w.script.host[0].recording = w.script.host[1].recording = false;
	for (int i = 0; i < 3; i++)
		tick(&w, 1);
	w.script.host[1].event = &event;
	w.script.listen(w.script.arg, 1, AUR_FEED_EVENT);
	tap_ok(w.store.samples[HOSTS - 2] == 3 &&
		   w.store.events[HOSTS - 2] == 1 &&
		   w.store.samples[HOSTS - 1] == 0,
	    "samples and events are put, under their host's number");
	tap_eq_u64(
	    w.script.asks, 0, "a host that does not record is not asked");
	w.script.host[0].id = "";
	tick(&w, 0);
	tap_eq_u64(w.store.samples[HOSTS - 1], 0,
	    "of an address without an id nothing is kept");
	w.script.host[0].via = "local";
	tick(&w, 0);
	tap_eq_u64(w.store.samples[0], 1, "of this machine something is");
	tear_down(&w);
}

static void test_fills(bool at_once)
{
	struct world w;
	unsigned most = 0;

	set_up(&w, 1, true);
	w.script.answers = at_once;
	tick(&w, 0);
	if (!at_once) {
		tap_ok(w.script.ask[0].what.to.ns == w.sample->wall.ns &&
			   w.script.ask[0].what.kinds == AUR_KEPT_EVENTS,
		    "the newest is asked for, events first");
		tap_ok(w.script.ask[0].what.from.ns >
			   w.sample->wall.ns - 4 * HOUR_NS,
		    "and little at first");
		answer(&w.script, 0, UINT_MAX, 0);
		tap_ok(w.script.ask[0].what.to.ns == w.sample->wall.ns &&
			   w.script.ask[0].what.kinds == 3,
		    "then samples and processes of that time");
	}
	for (; w.script.ask[0].open && most < 100; most++)
		answer(&w.script, 0, UINT_MAX, 0);
	tap_ok(had(&w, 0, SYSTEM) == 49 && had(&w, 0, PROCESSES) == 49 &&
		   had(&w, 0, EVENTS) == 49,
	    "all hours of two days come");
	tap_ok(w.store.twice == 0, "each once");
	for (int i = 0; i < 3; i++)
		tick(&w, 0);
	tap_ok(!w.script.ask[0].open && w.script.asks < 60,
	    "then it rests, after %u questions", w.script.asks);
	tear_down(&w);
}

/* A store learns of what was put when it is written, seconds later. */
static void test_lags(void)
{
	struct world w;

	set_up(&w, 1, true);
	w.store.lags = true;
	w.script.answers = true;
	w.sample->wall.ns += HOUR_NS / 3;
	tick(&w, 0);
	tap_ok(had(&w, 0, SYSTEM) >= 48 && had(&w, 0, PROCESSES) >= 48 &&
		   w.store.twice == 0,
	    "each comes once, whatever the store knows yet");
	tap_ok(w.store.whole == w.script.asks && w.store.cut == 0,
	    "and it is told when an answer was whole");
	tear_down(&w);
}

static void test_absent(void)
{
	struct world w;

	set_up(&w, 1, true);
	for (int h = 4; h < 50; h++)
		w.script.kept[h] = false;
	w.script.answers = true;
	tick(&w, 0);
	tap_ok(w.store.twice == 0 && had(&w, 0, SYSTEM) == 3,
	    "a host that was off for long");
	tap_ok(w.script.asks < 20, "is few questions: %u", w.script.asks);
	tear_down(&w);
}

static void test_two_at_once(void)
{
	struct world w;
	bool open;

	set_up(&w, HOSTS, true);
	for (size_t i = 0; i < HOSTS; i++)
		tick(&w, i);
	tap_ok(w.script.ask[0].open && w.script.ask[1].open,
	    "two hosts are asked");
	tap_eq_u64(w.script.at_once, 2, "no more than two");
	do {
		open = false;
		for (size_t i = 0; i < HOSTS; i++)
			if (w.script.ask[i].open) {
				answer(&w.script, i, UINT_MAX, 0);
				open = true;
			}
	} while (open && w.script.asks < 1000);
	for (size_t i = 0; i < HOSTS; i++)
		tap_ok(had(&w, i, SYSTEM) == 49, "host %zu has all", i);
	tap_eq_u64(w.script.most_at_once, 2, "never more than two at once");
	tear_down(&w);
}

static void test_cut(void)
{
	struct world w;
	unsigned events = 0;

	set_up(&w, 1, true);
	tick(&w, 0);
	for (unsigned n = 0; n < 400 && w.script.ask[0].open; n++) {
		if (n % 3 == 2) {
			answer(&w.script, 0, n % 7, AUR_ECLOSED);
			tap_ok(!w.script.ask[0].open,
			    "a link that ended is not asked");
			lose(&w, 0);
			tick(&w, 0);
		} else {
			answer(&w.script, 0, UINT_MAX, 0);
		}
	}
	tap_ok(had(&w, 0, SYSTEM) == 49 && had(&w, 0, PROCESSES) == 49,
	    "a backfill that is cut goes on with the next link");
	for (int h = 0; h < HOURS; h++)
		events += w.store.have[HOSTS - 1][EVENTS][h] > 0;
	tap_ok(events == 49, "no event is lost over that");
	tap_ok(w.store.cut > 20, "the store is told of each cut");
	tap_ok(w.store.twice == 0, "and nothing else comes twice");
	tear_down(&w);
}

static void test_busy(void)
{
	struct world w;

	set_up(&w, 1, true);
	w.script.answers = true;
	w.store.busy = 20;
	for (int i = 0; i < 20; i++)
		tick(&w, 0);
	tap_ok(had(&w, 0, SYSTEM) == 49 && had(&w, 0, PROCESSES) == 49,
	    "what the store was too busy for is asked for again");
	w.store.busy = UINT_MAX;
	memset(w.store.have, 0, sizeof(w.store.have));
	lose(&w, 0);
	w.script.asks = 0;
	for (int i = 0; i < 1000; i++)
		tick(&w, 0);
	tap_ok(w.script.asks > 50 && w.script.asks < 200, "but not for ever");
	tear_down(&w);
}

static void test_unsupported(void)
{
	struct world w;

	set_up(&w, 1, true);
	tick(&w, 0);
	finish(&w.script, 0, AUR_EUNSUPPORTED);
	for (int i = 0; i < 3; i++)
		tick(&w, 0);
	tap_eq_u64(w.script.asks, 1, "who keeps nothing is asked once");
	lose(&w, 0);
	tick(&w, 0);
	tap_eq_u64(w.script.asks, 2, "and once by the next link");
	tear_down(&w);
}

static void test_again(void)
{
	struct world w;
	struct aur_record_options o = aur_record_usual();

	set_up(&w, 1, true);
	tear_down(&w);
	set_up(&w, 1, true);
	w.feed->class->free(w.feed);
	o.every.ns = 0;
	if (aur_record_new(&w.feed, &w.script.feed, &w.store, &o) < 0)
		_Exit(99);
	w.script.answers = true;
	tick(&w, 0);
	w.script.asks = 0;
	w.script.answers = false;
	w.sample->wall.ns += 4 * HOUR_NS;
	tick(&w, 0);
	tap_ok(w.script.asks == 1 &&
		   w.script.ask[0].what.to.ns ==
		       (w.sample->wall.ns - o.settled.ns) / HOUR_NS * HOUR_NS,
	    "after a while the rest is asked for, in whole hours");
	tear_down(&w);
}

/* What is asked for after each hour is there before we pack it ourselves. */
static void test_hour(void)
{
	struct world w;
	struct aur_record_options o = aur_record_usual();
	const int64_t hour = BEGAN + 40 * HOUR_NS, soon = 50 * 1000000ll;

	set_up(&w, 1, true);
	w.script.answers = true;
	w.sample->wall.ns = hour + o.settled.ns - soon;
	tick(&w, 0);
	w.script.asks = 0;
	w.sample->wall.ns += 1;
	tick(&w, 0);
	tap_eq_u64(w.script.asks, 0, "an hour that has just ended is waited for");
	nanosleep(&(struct timespec){.tv_nsec = (long)soon}, NULL);
	w.sample->wall.ns += soon;
	w.store.lags = true;
	w.script.answers = false;
	tick(&w, 0);
	tap_ok(w.script.asks == 1 && w.script.ask[0].what.to.ns == hour,
	    "and asked for a little later");
	tear_down(&w);
}

/* What a host had not written out yet when it came up. */
static void test_seam(void)
{
	struct world w;
	struct aur_record_options o = aur_record_usual();
	struct aur_wall came;

	set_up(&w, 1, true);
	w.feed->class->free(w.feed);
	o.seam.ns = 0;
	if (aur_record_new(&w.feed, &w.script.feed, &w.store, &o) < 0)
		_Exit(99);
	w.script.answers = true;
	came = w.sample->wall;
	tick(&w, 0);
	w.script.asks = 0;
	w.store.lags = true;
	w.sample->wall.ns += 65 * AUR_SECOND_NS;
	tick(&w, 0);
	tap_ok(
	    w.script.asks > 0 && w.script.ask[0].what.to.ns == came.ns &&
		came.ns - w.script.ask[0].what.from.ns <= 120 * AUR_SECOND_NS,
	    "what was before its first sample is asked for again");
	w.script.asks = 0;
	tick(&w, 0);
	tap_eq_u64(w.script.asks, 0, "once");
	tear_down(&w);
}

static void test_fill(void)
{
	struct world w;
	const struct aur_wall from = {BEGAN + 10 * HOUR_NS},
			      to = {BEGAN + 12 * HOUR_NS};

	set_up(&w, 1, true);
	aur_record_fill(w.feed, 0, from, to);
	tap_eq_u64(w.script.asks, 0, "a host that is not up is not filled in");
	tick(&w, 0);
	aur_record_fill(w.feed, 0, from, to);
	answer(&w.script, 0, UINT_MAX, 0);
	tap_ok(
	    w.script.ask[0].open &&
		w.script.ask[0].what.from.ns / HOUR_NS == from.ns / HOUR_NS &&
		w.script.ask[0].what.to.ns == to.ns,
	    "what a person looks at comes next");
	for (int i = 0; i < 100 && w.script.ask[0].open; i++)
		answer(&w.script, 0, UINT_MAX, 0);
	tap_ok(had(&w, 0, SYSTEM) == 49 && w.store.twice == 0,
	    "and then the rest");
	tear_down(&w);
}

static void test_later(void)
{
	struct world w;
	struct aur_feed *feed;

	set_up(&w, 1, true);
	w.feed->class->free(w.feed);
	if (aur_record_new(&feed, &w.script.feed, NULL, NULL) < 0)
		_Exit(99);
	w.feed = feed;
	tick(&w, 0);
	tap_eq_u64(w.store.samples[HOSTS - 1], 0, "without a history");
	aur_record_keep(w.feed, &w.store);
	tick(&w, 0);
	tap_ok(w.store.samples[HOSTS - 1] == 1 && w.script.ask[0].open,
	    "one that is opened later is recorded to");
	tear_down(&w);
	tap_ok(!w.script.ask[0].open, "an end in the midst of it");
}

/* --- whether a host is reached -------------------------------------------- */

static void fails(struct world *w, enum aur_host_state state, const char *why)
{
	struct aur_feed_host *h = &w->script.host[0];

	h->restarts += state != AUR_HOST_CONNECTING;
	h->state = state;
	h->error = why;
	w->script.listen(w->script.arg, 0, AUR_FEED_STATE);
}

static void test_lost(void)
{
	struct world w;
	struct aur_feed_host *h;
	unsigned *kept;

	set_up(&w, 2, true);
	h = &w.script.host[0];
	kept = &w.store.events[HOSTS - 1];
	fails(&w, AUR_HOST_UNREACHABLE, "no route");
	fails(&w, AUR_HOST_CONNECTING, NULL);
	tick(&w, 0);
	tap_ok(w.told == 0 && *kept == 0, "the first connecting is no event");
	h->state = AUR_HOST_STALE;
	w.script.listen(w.script.arg, 0, AUR_FEED_STATE);
	tick(&w, 0);
	tap_eq_u64(w.told, 0, "nor is a sample that is late");
	fails(&w, AUR_HOST_STALE,
	    "the agent is silent; see in the log; reconnecting in 2.0 s");
	tap_eq_str(w.event,
	    "web link_lost cause=the agent is silent; see in the log",
	    "a host that was up is lost");
	tap_eq_u64(*kept, 1, "that is kept");
	fails(&w, AUR_HOST_CONNECTING, NULL);
	fails(&w, AUR_HOST_UNREACHABLE, "no route");
	tap_eq_u64(w.told, 1, "and told once");
	tick(&w, 0);
	tap_eq_str(w.event,
	    "web link_gap seconds=0 cause=the agent is silent; see in the log",
	    "it is back");
	tick(&w, 0);
	tap_ok(w.told == 2 && *kept == 2, "once, and kept");
	tap_ok(w.feed->class->host(w.feed, 0)->event == NULL,
	    "and is the host's event no longer");
	fails(&w, AUR_HOST_KEY_CHANGED, NULL);
	tap_eq_str(w.event, "web link_lost", "again, and nobody says why");
	tap_eq_u64(w.store.events_asked, 1, "what was before is read once");
	tear_down(&w);
	tap_ok(w.told == 3, "an end is no event");
}

static void test_long_cause(void)
{
	struct world w;
	char why[512];

	set_up(&w, 1, true);
	tick(&w, 0);
	memset(why, 'x', sizeof(why));
	snprintf(why + 254, sizeof(why) - 254, "\xc3\xa4\xc3\xa4");
	fails(&w, AUR_HOST_UNREACHABLE, why);
	tap_ok(w.told == 1 && strchr(w.event, '\xc3') == NULL,
	    "a long reason is cut, not amidst a character");
	tear_down(&w);
}

static void test_unkept(void)
{
	struct world w;
	struct aur_event event = {.kind = aur_slice_str("link_lost")};

	set_up(&w, 1, false);
	tick(&w, 0);
	fails(&w, AUR_HOST_UNREACHABLE, "no route");
	tap_ok(w.told == 1 && w.store.events[HOSTS - 1] == 0,
	    "where somebody else records it is told only");
	tear_down(&w);
	set_up(&w, 1, true);
	tick(&w, 0);
	memcpy(event.boot_id, AUR_EVENT_CLIENT, sizeof(event.boot_id));
	w.script.host[0].event = &event;
	w.script.listen(w.script.arg, 0, AUR_FEED_EVENT);
	tap_eq_u64(w.store.events[HOSTS - 1], 0,
	    "a host that tells in our name is not believed");
	tear_down(&w);
}

static void test_left(void)
{
	struct world w;

	set_up(&w, 1, true);
	w.store.left = "link_lost";
	tick(&w, 0);
	tap_ok(strcmp(w.event, "web link_gap most_seconds=600") == 0 &&
		   w.store.events[HOSTS - 1] == 1,
	    "a run ended while it was lost: it was away so long at most");
	tick(&w, 0);
	tap_eq_u64(w.told, 1, "once");
	tear_down(&w);
	set_up(&w, 1, true);
	w.store.left = "link_gap";
	tick(&w, 0);
	tap_eq_u64(w.told, 0, "one that was back is not told of");
	tear_down(&w);
	set_up(&w, 1, true);
	w.store.left = "link_lost";
	w.store.left_by_host = true;
	tick(&w, 0);
	tap_eq_u64(w.told, 0, "nor what a host says");
	tear_down(&w);
}

int main(void)
{
	test_lost();
	test_long_cause();
	test_unkept();
	test_left();
	test_passes_on();
	test_puts();
	test_fills(false);
	test_fills(true);
	test_lags();
	test_absent();
	test_two_at_once();
	test_cut();
	test_busy();
	test_unsupported();
	test_again();
	test_hour();
	test_seam();
	test_fill();
	test_later();
	return tap_done();
}
