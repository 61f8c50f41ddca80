/* SPDX-License-Identifier: MIT */
/*
 * A ring of values over time, for sparklines and graphs; it takes memory for
 * as many steps as there were, up to its size. A gap is a gap: a step without
 * a value is NaN, never zero.
 *
 *	struct aur_series s;
 *	rc = aur_series_init(&s, 600, step);
 *	aur_series_add(&s, when, 12.5);
 *	aur_series_at(&s, 0)     the newest step's mean
 *	aur_series_release(&s);
 */
#ifndef AUR_MODEL_SERIES_H
#define AUR_MODEL_SERIES_H

#include "base/clock.h"
#include "base/compiler.h"

struct aur_point {
	float min, mean, max; /* NaN: nothing is known of this step */
	uint32_t n;	      /* values in it */
};

struct aur_series {
	struct aur_point *ring; /* owned */
	size_t room;		/* steps that there is memory for */
	size_t cap;		/* steps kept */
	size_t n;		/* steps filled, gaps included */
	size_t head;		/* index of the newest */
	int64_t newest;		/* its number: wall time / step */
	struct aur_span step;
};

/* `cap` steps (1 to AUR_MAX_POINTS) of `step` each. 0, AUR_ELIMIT,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_series_init(
    struct aur_series *s, size_t cap, struct aur_span step);
void aur_series_release(struct aur_series *s); /* zeroed is fine */
void aur_series_clear(struct aur_series *s);

/* Adds a value at `when`; NaN only opens the step. Steps between the newest
 * and this one become gaps; a value older than the ring is dropped. Where there
 * is no memory for more steps, the oldest go. */
void aur_series_add(struct aur_series *s, struct aur_wall when, double v);

/* Makes a point that of the step with this number (wall time / step), whatever
 * stood there; steps between are gaps, one older than the ring is dropped. */
void aur_series_put(
    struct aur_series *s, int64_t number, struct aur_point point);

/* The point `back` steps before the newest; all NaN beyond what is kept. */
struct aur_point aur_series_at(const struct aur_series *s, size_t back);

/* The points of `count` steps ending `back` steps before the newest, as one. */
struct aur_point aur_series_merge(
    const struct aur_series *s, size_t back, size_t count);

/* Largest max of the newest `count` steps; NaN if none. */
double aur_series_max(const struct aur_series *s, size_t count);

#endif
