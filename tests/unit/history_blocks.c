/* SPDX-License-Identifier: MIT */
/* lib/history: blocks of hosts, gaps, boots, clocks, weeks, retention. */
#include "base/err.h"
#include "base/mem.h"
#include "history/week_int.h"
#include "pack/pack.h"
#include "tests/unit/history_make.h"
#include "wire/encode.h"

#include <math.h>

#define SECONDS_MAX 8000

static struct aur_sample *kept[SECONDS_MAX];

static void make_samples(struct hist *x, int n)
{
	for (int i = 0; i < n; i++)
		kept[i] = hist_sample(x, 0);
}

static void drop_samples(int n)
{
	for (int i = 0; i < n; i++)
		aur_sample_unref(kept[i]);
}

struct put {
	struct hist *x;
	size_t blocks;
	bool damage;
};

static int put_block(void *arg, const struct aur_block *b)
{
	struct put *p = arg;
	uint8_t *copy = malloc(b->bytes.n);
	int rc;

	hist_must(copy != NULL, "memory");
	memcpy(copy, b->bytes.p, b->bytes.n);
	if (p->damage)
		copy[b->bytes.n / 2] ^= 1;
	rc = aur_history_put_block(
	    p->x->h, p->x->host[0], aur_slice_of(copy, b->bytes.n));
	free(copy);
	p->blocks++;
	return p->damage ? (rc == AUR_EINVALID ? 0 : AUR_EIO) : rc;
}

/* What the host would send of samples [from, to). */
static int send(struct put *p, int from, int to)
{
	struct aur_packer *packer;
	int rc = aur_packer_new(&packer);

	for (int i = from; rc == 0 && i < to; i++) {
		rc = aur_packer_add(packer, kept[i]);
		if (rc != AUR_ELIMIT)
			continue;
		rc = aur_packer_finish(packer, AUR_PACK_EFFORT, put_block, p);
		if (rc == 0)
			rc = aur_packer_add(packer, kept[i]);
	}
	if (rc == 0)
		rc = aur_packer_finish(packer, AUR_PACK_EFFORT, put_block, p);
	aur_packer_free(packer);
	return rc;
}

/* A table every five seconds of [from, to). */
static int send_tables(struct put *p, int from, int to)
{
	const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_PROCESS);
	struct aur_encoder *e;
	struct aur_buf frames, out;
	struct aur_block b = {
	    .kind = AUR_BLOCK_FRAMES, .name = aur_slice_str("process")};
	int rc = aur_encoder_new(&e, 1);

	aur_buf_init(&frames, AUR_MAX_BLOCK_RAW);
	aur_buf_init(&out, AUR_MAX_BLOCK);
	if (rc == 0)
		rc = aur_encoder_open(e, "process", &d, 1, &frames);
	for (int i = from; rc == 0 && i < to; i += 5, b.rows++)
		rc = aur_encoder_sample(e, kept[i], &frames);
	memcpy(b.boot_id, kept[from]->boot_id, 16);
	b.from = kept[from]->wall;
	b.to = kept[from + ((int)b.rows - 1) * 5]->wall;
	if (rc == 0)
		rc = aur_block_frames(&b, aur_buf_peek(&frames), 3, &out);
	b.bytes = aur_buf_peek(&out);
	if (rc == 0)
		rc = put_block(p, &b);
	aur_encoder_free(e);
	aur_buf_release(&frames);
	aur_buf_release(&out);
	return rc;
}

static void check_all(struct hist *x, int from, int to, const char *text)
{
	struct aur_want want = hist_want_all();
	struct aur_sample *before, *now;
	size_t bad = 0;

	for (int i = from + 1; i < to; i += 7) {
		if (aur_history_at(x->h, x->host[0], kept[i]->wall, &want,
			&before, &now) < 0) {
			bad++;
			continue;
		}
		if (now->wall.ns != kept[i]->wall.ns || before == NULL ||
		    hist_differ(kept[i - 1], kept[i], before, now, false) > 0)
			bad++;
		aur_sample_unref(before);
		aur_sample_unref(now);
	}
	tap_eq_u64(bad, 0, text);
}

static struct aur_wall at(const struct hist *x, int64_t second)
{
	return (struct aur_wall){(x->begin + second) * AUR_SECOND_NS};
}

static void flush(struct hist *x)
{
	tap_eq_int(aur_history_flush(x->h, aur_span_ms(20000)), 0, "flushed");
}

static void tidy(struct hist *x, int64_t second)
{
	tap_eq_int(aur_history_tidy(x->h, at(x, second), aur_span_ms(90000)), 0,
	    "tidied");
}

/* Blocks alone; then again; then damaged. */
static void test_blocks(void)
{
	struct aur_history_span lack[8];
	struct aur_want want = hist_want_all();
	struct aur_sample *before, *now;
	struct hist x;
	struct put p = {.x = &x};
	int64_t rows;
	size_t n;

	hist_open(&x, true);
	make_samples(&x, 4000);
	n = aur_history_lacks(
	    x.h, x.host[0], AUR_KEPT_SYSTEM, at(&x, 0), at(&x, 4000), lack, 8);
	tap_eq_u64(n, 1, "all is lacking");
	tap_eq_int(send(&p, 1000, 4000), 0, "the later part comes");
	tap_eq_int(send_tables(&p, 1000, 4000), 0, "and tables");
	flush(&x);
	check_all(&x, 1000, 4000, "it is there");
	n = aur_history_lacks(
	    x.h, x.host[0], AUR_KEPT_SYSTEM, at(&x, 0), at(&x, 4001), lack, 8);
	tap_eq_u64(n, 1, "one part is lacking");
	tap_eq_int(lack[0].from.ns / AUR_SECOND_NS, x.begin, "the earlier");
	tap_eq_int(lack[0].to.ns / AUR_SECOND_NS, x.begin + 1001, "to that");
	rows = hist_rows(&x, "block");
	tap_eq_int(send(&p, 1000, 4000), 0, "the same again");
	flush(&x);
	tap_eq_int(hist_rows(&x, "block"), rows, "changes nothing");
	tap_eq_int(
	    aur_history_at(x.h, x.host[0], at(&x, 2003), &want, &before, &now),
	    0, "a moment");
	tap_ok(aur_sample_get(now, AUR_DOMAIN_PROCESS) != NULL &&
		   aur_sample_get(now, AUR_DOMAIN_PROCESS)->at_ns <= 0 &&
		   aur_sample_get(now, AUR_DOMAIN_PROCESS)->at_ns >
		       -5 * AUR_SECOND_NS,
	    "has the table of some seconds before");
	aur_sample_unref(before);
	aur_sample_unref(now);
	tidy(&x, 3 * 3600);
	check_all(&x, 1000, 4000, "tidied, it says the same");
	p.damage = true;
	tap_eq_int(send(&p, 0, 1000), 0, "what is damaged is refused");
	flush(&x);
	tap_eq_int(hist_rows(&x, "block"), rows, "and not kept");
	drop_samples(4000);
	hist_close(&x);
}

/* The host's own over what was live. */
static void test_over_log(void)
{
	struct hist x;
	struct put p = {.x = &x};

	hist_open(&x, true);
	make_samples(&x, 7000);
	for (int i = 2000; i < 7000; i++)
		aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	check_all(&x, 2000, 7000, "live");
	tidy(&x, 4 * 3600);
	check_all(&x, 2000, 7000, "packed by us");
	tap_eq_int(send(&p, 1000, 7000), 0, "the host's own");
	flush(&x);
	check_all(&x, 1000, 7000, "with the host's own");
	tidy(&x, 4 * 3600);
	tap_eq_int(hist_rows(&x, "block WHERE own = 1 AND kind < 3"), 0,
	    "ours gave way");
	check_all(&x, 1000, 7000, "after that");
	for (int i = 2000; i < 3000; i++)
		aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	tap_eq_int(hist_rows(&x, "log"), 0, "what is there is not put again");
	drop_samples(7000);
	hist_close(&x);
}

/* The host's own comes hour by hour; what was live crosses its end. */
static void test_over_hours(void)
{
	struct hist x;
	struct put p = {.x = &x};

	hist_open(&x, true);
	make_samples(&x, 7000);
	for (int i = 1990; i < 7000; i++)
		aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	tidy(&x, 4 * 3600);
	tap_ok(hist_rows(&x, "block WHERE own = 1 AND kind = 3") > 1,
	    "tables are packed by us");
	tap_eq_int(send(&p, 1000, 3599), 0, "an hour of the host's own");
	tap_eq_int(send_tables(&p, 1000, 3599), 0, "with its tables");
	flush(&x);
	tidy(&x, 4 * 3600);
	tap_ok(hist_rows(&x, "block WHERE own = 1 AND kind < 3") > 0 &&
		   hist_rows(&x, "block WHERE own = 1 AND kind = 3") > 0,
	    "does not tell all of ours");
	tap_eq_int(send(&p, 3599, 7000), 0, "the next hour");
	tap_eq_int(send_tables(&p, 3599, 7000), 0, "with its tables");
	flush(&x);
	tidy(&x, 4 * 3600);
	tap_eq_int(hist_rows(&x, "block WHERE own = 1 AND kind < 3"), 0,
	    "what crosses the end gave way");
	tap_eq_int(hist_rows(&x, "block WHERE own = 1 AND kind = 3"), 0,
	    "so did tables");
	check_all(&x, 1000, 7000, "after that");
	drop_samples(7000);
	hist_close(&x);
}

/* A silence, a reboot, a clock set back. */
static void test_breaks(void)
{
	struct aur_want want = hist_want_all();
	struct aur_sample *before = NULL, *now = NULL;
	struct aur_metric m;
	struct aur_point points[100];
	struct hist x;
	double most = 0;

	hist_open(&x, true);
	make_samples(&x, 1200);
	for (int i = 600; i < 1200; i++) {
		struct aur_sample *s = kept[i];

		/* a boot five minutes later, by a clock that is wrong at
		 * first: from second 900 on it is 200 seconds behind */
		s->wall.ns += 300 * AUR_SECOND_NS;
		memset(s->boot_id, 0x33, 16);
		if (i >= 900)
			s->wall.ns -= 200 * AUR_SECOND_NS;
	}
	for (int i = 0; i < 1200; i++)
		aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	for (int turn = 0; turn < 2; turn++) {
		tap_eq_int(aur_history_at(x.h, x.host[0], at(&x, 700), &want,
			       &before, &now),
		    AUR_EABSENT, "nothing in the silence");
		tap_eq_int(aur_history_at(x.h, x.host[0], kept[600]->wall,
			       &want, &before, &now),
		    0, "the first of the boot");
		tap_ok(now->boot_id[0] == 0x33, "is of that boot");
		tap_ok(before == NULL, "nothing is before it");
		aur_sample_unref(now);
		aur_sample_unref(before);
		tap_eq_int(aur_history_at(x.h, x.host[0], kept[1199]->wall,
			       &want, &before, &now),
		    0, "the last of all");
		aur_sample_unref(now);
		aur_sample_unref(before);
		hist_must(aur_metric_parse(
			      aur_slice_str("kernel.interrupts_per_second"), &m,
			      NULL) == 0,
		    "metric");
		tap_eq_int(aur_history_points(x.h, x.host[0], &m, at(&x, 0),
			       at(&x, 1500), points, 100),
		    0, "points over it");
		for (size_t i = 0; i < 100; i++)
			if (points[i].n > 0 && (double)points[i].max > most)
				most = (double)points[i].max;
		tap_ok(most < 5000, "without a spike (%g)", most);
		tap_ok(points[44].n == 0, "with a gap");
		if (turn == 0)
			tidy(&x, 7200);
	}
	drop_samples(1200);
	hist_close(&x);
}

/* Sunday to Monday, UTC. */
static void test_week(void)
{
	struct aur_wall t;
	struct hist x;
	int64_t monday;

	hist_open(&x, true);
	monday = aur_clock_wall().ns / AUR_SECOND_NS;
	monday -= (monday - 4 * 86400) % (7 * 86400);
	x.begin = monday - 600;
	make_samples(&x, 1200);
	for (int i = 0; i < 1200; i++)
		aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	check_all(&x, 0, 1200, "over the border");
	tap_eq_int(aur_history_step(x.h, x.host[0], kept[599]->wall, 1, &t), 0,
	    "a step over it");
	tap_eq_int(t.ns, kept[600]->wall.ns, "is a second");
	tap_eq_int(aur_history_step(x.h, x.host[0], kept[600]->wall, -1, &t), 0,
	    "and back");
	tap_eq_int(t.ns, kept[599]->wall.ns, "is one, too");
	tidy(&x, 7200);
	check_all(&x, 0, 1200, "packed");
	tap_ok(hist_rows(&x, "host") >= 2, "both weeks know the host");
	drop_samples(1200);
	hist_close(&x);
}

/* Two days later by the minute; two weeks later by tiers; then not at all. */
static void test_retention(void)
{
	static const int later[] = {0, 3, 20, 100};
	struct aur_want want = hist_want_all();
	struct aur_sample *before, *now;
	struct aur_metric m;
	struct aur_point points[60];
	struct hist x;
	int64_t begin;

	hist_must(
	    aur_metric_parse(aur_slice_str("load.one"), &m, NULL) == 0, "load");
	hist_open(&x, true);
	begin = x.begin - 200 * 86400;
	x.begin = begin;
	make_samples(&x, 3600);
	for (int i = 0; i < 3600; i++)
		aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	tidy(&x, 7200);
	for (size_t k = 1; k < AUR_ARRAY_LEN(later); k++) {
		struct aur_sample *s = hist_sample(&x, 0);

		s->wall.ns += later[k] * 86400 * AUR_SECOND_NS;
		aur_history_put(x.h, x.host[0], s);
		aur_sample_unref(s);
		tidy(&x, later[k] * 86400 + 7200);
		x.begin = begin;
		if (k == 1) {
			tap_eq_int(aur_history_at(x.h, x.host[0], at(&x, 1850),
				       &want, &before, &now),
			    0, "three days later a moment can be drawn");
			tap_eq_int(now->wall.ns / AUR_SECOND_NS % 60, 0,
			    "by the minute");
			tap_ok(before != NULL &&
				   before->wall.ns / AUR_SECOND_NS ==
				       now->wall.ns / AUR_SECOND_NS - 60,
			    "with the minute before");
			tap_ok(aur_sample_get(now, AUR_DOMAIN_PROCESS) != NULL,
			    "and processes");
			aur_sample_unref(now);
			aur_sample_unref(before);
		} else {
			tap_eq_int(aur_history_at(x.h, x.host[0], at(&x, 1850),
				       &want, &before, &now),
			    AUR_EABSENT, "later no moment can");
		}
		tap_eq_int(aur_history_points(x.h, x.host[0], &m, at(&x, 0),
			       at(&x, 3600), points, 60),
		    0, "points");
		tap_ok(points[30].n > 0 || k == 3, "a minute each");
		tap_eq_int(aur_history_points(x.h, x.host[0], &m, at(&x, 0),
			       at(&x, 3600), points, 4),
		    0, "points");
		tap_ok(points[2].n == 900, "of a quarter");
	}
	drop_samples(3600);
	hist_close(&x);
}

struct told {
	size_t at; /* of kept, what comes next */
	size_t n, bad;
	const struct aur_metric *m;
};

/* The figure of a sample, as the sample-wise way tells it. */
static double by_samples(
    const struct aur_metric *m, struct aur_sample *before, struct aur_sample *s)
{
	struct aur_figures f;
	struct aur_value v;
	double d = NAN;

	hist_must(aur_figures_init(&f, before, s) == 0, "figures");
	for (size_t i = 0; i < aur_figures_rows(&f, m->group); i++) {
		if (!aur_metric_matches(m, &f, i))
			continue;
		aur_figures_get(&f, m->figure, i, &v);
		if (!aur_value_number(&v, &d))
			d = NAN;
		break;
	}
	aur_figures_release(&f);
	return d;
}

static bool is_lost(int i)
{
	return i >= 300 && i < 420;
}

static int on_value(void *arg, struct aur_wall t, double v)
{
	struct told *told = arg;
	struct aur_sample *s, *before = NULL;
	size_t i = told->at;
	double d;

	while (is_lost((int)i))
		i++;
	s = kept[i];
	if (t.ns < s->wall.ns)
		return 0; /* a gap, before the sample */
	if (i > 0 && i != 420 && i != 600)
		before = kept[i - 1];
	d = by_samples(told->m, before, s);
	told->bad += t.ns != s->wall.ns || isnan(d) != isnan(v) ||
		     fabs(d - v) > 1e-9 * (1 + fabs(d));
	told->n += !isnan(v);
	told->at = i + 1;
	return 0;
}

/* A gap, a boot, modes that are not counted for a while, that step back, and
 * that are reset. */
static void make_modes(struct hist *x)
{
	make_samples(x, 1200);
	for (int i = 0; i < 1200; i++) {
		uint64_t t = (uint64_t)i;
		struct aur_sample *s = kept[i];

		if (i >= 600)
			memset(s->boot_id, 0x44, 16);
		if (i % 400 > 50)
			fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_guest,
			    t * t % 7 + t * 3);
		fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_iowait,
		    t * 5 - (t % 90 == 17 ? 9 : 0));
		fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_softirq,
		    (i < 800 ? t : t - 700) * 2);
	}
}

/* What is told of columns is what samples tell. */
static void test_same(void)
{
	static const char *const names[] = {"cpu.busy_percent",
	    "cpu.iowait_percent", "cpu.guest_percent", "cpu.idle_percent",
	    "cores[1].busy_percent", "cores[1].system_percent", "load.one",
	    "kernel.interrupts_per_second"};
	struct hist x;

	hist_open(&x, true);
	make_modes(&x);
	for (int i = 0; i < 1200; i++)
		if (!is_lost(i))
			aur_history_put(x.h, x.host[0], kept[i]);
	flush(&x);
	for (int turn = 0; turn < 2; turn++) {
		for (size_t k = 0; k < AUR_ARRAY_LEN(names); k++) {
			struct aur_metric m;
			struct told told = {.m = &m};

			hist_must(aur_metric_parse(
				      aur_slice_str(names[k]), &m, NULL) == 0,
			    "metric");
			tap_eq_int(
			    aur_history_values(x.h, x.host[0], &m, at(&x, 0),
				at(&x, 1300), on_value, &told),
			    0, names[k]);
			tap_ok(told.bad == 0 && told.at == 1200 && told.n > 600,
			    "as samples tell it (%zu of %zu, %zu differ)",
			    told.n, told.at, told.bad);
		}
		if (turn == 0)
			tidy(&x, 7200);
	}
	drop_samples(1200);
	hist_close(&x);
}

/* A block that began long ago may end last, behind any number of others. */
static void test_bounds(void)
{
	struct hist x;
	struct put p = {.x = &x};
	struct aur_wall from, to;

	hist_open(&x, true);
	make_samples(&x, 2000);
	tap_eq_int(send(&p, 0, 2000), 0, "a long span");
	for (int i = 0; i < 70; i++)
		hist_must(send(&p, 500 + 10 * i, 505 + 10 * i) == 0, "sent");
	flush(&x);
	tap_ok(aur_history_bounds(x.h, x.host[0], &from, &to), "bounds");
	tap_eq_int(from.ns, kept[0]->wall.ns, "from the first sample");
	tap_eq_int(to.ns, kept[1999]->wall.ns, "to the last");
	drop_samples(2000);
	hist_close(&x);
}

/* --- damage --------------------------------------------------------------- */

#define DAMAGED 1500

static uint64_t hash(uint64_t v)
{
	v = (v + 1) * 0x9e3779b97f4a7c15u;
	v = (v ^ v >> 29) * 0xbf58476d1ce4e5b9u;
	return v ^ v >> 32;
}

/* Memory of which no column stands still. */
static void make_memory(struct hist *x)
{
	static const size_t fields[] = {AUR_MEMORY_free, AUR_MEMORY_available,
	    AUR_MEMORY_buffers, AUR_MEMORY_cached, AUR_MEMORY_dirty};

	make_samples(x, DAMAGED);
	for (uint64_t i = 0; i < DAMAGED; i++)
		for (size_t k = 0; k < AUR_ARRAY_LEN(fields); k++)
			fakefeed_set(kept[i], AUR_DOMAIN_MEMORY, NULL,
			    fields[k], (1u << 20) + hash(i * 8 + k) % 400000);
}

static sqlite3 *open_week(const struct hist *x, int64_t second)
{
	char path[160], name[AUR__WEEK_NAME];
	sqlite3 *db;

	aur__week_name(aur__week_of(at(x, second)), name);
	snprintf(path, sizeof(path), "%s/%s", x->folder, name);
	hist_must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) ==
		      SQLITE_OK,
	    "a week");
	return db;
}

/* Turns a bit of byte `offset` of the block of memory; false: it ends before.
 */
static bool turn_bit(const struct hist *x, int offset)
{
	sqlite3 *db = open_week(x, 0);
	sqlite3_stmt *st = NULL;
	sqlite3_blob *blob = NULL;
	bool good;
	char c;

	good =
	    sqlite3_prepare_v2(db, "SELECT id FROM block WHERE name = 'memory'",
		-1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW &&
	    sqlite3_blob_open(db, "main", "block", "b",
		sqlite3_column_int64(st, 0), 1, &blob) == SQLITE_OK;
	hist_must(good, "a block");
	good = sqlite3_blob_read(blob, &c, 1, offset) == SQLITE_OK;
	c ^= 4;
	good = good && sqlite3_blob_write(blob, &c, 1, offset) == SQLITE_OK;
	sqlite3_blob_close(blob);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return good;
}

struct read {
	double value[DAMAGED];
	size_t n;
};

static int on_memory(void *arg, struct aur_wall t, double v)
{
	struct read *r = arg;

	(void)t;
	hist_must(r->n < DAMAGED, "no more than there are");
	r->value[r->n++] = v;
	return 0;
}

static void read_memory(struct hist *x, const char *name, struct read *r)
{
	struct aur_metric m;

	r->n = 0;
	hist_must(aur_metric_parse(aur_slice_str(name), &m, NULL) == 0, name);
	hist_must(aur_history_values(x->h, x->host[0], &m, at(x, 0),
		      at(x, DAMAGED + 10), on_memory, r) == 0,
	    "values");
}

/* How many values are told, SIZE_MAX: some are others. */
static size_t told(const struct read *whole, const struct read *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (isnan(r->value[i]))
			continue;
		if (r->n != whole->n || r->value[i] != whole->value[i])
			return SIZE_MAX;
		n++;
	}
	return n;
}

/* A figure that does without what a host does not have is not told without
 * what is damaged; and one byte does not take all figures away. */
static void test_damage(void)
{
	static struct read whole, some;
	struct hist x;
	struct put p = {.x = &x};
	size_t none = 0, all = 0, wrong = 0;

	hist_open(&x, true);
	make_memory(&x);
	hist_must(send(&p, 0, DAMAGED) == 0, "sent");
	flush(&x);
	read_memory(&x, "memory.used_bytes", &whole);
	tap_eq_u64(whole.n, DAMAGED, "a value of each sample");
	aur_history_close(x.h);
	for (int i = 0; turn_bit(&x, i); i += 397) {
		size_t n;

		hist_again(&x, false);
		read_memory(&x, "memory.used_bytes", &some);
		n = told(&whole, &some);
		wrong += n == SIZE_MAX;
		none += n == 0;
		all += n == DAMAGED;
		aur_history_close(x.h);
		hist_must(turn_bit(&x, i), "mended");
	}
	tap_eq_u64(wrong, 0, "no value is told of what is damaged");
	tap_ok(none > 5 && all > 5, "of some columns none, of others all");
	printf("# none %zu, all %zu\n", none, all);
	drop_samples(DAMAGED);
	hist_again(&x, false);
	hist_close(&x);
}

int main(void)
{
	test_bounds();
	test_same();
	test_blocks();
	test_over_log();
	test_over_hours();
	test_breaks();
	test_week();
	test_retention();
	test_damage();
	return tap_done();
}
