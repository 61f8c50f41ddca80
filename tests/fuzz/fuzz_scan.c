/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as numbers, and as varints: what is refused leaves its output
 * alone, what is taken can be written and taken again.
 */
#include "base/err.h"
#include "base/scan.h"
#include "base/varint.h"

#include <inttypes.h>
#include <math.h>

#define UNTOUCHED 0x5a5a5a5a5a5a5a5au

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

static void check_integers(struct aur_slice s)
{
	uint64_t u = UNTOUCHED, again = 0;
	int64_t i = 0, back = 1;
	char text[32];

	if (aur_scan_u64(s, &u) == 0) {
		snprintf(text, sizeof(text), "%" PRIu64, u);
		need(aur_scan_u64(aur_slice_str(text), &again) == 0);
		need(again == u && s.n > 0);
	} else {
		need(u == UNTOUCHED);
	}
	if (aur_scan_i64(s, &i) == 0) {
		snprintf(text, sizeof(text), "%" PRId64, i);
		need(aur_scan_i64(aur_slice_str(text), &back) == 0);
		need(back == i);
	}
	u = UNTOUCHED;
	need(aur_scan_hex(s, &u) == 0 || u == UNTOUCHED);
}

static void check_reals(struct aur_slice s)
{
	double d = -7;
	uint64_t u;

	need(aur_scan_f64(s, &d) == 0 ? isfinite(d) : d == -7);
	d = -7;
	need(aur_scan_size(s, &d) == 0 ? d >= 0 && isfinite(d) : d == -7);
	for (unsigned places = 0; places < 22; places++) {
		u = UNTOUCHED;
		need(aur_scan_fixed(s, places, &u) == 0 || u == UNTOUCHED);
	}
}

/* Words, lines and numbers never stand still and never run over. */
static void check_taking(struct aur_slice s)
{
	struct aur_slice rest = s, part, word;
	uint64_t u;
	int64_t i;

	while (aur_slice_line(&rest, &part)) {
		while (aur_scan_next_u64(&part, &u) ||
		       aur_scan_next_i64(&part, &i) ||
		       aur_slice_word(&part, &word))
			need(part.n < s.n + 1);
	}
	rest = s;
	while (aur_slice_word(&rest, &part))
		need(part.n > 0 && aur_slice_trim(part).n == part.n);
}

static void check_varints(struct aur_slice s)
{
	uint8_t out[10];
	uint64_t v, again;

	while (s.n > 0) {
		size_t before = s.n;
		struct aur_slice back;

		if (aur_varint_take(&s, &v) < 0) {
			need(s.n == before);
			break;
		}
		need(before - s.n <= sizeof(out));
		back = aur_slice_of(out, aur_varint_put(out, v));
		need(aur_varint_take(&back, &again) == 0 && again == v);
		need(aur_zigzag(aur_unzigzag(v)) == v);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice s = aur_slice_of(data, size);

	check_integers(s);
	check_reals(s);
	check_taking(s);
	check_varints(s);
	return 0;
}
