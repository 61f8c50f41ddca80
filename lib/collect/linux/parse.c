/* SPDX-License-Identifier: MIT */
/* Words, and the files that are hardly more than one. */
#include "collect/linux/parse.h"

#include "base/clock.h"
#include "base/scan.h"

int aur__word_find(
    const struct aur__word *t, size_t n, struct aur_slice name, size_t *hint)
{
	for (size_t k = 0; k < n; k++) {
		size_t i = (*hint + k) % n;

		/* Most differ in their first letter or length. */
		if (name.n == 0 || (uint8_t)t[i].name[0] != name.p[0] ||
		    !aur_slice_is(name, t[i].name))
			continue;
		*hint = i + 1;
		return (int)i;
	}
	return -1;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void aur__parse_uuid(struct aur_slice s, uint8_t out[16])
{
	uint8_t id[16] = {0};
	size_t n = 0;

	memset(out, 0, 16);
	for (size_t i = 0; i < s.n; i++) {
		int d = hex_digit(s.p[i]);

		if (s.p[i] == '-')
			continue;
		if (d < 0 || n == 32)
			return;
		id[n / 2] = (uint8_t)(id[n / 2] << 4 | d);
		n++;
	}
	if (n == 32)
		memcpy(out, id, 16);
}

int64_t aur__parse_uptime(struct aur_slice text)
{
	struct aur_slice word;
	uint64_t hundredths;

	if (!aur_slice_word(&text, &word) ||
	    aur_scan_fixed(word, 2, &hundredths) < 0 ||
	    hundredths > INT64_MAX / 10000000)
		return 0;
	return (int64_t)hundredths * 10000000;
}

int64_t aur__parse_btime(struct aur_slice text)
{
	struct aur_slice line;
	uint64_t seconds;

	while (aur_slice_line(&text, &line)) {
		if (!aur_slice_starts(line, "btime "))
			continue;
		line = aur_slice_of(line.p + 6, line.n - 6);
		if (aur_scan_u64(aur_slice_trim(line), &seconds) == 0 &&
		    seconds <= INT64_MAX / AUR_SECOND_NS)
			return (int64_t)seconds * AUR_SECOND_NS;
	}
	return 0;
}

bool aur__parse_passwd(
    struct aur_slice text, uint64_t uid, struct aur_slice *ret_name)
{
	struct aur_slice line;

	while (aur_slice_line(&text, &line)) {
		struct aur_slice name, secret, number;
		uint64_t v;

		if (aur_slice_until(&line, ':', &name) &&
		    aur_slice_until(&line, ':', &secret) &&
		    aur_slice_until(&line, ':', &number) && name.n > 0 &&
		    aur_scan_u64(number, &v) == 0 && v == uid) {
			*ret_name = name;
			return true;
		}
	}
	return false;
}
