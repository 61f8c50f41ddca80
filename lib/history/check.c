/* SPDX-License-Identifier: MIT */
/*
 * Going through all that is kept: each file is checked as SQLite checks it,
 * then row by row, each row by its own sum. What is sound can be copied to a
 * new folder. Files that were set aside are gone through as well: they belong
 * to the weeks in their names.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/aside_int.h"
#include "history/store_int.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#define FILES_MOST 4096u
/* Damaged rows that are named one by one, of each file. */
#define NAMED_MOST 20u

struct check {
	struct aur__weeks from, to; /* folders */
	bool copy;
	aur_history_say_fn say;
	void *arg;
	const char *file; /* that is being read */
	uint64_t named;
	uint64_t bad; /* pieces, in all */
};

static void tell(struct check *c, const char *format, ...) AUR_PRINTF(2, 3);

static void tell(struct check *c, const char *format, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	c->say(c->arg, line);
}

static void on_bad(void *arg, const char *table, int64_t id)
{
	struct check *c = arg;

	if (c->named++ == NAMED_MOST)
		tell(c, "%s: more is damaged", c->file);
	if (c->named > NAMED_MOST)
		return;
	if (id < 0)
		tell(c, "%s: table %s cannot be read", c->file, table);
	else
		tell(c, "%s: row %lld of table %s is damaged", c->file,
		    (long long)id, table);
}

/* "2026-W48.db" of "2026-W48.db.corrupt-2026-11-26"; false: no file of ours. */
static bool file_of(const char *name, char out[32], enum aur__form *ret_form)
{
	const char *corrupt = strstr(name, ".corrupt-");
	size_t n = corrupt != NULL ? (size_t)(corrupt - name) : strlen(name);
	size_t len = strlen(name);

	if (n >= 32 || (len > 4 && (strcmp(name + len - 4, "-wal") == 0 ||
				       strcmp(name + len - 4, "-shm") == 0)))
		return false;
	memcpy(out, name, n);
	out[n] = '\0';
	*ret_form = strcmp(out, "index.db") == 0 ? AUR__INDEX : AUR__WEEK;
	return *ret_form == AUR__INDEX || aur__week_parse(out) != AUR__NO_WEEK;
}

static int open_from(struct check *c, const char *name, enum aur__form form,
    struct aur__db *ret_db)
{
	const char *path = aur__weeks_path(&c->from, name);
	int rc;

	if (path == NULL)
		return AUR_ENOMEM;
	rc = aur__db_open(ret_db, path, AUR__READ, form);
	if (rc == AUR_EDENIED)
		rc = aur__db_open(ret_db, path, AUR__FROZEN, form);
	return rc;
}

static int open_to(struct check *c, const char *name, enum aur__form form,
    struct aur__db *ret_db)
{
	const char *path = aur__weeks_path(&c->to, name);

	if (path == NULL)
		return AUR_ENOMEM;
	return aur__db_open(ret_db, path, AUR__WRITE, form);
}

/* Goes through one file. 0 or an error of ours: what is damaged is counted. */
static int check_file(
    struct check *c, const char *name, const char *as, enum aur__form form)
{
	struct aur__db from = {0}, to = {0};
	struct aur__copied count = {0};
	bool whole = true;
	int rc = open_from(c, name, form, &from);

	c->file = name;
	c->named = 0;
	if (rc == AUR_ENOMEM)
		return rc;
	if (rc < 0) {
		tell(c, "%s: cannot be opened: %s", name, aur_err_str(rc));
		c->bad++;
		return 0;
	}
	if (aur__db_check(&from) < 0) {
		tell(c, "%s: its structure is damaged", name);
		whole = false;
	}
	if (c->copy)
		rc = open_to(c, as, form, &to);
	if (rc == 0)
		rc = aur__copy_rows(
		    &from, c->copy ? &to : NULL, form, on_bad, c, &count);
	aur__db_close(&from);
	aur__db_close(&to);
	if (rc < 0)
		return rc;
	c->bad += count.bad + !whole;
	tell(c, "%s: %llu rows are sound%s", name,
	    (unsigned long long)count.good,
	    count.bad == 0 && whole ? "" : ", others are damaged");
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of our files, in order: a file before what was set aside of it. */
static int list(struct check *c, char **name, size_t *ret_n)
{
	const char *path = aur__weeks_path(&c->from, ".");
	DIR *dir = path != NULL ? opendir(path) : NULL;
	struct dirent *e;
	size_t n = 0;

	if (dir == NULL)
		return AUR_EIO;
	while (n < FILES_MOST && (e = readdir(dir)) != NULL) {
		enum aur__form form;
		char as[32];

		if (!file_of(e->d_name, as, &form))
			continue;
		name[n] = aur_mem_dup(e->d_name, strlen(e->d_name));
		if (name[n] == NULL) {
			(void)closedir(dir);
			*ret_n = n;
			return AUR_ENOMEM;
		}
		n++;
	}
	(void)closedir(dir);
	qsort(name, n, sizeof(*name), by_name);
	*ret_n = n;
	return 0;
}

static int check_all(struct check *c)
{
	char **name = aur_mem_new(FILES_MOST, sizeof(*name));
	size_t n = 0;
	int rc = name == NULL ? AUR_ENOMEM : list(c, name, &n);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		enum aur__form form;
		char as[32];

		if (file_of(name[i], as, &form))
			rc = check_file(c, name[i], as, form);
	}
	for (size_t i = 0; i < n; i++)
		aur_mem_free(name[i]);
	aur_mem_free(name);
	return rc;
}

/* A new folder, or one with nothing in it. */
static int make_folder(const char *folder)
{
	struct dirent *e;
	int rc = 0;
	DIR *dir;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return AUR_EIO;
	dir = opendir(folder);
	if (dir == NULL)
		return AUR_EIO;
	while ((e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = AUR_EBUSY;
	(void)closedir(dir);
	return rc;
}

int aur_history_check(
    struct aur_history *h, const char *into, aur_history_say_fn say, void *arg)
{
	struct check c = {.copy = into != NULL, .say = say, .arg = arg};
	int rc = 0;

	if (into != NULL)
		rc = make_folder(into);
	if (rc == 0)
		rc = aur__weeks_init(&c.from, h->folder, AUR__READ);
	if (rc == 0 && into != NULL)
		rc = aur__weeks_init(&c.to, into, AUR__WRITE);
	if (rc == 0)
		rc = check_all(&c);
	aur__weeks_release(&c.from);
	aur__weeks_release(&c.to);
	if (rc < 0)
		return rc == AUR_ENOMEM || rc == AUR_EBUSY ? rc : AUR_EIO;
	return c.bad < 1000000 ? (int)c.bad : 1000000;
}
