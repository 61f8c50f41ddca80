/* SPDX-License-Identifier: MIT */
/* TIME as it is read and written: every form, both changes of a zone's clock,
 * a zone without any, and what is no time. */
#include "view/when.h"

#include "base/err.h"
#include "tests/harness/tap.h"

#include <time.h>

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define KOLKATA "IST-5:30"
/* 2026-11-26 19:20:30.5 UTC */
#define NOW 1795720830
#define WALL(s) ((struct aur_wall){(s)*AUR_SECOND_NS})

static struct aur_when_base base;

static void zone(const char *tz, int64_t now)
{
	setenv("TZ", tz, 1);
	tzset();
	base = (struct aur_when_base){.now = WALL(now)};
	base.now.ns += AUR_SECOND_NS / 2;
}

/* `want` as the documents have it, cut to seconds. */
static void means(const char *text, const char *want)
{
	struct aur_wall at = {0};
	struct aur_buf b;
	int rc = aur_when_parse(aur_slice_str(text), &base, &at);

	aur_buf_init(&b, 64);
	if (rc == 0)
		rc = aur_wall_format(at, &b);
	tap_eq_str(rc == 0 ? aur_buf_str(&b) : aur_err_name(rc), want, text);
	aur_buf_release(&b);
}

static void test_utc(void)
{
	zone(BERLIN, NOW);
	base.utc = true;
	means("now", "2026-11-26T19:20:30.500Z");
	means(" NOW ", "2026-11-26T19:20:30.500Z");
	means("-90s", "2026-11-26T19:19:00.500Z");
	means("15m", "2026-11-26T19:05:30.500Z");
	means("1h30m", "2026-11-26T17:50:30.500Z");
	means("1h 30m 5s", "2026-11-26T17:50:25.500Z");
	means("3h ago", "2026-11-26T16:20:30.500Z");
	means("3 hours ago", "2026-11-26T16:20:30.500Z");
	means("2d", "2026-11-24T19:20:30.500Z");
	means("1w", "2026-11-19T19:20:30.500Z");
	means("0s", "2026-11-26T19:20:30.500Z");
	means("today", "2026-11-26T00:00:00.000Z");
	means("Yesterday", "2026-11-25T00:00:00.000Z");
	means("14:32", "2026-11-26T14:32:00.000Z");
	means("14:32:05", "2026-11-26T14:32:05.000Z");
	means("14:32:05.120", "2026-11-26T14:32:05.120Z");
	means("19:20:30", "2026-11-26T19:20:30.000Z");
	means("19:20:31", "2026-11-25T19:20:31.000Z");
	means("9:05", "2026-11-26T09:05:00.000Z");
	means("yesterday 14:32", "2026-11-25T14:32:00.000Z");
	means("today 23:00", "2026-11-26T23:00:00.000Z");
	means("2026-11-22", "2026-11-22T00:00:00.000Z");
	means("2026-11-22 14:32", "2026-11-22T14:32:00.000Z");
	means("2026-11-22 14:32:05", "2026-11-22T14:32:05.000Z");
	means("2024-02-29T23:59:59", "2024-02-29T23:59:59.000Z");
	means("2026-11-22T14:32:05Z", "2026-11-22T14:32:05.000Z");
	means("2026-11-22t14:32:05.250z", "2026-11-22T14:32:05.250Z");
	means("2026-11-22T14:32:05+01:00", "2026-11-22T13:32:05.000Z");
	means("2026-11-22 14:32 -0330", "2026-11-22T18:02:00.000Z");
	means("@1795332309", "2026-11-22T07:25:09.000Z");
	means("@1795332309.5", "2026-11-22T07:25:09.500Z");
	means("@0", "1970-01-01T00:00:00.000Z");
}

static void test_from(void)
{
	zone("UTC0", NOW);
	means("+30m", "invalid");
	base.has_from = true;
	base.from = WALL(NOW - 7200);
	means("+30m", "2026-11-26T17:50:30.000Z");
	means("+1h30m", "2026-11-26T18:50:30.000Z");
	means("+0s", "2026-11-26T17:20:30.000Z");
	means("30m", "2026-11-26T18:50:30.500Z");
	means("+30m ago", "invalid");
	base.from = WALL(9200000000);
	means("+400d", "range");
}

static void test_mistakes(void)
{
	static const char *const bad[] = {"", " ", "noww", "25:00", "14:60",
	    "14:32:61", "14:3", "14:325", ":30", "14:", "2026-13-01",
	    "2026-02-29", "2026-2-3", "2026-11-22x", "2026-11-22T",
	    "2026-11-22 25:00", "2026-11-22T14:32+25:00", "2026-11-22T14:32+1",
	    "2026-11-22 +01:00", "yesterdayt14:32", "yesterday14:32", "today x",
	    "5", "5x", "h", "30m1h", "1h1h", "99999999999999999999s",
	    "99999999d", "-3h ago", "--3h", "3h agoo", "ago", "@", "@x", "@1.",
	    "@-1", "@1 2", "+", "-", "2026-11-22 14:32:05.", "tomorrow",
	    "a text that is longer than any moment that somebody would write"};

	zone("UTC0", NOW);
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		means(bad[i], "invalid");
	means("2026-11-22 ", "2026-11-22T00:00:00.000Z");
	means("@99999999999", "range");
	means("1969-12-31", "range");
	means("9999-12-31", "range");
	tap_eq_str(aur_when_nearest(aur_slice_str("yesteday 14:32")),
	    "yesterday", "a misspelt yesterday");
	tap_eq_str(aur_when_nearest(aur_slice_str("3h agoo")), "ago", "ago");
	tap_ok(aur_when_nearest(aur_slice_str("2026-13-45")) == NULL,
	    "nothing is near a date");
	tap_ok(aur_when_nearest(aur_slice_str("now")) == NULL,
	    "nothing is nearer than a right word");
}

/* Berlin: on 2026-03-29 02:00 becomes 03:00, on 2026-10-25 03:00 becomes
 * 02:00. */
static void test_zone(void)
{
	zone(BERLIN, NOW);
	means("today", "2026-11-25T23:00:00.000Z");
	means("14:32", "2026-11-26T13:32:00.000Z");
	means("yesterday 14:32", "2026-11-25T13:32:00.000Z");
	means("2026-07-01 12:00", "2026-07-01T10:00:00.000Z");
	means("2026-07-01 12:00Z", "2026-07-01T12:00:00.000Z");
	means("2026-03-29 01:59:59", "2026-03-29T00:59:59.000Z");
	means("2026-03-29 02:00", "2026-03-29T01:00:00.000Z");
	means("2026-03-29 02:30", "2026-03-29T01:00:00.000Z");
	means("2026-03-29 03:00", "2026-03-29T01:00:00.000Z");
	means("2026-03-29 03:30", "2026-03-29T01:30:00.000Z");
	means("2026-10-25 01:59", "2026-10-24T23:59:00.000Z");
	means("2026-10-25 02:30", "2026-10-25T00:30:00.000Z");
	means("2026-10-25 03:00", "2026-10-25T02:00:00.000Z");

	zone(BERLIN, 1792892700); /* 2026-10-25 01:45 UTC, 02:45 again */
	means("now", "2026-10-25T01:45:00.500Z");
	means("02:30", "2026-10-25T01:30:00.000Z");
	means("02:50", "2026-10-25T00:50:00.000Z");
	means("03:10", "2026-10-24T01:10:00.000Z");
	means("today", "2026-10-24T22:00:00.000Z");
	means("1d", "2026-10-24T01:45:00.500Z");

	zone(BERLIN, 1792922400); /* that day at 11:00, of 25 hours */
	means("yesterday 12:00", "2026-10-24T10:00:00.000Z");

	zone(KOLKATA, NOW); /* 2026-11-27 00:50:30 there */
	means("today", "2026-11-26T18:30:00.000Z");
	means("00:50", "2026-11-26T19:20:00.000Z");
	means("01:00", "2026-11-25T19:30:00.000Z");
	means("2026-10-25 02:30", "2026-10-24T21:00:00.000Z");
}

static void reads(int64_t at, unsigned grain, const char *want)
{
	struct aur_wall back;
	struct aur_buf b;

	aur_buf_init(&b, 64);
	if (!tap_ok(aur_when_add(&b, WALL(at), &base, grain) == 0, "written"))
		return;
	tap_eq_str(aur_buf_str(&b), want, "as people read it");
	tap_ok(aur_when_parse(aur_buf_peek(&b), &base, &back) == 0 &&
		   (grain == AUR_WHEN_MINUTES || back.ns == WALL(at).ns),
	    "and read back");
	aur_buf_release(&b);
}

static void ago(int64_t at, const char *want)
{
	struct aur_buf b;

	aur_buf_init(&b, 64);
	if (tap_ok(aur_when_add_ago(&b, WALL(at), base.now) == 0, "written"))
		tap_eq_str(aur_buf_str(&b), want, "how long ago");
	aur_buf_release(&b);
}

static void test_text(void)
{
	struct aur_buf b;

	zone(BERLIN, NOW); /* 20:20:30 there */
	reads(NOW, AUR_WHEN_SECONDS, "20:20:30");
	reads(NOW - 3600, AUR_WHEN_MINUTES, "19:20");
	reads(NOW - 3600, AUR_WHEN_MILLIS, "19:20:30.000");
	reads(NOW - 86400, AUR_WHEN_SECONDS, "yesterday 20:20:30");
	reads(NOW - 86400, AUR_WHEN_SECONDS | AUR_WHEN_DATED,
	    "2026-11-25 20:20:30");
	reads(NOW - 2 * 86400, AUR_WHEN_SECONDS, "2026-11-24 20:20:30");
	reads(NOW + 60, AUR_WHEN_SECONDS, "2026-11-26 20:21:30");
	base.utc = true;
	reads(NOW, AUR_WHEN_SECONDS, "19:20:30");
	aur_buf_init(&b, 64);
	tap_eq_int(aur_when_add(&b, (struct aur_wall){INT64_MIN}, &base, 0), 0,
	    "a very old time is one");
	tap_eq_str(aur_buf_str(&b), "1677-09-21 00:12", "and is written");
	aur_buf_release(&b);
	ago(NOW, "just now");
	ago(NOW - 1, "1 s ago");
	ago(NOW - 59, "59 s ago");
	ago(NOW - 60, "1 min ago");
	ago(NOW - 6 * 3600 - 5, "6 h ago");
	ago(NOW - 47 * 3600, "47 h ago");
	ago(NOW - 49 * 3600, "2 days ago");
	ago(NOW + 3601, "in 1 h");
	tap_eq_int(aur_when_last(WALL(NOW)).ns, WALL(NOW + 1).ns - 1,
	    "a second to its end");
	tap_eq_int(aur_when_last((struct aur_wall){5000000}).ns, 5999999,
	    "a millisecond to its end");
	tap_eq_int(aur_when_last((struct aur_wall){INT64_MAX}).ns, INT64_MAX,
	    "no further than there is time");
	tap_eq_int(aur_when_offset(WALL(NOW), false), 3600, "winter");
	tap_eq_int(
	    aur_when_offset(WALL(NOW - 150 * 86400), false), 7200, "summer");
	tap_eq_int(aur_when_offset(WALL(NOW), true), 0, "UTC");
}

/* Each hour of two years is found again. */
static void test_hours(void)
{
	bool good = true;

	zone(BERLIN, NOW);
	for (int64_t at = NOW - 2 * 366 * 86400; at < NOW; at += 1799) {
		struct aur_wall back = {0};
		struct aur_buf b;
		int64_t off;

		aur_buf_init(&b, 64);
		good = good &&
		       aur_when_add(&b, WALL(at), &base,
			   AUR_WHEN_SECONDS | AUR_WHEN_DATED) == 0 &&
		       aur_when_parse(aur_buf_peek(&b), &base, &back) == 0;
		off = (WALL(at).ns - back.ns) / AUR_SECOND_NS;
		if (!good || (off != 0 && off != 3600)) {
			good = false;
			printf("# %lld\n", (long long)at);
		}
		aur_buf_release(&b);
	}
	tap_ok(good, "all are found again, or the first of two");
}

static void test_format(void)
{
	char text[9];

	aur_when_format(WALL(1795357927), true, "%H:%M:%S", text, sizeof(text));
	tap_eq_str(text, "14:32:07", "a clock");
	aur_when_format(WALL(-1), true, "%H:%M:%S", text, sizeof(text));
	tap_eq_str(text, "23:59:59", "before 1970");
	aur_when_format(WALL(0), true, "%Y-%m-%d", text, sizeof(text));
	tap_eq_str(text, "", "without room nothing");
	aur_when_format(
	    WALL(INT64_MAX / AUR_SECOND_NS), true, "%Y", text, sizeof(text));
	tap_eq_str(text, "2262", "the last that there is");
}

int main(void)
{
	test_utc();
	test_format();
	test_from();
	test_mistakes();
	test_zone();
	test_text();
	test_hours();
	return tap_done();
}
