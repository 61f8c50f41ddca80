/* SPDX-License-Identifier: MIT */
/*
 * Bundles: one that is whole, and those that somebody made to do harm: names
 * that lead out of the folder, pieces in a wrong order or twice, a later form,
 * no database at all. Nothing but the two files of a store is ever written.
 */
#include "history/bundle.h"

#include "base/err.h"
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FROM 1795680000ll /* 2026-11-26 08:00:00 UTC */

static char dir[256], place[300], file[300], why[1024];

static size_t entries(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	size_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	return n;
}

static void remove_all(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	char name[1024];

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (unlink(name) < 0)
			remove_all(name);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

/* --- a whole one ---------------------------------------------------------- */

static struct aur_history *make_history(const char *folder, size_t *host)
{
	struct aur_history_options o = {.folder = folder, .record = true};
	struct aur_history *h = NULL;
	struct fakefeed f;

	if (aur_history_open(&h, &o, why, sizeof(why)) < 0 ||
	    aur_history_host(h, "id-1", "web1", host) < 0)
		return NULL;
	fakefeed_init(&f);
	for (int64_t i = 0; i < 60; i++) {
		struct aur_sample *s = fakefeed_machine_sample(&f, 2, 1);

		s->wall.ns = (FROM + i) * AUR_SECOND_NS;
		memset(s->boot_id, 7, sizeof(s->boot_id));
		aur_history_put(h, *host, s);
		aur_sample_unref(s);
	}
	tap_eq_int(aur_history_flush(h, aur_span_seconds(20)), 0, "a history");
	fakefeed_release(&f);
	return h;
}

static int count(void *arg, struct aur_wall at, double v)
{
	size_t *n = arg;

	*n += v == 1.2;
	(void)at;
	return 0;
}

static void test_whole(void)
{
	struct aur_metric load = {
	    .group = AUR_GROUP_LOAD, .figure = AUR_FIG_load_one};
	struct aur_bundle_what what = {.n = 1,
	    .from = {(FROM + 10) * AUR_SECOND_NS},
	    .to = {(FROM + 30) * AUR_SECOND_NS}};
	const char *name = "other";
	struct aur_bundle b;
	char folder[400], none[400];
	size_t host, n = 0;
	struct aur_history *h;

	snprintf(folder, sizeof(folder), "%s/store", dir);
	snprintf(none, sizeof(none), "%s/none/none", dir);
	h = make_history(folder, &host);
	if (!tap_ok(h != NULL, "it is open"))
		return;
	what.host = &host;
	what.name = &name;
	tap_eq_int(aur_bundle_write(h, &what, file, why, sizeof(why)), 0,
	    "a bundle is written");
	tap_eq_u64(entries(dir), 3, "and nothing beside it");
	what.from.ns -= 86400 * AUR_SECOND_NS;
	what.to.ns -= 86400 * AUR_SECOND_NS;
	tap_eq_int(aur_bundle_write(h, &what, file, why, sizeof(why)),
	    AUR_EABSENT, "not of a span without anything");
	aur_history_close(h);
	tap_eq_int(aur_bundle_open(&b, file, place, why, sizeof(why)), 0,
	    "it is opened, and the failure left it alone");
	tap_ok(!aur_history_records(b.history), "to read");
	tap_eq_u64(aur_history_count(b.history), 1, "one host");
	tap_eq_str(aur_history_id(b.history, 0), "id-1", "by its id");
	tap_eq_str(aur_history_name(b.history, 0), "other", "as it is called");
	tap_eq_int(aur_history_values(b.history, 0, &load, (struct aur_wall){0},
		       (struct aur_wall){INT64_MAX}, count, &n),
	    0, "values");
	tap_eq_u64(n, 20, "of the span and no more");
	aur_bundle_close(&b);
	tap_eq_u64(entries(place), 0, "its folder is gone");
	aur_bundle_close(&b);
	tap_eq_int(aur_bundle_open(&b, none, place, why, sizeof(why)),
	    AUR_EABSENT, "no file");
	tap_ok(strstr(why, "no such file") != NULL, "is said");
	tap_eq_int(aur_bundle_open(&b, file, none, why, sizeof(why)),
	    AUR_EABSENT, "no place");
}

/* --- hostile ones --------------------------------------------------------- */

static void refused(const char *sql, int want, const char *text)
{
	struct aur_bundle b;
	sqlite3 *db = NULL;
	int rc;

	unlink(file);
	if (sqlite3_open(file, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		tap_ok(false, "%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
	rc = aur_bundle_open(&b, file, place, why, sizeof(why));
	tap_eq_int(rc, want, text);
	if (rc == 0)
		aur_bundle_close(&b);
	tap_eq_u64(entries(place), 0, "nothing is left");
	tap_ok(access("/tmp/aurora-escaped", F_OK) < 0, "nor anywhere else");
}

#define FORM "PRAGMA application_id=1098207810; PRAGMA user_version=1;"
#define TABLE                                                                  \
	FORM "CREATE TABLE piece(file TEXT, number INTEGER, bytes BLOB, "      \
	     "PRIMARY KEY(file, number));"

static void test_hostile(void)
{
	refused("CREATE TABLE t(x)", AUR_EINVALID, "another database");
	refused("PRAGMA application_id=1098207810; PRAGMA user_version=2;"
		"CREATE TABLE t(x)",
	    AUR_EVERSION, "a later form");
	refused(FORM "CREATE TABLE t(x)", AUR_EINVALID, "without its table");
	refused(TABLE, AUR_EINVALID, "without a piece");
	refused(TABLE "INSERT INTO piece VALUES('../../tmp/aurora-escaped',0,"
		      "x'00')",
	    AUR_EINVALID, "a name that leads out");
	refused(TABLE "INSERT INTO piece VALUES('/tmp/aurora-escaped',0,x'00')",
	    AUR_EINVALID, "an absolute name");
	refused(TABLE "INSERT INTO piece VALUES('lock',0,x'00')", AUR_EINVALID,
	    "another name");
	refused(TABLE "INSERT INTO piece VALUES('index.db-wal',0,x'00')",
	    AUR_EINVALID, "a journal");
	refused(TABLE "INSERT INTO piece VALUES(NULL,0,x'00')", AUR_EINVALID,
	    "no name");
	refused(TABLE "INSERT INTO piece VALUES('index.db',1,x'00')",
	    AUR_EINVALID, "the first piece lacks");
	refused(FORM
	    "CREATE TABLE piece(file TEXT, number INTEGER, bytes BLOB);"
	    "INSERT INTO piece VALUES('index.db',0,x'00')",
	    AUR_EINVALID, "another table");
	refused(TABLE "INSERT INTO piece VALUES('index.db',0,x'')",
	    AUR_EINVALID, "an empty piece");
	refused(TABLE
	    "INSERT INTO piece VALUES('index.db',0,zeroblob(9000000))",
	    AUR_ELIMIT, "a piece that is too large");
	refused(FORM "CREATE VIEW piece AS WITH RECURSIVE c(n) AS"
		     "(SELECT 0 UNION ALL SELECT n+1 FROM c) SELECT 'index.db'"
		     " AS file, n AS number, zeroblob(4000000) AS bytes FROM c",
	    AUR_EINVALID, "a view that never ends");
}

static void test_junk(void)
{
	struct aur_bundle b;
	FILE *f = fopen(file, "w");

	if (f == NULL)
		return;
	for (size_t i = 0; i < 5000; i++)
		fputs("SQLite format 3 or not ", f);
	fclose(f);
	tap_eq_int(aur_bundle_open(&b, file, place, why, sizeof(why)),
	    AUR_EINVALID, "junk");
	tap_ok(strstr(why, "is no bundle") != NULL, "is said");
	tap_eq_u64(entries(place), 0, "nothing is left");
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/aurora-unit-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(place, sizeof(place), "%s/place", dir);
	snprintf(file, sizeof(file), "%s/file", dir);
	if (mkdir(place, 0700) < 0)
		return 99;
	test_whole();
	test_hostile();
	test_junk();
	remove_all(dir);
	return tap_done();
}
