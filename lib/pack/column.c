/* SPDX-License-Identifier: MIT */
/*
 * How a column of numbers becomes bytes. A record in the index says how:
 *
 *	codec byte   what follows of the record        bytes in the group
 *	NONE         nothing                           none
 *	CONST        first                             none
 *	DELTA        first, length                     n - 1 deltas
 *	DELTA2       first, first delta, length        n - 2 deltas of deltas
 *	XOR          first, length                     n - 1 XORs
 *
 * with, by its flags and in this order, runs (RUNS), a byte of decimals
 * (DECIMAL), the divisor of all deltas (GRAIN) before it. Numbers are zigzag
 * varints; a change is one varint, and where it is 0 a second one tells how
 * many more zeros follow: an idle hour is three bytes. All sums wrap around.
 *
 * Which codec: both deltas are made, the shorter is taken. Their greatest
 * common divisor is taken out first: counters of bytes move by sectors and
 * pages, and zstd cannot see that 4096, 8192, 12288 are 1, 2, 3.
 *
 * Doubles that are decimals of few places, as most that were read from text,
 * are kept as such; it is tried for the whole column, bit by bit. Others are
 * XORed with the one before, the end that varies least last.
 *
 * Packing bits instead of bytes was tried on bench/series.csv.gz: 16 values to
 * a width, 0.62 bytes a value with zstd behind, where these make 0.60.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/varint.h"

#include <math.h>

/* Beyond it not every whole number is a double. */
#define WHOLE_MAX 9007199254740992.0

double aur__power(unsigned decimals)
{
	static const double powers[AUR__DECIMALS_MAX + 1] = {
	    1, 10, 100, 1e3, 1e4, 1e5, 1e6};

	return powers[decimals];
}

static uint64_t swap_bytes(uint64_t v)
{
	uint64_t r = 0;

	for (unsigned i = 0; i < 8; i++)
		r |= (v >> (8 * i) & 0xff) << (56 - 8 * i);
	return r;
}

uint64_t aur__token_xor(uint64_t before, uint64_t now)
{
	return swap_bytes(before ^ now);
}

uint64_t aur__untoken_xor(uint64_t before, uint64_t token)
{
	return before ^ swap_bytes(token);
}

/* --- packing -------------------------------------------------------------- */

/* Puts a run of zeros before what follows, where there is one. */
static inline uint8_t *put_run(uint8_t *p, uint64_t run)
{
	if (run == 0)
		return p;
	*p++ = 0;
	return aur_varint_write(p, run - 1);
}

/* The divisor that `g` and `d` have in common; 0 divides by anything. */
static uint64_t common(uint64_t g, int64_t d)
{
	uint64_t m = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;

	if (g == 1 || m == 0)
		return g;
	while (m != 0) {
		uint64_t rest = g % m;

		g = m;
		m = rest;
	}
	return g;
}

/* Makes `v` from `from` on what each value is more than the one before. */
static void difference(uint64_t *v, size_t n, size_t from)
{
	for (size_t i = n; i-- > from;)
		v[i] -= v[i - 1];
}

/* The divisor of all from `from` on; 1 where there is none to speak of. */
static uint64_t find_grain(const uint64_t *v, size_t n, size_t from)
{
	uint64_t g = 0;

	for (size_t i = from; i < n && g != 1; i++)
		g = common(g, (int64_t)v[i]);
	return g == 0 || g > INT64_MAX ? 1 : g;
}

/* Appends tokens of the deltas from `from` on. */
static int put_tokens(
    struct aur_buf *b, const uint64_t *v, size_t n, size_t from, uint64_t grain)
{
	uint8_t *begin = aur_buf_reserve(b, (n + 2) * AUR_VARINT_MOST),
		*p = begin;
	uint64_t run = 0;

	if (begin == NULL)
		return AUR_ENOMEM;
	for (size_t i = from; i < n; i++) {
		int64_t d = (int64_t)v[i];

		if (d == 0) {
			run++;
			continue;
		}
		p = put_run(p, run);
		run = 0;
		p = aur_varint_write(
		    p, aur_zigzag(grain > 1 ? d / (int64_t)grain : d));
	}
	p = put_run(p, run);
	aur_buf_commit(b, (size_t)(p - begin));
	return 0;
}

static int put_xors(struct aur_buf *b, const uint64_t *v, size_t n)
{
	uint8_t *begin = aur_buf_reserve(b, (n + 2) * AUR_VARINT_MOST),
		*p = begin;
	uint64_t run = 0;

	if (begin == NULL)
		return AUR_ENOMEM;
	for (size_t i = 1; i < n; i++) {
		if (v[i] == v[i - 1]) {
			run++;
			continue;
		}
		p = put_run(p, run);
		run = 0;
		p = aur_varint_write(p, aur__token_xor(v[i - 1], v[i]));
	}
	p = put_run(p, run);
	aur_buf_commit(b, (size_t)(p - begin));
	return 0;
}

/* A record on its way. */
struct record {
	unsigned codec;
	int exponent;
	uint64_t grain, first, step;
	const uint32_t *toggle;
	size_t ntoggle;
};

static int put_record(
    struct aur_buf *b, const struct record *r, struct aur_slice tokens)
{
	unsigned codec = r->codec & AUR__CODEC_MASK;
	int rc = aur_buf_add_byte(b, (uint8_t)r->codec);

	if (rc == 0 && (r->codec & AUR__CODEC_RUNS))
		rc = aur__runs_put(b, r->toggle, r->ntoggle);
	if (rc == 0 && (r->codec & AUR__CODEC_DECIMAL))
		rc = aur_buf_add_byte(b, (uint8_t)r->exponent);
	if (rc == 0 && (r->codec & AUR__CODEC_GRAIN))
		rc = aur_varint_add(b, r->grain);
	if (rc == 0)
		rc = aur__pack_put_i64(b, (int64_t)r->first);
	if (rc == 0 && codec == AUR__CODEC_DELTA2)
		rc = aur__pack_put_i64(b, (int64_t)r->step);
	if (rc == 0 && codec != AUR__CODEC_CONST)
		rc = aur_varint_add(b, tokens.n);
	return rc;
}

/* Whether the double is a decimal of `e` places, to the last bit. */
static bool is_decimal(uint64_t v, int e, uint64_t *ret_whole)
{
	double x, y;
	uint64_t back;
	int64_t whole;

	memcpy(&x, &v, sizeof(x));
	x *= aur__power((unsigned)e);
	if (!(fabs(x) < WHOLE_MAX))
		return false;
	whole = (int64_t)round(x);
	y = (double)whole / aur__power((unsigned)e);
	memcpy(&back, &y, sizeof(back));
	*ret_whole = (uint64_t)whole;
	return back == v;
}

/* Makes doubles whole numbers of the fewest places that suit all of them;
 * how many those are, or -1, and then nothing was changed. */
static int make_whole(uint64_t *v, size_t n)
{
	uint64_t whole;
	int e = 0;

	for (size_t i = 0; i < n; i++)
		while (!is_decimal(v[i], e, &whole))
			if (++e > AUR__DECIMALS_MAX)
				return -1;
	for (size_t i = 0; i < n; i++)
		if (!is_decimal(v[i], e, &whole))
			return -1;
	for (size_t i = 0; i < n; i++)
		if (is_decimal(v[i], e, &whole))
			v[i] = whole;
	return e;
}

static bool is_constant(const uint64_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (v[i] != v[0])
			return false;
	return true;
}

/* Makes both deltas, keeps the shorter. */
static int choose(struct aur__writer *w, struct record *r, uint64_t *v,
    size_t n, struct aur_slice *ret)
{
	uint64_t grain;
	int rc;

	difference(v, n, 1);
	r->grain = find_grain(v, n, 1);
	r->step = v[1];
	rc = put_tokens(&w->delta, v, n, 1, r->grain);
	if (rc < 0)
		return rc;
	difference(v, n, 2);
	grain = find_grain(v, n, 2);
	rc = put_tokens(&w->delta2, v, n, 2, grain);
	if (rc < 0)
		return rc;
	r->codec |= AUR__CODEC_DELTA;
	*ret = aur_buf_peek(&w->delta);
	if (w->delta2.n < w->delta.n) {
		r->codec += AUR__CODEC_DELTA2 - AUR__CODEC_DELTA;
		*ret = aur_buf_peek(&w->delta2);
		r->grain = grain;
	}
	if (r->grain > 1)
		r->codec |= AUR__CODEC_GRAIN;
	return 0;
}

int aur__writer_column(struct aur__writer *w, enum aur_kind kind,
    uint64_t *value, size_t n, const uint32_t *toggle, size_t ntoggle)
{
	struct record r = {
	    .exponent = -1, .toggle = toggle, .ntoggle = ntoggle};
	struct aur_slice tokens = {NULL, 0};
	int rc = 0;

	if (n == 0)
		return aur_buf_add_byte(&w->index, AUR__CODEC_NONE);
	aur_buf_clear(&w->delta);
	aur_buf_clear(&w->delta2);
	if (kind == AUR_KIND_F64)
		r.exponent = make_whole(value, n);
	if (ntoggle > 0)
		r.codec |= AUR__CODEC_RUNS;
	if (r.exponent >= 0)
		r.codec |= AUR__CODEC_DECIMAL;
	r.first = value[0];
	if (is_constant(value, n)) {
		r.codec |= AUR__CODEC_CONST;
	} else if (kind == AUR_KIND_F64 && r.exponent < 0) {
		r.codec |= AUR__CODEC_XOR;
		rc = put_xors(&w->delta, value, n);
		tokens = aur_buf_peek(&w->delta);
	} else {
		rc = choose(w, &r, value, n, &tokens);
	}
	if (rc == 0)
		rc = put_record(&w->index, &r, tokens);
	if (rc == 0)
		rc = aur_buf_add_slice(&w->group, tokens);
	if (rc == 0 && w->group.n >= AUR__GROUP_BYTES) {
		rc = aur__writer_section(w, aur_buf_peek(&w->group));
		aur_buf_clear(&w->group);
	}
	return rc;
}
