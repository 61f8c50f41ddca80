/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a host that nobody looks at: the newest values of its row,
 * and their past for sparklines and for the graphs that it is entered with:
 * ten minutes at one second, four hours by the minute.
 *
 *	rc = tui_record_add(&r, &figures, interval);	at each sample
 *	v = tui_record_now(&r, TUI_TRACK_CPU);		NaN unknown
 *	v = tui_record_mean(&r, TUI_TRACK_CPU, from, to);
 *	tui_record_seed(&r, &tracks);			entering the host
 *	tui_record_release(&r);
 *
 * A value takes two bytes (six bits of exponent, ten of the rest: a part in a
 * thousand is more than a sparkline shows), so a host costs TUI_RECORD_BYTES,
 * 18 KiB, from its first sample on. The tracks of a host that is looked at
 * (track.h) take forty times that, which a thousand hosts could not have.
 */
#ifndef TUI_RECORD_H
#define TUI_RECORD_H

#include "tui/kept.h"
#include "tui/track.h"

#define TUI_RECORD_TRACKS TUI_TRACK_TCP /* those before it */
#define TUI_RECORD_STEPS 600
#define TUI_RECORD_MINUTES 240
#define TUI_RECORD_BYTES                                                       \
	(TUI_RECORD_TRACKS * (TUI_RECORD_STEPS + TUI_RECORD_MINUTES) *         \
	    sizeof(uint16_t))

struct tui_record {
	uint16_t *ring;	     /* owned: of each track the steps, then minutes */
	int64_t step;	     /* newest, by number: wall time / interval */
	int64_t first, past; /* the oldest that is known; of minutes */
	int64_t minute;	     /* the one that is running */
	struct aur_span interval;
	float now[TUI_RECORD_TRACKS]; /* NaN unknown */
	float sum[TUI_RECORD_TRACKS]; /* of the running minute */
	uint16_t n[TUI_RECORD_TRACKS];
	double uptime;	/* seconds; NaN unknown */
	bool any;	/* a sample has come */
	bool put;	/* and its past is known: tui_record_take */
	bool drawn;	/* its past has been */
	int64_t came;	/* the first step that came by itself; of before: */
	unsigned asked; /* how often it was asked for; moment_fill.c */
	bool held;	/* what is shown stays as it was: */
	float held_now[TUI_RECORD_TRACKS];
	int64_t held_step;
	double held_uptime;
	struct aur_mono held_received;
};

/* Takes up a sample, its values those of `interval` before it. Another
 * interval begins the steps anew. 0; AUR_ENOMEM: the past is not kept. */
AUR_MUST_CHECK int tui_record_add(
    struct tui_record *r, struct aur_figures *f, struct aur_span interval);
void tui_record_release(struct tui_record *r); /* zeroed is fine */

/* While it is held, what is shown is what was known then, and had come at
 * `received`; the past goes on being kept. */
void tui_record_hold(struct tui_record *r, bool hold, struct aur_mono received);

/* The newest value, NaN unknown; also of a host that is gone. */
double tui_record_now(const struct tui_record *r, enum tui_track track);
double tui_record_uptime(const struct tui_record *r); /* seconds */

/* The mean of what is known from `from` to just before `to`, by the host's
 * clock; NaN nothing. */
double tui_record_mean(const struct tui_record *r, enum tui_track track,
    struct aur_wall from, struct aur_wall to);
/* The end of the newest step that is shown; 0 before there is one. */
struct aur_wall tui_record_end(const struct tui_record *r);

/* Forgets all, and is there for a sample of any other time. */
void tui_record_clear(struct tui_record *r);
/* The steps that the newest minute touches, as far as they can be kept; 0
 * before there is one. */
size_t tui_record_minute(const struct tui_record *r);
/* Makes the `n` steps before `end`, which is at most that of the newest, what
 * is kept of `track`; where nothing is, they stay. */
void tui_record_take(struct tui_record *r, const struct tui_kept *kept,
    enum tui_track track, struct aur_wall end, size_t n);

/* Gives what came by itself to tracks that are new. */
void tui_record_seed(const struct tui_record *r, struct tui_tracks *t);

#endif
