/* SPDX-License-Identifier: MIT */
#include "tui/record.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>

#define MINUTE_NS (60 * AUR_SECOND_NS)
#define UNKNOWN UINT16_MAX
#define LEAST_EXPONENT (-16) /* 2 to its power is the smallest kept */

/* eeeeeemm mmmmmmmm: the value is (1024 + m) * 2^(e - 26), 0 is 0. */
static uint16_t pack(double v)
{
	int e;
	double m;

	if (!(v >= 0))
		return UNKNOWN;
	m = frexp(v, &e); /* 0.5 to 1 */
	e -= LEAST_EXPONENT + 1;
	if (v == 0 || e < 0)
		return 0;
	if (e > 62)
		return 63u << 10;
	return (uint16_t)((unsigned)e << 10 | (unsigned)(m * 2048 - 1024));
}

static double unpack(uint16_t v)
{
	if (v == UNKNOWN)
		return NAN;
	return v == 0
		   ? 0
		   : ldexp(1024 + (v & 1023), (v >> 10) + LEAST_EXPONENT - 10);
}

static uint16_t *step_at(const struct tui_record *r, int track, int64_t number)
{
	return r->ring +
	       (size_t)track * (TUI_RECORD_STEPS + TUI_RECORD_MINUTES) +
	       number % TUI_RECORD_STEPS;
}

static uint16_t *minute_at(
    const struct tui_record *r, int track, int64_t number)
{
	return r->ring +
	       (size_t)track * (TUI_RECORD_STEPS + TUI_RECORD_MINUTES) +
	       TUI_RECORD_STEPS + number % TUI_RECORD_MINUTES;
}

void tui_record_release(struct tui_record *r)
{
	aur_mem_free(r->ring);
	memset(r, 0, sizeof(*r));
}

/* Ends the minute that runs; those up to the next one are gaps. */
static void end_minute(struct tui_record *r, int64_t next)
{
	int64_t from = r->minute + 1;

	if (next - from > TUI_RECORD_MINUTES)
		from = next - TUI_RECORD_MINUTES;
	for (int t = 0; t < TUI_RECORD_TRACKS; t++) {
		*minute_at(r, t, r->minute) =
		    r->n[t] > 0 ? pack((double)r->sum[t] / r->n[t]) : UNKNOWN;
		for (int64_t i = from; i < next; i++)
			*minute_at(r, t, i) = UNKNOWN;
		r->sum[t] = 0;
		r->n[t] = 0;
	}
	r->minute = next;
}

/* Begins the past, or its steps where the interval is another. */
static void begin(struct tui_record *r, int64_t step, int64_t minute)
{
	r->first = r->step = r->came = step;
	r->asked = 0;
	if (r->any)
		return;
	r->past = r->minute = minute;
	r->any = true;
}

/* Goes on to a step; those that were lost are gaps. */
static void go_to(struct tui_record *r, int64_t step)
{
	int64_t from = r->step + 1;

	if (step - from > TUI_RECORD_STEPS)
		from = step - TUI_RECORD_STEPS;
	for (int64_t i = from; i < step; i++)
		for (int t = 0; t < TUI_RECORD_TRACKS; t++)
			*step_at(r, t, i) = UNKNOWN;
	r->step = step;
}

/* The oldest step is another one; those that are new are gaps. */
static void go_back(struct tui_record *r, int64_t first)
{
	for (int64_t i = first; i < r->first; i++)
		for (int t = 0; t < TUI_RECORD_TRACKS; t++)
			*step_at(r, t, i) = UNKNOWN;
	if (first < r->first)
		r->first = first;
}

static void keep(struct tui_record *r, struct aur_wall when)
{
	int64_t step = when.ns / r->interval.ns, minute = when.ns / MINUTE_NS;

	/* a clock that was set back far begins the past anew */
	if (r->any && step <= r->step - TUI_RECORD_STEPS)
		r->any = false;
	if (!r->any || r->step == 0)
		begin(r, step, minute);
	if (minute > r->minute)
		end_minute(r, minute);
	if (step > r->step)
		go_to(r, step);
	else
		step = r->step; /* two of a step: the later one stays */
	for (int t = 0; t < TUI_RECORD_TRACKS; t++) {
		*step_at(r, t, step) = pack((double)r->now[t]);
		if (isnan(r->now[t]) || r->n[t] == UINT16_MAX)
			continue;
		r->sum[t] += r->now[t];
		r->n[t]++;
	}
}

int tui_record_add(
    struct tui_record *r, struct aur_figures *f, struct aur_span interval)
{
	if (f->now == NULL || f->now->wall.ns <= 0 || interval.ns <= 0)
		return 0;
	for (int t = 0; t < TUI_RECORD_TRACKS; t++)
		r->now[t] = (float)tui_number(
		    f, tui_track_figure((enum tui_track)t), 0);
	r->uptime = tui_number(f, AUR_FIG_system_uptime_seconds, 0);
	if (r->ring == NULL)
		r->ring = aur_mem_new(1, TUI_RECORD_BYTES);
	if (r->ring == NULL) {
		r->any = true;
		return AUR_ENOMEM;
	}
	if (r->interval.ns != interval.ns) {
		r->interval = interval;
		r->step = 0;
	}
	keep(r, f->now->wall);
	return 0;
}

void tui_record_clear(struct tui_record *r)
{
	r->any = r->put = r->held = false;
	r->step = r->first = 0;
	memset(r->sum, 0, sizeof(r->sum));
	memset(r->n, 0, sizeof(r->n));
}

size_t tui_record_minute(const struct tui_record *r)
{
	int64_t n;

	if (r->ring == NULL || r->step == 0)
		return 0;
	n = MINUTE_NS / r->interval.ns + 1;
	return n < TUI_RECORD_STEPS ? (size_t)n : TUI_RECORD_STEPS;
}

void tui_record_take(struct tui_record *r, const struct tui_kept *kept,
    enum tui_track track, struct aur_wall end, size_t n)
{
	struct aur_point point[TUI_RECORD_STEPS];
	int64_t first;

	r->put = true;
	if (r->ring == NULL || r->step == 0 || n == 0 || n > TUI_RECORD_STEPS)
		return;
	first = end.ns / r->interval.ns - (int64_t)n;
	if (first <= r->step - TUI_RECORD_STEPS ||
	    !tui_kept_points(kept, tui_track_figure(track), "",
		(struct aur_wall){first * r->interval.ns}, end, point, n))
		return;
	go_back(r, first);
	for (size_t i = 0; i < n; i++)
		if (point[i].n > 0)
			*step_at(r, track, first + (int64_t)i) =
			    pack((double)point[i].mean);
}

void tui_record_hold(struct tui_record *r, bool hold, struct aur_mono received)
{
	r->held = hold && r->any;
	r->held_step = r->step;
	r->held_uptime = r->uptime;
	r->held_received = received;
	memcpy(r->held_now, r->now, sizeof(r->held_now));
}

double tui_record_uptime(const struct tui_record *r)
{
	if (!r->any)
		return NAN;
	return r->held ? r->held_uptime : r->uptime;
}

double tui_record_now(const struct tui_record *r, enum tui_track track)
{
	if (!r->any)
		return NAN;
	return (double)(r->held ? r->held_now[track] : r->now[track]);
}

/* The oldest step and minute that the rings still have. */
static int64_t first_step(const struct tui_record *r)
{
	int64_t least = r->step - TUI_RECORD_STEPS + 1;

	return r->first > least ? r->first : least;
}

double tui_record_mean(const struct tui_record *r, enum tui_track track,
    struct aur_wall from, struct aur_wall to)
{
	double sum = 0;
	int64_t i, end, n = 0;

	if (r->ring == NULL || r->step == 0 || to.ns <= from.ns)
		return NAN;
	i = from.ns / r->interval.ns;
	end = (to.ns - 1) / r->interval.ns;
	if (i < first_step(r))
		i = first_step(r);
	if (end > r->step)
		end = r->step;
	for (; i <= end; i++) {
		double v = unpack(*step_at(r, track, i));

		if (isnan(v))
			continue;
		sum += v;
		n++;
	}
	return n > 0 ? sum / (double)n : (double)NAN;
}

struct aur_wall tui_record_end(const struct tui_record *r)
{
	int64_t step = r->held ? r->held_step : r->step;

	if (r->ring == NULL || step == 0)
		return (struct aur_wall){0};
	return (struct aur_wall){(step + 1) * r->interval.ns};
}

void tui_record_seed(const struct tui_record *r, struct tui_tracks *t)
{
	struct aur_span minute = {MINUTE_NS};
	int64_t first, from, end;

	if (r->ring == NULL || r->step == 0)
		return;
	first = first_step(r) > r->came ? first_step(r) : r->came;
	end = first * r->interval.ns / MINUTE_NS;
	from = r->minute - TUI_RECORD_MINUTES + 1;
	if (from < r->past)
		from = r->past;
	for (int64_t i = from; i < end && i < r->minute; i++)
		for (int k = 0; k < TUI_RECORD_TRACKS; k++)
			tui_history_seed(&t->one[k],
			    (struct aur_wall){(i + 1) * MINUTE_NS - 1}, minute,
			    unpack(*minute_at(r, k, i)));
	for (int64_t i = first; i <= r->step; i++)
		for (int k = 0; k < TUI_RECORD_TRACKS; k++)
			tui_history_seed(&t->one[k],
			    (struct aur_wall){(i + 1) * r->interval.ns - 1},
			    r->interval, unpack(*step_at(r, k, i)));
}
