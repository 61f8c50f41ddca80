/* SPDX-License-Identifier: MIT */
/*
 * The files of a folder by time, one for each ISO week (Monday, UTC), opened
 * as they are needed and at most a few at once. One thread. Internal to the
 * room.
 */
#ifndef AUR_HISTORY_WEEK_INT_H
#define AUR_HISTORY_WEEK_INT_H

#include "base/buf.h"
#include "history/sql_int.h"

#define AUR__WEEK_NS (7 * 86400 * AUR_SECOND_NS)

/* The Monday of an instant's week; AUR__NO_WEEK outside the years 1970 to
 * 9999. */
#define AUR__NO_WEEK INT64_MIN
int64_t aur__week_of(struct aur_wall t);

/* "2026-W48.db" for a Monday, and back; AUR__NO_WEEK for other names. */
#define AUR__WEEK_NAME 16
void aur__week_name(int64_t monday, char out[AUR__WEEK_NAME]);
int64_t aur__week_parse(const char *name);

struct aur__week {
	int64_t monday;
	struct aur__db db;
	uint64_t used;	   /* when, counted */
	uint64_t dev, ino; /* of the file that is open */
	int err;	   /* why it cannot be opened; 0 */
	bool settled; /* nothing in it waits to be packed or rolled up; only
			 who writes knows */
};

struct aur__weeks {
	struct aur_buf path; /* the folder, "/", and what is being opened */
	size_t folder;	     /* bytes of the folder and the slash */
	enum aur__mode mode;
	struct aur__week *week; /* ascending */
	size_t n, cap;
	uint64_t uses, rested; /* so far; when aur__weeks_rest was last */
	unsigned reading;      /* depth of aur__weeks_begin */
};

/* 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__weeks_init(
    struct aur__weeks *w, const char *folder, enum aur__mode mode);
void aur__weeks_release(struct aur__weeks *w); /* zeroed is fine */

/* Looks which files there are; those that are open stay so. 0, AUR_EIO,
 * AUR_EDENIED, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__weeks_scan(struct aur__weeks *w);

/* From begin to end, each file is seen as it was when it was read first, while
 * somebody writes to it. They nest. */
void aur__weeks_begin(struct aur__weeks *w);
void aur__weeks_end(struct aur__weeks *w);

/* The path of a file in the folder; good until the next call. NULL: no
 * memory. */
const char *aur__weeks_path(struct aur__weeks *w, const char *name);

/* The file of a Monday, opened, and made when writing. NULL: none, or *ret_err
 * says what is wrong with it. Good until three others have been opened. */
struct aur__db *aur__weeks_open(
    struct aur__weeks *w, int64_t monday, int *ret_err);

/* Something was written to it that may have to be packed. */
void aur__weeks_unsettle(struct aur__weeks *w, int64_t monday);

/* Index of the first week that is not before `monday`. */
size_t aur__weeks_find(const struct aur__weeks *w, int64_t monday);

/* Closes what was not used since the last call, and lets go of the pages that
 * SQLite keeps of the rest. Not between begin and end. */
void aur__weeks_rest(struct aur__weeks *w);

void aur__weeks_close(struct aur__weeks *w, size_t i);
/* Closes it and forgets it. */
void aur__weeks_forget(struct aur__weeks *w, size_t i);

#endif
