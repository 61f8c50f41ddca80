/* SPDX-License-Identifier: MIT */
/*
 * Two samples of a host, subtracted. Nothing else in the program subtracts
 * samples. A rate is the growth of a counter in its unit per second, over
 * the time between the two readings of that very instance.
 *
 *	struct aur_rates r;
 *	rc = aur_rates_init(&r, before, now);
 *	if (aur_rates_get(&r, part, i, AUR_DISK_read_bytes, &per_second))
 *		...
 *	aur_rates_release(&r);
 *
 * A rate is absent, never wrong, where it cannot be told: no earlier sample
 * (the first), another boot, an instance or cell that was not there, time
 * that did not pass, a counter that fell. Whether one that fell was reset or
 * ran over at 32 bits cannot be told from two values, and a guess that goes
 * wrong is a spike of gigabytes; a gap of one sample is honest.
 * A process that was started after the earlier sample began at 0: what it has
 * counted is its growth, over the time between the samples, so that who lives
 * for a second is not missed.
 * The time is CLOCK_MONOTONIC's, which stands still in a suspend, as do the
 * counters; wall-clock steps do not matter.
 *
 * The kernel's idle and iowait times may step back a little (proc_stat(5));
 * such a step of a CPU or a core is no growth, and no reset.
 */
#ifndef AUR_MODEL_RATE_H
#define AUR_MODEL_RATE_H

#include "model/sample.h"

/* Why the two may not be compared as usual; bits. */
enum aur_rate_flaw {
	AUR_FLAW_FIRST = 1,   /* there is no earlier sample */
	AUR_FLAW_REBOOT = 2,  /* another boot id: all rates absent */
	AUR_FLAW_GAP = 4,     /* more than 2.5 intervals, or a jump of seq */
	AUR_FLAW_SUSPEND = 8, /* boot time ran on without monotonic time */
	AUR_FLAW_STEP = 16,   /* the wall clock was set: over 1 s */
	AUR_FLAW_RESET = 32,  /* a counter fell, seen by aur_rates_get */
	AUR_FLAW_CLOCK = 64,  /* monotonic time did not advance */
};

struct aur_rates {
	const struct aur_sample *before, *now; /* held; before may be NULL */
	struct aur_span over;		       /* now.mono - before.mono */
	unsigned flaws;			       /* enum aur_rate_flaw */
	uint32_t **match;	     /* per part of now: index in before's, or
					UINT32_MAX; in mem, NULL where none */
	uint32_t *mem;		     /* owned */
	const struct aur_part **was; /* per part of now: before's, or NULL;
					owned */
	size_t npart;
};

/* Prepares the rates of `now` against `before`, NULL for a first sample; both
 * must share one string table. Holds both. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_rates_init(
    struct aur_rates *r, struct aur_sample *before, struct aur_sample *now);
void aur_rates_release(struct aur_rates *r); /* zeroed is fine */

/* Growth per second, in the field's unit, of counter `f` of instance `i` of
 * `part`, which belongs to r->now. False where it cannot be told; may add a
 * flaw. */
bool aur_rates_get(struct aur_rates *r, const struct aur_part *part, size_t i,
    size_t f, double *ret_per_second);

/* The same, not divided by time: the growth in the field's unit. */
bool aur_rates_delta(struct aur_rates *r, const struct aur_part *part, size_t i,
    size_t f, double *ret_delta);

/* What a counter of the domain has grown by between two of its cells, as the
 * cells count, not in the field's unit. False where it fell (*ret_growth
 * finite), or where the cells are no numbers. */
bool aur_rate_growth(const struct aur_domain *d, size_t f, uint64_t was,
    uint64_t now, double *ret_growth);

/* Growth in the field's unit from each of `n` rows of a column to the next; NaN
 * where it cannot be told, as of the first. Columns as in track.h. */
void aur_rate_column(const struct aur_domain *d, size_t f, const uint64_t *cell,
    const uint64_t *have, const uint32_t *row, size_t n, double *ret_growth);

/* Time between the two readings of an instance; false as above. */
bool aur_rates_span(struct aur_rates *r, const struct aur_part *part, size_t i,
    struct aur_span *ret_span);

/* Index in r->before's part of the same domain, -1 for none. */
ptrdiff_t aur_rates_match(
    const struct aur_rates *r, const struct aur_part *part, size_t i);

#endif
