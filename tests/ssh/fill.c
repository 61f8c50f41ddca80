/* SPDX-License-Identifier: MIT */
/*
 * Fills in from hosts what they kept, over real connections, for tests/ssh and
 * the bench:
 *
 *	fill SECONDS HOURS [USER@]HOST...
 *
 * is the recording feed of lib/history over a fleet, and in place of the store
 * something that counts: each block by what it is of. It ends when every host
 * that records has been filled in, and after SECONDS in any case, and says a
 * line for each host:
 *
 *	HOST blocks N bytes N twice N damaged N missed N samples N
 *	     secrets N from SECONDS to SECONDS kept SECONDS seconds S.SSS
 *
 * A host that is called `local` is this machine, by a child. `secrets` are the
 * tables of processes in which a command line has more than a program's name,
 * `twice` is what came more than once, `missed` live samples that did not
 * come, `from`, `to` and `kept` what the system's blocks span, without gaps,
 * `seconds` the time from the host's first sample to its last block.
 */
#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "fleet/fleet.h"
#include "history/history.h"
#include "pack/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_HOSTS 8
#define MOST_BLOCKS 65536
#define QUIET_NS (1500 * 1000000ll)
#define QUIET_SAMPLES 6 /* live ones, without a block between them */

struct piece {
	enum aur_block_kind kind;
	char name[AUR_MAX_BLOCK_NAME + 1];
	uint8_t boot_id[16];
	int64_t from, to;
	bool whole; /* all of its span is here */
};

struct host {
	const char *name;
	struct piece *piece;
	size_t n;
	uint64_t secrets;
	uint64_t bytes, twice, damaged, missed, samples;
	unsigned alone; /* samples since a block, of this connection */
	bool up;
	struct aur_mono first, last;
};

struct aur_history {
	struct host host[MOST_HOSTS];
	size_t n;
	struct aur_loop *loop;
	struct aur_feed *feed;
	struct aur_timer *end, *tick;
};

/* --- what stands in for the store ----------------------------------------- */

bool aur_history_records(const struct aur_history *h)
{
	return h != NULL;
}

int aur_history_host(
    struct aur_history *h, const char *id, const char *name, size_t *ret_host)
{
	(void)id;
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->host[i].name, name) == 0) {
			*ret_host = i;
			return 0;
		}
	return AUR_EABSENT;
}

void aur_history_put(struct aur_history *h, size_t host, struct aur_sample *s)
{
	struct host *o = &h->host[host];

	o->samples++;
	o->alone++;
	o->missed += s->missed;
	if (!o->up)
		o->first = o->last = aur_clock_mono();
	o->up = true;
}

void aur_history_put_event(
    struct aur_history *h, size_t host, const struct aur_event *event)
{
	(void)h;
	(void)host;
	(void)event;
}

/* No run before this one has told of a lost host. */
int aur_history_events(struct aur_history *h, size_t host, struct aur_wall from,
    struct aur_wall to, size_t most, aur_feed_event_fn fn, void *arg)
{
	(void)h;
	(void)host;
	(void)from;
	(void)to;
	(void)most;
	(void)fn;
	(void)arg;
	return 0;
}

static bool is_same_span(const struct piece *a, const struct piece *b)
{
	bool frames = a->kind == AUR_BLOCK_FRAMES;

	return frames == (b->kind == AUR_BLOCK_FRAMES) && a->from == b->from &&
	       a->to == b->to &&
	       memcmp(a->boot_id, b->boot_id, sizeof(a->boot_id)) == 0 &&
	       (!frames || strcmp(a->name, b->name) == 0);
}

/* The span that came last is whole, or was cut and is forgotten. */
static void end_span(struct host *o, bool whole)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++) {
		o->piece[i].whole |= whole;
		if (o->piece[i].whole)
			o->piece[n++] = o->piece[i];
	}
	o->n = n;
}

/* makespool gives each second process this word. */
static bool has_secret(struct aur_slice block)
{
	static const char word[] = "--queue";
	struct aur_buf raw;
	bool found = false;

	aur_buf_init(&raw, AUR_MAX_BLOCK_RAW);
	if (aur_block_open_frames(block, &raw) == 0)
		for (size_t i = 0; i + sizeof(word) <= raw.n && !found; i++)
			found = memcmp(aur_buf_peek(&raw).p + i, word,
				    sizeof(word) - 1) == 0;
	aur_buf_release(&raw);
	return found;
}

int aur_history_put_block(
    struct aur_history *h, size_t host, struct aur_slice bytes)
{
	struct host *o = &h->host[host];
	struct piece come, *p = &come;
	struct aur_block b;

	o->bytes += bytes.n;
	o->last = aur_clock_mono();
	o->alone = 0;
	if (aur_block_head(bytes, &b) < 0 || o->n == MOST_BLOCKS) {
		o->damaged++;
		return AUR_EINVALID;
	}
	come = (struct piece){.kind = b.kind, .from = b.from.ns, .to = b.to.ns};
	memcpy(p->boot_id, b.boot_id, sizeof(p->boot_id));
	snprintf(p->name, sizeof(p->name), "%.*s", (int)b.name.n,
	    (const char *)b.name.p);
	for (size_t i = 0; i < o->n; i++)
		if (is_same_span(&o->piece[i], p) &&
		    o->piece[i].kind == p->kind &&
		    strcmp(o->piece[i].name, p->name) == 0) {
			o->twice += strcmp(p->name, "event") != 0;
			return 0;
		}
	if (o->n > 0 && !is_same_span(&o->piece[o->n - 1], p))
		end_span(o, true);
	o->piece[o->n] = come;
	o->secrets += strcmp(p->name, "process") == 0 && has_secret(bytes);
	o->n++;
	return 0;
}

static bool is_of(const struct piece *p, unsigned kind)
{
	return kind == AUR_KEPT_SYSTEM ? p->kind == AUR_BLOCK_TIMES
				       : strcmp(p->name, "process") == 0;
}

/* The block that begins last of those that begin before `to`. */
static const struct piece *newest(
    const struct host *o, unsigned kind, int64_t to)
{
	const struct piece *found = NULL;

	for (size_t i = 0; i < o->n; i++) {
		const struct piece *p = &o->piece[i];

		if (p->whole && is_of(p, kind) && p->from < to &&
		    (found == NULL || p->from > found->from))
			found = p;
	}
	return found;
}

void aur_history_put_end(struct aur_history *h, size_t host, bool whole)
{
	end_span(&h->host[host], whole);
}

size_t aur_history_lacks(struct aur_history *h, size_t host, unsigned kind,
    struct aur_wall from, struct aur_wall to, struct aur_history_span *ret,
    size_t most)
{
	const struct host *o = &h->host[host];
	size_t n = 0;

	while (n < most && to.ns > from.ns) {
		const struct piece *p = newest(o, kind, to.ns);
		int64_t begin = p != NULL && p->to > from.ns ? p->to : from.ns;

		if (begin < to.ns)
			ret[n++] = (struct aur_history_span){{begin}, to};
		to.ns = p != NULL ? p->from : from.ns;
	}
	return n;
}

/* --- the run -------------------------------------------------------------- */

static void on_end(void *arg)
{
	struct aur_history *h = arg;

	aur_loop_stop(h->loop);
}

static void on_tick(void *arg)
{
	struct aur_history *h = arg;
	struct aur_mono now = aur_clock_mono();
	bool quiet = true;

	for (size_t i = 0; i < h->n; i++) {
		struct host *o = &h->host[i];

		if (h->feed->class->host(h->feed, i)->state != AUR_HOST_UP)
			o->alone = 0;
		quiet &= o->up && o->alone >= QUIET_SAMPLES &&
			 aur_mono_since(now, o->last).ns > QUIET_NS;
	}
	if (quiet)
		aur_loop_stop(h->loop);
	else
		aur_timer_start(h->tick, aur_span_ms(100));
}

static int compare(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static void say(struct host *o)
{
	int64_t from = 0, to = 0, kept = 0;

	if (o->n > 0)
		qsort(o->piece, o->n, sizeof(*o->piece), compare);
	for (size_t i = 0; i < o->n; i++) {
		const struct piece *p = &o->piece[i];

		if (p->kind != AUR_BLOCK_TIMES)
			continue;
		from = from == 0 ? p->from : from;
		/* from one second to the next there is no gap */
		kept += p->to - p->from;
		if (to != 0 && p->from > to &&
		    p->from - to <= 2 * AUR_SECOND_NS)
			kept += p->from - to;
		to = p->to > to ? p->to : to;
	}
	printf("%s blocks %zu bytes %llu twice %llu damaged %llu missed %llu "
	       "samples %llu secrets %llu from %lld to %lld kept %lld seconds "
	       "%.3f\n",
	    o->name, o->n, (unsigned long long)o->bytes,
	    (unsigned long long)o->twice, (unsigned long long)o->damaged,
	    (unsigned long long)o->missed, (unsigned long long)o->samples,
	    (unsigned long long)o->secrets, (long long)(from / AUR_SECOND_NS),
	    (long long)(to / AUR_SECOND_NS), (long long)(kept / AUR_SECOND_NS),
	    (double)aur_mono_since(o->last, o->first).ns / 1e9);
}

static int make_feed(struct aur_history *h, char **names, double hours)
{
	const struct aur_fleet_options options = {.once = false};
	struct aur_fleet_host hosts[MOST_HOSTS];
	struct aur_record_options o = aur_record_usual();
	const struct aur_want want = {
	    .domains = AUR_WANT_DOMAIN(LOAD), .interval = {AUR_SECOND_NS / 5}};
	struct aur_feed *fleet;
	int rc;

	for (size_t i = 0; i < h->n; i++) {
		char *at = strchr(names[i], '@');

		if (at != NULL)
			*at = '\0';
		h->host[i].name = at != NULL ? at + 1 : names[i];
		hosts[i] = (struct aur_fleet_host){.name = h->host[i].name,
		    .id = h->host[i].name,
		    .user = at != NULL ? names[i] : NULL,
		    .via = strcmp(names[i], "local") == 0 ? AUR_FLEET_LOCAL
							  : AUR_FLEET_AUTO};
	}
	o.horizon.ns = (int64_t)(hours * 3600.0 * AUR_SECOND_NS);
	rc = aur_fleet_new(&fleet, h->loop, hosts, h->n, &options);
	if (rc < 0)
		return rc;
	rc = aur_record_new(&h->feed, fleet, h, &o);
	for (size_t i = 0; rc == 0 && i < h->n; i++)
		rc = h->feed->class->want(h->feed, i, &want);
	return rc;
}

int main(int argc, char **argv)
{
	struct aur_history h = {0};
	double seconds = 0, hours = 0;
	int rc;

	if (argc < 4 || argc - 3 > MOST_HOSTS ||
	    aur_scan_f64(aur_slice_str(argv[1]), &seconds) < 0 ||
	    aur_scan_f64(aur_slice_str(argv[2]), &hours) < 0)
		return 2;
	h.n = (size_t)argc - 3;
	for (size_t i = 0; i < h.n; i++) {
		h.host[i].piece =
		    aur_mem_new(MOST_BLOCKS, sizeof(*h.host[i].piece));
		if (h.host[i].piece == NULL)
			return 99;
	}
	rc = aur_loop_new(&h.loop);
	if (rc == 0)
		rc = aur_timer_new(h.loop, on_end, &h, &h.end);
	if (rc == 0)
		rc = aur_timer_new(h.loop, on_tick, &h, &h.tick);
	if (rc == 0)
		rc = make_feed(&h, argv + 3, hours);
	if (rc < 0) {
		fprintf(stderr, "fill: %s\n", aur_err_str(rc));
		return 99;
	}
	aur_timer_start(h.end, aur_span_seconds(seconds));
	aur_timer_start(h.tick, aur_span_ms(100));
	rc = aur_loop_run(h.loop);
	for (size_t i = 0; i < h.n; i++)
		say(&h.host[i]);
	h.feed->class->free(h.feed);
	aur_timer_free(h.end);
	aur_timer_free(h.tick);
	aur_loop_free(h.loop);
	for (size_t i = 0; i < h.n; i++)
		aur_mem_free(h.host[i].piece);
	return rc == 0 ? 0 : 1;
}
