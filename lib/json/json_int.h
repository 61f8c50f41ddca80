/* SPDX-License-Identifier: MIT */
/*
 * What the files of lib/json share. jansson's types stay in here.
 *
 * Every maker takes a `bool *ok` that it clears when memory runs out, and
 * gives NULL then: a document is built without a check on every line, and
 * thrown away as a whole.
 */
#ifndef AUR_JSON_JSON_INT_H
#define AUR_JSON_JSON_INT_H

#include "json/json.h"

#include <jansson.h>

/* A value as JSON. */
json_t *aur__json_value(const struct aur_value *v, bool *ok);
json_t *aur__json_text(const char *text, bool *ok); /* NULL: null */
json_t *aur__json_slice(struct aur_slice text, bool *ok);
json_t *aur__json_real(double v, bool *ok); /* NaN: null */
json_t *aur__json_time(struct aur_wall t, bool *ok);

/* Moves `value` into the object or the list; frees it when that fails. */
void aur__json_set(json_t *object, const char *name, json_t *value, bool *ok);
void aur__json_add(json_t *list, json_t *value, bool *ok);

/* Writes `root` and a newline, and frees it. 0, AUR_ENOMEM, AUR_ELIMIT. */
int aur__json_write(struct aur_buf *out, json_t *root, bool ok);

/* Appends `v` as jansson's `flags` have it, what a terminal would act on
 * escaped. All of it or nothing. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__json_dump(
    struct aur_buf *out, const json_t *v, size_t flags);

/* Appends all of a plain file, up to one byte less than the buffer's maximum.
 * 0, AUR_EABSENT, AUR_EDENIED, AUR_ELIMIT, AUR_EIO, AUR_ENOMEM. */
int aur__json_load(const char *path, struct aur_buf *out);

struct aur__json_save_how {
	bool compare;		      /* only if the file is what it was: */
	const struct aur_buf *before; /* its content; NULL: not there */
	unsigned mode; /* of the file from now on; 0: as it is, new 0600 */
};

/* Makes `text` the content of the file, all of it or none; see save.c. 0,
 * AUR_EDENIED, AUR_EIO, AUR_ELIMIT, AUR_EBUSY (it is not what it was), and
 * then a sentence in `why`. */
int aur__json_save_as(const char *path, struct aur_slice text,
    const struct aur__json_save_how *how, char *why, size_t size);

/* The same without a condition. */
int aur__json_save(
    const char *path, struct aur_slice text, char *why, size_t size);

/* Row `row` of a process group. */
json_t *aur__json_process(
    const struct aur_json_host *h, uint32_t row, bool *ok);

#endif
