/* SPDX-License-Identifier: MIT */
/* Base64: RFC 4648's own examples, one text for one run of bytes. */
#include "base/base64.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

static const struct {
	const char *bytes, *padded, *bare;
} examples[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xff\xef\xbe\xfb", "/++++w==", "/++++w"},
};

static void test_examples(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 100);
	for (size_t i = 0; i < AUR_ARRAY_LEN(examples); i++) {
		struct aur_slice bytes = aur_slice_str(examples[i].bytes);

		aur_buf_clear(&b);
		tap_eq_int(aur_base64_add(&b, bytes, true), 0, "encoded");
		tap_eq_str(aur_buf_str(&b), examples[i].padded, "padded");
		aur_buf_clear(&b);
		tap_eq_int(aur_base64_add(&b, bytes, false), 0, "encoded");
		tap_eq_str(aur_buf_str(&b), examples[i].bare, "bare");
		aur_buf_clear(&b);
		tap_eq_int(
		    aur_base64_decode(aur_slice_str(examples[i].padded), &b), 0,
		    "decoded");
		tap_eq_bytes(aur_buf_peek(&b).p, b.n, bytes.p, bytes.n,
		    examples[i].padded);
	}
	aur_buf_release(&b);
}

static void test_refused(void)
{
	static const char *const bad[] = {"Z", "Zg",
	    "Zg=", "Zh==", "Zm9=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm 9",
	    "Zm9v\n", "Zm9-", "Zm9_", "Zm\xc3\xa9"};
	struct aur_buf b;

	aur_buf_init(&b, 100);
	tap_eq_int(aur_buf_add_str(&b, "x"), 0, "something before");
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		tap_eq_int(aur_base64_decode(aur_slice_str(bad[i]), &b),
		    AUR_EINVALID, bad[i]);
	tap_eq_str(aur_buf_str(&b), "x", "stays as it was");
	aur_buf_release(&b);
}

static void test_every_length(void)
{
	uint8_t bytes[100];
	struct aur_buf text, back;
	size_t bad = 0;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	aur_buf_init(&text, 200);
	aur_buf_init(&back, 200);
	for (size_t n = 0; n <= sizeof bytes; n++) {
		aur_buf_clear(&text);
		aur_buf_clear(&back);
		bad += aur_base64_add(&text, aur_slice_of(bytes, n), true) < 0;
		bad += text.n != (n + 2) / 3 * 4;
		bad += aur_base64_decode(aur_buf_peek(&text), &back) < 0;
		bad +=
		    !aur_slice_eq(aur_buf_peek(&back), aur_slice_of(bytes, n));
	}
	tap_eq_u64(bad, 0, "there and back at every length to 100");
	aur_buf_release(&text);
	aur_buf_release(&back);
}

static void test_exact(void)
{
	uint8_t out[4] = {9, 9, 9, 9};

	tap_eq_int(aur_base64_decode_exact(aur_slice_str("Zm9v"), out, 3), 0,
	    "three bytes");
	tap_eq_bytes(out, 4, "foo\x09", 4, "and not one more");
	tap_eq_int(aur_base64_decode_exact(aur_slice_str("Zm9v"), out, 4),
	    AUR_EINVALID, "not four");
	tap_eq_int(aur_base64_decode_exact(aur_slice_str("Zm9v"), out, 2),
	    AUR_EINVALID, "not two");
	tap_eq_int(aur_base64_decode_exact(aur_slice_str(""), out, 0), 0,
	    "none at all");
	tap_eq_int(aur_base64_decode_exact(aur_slice_str("="), out, SIZE_MAX),
	    AUR_EINVALID, "less than none");
}

static void test_limits(void)
{
	struct aur_buf b;
	unsigned long nth;
	int rc = 0;

	aur_buf_init(&b, 3);
	tap_eq_int(aur_base64_add(&b, aur_slice_str("f"), true), AUR_ELIMIT,
	    "four do not fit into three");
	tap_eq_int(aur_base64_decode(aur_slice_str("Zm9vYg=="), &b), AUR_ELIMIT,
	    "nor do four bytes");
	tap_eq_u64(b.n, 0, "nothing was added");
	aur_buf_release(&b);
	for (nth = 1; fail_begin(nth); nth++) {
		aur_buf_init(&b, 100);
		rc = aur_base64_add(&b, aur_slice_str("foo"), true);
		aur_buf_release(&b);
		if (!fail_end())
			break;
		tap_eq_int(rc, AUR_ENOMEM, "no memory is said");
	}
	tap_eq_int(rc, 0, "got through");
}

int main(void)
{
	test_examples();
	test_refused();
	test_every_length();
	test_exact();
	test_limits();
	return tap_done();
}
