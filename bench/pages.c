/* SPDX-License-Identifier: MIT */
#include "bench/pages.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

void pages_each(
    const char *folder, void (*fn)(void *arg, sqlite3 *db), void *arg)
{
	char pattern[560];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*-W*.db", folder);
	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "pages: no store in %s\n", folder);
		exit(1);
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		sqlite3 *db = NULL;

		if (sqlite3_open_v2(found.gl_pathv[i], &db,
			SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
			fprintf(stderr, "pages: %s: %s\n", found.gl_pathv[i],
			    sqlite3_errmsg(db));
			exit(1);
		}
		fn(arg, db);
		sqlite3_close(db);
	}
	globfree(&found);
}

double pages_value(sqlite3 *db, const char *sql, const char *text)
{
	sqlite3_stmt *st = NULL;
	double value;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
	    (text != NULL && sqlite3_bind_text(st, 1, text, -1,
				 SQLITE_STATIC) != SQLITE_OK) ||
	    sqlite3_step(st) != SQLITE_ROW) {
		fprintf(stderr, "pages: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
	value = sqlite3_column_double(st, 0);
	sqlite3_finalize(st);
	return value;
}

struct sum {
	const char *like;
	double bytes;
};

static void add_pages(void *arg, sqlite3 *db)
{
	struct sum *sum = arg;

	sum->bytes += pages_value(
	    db, "SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?1", sum->like);
}

double pages_of(const char *folder, const char *like)
{
	struct sum sum = {.like = like};

	pages_each(folder, add_pages, &sum);
	return sum.bytes;
}

double pages_of_series(const char *folder)
{
	return pages_of(folder, "block%") + pages_of(folder, "roll%") +
	       pages_of(folder, "log%") + pages_of(folder, "hour%");
}
