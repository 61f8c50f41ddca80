/* SPDX-License-Identifier: MIT */
/*
 * 1970-01-01 was a Thursday, and an ISO week belongs to the year of its
 * Thursday: so week k since then has day 7 k as its Thursday, and its number
 * is that day's place in its year.
 */
#include "history/week_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define DAY_NS (86400 * AUR_SECOND_NS)
#define LAST_DAY 2932896 /* 9999-12-31 */
#define OPEN_MOST 6u
#define WEEKS_MOST 4096u

/* Days of a date since 1970-01-01, and the year of a day with its first day:
 * the Gregorian calendar's rule, years from 1970 on. */
static int64_t first_day(int64_t year)
{
	int64_t y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 - 719162;
}

static int64_t year_of(int64_t day)
{
	int64_t year = 1970 + day / 366;

	while (first_day(year + 1) <= day)
		year++;
	return year;
}

int64_t aur__week_of(struct aur_wall t)
{
	int64_t day = t.ns / DAY_NS;

	if (t.ns < 0 || day > LAST_DAY)
		return AUR__NO_WEEK;
	return ((day + 3) / 7 * 7 - 3) * DAY_NS;
}

void aur__week_name(int64_t monday, char out[AUR__WEEK_NAME])
{
	int64_t thursday = monday / DAY_NS + 3;
	int64_t year, week;

	/* the first Monday is before 1970 and rounds up */
	if (monday < 0)
		thursday = 0;
	year = year_of(thursday);
	week = (thursday - first_day(year)) / 7 + 1;
	(void)snprintf(out, AUR__WEEK_NAME, "%04d-W%02d.db",
	    (int)(year % 10000), (int)(week % 100));
}

int64_t aur__week_parse(const char *name)
{
	char again[AUR__WEEK_NAME];
	uint64_t year, week;
	int64_t thursday, monday;

	if (strlen(name) != 11 || name[4] != '-' || name[5] != 'W' ||
	    strcmp(name + 8, ".db") != 0 ||
	    aur_scan_u64(aur_slice_of(name, 4), &year) < 0 ||
	    aur_scan_u64(aur_slice_of(name + 6, 2), &week) < 0 || year < 1970)
		return AUR__NO_WEEK;
	thursday = (first_day((int64_t)year) + 6) / 7 * 7;
	thursday += ((int64_t)week - 1) * 7;
	monday = (thursday - 3) * DAY_NS;
	aur__week_name(monday, again);
	return strcmp(again, name) == 0 ? monday : AUR__NO_WEEK;
}

int aur__weeks_init(
    struct aur__weeks *w, const char *folder, enum aur__mode mode)
{
	int rc;

	*w = (struct aur__weeks){.mode = mode};
	aur_buf_init(&w->path, 4096);
	rc = aur_buf_addf(&w->path, "%s/", folder);
	w->folder = aur_buf_peek(&w->path).n;
	return rc;
}

void aur__weeks_release(struct aur__weeks *w)
{
	for (size_t i = 0; i < w->n; i++)
		aur__db_close(&w->week[i].db);
	aur_mem_free(w->week);
	aur_buf_release(&w->path);
	*w = (struct aur__weeks){0};
}

const char *aur__weeks_path(struct aur__weeks *w, const char *name)
{
	aur_buf_cut(&w->path, w->folder);
	if (aur_buf_add_str(&w->path, name) < 0)
		return NULL;
	return aur_buf_str(&w->path);
}

size_t aur__weeks_find(const struct aur__weeks *w, int64_t monday)
{
	size_t i = w->n;

	while (i > 0 && w->week[i - 1].monday >= monday)
		i--;
	return i;
}

static int enter(struct aur__weeks *w, int64_t monday, size_t *ret_i)
{
	size_t i = aur__weeks_find(w, monday);
	struct aur__week *mem;

	*ret_i = i;
	if (i < w->n && w->week[i].monday == monday)
		return 0;
	if (w->n == WEEKS_MOST)
		return AUR_ELIMIT;
	if (w->n == w->cap) {
		mem = aur_mem_grow(w->week, w->cap + 16, sizeof(*mem));
		if (mem == NULL)
			return AUR_ENOMEM;
		w->week = mem;
		w->cap += 16;
	}
	memmove(w->week + i + 1, w->week + i, (w->n - i) * sizeof(*w->week));
	w->week[i] = (struct aur__week){.monday = monday};
	w->n++;
	return 0;
}

void aur__weeks_unsettle(struct aur__weeks *w, int64_t monday)
{
	size_t i = aur__weeks_find(w, monday);

	if (i < w->n && w->week[i].monday == monday)
		w->week[i].settled = false;
}

void aur__weeks_close(struct aur__weeks *w, size_t i)
{
	aur__db_close(&w->week[i].db);
	w->week[i].err = 0;
}

void aur__weeks_forget(struct aur__weeks *w, size_t i)
{
	aur__weeks_close(w, i);
	w->n--;
	memmove(w->week + i, w->week + i + 1, (w->n - i) * sizeof(*w->week));
}

/* Takes the files that are there off `dir`; marks them by `used`. */
static int scan_dir(struct aur__weeks *w, DIR *dir, uint64_t *found, size_t n)
{
	struct dirent *e;

	while ((e = readdir(dir)) != NULL) {
		int64_t monday = aur__week_parse(e->d_name);
		size_t i, had = w->n;
		int rc;

		if (monday == AUR__NO_WEEK)
			continue;
		rc = enter(w, monday, &i);
		if (rc < 0)
			return rc;
		if (w->n > had) {
			for (size_t j = n; j > i; j--)
				found[j] = found[j - 1];
			n++;
		}
		found[i] = 1;
	}
	return 0;
}

static void close_changed(struct aur__weeks *w);

int aur__weeks_scan(struct aur__weeks *w)
{
	const char *path = aur__weeks_path(w, ".");
	uint64_t *found = aur_mem_new(WEEKS_MOST + 1, sizeof(*found));
	DIR *dir;
	int rc;

	if (path == NULL || found == NULL) {
		aur_mem_free(found);
		return AUR_ENOMEM;
	}
	dir = opendir(path);
	if (dir == NULL) {
		aur_mem_free(found);
		return errno == EACCES ? AUR_EDENIED : AUR_EIO;
	}
	rc = scan_dir(w, dir, found, w->n);
	(void)closedir(dir);
	for (size_t i = w->n; rc == 0 && i > 0; i--) {
		w->week[i - 1].err = 0;
		if (!found[i - 1])
			aur__weeks_forget(w, i - 1);
	}
	aur_mem_free(found);
	if (w->mode != AUR__WRITE)
		close_changed(w);
	return rc;
}

/* Closes the one that was used longest ago, if too many are open. */
static void close_oldest(struct aur__weeks *w)
{
	size_t open = 0, oldest = SIZE_MAX;

	for (size_t i = 0; i < w->n; i++) {
		if (w->week[i].db.db == NULL)
			continue;
		open++;
		if (oldest == SIZE_MAX ||
		    w->week[i].used < w->week[oldest].used)
			oldest = i;
	}
	if (open >= OPEN_MOST)
		aur__db_close(&w->week[oldest].db);
}

/* What file stands at the path. */
static void identify(const char *path, uint64_t *dev, uint64_t *ino)
{
	struct stat st;
	bool good = stat(path, &st) == 0;

	*dev = good ? (uint64_t)st.st_dev : 0;
	*ino = good ? (uint64_t)st.st_ino : 0;
}

/* Closes files that are no longer those of their names: one that was damaged
 * has been set aside. */
static void close_changed(struct aur__weeks *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct aur__week *week = &w->week[i];
		char name[AUR__WEEK_NAME];
		uint64_t dev, ino;
		const char *path;

		if (week->db.db == NULL)
			continue;
		aur__week_name(week->monday, name);
		path = aur__weeks_path(w, name);
		if (path == NULL)
			continue;
		identify(path, &dev, &ino);
		if (dev != week->dev || ino != week->ino)
			aur__weeks_close(w, i);
	}
}

void aur__weeks_begin(struct aur__weeks *w)
{
	w->reading++;
}

void aur__weeks_end(struct aur__weeks *w)
{
	if (--w->reading > 0)
		return;
	for (size_t i = 0; i < w->n; i++) {
		sqlite3 *db = w->week[i].db.db;

		if (db != NULL && !sqlite3_get_autocommit(db))
			(void)!aur__db_run(&w->week[i].db, "COMMIT");
	}
}

void aur__weeks_rest(struct aur__weeks *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct aur__week *week = &w->week[i];

		if (week->db.db == NULL)
			continue;
		if (week->used <= w->rested)
			aur__db_close(&week->db);
		else
			(void)sqlite3_db_release_memory(week->db.db);
	}
	w->rested = w->uses;
}

static int open_week(struct aur__weeks *w, struct aur__week *week)
{
	char name[AUR__WEEK_NAME];
	const char *path;
	int rc;

	aur__week_name(week->monday, name);
	path = aur__weeks_path(w, name);
	if (path == NULL)
		return AUR_ENOMEM;
	close_oldest(w);
	rc = aur__db_open(&week->db, path, w->mode, AUR__WEEK);
	if (rc == AUR_EDENIED && w->mode == AUR__READ)
		rc = aur__db_open(&week->db, path, AUR__FROZEN, AUR__WEEK);
	if (rc == 0)
		identify(path, &week->dev, &week->ino);
	return rc;
}

struct aur__db *aur__weeks_open(
    struct aur__weeks *w, int64_t monday, int *ret_err)
{
	size_t i = aur__weeks_find(w, monday);
	int rc = 0;

	*ret_err = 0;
	if (monday == AUR__NO_WEEK) {
		*ret_err = AUR_ERANGE;
		return NULL;
	}
	if (i == w->n || w->week[i].monday != monday) {
		if (w->mode != AUR__WRITE)
			return NULL;
		rc = enter(w, monday, &i);
	}
	if (rc == 0 && w->week[i].db.db == NULL && w->week[i].err == 0)
		rc = open_week(w, &w->week[i]);
	else if (rc == 0)
		rc = w->week[i].err;
	if (rc < 0) {
		if (i < w->n && w->week[i].monday == monday &&
		    w->mode != AUR__WRITE)
			w->week[i].err = rc;
		*ret_err = rc == AUR_EABSENT ? 0 : rc;
		return NULL;
	}
	w->week[i].used = ++w->uses;
	if (w->reading > 0 && sqlite3_get_autocommit(w->week[i].db.db))
		(void)!aur__db_run(&w->week[i].db, "BEGIN");
	return &w->week[i].db;
}
