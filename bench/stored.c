/* SPDX-License-Identifier: MIT */
/*
 * stored - what a store that was really recorded takes on the disk: bytes for
 * each value of a series that can be read from it at one second, and what its
 * tables of processes take in a day.
 *
 *	bench/stored FOLDER        ~/.local/share/aurora/history/TEAM
 *
 * Prints lines of name, tab, value. Pages are of all tables and indexes, by
 * dbstat; of those in which blocks stand, what processes and events fill is
 * not counted as series, but every byte beside them is.
 */
#include "bench/pages.h"

#include "base/err.h"
#include "base/mem.h"
#include "pack/pack.h"

#include <stdio.h>
#include <stdlib.h>

/* `cells` are values at one second; `frames` bytes of processes, events. */
struct found {
	double cells, frames, seconds;
};

static void sure(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "stored: %s\n", what);
		exit(1);
	}
}

static struct aur_slice blob(sqlite3_stmt *st, int column)
{
	const void *p = sqlite3_column_blob(st, column);

	return aur_slice_of(p, (size_t)sqlite3_column_bytes(st, column));
}

/* Values of a domain that are there. */
static double count(struct aur_slice bytes, const struct aur_times *times)
{
	size_t words = (times->n + 63) / 64;
	uint64_t *cells = aur_mem_new(times->n, sizeof(*cells));
	uint64_t *have = aur_mem_new(words, sizeof(*have));
	struct aur_columns *c;
	double n = 0;

	sure(cells != NULL && have != NULL, "memory");
	sure(aur_columns_open(&c, bytes, times) == 0, "a damaged block");
	for (size_t i = 0; i < aur_columns_insts(c); i++)
		for (size_t f = 0; f < aur_columns_domain(c)->nfield; f++) {
			if (aur_columns_cells(c, i, f, cells, have) < 0)
				continue;
			for (size_t w = 0; w < words; w++)
				n += __builtin_popcountll(have[w]);
		}
	aur_columns_free(c);
	aur_mem_free(cells);
	aur_mem_free(have);
	return n;
}

static void add_span(struct found *f, sqlite3_stmt *one, sqlite3_stmt *all)
{
	struct aur_times times = {0};

	sure(aur_times_open(&times, blob(all, 4), NULL) == 0, "damaged times");
	f->seconds += (double)(sqlite3_column_int64(all, 2) -
			       sqlite3_column_int64(all, 1)) /
		      AUR_SECOND_NS;
	for (int i = 0; i < 4; i++)
		sqlite3_bind_value(one, i + 1, sqlite3_column_value(all, i));
	while (sqlite3_step(one) == SQLITE_ROW)
		f->cells += count(blob(one, 0), &times);
	sqlite3_reset(one);
	aur_times_release(&times);
}

static void add_week(void *arg, sqlite3 *db)
{
	struct found *f = arg;
	sqlite3_stmt *all = NULL, *one = NULL;

	sure(sqlite3_prepare_v2(db,
		 "SELECT host, t0, t1, boot, b FROM block WHERE kind = 1 AND "
		 "step = 1",
		 -1, &all, NULL) == SQLITE_OK,
	    "the blocks");
	sure(sqlite3_prepare_v2(db,
		 "SELECT b FROM block WHERE kind = 2 AND step = 1 AND "
		 "host = ?1 AND t0 = ?2 AND t1 = ?3 AND boot IS ?4",
		 -1, &one, NULL) == SQLITE_OK,
	    "the columns");
	while (sqlite3_step(all) == SQLITE_ROW)
		add_span(f, one, all);
	sqlite3_finalize(one);
	sqlite3_finalize(all);
	f->frames += pages_value(
	    db, "SELECT sum(length(b)) FROM block WHERE kind = 3", NULL);
}

int main(int argc, char **argv)
{
	struct found f = {0};

	if (argc != 2) {
		fprintf(stderr, "usage: stored FOLDER\n");
		return 2;
	}
	pages_each(argv[1], add_week, &f);
	sure(f.cells > 0, "nothing is packed yet");
	printf("hours of all hosts\t%.2f\n", f.seconds / 3600);
	printf("samples at 1 s\t%.0f\n", f.cells);
	printf("1 s tier, bytes per sample\t%.4g\n",
	    (pages_of(argv[1], "block%") - f.frames) / f.cells);
	printf("all tiers, bytes per sample\t%.4g\n",
	    (pages_of_series(argv[1]) - f.frames) / f.cells);
	printf("processes of a host in a day, MB\t%.3g\n",
	    f.frames / f.seconds * 86400 / 1e6);
	return 0;
}
