/* SPDX-License-Identifier: MIT */
#include "tests/unit/history_script.h"

#include "base/err.h"
#include "pack/pack.h"

#include <stdio.h>
#include <stdlib.h>

struct block {
	size_t host;
	int kind, hour;
};

/* --- the store ------------------------------------------------------------ */

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

void finish(struct script *s, size_t i, int err)
{
	struct aur_act_reply reply = {.err = err};
	struct asked a = s->ask[i];

	s->ask[i].open = false;
	s->at_once--;
	a.done(a.arg, &reply);
}

void answer(struct script *s, size_t i, unsigned most, int err)
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

	if (s->ask[i].open) {
		printf("Bail out! host %zu is asked while it answers\n", i);
		exit(1);
	}
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

void set_up(struct world *w, size_t n, bool records)
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

void tear_down(struct world *w)
{
	w->feed->class->free(w->feed);
	aur_sample_unref(w->sample);
	aur_strs_unref(w->strs);
}

void tick(struct world *w, size_t i)
{
	struct aur_feed_host *h = &w->script.host[i];
	unsigned changes = AUR_FEED_SAMPLE;

	if (h->state != AUR_HOST_UP)
		changes |= AUR_FEED_STATE;
	h->state = AUR_HOST_UP;
	h->now = w->sample;
	w->script.listen(w->script.arg, i, changes);
}

void lose(struct world *w, size_t i)
{
	struct aur_feed_host *h = &w->script.host[i];

	h->restarts++;
	h->state = AUR_HOST_STALE;
	if (w->script.ask[i].open)
		finish(&w->script, i, AUR_ECLOSED);
	w->script.listen(w->script.arg, i, AUR_FEED_STATE);
}

unsigned had(const struct world *w, size_t i, int kind)
{
	unsigned n = 0;

	for (int h = 0; h < HOURS; h++)
		n += w->store.have[HOSTS - 1 - i][kind][h] == 1;
	return n;
}
