/* SPDX-License-Identifier: MIT */
/* CRC-32C against the examples of RFC 3720, B.4, and bit by bit. */
#include "base/checksum.h"
#include "tests/harness/tap.h"

/* As the polynomial division is written down. */
static uint32_t slowly(uint32_t before, const uint8_t *p, size_t n)
{
	uint32_t crc = ~before;

	for (; n > 0; n--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) ? 0x82f63b78u : 0);
	}
	return ~crc;
}

static void test_examples(void)
{
	uint8_t b[32];

	memset(b, 0, sizeof(b));
	tap_eq_u64(
	    aur_crc32c(0, aur_slice_of(b, 32)), 0x8a9136aa, "32 of zeros");
	memset(b, 0xff, sizeof(b));
	tap_eq_u64(
	    aur_crc32c(0, aur_slice_of(b, 32)), 0x62a8ab43, "32 of ones");
	for (unsigned i = 0; i < 32; i++)
		b[i] = (uint8_t)i;
	tap_eq_u64(aur_crc32c(0, aur_slice_of(b, 32)), 0x46dd794e, "counting");
	for (unsigned i = 0; i < 32; i++)
		b[i] = (uint8_t)(31 - i);
	tap_eq_u64(
	    aur_crc32c(0, aur_slice_of(b, 32)), 0x113fdb5c, "counting down");
	tap_eq_u64(
	    aur_crc32c(0, aur_slice_str("123456789")), 0xe3069283, "digits");
	tap_eq_u64(aur_crc32c(0, aur_slice_str("")), 0, "nothing");
}

static void test_lengths(void)
{
	uint8_t b[100];
	bool same = true, parts = true;

	for (unsigned i = 0; i < sizeof(b); i++)
		b[i] = (uint8_t)(i * 151 + 7);
	for (size_t n = 0; n <= sizeof(b); n++) {
		uint32_t whole = aur_crc32c(0, aur_slice_of(b, n));

		same = same && whole == slowly(0, b, n);
		for (size_t cut = 0; cut <= n; cut++)
			parts = parts &&
				aur_crc32c(aur_crc32c(0, aur_slice_of(b, cut)),
				    aur_slice_of(b + cut, n - cut)) == whole;
	}
	tap_ok(same, "every length, as bit by bit");
	tap_ok(parts, "in two parts, cut anywhere");
}

int main(void)
{
	test_examples();
	test_lengths();
	return tap_done();
}
