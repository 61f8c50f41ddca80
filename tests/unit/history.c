/* SPDX-License-Identifier: MIT */
/* lib/history: what was put comes back. */
#include "history/history.h"

#include "base/err.h"
#include "tests/unit/history_make.h"

#include <time.h>

#define SPIKE_HOSTS 10

static void same_samples(struct aur_sample *a0, struct aur_sample *a,
    struct aur_sample *b0, struct aur_sample *b, const char *text)
{
	size_t differ = hist_differ(a0, a, b0, b, true);

	tap_eq_u64(differ, 0, text);
}

/* Ten minutes live, as text said then, as it says later. */
static void test_live(void)
{
	struct hist x;
	struct aur_sample *live[600], *now, *before;
	struct aur_want want = hist_want_all();
	struct aur_wall t;
	size_t bad = 0, missing = 0;

	hist_open(&x, true);
	for (int i = 0; i < 600; i++) {
		live[i] = hist_sample(&x, 0);
		aur_history_put(x.h, x.host[0], live[i]);
	}
	tap_eq_int(aur_history_flush(x.h, aur_span_ms(5000)), 0, "flushed");
	for (int i = 1; i < 600; i++) {
		int rc = aur_history_at(
		    x.h, x.host[0], live[i]->wall, &want, &before, &now);

		if (rc < 0) {
			missing++;
			continue;
		}
		if (now->wall.ns != live[i]->wall.ns || before == NULL ||
		    before->wall.ns != live[i - 1]->wall.ns ||
		    hist_differ(live[i - 1], live[i], before, now, false) > 0)
			bad++;
		aur_sample_unref(now);
		aur_sample_unref(before);
	}
	tap_eq_u64(missing, 0, "every second is there");
	tap_eq_u64(bad, 0, "and says what it said live");
	tap_eq_int(aur_history_step(x.h, x.host[0], live[300]->wall, 1, &t), 0,
	    "a step on");
	tap_eq_int(t.ns, live[301]->wall.ns, "is a second");
	tap_eq_int(aur_history_step(x.h, x.host[0], live[300]->wall, -1, &t), 0,
	    "a step back");
	tap_eq_int(t.ns, live[299]->wall.ns, "is one, too");
	tap_ok(aur_history_trouble(x.h) == NULL, "no trouble");
	tap_ok(hist_private(&x), "files are their owner's alone");
	for (int i = 0; i < 600; i++)
		aur_sample_unref(live[i]);
	hist_close(&x);
}

static void is_bounded(
    struct hist *x, struct aur_wall first, struct aur_wall last, const char *as)
{
	struct aur_wall from = {0}, to = {0};

	tap_ok(aur_history_bounds(x->h, x->host[0], &from, &to) &&
		   from.ns == first.ns && to.ns == last.ns,
	    "bounds: %s", as);
	if (from.ns != first.ns || to.ns != last.ns)
		printf("# %+lld s, %+lld s\n",
		    (long long)((from.ns - first.ns) / AUR_SECOND_NS),
		    (long long)((to.ns - last.ns) / AUR_SECOND_NS));
}

/* Of all weeks, what was not rolled up. */
static void drop_blocks(const struct hist *x)
{
	char command[128], path[256];
	FILE *f;

	snprintf(command, sizeof(command), "ls '%s'/*W*.db", x->folder);
	f = popen(command, "r");
	hist_must(f != NULL, "ls");
	while (fgets(path, sizeof(path), f) != NULL) {
		sqlite3 *db = NULL;

		path[strcspn(path, "\n")] = '\0';
		hist_must(sqlite3_open(path, &db) == SQLITE_OK &&
			      sqlite3_exec(db, "DELETE FROM block", NULL, NULL,
				  NULL) == SQLITE_OK,
		    "blocks go");
		sqlite3_close(db);
	}
	pclose(f);
}

/* Begin and end of what is there are those of samples while there are any. */
static void test_bounds(
    struct hist *x, struct aur_wall first, struct aur_wall last)
{
	const int64_t step = 10 * AUR_SECOND_NS;

	is_bounded(x, first, last, "with tiers");
	drop_blocks(x);
	first.ns -= first.ns % step;
	last.ns -= last.ns % step;
	is_bounded(
	    x, first, last, "of tiers alone, to the steps of the finest");
}

/* Two hours live; the log becomes blocks, and nothing else changes. */
static void test_packed(void)
{
	struct hist x;
	struct aur_sample *now, *before, *later, *later_before;
	struct aur_want want = hist_want_all();
	struct aur_wall first = {0}, mid, last = {0};

	hist_open(&x, true);
	for (int i = 0; i < 7200; i++) {
		struct aur_sample *s = hist_sample(&x, 0);

		if (i == 0)
			first = s->wall;
		last = s->wall;
		aur_history_put(x.h, x.host[0], s);
		aur_sample_unref(s);
		if (i % 1000 == 999)
			tap_eq_int(aur_history_flush(x.h, aur_span_ms(9000)), 0,
			    "flushed");
	}
	tap_eq_int(aur_history_flush(x.h, aur_span_ms(9000)), 0, "flushed");
	is_bounded(&x, first, last, "live");
	mid.ns = first.ns + 1800 * AUR_SECOND_NS;
	tap_eq_int(aur_history_at(x.h, x.host[0], mid, &want, &before, &now), 0,
	    "a moment of the log");
	tap_eq_int(
	    aur_history_tidy(x.h, aur_wall_add(last, aur_span_ms(7200 * 1000)),
		aur_span_ms(30000)),
	    0, "packed");
	tap_eq_int(
	    aur_history_at(x.h, x.host[0], mid, &want, &later_before, &later),
	    0, "the same of blocks");
	same_samples(before, now, later_before, later, "which say the same");
	tap_ok(hist_rows(&x, "log") == 0, "the log is empty");
	tap_ok(hist_rows(&x, "block") > 0, "blocks are there");
	aur_sample_unref(now);
	aur_sample_unref(before);
	aur_sample_unref(later);
	aur_sample_unref(later_before);
	test_bounds(&x, first, last);
	hist_close(&x);
}

struct heard {
	unsigned events, told;
	char kind[32];
	uint64_t number;
	unsigned tables;
	struct aur_wall table; /* the last */
	bool chain;
};

static void on_event(void *arg, size_t host, const struct aur_event *event)
{
	struct heard *heard = arg;

	(void)host;
	heard->events++;
	heard->number = event->number;
	snprintf(heard->kind, sizeof(heard->kind), "%.*s", (int)event->kind.n,
	    (const char *)event->kind.p);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct heard *heard = arg;

	(void)host;
	heard->told += (changes & AUR_FEED_SAMPLE) != 0;
}

static void on_table(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct heard *h = arg;

	h->chain =
	    before != NULL && before->wall.ns < now->wall.ns &&
	    aur_sample_get(now, AUR_DOMAIN_PROCESS) != NULL &&
	    (h->tables == 0 || (h->chain && before->wall.ns == h->table.ns));
	h->table = now->wall;
	h->tables++;
}

static void test_replay(void)
{
	struct aur_metric m;
	struct aur_point points[60];
	struct aur_want want = hist_want_all();
	struct aur_replay_host hosts[3] = {
	    {"id-0", "web1", "alice@web1:22", NULL, 0},
	    {"id-never", "web2", "web2", NULL, 0},
	    {"id-1", "web3", "web3", NULL, 0}};
	struct heard heard = {0};
	struct aur_wall mid, from, to, at;
	struct aur_feed *feed;
	struct hist x;
	size_t full = 0;
	char why[80];

	hist_open_hosts(&x, true, 2);
	for (int i = 0; i < 600; i++)
		for (size_t k = 0; k < 2; k++) {
			struct aur_sample *s = hist_sample(&x, k);

			if (k == 0 || i < 100)
				aur_history_put(x.h, x.host[k], s);
			aur_sample_unref(s);
		}
	for (uint64_t i = 0; i < 5; i++) {
		struct aur_event e = {.number = i % 3,
		    .kind = aur_slice_str("oom_kill"),
		    .when = {(x.begin + 200 + (int64_t)(i % 3) * 50) *
			     AUR_SECOND_NS}};

		aur_history_put_event(x.h, x.host[0], &e);
	}
	tap_eq_int(aur_history_flush(x.h, aur_span_ms(9000)), 0, "flushed");
	tap_eq_int(aur_replay_new(&feed, x.h, hosts, 3), 0, "a feed of it");
	feed->class->listen(feed, on_change, &heard);
	tap_eq_int(feed->class->want(feed, 0, &want), 0, "a wish");
	tap_eq_int(feed->past->at(feed).ns, 0, "no moment yet");
	mid.ns = (x.begin + 300) * AUR_SECOND_NS + 500000000;
	tap_eq_int(feed->past->seek(feed, mid), 0, "a moment");
	tap_eq_u64(heard.told, 3, "is told");
	tap_eq_int(feed->class->host(feed, 0)->now->wall.ns / AUR_SECOND_NS,
	    x.begin + 300, "the first as it was");
	tap_ok(aur_sample_get(
		   feed->class->host(feed, 0)->now, AUR_DOMAIN_PROCESS) != NULL,
	    "with processes");
	tap_eq_int((int64_t)feed->class->host(feed, 1)->state,
	    AUR_HOST_UNREACHABLE, "the second never was");
	tap_eq_str(feed->class->host(feed, 2)->error,
	    "nothing was kept of this moment", "the third was silent then");
	at.ns = (x.begin - 2) * AUR_SECOND_NS;
	tap_eq_int(feed->past->seek(feed, at), 0, "just before the first");
	tap_eq_int(feed->class->host(feed, 0)->now->wall.ns / AUR_SECOND_NS,
	    x.begin + 1, "is the first");
	at.ns = (x.begin - 10) * AUR_SECOND_NS;
	tap_eq_int(
	    feed->past->seek(feed, at), AUR_EABSENT, "long before: none");
	tap_eq_int(feed->past->seek(feed, mid), 0, "and back");
	tap_ok(feed->past->bounds(feed, SIZE_MAX, &from, &to), "bounds");
	tap_eq_int(from.ns / AUR_SECOND_NS, x.begin + 1, "from the first");
	tap_eq_int(to.ns / AUR_SECOND_NS, x.begin + 600, "to the last");
	tap_eq_int(aur_metric_parse(aur_slice_str("load.one"), &m, NULL), 0,
	    "a metric");
	tap_eq_int(feed->past->points(feed, 0, &m, from,
		       (struct aur_wall){to.ns + 1}, points, 60),
	    0, "points");
	for (size_t i = 0; i < 60; i++)
		full += points[i].n == 10;
	tap_eq_u64(full, 60, "ten seconds each");
	tap_ok(points[5].min >= 1.0f && points[5].max < 2.0f &&
		   points[5].min < points[5].mean,
	    "of what there was");
	tap_eq_int(
	    feed->past->events(feed, SIZE_MAX, from, to, 0, on_event, &heard),
	    0, "events");
	tap_eq_u64(heard.events, 3, "each once");
	tap_eq_str(heard.kind, "oom_kill", "by name");
	tap_eq_int(feed->past->moment(
		       feed, from, 1, AUR_MOMENT_EVENT, &at, why, sizeof(why)),
	    0, "what mattered");
	tap_eq_int(at.ns / AUR_SECOND_NS, x.begin + 200, "first");
	tap_eq_str(why, "web1: oom kill", "is named");
	tap_eq_int(feed->past->moment(
		       feed, at, 1, AUR_MOMENT_EVENT, &at, why, sizeof(why)),
	    0, "the next");
	tap_eq_int(at.ns / AUR_SECOND_NS, x.begin + 250, "is after it");
	tap_eq_int(feed->past->moment(
		       feed, to, -1, AUR_MOMENT_EVENT, &at, why, sizeof(why)),
	    0, "the last");
	tap_eq_int(at.ns / AUR_SECOND_NS, x.begin + 300, "from the end");
	tap_eq_int(feed->past->tables(feed, 0, 20, on_table, &heard), 0,
	    "tables before it");
	tap_eq_u64(heard.tables, 20, "so many");
	tap_eq_int(heard.table.ns / AUR_SECOND_NS / 5, (x.begin + 300) / 5,
	    "up to the one that shows");
	tap_ok(heard.chain, "each with the one before it");
	feed->class->free(feed);
	hist_close(&x);
}

static void live(struct hist *x, size_t host, int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i++) {
		struct aur_sample *s = hist_sample(x, host);

		aur_history_put(x->h, x->host[host], s);
		aur_sample_unref(s);
		if (i % 5000 == 4999)
			hist_must(
			    aur_history_flush(x->h, aur_span_ms(20000)) == 0,
			    "flushed");
	}
	hist_must(aur_history_flush(x->h, aur_span_ms(20000)) == 0, "flushed");
}

/* A reader that was there before any host, or before the folder, shows one
 * that came since. */
static void test_reader_learns(bool early)
{
	struct aur_replay_host late = {
	    .id = "late", .name = "late", .address = "late"};
	struct aur_history_options o = {.early = early};
	struct aur_history *reader = NULL;
	struct aur_feed *feed = NULL;
	char why[256] = "", folder[sizeof(((struct hist *)0)->folder) + 8];
	struct hist x;
	struct aur_wall at;
	int rc = AUR_EABSENT;

	hist_open_hosts(&x, true, 0);
	snprintf(folder, sizeof(folder), "%s.later", x.folder);
	o.folder = early ? folder : x.folder;
	tap_eq_int(aur_history_open(&reader, &o, why, sizeof(why)), 0,
	    early ? "opens what is not there" : "opens what is empty");
	tap_eq_int(aur_replay_new(&feed, reader, &late, 1), 0, "a feed of it");
	fakefeed_init(&x.feed[0]);
	at.ns = (x.begin + 5) * AUR_SECOND_NS;
	tap_eq_int(
	    feed->past->seek(feed, at), AUR_EABSENT, "nothing is kept yet");
	hist_must(!early || symlink(x.folder, folder) == 0, "it comes");
	hist_must(aur_history_host(x.h, "late", "late", &x.host[0]) == 0,
	    "a host comes");
	live(&x, 0, 10);
	for (int i = 0; i < 100 && rc != 0; i++) {
		usleep(50000); /* it looks once a second */
		rc = feed->past->seek(feed, at);
	}
	tap_eq_int(rc, 0, "it is learned of");
	tap_eq_int((int64_t)feed->class->host(feed, 0)->state, AUR_HOST_UP,
	    "and shown");
	feed->class->free(feed);
	aur_history_close(reader);
	fakefeed_release(&x.feed[0]);
	(void)unlink(folder);
	hist_close(&x);
}

static void tidy(struct hist *x)
{
	struct aur_wall now = {
	    (x->begin + x->feed[0].seconds + 7200) * AUR_SECOND_NS};

	tap_eq_int(
	    aur_history_tidy(x->h, now, aur_span_ms(60000)), 0, "tidied");
}

struct series {
	double v[20000];
	int64_t t[20000];
	size_t n, gaps;
};

static int on_value(void *arg, struct aur_wall at, double v)
{
	struct series *s = arg;

	if (isnan(v)) {
		s->gaps++;
		return 0;
	}
	if (s->n < 20000) {
		s->v[s->n] = v;
		s->t[s->n++] = at.ns;
	}
	return 0;
}

/* Points of `n` steps against what the samples say. */
static void check_points(struct hist *x, const char *name, size_t n, double off)
{
	struct aur_metric m;
	struct aur_wall from = {x->begin * AUR_SECOND_NS};
	struct aur_wall to = {(x->begin + 3 * 3600) * AUR_SECOND_NS};
	struct aur_point *p = calloc(n, sizeof(*p));
	struct series *s = calloc(1, sizeof(*s));
	size_t bad = 0, full = 0;
	char text[96];

	hist_must(p != NULL && s != NULL, "memory");
	hist_must(aur_metric_parse(aur_slice_str(name), &m, NULL) == 0, name);
	tap_eq_int(
	    aur_history_values(x->h, x->host[0], &m, from, to, on_value, s), 0,
	    "every value");
	tap_eq_int(aur_history_points(x->h, x->host[0], &m, from, to, p, n), 0,
	    "points");
	for (size_t i = 0; i < n; i++) {
		int64_t a =
		    from.ns + (to.ns - from.ns) / (int64_t)n * (int64_t)i;
		int64_t b = a + (to.ns - from.ns) / (int64_t)n;
		double min = INFINITY, max = -INFINITY, sum = 0;
		size_t k = 0;

		for (size_t j = 0; j < s->n; j++) {
			if (s->t[j] < a || s->t[j] >= b)
				continue;
			min = s->v[j] < min ? s->v[j] : min;
			max = s->v[j] > max ? s->v[j] : max;
			sum += s->v[j];
			k++;
		}
		full += k > 0;
		if (k != p[i].n ||
		    (k > 0 && (fabs(p[i].min - min) > off ||
				  fabs(p[i].max - max) > off ||
				  fabs(p[i].mean - sum / (double)k) > off)))
			bad++;
		if (bad == 1)
			printf("# step %zu: %zu values %g %g %g, not %u %g %g "
			       "%g\n",
			    i, k, min, sum / (double)k, max, p[i].n,
			    (double)p[i].min, (double)p[i].mean,
			    (double)p[i].max);
	}
	snprintf(text, sizeof(text), "%s in %zu steps is what it was", name, n);
	tap_ok(bad == 0 && full > n / 2, "%s", text);
	if (bad > 0)
		printf("# %zu of %zu are not; %zu have values\n", bad, n, full);
	free(p);
	free(s);
}

static int count_value(void *arg, struct aur_wall at, double value)
{
	size_t *n = arg;

	(void)at;
	*n += value == value;
	return 0;
}

/* The log of hosts whose rows stand between one another: what is packed goes,
 * and nothing else, of each. */
static void test_together(void)
{
	const int64_t seconds = 3900;
	char older[64], younger[64];
	struct aur_metric m;
	struct hist x;
	int64_t rest;

	hist_open_hosts(&x, true, 3);
	hist_must(
	    aur_metric_parse(aur_slice_str("load.one"), &m, NULL) == 0, "one");
	for (int64_t t = 0; t < seconds; t++) {
		for (size_t i = 0; i < x.n; i++) {
			struct aur_sample *s = hist_sample(&x, i);

			/* one is silent for a while */
			if (i != 1 || t < 600 || t > 1500)
				aur_history_put(x.h, x.host[i], s);
			aur_sample_unref(s);
		}
		if (t % 3 == 2)
			hist_must(
			    aur_history_flush(x.h, aur_span_ms(20000)) == 0,
			    "flushed");
	}
	snprintf(older, sizeof(older), "log WHERE stream < %lld",
	    (long long)(x.begin + 3600) * AUR_SECOND_NS);
	snprintf(younger, sizeof(younger), "log WHERE stream >= %lld",
	    (long long)(x.begin + 3600) * AUR_SECOND_NS);
	tap_ok(hist_rows(&x, older) > 3000, "the log has rows of each");
	rest = hist_rows(&x, younger);
	tap_eq_int(aur_history_tidy(x.h,
		       (struct aur_wall){(x.begin + 3910) * AUR_SECOND_NS},
		       aur_span_ms(60000)),
	    0, "the first hour is over");
	tap_eq_int(hist_rows(&x, older), 0, "its rows are gone");
	tap_eq_int(hist_rows(&x, younger), rest, "no others are");
	tap_ok(hist_rows(&x, "block WHERE kind = 3") > 0, "tables are packed");
	tap_eq_int(
	    hist_rows(&x, "block WHERE kind = 3 AND t1 - t0 > 1500000000000"),
	    0, "few together: all before one are decoded");
	for (size_t i = 0; i < x.n; i++) {
		size_t n = 0;

		tap_eq_int(aur_history_values(x.h, x.host[i], &m,
			       (struct aur_wall){x.begin * AUR_SECOND_NS},
			       (struct aur_wall){
				   (x.begin + seconds + 1) * AUR_SECOND_NS},
			       count_value, &n),
		    0, "a host is read");
		tap_eq_u64(n, i == 1 ? seconds - 901 : seconds,
		    "each sample is there once");
	}
	tap_eq_int(aur_history_tidy(x.h,
		       (struct aur_wall){(x.begin + 7510) * AUR_SECOND_NS},
		       aur_span_ms(60000)),
	    0, "the second one is over");
	tap_eq_int(hist_rows(&x, "log"), 0, "nothing is left in the log");
	hist_close(&x);
}

static void test_tiers(void)
{
	struct hist x;

	hist_open(&x, true);
	live(&x, 0, 3 * 3600 - 1);
	check_points(&x, "load.one", 12, 0.001);
	tidy(&x);
	tap_eq_int(hist_rows(&x, "hour"), 0, "no hour waits");
	tap_ok(hist_rows(&x, "roll") > 0, "there are tiers");
	check_points(&x, "load.one", 3 * 3600, 0.001);
	check_points(&x, "load.one", 3 * 360, 0.006);
	check_points(&x, "load.one", 3 * 60, 0.006);
	check_points(&x, "load.one", 12, 0.006);
	check_points(&x, "cpu.busy_percent", 12, 0.03);
	check_points(&x, "cores[1].busy_percent", 12, 0.03);
	check_points(&x, "disks[vda].read_bytes_per_second", 180, 2000);
	check_points(&x, "kernel.interrupts_per_second", 180, 3);
	check_points(&x, "filesystems[/srv].used_bytes", 180, 4096);
	hist_close(&x);
}

/* Figures that are read straight from columns say what samples say. */
static void test_straight(void)
{
	static const char *const names[] = {"load.one",
	    "kernel.interrupts_per_second", "pressure.io_some_percent",
	    "network[eth0].receive_bytes_per_second", "disks[vda].busy_percent",
	    "disks[*].writes_per_second", "filesystems[/].total_bytes",
	    "filesystems[/].read_only", "system.uptime_seconds",
	    "temperatures[core].celsius", "cpu.count", "cpu.busy_percent",
	    "network[none].up"};
	static struct aur_sample *kept[2000];
	struct series *got = calloc(1, sizeof(*got));
	struct hist x;

	hist_must(got != NULL, "memory");
	hist_open(&x, true);
	for (int i = 0; i < 2000; i++) {
		kept[i] = hist_sample(&x, 0);
		if (i < 900 || i >= 950)
			aur_history_put(x.h, x.host[0], kept[i]);
	}
	hist_must(aur_history_flush(x.h, aur_span_ms(20000)) == 0, "flushed");
	for (int turn = 0; turn < 2; turn++) {
		for (size_t k = 0; k < AUR_ARRAY_LEN(names); k++) {
			struct aur_metric m;
			size_t bad = 0, n = 0;

			hist_must(aur_metric_parse(
				      aur_slice_str(names[k]), &m, NULL) == 0,
			    names[k]);
			memset(got, 0, sizeof(*got));
			hist_must(
			    aur_history_values(x.h, x.host[0], &m,
				kept[0]->wall,
				(struct aur_wall){kept[1999]->wall.ns + 1},
				on_value, got) == 0,
			    "values");
			for (int i = 0; i < 2000; i++) {
				struct aur_figures f;
				struct aur_value v = {0};
				bool first = i == 0 || i == 950;
				double want;
				size_t row = 0;

				if (i >= 900 && i < 950)
					continue;
				hist_must(aur_figures_init(&f,
					      first ? NULL : kept[i - 1],
					      kept[i]) == 0,
				    "figures");
				while (row < aur_figures_rows(&f, m.group) &&
				       !aur_metric_matches(&m, &f, row))
					row++;
				aur_figures_get(&f, m.figure, row, &v);
				if (aur_value_number(&v, &want)) {
					if (n >= got->n ||
					    got->t[n] != kept[i]->wall.ns ||
					    fabs(got->v[n] - want) >
						1e-9 * fabs(want))
						bad++;
					n++;
				}
				aur_figures_release(&f);
			}
			tap_ok(bad == 0 && n == got->n,
			    "%s: %zu values as they were", names[k], n);
		}
		if (turn == 0)
			tidy(&x);
	}
	for (int i = 0; i < 2000; i++)
		aur_sample_unref(kept[i]);
	free(got);
	hist_close(&x);
}

/* Steps shorter than an interval: what is known of it is known of them, and a
 * gap is none the less one. */
static void test_narrow(void)
{
	enum { PER_SECOND = 4, SECONDS = 160 };
	static struct aur_point point[PER_SECOND * SECONDS];
	struct aur_metric m;
	struct hist x;
	size_t lack = 0, have = 0;

	hist_open(&x, true);
	live(&x, 0, 100);
	for (int i = 0; i < 10; i++)
		aur_sample_unref(hist_sample(&x, 0));
	live(&x, 0, 50);
	hist_must(aur_metric_parse(aur_slice_str("load.one"), &m, NULL) == 0,
	    "load.one");
	tap_eq_int(aur_history_points(x.h, x.host[0], &m,
		       (struct aur_wall){x.begin * AUR_SECOND_NS},
		       (struct aur_wall){(x.begin + SECONDS) * AUR_SECOND_NS},
		       point, AUR_ARRAY_LEN(point)),
	    0, "four points a second");
	for (size_t i = 0; i < AUR_ARRAY_LEN(point); i++) {
		size_t second = i / PER_SECOND;

		lack += point[i].n == 0 && ((second >= 1 && second < 99) ||
					       (second >= 111 && second < 159));
		have += point[i].n > 0 && second >= 101 && second < 109;
	}
	tap_eq_int((int64_t)lack, 0, "none is lacking");
	tap_eq_int((int64_t)have, 0, "but in the gap, which has none");
	hist_close(&x);
}

/* A minute's CPU of a host, live. */
static void live_busy(
    struct hist *x, size_t host, uint64_t *busy, unsigned percent)
{
	struct fakefeed *f = &x->feed[host];

	for (int i = 0; i < 60; i++) {
		struct aur_sample *s = hist_sample(x, host);

		*busy += percent;
		for (size_t k = 0; k < AUR_CPU_COUNT; k++)
			if (aur_domain_get(AUR_DOMAIN_CPU)->field[k].sem ==
			    AUR_SEM_COUNTER)
				fakefeed_set(s, AUR_DOMAIN_CPU, NULL, k, 0);
		fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_user, *busy);
		fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_idle,
		    (uint64_t)f->seconds * 100 - *busy);
		aur_history_put(x->h, x->host[host], s);
		aur_sample_unref(s);
	}
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Goes on from `at`; the seconds since the begin that it comes to, -1: none. */
static int64_t spike(struct aur_feed *feed, const struct hist *x,
    struct aur_wall *at, int dir, char *why, size_t size)
{
	int rc =
	    feed->past->moment(feed, *at, dir, AUR_MOMENT_EVENT, at, why, size);

	return rc == 0 ? at->ns / AUR_SECOND_NS - x->begin : -1;
}

/* From spike to spike where nothing is packed yet. */
static void test_spikes(void)
{
	struct aur_replay_host hosts[SPIKE_HOSTS];
	struct aur_wall at = {INT64_MAX}, none;
	struct aur_feed *feed;
	double first, again;
	uint64_t busy[SPIKE_HOSTS] = {0};
	char why[64], id[SPIKE_HOSTS][16];
	struct hist x;

	hist_open_hosts(&x, true, SPIKE_HOSTS);
	for (size_t i = 0; i < SPIKE_HOSTS; i++) {
		snprintf(id[i], sizeof(id[i]), "id-%zu", i);
		hosts[i] = (struct aur_replay_host){
		    .id = id[i], .name = id[i] + 3, .address = id[i]};
	}
	for (int m = 0; m < 45; m++) {
		for (size_t i = 0; i < SPIKE_HOSTS; i++)
			live_busy(&x, i, &busy[i],
			    (i == 3 && (m == 12 || m == 13)) ||
				    (i == 1 && m == 31)
				? 97
				: 20);
		hist_must(
		    aur_history_flush(x.h, aur_span_ms(20000)) == 0, "flushed");
	}
	tap_eq_int(aur_replay_new(&feed, x.h, hosts, SPIKE_HOSTS), 0, "a feed");
	at.ns = (x.begin + 2700) * AUR_SECOND_NS;
	first = cpu_ms();
	tap_eq_int(spike(feed, &x, &at, -1, why, sizeof(why)), 1860, "a spike");
	tap_eq_str(why, "1: CPU 96 %", "whose");
	tap_eq_int(spike(feed, &x, &at, -1, why, sizeof(why)), 720, "another");
	tap_eq_str(why, "3: CPU 96 %", "of another host");
	none = at;
	tap_eq_int(spike(feed, &x, &none, -1, why, sizeof(why)), -1, "no more");
	first = cpu_ms() - first;
	again = cpu_ms();
	tap_eq_int(spike(feed, &x, &at, 1, why, sizeof(why)), 1860, "on again");
	none = at;
	tap_eq_int(spike(feed, &x, &none, 1, why, sizeof(why)), -1, "no more");
	again = cpu_ms() - again;
	printf("# %.1f ms, then %.1f ms\n", first, again);
	tap_ok(again * 3 < first, "nothing is read twice");
	live_busy(&x, 0, &busy[0], 95);
	live_busy(&x, 0, &busy[0], 10);
	hist_must(aur_history_flush(x.h, aur_span_ms(20000)) == 0, "flushed");
	tap_eq_int(spike(feed, &x, &at, 1, why, sizeof(why)), 2700,
	    "what has come since is seen");
	feed->class->free(feed);
	hist_close(&x);
}

int main(void)
{
	test_narrow();
	test_straight();
	test_together();
	test_tiers();
	test_replay();
	test_spikes();
	test_reader_learns(false);
	test_reader_learns(true);
	test_live();
	test_packed();
	return tap_done();
}
