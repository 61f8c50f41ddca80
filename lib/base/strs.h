/* SPDX-License-Identifier: MIT */
/*
 * Interned strings, counted. A sample's string cells hold ids of such a
 * table, so that an unchanged command line is an unchanged 64-bit cell, and a
 * thousand samples share it. Id 0 is the empty string and needs no counting.
 *
 *	uint32_t id;
 *	rc = aur_strs_put(strs, aur_slice_str("sda"), &id);   one reference
 *	aur_strs_get(strs, id)                                 "sda"
 *	aur_strs_drop(strs, id);                               gone
 *
 * The table itself is counted too: each sample holds it, so that it lives as
 * long as the last sample that speaks of it. One thread.
 */
#ifndef AUR_BASE_STRS_H
#define AUR_BASE_STRS_H

#include "base/compiler.h"
#include "base/slice.h"

struct aur_strs;

/* A new table with one reference; NULL when out of memory. `max_bytes` bounds
 * the bytes of all live strings together. */
AUR_MUST_CHECK struct aur_strs *aur_strs_new(size_t max_bytes);

/* One more, one less reference to the table; at none it is freed. NULL is
 * fine for both. */
struct aur_strs *aur_strs_ref(struct aur_strs *t);
void aur_strs_unref(struct aur_strs *t);

/* The id of `s`, entered where it is new, with one more reference. 0,
 * AUR_ELIMIT (longer than AUR_MAX_STRING, or the table is full), AUR_ENOMEM.
 */
AUR_MUST_CHECK int aur_strs_put(
    struct aur_strs *t, struct aur_slice s, uint32_t *ret_id);

/* One more reference to a live id; one less, at none the id is free and may
 * come back for another string. */
void aur_strs_hold(struct aur_strs *t, uint32_t id);
void aur_strs_drop(struct aur_strs *t, uint32_t id);

/* The bytes of a live id, valid while it is held; empty for 0. */
struct aur_slice aur_strs_get(const struct aur_strs *t, uint32_t id);

/* The id of `s` if it is there, without a new reference; false if not. */
bool aur_strs_find(
    const struct aur_strs *t, struct aur_slice s, uint32_t *ret_id);

/* Number that changes whenever `id` is given to another string: (id, serial)
 * names a string for the table's whole life. */
uint32_t aur_strs_serial(const struct aur_strs *t, uint32_t id);

/* Live strings, one past the highest id ever given, live bytes. */
size_t aur_strs_count(const struct aur_strs *t);
uint32_t aur_strs_end(const struct aur_strs *t);
size_t aur_strs_bytes(const struct aur_strs *t);

#endif
