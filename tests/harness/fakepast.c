/* SPDX-License-Identifier: MIT */
#include "tests/harness/fakepast.h"

#include "base/err.h"

#include <math.h>
#include <stdlib.h>

/* So that counters of the past are above 0. */
#define EARLIER (2 * FAKEPAST_DAY)

static struct fakepast *of(struct aur_feed *feed)
{
	return (struct fakepast *)(void *)feed;
}

static int64_t floor_of(int64_t ns)
{
	int64_t q = ns / AUR_SECOND_NS;

	return q - (ns % AUR_SECOND_NS < 0);
}

static int64_t second_of(const struct fakepast *p, struct aur_wall at)
{
	return floor_of(at.ns) - p->start;
}

static struct aur_wall wall_of(const struct fakepast *p, int64_t t)
{
	return (struct aur_wall){(p->start + t) * AUR_SECOND_NS};
}

unsigned fakepast_cpu(size_t host, int64_t t)
{
	int64_t in_hour = (t + 10ll * FAKEPAST_DAY) % 3600;

	return in_hour < 60 ? 90 : 10 + (unsigned)host * 7 % 50;
}

static bool is_kept(const struct fakepast *p, int64_t t)
{
	return t >= -FAKEPAST_DAY && t <= p->to &&
	       !(t >= p->gap_from && t < p->gap_to);
}

static void push(struct fakepast *p, int64_t t)
{
	p->f.seconds = t + EARLIER;
	for (size_t i = 0; i < p->f.n; i++) {
		if (p->f.n > 1) {
			fakefeed_row(&p->f, i, fakepast_cpu(i, t),
			    (unsigned)(20 + i % 60), 0);
			continue;
		}
		p->f.seconds = t - 1 + EARLIER;
		fakefeed_machine(&p->f, 2, 0);
	}
}

static void clear_table(struct aur_sample *s)
{
	if (s != NULL && aur_sample_get(s, AUR_DOMAIN_PROCESS) != NULL)
		aur_part_clear(
		    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS)));
}

static void clear_tables(struct fakepast *p)
{
	for (size_t i = 0; i < p->f.n; i++) {
		clear_table(fakefeed_host(&p->f, i)->before);
		clear_table(fakefeed_host(&p->f, i)->now);
	}
}

static void forget(struct fakepast *p)
{
	for (size_t i = 0; i < p->f.n; i++) {
		struct aur_feed_host *h = fakefeed_host(&p->f, i);

		aur_sample_unref(h->now);
		aur_sample_unref(h->before);
		h->now = h->before = NULL;
		h->state = AUR_HOST_UNREACHABLE;
		h->error = "nothing was kept of this moment";
	}
}

static int seek(struct aur_feed *feed, struct aur_wall at)
{
	struct fakepast *p = of(feed);
	int64_t t = second_of(p, at);

	p->seeks++;
	if (t < -FAKEPAST_DAY || t > p->to + 60) {
		forget(p); /* it goes there all the same */
		p->at = at;
		return AUR_EABSENT;
	}
	if (t > p->to)
		t = p->to;
	if (p->f.host.now != NULL && second_of(p, p->at) == t) {
		p->at = at; /* without memory it goes there as well */
		return 0;
	}
	forget(p);
	p->at = at;
	if (!is_kept(p, t))
		return 0;
	push(p, t - 1);
	push(p, t);
	if (p->no_tables)
		clear_tables(p);
	for (size_t i = 0; i < p->f.n; i++)
		fakefeed_host(&p->f, i)->error = NULL;
	return 0;
}

static struct aur_wall at(const struct aur_feed *feed)
{
	return ((const struct fakepast *)(const void *)feed)->at;
}

static bool bounds(struct aur_feed *feed, size_t i, struct aur_wall *ret_from,
    struct aur_wall *ret_to)
{
	(void)i;
	of(feed)->bounds++;
	*ret_from = wall_of(of(feed), -FAKEPAST_DAY);
	*ret_to = wall_of(of(feed), of(feed)->to);
	return true;
}

static int next_sample(
    struct fakepast *p, int64_t t, int dir, struct aur_wall *ret_at)
{
	for (t += dir; t >= -FAKEPAST_DAY && t <= p->to; t += dir)
		if (is_kept(p, t)) {
			*ret_at = wall_of(p, t);
			return 0;
		}
	if (dir < 0 && t > p->to) {
		*ret_at = wall_of(p, p->to);
		return 0;
	}
	return AUR_EABSENT;
}

static int next_event(struct fakepast *p, int64_t t, int dir,
    struct aur_wall *ret_at, char *why, size_t size)
{
	const struct fakepast_event *best = NULL;

	for (size_t i = 0; i < p->nevent; i++) {
		const struct fakepast_event *e = &p->event[i];

		if ((e->t - t) * dir <= 0)
			continue;
		if (best == NULL || (best->t - e->t) * dir > 0)
			best = e;
	}
	if (best == NULL)
		return AUR_EABSENT;
	*ret_at = wall_of(p, best->t);
	snprintf(why, size, "%s: %s %s", fakefeed_host(&p->f, best->host)->name,
	    best->kind, best->value);
	return 0;
}

static int moment(struct aur_feed *feed, struct aur_wall from, int dir,
    enum aur_moment what, struct aur_wall *ret_at, char *why, size_t size)
{
	int64_t t = second_of(of(feed), from);

	if (what == AUR_MOMENT_EVENT)
		return next_event(of(feed), t, dir, ret_at, why, size);
	if (t > of(feed)->to && dir < 0)
		t = of(feed)->to + 1;
	return next_sample(of(feed), t, dir, ret_at);
}

static double value_of(const struct aur_metric *m, size_t i, int64_t t)
{
	switch (m->figure) {
	case AUR_FIG_cpu_busy_percent:
		return fakepast_cpu(i, t);
	case AUR_FIG_load_one:
		return 1.2;
	default:
		return 50;
	}
}

static int points(struct aur_feed *feed, size_t i, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, struct aur_point *points,
    size_t n)
{
	struct fakepast *p = of(feed);
	int64_t step = (to.ns - from.ns) / (int64_t)n;

	p->points++;
	p->most = n > p->most ? n : p->most;
	for (size_t k = 0; k < n; k++) {
		int64_t t = floor_of(from.ns + (int64_t)k * step) - p->start;
		float v = (float)value_of(m, i, t);

		points[k] = is_kept(p, t)
				? (struct aur_point){v, v, v, 1}
				: (struct aur_point){NAN, NAN, NAN, 0};
	}
	return 0;
}

static int events(struct aur_feed *feed, size_t host, struct aur_wall from,
    struct aur_wall to, size_t most, aur_feed_event_fn fn, void *arg)
{
	struct fakepast *p = of(feed);

	(void)most;
	p->looked++;
	for (size_t i = 0; i < p->nevent; i++) {
		const struct fakepast_event *x = &p->event[i];
		struct aur_event e = {.number = i + 1,
		    .when = wall_of(p, x->t),
		    .kind = aur_slice_str(x->kind),
		    .npair = 1,
		    .pair = {{aur_slice_str(x->key), aur_slice_str(x->value)}}};

		if (e.when.ns >= from.ns && e.when.ns < to.ns &&
		    (host == SIZE_MAX || host == x->host))
			fn(arg, x->host, &e);
	}
	return 0;
}

/* One each five seconds. The hosts show what they did. */
static int tables(struct aur_feed *feed, size_t i, size_t most,
    aur_feed_table_fn fn, void *arg)
{
	struct fakepast *p = of(feed);
	struct aur_feed_host *shown = calloc(p->f.n, sizeof(*shown));
	int64_t at = second_of(p, p->at), t = at - at % 5;

	p->tables++;
	for (size_t k = 0; shown != NULL && k < p->f.n; k++) {
		struct aur_feed_host *h = fakefeed_host(&p->f, k);

		shown[k] = *h;
		h->now = h->before = NULL;
	}
	for (t -= ((int64_t)most - 1) * 5; shown != NULL && t <= at; t += 5)
		if (is_kept(p, t)) {
			const struct aur_feed_host *h;

			forget(p);
			push(p, t - 5);
			push(p, t);
			h = fakefeed_host(&p->f, i);
			fn(arg, h->before, h->now);
		}
	forget(p);
	for (size_t k = 0; shown != NULL && k < p->f.n; k++)
		*fakefeed_host(&p->f, k) = shown[k];
	free(shown);
	return 0;
}

static const struct aur_feed_past past = {
    .seek = seek,
    .at = at,
    .bounds = bounds,
    .moment = moment,
    .points = points,
    .events = events,
    .tables = tables,
};

void fakepast_init(struct fakepast *p, size_t hosts)
{
	memset(p, 0, sizeof(*p));
	if (hosts > 1)
		fakefeed_init_hosts(&p->f, hosts);
	else
		fakefeed_init(&p->f);
	p->f.feed.past = &past;
	p->f.earlier = EARLIER;
	p->start = FAKEPAST_START;
}

void fakepast_begin(struct fakepast *p, struct fakefeed *live, int64_t start)
{
	p->start = start;
	live->earlier = FAKEPAST_START - start;
	p->f.earlier = live->earlier + EARLIER;
}

void fakepast_release(struct fakepast *p)
{
	fakefeed_release(&p->f);
}

void fakepast_event(struct fakepast *p, size_t host, int64_t t,
    const char *kind, const char *key, const char *value)
{
	if (p->nevent < FAKEPAST_EVENTS)
		p->event[p->nevent++] =
		    (struct fakepast_event){host, t, kind, key, value};
}
