/* SPDX-License-Identifier: MIT */
/*
 * A history for tests, on top of lib/history:
 *
 *	makehistory FOLDER ID NAME FROM SECONDS [AT]
 *
 * A small machine that always counts the same is recorded once a second from
 * FROM (seconds since 1970) on. At AT, for a minute, all its CPUs are busy, a
 * process `spike` takes them and a gigabyte, and at its end is killed for
 * memory; for the minute after that nothing is recorded.
 *
 *	makehistory --live FOLDER SECONDS
 *
 * This machine is sampled once a second, and recorded; each sample is told on
 * stdout as aurora.status/1 and aurora.ps/1, as a live client would have.
 */
#include "fleet/fleet.h"
#include "history/history.h"
#include "json/json.h"
#include "tests/harness/fakefeed.h"

#include "base/limits.h"
#include "base/scan.h"

#include <stdlib.h>
#include <unistd.h>

#define FLUSH_EVERY 120 /* samples: the queue has an end */

static void die(const char *what, int rc)
{
	fprintf(stderr, "makehistory: %s: %d\n", what, rc);
	exit(1);
}

static int64_t number(const char *text)
{
	int64_t v;

	if (aur_scan_i64(aur_slice_str(text), &v) < 0)
		die(text, 0);
	return v;
}

static struct aur_history *open_history(
    const char *folder, const char *id, const char *name, size_t *ret_host)
{
	struct aur_history_options options = {.folder = folder, .record = true};
	struct aur_history *h = NULL;
	char why[1024] = "";
	int rc = aur_history_open(&h, &options, why, sizeof(why));

	if (rc < 0)
		die(why, rc);
	if (!aur_history_records(h))
		die("somebody else records", 0);
	rc = aur_history_host(h, id, name, ret_host);
	if (rc < 0)
		die("a host", rc);
	return h;
}

static void flush(struct aur_history *h)
{
	int rc = aur_history_flush(h, aur_span_seconds(30));

	if (rc < 0)
		die("flush", rc);
}

/* --- made up -------------------------------------------------------------- */

/* For so many seconds the process has had four CPUs. */
static void add_spike(struct aur_sample *s, uint64_t seconds)
{
	struct aur_part *cpu =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_CPU));
	size_t i =
	    fakefeed_process(s, 900, 1, "alice", "spike", "spike --password x");

	fakefeed_process_set(
	    s, i, AUR_PROCESS_cpu, seconds * 4 * (uint64_t)AUR_SECOND_NS);
	fakefeed_process_set(s, i, AUR_PROCESS_rss, 1ull << 30);
	if (aur_part_sort(
		aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS))) < 0 ||
	    cpu == NULL)
		die("memory", 0);
}

/* What was idle up to now is busy by so many hundredths. */
static void shift_cpu(struct aur_sample *s, uint64_t ticks)
{
	struct aur_part *p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_CPU));

	aur_part_set(
	    p, 0, AUR_CPU_user, aur_part_cell(p, 0, AUR_CPU_user) + ticks);
	aur_part_set(
	    p, 0, AUR_CPU_idle, aur_part_cell(p, 0, AUR_CPU_idle) - ticks);
}

static void put_killed(struct aur_history *h, size_t host,
    const struct aur_sample *s, struct aur_wall when)
{
	struct aur_event e = {
	    .number = 1,
	    .when = when,
	    .kind = aur_slice_str("oom_kill"),
	    .npair = 2,
	    .pair = {{aur_slice_str("name"), aur_slice_str("spike")},
		{aur_slice_str("pid"), aur_slice_str("900")}},
	};

	memcpy(e.boot_id, s->boot_id, sizeof(e.boot_id));
	aur_history_put_event(h, host, &e);
}

static int make(char **argv, int argc)
{
	int64_t from = number(argv[3]), n = number(argv[4]);
	int64_t at = argc > 5 ? number(argv[5]) - from : -1000;
	struct fakefeed f;
	size_t host;
	struct aur_history *h = open_history(argv[0], argv[1], argv[2], &host);

	fakefeed_init(&f);
	for (int64_t i = 0; i < n; i++) {
		int64_t in = i - at;
		struct aur_sample *s = fakefeed_machine_sample(&f, 4, 2);

		s->wall.ns = (from + i) * AUR_SECOND_NS;
		memset(s->boot_id, 0x5a, sizeof(s->boot_id));
		if (in >= 0)
			shift_cpu(s, (uint64_t)(in < 60 ? in + 1 : 60) * 180);
		if (in >= 0 && in < 60)
			add_spike(s, (uint64_t)in);
		if (in == 60)
			put_killed(h, host, s, s->wall);
		if (in < 60 || in >= 120)
			aur_history_put(h, host, s);
		aur_sample_unref(s);
		if (i % FLUSH_EVERY == FLUSH_EVERY - 1)
			flush(h);
	}
	flush(h);
	aur_history_close(h);
	fakefeed_release(&f);
	return 0;
}

/* --- as it comes ---------------------------------------------------------- */

struct live {
	struct aur_history *history;
	size_t host;
	struct aur_loop *loop;
	struct aur_feed *feed;
	int64_t left;
};

/* All that a client would say: of the host, without processes, and then of
 * these. */
static void tell(const struct aur_feed_host *h)
{
	struct aur_json_doc doc = {.now = aur_clock_wall()};
	struct aur_figures f;
	struct aur_json_host host = {
	    .host = h, .figures = &f, .age = {.ns = 0}};
	struct aur_buf b;
	uint32_t *rows;
	int rc = aur_figures_init(&f, h->before, h->now);
	size_t n = aur_figures_rows(&f, AUR_GROUP_PROCESSES);

	aur_buf_init(&b, AUR_MAX_JSON);
	rows = calloc(n + 1, sizeof(*rows));
	for (size_t i = 0; rows != NULL && i < n; i++)
		rows[i] = (uint32_t)i;
	if (rc == 0)
		rc = aur_json_status(&b, &doc, &host, 1);
	host.rows = rows;
	host.nrow = rows != NULL ? n : 0;
	if (rc == 0)
		rc = aur_json_ps(&b, &doc, &host, 1);
	free(rows);
	if (rc < 0)
		die("a document", rc);
	fputs(aur_buf_str(&b), stdout);
	aur_buf_release(&b);
	aur_figures_release(&f);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct live *l = arg;
	const struct aur_feed_host *h = l->feed->class->host(l->feed, host);

	if (h->state != AUR_HOST_UP && h->state != AUR_HOST_CONNECTING)
		die(h->error != NULL ? h->error : "lost", 0);
	if (!(changes & AUR_FEED_SAMPLE))
		return;
	aur_history_put(l->history, l->host, h->now);
	if (h->before != NULL)
		tell(h);
	if (--l->left <= 0)
		aur_loop_stop(l->loop);
}

static int live(char **argv)
{
	static const struct aur_fleet_host local = {
	    .name = "local", .via = AUR_FLEET_LOCAL};
	struct aur_want want = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = aur_want_process_all(),
	    .interval = {.ns = AUR_SECOND_NS},
	    .aligned = true,
	};
	struct aur_fleet_options options = {.once = true};
	struct live l = {.left = number(argv[1]) + 1};
	int rc;

	l.history = open_history(argv[0], "local", "local", &l.host);
	rc = aur_loop_new(&l.loop);
	if (rc == 0)
		rc = aur_fleet_new(&l.feed, l.loop, &local, 1, &options);
	if (rc < 0)
		die("a feed", rc);
	l.feed->class->listen(l.feed, on_change, &l);
	rc = l.feed->class->want(l.feed, 0, &want);
	if (rc == 0)
		rc = aur_loop_run(l.loop);
	if (rc < 0)
		die("the loop", rc);
	flush(l.history);
	aur_history_close(l.history);
	l.feed->class->free(l.feed);
	aur_loop_free(l.loop);
	return 0;
}

int main(int argc, char **argv)
{
	alarm(120);
	if (argc == 4 && strcmp(argv[1], "--live") == 0)
		return live(argv + 2);
	if (argc != 6 && argc != 7) {
		fprintf(stderr, "usage: makehistory FOLDER ID NAME FROM "
				"SECONDS [AT]\n"
				"       makehistory --live FOLDER SECONDS\n");
		return 2;
	}
	return make(argv + 1, argc - 1);
}
