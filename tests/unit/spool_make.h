/* SPDX-License-Identifier: MIT */
/*
 * A spool on a real folder, by a clock of our own: samples to put into it, and
 * what comes back of them. For agentd_spool*.c.
 */
#ifndef TESTS_UNIT_SPOOL_MAKE_H
#define TESTS_UNIT_SPOOL_MAKE_H

#include "agentd/daemon_spool_int.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/tap.h"
#include "wire/decode.h"
#include "wire/frame.h"
#include "wire/msg.h"

#include <dirent.h>
#include <unistd.h>

#define DAY_NS (24 * 3600 * AUR_SECOND_NS)
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

static inline void empty(const char *path)
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

static inline void path_of(const char *name, char out[384])
{
	snprintf(out, 384, "%s/%s", folder, name);
}

static inline size_t load(const char *name, uint8_t *p, size_t size)
{
	char path[384];
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

static inline void save(const char *name, const uint8_t *p, size_t n)
{
	char path[384];
	FILE *f;

	path_of(name, path);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0)
		tap_ok(false, "%s can be written", path);
}

/* How many names end so; the last of them into `name`. */
static inline unsigned names(const char *tail, char name[256])
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

static inline struct serve_now now_at(int64_t second)
{
	return (struct serve_now){{(1000 + second) * AUR_SECOND_NS},
	    {(BEGIN_S + wall_shift_s + second) * AUR_SECOND_NS}};
}

static inline void set_boot(uint8_t boot_id[16])
{
	memset(boot_id, boot, 16);
}

static inline struct aur_sample *blank(int64_t second)
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

static inline struct aur_sample *system_at(int64_t second)
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

static inline struct aur_sample *table_at(int64_t second)
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

static inline void on_log(void *arg, enum aur_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	said++;
	snprintf(last_said, sizeof(last_said), "%s", line);
}

static const struct aur_log spool_log = {on_log, NULL, AUR_LOG_DEBUG};

static inline struct spool *open_at(int64_t second)
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

static inline int put_second(struct spool *s, int64_t second)
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

static inline int put_seconds(struct spool *s, int64_t from, int64_t to)
{
	int rc = 0;

	for (int64_t k = from; rc == 0 && k < to; k++)
		rc = put_second(s, k);
	return rc;
}

static inline int put_event(struct spool *s, int64_t second, uint64_t number)
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
static inline void kill_spool(struct spool *s)
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

static inline void take_frames(struct found *f, const struct aur_block *block)
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

static inline void take_times(struct found *f, struct aur_slice bytes)
{
	struct aur_times t = {0};

	if (aur_times_open(&t, bytes, NULL) < 0) {
		f->bad++;
		return;
	}
	for (size_t i = 0; i < t.n && f->n < SAMPLES_MOST; i++) {
		if (i > 0 && t.mono[i].ns <= t.mono[i - 1].ns)
			f->ordered = false;
		f->seq[f->n++] = aur_times_row(&t, i).seq;
	}
	aur_times_release(&t);
}

static inline void find(
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

static inline int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Whether seconds [from, to) are there, each once. */
static inline bool has_all(struct found *f, int64_t from, int64_t to)
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

static inline bool kept(struct spool *s, int64_t from, int64_t to)
{
	find(s, AUR_KEPT_SYSTEM, -DAY_NS / AUR_SECOND_NS, 1000000, &found);
	if (has_all(&found, from, to))
		return true;
	printf("# %zu samples, want %" PRId64 "; %u bad\n", found.n, to - from,
	    found.bad);
	return false;
}

static inline int seal(struct spool *s)
{
	return spool__seal(s);
}

/* --- the frame ------------------------------------------------------------ */

/* A folder for all that follows; false: none can be made. */
static inline bool begin_folder(void)
{
	/* thousands of files are synced: where that costs nothing, if it can */
	snprintf(top, sizeof(top), "/dev/shm/aurora-spool-XXXXXX");
	if (mkdtemp(top) == NULL) {
		snprintf(top, sizeof(top), "/tmp/aurora-spool-XXXXXX");
		if (mkdtemp(top) == NULL)
			return false;
	}
	snprintf(folder, sizeof(folder), "%s/state/spool", top);
	strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	return strs != NULL;
}

static inline void end_folder(void)
{
	empty(folder);
	rmdir(folder);
	snprintf(folder, sizeof(folder), "%s/state", top);
	rmdir(folder);
	rmdir(top);
	aur_strs_unref(strs);
}

#endif
