/* SPDX-License-Identifier: MIT */
/*
 * record SECONDS FOLDER [none]: samples this machine each second as the
 * service does, and records it into a spool in FOLDER. Prints pairs of name
 * and number: the CPU of sampling and of recording, in ms for a second; cells
 * that were sampled, bytes that they took; the same of processes, for a table.
 * With `none` it samples alone: memory is then what recording adds to.
 */
#include "agentd/daemon_notice.h"
#include "agentd/daemon_spool.h"
#include "agentd/daemon_view.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"
#include "bench/memory.h"
#include "pack/pack.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define EVERY 5 /* seconds from table to table */

struct bench {
	struct aur_strs *strs;
	struct aur_collect *collect;
	struct spool *spool; /* NULL: none */
	struct notice notice;
	uint64_t seconds, tables, cells, rows;
	int64_t sampling_ns, recording_ns, dearest_ns, sealing_ns;
	uint64_t system_bytes, table_bytes;
};

static struct serve_now now(void)
{
	return (struct serve_now){aur_clock_mono(), aur_clock_wall()};
}

static void on_event(void *arg, struct aur_event *event)
{
	(void)arg;
	(void)event;
}

static void count(struct bench *b, const struct aur_sample *s)
{
	for (size_t i = 0; i < s->npart; i++) {
		const struct aur_part *p = &s->part[i];

		if (p->domain->id == AUR_DOMAIN_PROCESS) {
			b->rows += p->n;
			continue;
		}
		for (size_t w = 0; w < p->n * p->nword; w++)
			b->cells += (uint64_t)__builtin_popcountll(p->have[w]);
	}
}

static int keep(struct bench *b, struct aur_sample *all,
    const struct aur_want *wanted, const struct aur_want *want,
    enum aur_kept kind)
{
	static const struct view_peer peer = {.whole = true, .recorded = true};
	struct aur_sample *view = NULL;
	int rc = view_make(all, wanted, want, &peer, &view);

	if (rc == 0) {
		view->interval = want->interval;
		view->seq = b->seconds;
		rc = spool_put(b->spool, kind, view);
	}
	if (rc == 0)
		rc = kind == AUR_KEPT_SYSTEM
			 ? notice_system(&b->notice, view)
			 : notice_processes(&b->notice, view);
	aur_sample_unref(view);
	return rc;
}

static int one(struct bench *b)
{
	bool table = b->seconds % EVERY == 0;
	struct aur_want system = {
	    .domains = aur_want_system(), .interval = {AUR_SECOND_NS}};
	struct aur_want process = {.domains = AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = aur_want_process_kept(),
	    .interval = {EVERY * AUR_SECOND_NS}};
	struct aur_want all = system;
	struct aur_sample *s = NULL;
	struct aur_span t[3] = {aur_clock_cpu()};
	int rc;

	if (table) {
		all.domains |= process.domains;
		all.process_fields = process.process_fields;
	}
	aur_collect_want(b->collect, &all);
	rc = aur_collect_sample(b->collect, NULL, NULL, &s);
	t[1] = aur_clock_cpu();
	if (rc == 0 && b->spool != NULL)
		rc = keep(b, s, &all, &system, AUR_KEPT_SYSTEM);
	if (rc == 0 && b->spool != NULL && table)
		rc = keep(b, s, &all, &process, AUR_KEPT_PROCESSES);
	if (rc == 0 && b->spool != NULL)
		rc = spool_commit(b->spool, now());
	t[2] = aur_clock_cpu();
	if (rc == 0)
		count(b, s);
	aur_sample_unref(s);
	b->seconds++;
	b->tables += table;
	b->sampling_ns += t[1].ns - t[0].ns;
	b->recording_ns += t[2].ns - t[1].ns;
	if (t[2].ns - t[1].ns > b->dearest_ns)
		b->dearest_ns = t[2].ns - t[1].ns;
	return rc;
}

/* What the blocks on the disk take. 0, or what kept them from being read. */
static int weigh(struct bench *b)
{
	struct spool_walk *walk = NULL;
	struct aur_wall never = {INT64_MAX};
	struct aur_block block;
	struct aur_buf buf;
	int rc;

	aur_buf_init(&buf, AUR_MAX_BLOCK);
	rc = spool_walk_begin(b->spool, AUR_KEPT_SYSTEM | AUR_KEPT_PROCESSES,
	    (struct aur_wall){0}, never, &walk);
	while (rc == 0 && (rc = spool_walk_next(walk, &buf)) == 0) {
		rc = aur_block_head(aur_buf_peek(&buf), &block);
		if (rc < 0)
			break;
		if (block.kind == AUR_BLOCK_FRAMES)
			b->table_bytes += buf.n + 8;
		else
			b->system_bytes += buf.n + 8;
	}
	spool_walk_end(walk);
	aur_buf_release(&buf);
	return rc == AUR_EABSENT ? 0 : rc;
}

static int prepare(struct bench *b, const char *folder)
{
	struct spool_options o = {.folder = folder,
	    .most_bytes = 1ull << 40,
	    .most_age = {INT64_MAX},
	    .strs = b->strs,
	    .boot_id = {1}};
	struct aur_collect_options options = {.root = "", .strs = b->strs};
	char why[512];
	int rc = b->strs != NULL ? aur_collect_new(&b->collect, &options)
				 : AUR_ENOMEM;

	notice_init(&b->notice, on_event, b);
	if (rc == 0 && folder != NULL) {
		rc = spool_open(&b->spool, &o, now(), why, sizeof(why));
		if (rc < 0)
			fprintf(stderr, "record: %s\n", why);
	}
	if (rc == 0 && b->spool != NULL && spool_trouble(b->spool) != NULL) {
		fprintf(stderr, "record: %s\n", spool_trouble(b->spool));
		rc = AUR_EIO;
	}
	return rc;
}

static void print(const struct bench *b, uint64_t anonymous_kb)
{
	double seconds = (double)(b->seconds > 0 ? b->seconds : 1);

	printf("sampling_ms %.4f recording_ms %.4f dearest_ms %.3f "
	       "sealing_ms %.3f ",
	    (double)b->sampling_ns / 1e6 / seconds,
	    (double)(b->recording_ns + b->sealing_ns) / 1e6 / seconds,
	    (double)b->dearest_ns / 1e6, (double)b->sealing_ns / 1e6);
	printf("cells %llu system_bytes %llu rows %llu tables %llu "
	       "table_bytes %llu anonymous_kb %llu\n",
	    (unsigned long long)b->cells, (unsigned long long)b->system_bytes,
	    (unsigned long long)b->rows, (unsigned long long)b->tables,
	    (unsigned long long)b->table_bytes,
	    (unsigned long long)anonymous_kb);
}

int main(int argc, char **argv)
{
	struct bench b = {.strs = aur_strs_new(AUR_MAX_STRING_BYTES)};
	uint64_t seconds = 0, anonymous_kb;
	struct aur_span begin;
	int rc;

	if (argc < 3 || argc > 4 ||
	    aur_scan_u64(aur_slice_str(argv[1]), &seconds) < 0) {
		fprintf(stderr, "usage: record SECONDS FOLDER [none]\n");
		return 2;
	}
	spool_tune_memory();
	rc = prepare(&b, argc == 3 ? argv[2] : NULL);
	while (rc == 0 && b.seconds < seconds) {
		struct aur_span wait = aur_wall_to_multiple(aur_clock_wall(),
		    (struct aur_span){AUR_SECOND_NS},
		    (struct aur_span){AUR_SECOND_NS / 2});

		poll(NULL, 0, (int)(wait.ns / 1000000 + 1));
		rc = one(&b);
	}
	anonymous_kb = memory_anonymous_kb();
	begin = aur_clock_cpu();
	if (rc == 0 && b.spool != NULL)
		rc = spool_seal(b.spool, now());
	b.sealing_ns = aur_clock_cpu().ns - begin.ns;
	if (rc == 0 && b.spool != NULL)
		rc = weigh(&b);
	if (rc < 0) {
		fprintf(stderr, "record: %s\n", aur_err_str(rc));
		return 1;
	}
	print(&b, anonymous_kb);
	notice_release(&b.notice);
	spool_close(b.spool, now());
	aur_collect_free(b.collect);
	aur_strs_unref(b.strs);
	return 0;
}
