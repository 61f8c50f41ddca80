/* SPDX-License-Identifier: MIT */
/*
 * A store as one file, in the form of SQLite so that sums, pages and half
 * written files are its matter:
 *
 *	application_id 0x41755242 "AuRB", user_version 1
 *	piece(file TEXT, number INTEGER, bytes BLOB), word for word
 *
 * The files are those of a store's folder: index.db and a file for each week,
 * in pieces of a few megabytes, numbered from 0. An archive that others know
 * (sqlar, tar) was thought of: in the one a file is one value of at most a
 * gigabyte, and the other has no sums.
 */
#include "history/bundle_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "history/week_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x41755242
#define VERSION 1
#define PIECE (4u << 20)
#define TABLE                                                                  \
	"CREATE TABLE piece(file TEXT, number INTEGER, bytes BLOB, "           \
	"PRIMARY KEY(file, number))"
#define PATH 4200

static int of_errno(void)
{
	switch (errno) {
	case ENOENT:
		return AUR_EABSENT;
	case EACCES:
	case EPERM:
	case EROFS:
		return AUR_EDENIED;
	case ENOSPC:
	case EDQUOT:
		return AUR_ELIMIT;
	default:
		return AUR_EIO;
	}
}

/* --- folders -------------------------------------------------------------- */

static bool is_ours(const char *name)
{
	return strcmp(name, "index.db") == 0 ||
	       aur__week_parse(name) != AUR__NO_WEEK;
}

int aur__bundle_folder(const char *base, char *out, size_t size)
{
	int n = snprintf(out, size, "%s.XXXXXX", base);

	if (n < 0 || (size_t)n >= size) {
		out[0] = '\0';
		return AUR_ELIMIT;
	}
	if (mkdtemp(out) == NULL) {
		out[0] = '\0';
		return of_errno();
	}
	return 0;
}

static bool join(char *out, const char *folder, const char *name)
{
	int n = snprintf(out, PATH, "%s/%s", folder, name);

	return n > 0 && n < PATH;
}

void aur__bundle_remove(const char *folder)
{
	DIR *dir = folder[0] != '\0' ? opendir(folder) : NULL;
	struct dirent *e;
	char path[PATH];

	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    join(path, folder, e->d_name))
			(void)unlink(path);
	if (dir != NULL) {
		(void)closedir(dir);
		(void)rmdir(folder);
	}
}

/* --- packing -------------------------------------------------------------- */

static int run(sqlite3 *db, const char *sql)
{
	return aur__sql_err(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/* Reads up to `most` bytes of the file; how many, or an error. */
static ssize_t read_piece(int fd, uint8_t *to, size_t most)
{
	size_t n = 0;

	while (n < most) {
		ssize_t did = read(fd, to + n, most - n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did < 0)
			return of_errno();
		if (did == 0)
			break;
		n += (size_t)did;
	}
	return (ssize_t)n;
}

static int put_piece(sqlite3_stmt *st, const char *name, int64_t number,
    const uint8_t *bytes, size_t n)
{
	int rc;

	(void)sqlite3_reset(st);
	(void)sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(st, 2, number);
	(void)sqlite3_bind_blob64(st, 3, bytes, n, SQLITE_STATIC);
	rc = sqlite3_step(st);
	return rc == SQLITE_DONE ? 0 : aur__sql_err(rc);
}

/* Leaves no empty pages and no journal beside it. */
static int shrink(const char *path)
{
	sqlite3 *db = NULL;
	int rc = aur__sql_err(sqlite3_open_v2(
	    path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));

	if (rc == 0)
		rc = run(db, "PRAGMA journal_mode=DELETE; VACUUM");
	(void)sqlite3_close(db);
	return rc;
}

static int pack_file(
    sqlite3_stmt *st, const char *folder, const char *name, uint8_t *scratch)
{
	char path[PATH];
	int64_t number = 0;
	int fd, rc;

	if (!join(path, folder, name))
		return AUR_ELIMIT;
	rc = shrink(path);
	if (rc < 0)
		return rc;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return of_errno();
	while (rc == 0) {
		ssize_t n = read_piece(fd, scratch, PIECE);

		if (n <= 0) {
			rc = (int)n;
			break;
		}
		rc = put_piece(st, name, number++, scratch, (size_t)n);
	}
	(void)close(fd);
	return rc;
}

static int pack_all(sqlite3 *db, const char *folder)
{
	static const char sql[] =
	    "INSERT INTO piece(file, number, bytes) VALUES(?, ?, ?)";
	uint8_t *scratch = aur_mem_new(PIECE, 1);
	DIR *dir = opendir(folder);
	sqlite3_stmt *st = NULL;
	struct dirent *e;
	int rc = AUR_ENOMEM;

	if (dir == NULL)
		rc = of_errno();
	else if (scratch != NULL)
		rc = aur__sql_err(sqlite3_prepare_v2(db, sql, -1, &st, NULL));
	while (rc == 0 && (e = readdir(dir)) != NULL)
		if (is_ours(e->d_name))
			rc = pack_file(st, folder, e->d_name, scratch);
	sqlite3_finalize(st);
	if (dir != NULL)
		(void)closedir(dir);
	aur_mem_free(scratch);
	return rc;
}

/* Makes the file `path`, new and private, of the folder. */
static int pack(const char *path, const char *folder)
{
	char sql[96];
	sqlite3 *db = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;

	if (fd < 0)
		return of_errno();
	(void)close(fd);
	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION,
	    VERSION);
	rc = aur__sql_err(sqlite3_open_v2(
	    path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
	if (rc == 0)
		rc = run(db, "PRAGMA page_size=65536;"
			     "PRAGMA journal_mode=OFF; BEGIN; " TABLE);
	if (rc == 0)
		rc = run(db, sql);
	if (rc == 0)
		rc = pack_all(db, folder);
	if (rc == 0)
		rc = run(db, "COMMIT");
	if (sqlite3_close(db) != SQLITE_OK && rc == 0)
		rc = AUR_EIO;
	return rc;
}

static void explain(const char *file, int rc, char *why, size_t size)
{
	if (rc == AUR_EABSENT)
		(void)snprintf(why, size, "%s: there is no such place", file);
	else
		(void)snprintf(why, size, "%s: %s", file, aur_err_str(rc));
}

/* A store of what is wanted, in a folder of its own. */
static int make_store(struct aur_history *h, const struct aur_bundle_what *what,
    const char *folder, char *why, size_t size)
{
	struct aur_history_options options = {.folder = folder, .record = true};
	struct aur_history *to = NULL;
	int rc = aur_history_open(&to, &options, why, size);

	if (rc < 0)
		return rc;
	if (!aur_history_records(to)) {
		const char *trouble = aur_history_trouble(to);

		(void)snprintf(
		    why, size, "%s", trouble != NULL ? trouble : folder);
		rc = AUR_EDENIED;
	} else {
		rc = aur__bundle_copy(h, what, to);
		if (rc == AUR_EABSENT)
			(void)snprintf(why, size,
			    "nothing was kept of these hosts over that span");
		else if (rc < 0)
			explain(folder, rc, why, size);
	}
	aur_history_close(to);
	return rc;
}

int aur_bundle_write(struct aur_history *h, const struct aur_bundle_what *what,
    const char *file, char *why, size_t size)
{
	char folder[PATH], packed[PATH];
	int rc = aur__bundle_folder(file, folder, sizeof(folder));

	if (rc < 0) {
		explain(file, rc, why, size);
		return rc;
	}
	rc = make_store(h, what, folder, why, size);
	if (rc == 0) {
		/* in the folder, so that it goes where that goes */
		rc = join(packed, folder, "bundle") ? pack(packed, folder)
						    : AUR_ELIMIT;
		if (rc == 0 && rename(packed, file) < 0)
			rc = of_errno();
		if (rc < 0)
			explain(file, rc, why, size);
	}
	aur__bundle_remove(folder);
	return rc;
}

/* --- unpacking ------------------------------------------------------------ */

struct unpack {
	const char *folder;
	int fd;		/* of the file that is being written; -1 */
	char name[32];	/* its name */
	int64_t number; /* of the next piece */
	uint64_t total;
};

static int write_piece(int fd, struct aur_slice s)
{
	while (s.n > 0) {
		ssize_t did = write(fd, s.p, s.n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return of_errno();
		s = aur_slice_of(s.p + did, s.n - (size_t)did);
	}
	return 0;
}

/* Begins the file of that name. */
static int next_file(struct unpack *u, const char *name)
{
	char path[PATH];

	if (u->fd >= 0)
		(void)close(u->fd);
	u->fd = -1;
	if (!is_ours(name) || strlen(name) >= sizeof(u->name))
		return AUR_EINVALID;
	if (!join(path, u->folder, name))
		return AUR_ELIMIT;
	u->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (u->fd < 0)
		return errno == EEXIST ? AUR_EINVALID : of_errno();
	(void)snprintf(u->name, sizeof(u->name), "%s", name);
	u->number = 0;
	return 0;
}

static int take_piece(struct unpack *u, sqlite3_stmt *st)
{
	const char *name = (const char *)sqlite3_column_text(st, 0);
	struct aur_slice bytes = aur__col_blob(st, 2);
	int rc = 0;

	if (name == NULL)
		return AUR_EINVALID;
	if (u->fd < 0 || strcmp(name, u->name) != 0)
		rc = next_file(u, name);
	if (rc == 0 && (aur__col_i64(st, 1) != u->number++ || bytes.n == 0))
		rc = AUR_EINVALID;
	u->total += bytes.n;
	if (rc == 0 && u->total > AUR_MAX_BUNDLE)
		rc = AUR_ELIMIT;
	return rc < 0 ? rc : write_piece(u->fd, bytes);
}

static int64_t pragma(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t v = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

/* Whether `piece` is the table that we make: a view might never end. */
static int check_table(sqlite3 *db)
{
	static const char sql[] =
	    "SELECT sql FROM sqlite_master WHERE name = 'piece'";
	sqlite3_stmt *st = NULL;
	const unsigned char *text;
	int rc = aur__sql_err(sqlite3_prepare_v2(db, sql, -1, &st, NULL));

	if (rc == 0)
		rc = aur__sql_err(sqlite3_step(st));
	if (rc == 1) {
		text = sqlite3_column_text(st, 0);
		rc = text != NULL && strcmp((const char *)text, TABLE) == 0
			 ? 0
			 : AUR_EINVALID;
	} else if (rc == 0) {
		rc = AUR_EINVALID;
	}
	sqlite3_finalize(st);
	return rc;
}

static int unpack_all(sqlite3 *db, struct unpack *u)
{
	static const char sql[] =
	    "SELECT file, number, bytes FROM piece ORDER BY file, number";
	sqlite3_stmt *st = NULL;
	int rc = aur__sql_err(sqlite3_prepare_v2(db, sql, -1, &st, NULL));

	while (rc == 0) {
		rc = aur__sql_err(sqlite3_step(st));
		if (rc != 1)
			break;
		rc = take_piece(u, st);
	}
	sqlite3_finalize(st);
	if (rc == 0 && u->total == 0)
		rc = AUR_EINVALID;
	return rc;
}

static int unpack(const char *file, const char *folder)
{
	struct unpack u = {.folder = folder, .fd = -1};
	sqlite3 *db = NULL;
	int rc;

	if (access(file, F_OK) < 0)
		return of_errno();
	rc = aur__sql_err(sqlite3_open_v2(
	    file, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL));
	if (rc == 0) {
		(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, PIECE + 4096);
		(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		(void)sqlite3_db_config(
		    db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
		if (pragma(db, "PRAGMA application_id") != APPLICATION)
			rc = AUR_EINVALID;
		else if (pragma(db, "PRAGMA user_version") > VERSION)
			rc = AUR_EVERSION;
	}
	if (rc == 0)
		rc = check_table(db);
	if (rc == 0)
		rc = unpack_all(db, &u);
	if (u.fd >= 0)
		(void)close(u.fd);
	(void)sqlite3_close(db);
	return rc;
}

static void explain_open(const char *file, int rc, char *why, size_t size)
{
	switch (rc) {
	case AUR_EABSENT:
		(void)snprintf(why, size, "%s: there is no such file", file);
		break;
	case AUR_EINVALID:
		(void)snprintf(why, size,
		    "%s is no bundle of 'aurora export', or it is damaged",
		    file);
		break;
	case AUR_EVERSION:
		(void)snprintf(why, size,
		    "%s was written by a later Aurora: use that one", file);
		break;
	default:
		explain(file, rc, why, size);
	}
}

int aur_bundle_open(struct aur_bundle *b, const char *file, const char *place,
    char *why, size_t size)
{
	struct aur_history_options options = {.folder = b->folder};
	char base[PATH];
	int rc = AUR_ELIMIT;

	*b = (struct aur_bundle){.history = NULL};
	if (join(base, place, "aurora-bundle"))
		rc = aur__bundle_folder(base, b->folder, sizeof(b->folder));
	if (rc < 0) {
		explain(place, rc, why, size);
		return rc;
	}
	rc = unpack(file, b->folder);
	if (rc < 0)
		explain_open(file, rc, why, size);
	else
		rc = aur_history_open(&b->history, &options, why, size);
	if (rc < 0)
		aur_bundle_close(b);
	return rc;
}

void aur_bundle_close(struct aur_bundle *b)
{
	aur_history_close(b->history);
	aur__bundle_remove(b->folder);
	*b = (struct aur_bundle){.history = NULL};
}
