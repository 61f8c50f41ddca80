/* SPDX-License-Identifier: MIT */
/*
 * lib/pack: a column read at once, gone along, and looked through, of any
 * bytes: all three tell the same, whatever is wrong with them.
 */
#include "base/err.h"
#include "base/varint.h"
#include "pack/pack_int.h"
#include "tests/harness/tap.h"

#include <stdlib.h>

#define VALUES 600u
#define TOKENS 2048u
#define ROUNDS 60000u

static uint64_t state = 88172645463325252u;

static uint64_t chance(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

/* Tokens as a writer makes them, for about `n` values: runs of zeros, short
 * ones, long ones. */
static size_t make_tokens(uint8_t *p, size_t n)
{
	size_t at = 0;

	while (n > 0 && at + 22 < TOKENS) {
		uint64_t kind = chance(8), run = chance(kind == 0 ? 300 : 3);
		uint64_t v = 1 + chance(kind < 5 ? 120 : 9000);

		if (kind >= 6)
			v = kind == 7 ? state | 1 : 1 + chance(1u << 22);
		if (kind >= 2) {
			at += aur_varint_put(p + at, v);
			n--;
			continue;
		}
		run = run < n ? run : n - 1;
		p[at++] = 0;
		at += aur_varint_put(p + at, run);
		n -= (size_t)run + 1;
	}
	return at;
}

/* Exactly as long as it is, so that reading behind it is seen. */
static struct aur_slice make_bytes(size_t n)
{
	uint8_t tokens[TOKENS], *copy;
	size_t len = make_tokens(tokens, n);

	/* and with something wrong in every second */
	switch (chance(8)) {
	case 0:
		len -= len > 0;
		break;
	case 1:
		tokens[chance(len + 1)] ^= 0x80;
		break;
	case 2:
		tokens[chance(len + 1)] = 0;
		break;
	case 3:
		tokens[len++] = (uint8_t)chance(256);
		break;
	}
	copy = malloc(len > 0 ? len : 1);
	if (copy == NULL)
		exit(1);
	memcpy(copy, tokens, len);
	return aur_slice_of(copy, len);
}

static struct aur__column make_column(void)
{
	static const uint8_t codec[] = {
	    AUR__CODEC_DELTA, AUR__CODEC_DELTA2, AUR__CODEC_XOR};
	struct aur__column c = {.codec = codec[chance(3)],
	    .n = 1 + chance(chance(4) == 0 ? 3 : VALUES),
	    .grain = chance(2) ? 1 : chance(5000),
	    .first = chance(1000),
	    .step = chance(100)};
	size_t before = c.codec == AUR__CODEC_DELTA2 ? 2 : 1;

	aur__runs_all(&c.runs);
	c.in = make_bytes(c.n > before ? (size_t)c.n - before : 0);
	return c;
}

/* Whether it is the same to go along, here and there. */
static bool same_walk(const struct aur__column *c, const uint64_t *cells)
{
	struct aur__walk w;

	aur__walk_begin(&w, c);
	for (uint64_t i = 0; i < c->n; i += 1 + chance(40))
		if (aur__walk_to(&w, c, i) < 0 ||
		    aur__walk_cell(&w, c) != cells[i])
			return false;
	return true;
}

int main(void)
{
	static uint64_t cells[VALUES + 4];
	size_t sound = 0, damaged = 0, bad = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct aur__column c = make_column();
		struct aur__walk last;
		int rc = aur__column_cells(&c, cells);

		if (rc != aur__column_check(&c, &last))
			bad++;
		else if (rc == 0 &&
			 (!same_walk(&c, cells) ||
			     aur__walk_cell(&last, &c) != cells[c.n - 1]))
			bad++;
		sound += rc == 0;
		damaged += rc == AUR_EINVALID;
		free((void *)(uintptr_t)c.in.p);
	}
	tap_eq_u64(bad, 0, "at once, along, and looked through are the same");
	tap_ok(sound > ROUNDS / 3 && damaged > ROUNDS / 8,
	    "of sound and of damaged columns");
	printf("# %zu sound, %zu damaged\n", sound, damaged);
	return tap_done();
}
