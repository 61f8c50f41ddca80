/* SPDX-License-Identifier: MIT */
/*
 * Samples put into a new store in one of three ways, and what that costs. Any
 * failure ends the program with a sentence.
 *
 *	keeping_begin(&k, folder, KEEPING_LIVE);
 *	keeping_put(&k, sample);                    in order of time
 *	keeping_end(&k, "live");                    prints
 *	aur_history_close(k.history);
 */
#ifndef BENCH_KEEPING_H
#define BENCH_KEEPING_H

#include "history/history.h"
#include "pack/pack.h"

/* How samples come: live; in blocks that the host kept; live, and then each
 * hour of them in blocks. */
enum keeping_way { KEEPING_LIVE, KEEPING_BLOCKS, KEEPING_BOTH, KEEPING_WAYS };
extern const char *const keeping_name[KEEPING_WAYS];

/* Samples that are put at once: the clock takes a tenth as long as one. */
#define KEEPING_ONCE 60

struct keeping {
	struct aur_history *history;
	size_t host;
	enum keeping_way way;
	struct aur_packer *packer; /* the host's */
	struct aur_sample *sample[KEEPING_ONCE];
	size_t n; /* of these */
	struct aur_wall last;
	double samples, cells; /* put; values in them */
	double put_us;	       /* CPU of this process, all threads */
	const char *folder;
};

void sure(int rc, const char *what);
void *got(void *p);
double cpu_us(void);
size_t count_cells(const struct aur_sample *s);
/* A line of name, tab, value. */
void say(const char *name, double value);

/* An empty store in `folder`, lent, with one host. */
void keeping_begin(
    struct keeping *k, const char *folder, enum keeping_way way);
/* Puts it, with others, and commits at the end of each hour; held till then. */
void keeping_put(struct keeping *k, struct aur_sample *s);
/* Commits, packs and rolls up all that was put, hours after `last`. */
void keeping_settle(struct keeping *k, struct aur_wall last);
/* The same, and prints what it all took, in CPU and on the disk. */
void keeping_end(struct keeping *k, const char *name);

#endif
