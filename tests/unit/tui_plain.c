/* SPDX-License-Identifier: MIT */
/* Lines of text from figures: what is told, and what is not. */
#include "tests/harness/fail.h"
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/limits.h"
#include "tui/plain.h"

#include <stdlib.h>

static struct fakefeed feed;
static struct tui_plain plain;
static struct aur_figures figures;
static struct aur_buf out;
static uint64_t busy, idle; /* of the CPU so far, hundredths of a second */

/* One second on, with `percent` of the CPU taken by pid 4711. */
static void second(unsigned percent, const char *name)
{
	struct aur_sample *s = fakefeed_machine_sample(&feed, 1, 0);
	size_t i;

	busy += percent;
	idle += 100 - percent;
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_user, busy);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_system, 0);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_iowait, 0);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_idle, idle);
	i = fakefeed_process(s, 4711, 1, "alice", name, name);
	fakefeed_process_set(s, i, AUR_PROCESS_cpu, busy * 30000000ull);
	fakefeed_push(&feed, s);
	aur_figures_release(&figures);
	if (aur_figures_init(&figures, feed.host.before, feed.host.now) < 0)
		exit(99);
}

static const char *text(void)
{
	const char *s = aur_buf_str(&out);

	return s != NULL ? s : "";
}

/* What the change of this second gives. */
static const char *changes(unsigned percent)
{
	second(percent, "gcc");
	aur_buf_clear(&out);
	if (tui_plain_changes(&plain, &figures, &out) < 0)
		exit(99);
	return text();
}

static const char *command(const char *line)
{
	aur_buf_clear(&out);
	if (tui_plain_command(&plain, aur_slice_str(line), &figures, &out) < 0)
		exit(99);
	return text();
}

static void test_changes(void)
{
	second(12, "gcc");
	second(12, "gcc");
	tap_eq_str(changes(12), "", "the first values are news to nobody");
	tap_eq_str(changes(31), "", "a small change is not told");
	tap_eq_str(changes(31), "", "nor when it lasts");
	tap_eq_str(changes(95), "", "a large one has to last");
	tap_eq_str(changes(12), "", "this one did not");
	tap_eq_str(changes(95), "", "up,");
	tap_eq_str(changes(42),
	    "14:32:09 cpu 42 %, was 12 %; busiest gcc (pid 4711) 100 %\n",
	    "up again: told, against what was told last");
	tap_eq_str(changes(42), "", "once");
	tap_eq_str(changes(0), "", "down,");
	tap_ok(strncmp(changes(2), "14:32:12 cpu 2 %, was 42 %", 26) == 0,
	    "and still");
}

static void test_commands(void)
{
	tap_ok(strncmp(command(""), "14:32:12 cpu", 12) == 0, "Enter repeats");
	tap_ok(strstr(command("s"), "\ncpu 2 %, load 1.20") != NULL,
	    "s: the summary");
	tap_ok(
	    strstr(text(), "memory 50 %, 8.0G of 16.0G; swap 25 %\n") != NULL,
	    "memory in it");
	tap_ok(strstr(text(), "fullest filesystem /") != NULL, "and the disk");
	command("");
	tap_ok(strstr(text(), "load 1.20") != NULL, "Enter: that again");
	tap_ok(strncmp(command(" p \r"), "10 of ", 6) == 0, "p");
	tap_ok(strncmp(command("p 1"), "1 of ", 5) == 0, "p 1");
	tap_eq_str(command("p x"), "no command 'p x'; h lists them\n", "p x");
	tap_eq_str(command("p 99999999999999999999999"),
	    "no command 'p 99999999999999999999999'; h lists them\n",
	    "a number that is none");
	tap_ok(strstr(command("h"), "q: quits") != NULL, "help");
	tap_ok(!plain.quit && command("q")[0] == '\0' && plain.quit, "q");
	tap_eq_str(command("\033[2J\xff"),
	    "no command '\xef\xbf\xbd[2J\xef\xbf\xbd'; h lists them\n",
	    "nothing typed moves the cursor");
}

static void test_threads(void)
{
	struct aur_sample *s = fakefeed_machine_sample(&feed, 1, 0);

	tap_ok(strchr(command("p 1"), '\n') != NULL &&
		   strstr(text(), "thread") == NULL,
	    "no word of threads where none are asked for");
	fakefeed_thread(s, 412, 411, "wal\033writer", 0);
	fakefeed_thread(s, 9999, 9998, "orphan", 0);
	fakefeed_push(&feed, s);
	aur_figures_release(&figures);
	tap_ok(aur_figures_init(&figures, feed.host.before, feed.host.now) == 0,
	    "a sample with threads");
	plain.list.threads = true;
	command("p");
	tap_ok(strncmp(text(), "10 of 10 processes and 2 threads\n", 33) == 0,
	    "how many");
	command("p 20");
	tap_ok(strstr(text(),
		   "\nwal\xef\xbf\xbdwriter, thread 412 of postgres (pid 411), "
		   "postgres, cpu ") != NULL,
	    "a thread and whose it is");
	tap_ok(
	    strstr(text(), "\norphan, thread 9999 of  (pid 9998), ") == NULL &&
		strstr(text(), "\norphan, thread 9999 of pid 9998, ") != NULL,
	    "whose process has gone");
	plain.list.threads = false;
}

static void test_hostile(void)
{
	plain.ascii = true;
	plain.list.sort = AUR_COLUMN_PID;
	plain.list.descending = true;
	second(90, "\033]0;x\007\nme\xe2\x80\xae");
	second(90, "\033]0;x\007\nme\xe2\x80\xae");
	tap_ok(
	    strstr(command("p 1"), "\n?]0;x??me?, pid 4711, alice, ") != NULL,
	    "a name is made harmless");
	plain.ascii = false;
	command("p 1");
	tap_ok(strchr(text(), '\033') == NULL && strchr(text(), '\007') == NULL,
	    "in UTF-8 too: %s", text());
}

static void state(enum aur_host_state to, const char *error)
{
	feed.host.state = to;
	feed.host.error = error;
	aur_buf_clear(&out);
	if (tui_plain_state(&plain, &feed.host,
		(struct aur_wall){AUR_SECOND_NS * 3661}, &out) < 0)
		exit(99);
}

static void test_state(void)
{
	state(AUR_HOST_STALE, "no sample for 5 s");
	tap_eq_str(text(), "01:01:01 local is stale: no sample for 5 s\n",
	    "another state is told");
	state(AUR_HOST_STALE, "no sample for 6 s");
	tap_eq_str(text(), "", "once");
	state(AUR_HOST_UP, NULL);
	tap_eq_str(text(), "01:01:01 local is up\n", "and its end");
}

static void test_nothing(void)
{
	struct aur_figures none = {0};

	aur_buf_clear(&out);
	tap_ok(tui_plain_command(&plain, aur_slice_str("s"), &none, &out) == 0,
	    "a command before the first sample");
	tap_eq_str(text(), "nothing has come yet\n", "is answered");
}

static void test_memory(void)
{
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		aur_buf_release(&out);
		aur_buf_init(&out, AUR_MAX_FRAME);
		rc = tui_plain_command(
		    &plain, aur_slice_str("p"), &figures, &out);
		if (!fail_end())
			break;
		if (rc != AUR_ENOMEM)
			tap_eq_int(rc, AUR_ENOMEM, "out of memory is said");
	}
	tap_eq_int(rc, 0, "with memory it is no more");
}

int main(void)
{
	struct tui_options o = {.sort = -1, .utc = true};

	fakefeed_init(&feed);
	aur_buf_init(&out, AUR_MAX_FRAME);
	if (tui_plain_init(&plain, &o) < 0)
		return 99;
	plain.state = AUR_HOST_UP;
	test_changes();
	test_commands();
	test_threads();
	test_hostile();
	test_state();
	test_nothing();
	test_memory();
	tui_plain_release(&plain);
	aur_figures_release(&figures);
	aur_buf_release(&out);
	fakefeed_release(&feed);
	return tap_done();
}
