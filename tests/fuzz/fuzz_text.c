/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as text: what is made safe is valid, has the width that was told,
 * and nothing in it reaches a terminal as more than a character. The first
 * byte is the width of a cell, the second how it is set.
 */
#include "base/text.h"

#define MOST (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

static void check_safe(struct aur_slice s)
{
	struct aur_buf b;
	struct aur_slice rest;

	aur_buf_init(&b, MOST * 4);
	need(aur_text_add_safe(&b, s) == 0);
	rest = aur_buf_peek(&b);
	need(aur_text_width(rest) == aur_text_width(s));
	while (rest.n > 0)
		need(aur_text_is_safe(aur_text_take(&rest)));
	aur_buf_release(&b);
}

/* Made valid once is valid. */
static void check_utf8(struct aur_slice s)
{
	struct aur_buf a, b;

	aur_buf_init(&a, MOST * 4);
	aur_buf_init(&b, MOST * 4);
	need(aur_text_add_utf8(&a, s) == 0);
	need(aur_text_add_utf8(&b, aur_buf_peek(&a)) == 0);
	need(aur_slice_eq(aur_buf_peek(&a), aur_buf_peek(&b)));
	aur_buf_release(&a);
	aur_buf_release(&b);
}

static void check_cell(struct aur_slice s, size_t width, unsigned how)
{
	struct aur_buf b;

	aur_buf_init(&b, MOST * 4);
	need(aur_text_add_cell(&b, s, width, how & 1, (how & 2) != 0) == 0);
	need(aur_text_width(aur_buf_peek(&b)) == width);
	aur_buf_release(&b);
}

/* Everything before the first NUL as a pattern for what is behind it. */
static void check_match(struct aur_slice s)
{
	struct aur_slice pattern = s;
	char word[100];
	size_t n;

	aur_slice_until(&s, 0, &pattern);
	n = pattern.n < sizeof(word) - 1 ? pattern.n : sizeof(word) - 1;
	if (n > 0)
		memcpy(word, pattern.p, n);
	word[n] = '\0';
	s.n = s.n < 1000 ? s.n : 1000;
	aur_text_glob(word, s);
	aur_text_has(s, pattern);
	need(strlen(word) > 64 || aur_text_distance(word, word) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice s = aur_slice_of(data, size);

	if (size < 2 || size > MOST)
		return 0;
	s.p += 2;
	s.n -= 2;
	check_safe(s);
	check_utf8(s);
	check_cell(s, data[0], data[1]);
	check_match(s);
	return 0;
}
