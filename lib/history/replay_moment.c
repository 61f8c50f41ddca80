/* SPDX-License-Identifier: MIT */
/* Moments that mattered: what the hosts' events tell, and spikes. */
#include "base/err.h"
#include "history/replay_int.h"

#include <stdio.h>

/* How often more is looked through for spikes, at most. */
#define STRETCHES 64u

/* --- samples -------------------------------------------------------------- */

static int next_sample(
    struct aur__replay *r, struct aur_wall at, int dir, struct aur_wall *ret_at)
{
	bool found = false;
	struct aur_wall best = {0};

	for (size_t i = 0; i < r->n; i++) {
		size_t number = aur__replay_number(r, i);
		struct aur_wall t;

		if (number == SIZE_MAX ||
		    aur_history_step(r->h, number, at, dir, &t) < 0)
			continue;
		if (!found || (dir > 0 ? t.ns < best.ns : t.ns > best.ns))
			best = t;
		found = true;
	}
	if (!found)
		return AUR_EABSENT;
	*ret_at = best;
	return 0;
}

/* --- events --------------------------------------------------------------- */

struct near {
	struct aur__replay *r;
	int dir;
	bool found;
	struct aur_wall at;
	char *why;
	size_t size;
};

static void on_event(void *arg, size_t number, const struct aur_event *event)
{
	struct near *n = arg;
	size_t i = aur__replay_place(n->r, number);

	if (i == SIZE_MAX || (n->found && n->dir > 0))
		return;
	n->found = true;
	n->at = event->when;
	(void)snprintf(n->why, n->size, "%s: %.*s", n->r->host[i].name,
	    (int)(event->kind.n < 64 ? event->kind.n : 64),
	    (const char *)event->kind.p);
	for (char *c = n->why + strlen(n->r->host[i].name); *c != '\0'; c++)
		*c = *c == '_' ? ' ' : *c;
}

/* The nearest event within ever wider stretches. */
static int near_event(struct near *n, struct aur_wall at, struct aur_wall from,
    struct aur_wall to)
{
	int64_t width = 3600 * AUR_SECOND_NS;
	int rc = 0;

	while (rc == 0 && !n->found) {
		struct aur_wall a = {n->dir > 0 ? at.ns + 1 : at.ns - width};
		struct aur_wall b = {n->dir > 0 ? at.ns + width : at.ns};

		rc =
		    aur_history_events(n->r->h, SIZE_MAX, a, b, 0, on_event, n);
		if (a.ns <= from.ns && b.ns >= to.ns)
			break;
		if (n->dir > 0 ? b.ns >= to.ns : a.ns <= from.ns)
			break;
		width *= 8;
	}
	return rc;
}

/* --- spikes --------------------------------------------------------------- */

static void offer(struct near *n, size_t host, const struct aur__spike *spike)
{
	if (spike == NULL ||
	    (n->found && (n->dir > 0 ? spike->at.ns >= n->at.ns
				     : spike->at.ns <= n->at.ns)))
		return;
	n->found = true;
	n->at = spike->at;
	(void)snprintf(n->why, n->size, "%s: %s %.0f %%", n->r->host[host].name,
	    spike->text, spike->mean);
}

/* All hosts in `count` quarters. */
static int look(struct near *n, struct aur__spikes *s, int64_t first,
    int64_t count, struct aur_wall at)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n->r->n; i++) {
		size_t number = aur__replay_number(n->r, i);

		if (number == SIZE_MAX)
			continue;
		rc = aur__spikes_read(s, number, first, (size_t)count);
		if (rc == 0)
			offer(n, i,
			    aur__spikes_near(
				s, number, first, (size_t)count, at, n->dir));
	}
	return rc;
}

/* The nearest one, within ever wider stretches: most are near, and the time of
 * now is dear, as it has no tiers yet. What lies behind a moment that was found
 * is not looked at. */
static int near_spike(struct near *n, struct aur_wall at, struct aur_wall from,
    struct aur_wall to)
{
	int64_t edge = at.ns / AUR__QUARTER_NS, count = 1;
	struct aur__spikes *s = n->r->spikes;
	int rc = 0;

	for (unsigned k = 0; rc == 0 && k < STRETCHES; k++) {
		int64_t first = n->dir < 0 ? edge - count + 1 : edge;
		struct aur_wall next;

		rc = look(n, s, first, count, at);
		edge += n->dir * count;
		/* where what is left begins */
		next.ns = (n->dir < 0 ? edge + 1 : edge) * AUR__QUARTER_NS;
		if (n->dir < 0 ? next.ns <= from.ns : next.ns > to.ns)
			break;
		if (n->found &&
		    (n->dir < 0 ? n->at.ns >= next.ns : n->at.ns <= next.ns))
			break;
		count = count * 2 < AUR__QUARTERS ? count * 2 : AUR__QUARTERS;
	}
	return rc;
}

/* Of all its hosts. */
static bool bounds(
    struct aur__replay *r, struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	*ret_from = (struct aur_wall){INT64_MAX};
	*ret_to = (struct aur_wall){INT64_MIN};
	for (size_t i = 0; i < r->n; i++) {
		size_t number = aur__replay_number(r, i);
		struct aur_wall a, b;

		if (number == SIZE_MAX ||
		    !aur__spikes_bounds(r->spikes, number, &a, &b))
			continue;
		ret_from->ns = a.ns < ret_from->ns ? a.ns : ret_from->ns;
		ret_to->ns = b.ns > ret_to->ns ? b.ns : ret_to->ns;
	}
	return ret_from->ns <= ret_to->ns;
}

int aur__replay_moment(struct aur__replay *r, struct aur_wall at, int dir,
    enum aur_moment what, struct aur_wall *ret_at, char *why, size_t size)
{
	struct near n = {.r = r, .dir = dir, .why = why, .size = size};
	struct aur_wall from, to;
	int rc = 0;

	if (size > 0)
		why[0] = '\0';
	if (what == AUR_MOMENT_SAMPLE)
		return next_sample(r, at, dir, ret_at);
	aur__read_begin(r->h);
	if (bounds(r, &from, &to))
		rc = near_event(&n, at, from, to);
	if (rc == 0 && from.ns <= to.ns)
		rc = near_spike(&n, at, from, to);
	aur__spikes_rest(r->spikes);
	aur__read_end(r->h);
	if (rc < 0)
		return rc;
	if (!n.found)
		return AUR_EABSENT;
	*ret_at = n.at;
	return 0;
}
