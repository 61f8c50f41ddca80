/* SPDX-License-Identifier: MIT */
/*
 * Opening: the settings that matter are those of knowledge that was paid for.
 * secure_delete is off because Debian builds with it on, and every expired
 * block would be written once more as zeros. No mmap: a bug of SQLite before
 * 3.51.3 (a writer and a checkpoint at the same instant) does more harm with
 * it. We keep clear of that bug by having one connection that writes, which
 * is the only one that checkpoints: all others are read-only, and those
 * cannot.
 */
#include "history/sql_int.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x41755248 /* "AuRH" */
#define VERSION 1
#define PATH_MOST 4200

int aur__sql_err(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
		return 0;
	case SQLITE_ROW:
		return 1;
	case SQLITE_NOMEM:
		return AUR_ENOMEM;
	case SQLITE_FULL:
	case SQLITE_TOOBIG:
		return AUR_ELIMIT;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return AUR_EDENIED;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return AUR_EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_MISMATCH:
	case SQLITE_FORMAT:
	case SQLITE_ERROR: /* a table that is not there */
		return AUR_EINVALID;
	default:
		return AUR_EIO;
	}
}

int aur__db_run(struct aur__db *db, const char *sql)
{
	return aur__sql_err(sqlite3_exec(db->db, sql, NULL, NULL, NULL));
}

/* The number that a pragma answers; -1 where it does not. */
static int64_t ask(struct aur__db *db, const char *pragma, int *ret_rc)
{
	sqlite3_stmt *st = NULL;
	int64_t v = -1;
	int rc = sqlite3_prepare_v2(db->db, pragma, -1, &st, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			v = sqlite3_column_int64(st, 0);
	}
	sqlite3_finalize(st);
	*ret_rc = rc == SQLITE_ROW ? 0 : aur__sql_err(rc);
	return v;
}

static const char *const tables[] = {
    [AUR__INDEX] = "CREATE TABLE host(id INTEGER PRIMARY KEY,"
		   " ident TEXT NOT NULL UNIQUE, name TEXT NOT NULL);",
    [AUR__WEEK] =
	"CREATE TABLE host(id INTEGER PRIMARY KEY,"
	" ident TEXT NOT NULL, name TEXT NOT NULL);"
	"CREATE TABLE log(id INTEGER PRIMARY KEY, host INTEGER, kind INTEGER,"
	" stream INTEGER, t0 INTEGER, t1 INTEGER, n INTEGER, sum INTEGER,"
	" frames BLOB);"
	"CREATE UNIQUE INDEX log_at ON log(host, kind, t0, stream);"
	"CREATE TABLE block(id INTEGER PRIMARY KEY, host INTEGER,"
	" step INTEGER, kind INTEGER, name TEXT, t0 INTEGER, t1 INTEGER,"
	" boot BLOB, own INTEGER, whole INTEGER, b BLOB);"
	"CREATE UNIQUE INDEX block_at ON block(host, step, kind, name, t0, t1,"
	" boot);"
	"CREATE TABLE roll(id INTEGER PRIMARY KEY, host INTEGER,"
	" step INTEGER, name TEXT, t0 INTEGER, t1 INTEGER, b BLOB);"
	"CREATE UNIQUE INDEX roll_at ON roll(host, step, t0, name);"
	"CREATE TABLE hour(id INTEGER PRIMARY KEY, host INTEGER, t0 INTEGER);"
	"CREATE UNIQUE INDEX hour_at ON hour(host, t0);"
	"CREATE TABLE event(id INTEGER PRIMARY KEY, host INTEGER, boot BLOB,"
	" number INTEGER, t INTEGER, frame BLOB);"
	"CREATE UNIQUE INDEX event_id ON event(host, boot, number);"
	"CREATE INDEX event_at ON event(host, t);"
	"CREATE INDEX event_t ON event(t);",
};

/* A new file's tables; one transaction, so that a kill leaves none or all. */
static int make_tables(struct aur__db *db, enum aur__form form)
{
	char sql[96];
	int rc = aur__db_run(db, "BEGIN IMMEDIATE");

	if (rc < 0)
		return rc;
	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION,
	    VERSION);
	rc = aur__db_run(db, tables[form]);
	if (rc == 0)
		rc = aur__db_run(db, sql);
	if (rc == 0)
		rc = aur__db_run(db, "COMMIT");
	if (rc < 0)
		(void)sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static int check_form(
    struct aur__db *db, enum aur__mode mode, enum aur__form form)
{
	int rc;
	int64_t version = ask(db, "PRAGMA user_version", &rc);

	if (rc < 0)
		return rc;
	if (version > VERSION)
		return AUR_EVERSION;
	if (version == VERSION)
		return ask(db, "PRAGMA application_id", &rc) == APPLICATION
			   ? rc
			   : AUR_EINVALID;
	if (mode != AUR__WRITE)
		return AUR_EABSENT; /* somebody is making it */
	return make_tables(db, form);
}

static const char for_writing[] =
    "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL;"
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "PRAGMA secure_delete=OFF; PRAGMA journal_size_limit=16777216;"
    "PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;"
    "PRAGMA cache_size=-256";
static const char for_reading[] =
    "PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA "
    "query_only=ON; PRAGMA cache_size=-256";

/* A path as SQLite's URI: what means something there is written as %XX. */
static int make_uri(const char *path, const char *more, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (const char *p = "file:"; *p != '\0'; p++)
		out[n++] = *p;
	for (; *path != '\0'; path++) {
		unsigned char c = (unsigned char)*path;

		if (n + 4 + strlen(more) >= size)
			return AUR_ELIMIT;
		if (c == '%' || c == '?' || c == '#') {
			out[n++] = '%';
			out[n++] = hex[c >> 4];
			out[n++] = hex[c & 15];
		} else {
			out[n++] = (char)c;
		}
	}
	memcpy(out + n, more, strlen(more) + 1);
	return 0;
}

/* Once in a program, before its first connection: later calls change nothing.
 * A connection takes memory for the pages that it has, not 20 at once; nobody
 * asks how much there is in all, and counting it takes a lock. */
static void configure(void)
{
	if (sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) == SQLITE_OK)
		(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int open_file(struct aur__db *db, const char *path, enum aur__mode mode)
{
	int flags =
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE;
	char uri[PATH_MOST];
	int rc = make_uri(
	    path, mode == AUR__FROZEN ? "?immutable=1" : "", uri, sizeof(uri));

	if (rc < 0)
		return rc;
	configure();
	flags |= mode == AUR__WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
				    : SQLITE_OPEN_READONLY;
	rc = aur__sql_err(sqlite3_open_v2(uri, &db->db, flags, NULL));
	if (rc < 0)
		return rc;
	/* four connections live as long as a screen does: what SQLite keeps
	 * for speed would be a tenth of the program's memory */
	(void)sqlite3_db_config(db->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
	(void)sqlite3_busy_timeout(db->db, 2000);
	(void)sqlite3_limit(db->db, SQLITE_LIMIT_LENGTH, 64 << 20);
	(void)sqlite3_db_config(db->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(
	    db->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return aur__db_run(db, mode == AUR__WRITE ? for_writing : for_reading);
}

/* An empty file for its owner alone: command lines may be secrets. SQLite
 * would make it by the umask, and its log like it. */
static int make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0) {
		if (errno == ENOSPC || errno == EDQUOT)
			return AUR_ELIMIT;
		return errno == EACCES || errno == EROFS ? AUR_EDENIED
							 : AUR_EIO;
	}
	(void)close(fd);
	return 0;
}

int aur__db_open(struct aur__db *ret_db, const char *path, enum aur__mode mode,
    enum aur__form form)
{
	struct aur__db db = {0};
	struct stat st;
	int rc;

	if (lstat(path, &st) < 0) {
		if (errno != ENOENT)
			return errno == EACCES ? AUR_EDENIED : AUR_EIO;
		if (mode != AUR__WRITE)
			return AUR_EABSENT;
		rc = make_file(path);
		if (rc < 0)
			return rc;
	} else if (!S_ISREG(st.st_mode)) {
		return AUR_EINVALID;
	}
	rc = open_file(&db, path, mode);
	if (rc == 0)
		rc = check_form(&db, mode, form);
	if (rc < 0) {
		aur__db_close(&db);
		return rc;
	}
	*ret_db = db;
	return 0;
}

void aur__db_close(struct aur__db *db)
{
	for (size_t i = 0; i < AUR__SQL_COUNT; i++) {
		sqlite3_finalize(db->st[i]);
		db->st[i] = NULL;
	}
	(void)sqlite3_close(db->db);
	db->db = NULL;
}

int aur__db_check(struct aur__db *db)
{
	sqlite3_stmt *st = NULL;
	int rc =
	    sqlite3_prepare_v2(db->db, "PRAGMA quick_check(1)", -1, &st, NULL);
	const unsigned char *text;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		text = sqlite3_column_text(st, 0);
		rc = text != NULL && strcmp((const char *)text, "ok") == 0
			 ? SQLITE_OK
			 : SQLITE_CORRUPT;
	}
	sqlite3_finalize(st);
	return aur__sql_err(rc);
}

sqlite3_stmt *aur__sql_use(struct aur__db *db, enum aur__sql id)
{
	static const char *const text[AUR__SQL_COUNT] = {
#define AUR__SQL(NAME, text) [AUR__SQL_##NAME] = text,
#include "history/sql.def"
#undef AUR__SQL
	};
	sqlite3_stmt *st = db->st[id];

	db->err = 0;
	if (st == NULL) {
		int rc = sqlite3_prepare_v3(db->db, text[id], -1,
		    SQLITE_PREPARE_PERSISTENT, &db->st[id], NULL);

		db->err = aur__sql_err(rc);
		return db->st[id];
	}
	(void)sqlite3_reset(st);
	(void)sqlite3_clear_bindings(st);
	return st;
}

void aur__sql_i64(sqlite3_stmt *st, int i, int64_t v)
{
	if (st != NULL)
		(void)sqlite3_bind_int64(st, i, v);
}

void aur__sql_text(sqlite3_stmt *st, int i, struct aur_slice s)
{
	if (st != NULL)
		(void)sqlite3_bind_text64(st, i,
		    s.n > 0 ? (const char *)s.p : "", s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
}

void aur__sql_blob(sqlite3_stmt *st, int i, struct aur_slice s)
{
	if (st != NULL)
		(void)sqlite3_bind_blob64(st, i,
		    s.n > 0 ? (const void *)s.p : "", s.n, SQLITE_STATIC);
}

int aur__sql_step(struct aur__db *db, sqlite3_stmt *st)
{
	int rc;

	if (st == NULL)
		return db->err < 0 ? db->err : AUR_EIO;
	rc = aur__sql_err(sqlite3_step(st));
	if (rc != 1)
		(void)sqlite3_reset(st);
	return rc;
}

int aur__sql_done(struct aur__db *db, sqlite3_stmt *st)
{
	int rc = aur__sql_step(db, st);

	if (rc == 1) {
		(void)sqlite3_reset(st);
		rc = 0;
	}
	return rc;
}

void aur__sql_end(sqlite3_stmt *st)
{
	if (st != NULL)
		(void)sqlite3_reset(st);
}
