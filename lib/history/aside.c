/* SPDX-License-Identifier: MIT */
/*
 * Salvage by rowid: a damaged page of a tree makes SQLite refuse the whole
 * scan, but a row that does not need that page can be read by its number. So
 * the tables have numbers as keys, and what a scan cannot pass is tried one by
 * one. (The shell's .recover is not built into what Debian ships.)
 */
#include "history/aside_int.h"

#include "base/err.h"
#include "pack/pack.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Numbers tried behind one that cannot be read, before a table is given up. */
#define TRIES 20000

struct table {
	const char *name;
	const char *next, *one; /* the row behind a number; a number's row */
	const char *put;
	int n; /* columns, the number first */
};

#define TABLE(T, columns, marks, count)                                        \
	{                                                                      \
#T,                                                            \
		    "SELECT id, " columns " FROM " #T                          \
		    " WHERE id > ? ORDER BY id",                               \
		    "SELECT id, " columns " FROM " #T " WHERE id = ?",         \
		    "INSERT OR IGNORE INTO " #T "(id, " columns                \
		    ") VALUES(?, " marks ")",                                  \
		    count                                                      \
	}

static const struct table index_tables[] = {
    TABLE(host, "ident, name", "?, ?", 3),
};
static const struct table week_tables[] = {
    TABLE(host, "ident, name", "?, ?", 3),
    TABLE(log, "host, kind, stream, t0, t1, n, sum, frames",
	"?, ?, ?, ?, ?, ?, ?, ?", 9),
    TABLE(block, "host, step, kind, name, t0, t1, boot, own, whole, b",
	"?, ?, ?, ?, ?, ?, ?, ?, ?, ?", 11),
    TABLE(roll, "host, step, name, t0, t1, b", "?, ?, ?, ?, ?, ?", 7),
    TABLE(hour, "host, t0", "?, ?", 3),
    TABLE(event, "host, boot, number, t, frame", "?, ?, ?, ?, ?", 6),
};

struct copy {
	struct aur__db *from, *to;
	const struct table *table;
	sqlite3_stmt *next, *one, *put;
	aur__bad_fn bad;
	void *arg;
	struct aur__copied *count;
};

/* Whether what the row holds is what was written. */
static bool is_sound(const struct copy *c, sqlite3_stmt *row)
{
	const char *t = c->table->name;
	struct aur_slice blob = aur__col_blob(row, c->table->n - 1);
	struct aur_block head;

	for (int i = 0; i + 1 < c->table->n; i++)
		if (sqlite3_column_type(row, i) == SQLITE_NULL)
			return false;
	if (strcmp(t, "log") == 0)
		return (int64_t)aur_slice_hash(blob) == aur__col_i64(row, 7);
	if (strcmp(t, "block") == 0)
		return aur_block_head(blob, &head) == 0;
	return true;
}

static int put_row(struct copy *c, sqlite3_stmt *row)
{
	bool is_host = strcmp(c->table->name, "host") == 0;

	if (!is_sound(c, row)) {
		c->count->bad++;
		c->bad(c->arg, c->table->name, aur__col_i64(row, 0));
		return 0;
	}
	c->count->good++;
	if (c->to == NULL)
		return 0;
	(void)sqlite3_reset(c->put);
	(void)sqlite3_clear_bindings(c->put);
	for (int i = 0; i < c->table->n; i++)
		if (i > 0 || is_host) /* numbers of rows mean nothing */
			(void)sqlite3_bind_value(
			    c->put, i + 1, sqlite3_column_value(row, i));
	return aur__sql_done(c->to, c->put);
}

/* Tries the numbers behind `id` one by one. 1: *id was read; 0: none was. */
static int try_on(struct copy *c, int64_t *id)
{
	for (int64_t i = 1; i <= TRIES; i++) {
		int rc;

		(void)sqlite3_reset(c->one);
		aur__sql_i64(c->one, 1, *id + i);
		rc = aur__sql_step(c->from, c->one);
		if (rc != 1)
			continue;
		*id += i;
		rc = put_row(c, c->one);
		(void)sqlite3_reset(c->one);
		return rc < 0 ? rc : 1;
	}
	return 0;
}

static int copy_table(struct copy *c)
{
	int64_t id = INT64_MIN;
	int rc;

	for (;;) {
		(void)sqlite3_reset(c->next);
		aur__sql_i64(c->next, 1, id);
		while ((rc = aur__sql_step(c->from, c->next)) == 1) {
			id = aur__col_i64(c->next, 0);
			rc = put_row(c, c->next);
			if (rc < 0)
				return rc;
		}
		if (rc == 0 || rc == AUR_ENOMEM)
			return rc;
		c->count->bad++;
		c->bad(c->arg, c->table->name, id);
		if (id < 0)
			id = 0;
		rc = try_on(c, &id);
		if (rc <= 0)
			return rc;
	}
}

static int prepare(struct aur__db *db, const char *sql, sqlite3_stmt **ret_st)
{
	return aur__sql_err(sqlite3_prepare_v2(db->db, sql, -1, ret_st, NULL));
}

static int copy_one(struct copy *c)
{
	int rc = prepare(c->from, c->table->next, &c->next);

	if (rc == 0)
		rc = prepare(c->from, c->table->one, &c->one);
	if (rc == AUR_EINVALID) { /* its table is not there */
		c->count->bad++;
		c->bad(c->arg, c->table->name, -1);
		rc = 0;
		goto out;
	}
	if (rc == 0 && c->to != NULL)
		rc = prepare(c->to, c->table->put, &c->put);
	if (rc == 0)
		rc = copy_table(c);
out:
	sqlite3_finalize(c->next);
	sqlite3_finalize(c->one);
	sqlite3_finalize(c->put);
	c->next = c->one = c->put = NULL;
	return rc;
}

int aur__copy_rows(struct aur__db *from, struct aur__db *to,
    enum aur__form form, aur__bad_fn bad, void *arg, struct aur__copied *ret)
{
	const struct table *table =
	    form == AUR__INDEX ? index_tables : week_tables;
	size_t n = form == AUR__INDEX ? AUR_ARRAY_LEN(index_tables)
				      : AUR_ARRAY_LEN(week_tables);
	struct copy c = {
	    .from = from, .to = to, .bad = bad, .arg = arg, .count = ret};
	int rc = to != NULL ? aur__db_run(to, "BEGIN IMMEDIATE") : 0;

	for (size_t i = 0; rc == 0 && i < n; i++) {
		c.table = &table[i];
		rc = copy_one(&c);
	}
	if (to != NULL && rc == 0)
		rc = aur__db_run(to, "COMMIT");
	if (to != NULL && rc < 0)
		(void)!aur__db_run(to, "ROLLBACK");
	return rc;
}

static void ignore(void *arg, const char *table, int64_t id)
{
	(void)arg;
	(void)table;
	(void)id;
}

/* A name that nobody has: the date, then numbers. */
static int free_name(
    struct aur__weeks *folder, const char *name, struct aur_buf *out)
{
	struct aur_buf date;
	struct stat st;
	int rc;

	aur_buf_init(&date, 64);
	rc = aur_wall_format(aur_clock_wall(), &date);
	if (rc < 0) {
		aur_buf_release(&date);
		return rc;
	}
	aur_buf_cut(&date, 10);
	for (unsigned i = 1; i < 1000; i++) {
		const char *path;

		aur_buf_clear(out);
		rc = aur_buf_addf(
		    out, "%s.corrupt-%s", name, aur_buf_str(&date));
		if (rc == 0 && i > 1)
			rc = aur_buf_addf(out, "-%u", i);
		path = aur_buf_str(out);
		if (rc == 0 && path != NULL)
			path = aur__weeks_path(folder, path);
		if (rc < 0 || path == NULL || lstat(path, &st) < 0)
			break;
	}
	aur_buf_release(&date);
	return rc;
}

/* Renames FOLDER/from+tail to FOLDER/to+tail. */
static int move(struct aur__weeks *folder, const char *from, const char *to,
    const char *tail)
{
	struct aur_buf a, b;
	const char *pa, *pb;
	int rc;

	aur_buf_init(&a, 4096);
	aur_buf_init(&b, 4096);
	rc = aur_buf_addf(&a, "%s%s", aur__weeks_path(folder, from), tail);
	if (rc == 0)
		rc =
		    aur_buf_addf(&b, "%s%s", aur__weeks_path(folder, to), tail);
	pa = aur_buf_str(&a);
	pb = aur_buf_str(&b);
	if (rc == 0 && (pa == NULL || pb == NULL))
		rc = AUR_ENOMEM;
	if (rc == 0 && rename(pa, pb) < 0 && tail[0] == '\0')
		rc = AUR_EIO;
	aur_buf_release(&a);
	aur_buf_release(&b);
	return rc;
}

/* Begins `name` anew with what can be read of `aside`. */
static int begin_anew(struct aur__weeks *folder, const char *aside,
    const char *name, enum aur__form form, struct aur__copied *ret)
{
	struct aur__db from = {0}, to = {0};
	const char *path = aur__weeks_path(folder, name);
	int rc = path == NULL ? AUR_ENOMEM
			      : aur__db_open(&to, path, AUR__WRITE, form);

	if (rc < 0)
		return rc;
	path = aur__weeks_path(folder, aside);
	if (path != NULL && aur__db_open(&from, path, AUR__READ, form) == 0)
		rc = aur__copy_rows(&from, &to, form, ignore, NULL, ret);
	else
		ret->bad++;
	aur__db_close(&from);
	aur__db_close(&to);
	return rc;
}

int aur__set_aside(struct aur__weeks *folder, const char *name,
    enum aur__form form, char *said, size_t size)
{
	struct aur__copied count = {0};
	struct aur_buf aside;
	const char *to;
	int rc;

	aur_buf_init(&aside, 128);
	rc = free_name(folder, name, &aside);
	to = aur_buf_str(&aside);
	if (rc == 0 && to == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = move(folder, name, to, "");
	if (rc == 0)
		rc = move(folder, name, to, "-wal");
	if (rc == 0) {
		(void)!move(folder, name, to, "-shm");
		rc = begin_anew(folder, to, name, form, &count);
		(void)snprintf(said, size,
		    "%s of the history was damaged and is now %s; %llu rows of "
		    "it were saved",
		    name, to, (unsigned long long)count.good);
	}
	aur_buf_release(&aside);
	return rc;
}
