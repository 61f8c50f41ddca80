/* SPDX-License-Identifier: MIT */
#include "bench/keeping.h"

#include "base/err.h"
#include "bench/pages.h"

#include <stdio.h>
#include <stdlib.h>

#define HOUR_NS (3600 * AUR_SECOND_NS)

const char *const keeping_name[KEEPING_WAYS] = {"live", "blocks", "both"};

void sure(int rc, const char *what)
{
	if (rc < 0) {
		fprintf(stderr, "bench: %s: %s\n", what, aur_err_str(rc));
		exit(1);
	}
}

void *got(void *p)
{
	sure(p != NULL ? 0 : AUR_ENOMEM, "memory");
	return p;
}

double cpu_us(void)
{
	return (double)aur_clock_cpu().ns / 1e3;
}

void say(const char *name, double value)
{
	printf("%s\t%.4g\n", name, value);
	fflush(stdout);
}

static void say_of(const char *name, const char *what, double value)
{
	char text[96];

	snprintf(text, sizeof(text), "%s: %s", name, what);
	say(text, value);
}

size_t count_cells(const struct aur_sample *s)
{
	size_t n = 0;

	for (size_t k = 0; k < s->npart; k++)
		for (size_t at = 0; at < s->part[k].n; at++)
			for (unsigned f = 0; f < s->part[k].domain->nfield; f++)
				n += aur_part_has(&s->part[k], at, f);
	return n;
}

static void flush(struct keeping *k)
{
	sure(aur_history_flush(k->history, aur_span_ms(60000)), "flush");
}

static int on_block(void *arg, const struct aur_block *b)
{
	struct keeping *k = arg;
	int rc = aur_history_put_block(k->history, k->host, b->bytes);

	if (rc == AUR_EBUSY) {
		flush(k);
		rc = aur_history_put_block(k->history, k->host, b->bytes);
	}
	return rc;
}

/* What the host packed by now; its work is not counted. */
static void put_blocks(struct keeping *k)
{
	sure(aur_packer_finish(k->packer, AUR_PACK_EFFORT, on_block, k),
	    "finish");
}

static void pack_one(struct keeping *k, struct aur_sample *s)
{
	int rc = aur_packer_add(k->packer, s);

	if (rc == AUR_ELIMIT) {
		put_blocks(k);
		rc = aur_packer_add(k->packer, s);
	}
	sure(rc, "add");
}

void keeping_begin(struct keeping *k, const char *folder, enum keeping_way way)
{
	struct aur_history_options o = {.folder = folder, .record = true};
	char why[256] = "";
	int rc;

	*k = (struct keeping){.way = way, .folder = folder};
	rc = aur_history_open(&k->history, &o, why, sizeof(why));
	sure(rc, rc < 0 ? why : "open");
	sure(aur_history_host(k->history, "host", "host", &k->host), "host");
	sure(aur_packer_new(&k->packer), "packer");
}

static void put_some(struct keeping *k)
{
	double at = cpu_us();

	for (size_t i = 0; k->way != KEEPING_BLOCKS && i < k->n; i++)
		aur_history_put(k->history, k->host, k->sample[i]);
	k->put_us += cpu_us() - at;
	for (size_t i = 0; k->way != KEEPING_LIVE && i < k->n; i++)
		pack_one(k, k->sample[i]);
	for (size_t i = 0; i < k->n; i++)
		aur_sample_unref(k->sample[i]);
	k->n = 0;
}

static void end_hour(struct keeping *k)
{
	double at;

	put_some(k);
	put_blocks(k);
	at = cpu_us();
	flush(k);
	k->put_us += cpu_us() - at;
}

void keeping_put(struct keeping *k, struct aur_sample *s)
{
	if (k->last.ns / HOUR_NS != s->wall.ns / HOUR_NS && k->last.ns != 0)
		end_hour(k);
	k->last = s->wall;
	k->samples++;
	k->cells += (double)count_cells(s);
	k->sample[k->n++] = aur_sample_ref(s);
	if (k->n == KEEPING_ONCE)
		put_some(k);
}

void keeping_settle(struct keeping *k, struct aur_wall last)
{
	struct aur_wall later = {last.ns + 2 * HOUR_NS};

	end_hour(k);
	sure(aur_history_tidy(k->history, later, aur_span_ms(600000)), "tidy");
	aur_packer_free(k->packer);
	k->packer = NULL;
}

void keeping_end(struct keeping *k, const char *name)
{
	double at, tidy_us;

	end_hour(k);
	at = cpu_us();
	keeping_settle(k, k->last);
	tidy_us = cpu_us() - at;
	say_of(name, "putting, CPU us per sample", k->put_us / k->cells);
	say_of(name, "tidying, CPU us per sample", tidy_us / k->cells);
	say_of(name, "CPU us per sample", (k->put_us + tidy_us) / k->cells);
	say_of(name, "1 s tier, bytes per sample",
	    pages_of(k->folder, "block%") / k->cells);
	say_of(name, "all tiers, bytes per sample",
	    pages_of_series(k->folder) / k->cells);
}
