/* SPDX-License-Identifier: MIT */
/* What happened while nobody looked, as a line. */
#include "tests/harness/tap.h"

#include "tui/morning.h"

#include <stdlib.h>
#include <time.h>

/* 2026-11-22 09:00:00 UTC */
#define NOW 1795338000ll

static struct tui_morning m;

static const char *name(void *arg, size_t host)
{
	static const char *const names[] = {"web1", "web2", "web3", "db1"};
	static char many[32];

	(void)arg;
	if (host < 4)
		return names[host];
	snprintf(many, sizeof(many), "node%zu", host);
	return many;
}

/* An event some minutes ago, with a pair or none. */
static void happens(
    size_t host, int ago, const char *kind, const char *key, const char *value)
{
	struct aur_event e = {.kind = aur_slice_str(kind),
	    .when = {(NOW - ago * 60) * AUR_SECOND_NS}};

	if (key != NULL)
		e.pair[e.npair++] = (struct aur_event_pair){
		    aur_slice_str(key), aur_slice_str(value)};
	tui_morning_add(&m, host, &e);
}

static void reads(const char *want)
{
	struct tui_morning_when when = {
	    .looked = {(NOW - 51600) * AUR_SECOND_NS},
	    .now = {NOW * AUR_SECOND_NS},
	    .utc = true};
	char line[512];

	tui_morning_text(&m, name, NULL, &when, line, sizeof(line));
	tap_eq_str(line, want, want);
	memset(&m, 0, sizeof(m));
}

static void test_sorts(void)
{
	happens(2, 124, "link_lost", "cause", "no route");
	happens(2, 100, "link_gap", "seconds", "1460");
	happens(2, 60, "link_gap", "seconds", "1000");
	happens(3, 50, "oom_kill", "count", "2");
	happens(1, 348, "reboot", "seconds", "40");
	reads("since yesterday 18:40: web2 rebooted 03:12, 2 OOM kills on db1, "
	      "web3 unreachable 41m \xc2\xb7 { goes there");
	happens(0, 5, "oom_kill", NULL, NULL);
	happens(0, 4, "unit_failed", "unit", "nginx.service");
	happens(1, 4, "unit_failed", "unit", "nginx.service");
	happens(1, 3, "unit_failed", "unit", "shop.service");
	happens(3, 3, "filesystem_full", "mount", "/srv");
	reads("since yesterday 18:40: 1 OOM kill on web1, nginx.service failed "
	      "on web1, 2 units failed on web2, /srv full on db1 \xc2\xb7 { "
	      "goes there");
	happens(1, 30, "reboot", NULL, NULL);
	happens(1, 20, "reboot", NULL, NULL);
	happens(2, 20, "unit_restarted", "unit", "shop.service");
	happens(3, 20, "link_gap", NULL, NULL);
	reads("since yesterday 18:40: web2 rebooted 2 times, shop.service "
	      "restarted on web3, db1 unreachable \xc2\xb7 { goes there");
}

static void test_nothing(void)
{
	reads("");
	happens(0, 5, "agent_start", "version", "1");
	happens(0, 5, "process_signal", "pid", "1");
	happens(0, 5, "tea_time", NULL, NULL);
	reads("");
}

/* Many hosts: what has no room is counted. */
static void test_many(void)
{
	struct tui_morning_when when = {
	    .now = {NOW * AUR_SECOND_NS}, .utc = true, .ascii = true};
	char line[512];

	for (size_t i = 10; i < 20; i++) {
		happens(i, 5, "reboot", NULL, NULL);
		happens(i, 4, "unit_failed", "unit", "x.service");
	}
	happens(10, 3, "unit_failed", "unit", "y.service");
	happens(2, 3, "filesystem_full", "mount", "/srv");
	reads("since yesterday 18:40: 10 hosts rebooted, 11 units failed on 10 "
	      "hosts, /srv full on web3 \xc2\xb7 { goes there");
	for (size_t i = 0; i < 3; i++) {
		happens(i, 5, "reboot", NULL, NULL);
		happens(i, 5, "filesystem_full", "mount", "/srv/some/where");
	}
	when.width = 78;
	tui_morning_text(&m, name, NULL, &when, line, sizeof(line));
	tap_ok(strlen(line) <= 78, "as wide as it may be: %zu", strlen(line));
	tap_ok(strstr(line, " more - { goes there") != NULL, "%s", line);
	memset(&m, 0, sizeof(m));
	for (size_t i = 10; i < 90; i++)
		happens(i, 5, "oom_kill", NULL, NULL);
	tui_morning_text(&m, name, NULL, &when, line, sizeof(line));
	tap_ok(strstr(line, "80 OOM kills") != NULL, "%s", line);
	memset(&m, 0, sizeof(m));
}

static void test_hostile(void)
{
	happens(0, 5, "unit_failed", "unit", "\033[31mred");
	happens(1, 5, "oom_kill", "count", "99999999999999999999");
	happens(2, 5, "link_gap", "seconds", "-1e300");
	happens(3, 5, "filesystem_full", "mount",
	    "/a-mount-with-a-name-that-has-no-room-in-a-line-of-the-morning");
	reads("since yesterday 18:40: 1 OOM kill on web2, \xef\xbf\xbd[31mred "
	      "failed on web1, filesystems full on db1, web3 unreachable "
	      "\xc2\xb7 { goes there");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	test_sorts();
	test_nothing();
	test_many();
	test_hostile();
	return tap_done();
}
