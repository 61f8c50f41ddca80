/* SPDX-License-Identifier: MIT */
/*
 * Moments that mattered: what the hosts' events tell, and spikes: a minute in
 * which a host's CPU, memory or pressure is above what people worry about and
 * was not in the minute before.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/replay_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTE_NS (60 * AUR_SECOND_NS)
/* What is looked through at once, and at most, for spikes. */
#define LEAST 15
#define STRETCH 360
#define STRETCHES 64u
#define WORRY 90.0f

/* --- samples -----------------------------------------------------------------
 */

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

/* --- events ------------------------------------------------------------------
 */

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

/* --- spikes ------------------------------------------------------------------
 */

static const struct spike {
	struct aur_metric metric;
	const char *text;
} spikes[] = {
    {{AUR_GROUP_CPU, AUR_FIG_cpu_busy_percent, ""}, "CPU"},
    {{AUR_GROUP_MEMORY, AUR_FIG_memory_used_percent, ""}, "memory"},
    {{AUR_GROUP_PRESSURE, AUR_FIG_pressure_cpu_some_percent, ""},
	"CPU pressure"},
    {{AUR_GROUP_PRESSURE, AUR_FIG_pressure_memory_full_percent, ""},
	"memory pressure"},
    {{AUR_GROUP_PRESSURE, AUR_FIG_pressure_io_full_percent, ""},
	"I/O pressure"},
};

static bool rises(const struct aur_point *p, size_t i)
{
	return p[i].n > 0 && p[i].mean > WORRY && p[i - 1].n > 0 &&
	       !(p[i - 1].mean > WORRY);
}

/* Looks through `count` minutes from `from` on. */
static int look(struct near *n, size_t host, const struct spike *spike,
    struct aur_wall from, size_t count, struct aur_wall at,
    struct aur_point *points)
{
	struct aur_wall to = {from.ns + (int64_t)count * MINUTE_NS};
	size_t number = aur__replay_number(n->r, host);
	int rc;

	if (number == SIZE_MAX)
		return 0;
	rc = aur_history_points(
	    n->r->h, number, &spike->metric, from, to, points, count);
	for (size_t i = 1; rc == 0 && i < count; i++) {
		struct aur_wall t = {from.ns + (int64_t)i * MINUTE_NS};

		if (!rises(points, i) ||
		    (n->dir > 0 ? t.ns <= at.ns : t.ns >= at.ns) ||
		    (n->found &&
			(n->dir > 0 ? t.ns >= n->at.ns : t.ns <= n->at.ns)))
			continue;
		n->found = true;
		n->at = t;
		(void)snprintf(n->why, n->size, "%s: %s %.0f %%",
		    n->r->host[host].name, spike->text, (double)points[i].mean);
	}
	return rc;
}

/* All of a stretch. */
static int look_all(struct near *n, struct aur_wall from, size_t count,
    struct aur_wall at, struct aur_point *points)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n->r->n; i++)
		for (size_t s = 0; rc == 0 && s < AUR_ARRAY_LEN(spikes); s++)
			rc = look(n, i, &spikes[s], from, count, at, points);
	return rc;
}

/* The nearest one, within ever wider stretches: most are near, and the time of
 * now is dear, as it has no tiers yet. What lies behind a moment that was found
 * is not looked at. */
static int near_spike(struct near *n, struct aur_wall at, struct aur_wall from,
    struct aur_wall to)
{
	struct aur_point *points = aur_mem_new(STRETCH, sizeof(*points));
	int64_t edge = at.ns - at.ns % MINUTE_NS, count = LEAST;
	int rc = points == NULL ? AUR_ENOMEM : 0;

	edge += n->dir < 0 ? MINUTE_NS : -MINUTE_NS;
	for (unsigned k = 0; rc == 0 && k < STRETCHES; k++) {
		int64_t left = n->found ? llabs(n->at.ns - edge) : INT64_MAX;
		struct aur_wall begin;

		if (left / MINUTE_NS + 2 < count)
			count = left / MINUTE_NS + 2;
		begin.ns = n->dir < 0 ? edge - count * MINUTE_NS : edge;
		rc = look_all(n, begin, (size_t)count, at, points);
		/* a minute twice: whether it rose, the one before it tells */
		edge += n->dir * (count - 1) * MINUTE_NS;
		if (n->dir < 0 ? edge < from.ns : edge > to.ns)
			break;
		if (n->found &&
		    (n->dir < 0 ? n->at.ns >= edge : n->at.ns <= edge))
			break;
		count = count * 2 < (int64_t)STRETCH ? count * 2 : STRETCH;
	}
	aur_mem_free(points);
	return rc;
}

int aur__replay_moment(struct aur__replay *r, struct aur_wall at, int dir,
    enum aur_moment what, struct aur_wall *ret_at, char *why, size_t size)
{
	struct near n = {.r = r, .dir = dir, .why = why, .size = size};
	struct aur_wall from, to;
	int rc;

	if (size > 0)
		why[0] = '\0';
	if (what == AUR_MOMENT_SAMPLE)
		return next_sample(r, at, dir, ret_at);
	if (!aur_history_bounds(r->h, SIZE_MAX, &from, &to))
		return AUR_EABSENT;
	rc = near_event(&n, at, from, to);
	if (rc == 0)
		rc = near_spike(&n, at, from, to);
	if (rc < 0)
		return rc;
	if (!n.found)
		return AUR_EABSENT;
	*ret_at = n.at;
	return 0;
}
