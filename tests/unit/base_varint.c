/* SPDX-License-Identifier: MIT */
/* Varints: golden bytes, round trips at every length, and bad input. */
#include "base/varint.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

static void golden(uint64_t v, const char *want, size_t n)
{
	struct aur_slice s;
	uint8_t p[10];
	uint64_t back = ~v;
	size_t got = aur_varint_put(p, v);

	tap_eq_bytes(p, got, want, n, "golden bytes");
	s = aur_slice_of(p, got);
	tap_eq_int(aur_varint_take(&s, &back), 0, "taken back");
	tap_eq_u64(back, v, "the same");
	tap_eq_u64(s.n, 0, "all of it");
}

static void bad(const char *bytes, size_t n, int want, const char *text)
{
	struct aur_slice s = aur_slice_of(bytes, n);
	uint64_t v = 7;

	tap_eq_int(aur_varint_take(&s, &v), want, text);
	tap_ok(s.p == (const uint8_t *)bytes && s.n == n && v == 7,
	    "nothing taken");
}

/* Each value is written into a buffer and read back, with its neighbours. */
static void test_round_trips(void)
{
	struct aur_buf b;
	struct aur_slice s;
	bool good = true;
	uint64_t v;

	aur_buf_init(&b, 1 << 16);
	for (unsigned bit = 0; bit < 64; bit++)
		for (int d = -1; d <= 1; d++)
			good = good && aur_varint_add(&b, ((uint64_t)1 << bit) +
							      (uint64_t)d) == 0;
	tap_ok(good, "added");
	s = aur_buf_peek(&b);
	for (unsigned bit = 0; bit < 64; bit++)
		for (int d = -1; d <= 1; d++)
			good = good && aur_varint_take(&s, &v) == 0 &&
			       v == ((uint64_t)1 << bit) + (uint64_t)d;
	tap_ok(good && s.n == 0, "192 values of all lengths come back");
	for (size_t n = 0; n < 10; n++) {
		s = aur_slice_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", n);
		good = good && aur_varint_take(&s, &v) == AUR_ETRUNCATED;
	}
	tap_ok(good, "every prefix is truncated");
	aur_buf_release(&b);
}

static void test_zigzag(void)
{
	static const int64_t v[] = {
	    0, -1, 1, -2, 2, INT64_MAX, INT64_MIN, INT64_MIN + 1};
	bool good = true;

	for (uint64_t i = 0; i < 5; i++)
		good = good && aur_zigzag(v[i]) == i;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		good = good && aur_unzigzag(aur_zigzag(v[i])) == v[i];
	tap_ok(good, "zigzag");
	tap_eq_u64(aur_zigzag(INT64_MIN), UINT64_MAX, "the lowest is the last");
}

static void test_limit(void)
{
	struct aur_buf b;
	int rc = 0;

	aur_buf_init(&b, 3);
	tap_eq_int(aur_varint_add(&b, 300), 0, "two bytes of three");
	tap_eq_int(aur_varint_add(&b, 300), AUR_ELIMIT, "no room for two");
	tap_eq_int(aur_varint_add(&b, 1), 0, "room for one");
	tap_eq_u64(b.n, 3, "full");
	aur_buf_release(&b);
	aur_buf_init(&b, 100);
	for (size_t n = 0; n < 91; n++)
		rc |= aur_buf_add_byte(&b, 0);
	tap_eq_int(rc, 0, "filled");
	tap_eq_int(aur_varint_add(&b, UINT64_MAX), AUR_ELIMIT,
	    "nine bytes are left for ten");
	tap_eq_u64(b.n, 91, "nothing added");
	aur_buf_release(&b);
	aur_buf_init(&b, 100);
	fail_begin(1);
	tap_eq_int(aur_varint_add(&b, 300), AUR_ENOMEM, "no memory");
	fail_end();
	aur_buf_release(&b);
}

int main(void)
{
	golden(0, "\x00", 1);
	golden(127, "\x7f", 1);
	golden(128, "\x80\x01", 2);
	golden(624485, "\xe5\x8e\x26", 3); /* DWARF 4, appendix C's */
	golden(UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10);
	bad("", 0, AUR_ETRUNCATED, "nothing");
	bad("\x80", 1, AUR_ETRUNCATED, "half a number");
	bad("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, AUR_ERANGE,
	    "bit 65");
	bad("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, AUR_ERANGE,
	    "eleven bytes");
	test_round_trips();
	test_zigzag();
	test_limit();
	return tap_done();
}
