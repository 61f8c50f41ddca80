/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer with a compulsory maximum: there is no unlimited
 * form. Bytes are put at the end and taken from the front; taking is cheap.
 *
 *	struct aur_buf b;
 *	aur_buf_init(&b, AUR_MAX_FRAME);
 *	rc = aur_buf_addf(&b, "pid %d\n", pid);
 *	...
 *	aur_buf_release(&b);
 *
 * Life: init, any number of adds, clear to reuse the storage, release to give
 * it back. A zeroed struct may be released. An add that fails adds nothing.
 */
#ifndef AUR_BASE_BUF_H
#define AUR_BASE_BUF_H

#include "base/compiler.h"
#include "base/slice.h"

struct aur_buf {
	uint8_t *mem; /* storage, owned */
	size_t head;  /* where the content begins */
	size_t n;     /* bytes of content */
	size_t cap;   /* bytes of storage */
	size_t max;   /* content never exceeds this */
};

/* Empty, allocates nothing; `max` bytes at most. */
void aur_buf_init(struct aur_buf *b, size_t max);

/* Frees the storage; `b` is then empty with max 0. */
void aur_buf_release(struct aur_buf *b);

/* Drops the content, keeps the storage. */
void aur_buf_clear(struct aur_buf *b);

/* The content; valid until the next call that changes `b`. Never a NULL
 * pointer when n > 0. */
struct aur_slice aur_buf_peek(const struct aur_buf *b);

/* Appends. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_buf_add(struct aur_buf *b, const void *p, size_t n);
AUR_MUST_CHECK int aur_buf_add_slice(struct aur_buf *b, struct aur_slice s);
AUR_MUST_CHECK int aur_buf_add_str(struct aur_buf *b, const char *s);
AUR_MUST_CHECK int aur_buf_add_byte(struct aur_buf *b, uint8_t c);
AUR_MUST_CHECK int aur_buf_addf(struct aur_buf *b, const char *fmt, ...)
    AUR_PRINTF(2, 3);

/* Makes room for `n` more bytes and tells where; the caller writes at most
 * `n` there and calls aur_buf_commit. NULL: AUR_ELIMIT or AUR_ENOMEM. */
AUR_MUST_CHECK uint8_t *aur_buf_reserve(struct aur_buf *b, size_t n);
void aur_buf_commit(struct aur_buf *b, size_t n);

/* Drops `n` bytes (at most all) from the front. */
void aur_buf_take(struct aur_buf *b, size_t n);

/* Cuts the content to `n` bytes, if it is longer. */
void aur_buf_cut(struct aur_buf *b, size_t n);

/* The content as a C string: a NUL is put behind it, not counted. NULL when
 * there is no memory for it; valid until the next change. */
const char *aur_buf_str(struct aur_buf *b);

#endif
