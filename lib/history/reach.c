/* SPDX-License-Identifier: MIT */
#include "history/reach_int.h"

#include <stdio.h>
#include <string.h>

/* How far back a loss is looked for, and through how many events. */
#define BEFORE_NS (14 * 86400 * AUR_SECOND_NS)
#define BEFORE_MOST 200u

static struct aur_span asleep(void)
{
	return aur_mono_since(aur_clock_boot(), aur_clock_mono());
}

/* What was not our own sleep since the last sample. */
static bool slept(const struct aur__reach *r)
{
	return asleep().ns - r->asleep.ns > AUR_SECOND_NS;
}

/* Of "what failed: what to do; reconnecting in 2 s" what lasts. */
static void take_cause(struct aur__reach *r, const char *error)
{
	const char *next = error;
	size_t n = strlen(error);

	while ((next = strstr(next, "; ")) != NULL) {
		if (strstr(next + 2, "; ") == NULL &&
		    strstr(next, " in ") != NULL)
			n = (size_t)(next - error);
		next += 2;
	}
	if (n >= sizeof(r->cause)) { /* not amidst a character */
		n = sizeof(r->cause) - 1;
		while (n > 0 && ((unsigned char)error[n] & 0xc0) == 0x80)
			n--;
	}
	if (n > 0)
		memcpy(r->cause, error, n);
	r->cause[n] = '\0';
}

static void add(struct aur_event *e, const char *key, const char *value)
{
	if (value[0] == '\0')
		return;
	e->pair[e->npair++] =
	    (struct aur_event_pair){aur_slice_str(key), aur_slice_str(value)};
}

/* By the host's clock, as all that is kept of it. */
static void begin(struct aur__reach *r, const char *kind)
{
	struct aur_event *e = &r->event;

	*e = (struct aur_event){.kind = aur_slice_str(kind),
	    .when = aur_wall_add(aur_clock_wall(), r->offset)};
	memcpy(e->boot_id, AUR_EVENT_CLIENT, sizeof(e->boot_id));
	e->number = (uint64_t)e->when.ns;
	r->told = true;
}

static void set_seconds(struct aur__reach *r, double seconds)
{
	snprintf(r->seconds, sizeof(r->seconds), "%.0f", seconds);
}

/* A link that ended waits as "stale" at first. */
static bool is_lost(const struct aur__reach *r, const struct aur_feed_host *f)
{
	switch (f->state) {
	case AUR_HOST_UP:
	case AUR_HOST_CONNECTING:
		return false;
	case AUR_HOST_STALE:
		return f->restarts != r->restarts;
	case AUR_HOST_AUTH_FAILED:
	case AUR_HOST_KEY_UNKNOWN:
	case AUR_HOST_KEY_CHANGED:
	case AUR_HOST_UNREACHABLE:
	case AUR_HOST_NO_AGENT:
		break;
	}
	return true;
}

static bool on_sample(struct aur__reach *r, const struct aur_feed_host *f)
{
	bool back = r->lost;
	struct aur_mono now = aur_clock_mono();

	if (back) {
		begin(r, "link_gap");
		set_seconds(
		    r, aur_span_in_seconds(aur_mono_since(now, r->seen)));
		add(&r->event, "seconds", r->seconds);
		add(&r->event, "cause", r->cause);
	}
	r->up = true;
	r->lost = false;
	r->restarts = f->restarts;
	r->seen = now;
	r->asleep = asleep();
	if (f->rtt.ns >= 0)
		r->offset = f->clock_offset;
	return back;
}

bool aur__reach_change(
    struct aur__reach *r, const struct aur_feed_host *f, unsigned changes)
{
	if ((changes & AUR_FEED_SAMPLE) != 0 && f->state == AUR_HOST_UP)
		return on_sample(r, f);
	if ((changes & AUR_FEED_STATE) == 0 || !r->up || r->lost ||
	    !is_lost(r, f))
		return false;
	if (slept(r)) { /* the next failure counts, from now on */
		r->restarts = f->restarts;
		r->seen = aur_clock_mono();
		r->asleep = asleep();
		return false;
	}
	r->lost = true;
	begin(r, "link_lost");
	take_cause(r, f->error != NULL ? f->error : "");
	add(&r->event, "cause", r->cause);
	return true;
}

/* --- what an earlier run left --------------------------------------------- */

struct before {
	bool lost;
	struct aur_wall when;
};

static void on_event(void *arg, size_t host, const struct aur_event *e)
{
	struct before *b = arg;

	(void)host;
	if (!aur_event_is_client(e))
		return;
	b->lost = aur_slice_is(e->kind, "link_lost");
	b->when = e->when;
}

bool aur__reach_before(struct aur__reach *r, struct aur_history *h,
    size_t number, const struct aur_feed_host *f)
{
	struct before b = {.lost = false};
	struct aur_wall now, from;

	if (r->told)
		return false;
	if (f->rtt.ns >= 0)
		r->offset = f->clock_offset;
	now = aur_wall_add(aur_clock_wall(), r->offset);
	from.ns = now.ns - BEFORE_NS;
	if (aur_history_events(
		h, number, from, now, BEFORE_MOST, on_event, &b) < 0 ||
	    !b.lost)
		return false;
	begin(r, "link_gap");
	set_seconds(r, aur_span_in_seconds(aur_wall_since(now, b.when)));
	add(&r->event, "most_seconds", r->seconds);
	return true;
}
