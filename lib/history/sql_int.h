/* SPDX-License-Identifier: MIT */
/*
 * One SQLite file with its statements. Errors of SQLite become ours:
 * AUR_ENOMEM; AUR_ELIMIT the disk or a quota is full; AUR_EDENIED it may not be
 * written or opened; AUR_EBUSY; AUR_EINVALID it is damaged or no database;
 * AUR_EVERSION a later form; AUR_EIO the rest. Internal to the room.
 */
#ifndef AUR_HISTORY_SQL_INT_H
#define AUR_HISTORY_SQL_INT_H

#include "base/clock.h"
#include "base/compiler.h"
#include "base/slice.h"

#include <sqlite3.h>

enum aur__sql {
#define AUR__SQL(NAME, text) AUR__SQL_##NAME,
#include "history/sql.def"
#undef AUR__SQL
	AUR__SQL_COUNT
};

enum aur__mode {
	AUR__READ,   /* what somebody writes, or nobody */
	AUR__FROZEN, /* a file in a folder that may not be written to */
	AUR__WRITE,  /* made where it is not */
};
enum aur__form { AUR__INDEX, AUR__WEEK };

struct aur__db {
	sqlite3 *db; /* NULL: it is closed */
	sqlite3_stmt *st[AUR__SQL_COUNT];
	int err; /* of the last aur__sql_use that gave NULL */
};

/* Opens `path`. AUR_EABSENT: it is not there and is not to be made. */
AUR_MUST_CHECK int aur__db_open(struct aur__db *ret_db, const char *path,
    enum aur__mode mode, enum aur__form form);
void aur__db_close(struct aur__db *db); /* zeroed is fine */

/* Whether quick_check finds nothing. 0, AUR_EINVALID, ... */
AUR_MUST_CHECK int aur__db_check(struct aur__db *db);

/* Any statement without results. 0 or an error. */
AUR_MUST_CHECK int aur__db_run(struct aur__db *db, const char *sql);

/* A statement, reset, with nothing bound; NULL: aur__db.err says why. Binding
 * NULL is fine, and so is stepping: it gives that error. */
sqlite3_stmt *aur__sql_use(struct aur__db *db, enum aur__sql id);
void aur__sql_i64(sqlite3_stmt *st, int i, int64_t v);
/* Borrowed until the statement is used again. */
void aur__sql_text(sqlite3_stmt *st, int i, struct aur_slice s);
void aur__sql_blob(sqlite3_stmt *st, int i, struct aur_slice s);

/* 1: a row; 0: no more, and the statement is reset; else an error. */
AUR_MUST_CHECK int aur__sql_step(struct aur__db *db, sqlite3_stmt *st);
/* Steps a statement that has no rows. 0 or an error. */
AUR_MUST_CHECK int aur__sql_done(struct aur__db *db, sqlite3_stmt *st);
void aur__sql_end(sqlite3_stmt *st); /* resets; NULL is fine */

/* Columns of a row; borrowed until the next step. */
static inline int64_t aur__col_i64(sqlite3_stmt *st, int i)
{
	return sqlite3_column_int64(st, i);
}
static inline struct aur_slice aur__col_blob(sqlite3_stmt *st, int i)
{
	const void *p = sqlite3_column_blob(st, i);
	int n = sqlite3_column_bytes(st, i);

	return aur_slice_of(p, p != NULL && n > 0 ? (size_t)n : 0);
}

/* The error of ours for one of SQLite's. */
int aur__sql_err(int rc);

#endif
