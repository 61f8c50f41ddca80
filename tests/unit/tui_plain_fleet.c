/* SPDX-License-Identifier: MIT */
/* Several hosts as lines of text. */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/mem.h"
#include "tui/plain_fleet.h"

static struct fakefeed feed;
static struct tui_plain_fleet p;
static struct aur_buf out;
static int rc;

static struct aur_wall wall(void)
{
	return (struct aur_wall){(1795357920 + feed.seconds) * AUR_SECOND_NS};
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	(void)arg;
	p.fleet.now.ns = feed.seconds * AUR_SECOND_NS;
	if (rc == 0)
		rc = tui_plain_fleet_change(&p, host, changes, wall(), &out);
}

static const char *said(void)
{
	static char text[16384];

	snprintf(text, sizeof(text), "%.*s", (int)out.n,
	    out.n > 0 ? aur_buf_str(&out) : "");
	aur_buf_clear(&out);
	return text;
}

static const char *ask(const char *line)
{
	aur_buf_clear(&out);
	tap_eq_int(
	    tui_plain_fleet_command(&p, aur_slice_str(line), wall(), &out), 0,
	    line);
	return said();
}

static void begin(size_t n)
{
	struct tui_options o = {.sort = -1,
	    .utc = true,
	    .team = "pixel",
	    .interval = aur_span_ms(1000)};

	rc = 0;
	fakefeed_init_hosts(&feed, n);
	aur_buf_init(&out, 1u << 20);
	tap_eq_int(tui_plain_fleet_init(&p, &feed.feed, &o), 0, "init");
	feed.feed.class->listen(&feed.feed, on_change, NULL);
}

static void end(void)
{
	tap_eq_int(rc, 0, "all was told");
	tui_plain_fleet_release(&p);
	aur_buf_release(&out);
	fakefeed_release(&feed);
}

static void second(unsigned cpu)
{
	feed.seconds++;
	for (size_t i = 0; i < feed.n; i++)
		if (fakefeed_host(&feed, i)->error == NULL)
			fakefeed_row(&feed, i, i == 0 ? cpu : 5, 40, 0);
}

static void test_told(void)
{
	begin(3);
	fakefeed_host_state(
	    &feed, 2, AUR_HOST_UNREACHABLE, "connection refused");
	second(10);
	tap_ok(!tui_plain_fleet_is_ready(&p), "one sample is too few");
	second(10);
	tap_ok(tui_plain_fleet_is_ready(&p), "two of each that answers");
	tap_eq_str(said(), "", "nothing is said before the summary");
	tap_eq_int(tui_plain_fleet_summary(&p, wall(), &out), 0, "summary");
	tap_eq_str(said(),
	    "14:32:02 team pixel, 3 hosts: 2 up, 1 unreachable\n"
	    "web3, unreachable: connection refused\n"
	    "web1, cpu 10 %, memory 40 %, load 1.00\n"
	    "web2, cpu 5 %, memory 40 %, load 1.07\n",
	    "which is this");
	for (int i = 0; i < 3; i++)
		second(10);
	(void)said();
	second(90);
	second(90);
	tap_ok(strstr(said(), "web1: cpu 90 %, was") != NULL,
	    "a change, with its host");
	fakefeed_host_state(
	    &feed, 1, AUR_HOST_STALE, "reconnecting in \033[31m3 s");
	tap_eq_str(said(),
	    "14:32:07 web2 is stale: reconnecting in \xef\xbf\xbd[31m3 s\n",
	    "a state, harmless");
	fakefeed_host_state(&feed, 2, AUR_HOST_AUTH_FAILED, "no key fits");
	tap_ok(strstr(said(), "web3 is login refused: no key fits") != NULL,
	    "in words");
	end();
}

static void test_commands(void)
{
	begin(3);
	second(10);
	second(10);
	tap_eq_int(tui_plain_fleet_summary(&p, wall(), &out), 0, "summary");
	tap_ok(strstr(ask("s web2"), "build7, up for") != NULL, "of one");
	tap_ok(strstr(ask("l"), "web3, cpu 5 %") != NULL, "a line of each");
	tap_ok(strstr(ask("p 2"), "2 of 30 processes\nweb1: cc1, pid 521") ==
		   ask("p 2"),
	    "processes of all");
	tap_ok(strstr(ask(""), "2 of 30") != NULL, "Enter repeats");
	tap_ok(strstr(ask("r web3"), "trying") != NULL && feed.retried == 2,
	    "again");
	tap_ok(strstr(ask("s web9"), "no command or host 's web9'") != NULL,
	    "nobody");
	tap_ok(strstr(ask("h"), "s web1: of one host") != NULL, "help");
	(void)ask("q");
	tap_ok(p.quit, "q");
	end();
}

static void test_many(void)
{
	begin(40);
	second(10);
	second(10);
	tap_eq_int(tui_plain_fleet_summary(&p, wall(), &out), 0, "summary");
	tap_ok(strstr(said(), "the busiest:\nweb1, cpu 10 %") != NULL &&
		   p.fleet.shown == 40,
	    "of many the busiest");
	second(90);
	second(90);
	second(90);
	tap_eq_str(said(), "", "a change of one of many is not told");
	fakefeed_host_state(&feed, 9, AUR_HOST_STALE, NULL);
	tap_eq_str(said(), "14:32:05 web10 is stale\n", "its state is");
	end();
}

static int fail_nth(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

static void test_memory(void)
{
	struct tui_options o = {.sort = -1};
	unsigned long nth = 1;
	int got = AUR_ENOMEM;

	fakefeed_init_hosts(&feed, 3);
	for (; got == AUR_ENOMEM && nth < 100; nth++) {
		aur_mem_set_fail(fail_nth, &nth);
		got = tui_plain_fleet_init(&p, &feed.feed, &o);
		aur_mem_set_fail(NULL, NULL);
		tui_plain_fleet_release(&p);
	}
	tap_ok(got == 0 && nth > 3, "every allocation may fail (%lu)", nth);
	fakefeed_release(&feed);
}

int main(void)
{
	test_told();
	test_commands();
	test_many();
	test_memory();
	return tap_done();
}
