/* SPDX-License-Identifier: MIT */
/*
 * again - what keeping costs, measured with what a store has of its first host:
 * its samples are put into a new one, as they come live, or as the host kept
 * them.
 *
 *	bench/again STORE FOLDER live|blocks
 *
 * STORE is read, ~/.local/share/aurora/history/TEAM or a copy. Prints lines of
 * name, tab, value. CPU is this process's, of all threads, while it puts,
 * commits, packs and rolls up; reading STORE is not counted.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/walk_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Put at once, and committed every so many. */
#define AT_ONCE 60u
#define COMMIT 3600u

struct again {
	struct aur_history *h;
	size_t host;
	bool live;
	struct aur_packer *packer;
	struct aur_sample *sample[AT_ONCE];
	size_t n, all, cells;
	double put_us;
};

static void sure(int rc, const char *what)
{
	if (rc < 0) {
		fprintf(stderr, "again: %s: %s\n", what, aur_err_str(rc));
		exit(1);
	}
}

static double cpu_us(void)
{
	return (double)aur_clock_cpu().ns / 1e3;
}

static size_t count_cells(const struct aur_sample *s)
{
	size_t n = 0;

	for (size_t k = 0; k < s->npart; k++)
		for (size_t at = 0; at < s->part[k].n; at++)
			for (unsigned f = 0; f < s->part[k].domain->nfield; f++)
				n += aur_part_has(&s->part[k], at, f);
	return n;
}

static int on_block(void *arg, const struct aur_block *b)
{
	struct again *a = arg;
	int rc = aur_history_put_block(a->h, a->host, b->bytes);

	if (rc == AUR_EBUSY) {
		sure(aur_history_flush(a->h, aur_span_ms(60000)), "flush");
		rc = aur_history_put_block(a->h, a->host, b->bytes);
	}
	return rc;
}

static void pack_one(struct again *a, struct aur_sample *s)
{
	int rc = aur_packer_add(a->packer, s);

	if (rc == AUR_ELIMIT) {
		sure(aur_packer_finish(
			 a->packer, AUR_PACK_EFFORT, on_block, a),
		    "finish");
		rc = aur_packer_add(a->packer, s);
	}
	sure(rc, "add");
}

static void put_some(struct again *a)
{
	double at = cpu_us();

	for (size_t i = 0; i < a->n; i++)
		if (a->live)
			aur_history_put(a->h, a->host, a->sample[i]);
		else
			pack_one(a, a->sample[i]);
	if (a->all / COMMIT != (a->all - a->n) / COMMIT)
		sure(aur_history_flush(a->h, aur_span_ms(60000)), "flush");
	if (a->live)
		a->put_us += cpu_us() - at;
	for (size_t i = 0; i < a->n; i++)
		aur_sample_unref(a->sample[i]);
	a->n = 0;
}

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct again *a = arg;

	(void)before;
	a->cells += count_cells(now);
	a->sample[a->n++] = aur_sample_ref(now);
	a->all++;
	if (a->n == AT_ONCE)
		put_some(a);
	return 0;
}

static void open_store(struct aur_history **ret_h, const char *folder, bool record)
{
	struct aur_history_options o = {.folder = folder, .record = record};
	char why[256] = "";
	int rc = aur_history_open(ret_h, &o, why, sizeof(why));

	if (rc < 0)
		fprintf(stderr, "again: %s: %s\n", folder, why);
	sure(rc, "open");
}

int main(int argc, char **argv)
{
	struct again a = {0};
	struct aur_history *from;
	struct aur__source s;
	struct aur_wall first, last;
	double at;

	if (argc != 4) {
		fprintf(stderr, "usage: again STORE FOLDER live|blocks\n");
		return 2;
	}
	a.live = strcmp(argv[3], "live") == 0;
	open_store(&from, argv[1], false);
	open_store(&a.h, argv[2], true);
	sure(aur_history_host(a.h, "host", "host", &a.host), "host");
	sure(aur_packer_new(&a.packer), "packer");
	if (!aur_history_bounds(from, 0, &first, &last))
		sure(AUR_EABSENT, "nothing is kept");
	sure(aur__source_of(from, 0, &s), "source");
	last.ns++;
	sure(aur__walk(&s, first, last,
		 (struct aur__mask){UINT64_MAX, true}, false, on_sample, &a),
	    "walk");
	put_some(&a);
	at = cpu_us();
	sure(aur_history_flush(a.h, aur_span_ms(60000)), "flush");
	a.put_us += a.live ? cpu_us() - at : 0;
	sure(aur_packer_finish(a.packer, AUR_PACK_EFFORT, on_block, &a),
	    "finish");
	at = cpu_us();
	sure(aur_history_flush(a.h, aur_span_ms(60000)), "flush");
	sure(aur_history_tidy(a.h,
		 (struct aur_wall){last.ns + 7200 * AUR_SECOND_NS},
		 aur_span_ms(600000)),
	    "tidy");
	printf("samples\t%zu\nvalues of a sample\t%.4g\n", a.all,
	    (double)a.cells / (double)a.all);
	printf("%s: putting, CPU us per sample\t%.4g\n", argv[3],
	    a.put_us / (double)a.cells);
	printf("%s: tidying, CPU us per sample\t%.4g\n", argv[3],
	    (cpu_us() - at) / (double)a.cells);
	aur_packer_free(a.packer);
	aur_history_close(a.h);
	aur_history_close(from);
	return 0;
}
