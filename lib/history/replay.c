/* SPDX-License-Identifier: MIT */
/*
 * A feed of the past: hosts as they were at a moment, by the same struct as a
 * live one, so that whoever draws it cannot tell. Nothing moves by itself: a
 * seek, or another want, reads anew.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/replay_int.h"

#include <math.h>

static struct aur__replay *of(struct aur_feed *f)
{
	return (struct aur__replay *)(void *)f;
}

static const struct aur__replay *of_const(const struct aur_feed *f)
{
	return (const struct aur__replay *)(const void *)f;
}

static size_t count(const struct aur_feed *f)
{
	return of_const(f)->n;
}

static const struct aur_feed_host *host(const struct aur_feed *f, size_t i)
{
	return &of_const(f)->host[i].feed;
}

static void listen(struct aur_feed *f, aur_feed_listen_fn fn, void *arg)
{
	of(f)->fn = fn;
	of(f)->arg = arg;
}

/* The number of a host in the store; SIZE_MAX: it never was recorded. */
static size_t number_of(struct aur__replay *r, size_t i)
{
	struct aur__replay_host *host = &r->host[i];

	/* readers learn of hosts that were recorded since */
	if (host->number == SIZE_MAX)
		aur__scan(r->h, false);
	for (size_t k = 0; host->number == SIZE_MAX && k < r->h->nhost; k++)
		if (strcmp(r->h->host[k].ident, host->id) == 0)
			host->number = k;
	return host->number;
}

size_t aur__replay_number(struct aur__replay *r, size_t i)
{
	return number_of(r, i);
}

size_t aur__replay_place(struct aur__replay *r, size_t number)
{
	for (size_t i = 0; i < r->n; i++)
		if (number_of(r, i) == number)
			return i;
	return SIZE_MAX;
}

/* An agent tells that it has begun before it has taken its first sample; what
 * begins this soon behind a moment is shown of it. */
#define BEGINS_NS (5 * AUR_SECOND_NS)

static int read_at(struct aur__replay *r, size_t number,
    const struct aur_want *want, struct aur_sample **ret_before,
    struct aur_sample **ret_now)
{
	struct aur_wall first;
	int rc = aur_history_at(r->h, number, r->at, want, ret_before, ret_now);

	if (rc == AUR_EABSENT &&
	    aur_history_step(r->h, number, r->at, 1, &first) == 0 &&
	    first.ns - r->at.ns <= BEGINS_NS)
		rc = aur_history_at(
		    r->h, number, first, want, ret_before, ret_now);
	return rc;
}

/* Shows host `i` as it was. 0; AUR_EABSENT, and it says so; AUR_ENOMEM, ... */
static int show(struct aur__replay *r, size_t i)
{
	struct aur__replay_host *host = &r->host[i];
	struct aur_sample *before = NULL, *now = NULL;
	size_t number = number_of(r, i);
	int rc = AUR_EABSENT;

	if (number != SIZE_MAX)
		rc = read_at(r, number, &host->want, &before, &now);
	if (rc < 0 && rc != AUR_EABSENT && rc != AUR_EIO)
		return rc;
	aur_sample_unref(host->feed.before);
	aur_sample_unref(host->feed.now);
	host->feed.before = before;
	host->feed.now = now;
	host->feed.state = rc == 0 ? AUR_HOST_UP : AUR_HOST_UNREACHABLE;
	host->feed.error = rc == 0	   ? NULL
			   : rc == AUR_EIO ? "what was kept of this moment "
					     "cannot be read"
					   : "nothing was kept of this moment";
	host->feed.received = aur_clock_mono();
	if (now != NULL && now->wall.ns < r->at.ns)
		host->feed.received.ns -= r->at.ns - now->wall.ns;
	return rc;
}

static void tell(struct aur__replay *r, size_t i)
{
	if (r->fn != NULL)
		r->fn(r->arg, i, AUR_FEED_STATE | AUR_FEED_SAMPLE);
}

static int want(struct aur_feed *f, size_t i, const struct aur_want *want)
{
	struct aur__replay *r = of(f);
	int rc;

	r->host[i].want = *want;
	if (r->at.ns == 0)
		return 0;
	rc = show(r, i);
	if (rc == AUR_ENOMEM)
		return rc;
	tell(r, i);
	return 0;
}

static void act(struct aur_feed *f, size_t i, const struct aur_act *act,
    aur_feed_reply_fn done, void *arg)
{
	static const char text[] = "this is the past: nothing acts on it";
	struct aur_act_reply reply = {
	    .err = AUR_EDENIED, .text = aur_slice_str(text)};

	(void)f;
	(void)i;
	(void)act;
	done(arg, &reply);
}

static void retry(struct aur_feed *f, size_t i)
{
	struct aur__replay *r = of(f);

	if (r->at.ns == 0)
		return;
	(void)!show(r, i);
	tell(r, i);
}

static void free_feed(struct aur_feed *f)
{
	struct aur__replay *r = of(f);

	for (size_t i = 0; i < r->n; i++) {
		struct aur__replay_host *host = &r->host[i];

		aur_sample_unref(host->feed.now);
		aur_sample_unref(host->feed.before);
		for (size_t k = 0; k < host->feed.ngroup; k++)
			aur_mem_free(host->groups[k]);
		aur_mem_free(host->groups);
		aur_mem_free(host->id);
		aur_mem_free(host->name);
		aur_mem_free(host->address);
	}
	aur__spikes_free(r->spikes);
	aur_mem_free(r->host);
	aur_mem_free(r);
}

/* --- the past ------------------------------------------------------------- */

static int seek(struct aur_feed *f, struct aur_wall at)
{
	struct aur__replay *r = of(f);
	int found = AUR_EABSENT;

	r->at = at;
	for (size_t i = 0; i < r->n; i++) {
		int rc = show(r, i);

		if (rc == AUR_ENOMEM)
			return rc;
		if (rc == 0)
			found = 0;
	}
	for (size_t i = 0; i < r->n; i++)
		tell(r, i);
	return found;
}

static struct aur_wall at(const struct aur_feed *f)
{
	return of_const(f)->at;
}

static bool bounds(struct aur_feed *f, size_t i, struct aur_wall *ret_from,
    struct aur_wall *ret_to)
{
	struct aur__replay *r = of(f);
	struct aur_wall from = {INT64_MAX}, to = {INT64_MIN};

	for (size_t k = 0; k < r->n; k++) {
		struct aur_wall a, b;
		size_t number = number_of(r, k);

		if ((i != SIZE_MAX && k != i) || number == SIZE_MAX ||
		    !aur_history_bounds(r->h, number, &a, &b))
			continue;
		from = a.ns < from.ns ? a : from;
		to = b.ns > to.ns ? b : to;
	}
	if (from.ns > to.ns)
		return false;
	*ret_from = from;
	*ret_to = to;
	return true;
}

static int points(struct aur_feed *f, size_t i, const struct aur_metric *metric,
    struct aur_wall from, struct aur_wall to, struct aur_point *points,
    size_t n)
{
	size_t number = number_of(of(f), i);

	if (number == SIZE_MAX) {
		for (size_t k = 0; k < n; k++)
			points[k] = (struct aur_point){NAN, NAN, NAN, 0};
		return 0;
	}
	return aur_history_points(
	    of(f)->h, number, metric, from, to, points, n);
}

struct pass {
	struct aur__replay *r;
	aur_feed_event_fn fn;
	void *arg;
};

static void pass_on(void *arg, size_t number, const struct aur_event *event)
{
	struct pass *p = arg;
	size_t i = aur__replay_place(p->r, number);

	if (i != SIZE_MAX)
		p->fn(p->arg, i, event);
}

static int events(struct aur_feed *f, size_t i, struct aur_wall from,
    struct aur_wall to, size_t most, aur_feed_event_fn fn, void *arg)
{
	struct pass p = {of(f), fn, arg};
	size_t number = i == SIZE_MAX ? SIZE_MAX : number_of(of(f), i);

	if (i != SIZE_MAX && number == SIZE_MAX)
		return 0;
	return aur_history_events(p.r->h, number, from, to, most, pass_on, &p);
}

static int tables(
    struct aur_feed *f, size_t i, size_t most, aur_feed_table_fn fn, void *arg)
{
	struct aur__replay *r = of(f);
	const struct aur_sample *now = r->host[i].feed.now;
	size_t number = number_of(r, i);

	if (number == SIZE_MAX || now == NULL)
		return 0;
	return aur_history_tables(r->h, number, now->wall, most, fn, arg);
}

static int moment(struct aur_feed *f, struct aur_wall at, int dir,
    enum aur_moment what, struct aur_wall *ret_at, char *why, size_t size)
{
	return aur__replay_moment(of(f), at, dir, what, ret_at, why, size);
}

static const struct aur_feed_class class = {
    .count = count,
    .host = host,
    .listen = listen,
    .want = want,
    .act = act,
    .retry = retry,
    .free = free_feed,
};

static const struct aur_feed_past past = {
    .seek = seek,
    .at = at,
    .bounds = bounds,
    .moment = moment,
    .points = points,
    .events = events,
    .tables = tables,
};

static int copy_host(
    struct aur__replay_host *to, const struct aur_replay_host *from)
{
	const char *address =
	    from->address != NULL ? from->address : from->name;

	to->number = SIZE_MAX;
	to->want.domains = aur_want_system();
	to->id = aur_mem_dup(from->id, strlen(from->id));
	to->name = aur_mem_dup(from->name, strlen(from->name));
	to->address = aur_mem_dup(address, strlen(address));
	to->groups = aur_mem_new(from->ngroup + 1, sizeof(*to->groups));
	if (to->id == NULL || to->name == NULL || to->address == NULL ||
	    to->groups == NULL)
		return AUR_ENOMEM;
	to->feed = (struct aur_feed_host){
	    /* live, this machine has none */
	    .id = strcmp(to->id, "local") == 0 ? "" : to->id,
	    .name = to->name,
	    .address = to->address,
	    .groups = (const char *const *)to->groups,
	    .via = "",
	    .mode = "",
	    .recording = true,
	    .state = AUR_HOST_CONNECTING,
	    .rtt = {-1},
	};
	for (size_t k = 0; k < from->ngroup; k++) {
		to->groups[k] =
		    aur_mem_dup(from->groups[k], strlen(from->groups[k]));
		if (to->groups[k] == NULL)
			return AUR_ENOMEM;
		to->feed.ngroup++;
	}
	return 0;
}

int aur_replay_new(struct aur_feed **ret_feed, struct aur_history *h,
    const struct aur_replay_host *hosts, size_t n)
{
	struct aur__replay *r = aur_mem_new(1, sizeof(*r));
	int rc;

	if (r == NULL)
		return AUR_ENOMEM;
	r->feed.class = &class;
	r->feed.past = &past;
	r->h = h;
	r->host = aur_mem_new(n + 1, sizeof(*r->host));
	rc = r->host == NULL ? AUR_ENOMEM : aur__spikes_new(&r->spikes, h);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		r->n++;
		rc = copy_host(&r->host[i], &hosts[i]);
	}
	if (rc < 0) {
		free_feed(&r->feed);
		return rc;
	}
	*ret_feed = &r->feed;
	return 0;
}
