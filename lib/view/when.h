/* SPDX-License-Identifier: MIT */
/*
 * TIME, as people write and read it: `now`, `-90s`, `15m`, `1h30m`, `3h ago`,
 * `2d`, `today`, `yesterday`, `14:32`, `14:32:05`, `yesterday 14:32`,
 * `2026-11-22`, `2026-11-22 14:32`, `2026-11-22T14:32:05Z`, `@1795332309`, and
 * behind --from, `+30m`. Spans count back from now, in s, m, h, d, w; a time
 * of day is the most recent one, a day its midnight. Case does not matter.
 *
 *	struct aur_when_base base = {.now = aur_clock_wall(), .utc = utc};
 *	rc = aur_when_parse(aur_slice_str("yesterday 14:32"), &base, &at);
 *	rc = aur_when_add(&buf, at, &base, AUR_WHEN_SECONDS);
 *	rc = aur_when_add_ago(&buf, at, base.now);
 *
 * The zone is that of the process (TZ, tzset(3)) unless `utc`. Where the clock
 * jumps forward, a time that never was is the moment of the jump. Where it is
 * set back and a time comes twice, that of a date is the first, and a bare
 * time of day the last one until now.
 */
#ifndef AUR_VIEW_WHEN_H
#define AUR_VIEW_WHEN_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"

struct aur_when_base {
	struct aur_wall now;
	bool utc;
	bool has_from;	      /* `+30m` may be written */
	struct aur_wall from; /* what it counts from */
};

/* Reads all of `text`. 0; AUR_EINVALID: that is no time, or `+` and there is
 * nothing that it counts from; AUR_ERANGE: outside years 1970 to 2261. */
AUR_MUST_CHECK int aur_when_parse(struct aur_slice text,
    const struct aur_when_base *base, struct aur_wall *ret_at);

/* The last moment that is written as `at` is: of a whole second its end, else
 * that of the millisecond. What was sampled "at 14:32:05" was a little later,
 * and documents cut times to milliseconds: who looks for the last sample at or
 * before a written time means this. */
struct aur_wall aur_when_last(struct aur_wall at);

/* The word of the language that was perhaps meant, static; NULL: none. */
const char *aur_when_nearest(struct aur_slice text);

/* Examples, for messages: "14:32, yesterday 14:32, ..."; static. */
const char *aur_when_examples(void);

enum aur_when_grain {
	AUR_WHEN_MINUTES = 0,
	AUR_WHEN_SECONDS = 1,
	AUR_WHEN_MILLIS = 2,
	AUR_WHEN_DATED = 4, /* or one of these with the date in any case */
};

/* Appends "14:32", "yesterday 14:32" or "2026-11-22 14:32", whichever is
 * shortest and means `at`; aur_when_parse reads it, as the first where it came
 * twice. 0, AUR_ELIMIT, AUR_ENOMEM,
 * AUR_ERANGE. */
AUR_MUST_CHECK int aur_when_add(struct aur_buf *b, struct aur_wall at,
    const struct aur_when_base *base, unsigned grain);

/* Appends "6 h ago", "just now", "in 5 min". 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_when_add_ago(
    struct aur_buf *b, struct aur_wall at, struct aur_wall now);

/* Seconds that the clock of the zone is ahead of UTC at that moment; for axes
 * with round times. */
int64_t aur_when_offset(struct aur_wall at, bool utc);

/* The clock at a moment as strftime(3)'s `format` says, in UTC or the local
 * zone; "" where that cannot be or has no room. */
void aur_when_format(
    struct aur_wall at, bool utc, const char *format, char *out, size_t size);

#endif
