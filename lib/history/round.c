/* SPDX-License-Identifier: MIT */
/*
 * A host is asked for what it kept in rounds, from the newest stretch that is
 * lacking to the oldest:
 *
 *	          begin              next
 *	 (rests) ───────▶ (waits) ─────────▶ (asks)
 *	   ▲                 │ ▲                │
 *	   │      rest       │ │ answered,      │
 *	   ├─────────────────┘ │ later          │
 *	   │                   └────────────────┤
 *	   └────────────────────────────────────┘
 *
 * It rests when nothing is lacking, the link ended, the host keeps nothing, or
 * the store was busy too often.
 *
 * A stretch is short at first, so that little is asked for twice when the
 * store's queue is full, and grows while nothing comes: a host that was off
 * for a day is a few questions. What no host kept stays lacking for ever; so
 * within a round each time is asked for once.
 *
 * Of the time between two events nothing can be said, so it is no lack: they
 * are asked for wherever the system's samples lack, and before these, so that
 * whatever is cut or killed in between asks for them again.
 */
#include "history/round_int.h"

#include "base/clock.h"
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

static const struct {
	unsigned kind;
	int64_t least_ns;
} lanes[AUR__LANES] = {
    [AUR__SYSTEM] = {AUR_KEPT_SYSTEM, LEAST_SYSTEM_NS},
    [AUR__PROCESSES] = {AUR_KEPT_PROCESSES, LEAST_PROCESSES_NS},
};

void aur__round_begin(
    struct aur__round *r, struct aur_wall from, struct aur_wall to)
{
	r->from = from;
	for (int i = 0; i < AUR__LANES; i++)
		r->below[i] = to;
	r->span_ns = FIRST_NS;
	r->retries = 0;
	r->not_before = (struct aur_mono){0};
	r->outlived = r->state == AUR__ASKS;
	r->events = (struct aur_history_span){0};
	if (r->state == AUR__RESTS)
		r->state = AUR__WAITS;
}

static struct aur_wall less(struct aur_wall t, struct aur_span s)
{
	return (struct aur_wall){t.ns - s.ns};
}

/* The end of the last hour that a host has finished by `now`. */
static struct aur_wall last_hour(
    const struct aur__round *r, struct aur_wall now)
{
	struct aur_wall t = less(now, r->o->settled);

	t.ns -= t.ns % HOUR_NS;
	return t;
}

/* The next one is due when another hour has been finished, or sooner. */
void aur__round_whole(struct aur__round *r, struct aur_wall now, bool settled)
{
	const struct aur_record_options *o = r->o;
	struct aur_wall hour = last_hour(r, now);
	struct aur_span next = {hour.ns + HOUR_NS + o->settled.ns - now.ns};

	r->again = false;
	r->due = aur_mono_add(
	    aur_clock_mono(), next.ns < o->every.ns ? next : o->every);
	aur__round_begin(r, less(now, o->horizon), settled ? hour : now);
}

void aur__round_rest(struct aur__round *r)
{
	r->state = AUR__RESTS;
}

bool aur__round_is_ready(const struct aur__round *r, struct aur_mono now)
{
	return r->state == AUR__WAITS &&
	       aur_mono_since(now, r->not_before).ns >= 0;
}

/* The newest stretch of a lane that is lacking and was not asked for. */
static bool find_lack(struct aur__round *r, struct aur_history *h,
    size_t number, int lane, struct aur_history_span *ret_span)
{
	struct aur_history_span found[8];
	size_t n;

	while (r->below[lane].ns > r->from.ns) {
		n = aur_history_lacks(h, number, lanes[lane].kind, r->from,
		    r->below[lane], found, AUR_ARRAY_LEN(found));
		for (size_t i = 0; i < n; i++)
			if (found[i].to.ns - found[i].from.ns >=
			    lanes[lane].least_ns) {
				*ret_span = found[i];
				return true;
			}
		/* all of them too short: what is before them */
		if (n < AUR_ARRAY_LEN(found) ||
		    found[n - 1].from.ns >= r->below[lane].ns)
			break;
		r->below[lane] = found[n - 1].from;
	}
	r->below[lane] = r->from;
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
static bool choose(struct aur__round *r, struct aur_history *h, size_t number,
    struct aur_backfill *ret_ask)
{
	struct aur_history_span s[AUR__LANES];
	struct aur_backfill a = {0};
	int64_t newest = 0;

	for (int i = 0; i < AUR__LANES; i++) {
		if (!find_lack(r, h, number, i, &s[i]))
			s[i] = (struct aur_history_span){0};
		newest = s[i].to.ns > newest ? s[i].to.ns : newest;
	}
	a.to.ns = newest;
	a.from.ns = newest - r->span_ns;
	for (int i = 0; i < AUR__LANES && newest != 0; i++) {
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

bool aur__round_next(struct aur__round *r, struct aur_history *h, size_t number,
    struct aur_backfill *ret_ask)
{
	if (!choose(r, h, number, &r->ask))
		return false;
	if ((r->ask.kinds & AUR_KEPT_SYSTEM) != 0 &&
	    (r->ask.from.ns < r->events.from.ns ||
		r->ask.to.ns > r->events.to.ns))
		r->ask.kinds = AUR_KEPT_EVENTS;
	r->state = AUR__ASKS;
	r->blocks = r->refused = 0;
	r->bytes = 0;
	for (int i = 0; i < AUR__LANES; i++)
		r->oldest[i] = r->ask.from;
	r->outlived = false;
	*ret_ask = r->ask;
	ret_ask->from.ns += EDGE_NS;
	return true;
}

/* It may reach back beyond what was asked for: that need not be asked for. */
static void look_at(struct aur__round *r, struct aur_slice bytes)
{
	struct aur_block b;
	int lane = AUR__PROCESSES;

	if (aur_block_head(bytes, &b) < 0)
		return;
	if (b.kind != AUR_BLOCK_FRAMES)
		lane = AUR__SYSTEM;
	else if (!aur_slice_is(b.name, "process"))
		return;
	if (b.from.ns < r->oldest[lane].ns)
		r->oldest[lane] = b.from;
}

bool aur__round_takes(struct aur__round *r, struct aur_slice block)
{
	look_at(r, block);
	r->blocks++;
	r->bytes += block.n;
	return r->bytes <= MOST_BYTES;
}

void aur__round_answered(struct aur__round *r)
{
	r->state = AUR__WAITS;
	if (r->outlived)
		return;
	if (r->ask.kinds == AUR_KEPT_EVENTS) {
		r->events = (struct aur_history_span){r->ask.from, r->ask.to};
		return;
	}
	for (int i = 0; i < AUR__LANES; i++)
		if ((r->ask.kinds & lanes[i].kind) != 0)
			r->below[i] = r->oldest[i];
	r->retries = 0;
	r->span_ns = r->blocks == 0 ? 2 * r->span_ns : FIRST_NS;
}

bool aur__round_later(struct aur__round *r)
{
	if (++r->retries > RETRIES)
		return false;
	r->state = AUR__WAITS;
	r->not_before = aur_mono_add(aur_clock_mono(), r->o->retry);
	return true;
}
