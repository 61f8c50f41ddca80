/* SPDX-License-Identifier: MIT */
/* Times as people read them; what is written here is read by when.c. */
#include "view/when.h"

#include "base/err.h"
#include "view/when_int.h"

int64_t aur_when_offset(struct aur_wall at, bool utc)
{
	return aur__when_clock(at, utc) - aur__floor_div(at.ns, AUR_SECOND_NS);
}

static int add_clock(
    struct aur_buf *b, struct aur_wall at, int64_t in_day, unsigned grain)
{
	int s = (int)in_day;
	int rc = aur_buf_addf(b, "%02d:%02d", s / 3600, s / 60 % 60);

	if (rc == 0 && (grain & (AUR_WHEN_SECONDS | AUR_WHEN_MILLIS)))
		rc = aur_buf_addf(b, ":%02d", s % 60);
	if (rc == 0 && (grain & AUR_WHEN_MILLIS))
		rc = aur_buf_addf(b, ".%03d",
		    (int)(aur__modulo(at.ns, AUR_SECOND_NS) / 1000000));
	return rc;
}

/* Whether what will be read is still to come: of a time of day that would
 * mean yesterday's. */
static bool is_ahead(struct aur_wall at, struct aur_wall now, unsigned grain)
{
	int64_t unit = grain & AUR_WHEN_MILLIS	  ? 1000000
		       : grain & AUR_WHEN_SECONDS ? AUR_SECOND_NS
						  : 60 * AUR_SECOND_NS;

	return aur__floor_div(at.ns, unit) > aur__floor_div(now.ns, unit);
}

int aur_when_add(struct aur_buf *b, struct aur_wall at,
    const struct aur_when_base *base, unsigned grain)
{
	int64_t clock = aur__when_clock(at, base->utc);
	int64_t day = aur__floor_div(clock, AUR__DAY);
	int64_t today =
	    aur__floor_div(aur__when_clock(base->now, base->utc), AUR__DAY);
	struct aur__when_date d = aur__when_date_of(day);
	int rc = 0;

	if (d.year < 1 || d.year > 9999)
		return AUR_ERANGE;
	if ((grain & AUR_WHEN_DATED) || day < today - 1 || day > today ||
	    is_ahead(at, base->now, grain))
		rc = aur_buf_addf(
		    b, "%04d-%02d-%02d ", (int)d.year, d.month, d.day);
	else if (day == today - 1)
		rc = aur_buf_add_str(b, "yesterday ");
	return rc < 0 ? rc
		      : add_clock(b, at, aur__modulo(clock, AUR__DAY), grain);
}

int aur_when_add_ago(struct aur_buf *b, struct aur_wall at, struct aur_wall now)
{
	bool ahead = at.ns > now.ns;
	struct aur_span span =
	    ahead ? aur_wall_since(at, now) : aur_wall_since(now, at);
	int64_t n = span.ns / AUR_SECOND_NS;
	const char *unit = "s";

	if (n == 0)
		return aur_buf_add_str(b, "just now");
	if (n >= 2 * AUR__DAY) {
		n /= AUR__DAY;
		unit = "days";
	} else if (n >= 3600) {
		n /= 3600;
		unit = "h";
	} else if (n >= 60) {
		n /= 60;
		unit = "min";
	}
	return aur_buf_addf(b, "%s%lld %s%s", ahead ? "in " : "", (long long)n,
	    unit, ahead ? "" : " ago");
}
