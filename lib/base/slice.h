/* SPDX-License-Identifier: MIT */
/*
 * A borrowed run of bytes. It owns nothing and is valid as long as what it
 * points into; a parser takes slices and gives slices, and copies nothing.
 *
 *	struct aur_slice s = aur_slice_str("cpu0 12 34");
 *	struct aur_slice w;
 *	while (aur_slice_word(&s, &w))
 *		...
 */
#ifndef AUR_BASE_SLICE_H
#define AUR_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct aur_slice {
	const uint8_t *p;
	size_t n;
};

/* The slice of `n` bytes at `p`. */
static inline struct aur_slice aur_slice_of(const void *p, size_t n)
{
	return (struct aur_slice){(const uint8_t *)p, n};
}

/* The slice of a C string, without its NUL. */
static inline struct aur_slice aur_slice_str(const char *s)
{
	return aur_slice_of(s, strlen(s));
}

/* Same length and bytes. */
static inline bool aur_slice_eq(struct aur_slice a, struct aur_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Same bytes as the C string `s`. */
static inline bool aur_slice_is(struct aur_slice a, const char *s)
{
	return aur_slice_eq(a, aur_slice_str(s));
}

/* Whether `s` begins with `head`. */
static inline bool aur_slice_starts(struct aur_slice s, const char *head)
{
	size_t n = strlen(head);

	return s.n >= n && memcmp(s.p, head, n) == 0;
}

/* Takes the next line off `s`, without its newline; the last one may lack
 * it. False at the end, with `ret_line` untouched. */
bool aur_slice_line(struct aur_slice *s, struct aur_slice *ret_line);

/* Takes the next word (no blank, tab or newline) off `s`. False at the end. */
bool aur_slice_word(struct aur_slice *s, struct aur_slice *ret_word);

/* Takes what stands before the first `c`, and `c` itself, off `s`. False, and
 * nothing taken, where there is no `c`. */
bool aur_slice_until(
    struct aur_slice *s, uint8_t c, struct aur_slice *ret_part);

/* `s` without blanks, tabs and newlines at both ends. */
struct aur_slice aur_slice_trim(struct aur_slice s);

/* Byte order, then length: <0, 0, >0 like memcmp. */
int aur_slice_cmp(struct aur_slice a, struct aur_slice b);

/* 64-bit FNV-1a hash (Fowler, Noll, Vo; not for secrets). */
uint64_t aur_slice_hash(struct aur_slice s);

#endif
