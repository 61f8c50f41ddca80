/* SPDX-License-Identifier: MIT */
/* Documents of what was kept: whole ones, hostile texts, every allocation. */
#include "json/diff.h"
#include "json/kept.h"

#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/jsonfail.h"
#include "tests/harness/tap.h"

#define AT(s) ((struct aur_wall){(1795332300 + (s)) * AUR_SECOND_NS})

static const struct aur_json_doc doc = {.now = {1795332309123000000}};

static void is(struct aur_buf *b, int rc, const char *want, const char *text)
{
	tap_eq_int(rc, 0, text);
	tap_eq_str(rc == 0 ? aur_buf_str(b) : NULL, want, "as it should be");
	aur_buf_clear(b);
}

static int history(struct aur_buf *b)
{
	static const struct aur_point points[] = {
	    {1, 2, 3, 5}, {NAN, NAN, NAN, 0}};
	static const double values[] = {17179869184.25, NAN};
	const struct aur_wall time[] = {AT(1), AT(3)};
	struct aur_json_series s = {
	    .host = "web1",
	    .metric = aur_slice_str("disks[a\"\033\xff].await_ms"),
	    .unit = AUR_UNIT_MILLISECONDS,
	    .step = {5 * AUR_SECOND_NS},
	    .summary = {1, 2, 3.00049, AT(1), AT(2)},
	    .from = AT(0),
	    .point = points,
	    .n = 2,
	};
	int rc = aur_json_history_begin(b, &doc, AT(0), AT(10));

	if (rc == 0)
		rc = aur_json_history_add(b, &s, true);
	s.step.ns = 0;
	s.time = time;
	s.value = values;
	s.summary = (struct aur_json_summary){NAN, NAN, NAN, {0}, {0}};
	if (rc == 0)
		rc = aur_json_history_add(b, &s, false);
	return rc < 0 ? rc : aur_json_history_end(b);
}

static const char history_text[] =
    "{\"schema\":\"aurora.history/1\",\"time\":\"2026-11-22T07:25:09.123Z\","
    "\"team\":null,\"from\":\"2026-11-22T07:25:00.000Z\","
    "\"to\":\"2026-11-22T07:25:10.000Z\",\"series\":["
    "{\"host\":\"web1\","
    "\"metric\":\"disks[a\\\"\\u001B\xef\xbf\xbd].await_ms\","
    "\"unit\":\"milliseconds\",\"step_seconds\":5.0,\"min\":1.0,"
    "\"min_at\":\"2026-11-22T07:25:01.000Z\",\"mean\":2.0,\"max\":3.0,"
    "\"max_at\":\"2026-11-22T07:25:02.000Z\",\"points\":["
    "[\"2026-11-22T07:25:00.000Z\",1.0,2.0,3.0],"
    "[\"2026-11-22T07:25:05.000Z\",null,null,null]]},"
    "{\"host\":\"web1\","
    "\"metric\":\"disks[a\\\"\\u001B\xef\xbf\xbd].await_ms\","
    "\"unit\":\"milliseconds\",\"step_seconds\":null,\"min\":null,"
    "\"min_at\":null,\"mean\":null,\"max\":null,\"max_at\":null,"
    "\"points\":[[\"2026-11-22T07:25:01.000Z\",17179869184.25,17179869184.25,"
    "17179869184.25],[\"2026-11-22T07:25:03.000Z\",null,null,null]]}]}\n";

static int events(struct aur_buf *b)
{
	struct aur_event event = {
	    .number = UINT64_MAX,
	    .when = AT(1),
	    .kind = aur_slice_str("oom_kill"),
	    .npair = 2,
	    .pair = {{aur_slice_str("name"), aur_slice_str("ja\xffva")},
		{aur_slice_str("pid"), aur_slice_str("77")}},
	};
	struct aur_json_event e = {"web1", &event, aur_slice_str("killed")};
	int rc = aur_json_events_begin(b, &doc);

	if (rc == 0)
		rc = aur_json_events_add(b, &e, true);
	memset(event.boot_id, 0xab, 16);
	event.npair = 0;
	if (rc == 0)
		rc = aur_json_events_add(b, &e, false);
	memcpy(event.boot_id, AUR_EVENT_CLIENT, 16);
	event.number = 5;
	if (rc == 0)
		rc = aur_json_events_add(b, &e, false);
	return rc < 0 ? rc : aur_json_events_end(b);
}

static const char events_text[] =
    "{\"schema\":\"aurora.events/1\",\"time\":\"2026-11-22T07:25:09.123Z\","
    "\"team\":null,\"events\":["
    "{\"host\":\"web1\",\"time\":\"2026-11-22T07:25:01.000Z\","
    "\"kind\":\"oom_kill\",\"text\":\"killed\",\"boot_id\":null,"
    "\"number\":9223372036854775807,"
    "\"values\":{\"name\":\"ja\xef\xbf\xbdva\",\"pid\":\"77\"}},"
    "{\"host\":\"web1\",\"time\":\"2026-11-22T07:25:01.000Z\","
    "\"kind\":\"oom_kill\",\"text\":\"killed\","
    "\"boot_id\":\"abababab-abab-abab-abab-abababababab\","
    "\"number\":9223372036854775807,\"values\":{}},"
    "{\"host\":\"web1\",\"time\":\"2026-11-22T07:25:01.000Z\","
    "\"kind\":\"oom_kill\",\"text\":\"killed\",\"boot_id\":null,"
    "\"number\":5,\"values\":{}}]}\n";

static int diff(struct aur_buf *b)
{
	const struct aur_json_moved moved[] = {
	    {aur_slice_str("load.one"), AUR_UNIT_COUNT,
		{.type = AUR_VALUE_REAL, .d = 1.5}, {.type = AUR_VALUE_NULL}}};
	const struct aur_json_changed process[] = {
	    {aur_slice_str("a"), aur_slice_str("root"), 5, 77, {0, NAN, NAN},
		{1, NAN, 4096}},
	    {aur_slice_str("b"), aur_slice_str(""), 0, 0, {2, 1, 1},
		{0, NAN, NAN}},
	    {aur_slice_str("c"), aur_slice_str(""), 0, 0, {2, 1, 1}, {3, 2, 2}},
	};
	const struct aur_json_diff d = {
	    .a = {"web1", "up", NULL, AT(0)},
	    .b = {"web2", "unreachable", "why", {0}},
	    .value = moved,
	    .nvalue = 1,
	    .process = process,
	    .nprocess = 3,
	};

	return aur_json_diff(b, &doc, &d);
}

static const char diff_text[] =
    "{\"schema\":\"aurora.diff/1\",\"time\":\"2026-11-22T07:25:09.123Z\","
    "\"team\":null,"
    "\"a\":{\"host\":\"web1\",\"state\":\"up\",\"error\":null,"
    "\"sampled_at\":\"2026-11-22T07:25:00.000Z\"},"
    "\"b\":{\"host\":\"web2\",\"state\":\"unreachable\",\"error\":\"why\","
    "\"sampled_at\":null},"
    "\"values\":[{\"metric\":\"load.one\",\"unit\":\"count\",\"a\":1.5,"
    "\"b\":null}],\"processes\":{"
    "\"new\":[{\"pid\":5,\"start_ticks\":77,\"name\":\"a\",\"user\":\"root\","
    "\"a\":null,\"b\":{\"count\":1,\"cpu_percent\":null,\"rss_bytes\":4096.0}}"
    "],\"gone\":[{\"pid\":null,\"start_ticks\":null,\"name\":\"b\","
    "\"user\":null,\"a\":{\"count\":2,\"cpu_percent\":1.0,\"rss_bytes\":1.0},"
    "\"b\":null}],\"moved\":[{\"pid\":null,\"start_ticks\":null,\"name\":\"c\","
    "\"user\":null,\"a\":{\"count\":2,\"cpu_percent\":1.0,\"rss_bytes\":1.0},"
    "\"b\":{\"count\":3,\"cpu_percent\":2.0,\"rss_bytes\":2.0}}]}}\n";

static void test_empty(struct aur_buf *b)
{
	int rc = aur_json_history_begin(b, &doc, AT(0), AT(1));

	if (rc == 0)
		rc = aur_json_history_end(b);
	tap_eq_int(rc, 0, "a history without series");
	tap_ok(strstr(aur_buf_str(b), ",\"series\":[]}\n") != NULL,
	    "is a whole document");
	aur_buf_clear(b);
}

/* A buffer may do with less memory than it would like: then all is there. */
static void test_failing(
    int (*make)(struct aur_buf *), const char *want, const char *text)
{
	unsigned long nth = 1;
	bool good = true;

	for (; fail_begin(nth); nth++) {
		struct aur_buf b;
		int rc;

		aur_buf_init(&b, 1 << 16);
		rc = make(&b);
		if (!fail_end()) {
			good = good && rc == 0;
			aur_buf_release(&b);
			break;
		}
		good = good &&
		       (rc == AUR_ENOMEM ||
			   (rc == 0 && strcmp(aur_buf_str(&b), want) == 0));
		aur_buf_release(&b);
	}
	tap_ok(good && nth > 5, "%s: each of %lu allocations failed once", text,
	    nth - 1);
}

int main(void)
{
	struct aur_buf b;

	jsonfail_begin();
	aur_buf_init(&b, 1 << 16);
	is(&b, history(&b), history_text, "a history");
	is(&b, events(&b), events_text, "events");
	is(&b, diff(&b), diff_text, "differences");
	test_empty(&b);
	aur_buf_release(&b);
	test_failing(history, history_text, "history");
	test_failing(events, events_text, "events");
	test_failing(diff, diff_text, "diff");
	return tap_done();
}
