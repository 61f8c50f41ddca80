/* SPDX-License-Identifier: MIT */
/*
 * The screen over hosts that are scripted, for tests in a pseudo-terminal and
 * for measuring what it costs without any link:
 *
 *	topfake HOSTS [EXTRA [SECONDS [past]]]
 *
 * HOSTS hosts tell a sample a second, each with EXTRA processes beside its ten
 * (-1, the default: none). Host 2 goes stale after three seconds, host 3 has
 * never been reached; R makes both answer. `!` says which host a shell would
 * be opened on and waits for Enter. After SECONDS (0: never) it ends by itself,
 * and says on stderr what CPU time and memory it took. With "past" it has one
 * of a day (fakepast.h), in which java was killed on host 1 two hours ago and
 * shop.service failed on the last host an hour ago, and somebody looked three
 * hours ago.
 */
#include "tests/harness/fakepast.h"

#include "base/scan.h"
#include "tui/tui.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

struct fake {
	struct fakefeed feed;
	struct aur_loop *loop;
	struct aur_timer *timer;
	struct tui_door door;
	int extra;
	long left;
	bool mended;
	struct fakepast past;
	bool has_past;
};

static void tell(struct fake *f)
{
	struct fakefeed *feed = &f->feed;

	feed->seconds++;
	for (size_t i = 0; i < feed->n; i++) {
		unsigned wave =
		    (unsigned)(feed->seconds * 3) + (unsigned)i * 17;
		bool fails = i == 2 || (i == 1 && feed->seconds > 3);

		if (fails && !f->mended)
			continue;
		fakefeed_row(
		    feed, i, wave % 97, (unsigned)(i * 31 % 99), f->extra);
		fakefeed_host(feed, i)->received = aur_clock_mono();
	}
	f->past.to = feed->seconds;
	if (feed->seconds == 4 && feed->n > 1)
		fakefeed_host_state(
		    feed, 1, AUR_HOST_STALE, "reconnecting in 3s");
}

static void on_second(void *arg)
{
	struct fake *f = arg;

	if (f->left > 0 && --f->left == 0) {
		aur_loop_stop(f->loop);
		return;
	}
	f->mended = f->mended || f->feed.retries > 0;
	tell(f);
	aur_timer_start(f->timer, aur_span_ms(1000));
}

static bool on_shell(void *arg, size_t host, char *why, size_t size)
{
	struct fake *f = arg;
	char byte = 0;

	tui_door_leave(&f->door);
	printf("a shell on %s; Enter comes back\n",
	    fakefeed_host(&f->feed, host)->name);
	fflush(stdout);
	while (byte != '\n' && read(STDIN_FILENO, &byte, 1) > 0)
		;
	tui_door_return(&f->door);
	(void)why;
	(void)size;
	return true;
}

static void tell_cost(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	fprintf(stderr, "user %ld.%03ld s, system %ld.%03ld s, %ld KiB\n",
	    (long)r.ru_utime.tv_sec, (long)r.ru_utime.tv_usec / 1000,
	    (long)r.ru_stime.tv_sec, (long)r.ru_stime.tv_usec / 1000,
	    r.ru_maxrss);
}

/* A number that was given, or what it is else. */
static int number(int argc, char **argv, int i, int other)
{
	int64_t n;

	if (i >= argc || aur_scan_i64(aur_slice_str(argv[i]), &n) < 0)
		return other;
	return (int)n;
}

static void make_past(struct fake *f, struct tui_options *o)
{
	int64_t now = aur_clock_wall().ns / AUR_SECOND_NS;

	fakepast_init(&f->past, f->feed.n);
	fakepast_begin(&f->past, &f->feed, now);
	fakepast_event(&f->past, 0, -7200, "oom_kill", "name", "java");
	fakepast_event(&f->past, f->feed.n - 1, -3600, "unit_failed", "unit",
	    "shop.service");
	o->past = &f->past.f.feed;
	o->looked.ns = (now - 10800) * AUR_SECOND_NS;
	f->has_past = true;
}

int main(int argc, char **argv)
{
	struct fake f = {.extra = number(argc, argv, 2, -1),
	    .left = number(argc, argv, 3, 0)};
	struct tui_options o = {.sort = -1,
	    .interval = aur_span_ms(1000),
	    .team = "pixel",
	    .door = &f.door,
	    .shell = on_shell,
	    .shell_arg = &f};
	int status = 1;

	fakefeed_init_hosts(&f.feed, (size_t)number(argc, argv, 1, 3));
	if (f.feed.n > 2) {
		fakefeed_host(&f.feed, 2)->state = AUR_HOST_UNREACHABLE;
		fakefeed_host(&f.feed, 2)->error =
		    "connection refused: is sshd running on port 22?";
	}
	if (argc > 4)
		make_past(&f, &o);
	if (aur_loop_new(&f.loop) == 0 &&
	    aur_timer_new(f.loop, on_second, &f, &f.timer) == 0) {
		aur_timer_start(f.timer, aur_span_ms(10));
		status = tui_run(f.loop, &f.feed.feed, &o);
	}
	aur_timer_free(f.timer);
	aur_loop_free(f.loop);
	fakefeed_release(&f.feed);
	if (f.has_past)
		fakepast_release(&f.past);
	if (argc > 3 && f.left >= 0 && argc < 5)
		tell_cost();
	return status;
}
