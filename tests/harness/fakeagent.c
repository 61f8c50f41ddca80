/* SPDX-License-Identifier: MIT */
/*
 * An agent by script: speaks the protocol on stdin and stdout for a machine
 * that always counts the same (fakefeed), whatever its arguments are. So a
 * thousand hosts cost a thousand small processes, and
 *
 *	AURORA_SSH=tests/harness/fakeagent aurora status --watch h1..1000
 *
 * measures the client and nothing else. AUR_FAKE_CPUS, AUR_FAKE_PROCESSES:
 * how large a machine; AUR_FAKE_SKEW_MS: how far its clock is ahead;
 * AUR_FAKE_NAMES: what has a name there means harm by it.
 */
#include "tests/harness/fakefeed.h"

#include "agentd/serve.h"
#include "base/err.h"
#include "base/scan.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

struct machine {
	struct fakefeed feed;
	struct aur_span interval;
	unsigned cpus, processes;
	struct aur_span skew;
	bool hostile;
};

static unsigned number(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);
	uint64_t n;

	if (text == NULL || aur_scan_u64(aur_slice_str(text), &n) < 0 ||
	    n > 100000)
		return otherwise;
	return (unsigned)n;
}

static struct aur_span skew(void)
{
	const char *text = getenv("AUR_FAKE_SKEW_MS");
	int64_t n;

	if (text == NULL || aur_scan_i64(aur_slice_str(text), &n) < 0 ||
	    n > 1000000000 || n < -1000000000)
		return aur_span_ms(0);
	return aur_span_ms(n);
}

static struct serve_now now(const struct machine *m)
{
	struct serve_now now = {aur_clock_mono(), aur_clock_wall()};

	now.wall.ns += m->skew.ns;
	return now;
}

static bool want(void *arg, const struct aur_want *w)
{
	struct machine *m = arg;

	m->interval = w->interval;
	return false;
}

/* Who draws on the screen, sets its title, ends lines, is no UTF-8. */
static void add_names(struct aur_sample *s)
{
	static const char *const bad[] = {"\033[2J\033]0;owned\007",
	    "a\nb\tc\r", "\xff\xfe\x80", "\xc2\x9b\x32J", "\x7f\b\b\b"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		size_t n =
		    fakefeed_process(s, 5000 + i, 1, bad[i], bad[i], bad[i]);

		fakefeed_process_set(s, n, AUR_PROCESS_rss, 1 << 20);
		fakefeed_set(s, AUR_DOMAIN_DISK, bad[i], AUR_DISK_whole, 1);
		fakefeed_set(
		    s, AUR_DOMAIN_NETWORK, bad[i], AUR_NETWORK_counted, 1);
	}
	fakefeed_text(s, AUR_DOMAIN_SYSTEM, NULL, AUR_SYSTEM_hostname, bad[0]);
}

static int sample(void *arg, aur_collect_part_fn part, void *part_arg,
    struct aur_sample **ret_sample)
{
	struct machine *m = arg;
	struct aur_sample *s =
	    fakefeed_machine_sample(&m->feed, m->cpus, m->processes);

	if (s == NULL)
		return AUR_ENOMEM;
	s->interval = m->interval;
	s->wall = now(m).wall;
	if (m->hostile)
		add_names(s);
	for (size_t i = 0; part != NULL && i < s->npart; i++)
		part(part_arg, s, &s->part[i]);
	*ret_sample = s;
	return 0;
}

/* Writes what there is; false when nobody reads any more. */
static bool flush(struct serve *s)
{
	for (;;) {
		struct aur_slice out = serve_out(s);
		ssize_t n;

		if (out.n == 0)
			return true;
		n = write(STDOUT_FILENO, out.p, out.n);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			serve_sent(s, (size_t)n);
	}
}

static bool turn(struct serve *s, const struct machine *m)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	struct aur_span wait = serve_wait(s, now(m));
	static uint8_t chunk[65536];
	ssize_t n;
	int ms = wait.ns < 0 ? -1 : (int)((wait.ns + 999999) / 1000000);

	if (poll(&p, 1, ms) < 0 && errno != EINTR)
		return false;
	if (p.revents != 0) {
		n = read(STDIN_FILENO, chunk, sizeof chunk);
		if (n <= 0 ||
		    serve_put(s, aur_slice_of(chunk, (size_t)n), now(m)) < 0)
			return false;
	}
	return serve_step(s, now(m)) == 0 && flush(s);
}

int main(void)
{
	struct machine m = {.cpus = number("AUR_FAKE_CPUS", 4),
	    .processes = number("AUR_FAKE_PROCESSES", 0),
	    .interval = {.ns = AUR_SECOND_NS},
	    .skew = skew(),
	    .hostile = number("AUR_FAKE_NAMES", 0) > 0};
	struct serve_source source = {
	    .arg = &m, .want = want, .sample = sample};
	struct serve_options options = {.viewer = true};
	struct serve *s;

	fakefeed_init(&m.feed);
	if (serve_new(&s, &source, &options, now(&m)) < 0)
		return 1;
	while (turn(s, &m))
		;
	serve_free(s);
	fakefeed_release(&m.feed);
	return 0;
}
