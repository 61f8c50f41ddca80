/* SPDX-License-Identifier: MIT */
/*
 * Steps are numbered by wall time / step, so that two series of the same step
 * line up, whenever they began. The newest stands at ring[head], older ones
 * before it, going round.
 *
 *	ring     [ 4 | 5 | 6 | 7 | 1 | 2 | 3 ]   step numbers
 *	                       ^ head = 3, newest = 7, n = room = 7
 */
#include "model/series.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <float.h>
#include <math.h>

#define FIRST_ROOM 32u

static const struct aur_point gap = {NAN, NAN, NAN, 0};

int aur_series_init(struct aur_series *s, size_t cap, struct aur_span step)
{
	size_t room = cap < FIRST_ROOM ? cap : FIRST_ROOM;
	struct aur_point *ring;

	if (cap == 0 || cap > AUR_MAX_POINTS || step.ns <= 0)
		return AUR_ELIMIT;
	ring = aur_mem_new(room, sizeof(*ring));
	if (ring == NULL)
		return AUR_ENOMEM;
	*s = (struct aur_series){
	    .ring = ring, .room = room, .cap = cap, .step = step};
	return 0;
}

void aur_series_release(struct aur_series *s)
{
	aur_mem_free(s->ring);
	*s = (struct aur_series){0};
}

void aur_series_clear(struct aur_series *s)
{
	s->n = 0;
	s->head = 0;
	s->newest = 0;
}

/* Where the step `back` before the newest stands; back < room. */
static size_t place(const struct aur_series *s, size_t back)
{
	return s->head >= back ? s->head - back : s->head + s->room - back;
}

/* Room for so many steps, at most `cap`; without memory it stays as it is. */
static void make_room(struct aur_series *s, size_t steps)
{
	size_t room = s->room + s->room / 2;
	struct aur_point *ring;

	if (steps > s->cap)
		steps = s->cap;
	if (steps <= s->room)
		return;
	if (room < steps)
		room = steps;
	if (room > s->cap)
		room = s->cap;
	ring = aur_mem_grow(NULL, room, sizeof(*ring));
	if (ring == NULL)
		return;
	for (size_t back = 0; back < s->n; back++)
		ring[s->n - 1 - back] = s->ring[place(s, back)];
	aur_mem_free(s->ring);
	s->ring = ring;
	s->room = room;
	s->head = s->n > 0 ? s->n - 1 : 0;
}

static int64_t number_of(const struct aur_series *s, struct aur_wall when)
{
	int64_t q = when.ns / s->step.ns;

	return when.ns % s->step.ns < 0 ? q - 1 : q;
}

/* Opens the steps up to `number`, which is newer than the newest. */
static void advance(struct aur_series *s, int64_t number)
{
	uint64_t by = (uint64_t)number - (uint64_t)s->newest;

	if (s->n == 0 || by >= s->cap) {
		s->head = 0;
		s->n = 1;
		s->ring[0] = gap;
	} else {
		make_room(s, s->n + (size_t)by);
		for (; by > 0; by--) {
			s->head = s->head + 1 < s->room ? s->head + 1 : 0;
			s->ring[s->head] = gap;
			s->n += s->n < s->room;
		}
	}
	s->newest = number;
}

/* The step `number`, opened where it is new; NULL where it is too old. */
static struct aur_point *open_step(struct aur_series *s, int64_t number)
{
	uint64_t back;

	if (s->n == 0 || number > s->newest)
		advance(s, number);
	back = (uint64_t)s->newest - (uint64_t)number;
	if (back < s->cap)
		make_room(s, (size_t)back + 1);
	if (back >= s->room)
		return NULL;
	for (; s->n <= back; s->n++)
		s->ring[place(s, s->n)] = gap;
	return &s->ring[place(s, (size_t)back)];
}

void aur_series_add(struct aur_series *s, struct aur_wall when, double v)
{
	struct aur_point *p = open_step(s, number_of(s, when));
	float f;

	if (p == NULL || !isfinite(v))
		return;
	f = (float)(v > FLT_MAX ? FLT_MAX : v < -FLT_MAX ? -FLT_MAX : v);
	if (p->n == 0) {
		*p = (struct aur_point){f, f, f, 1};
		return;
	}
	p->n += p->n < UINT32_MAX;
	p->min = fminf(p->min, f);
	p->max = fmaxf(p->max, f);
	p->mean = (float)(p->mean + ((double)f - p->mean) / p->n);
}

void aur_series_put(
    struct aur_series *s, int64_t number, struct aur_point point)
{
	struct aur_point *p = open_step(s, number);

	if (p != NULL)
		*p = point.n > 0 ? point : gap;
}

struct aur_point aur_series_at(const struct aur_series *s, size_t back)
{
	return back < s->n ? s->ring[place(s, back)] : gap;
}

struct aur_point aur_series_merge(
    const struct aur_series *s, size_t back, size_t count)
{
	struct aur_point all = gap;
	double sum = 0, n = 0;

	for (; count > 0 && back < s->n; count--, back++) {
		struct aur_point p = aur_series_at(s, back);

		if (p.n == 0)
			continue;
		all.min = fminf(all.min, p.min); /* a NaN gives way */
		all.max = fmaxf(all.max, p.max);
		sum += (double)p.mean * p.n;
		n += p.n;
	}
	if (n == 0)
		return gap;
	all.mean = (float)(sum / n);
	all.n = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
	return all;
}

double aur_series_max(const struct aur_series *s, size_t count)
{
	return aur_series_merge(s, 0, count).max;
}
