/* SPDX-License-Identifier: MIT */
/*
 * Decoding and making harmless. Nearly all text here is printable ASCII, so
 * runs of it are found first and copied whole; only the rest is looked at
 * code point by code point. Widths are text_width.c, comparing is
 * text_match.c.
 */
#include "base/text.h"

#include "base/err.h"

#define REPLACEMENT 0xfffdu

static void skip(struct aur_slice *s, size_t n)
{
	/* An empty slice may have no address to count from. */
	if (n > 0)
		s->p += n;
	s->n -= n;
}

/* The sequence at the front by its first byte (RFC 3629, section 4): how many
 * bytes follow, and what the second may be, which excludes overlong forms,
 * surrogates and what is beyond U+10FFFF. */
struct lead {
	size_t follow;
	uint8_t low, high, bits;
};

static struct lead lead_of(uint8_t c)
{
	if (c >= 0xc2 && c <= 0xdf)
		return (struct lead){1, 0x80, 0xbf, c & 0x1f};
	if (c >= 0xe0 && c <= 0xef)
		return (struct lead){2, c == 0xe0 ? 0xa0 : 0x80,
		    c == 0xed ? 0x9f : 0xbf, c & 0x0f};
	if (c >= 0xf0 && c <= 0xf4)
		return (struct lead){3, c == 0xf0 ? 0x90 : 0x80,
		    c == 0xf4 ? 0x8f : 0xbf, c & 0x07};
	return (struct lead){0, 0, 0, 0};
}

/* The code point at the front and its bytes in `ret_n`; 0 bytes where no
 * valid sequence stands there. */
static uint32_t decode(struct aur_slice s, size_t *ret_n)
{
	struct lead l;
	uint32_t c;

	*ret_n = 1;
	if (s.p[0] < 0x80)
		return s.p[0];
	l = lead_of(s.p[0]);
	*ret_n = 0;
	if (l.follow == 0 || s.n <= l.follow || s.p[1] < l.low ||
	    s.p[1] > l.high)
		return REPLACEMENT;
	c = (uint32_t)l.bits << 6 | (s.p[1] & 0x3fu);
	for (size_t i = 2; i <= l.follow; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (s.p[i] & 0x3fu);
	}
	*ret_n = l.follow + 1;
	return c;
}

uint32_t aur_text_take(struct aur_slice *s)
{
	size_t n;
	uint32_t c = decode(*s, &n);

	skip(s, n > 0 ? n : 1);
	return c;
}

size_t aur_text_put(uint32_t c, uint8_t out[4])
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

/* The explicit directional formatting of UAX 9, and the marks. */
static bool is_bidi_control(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool aur_text_is_safe(uint32_t c)
{
	if (c < 0xa0)
		return c >= 0x20 && c < 0x7f;
	if (is_bidi_control(c) || c == 0x2028 || c == 0x2029)
		return false;
	if ((c >= 0xd800 && c <= 0xdfff) || (c >= 0xfdd0 && c <= 0xfdef))
		return false;
	return (c & 0xfffe) != 0xfffe && c <= 0x10ffff;
}

/* Takes one code point as a terminal will get it. */
static uint32_t take_safe(struct aur_slice *s)
{
	uint32_t c = aur_text_take(s);

	if (c == '\t' || c == '\n' || c == '\r')
		return ' ';
	return aur_text_is_safe(c) ? c : REPLACEMENT;
}

/* How many bytes at the front are printable ASCII. */
static size_t plain(struct aur_slice s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] >= 0x20 && s.p[i] < 0x7f)
		i++;
	return i;
}

size_t aur_text_width(struct aur_slice s)
{
	size_t n = plain(s), width = n;

	skip(&s, n);
	while (s.n > 0)
		width += (size_t)aur_text_char_width(take_safe(&s));
	return width;
}

static int add_char(struct aur_buf *b, uint32_t c)
{
	uint8_t utf8[4];

	return aur_buf_add(b, utf8, aur_text_put(c, utf8));
}

/* How many bytes at the front are valid UTF-8. */
static size_t valid(struct aur_slice s)
{
	struct aur_slice rest = s;
	size_t n;

	while (rest.n > 0) {
		decode(rest, &n);
		if (n == 0)
			break;
		skip(&rest, n);
	}
	return s.n - rest.n;
}

int aur_text_add_utf8(struct aur_buf *b, struct aur_slice s)
{
	size_t before = b->n, n;
	int rc = 0;

	while (s.n > 0 && rc == 0) {
		n = valid(s);
		rc = aur_buf_add(b, s.p, n);
		skip(&s, n);
		if (rc == 0 && s.n > 0) {
			rc = add_char(b, REPLACEMENT);
			skip(&s, 1);
		}
	}
	if (rc < 0)
		aur_buf_cut(b, before);
	return rc;
}

int aur_text_add_safe(struct aur_buf *b, struct aur_slice s)
{
	size_t before = b->n, n;
	int rc = 0;

	while (s.n > 0 && rc == 0) {
		n = plain(s);
		if (n > 0) {
			rc = aur_buf_add(b, s.p, n);
			skip(&s, n);
		} else {
			rc = add_char(b, take_safe(&s));
		}
	}
	if (rc < 0)
		aur_buf_cut(b, before);
	return rc;
}

/* How `s` goes into `width` columns: the bytes of it that are drawn, the
 * columns they take, and whether some are left out. */
struct fit {
	size_t bytes, columns;
	bool cut;
};

static struct fit fit_into(struct aur_slice s, size_t width)
{
	struct aur_slice rest = s;
	struct fit whole, shorter = {0};
	size_t n = plain(aur_slice_of(s.p, s.n <= width ? s.n : width + 1));

	if (n > width)
		return (struct fit){width - 1, width - 1, true};
	whole = (struct fit){n, n, false};
	/* `shorter` is the most that leaves a column for the mark. */
	shorter.bytes = n < width ? n : width - 1;
	shorter.columns = shorter.bytes;
	skip(&rest, n);
	while (rest.n > 0) {
		whole.columns += (size_t)aur_text_char_width(take_safe(&rest));
		if (whole.columns > width) {
			shorter.cut = true;
			return shorter;
		}
		whole.bytes = s.n - rest.n;
		if (whole.columns < width)
			shorter = whole;
	}
	return whole;
}

static int add_blanks(struct aur_buf *b, size_t n)
{
	static const char blanks[] = "                                ";
	const size_t most = sizeof(blanks) - 1;
	int rc = 0;

	for (; n > most && rc == 0; n -= most)
		rc = aur_buf_add(b, blanks, most);
	return rc == 0 ? aur_buf_add(b, blanks, n) : rc;
}

static int add_fitted(struct aur_buf *b, struct aur_slice s, struct fit f,
    size_t blanks, bool right, bool ascii)
{
	int rc = 0;

	if (right && !f.cut)
		rc = add_blanks(b, blanks);
	if (rc == 0)
		rc = aur_text_add_safe(b, aur_slice_of(s.p, f.bytes));
	if (rc == 0 && !(right && !f.cut))
		rc = add_blanks(b, blanks);
	if (rc == 0 && f.cut)
		rc = aur_buf_add_str(b, ascii ? "+" : "\xe2\x80\xa6");
	return rc;
}

int aur_text_add_cell(
    struct aur_buf *b, struct aur_slice s, size_t width, bool right, bool ascii)
{
	size_t before = b->n;
	struct fit f;
	int rc;

	if (width == 0)
		return 0;
	f = fit_into(s, width);
	rc = add_fitted(
	    b, s, f, width - f.columns - (f.cut ? 1 : 0), right, ascii);
	if (rc < 0)
		aur_buf_cut(b, before);
	return rc;
}
