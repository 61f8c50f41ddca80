/* SPDX-License-Identifier: MIT */
/* What is done with a file that is damaged. Internal to the room. */
#ifndef AUR_HISTORY_ASIDE_INT_H
#define AUR_HISTORY_ASIDE_INT_H

#include "history/week_int.h"

/* Renames the file `name` of the folder to NAME.corrupt-DATE, begins a new one
 * with the rows that can still be read, and says so in `said`, for people. 0,
 * or an error, and then it may be where it was. */
AUR_MUST_CHECK int aur__set_aside(struct aur__weeks *folder, const char *name,
    enum aur__form form, char *said, size_t size);

struct aur__copied {
	uint64_t good, bad;
};
/* Called for what is wrong; `id` -1: of the whole table. */
typedef void (*aur__bad_fn)(void *arg, const char *table, int64_t id);

/* Reads every row of every table, row by row where the tree is damaged, checks
 * it, and copies what is sound to `to`, unless that is NULL, or has it. 0; an
 * error of `to`, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__copy_rows(struct aur__db *from, struct aur__db *to,
    enum aur__form form, aur__bad_fn bad, void *arg, struct aur__copied *ret);

#endif
