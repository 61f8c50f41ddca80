/* SPDX-License-Identifier: MIT */
/*
 * The content stands at mem[head .. head + n). Taking only moves `head`;
 * room is made by moving the content back to the front when at least half of
 * the used storage is free there, so that each byte is moved a bounded number
 * of times, and by doubling otherwise. A ring was rejected: readers and
 * writers of frames want one contiguous piece.
 *
 * One byte of storage beyond `max` is allowed, for the NUL of aur_buf_str.
 */
#include "base/buf.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CAP 64u

void aur_buf_init(struct aur_buf *b, size_t max)
{
	*b = (struct aur_buf){.max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4};
}

void aur_buf_release(struct aur_buf *b)
{
	aur_mem_free(b->mem);
	*b = (struct aur_buf){0};
}

void aur_buf_clear(struct aur_buf *b)
{
	b->head = 0;
	b->n = 0;
}

struct aur_slice aur_buf_peek(const struct aur_buf *b)
{
	if (b->n == 0)
		return (struct aur_slice){NULL, 0};
	return aur_slice_of(b->mem + b->head, b->n);
}

static size_t room(const struct aur_buf *b)
{
	return b->cap - b->head - b->n;
}

static void to_front(struct aur_buf *b)
{
	if (b->n > 0)
		memmove(b->mem, b->mem + b->head, b->n);
	b->head = 0;
}

static int grow(struct aur_buf *b, size_t need)
{
	size_t cap = b->cap > FIRST_CAP / 2 ? b->cap * 2 : FIRST_CAP;
	uint8_t *mem;

	if (cap > b->max + 1)
		cap = b->max + 1;
	if (cap < need)
		cap = need;
	mem = aur_mem_grow(b->mem, cap, 1);
	if (mem == NULL)
		return AUR_ENOMEM;
	b->mem = mem;
	b->cap = cap;
	return 0;
}

/* Storage for `extra` more bytes behind the content; the caller has checked
 * that n + extra <= max + 1. */
static int make_room(struct aur_buf *b, size_t extra)
{
	if (room(b) >= extra)
		return 0;
	if (b->n + extra <= b->cap && (b->head >= b->n || b->cap >= b->max)) {
		to_front(b);
		return 0;
	}
	if (b->head > 0)
		to_front(b);
	return room(b) >= extra ? 0 : grow(b, b->n + extra);
}

/* Room for `n` more bytes of content. */
static int want(struct aur_buf *b, size_t n)
{
	if (n > b->max - b->n)
		return AUR_ELIMIT;
	return make_room(b, n);
}

uint8_t *aur_buf_reserve(struct aur_buf *b, size_t n)
{
	/* An empty reservation still needs somewhere to point. */
	if (want(b, n) < 0 || (b->mem == NULL && make_room(b, 1) < 0))
		return NULL;
	return b->mem + b->head + b->n;
}

void aur_buf_commit(struct aur_buf *b, size_t n)
{
	b->n += n <= room(b) ? n : room(b);
}

int aur_buf_add(struct aur_buf *b, const void *p, size_t n)
{
	int rc;

	if (n == 0)
		return 0;
	rc = want(b, n);
	if (rc < 0)
		return rc;
	memcpy(b->mem + b->head + b->n, p, n);
	b->n += n;
	return 0;
}

int aur_buf_add_slice(struct aur_buf *b, struct aur_slice s)
{
	return aur_buf_add(b, s.p, s.n);
}

int aur_buf_add_str(struct aur_buf *b, const char *s)
{
	return aur_buf_add(b, s, strlen(s));
}

int aur_buf_add_byte(struct aur_buf *b, uint8_t c)
{
	int rc = want(b, 1);

	if (rc < 0)
		return rc;
	b->mem[b->head + b->n++] = c;
	return 0;
}

int aur_buf_addf(struct aur_buf *b, const char *fmt, ...)
{
	/* Most texts fit into the room that is there anyway; the others are
	 * measured by the first attempt and written by the second. The NUL
	 * that vsnprintf puts may stand in the spare byte. */
	size_t spare = room(b);
	va_list ap;
	int n, rc;

	va_start(ap, fmt);
	n = vsnprintf(b->mem == NULL ? NULL : (char *)b->mem + b->head + b->n,
	    spare, fmt, ap);
	va_end(ap);
	if (n < 0)
		return AUR_EINVALID;
	if ((size_t)n > b->max - b->n)
		return AUR_ELIMIT;
	if ((size_t)n >= spare) {
		rc = make_room(b, (size_t)n + 1);
		if (rc < 0)
			return rc;
		va_start(ap, fmt);
		vsnprintf(
		    (char *)b->mem + b->head + b->n, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
	return 0;
}

void aur_buf_take(struct aur_buf *b, size_t n)
{
	if (n >= b->n) {
		aur_buf_clear(b);
		return;
	}
	b->head += n;
	b->n -= n;
}

void aur_buf_cut(struct aur_buf *b, size_t n)
{
	if (n < b->n)
		b->n = n;
}

const char *aur_buf_str(struct aur_buf *b)
{
	if (make_room(b, 1) < 0)
		return NULL;
	b->mem[b->head + b->n] = '\0';
	return (const char *)b->mem + b->head;
}
