/* SPDX-License-Identifier: MIT */
/* What the tables of a store take on the disk, by SQLite's dbstat. */
#ifndef BENCH_PAGES_H
#define BENCH_PAGES_H

#include <sqlite3.h>

/* Calls `fn` with each week file of a store's folder, open to be read. Ends
 * the program with a sentence where one cannot be. */
void pages_each(
    const char *folder, void (*fn)(void *arg, sqlite3 *db), void *arg);

/* The first column of the first row, NULL as 0; `text` is bound to ?1. */
double pages_value(sqlite3 *db, const char *sql, const char *text);

/* Pages of all tables and indexes whose names are like that, in bytes. */
double pages_of(const char *folder, const char *like);

/* All that series take: blocks, tiers, log and what is to be done. */
double pages_of_series(const char *folder);

#endif
