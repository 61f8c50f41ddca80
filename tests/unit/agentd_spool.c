/* SPDX-License-Identifier: MIT */
/*
 * The spool on a real folder, by a clock of our own. What is put must come
 * back once, in order, whatever happened to the files: cut at each byte,
 * flipped at each byte, the disk full, the process gone in the middle.
 */
#include "agentd/daemon_spool_int.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "wire/decode.h"
#include "wire/frame.h"
#include "wire/msg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY_NS (24 * 3600 * AUR_SECOND_NS)
#define HOUR_S 3600
/* 2026-11-22T14:00:00Z: an hour begins. */
#define BEGIN_S 1795356000ll
#define SAMPLES_MOST 20000

static char top[64];	/* all folders are in it */
static char folder[96]; /* of the spool */
static struct aur_strs *strs;
static uint64_t most_bytes = 256u << 20;
static struct aur_span most_age = {2 * DAY_NS};
static uint8_t boot = 1;
static int64_t wall_shift_s; /* the clock was set */
static unsigned said;	     /* lines of its log */
static char last_said[512];

/* --- files ---------------------------------------------------------------- */

static void empty(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *e;
	char name[512];

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		unlink(name);
	}
	if (d != NULL)
		closedir(d);
}

static void path_of(const char *name, char out[256])
{
	snprintf(out, 256, "%s/%s", folder, name);
}

static size_t load(const char *name, uint8_t *p, size_t size)
{
	char path[256];
	FILE *f;
	size_t n = 0;

	path_of(name, path);
	f = fopen(path, "rb");
	if (f != NULL) {
		n = fread(p, 1, size, f);
		fclose(f);
	}
	return n;
}

static void save(const char *name, const uint8_t *p, size_t n)
{
	char path[256];
	FILE *f;

	path_of(name, path);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0)
		tap_ok(false, "%s can be written", path);
}

/* How many names end so; the last of them into `name`. */
static unsigned names(const char *tail, char name[256])
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	unsigned n = 0;
	size_t t = strlen(tail);

	while (d != NULL && (e = readdir(d)) != NULL) {
		size_t k = strlen(e->d_name);

		if (k < t || strcmp(e->d_name + k - t, tail) != 0)
			continue;
		n++;
		if (name != NULL)
			snprintf(name, 256, "%s", e->d_name);
	}
	if (d != NULL)
		closedir(d);
	return n;
}

/* --- samples -------------------------------------------------------------- */

static struct serve_now now_at(int64_t second)
{
	return (struct serve_now){{(1000 + second) * AUR_SECOND_NS},
	    {(BEGIN_S + wall_shift_s + second) * AUR_SECOND_NS}};
}

static void set_boot(uint8_t boot_id[16])
{
	memset(boot_id, boot, 16);
}

static struct aur_sample *blank(int64_t second)
{
	struct aur_sample *s = aur_sample_new(strs);

	s->mono = now_at(second).mono;
	s->boot = s->mono;
	s->wall = now_at(second).wall;
	s->seq = (uint64_t)second + 1;
	s->interval.ns = AUR_SECOND_NS;
	set_boot(s->boot_id);
	return s;
}

static struct aur_sample *system_at(int64_t second)
{
	struct aur_sample *s = blank(second);
	struct aur_part *p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_CPU));
	ptrdiff_t i = aur_part_one(p);

	aur_part_set(p, (size_t)i, AUR_CPU_user, (uint64_t)second * 7);
	aur_part_set(p, (size_t)i, AUR_CPU_idle, (uint64_t)second * 93);
	p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_DISK));
	i = aur_part_add_named(p, aur_slice_str("vda"));
	aur_part_set(p, (size_t)i, AUR_DISK_reads, (uint64_t)(second * second));
	return s;
}

static struct aur_sample *table_at(int64_t second)
{
	struct aur_sample *s = blank(second);
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));

	for (uint64_t pid = 1; pid < 10; pid++) {
		struct aur_key key = {
		    {pid * 100 + (pid > 5 ? (uint64_t)second : 0), pid}};
		ptrdiff_t i = aur_part_add(p, key);

		aur_part_set(
		    p, (size_t)i, AUR_PROCESS_rss, 4096 * (uint64_t)second);
		if (aur_part_set_text(p, (size_t)i, AUR_PROCESS_name,
			aur_slice_str("sleep")) < 0)
			abort();
	}
	return s;
}

/* --- a spool -------------------------------------------------------------- */

static void on_log(void *arg, enum aur_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	said++;
	snprintf(last_said, sizeof(last_said), "%s", line);
}

static const struct aur_log spool_log = {on_log, NULL, AUR_LOG_DEBUG};

static struct spool *open_at(int64_t second)
{
	struct spool_options o = {.folder = folder,
	    .most_bytes = most_bytes,
	    .most_age = most_age,
	    .strs = strs,
	    .log = &spool_log};
	struct spool *s = NULL;
	char why[256] = "";

	set_boot(o.boot_id);
	if (spool_open(&s, &o, now_at(second), why, sizeof(why)) < 0)
		tap_ok(false, "opened: %s", why);
	return s;
}

static int put_second(struct spool *s, int64_t second)
{
	struct aur_sample *sample = system_at(second);
	int rc = spool_put(s, AUR_KEPT_SYSTEM, sample);

	aur_sample_unref(sample);
	if (rc == 0 && second % 5 == 0) {
		sample = table_at(second);
		rc = spool_put(s, AUR_KEPT_PROCESSES, sample);
		aur_sample_unref(sample);
	}
	return rc == 0 ? spool_commit(s, now_at(second)) : rc;
}

static int put_seconds(struct spool *s, int64_t from, int64_t to)
{
	int rc = 0;

	for (int64_t k = from; rc == 0 && k < to; k++)
		rc = put_second(s, k);
	return rc;
}

static int put_event(struct spool *s, int64_t second, uint64_t number)
{
	struct aur_event e = {.number = number,
	    .when = now_at(second).wall,
	    .kind = aur_slice_str("oom_kill"),
	    .npair = 1,
	    .pair = {{aur_slice_str("count"), aur_slice_str("1")}}};

	set_boot(e.boot_id);
	return spool_put_event(s, &e);
}

/* Ends it as kill -9 does, but in this process. */
static void kill_spool(struct spool *s)
{
	spool__forget(s);
	spool_close(s, (struct serve_now){0});
}

/* --- what comes back ------------------------------------------------------ */

struct found {
	unsigned blocks, columns, events, tables, bad;
	size_t n;
	uint64_t seq[SAMPLES_MOST]; /* as walked */
	uint64_t table_seq[SAMPLES_MOST];
	uint64_t hash;
	bool ordered; /* within each block */
};

static void take_frames(struct found *f, const struct aur_block *block)
{
	struct aur_decoder *d = NULL;
	struct aur_buf buf;
	struct aur_slice in;
	struct aur_frame frame;
	int rc;

	aur_buf_init(&buf, AUR_MAX_BLOCK_RAW);
	rc = aur_block_open_frames(block->bytes, &buf);
	if (rc == 0)
		rc = aur_decoder_new(&d, strs);
	in = aur_buf_peek(&buf);
	while (rc == 0 && aur_frame_take(&in, &frame) > 0) {
		const struct aur_part *part;
		struct aur_sample *s = NULL;
		struct aur_event e;

		if (frame.type == AUR_MSG_EVENT) {
			rc = aur_event_take(frame.payload, &e);
			f->events++;
		} else if (frame.type == AUR_MSG_STREAM_OPEN) {
			rc = aur_decoder_open(d, frame.payload);
		} else if (frame.type == AUR_MSG_SAMPLE_BEGIN) {
			rc = aur_decoder_begin(d, frame.payload);
		} else if (frame.type == AUR_MSG_PART) {
			rc = aur_decoder_part(d, frame.payload, &part);
		} else if (frame.type == AUR_MSG_SAMPLE_END) {
			rc = aur_decoder_end(d, frame.payload, &s);
			if (rc == 0 && f->tables < SAMPLES_MOST)
				f->table_seq[f->tables++] = s->seq;
			aur_sample_unref(s);
		}
	}
	f->bad += rc < 0;
	aur_decoder_free(d);
	aur_buf_release(&buf);
}

static void take_times(struct found *f, struct aur_slice bytes)
{
	struct aur_times t = {0};

	if (aur_times_open(&t, bytes) < 0) {
		f->bad++;
		return;
	}
	for (size_t i = 0; i < t.n && f->n < SAMPLES_MOST; i++) {
		if (i > 0 && t.mono[i].ns <= t.mono[i - 1].ns)
			f->ordered = false;
		f->seq[f->n++] = t.seq[i];
	}
	aur_times_release(&t);
}

static void find(
    struct spool *s, unsigned kinds, int64_t from, int64_t to, struct found *f)
{
	struct spool_walk *walk = NULL;
	struct aur_block block;
	struct aur_buf buf;
	int rc;

	memset(f, 0, sizeof(*f));
	f->ordered = true;
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	rc = spool_walk_begin(
	    s, kinds, now_at(from).wall, now_at(to).wall, &walk);
	while (rc == 0 && (rc = spool_walk_next(walk, &buf)) == 0) {
		rc = aur_block_head(aur_buf_peek(&buf), &block);
		f->blocks++;
		f->hash ^= aur_slice_hash(aur_buf_peek(&buf));
		if (rc == 0 && block.kind == AUR_BLOCK_TIMES)
			take_times(f, block.bytes);
		else if (rc == 0 && block.kind == AUR_BLOCK_COLUMNS)
			f->columns++;
		else if (rc == 0)
			take_frames(f, &block);
	}
	f->bad += rc != AUR_EABSENT;
	spool_walk_end(walk);
	aur_buf_release(&buf);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Whether seconds [from, to) are there, each once. */
static bool has_all(struct found *f, int64_t from, int64_t to)
{
	if (f->n != (size_t)(to - from) || f->bad > 0 || !f->ordered)
		return false;
	qsort(f->seq, f->n, sizeof(*f->seq), by_value);
	for (size_t i = 0; i < f->n; i++)
		if (f->seq[i] != (uint64_t)from + i + 1)
			return false;
	return true;
}

static struct found found;

static bool kept(struct spool *s, int64_t from, int64_t to)
{
	find(s, AUR_KEPT_SYSTEM, -DAY_NS / AUR_SECOND_NS, 1000000, &found);
	if (has_all(&found, from, to))
		return true;
	printf("# %zu samples, want %" PRId64 "; %u bad\n", found.n, to - from,
	    found.bad);
	return false;
}

static int seal(struct spool *s)
{
	return spool__seal(s);
}

/* --- names ---------------------------------------------------------------- */

static void test_names(void)
{
	static const char *const bad[] = {"", "open", "closing", "x.seg",
	    "1-2-3-4-00000000000000000000000000000000.seg",
	    "0000000001-3-2-4-00000000000000000000000000000000.seg",
	    "0000000001-2-3-4-0000000000000000000000000000000.seg",
	    "0000000001-2-3-4-0000000000000000000000000000000G.seg",
	    "0000000001-2-3-4-00000000000000000000000000000000.seg2",
	    "0000000001--2-3-4-00000000000000000000000000000000.seg",
	    "0000000001-2-3-4-000000000000000000000000000000AB.seg",
	    "99999999999999999999-2-3-4-00000000000000000000000000000000.seg"};
	struct segment g = {.serial = 12,
	    .from_ms = BEGIN_S * 1000,
	    .to_ms = BEGIN_S * 1000 + 1,
	    .up_s = 77,
	    .boot_id = {0xab, 1}};
	struct segment h;
	char name[SPOOL_NAME];
	unsigned n = 0;

	spool__name(&g, name);
	tap_eq_str(name,
	    "0000000012-1795356000000-1795356000001-77-"
	    "ab010000000000000000000000000000.seg",
	    "a segment's name");
	tap_ok(spool__name_take(aur_slice_str(name), &h) == 0 &&
		   h.serial == 12 && h.to_ms == g.to_ms && h.up_s == 77 &&
		   memcmp(h.boot_id, g.boot_id, 16) == 0 && !h.damaged,
	    "and back");
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		n +=
		    spool__name_take(aur_slice_str(bad[i]), &h) == AUR_EINVALID;
	tap_eq_int(n, AUR_ARRAY_LEN(bad), "names that are none");
}

/* --- the plain course ----------------------------------------------------- */

static void test_course(void)
{
	struct spool *s;
	struct aur_wall from, to;

	empty(folder);
	s = open_at(0);
	tap_ok(spool_trouble(s) == NULL, "an empty folder: it records");
	tap_ok(!spool_past(s)->known, "nobody was here before");
	tap_ok(!spool_bounds(s, &from, &to), "nothing is sealed");
	tap_eq_int(put_seconds(s, 0, 30), 0, "half a minute");
	tap_eq_int(put_event(s, 30, 1), 0, "an event");
	tap_eq_int(seal(s), 0, "sealed");
	tap_eq_u64(names(".seg", NULL), 1, "one segment");
	tap_ok(kept(s, 0, 30), "all of it");
	tap_eq_u64(found.columns, 2, "a block for each domain");
	find(s, AUR_KEPT_PROCESSES | AUR_KEPT_EVENTS, 0, 40, &found);
	tap_eq_u64(found.tables, 6, "tables of processes");
	tap_eq_u64(found.events, 1, "and the event");
	tap_eq_u64(found.bad, 0, "all sound");
	tap_ok(spool_bounds(s, &from, &to) && from.ns == now_at(0).wall.ns &&
		   to.ns == now_at(30).wall.ns,
	    "its bounds");
	tap_eq_int(put_seconds(s, 31, 40), 0, "and on");
	spool_close(s, now_at(40));
	s = open_at(50);
	tap_ok(spool_past(s)->known && spool_past(s)->clean,
	    "the one before ended well");
	tap_eq_u64(spool_past(s)->event, 1, "its last event");
	tap_eq_int(spool_past(s)->at.ns, now_at(40).wall.ns, "when it ended");
	find(s, AUR_KEPT_SYSTEM, 31, 39, &found);
	tap_ok(found.n == 9, "a span that touches one segment");
	find(s, AUR_KEPT_SYSTEM, 32, 33, &found);
	tap_ok(found.n == 9, "comes whole");
	find(s, AUR_KEPT_EVENTS, 31, 45, &found);
	tap_ok(found.blocks == 0, "no event there");
	spool_close(s, now_at(51));
	tap_eq_u64(names(".seg", NULL), 2, "no empty segments");
}

static void test_hour(void)
{
	struct spool *s;
	int64_t from = HOUR_S - 5;

	empty(folder);
	s = open_at(from);
	tap_eq_int(put_seconds(s, from, from + 10), 0, "over the hour");
	tap_eq_u64(names(".seg", NULL), 1, "sealed at the hour");
	find(s, AUR_KEPT_SYSTEM, 0, 2 * HOUR_S, &found);
	tap_eq_u64(found.n, 5, "with what was before it");
	spool_close(s, now_at(from + 10));
	s = open_at(from + 11);
	tap_ok(kept(s, from, from + 10), "nothing is lost");
	spool_close(s, now_at(from + 12));
	wall_shift_s = 0;
}

static void test_reboot(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 10);
	put_event(s, 10, 41);
	spool_commit(s, now_at(11));
	kill_spool(s);
	s = open_at(12);
	tap_ok(spool_past(s)->known && !spool_past(s)->clean &&
		   spool_past(s)->event == 41,
	    "it was killed");
	tap_eq_u64(
	    names(".seg", NULL), 0, "the same boot: the segment goes on");
	kill_spool(s);
	boot = 2;
	s = open_at(20);
	tap_eq_u64(names(".seg", NULL), 1, "another boot: it is sealed");
	tap_ok(spool_past(s)->boot_id[0] == 1, "of the boot before");
	put_seconds(s, 20, 25);
	spool_close(s, now_at(25));
	s = open_at(26);
	find(s, AUR_KEPT_SYSTEM | AUR_KEPT_EVENTS, 0, 100, &found);
	tap_ok(found.n == 15 && found.events == 1, "both boots are kept");
	spool_close(s, now_at(26));
	boot = 1;
}

static void test_full_span(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	tap_eq_int(put_seconds(s, 0, 3600 + 3600 + 20), 0, "two hours");
	seal(s);
	tap_ok(kept(s, 0, 7220), "each second once");
	find(s, AUR_KEPT_PROCESSES, 0, 7220, &found);
	tap_eq_u64(found.tables, 1444, "each table once");
	tap_ok(found.blocks >= 12, "in chunks of ten minutes at most");
	tap_eq_u64(found.bad, 0, "that can each be read alone");
	spool_close(s, now_at(7220));
}

static void test_ask(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 5);
	spool_seal(s, now_at(5));
	tap_eq_u64(names(".seg", NULL), 1, "sealed when somebody asks");
	put_seconds(s, 5, 50);
	spool_seal(s, now_at(50));
	tap_eq_u64(names(".seg", NULL), 1, "not again within a minute");
	put_seconds(s, 50, 66);
	spool_seal(s, now_at(66));
	tap_eq_u64(names(".seg", NULL), 2, "but after it");
	tap_ok(kept(s, 0, 66), "nothing is lost");
	spool_close(s, now_at(66));
}

/* --- retention ------------------------------------------------------------ */

static void fill_hours(struct spool *s, int hours)
{
	for (int h = 0; h < hours; h++)
		put_seconds(s, h * HOUR_S, h * HOUR_S + 5);
	seal(s);
}

static void test_retention(void)
{
	struct spool *s;
	char name[256];
	unsigned n;

	empty(folder);
	most_age.ns = 3 * HOUR_S * AUR_SECOND_NS;
	s = open_at(0);
	fill_hours(s, 10);
	n = names(".seg", NULL);
	tap_ok(n >= 3 && n <= 4, "by age: %u segments", n);
	find(s, AUR_KEPT_SYSTEM, 0, 10 * HOUR_S, &found);
	tap_eq_u64(found.n, n * 5, "those that are there");
	/* the clock jumps ahead by a week: what this boot recorded stays */
	wall_shift_s = 7 * 86400;
	put_seconds(s, 9 * HOUR_S + 20, 9 * HOUR_S + 40);
	seal(s);
	tap_ok(names(".seg", NULL) >= n, "a step of the clock: kept");
	spool_close(s, now_at(9 * HOUR_S + 40));
	wall_shift_s = 0;
	most_age.ns = 2 * DAY_NS;

	empty(folder);
	most_bytes = 6000;
	s = open_at(0);
	fill_hours(s, 20);
	n = names(".seg", NULL);
	tap_ok(n >= 2 && n < 20, "by size: %u segments", n);
	tap_ok(s->index.bytes <= most_bytes, "within it");
	find(s, AUR_KEPT_SYSTEM, 0, 20 * HOUR_S, &found);
	qsort(found.seq, found.n, sizeof(*found.seq), by_value);
	tap_ok(found.n == n * 5 && found.seq[found.n - 1] == 19 * HOUR_S + 5,
	    "the newest");
	spool_limit(s, 1, most_age);
	spool_commit(s, now_at(19 * HOUR_S + 60));
	tap_eq_u64(names(".seg", name), 0, "a new limit holds at once");
	spool_close(s, now_at(19 * HOUR_S + 61));

	empty(folder);
	most_bytes = 1 << 20;
	s = open_at(0);
	for (int64_t k = 0; k < 3500; k++) {
		struct aur_sample *table = table_at(k);

		put_second(s, k);
		if (spool_put(s, AUR_KEPT_PROCESSES, table) < 0)
			break;
		aur_sample_unref(table);
	}
	n = names(".seg", NULL);
	tap_ok(n >= 1 && s->size < most_bytes / 2,
	    "within the hour, a large open segment: %u sealed", n);
	spool_close(s, now_at(3500));
	most_bytes = 256u << 20;
}

/* --- walks ---------------------------------------------------------------- */

static void test_walks(void)
{
	struct spool *s;
	struct spool_walk *a = NULL, *b = NULL;
	struct aur_buf buf;
	unsigned n = 0;

	empty(folder);
	s = open_at(0);
	fill_hours(s, 3);
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	tap_ok(spool_walk_begin(s, AUR_KEPT_SYSTEM, now_at(0).wall,
		   now_at(10 * HOUR_S).wall, &a) == 0 &&
		   spool_walk_begin(s, AUR_KEPT_SYSTEM, now_at(0).wall,
		       now_at(10 * HOUR_S).wall, &b) == 0,
	    "two walks");
	tap_ok(spool_walk_next(a, &buf) == 0, "one has begun");
	tap_eq_int(
	    spool_walk_at(a).ns, now_at(2 * HOUR_S).wall.ns, "with the newest");
	spool_limit(s, 1, most_age);
	spool_commit(s, now_at(2 * HOUR_S + 60));
	tap_eq_u64(names(".seg", NULL), 0, "the files are removed");
	while (spool_walk_next(a, &buf) == 0)
		n++;
	tap_eq_u64(n, 2, "what it had in hand is read to the end");
	tap_eq_int(
	    spool_walk_next(b, &buf), AUR_EABSENT, "the other finds nothing");
	spool_close(s, now_at(2 * HOUR_S + 61));
	tap_eq_int(spool_walk_next(b, &buf), AUR_EABSENT, "a spool closed");
	spool_walk_end(a);
	spool_walk_end(b);
	aur_buf_release(&buf);
}

/* --- damage --------------------------------------------------------------- */

static uint8_t image[1 << 20];

/* The open segment of a service that was killed. */
static size_t make_open(int64_t seconds)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, seconds);
	put_event(s, seconds, 7);
	spool_commit(s, now_at(seconds));
	kill_spool(s);
	return load(SPOOL_OPEN, image, sizeof(image));
}

/* Whole system records in the first `n` bytes. */
static int64_t whole_seconds(size_t n)
{
	int64_t seconds = 0;
	size_t at = 0;

	while (at + 8 <= n) {
		size_t length = (size_t)image[at] | (size_t)image[at + 1] << 8 |
				(size_t)image[at + 2] << 16;

		if (at + 8 + length > n)
			break;
		seconds += image[at + 8] == RECORD_SYSTEM;
		at += 8 + length;
	}
	return seconds;
}

static void test_torn(void)
{
	static uint8_t rest[1 << 16];
	size_t n = make_open(12);
	unsigned wrong = 0;

	tap_ok(n > 500 && whole_seconds(n) == 12, "an open segment");
	for (size_t cut = 0; cut <= n; cut++) {
		int64_t whole = whole_seconds(cut);
		struct spool *s;

		empty(folder);
		save(SPOOL_OPEN, image, cut);
		s = open_at(20);
		wrong += load(SPOOL_OPEN, rest, sizeof(rest)) != s->size;
		/* it goes on, and after another death still does */
		put_seconds(s, whole, whole + 3);
		kill_spool(s);
		s = open_at(30);
		seal(s);
		wrong += !kept(s, 0, whole + 3);
		spool_close(s, now_at(31));
	}
	tap_eq_u64(wrong, 0, "cut at each byte: what was whole is there once");
}

static void test_open_flips(void)
{
	size_t n = make_open(6);
	unsigned wrong = 0, aside = 0;

	for (size_t at = 0; at < n; at++) {
		struct spool *s;

		empty(folder);
		image[at] ^= 0x10;
		save(SPOOL_OPEN, image, n);
		image[at] ^= 0x10;
		s = open_at(20);
		seal(s);
		find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
		wrong += !has_all(&found, 0, whole_seconds(at));
		aside += names(".damaged", NULL);
		wrong += put_seconds(s, 20, 22) != 0;
		spool_close(s, now_at(22));
	}
	tap_eq_u64(
	    wrong, 0, "a bit of it flipped: what was before it is there");
	tap_ok(aside > 0, "without a head it is set aside");
}

static void test_flips(void)
{
	char name[256], bad[256];
	struct spool *s;
	unsigned blocks, wrong = 0, aside = 0, lost = 0;
	size_t n;

	make_open(12);
	s = open_at(13);
	spool_close(s, now_at(13));
	names(".seg", name);
	n = load(name, image, sizeof(image));
	s = open_at(14);
	find(s, 7, 0, 100, &found);
	blocks = found.blocks;
	spool_close(s, now_at(14));
	tap_ok(blocks == 5 && n > 200, "a segment of %u blocks", blocks);
	for (size_t at = 0; at < n; at++) {
		struct found first;

		empty(folder);
		image[at] ^= 0x04;
		save(name, image, n);
		image[at] ^= 0x04;
		said = 0;
		s = open_at(20);
		find(s, 7, 0, 100, &first);
		wrong += first.bad > 0 || first.blocks != blocks - 1;
		wrong += said != 1;
		aside += names(".damaged", bad) == 1;
		find(s, 7, 0, 100, &found);
		lost +=
		    found.blocks != first.blocks || found.hash != first.hash;
		wrong += said != 1;
		spool_close(s, now_at(21));
	}
	tap_eq_u64(
	    wrong, 0, "a bit of it flipped: one block is lost, and said");
	tap_eq_u64(aside, n, "the segment is set aside");
	tap_eq_u64(lost, 0, "and what is sound of it stays");
	tap_ok(strstr(last_said, ".damaged") != NULL, "says: %s", last_said);
}

/* Killed after a segment was sealed, before the open one was emptied. */
static void test_sealed_twice(void)
{
	size_t n = make_open(12);
	struct spool *s = open_at(13);

	seal(s);
	kill_spool(s);
	save(SPOOL_OPEN, image, n);
	s = open_at(14);
	tap_eq_u64(spool_past(s)->event, 7, "its events are known");
	put_seconds(s, 14, 16);
	seal(s);
	find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
	tap_eq_u64(found.n, 14, "sealed, not emptied: nothing is there twice");
	spool_close(s, now_at(17));
}

static void test_later_form(void)
{
	size_t n = make_open(3);
	uint8_t head[33] = {9};
	struct record r = {RECORD_HEAD, {0}, aur_slice_of(head, sizeof(head))};
	struct aur_buf buf;
	struct spool *s;

	aur_buf_init(&buf, 1 << 20);
	if (spool__record_add(&buf, &r) < 0)
		abort();
	empty(folder);
	save(SPOOL_OPEN, aur_buf_peek(&buf).p, buf.n);
	aur_buf_release(&buf);
	s = open_at(4);
	tap_ok(n > 0 && spool_trouble(s) == NULL &&
		   names(".damaged", NULL) == 1 &&
		   strstr(last_said, "later version") != NULL,
	    "an open segment of a later version is set aside");
	spool_close(s, now_at(5));
}

/* --- disks ---------------------------------------------------------------- */

static void limit_files(rlim_t most)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = most;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_limit(void)
{
	struct spool *s;
	int64_t k = 0;

	empty(folder);
	signal(SIGXFSZ, SIG_IGN);
	s = open_at(0);
	put_event(s, 0, 1);
	limit_files(20000);
	while (k < 2000 && put_second(s, k) == 0)
		k++;
	tap_ok(k > 5 && k < 2000 && spool_trouble(s) != NULL,
	    "no file may grow: it stops, says '%s'", spool_trouble(s));
	tap_eq_int(put_seconds(s, k, k + 5), 0, "and what is put goes nowhere");
	tap_eq_int(put_event(s, k + 5, 2), 0, "events wait");
	tap_ok(spool_resume(s, now_at(k + 5)) < 0, "tried again: no better");
	limit_files(RLIM_INFINITY);
	tap_eq_int(
	    spool_resume(s, now_at(k + 7)), 0, "tried again: it records");
	put_seconds(s, k + 7, k + 9);
	seal(s);
	find(s, 7, 0, 3000, &found);
	tap_ok(
	    found.bad == 0 && found.n >= (size_t)k && found.n <= (size_t)k + 4,
	    "what was committed is there once, and what came after");
	tap_eq_u64(found.events, 2, "the events too");
	spool_close(s, now_at(k + 9));
}

/* Another one takes all that is left. */
static void fill_disk(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	while (write(fd, image, 4096) > 0)
		;
	close(fd);
}

/* In a child, which may mount where nobody else sees it. */
static int on_small_disk(void)
{
	struct spool *s;
	char big[256];
	int64_t k = 20;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=400k,mode=0700") < 0)
		return 77;
	s = open_at(0);
	path_of("big", big);
	if (put_seconds(s, 0, k) < 0)
		return 1;
	fill_disk(big);
	while (k < 2000 && put_second(s, k) == 0)
		k++;
	if (k == 2000 || strstr(spool_trouble(s), "No space left") == NULL)
		return 2;
	if (spool_resume(s, now_at(k + 60)) == 0)
		return 3;
	unlink(big);
	if (spool_resume(s, now_at(k + 120)) != 0)
		return 4;
	put_seconds(s, k + 120, k + 140);
	seal(s);
	find(s, AUR_KEPT_SYSTEM, 0, 10000, &found);
	if (found.bad > 0 || found.n + 2 < (size_t)k + 20 ||
	    found.n > (size_t)k + 21)
		return 5;
	/* it cannot be sealed: all stays in the open segment */
	put_seconds(s, k + 200, k + 300);
	fill_disk(big);
	if (seal(s) == 0)
		return 6;
	unlink(big);
	if (spool_resume(s, now_at(k + 360)) != 0)
		return 7;
	seal(s);
	find(s, AUR_KEPT_SYSTEM, 0, 10000, &found);
	if (found.bad > 0 || found.n + 4 < (size_t)k + 120)
		return 8;
	if (mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) ==
		0 &&
	    (seal(s) < 0 || put_seconds(s, k + 400, k + 410) == 0))
		return 9;
	spool_close(s, now_at(k + 420));
	return 0;
}

static void test_small_disk(void)
{
	int status = 0;
	pid_t pid;

	empty(folder);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(on_small_disk());
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		tap_skip("no tmpfs can be mounted here");
		return;
	}
	tap_eq_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0,
	    "a small disk: full, resumed, kept for others, read-only");
}

static void test_folder(void)
{
	struct spool_options o = {.folder = folder, .strs = strs};
	char why[256] = "";
	struct spool *s = NULL;
	int status = 0;
	pid_t pid;

	empty(folder);
	chmod(folder, 0777);
	tap_eq_int(spool_open(&s, &o, now_at(0), why, sizeof(why)), AUR_EDENIED,
	    "a folder that others may write to");
	chmod(folder, 0755);
	s = open_at(0);
	{
		struct stat st;

		tap_ok(stat(folder, &st) == 0 && (st.st_mode & 077) == 0,
		    "one that others may read is closed to them");
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(
		    spool_open(&s, &o, now_at(0), why, sizeof(why)) == AUR_EBUSY
			? 0
			: 1);
	waitpid(pid, &status, 0);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "a second one is told so");
	spool_close(s, now_at(1));
	o.folder = "/dev/null/none";
	tap_eq_int(spool_open(&s, &o, now_at(0), why, sizeof(why)), AUR_EIO,
	    "no folder");
}

/* --- memory --------------------------------------------------------------- */

static void test_memory(void)
{
	unsigned stopped = 0;

	for (unsigned long nth = 1; nth < 3000; nth++) {
		struct spool_options o = {.folder = folder,
		    .most_bytes = most_bytes,
		    .most_age = most_age,
		    .strs = strs};
		struct aur_sample *a = system_at(0), *b = table_at(0);
		struct spool *s = NULL;
		char why[256];
		int rc;

		empty(folder);
		set_boot(o.boot_id);
		if (!fail_begin(nth))
			break;
		rc = spool_open(&s, &o, now_at(0), why, sizeof(why));
		if (rc == 0)
			rc = spool_put(s, AUR_KEPT_SYSTEM, a);
		if (rc == 0)
			rc = spool_put(s, AUR_KEPT_PROCESSES, b);
		if (rc == 0)
			rc = spool__seal(s);
		if (s != NULL && spool_trouble(s) != NULL)
			stopped++;
		spool_close(s, now_at(1));
		aur_sample_unref(a);
		aur_sample_unref(b);
		if (!fail_end())
			break;
	}
	fail_end();
	tap_ok(stopped > 20, "no memory: it stops, %u times", stopped);
}

int main(void)
{
	/* thousands of files are synced: where that costs nothing, if it can */
	snprintf(top, sizeof(top), "/dev/shm/aurora-spool-XXXXXX");
	if (mkdtemp(top) == NULL) {
		snprintf(top, sizeof(top), "/tmp/aurora-spool-XXXXXX");
		if (mkdtemp(top) == NULL)
			return 99;
	}
	snprintf(folder, sizeof(folder), "%s/state/spool", top);
	strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	test_names();
	test_course();
	test_hour();
	test_reboot();
	test_full_span();
	test_ask();
	test_retention();
	test_walks();
	test_torn();
	test_open_flips();
	test_flips();
	test_sealed_twice();
	test_later_form();
	test_limit();
	test_small_disk();
	test_folder();
	test_memory();
	empty(folder);
	rmdir(folder);
	snprintf(folder, sizeof(folder), "%s/state", top);
	rmdir(folder);
	rmdir(top);
	aur_strs_unref(strs);
	return tap_done();
}
