/* SPDX-License-Identifier: MIT */
/*
 * Base64, three bytes to four characters. The values of the characters are
 * reckoned, not looked up: a table of 256 would be longer than this.
 */
#include "base/base64.h"

#include "base/err.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int aur_base64_add(struct aur_buf *out, struct aur_slice bytes, bool pad)
{
	const size_t whole = bytes.n / 3, left = bytes.n % 3;
	size_t n = whole * 4 + (left == 0 ? 0 : pad ? 4 : left + 1);
	uint8_t *to;

	if (n == 0)
		return 0;
	to = aur_buf_reserve(out, n);
	if (to == NULL)
		return n > out->max - out->n ? AUR_ELIMIT : AUR_ENOMEM;
	for (size_t i = 0, at = 0; at < n; i += 3) {
		uint32_t v = (uint32_t)bytes.p[i] << 16;

		if (i + 1 < bytes.n)
			v |= (uint32_t)bytes.p[i + 1] << 8;
		if (i + 2 < bytes.n)
			v |= bytes.p[i + 2];
		for (size_t c = 0; c < 4 && at < n; c++, at++) {
			bool beyond = c > bytes.n - i;

			to[at] =
			    beyond ? '='
				   : (uint8_t)alphabet[v >> (18 - 6 * c) & 63];
		}
	}
	aur_buf_commit(out, n);
	return 0;
}

/* The six bits of a character; -1 for others. */
static int value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters, of which `pad` at the end are "=", as 3 - pad bytes. */
static bool quad(const uint8_t *p, size_t pad, uint8_t out[3])
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int six = i < 4 - pad ? value(p[i]) : 0;

		if (six < 0)
			return false;
		v = v << 6 | (uint32_t)six;
	}
	out[0] = (uint8_t)(v >> 16);
	out[1] = (uint8_t)(v >> 8);
	out[2] = (uint8_t)v;
	/* bits that no byte takes must be zero */
	return (v & ((1u << 8 * pad) - 1)) == 0;
}

/* "=" at the end, at most two. */
static size_t padding(struct aur_slice text)
{
	size_t pad = 0;

	while (pad < 2 && pad < text.n && text.p[text.n - 1 - pad] == '=')
		pad++;
	return pad;
}

int aur_base64_decode_exact(struct aur_slice text, uint8_t *out, size_t n)
{
	const size_t pad = padding(text);

	if (text.n % 4 != 0 || text.n / 4 * 3 - pad != n)
		return AUR_EINVALID;
	for (size_t i = 0; i < text.n; i += 4) {
		size_t here = i + 4 == text.n ? pad : 0;
		uint8_t bytes[3];

		if (!quad(text.p + i, here, bytes))
			return AUR_EINVALID;
		memcpy(out + i / 4 * 3, bytes, 3 - here);
	}
	return 0;
}

int aur_base64_decode(struct aur_slice text, struct aur_buf *out)
{
	const size_t n = text.n / 4 * 3 - (text.n >= 4 ? padding(text) : 0);
	uint8_t *to;
	int rc;

	if (text.n == 0)
		return 0;
	to = aur_buf_reserve(out, n);
	if (to == NULL)
		return n > out->max - out->n ? AUR_ELIMIT : AUR_ENOMEM;
	rc = aur_base64_decode_exact(text, to, n);
	if (rc == 0)
		aur_buf_commit(out, n);
	return rc;
}
