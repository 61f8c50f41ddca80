/* SPDX-License-Identifier: MIT */
/* Hostile text: decoding, widths, what reaches a terminal, cells. */
#include "base/text.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS "\xe2\x80\xa6"

static void test_decode(void)
{
	uint8_t out[4];
	size_t bad = 0;

	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		struct aur_slice s = aur_slice_of(out, aur_text_put(c, out));
		bool surrogate = c >= 0xd800 && c <= 0xdfff;

		if (aur_text_take(&s) != (surrogate ? 0xfffd : c) || s.n != 0)
			bad++;
	}
	tap_eq_u64(bad, 0, "every code point there and back");
	tap_eq_u64(aur_text_put(0x110000, out), 3, "beyond Unicode");
	tap_eq_bytes(out, 3, BAD, 3, "is replaced");
}

/* What `s` becomes in JSON, and on a terminal. */
static void becomes(const char *s, size_t n, const char *utf8, const char *safe,
    const char *text)
{
	/* Of its exact size, so that one byte too many is seen. */
	char *copy = malloc(n > 0 ? n : 1);
	struct aur_slice in = aur_slice_of(copy, n);
	struct aur_buf b;

	memcpy(copy, s, n);
	aur_buf_init(&b, 1000);
	tap_eq_int(aur_text_add_utf8(&b, in), 0, text);
	tap_eq_bytes(b.mem ? b.mem : (const uint8_t *)"", b.n, utf8,
	    strlen(utf8), "as UTF-8");
	aur_buf_clear(&b);
	tap_eq_int(aur_text_add_safe(&b, in), 0, text);
	tap_eq_bytes(b.mem ? b.mem : (const uint8_t *)"", b.n, safe,
	    strlen(safe), "made safe");
	aur_buf_release(&b);
	free(copy);
}
#define BECOMES(s, utf8, safe) becomes(s, sizeof(s) - 1, utf8, safe, #s)

static void test_hostile(void)
{
	BECOMES("", "", "");
	BECOMES("plain", "plain", "plain");
	BECOMES(
	    "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
	BECOMES("\x1b[31mred", "\x1b[31mred", BAD "[31mred");
	BECOMES("a\tb\nc\rd", "a\tb\nc\rd", "a b c d");
	BECOMES("\x7f", "\x7f", BAD);
	BECOMES("\xc2\x9b"
		"2J",
	    "\xc2\x9b"
	    "2J",
	    BAD "2J"); /* C1's CSI */
	BECOMES("\xff"
		"a",
	    BAD "a", BAD "a");
	BECOMES("\x80\x80", BAD BAD, BAD BAD);
	BECOMES("\xc0\xaf", BAD BAD, BAD BAD); /* overlong / */
	BECOMES("\xe0\x80\xaf", BAD BAD BAD, BAD BAD BAD);
	BECOMES("\xf0\x80\x80\xaf", BAD BAD BAD BAD, BAD BAD BAD BAD);
	BECOMES("\xed\xa0\x80", BAD BAD BAD, BAD BAD BAD); /* surrogate */
	BECOMES("\xf4\x90\x80\x80", BAD BAD BAD BAD, BAD BAD BAD BAD);
	BECOMES("\xf5", BAD, BAD);
	BECOMES("\xe2\x82", BAD BAD, BAD BAD); /* cut */
	BECOMES("\xe2\x82"
		"a",
	    BAD BAD "a", BAD BAD "a");
	BECOMES("\xe2", BAD, BAD);
	BECOMES("\xe2\x80\xae"
		"gnp.exe",
	    "\xe2\x80\xae"
	    "gnp.exe",
	    BAD "gnp.exe"); /* right-to-left override */
	BECOMES("\xe2\x80\x8f", "\xe2\x80\x8f", BAD);
	BECOMES("\xd8\x9c", "\xd8\x9c", BAD);
	BECOMES("\xe2\x81\xa6", "\xe2\x81\xa6", BAD);
	BECOMES("\xe2\x80\xa8", "\xe2\x80\xa8", BAD); /* line separator */
	BECOMES("\xef\xbf\xbe", "\xef\xbf\xbe", BAD); /* noncharacter */
	BECOMES("\xef\xb7\x90", "\xef\xb7\x90", BAD);
	BECOMES("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", BAD);
	tap_ok(!aur_text_is_safe(0), "NUL is not safe");
}

static void width(uint32_t c, int want, const char *text)
{
	tap_eq_int(aur_text_char_width(c), want, text);
}

static void test_widths(void)
{
	width('a', 1, "Latin");
	width(0xe9, 1, "Latin with accent");
	width(0xad, 1, "soft hyphen");
	width(0x2500, 1, "box drawing");
	width(0x2588, 1, "a block");
	width(0x28ff, 1, "braille");
	width(0x2026, 1, "ellipsis");
	width(0x300, 0, "combining grave");
	width(0x36f, 0, "last of its block");
	width(0x370, 1, "after it");
	width(0x200b, 0, "zero width space");
	width(0x200d, 0, "zero width joiner");
	width(0xfe0f, 0, "variation selector 16");
	width(0xe0100, 0, "variation selector 17");
	width(0xfeff, 0, "byte order mark");
	width(0x5b0, 0, "a Hebrew point");
	width(0x94d, 0, "a Devanagari virama");
	width(0x1100, 2, "Hangul consonant");
	width(0x1161, 0, "Hangul vowel");
	width(0xac00, 2, "Hangul syllable");
	width(0x3042, 2, "Hiragana");
	width(0x3000, 2, "ideographic space");
	width(0x4e00, 2, "Han");
	width(0x9fff, 2, "last of its block");
	width(0x20000, 2, "Han, plane 2");
	width(0x3fffd, 2, "last of plane 3");
	width(0xff21, 2, "fullwidth A");
	width(0xff71, 1, "halfwidth katakana");
	width(0x303f, 1, "half fill space");
	width(0x4dc0, 1, "hexagram");
	width(0x1f600, 2, "emoji");
	width(0x1f680, 2, "rocket");
	width(0x231a, 2, "watch");
	width(0x2764, 1, "heart, text by default");
	width(0x1f1e6, 1, "regional indicator");
	width(0xfffd, 1, "replacement");
	width(7, 1, "a control, as it is drawn");
	width(0x10ffff, 1, "the last");
	width(UINT32_MAX, 1, "beyond");
	tap_eq_u64(aur_text_width(aur_slice_str("e\xcc\x81\xe4\xb8\x80\x1b")),
	    4, "e with accent, Han, a control");
	tap_eq_u64(aur_text_width(aur_slice_str("")), 0, "nothing");
}

static void cell(
    const char *s, size_t columns, bool right, bool ascii, const char *want)
{
	char text[100];
	struct aur_buf b;

	snprintf(text, sizeof(text), "'%s' in %zu%s", s, columns,
	    right ? ", right" : "");
	aur_buf_init(&b, 1000);
	tap_eq_int(
	    aur_text_add_cell(&b, aur_slice_str(s), columns, right, ascii), 0,
	    text);
	tap_eq_str(aur_buf_str(&b), want, text);
	aur_buf_release(&b);
}

static void test_cells(void)
{
	cell("abc", 5, false, false, "abc  ");
	cell("abc", 5, true, false, "  abc");
	cell("abc", 3, false, false, "abc");
	cell("abcd", 3, false, false, "ab" ELLIPSIS);
	cell("abcd", 3, true, true, "ab+");
	cell("abcd", 1, false, true, "+");
	cell("abcd", 0, false, false, "");
	cell("", 3, false, false, "   ");
	cell("\xe4\xb8\x80\xe4\xb8\x80", 3, false, true, "\xe4\xb8\x80+");
	cell("\xe4\xb8\x80\xe4\xb8\x80", 4, false, true,
	    "\xe4\xb8\x80\xe4\xb8\x80");
	cell("a\xe4\xb8\x80\xe4\xb8\x80", 4, false, true, "a\xe4\xb8\x80+");
	cell("\xe4\xb8\x80", 1, false, true, "+");
	cell("\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80", 4, false, true,
	    "\xe4\xb8\x80 +"); /* half a wide one is a blank */
	cell("ab\xcc\x81", 2, false, false, "ab\xcc\x81");
	cell("a\x1b[mb", 10, true, false, "     a" BAD "[mb");
	cell("x", 70, false, false,
	    "x                                                         "
	    "            ");
}

/* Exactly `width` columns, whatever the bytes. */
static void test_any_cell(void)
{
	static const char *const pieces[] = {"a", "bc ", "\xcc\x81",
	    "\xe4\xb8\x80", "\xf0\x9f\x9a\x80", "\x1b", "\xff", "\xe2\x80\xae",
	    "\n", "\xe2\x80\x8d", "\xed\xa0\x80", "\xc3\xbc", "\xf0\x9f"};
	uint64_t state = 3;
	size_t bad = 0;
	struct aur_buf in, out;

	aur_buf_init(&in, 1000);
	aur_buf_init(&out, 1000);
	for (int i = 0; i < 50000; i++) {
		size_t columns = (size_t)i % 13;

		aur_buf_clear(&in);
		aur_buf_clear(&out);
		for (size_t n = (size_t)i % 9; n > 0; n--) {
			state =
			    state * 6364136223846793005u + 1442695040888963407u;
			bad +=
			    aur_buf_add_str(&in,
				pieces[(state >> 33) %
				       (sizeof(pieces) / sizeof(*pieces))]) !=
			    0;
		}
		bad += aur_text_add_cell(&out, aur_buf_peek(&in), columns,
			   i % 2 != 0, i % 3 != 0) != 0;
		bad += aur_text_width(aur_buf_peek(&out)) != columns;
	}
	tap_eq_u64(bad, 0, "50000 random cells are as wide as asked");
	aur_buf_release(&in);
	aur_buf_release(&out);
}

static void test_no_room(void)
{
	static const char s[] = "ab\x1b"
				"c\xff"
				"d";
	struct aur_slice in = aur_slice_of(s, sizeof(s) - 1);
	struct aur_buf b;
	int rc = 0;

	for (size_t max = 0; max < 9; max++) {
		aur_buf_init(&b, max);
		tap_eq_int(aur_text_add_safe(&b, in), AUR_ELIMIT, "too small");
		tap_eq_u64(b.n, 0, "nothing added");
		tap_eq_int(aur_text_add_cell(&b, in, 10, true, true),
		    AUR_ELIMIT, "too small for a cell");
		tap_eq_u64(b.n, 0, "nothing added");
		if (max < 8)
			tap_eq_int(aur_text_add_utf8(&b, in), AUR_ELIMIT,
			    "too small for UTF-8");
		aur_buf_release(&b);
	}
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		aur_buf_init(&b, 1000);
		rc = aur_text_add_utf8(&b, in);
		if (rc == 0)
			rc = aur_text_add_safe(&b, in);
		if (rc == 0)
			rc = aur_text_add_cell(&b, in, 200, true, true);
		if (!fail_end())
			break;
		tap_eq_int(rc, AUR_ENOMEM, "no memory");
		aur_buf_release(&b);
	}
	tap_eq_int(rc, 0, "got through");
	aur_buf_release(&b);
}

int main(void)
{
	test_decode();
	test_hostile();
	test_widths();
	test_cells();
	test_any_cell();
	test_no_room();
	return tap_done();
}
