/* SPDX-License-Identifier: MIT */
/*
 * A recursive reader of a small language, tried form by form: a word, a span,
 * a day with or without a time, a time alone. Each reader takes what it knows
 * off the front and leaves the rest; what is left over in the end is a
 * mistake. Days are counted on the calendar of the zone, spans are of 86400
 * seconds a day: `yesterday 12:00` is noon also behind a night of 23 hours,
 * `1d` is not.
 */
#include "view/when.h"

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "view/when_int.h"

/* The longest that means something, with blanks. */
#define LONGEST 64
/* Moments that are told: 1970 to the end of what 64 bits of ns hold. */
#define LATEST (INT64_MAX / AUR_SECOND_NS - 2 * AUR__DAY)
#define LONGEST_SPAN (400ll * 366 * AUR__DAY)

static const char *const words[] = {"now", "today", "yesterday", "ago"};

struct reader {
	struct aur_slice rest; /* in lower case */
	const struct aur_when_base *base;
};

static bool take(struct aur_slice *s, const char *word)
{
	if (!aur_slice_starts(*s, word))
		return false;
	s->p += strlen(word);
	s->n -= strlen(word);
	return true;
}

static bool is_digit(struct aur_slice s)
{
	return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* Exactly `n` digits (0: one or two), and no further one. */
static bool take_digits(struct aur_slice *s, size_t n, int *ret)
{
	struct aur_slice rest = *s;
	size_t i = 0, most = n > 0 ? n : 2;
	int v = 0;

	for (; i < most && is_digit(rest); i++) {
		v = v * 10 + (rest.p[0] - '0');
		rest.p++;
		rest.n--;
	}
	if (i == 0 || (n > 0 && i < n) || is_digit(rest))
		return false;
	*s = rest;
	*ret = v;
	return true;
}

/* ".123456789", cut to ns; without a dot 0. */
static bool take_fraction(struct aur_slice *s, int64_t *ret_ns)
{
	int64_t unit = AUR_SECOND_NS;

	*ret_ns = 0;
	if (!take(s, "."))
		return true;
	if (!is_digit(*s))
		return false;
	for (; is_digit(*s); s->p++, s->n--) {
		unit /= 10;
		*ret_ns += unit * (s->p[0] - '0');
	}
	return true;
}

/* 14:32[:05[.120]] in ns of the day. */
static bool take_clock(struct aur_slice *s, int64_t *ret_ns)
{
	struct aur_slice rest = *s;
	int hour, minute, second = 0;
	int64_t ns = 0;

	if (!take_digits(&rest, 0, &hour) || !take(&rest, ":") ||
	    !take_digits(&rest, 2, &minute) || hour > 23 || minute > 59)
		return false;
	if (take(&rest, ":") && (!take_digits(&rest, 2, &second) ||
				    second > 59 || !take_fraction(&rest, &ns)))
		return false;
	*s = rest;
	*ret_ns = (hour * 3600ll + minute * 60ll + second) * AUR_SECOND_NS + ns;
	return true;
}

/* 2026-11-22, in days. */
static bool take_date(struct aur_slice *s, int64_t *ret_day)
{
	struct aur_slice rest = *s;
	int year, month, day;

	if (!take_digits(&rest, 4, &year) || !take(&rest, "-") ||
	    !take_digits(&rest, 2, &month) || !take(&rest, "-") ||
	    !take_digits(&rest, 2, &day) ||
	    !aur__when_is_date(year, month, day))
		return false;
	*s = rest;
	*ret_day = aur__when_days(year, month, day);
	return true;
}

/* Z, +01:00, -0330: seconds ahead of UTC. False: none of these. */
static bool take_zone(struct aur_slice *s, int64_t *ret_ahead)
{
	struct aur_slice rest = *s;
	int hour, minute, sign = 1;

	*ret_ahead = 0;
	if (take(s, "z"))
		return true;
	if (take(&rest, "-"))
		sign = -1;
	else if (!take(&rest, "+"))
		return false;
	if (rest.n < 4)
		return false;
	if (rest.p[2] == ':') {
		if (!take_digits(&rest, 2, &hour) || !take(&rest, ":") ||
		    !take_digits(&rest, 2, &minute))
			return false;
	} else {
		if (!take_digits(&rest, 4, &hour))
			return false;
		minute = hour % 100;
		hour /= 100;
	}
	if (hour > 23 || minute > 59)
		return false;
	*s = rest;
	*ret_ahead = sign * (hour * 3600 + minute * 60);
	return true;
}

static int64_t unit_of(struct aur_slice *s)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
	    {"seconds", 1},
	    {"second", 1},
	    {"sec", 1},
	    {"minutes", 60},
	    {"minute", 60},
	    {"min", 60},
	    {"hours", 3600},
	    {"hour", 3600},
	    {"days", AUR__DAY},
	    {"day", AUR__DAY},
	    {"weeks", 7 * AUR__DAY},
	    {"week", 7 * AUR__DAY},
	    {"s", 1},
	    {"m", 60},
	    {"h", 3600},
	    {"d", AUR__DAY},
	    {"w", 7 * AUR__DAY},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(units); i++)
		if (take(s, units[i].name))
			return units[i].seconds;
	return 0;
}

/* 1h30m, 90 s, 2 days: seconds; each unit is smaller than the one before. */
static bool take_span(struct aur_slice *s, int64_t *ret_seconds)
{
	struct aur_slice rest = aur_slice_trim(*s);
	int64_t all = 0, last = INT64_MAX;

	while (is_digit(rest)) {
		uint64_t n;
		int64_t unit;

		if (!aur_scan_next_u64(&rest, &n))
			return false;
		rest = aur_slice_trim(rest);
		unit = unit_of(&rest);
		if (unit == 0 || unit >= last ||
		    n > (uint64_t)((LONGEST_SPAN - all) / unit))
			return false;
		all += (int64_t)n * unit;
		last = unit;
		rest = aur_slice_trim(rest);
	}
	if (last == INT64_MAX)
		return false;
	*s = rest;
	*ret_seconds = all;
	return true;
}

/* --- forms ---------------------------------------------------------------- */

static int put(int64_t seconds, int64_t ns, struct aur_wall *ret)
{
	if (seconds < 0 || seconds > LATEST)
		return AUR_ERANGE;
	ret->ns = seconds * AUR_SECOND_NS + ns;
	return 0;
}

static int put_moved(
    struct aur_wall from, int64_t seconds, struct aur_wall *ret)
{
	return put(
	    from.ns / AUR_SECOND_NS + seconds, from.ns % AUR_SECOND_NS, ret);
}

/* -90s, 15m, 3h ago, +30m */
static int read_span(struct reader *r, struct aur_wall *ret)
{
	bool ahead = take(&r->rest, "+"), back = !ahead && take(&r->rest, "-");
	int64_t seconds;

	if (!take_span(&r->rest, &seconds))
		return AUR_EINVALID;
	if (!ahead && !back)
		(void)take(&r->rest, "ago");
	if (r->rest.n > 0 || (ahead && !r->base->has_from))
		return AUR_EINVALID;
	if (ahead)
		return put_moved(r->base->from, seconds, ret);
	return put_moved(r->base->now, -seconds, ret);
}

/* @1795332309[.5] */
static int read_epoch(struct reader *r, struct aur_wall *ret)
{
	uint64_t seconds;
	int64_t ns;

	if (!is_digit(r->rest) || !aur_scan_next_u64(&r->rest, &seconds) ||
	    !take_fraction(&r->rest, &ns) || r->rest.n > 0)
		return AUR_EINVALID;
	return seconds > (uint64_t)LATEST ? AUR_ERANGE
					  : put((int64_t)seconds, ns, ret);
}

/* What is left behind a day: nothing, or a time of it. */
static int read_in_day(
    struct reader *r, int64_t day, bool is_date, struct aur_wall *ret)
{
	int64_t ns = 0, ahead = 0, first, last, clock;
	bool spaced = r->rest.n > 0 && r->rest.p[0] == ' ', zoned = false;

	r->rest = aur_slice_trim(r->rest);
	if (spaced || (is_date && take(&r->rest, "t"))) {
		if (!take_clock(&r->rest, &ns))
			return AUR_EINVALID;
		r->rest = aur_slice_trim(r->rest);
		zoned = take_zone(&r->rest, &ahead);
	}
	if (r->rest.n > 0)
		return AUR_EINVALID;
	clock = day * AUR__DAY + ns / AUR_SECOND_NS;
	if (zoned)
		return put(clock - ahead, ns % AUR_SECOND_NS, ret);
	aur__when_moments(clock, r->base->utc, &first, &last);
	return put(first, ns % AUR_SECOND_NS, ret);
}

/* The last moment until now at which the clock showed that. */
static int read_time_of_day(struct reader *r, struct aur_wall *ret)
{
	int64_t ns, first, last, day;
	struct aur_wall at = {0};
	int rc;

	if (!take_clock(&r->rest, &ns) || r->rest.n > 0)
		return AUR_EINVALID;
	day = aur__floor_div(
	    aur__when_clock(r->base->now, r->base->utc), AUR__DAY);
	for (int back = 0; back < 2; back++) {
		aur__when_moments((day - back) * AUR__DAY + ns / AUR_SECOND_NS,
		    r->base->utc, &first, &last);
		rc = put(last, ns % AUR_SECOND_NS, &at);
		if (rc == 0 && at.ns > r->base->now.ns)
			rc = put(first, ns % AUR_SECOND_NS, &at);
		if (rc < 0)
			return rc;
		if (at.ns <= r->base->now.ns)
			break;
	}
	*ret = at;
	return 0;
}

static int read_any(struct reader *r, struct aur_wall *ret)
{
	struct aur_slice whole = r->rest;
	int64_t today, day, ns;

	today = aur__floor_div(
	    aur__when_clock(r->base->now, r->base->utc), AUR__DAY);
	if (aur_slice_is(r->rest, "now")) {
		*ret = r->base->now;
		return 0;
	}
	if (take(&r->rest, "@"))
		return read_epoch(r, ret);
	if (take(&r->rest, "today"))
		return read_in_day(r, today, false, ret);
	if (take(&r->rest, "yesterday"))
		return read_in_day(r, today - 1, false, ret);
	if (take_date(&r->rest, &day))
		return read_in_day(r, day, true, ret);
	if (take_clock(&r->rest, &ns)) {
		r->rest = whole;
		return read_time_of_day(r, ret);
	}
	return read_span(r, ret);
}

int aur_when_parse(struct aur_slice text, const struct aur_when_base *base,
    struct aur_wall *ret_at)
{
	uint8_t lower[LONGEST];
	struct reader r = {.base = base};

	text = aur_slice_trim(text);
	if (text.n == 0 || text.n > sizeof(lower))
		return AUR_EINVALID;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		lower[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32)
			   : c == '\t'		? ' '
						: c;
	}
	r.rest = aur_slice_of(lower, text.n);
	return read_any(&r, ret_at);
}

struct aur_wall aur_when_last(struct aur_wall at)
{
	bool whole = aur__modulo(at.ns, AUR_SECOND_NS) == 0;

	return aur_wall_add(
	    at, (struct aur_span){(whole ? AUR_SECOND_NS : 1000000) - 1});
}

const char *aur_when_nearest(struct aur_slice text)
{
	const char *found = NULL;
	size_t best = SIZE_MAX;
	struct aur_slice word;
	char name[16];

	while (found == NULL && aur_slice_word(&text, &word)) {
		size_t n = 0;

		if (word.n >= sizeof(name))
			continue;
		for (; n < word.n; n++)
			name[n] = (char)word.p[n];
		name[n] = '\0';
		for (size_t i = 0; i < AUR_ARRAY_LEN(words); i++)
			if (!aur_slice_is(word, words[i]) &&
			    aur_text_is_nearer(name, words[i], &best))
				found = words[i];
	}
	return found;
}

const char *aur_when_examples(void)
{
	return "14:32, 'yesterday 14:32', '2026-11-22 14:32', 15m, 1h30m or "
	       "'3h ago'";
}
