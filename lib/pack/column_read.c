/* SPDX-License-Identifier: MIT */
/* Columns of numbers, read; column.c says how they are written. */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/varint.h"

#define LONGEST 10u /* bytes of a varint */

static int take_byte(struct aur_slice *in, uint8_t *ret)
{
	if (in->n == 0)
		return AUR_EINVALID;
	*ret = *in->p++;
	in->n--;
	return 0;
}

static int take_flags(
    struct aur_slice *in, uint64_t places, struct aur__column *c)
{
	int rc = 0;

	c->n = places;
	c->grain = 1;
	aur__runs_all(&c->runs);
	if (c->flags & AUR__CODEC_RUNS)
		rc = aur__runs_take(in, places, &c->runs, &c->n);
	if (rc == 0 && (c->flags & AUR__CODEC_DECIMAL))
		rc = take_byte(in, &c->exponent);
	if (rc == 0 && (c->flags & AUR__CODEC_GRAIN))
		rc = aur__pack_take_u64(in, &c->grain);
	return rc == 0 && c->exponent > AUR__DECIMALS_MAX ? AUR_EINVALID : rc;
}

int aur__column_take(
    struct aur_slice *in, uint64_t places, struct aur__column *ret_c)
{
	struct aur__column c = {0};
	uint64_t nbytes = 0;
	int64_t v = 0;
	int rc = take_byte(in, &c.flags);

	c.codec = c.flags & AUR__CODEC_MASK;
	if (rc < 0 || c.codec > AUR__CODEC_XOR ||
	    (c.flags & ~(unsigned)AUR__CODEC_ALL))
		return AUR_EINVALID;
	aur__runs_all(&c.runs);
	if (c.codec == AUR__CODEC_NONE) {
		*ret_c = c;
		return c.flags == 0 ? 0 : AUR_EINVALID;
	}
	rc = take_flags(in, places, &c);
	if (rc == 0)
		rc = aur__pack_take_i64(in, &v);
	c.first = (uint64_t)v;
	if (rc == 0 && c.codec == AUR__CODEC_DELTA2)
		rc = aur__pack_take_i64(in, &v);
	c.step = (uint64_t)v;
	/* a value is two bytes at least, or stands in a run */
	if (rc == 0 && c.codec != AUR__CODEC_CONST)
		rc = aur__pack_take_max(in, c.n * LONGEST + LONGEST, &nbytes);
	if (rc < 0 || c.n == 0)
		return AUR_EINVALID;
	c.nbytes = (size_t)nbytes;
	*ret_c = c;
	return 0;
}

void aur__walk_begin(struct aur__walk *w, const struct aur__column *c)
{
	*w =
	    (struct aur__walk){.in = c->in, .value = c->first, .step = c->step};
}

/* The next token; where it is a zero, w->run is set and it tells 0. */
static int take_token(
    struct aur__walk *w, const struct aur__column *c, uint64_t *ret_token)
{
	int rc = aur__pack_take_u64(&w->in, ret_token);

	if (rc < 0 || *ret_token != 0)
		return rc;
	rc = aur__pack_take_max(&w->in, c->n, &w->run);
	w->run++;
	return rc;
}

static void apply(
    struct aur__walk *w, const struct aur__column *c, uint64_t token)
{
	if (c->codec == AUR__CODEC_XOR) {
		w->value = aur__untoken_xor(w->value, token);
	} else if (c->codec == AUR__CODEC_DELTA) {
		w->value += (uint64_t)aur_unzigzag(token) * c->grain;
	} else {
		w->step += (uint64_t)aur_unzigzag(token) * c->grain;
		w->value += w->step;
	}
}

/* --- short tokens --------------------------------------------------------- */

/* Most tokens are of three bytes at most, and most runs of zeros of two: such
 * are read without calls. */
#define SHORT 3
struct token {
	uint64_t v;
	size_t values; /* that it tells; 0: it is longer, or than it must be */
	size_t bytes;
};

/* Of SHORT bytes at least. */
static inline struct token short_token(const uint8_t *p)
{
	uint64_t v = p[0], second = p[1], third = p[2];

	if (v - 1 < 0x7f)
		return (struct token){v, 1, 1};
	if (v == 0)
		return (struct token){0, second < 0x80 ? second + 1 : 0, 2};
	v = (v & 0x7f) | (second & 0x7f) << 7;
	if (second < 0x80)
		return (struct token){v, second != 0, 2};
	return (struct token){v | third << 14, third - 1 < 0x7f, 3};
}

/* A delta is added to the step, which is kept or forgotten. */
static inline uint64_t keeps_step(const struct aur__column *c)
{
	return c->codec == AUR__CODEC_DELTA2 ? UINT64_MAX : 0;
}

/* Goes along short ones, to value `at` at most. */
static void walk_short(
    struct aur__walk *w, const struct aur__column *c, uint64_t at)
{
	const uint8_t *p = w->in.p, *end = p + w->in.n;
	uint64_t value = w->value, step = w->step, keeps = keeps_step(c);
	uint64_t grain = c->grain, i = w->at;

	while (end - p >= SHORT && i < at) {
		struct token t = short_token(p);

		if (t.values == 0 || t.values > at - i)
			break;
		p += t.bytes;
		step = (step & keeps) + (uint64_t)aur_unzigzag(t.v) * grain;
		value += step + (step & keeps) * (t.values - 1);
		i += t.values;
	}
	w->in = aur_slice_of(p, (size_t)(end - p));
	w->value = value;
	w->step = step;
	w->at = i;
}

/* --- a walk --------------------------------------------------------------- */

int aur__walk_to(struct aur__walk *w, const struct aur__column *c, uint64_t at)
{
	if (c->codec == AUR__CODEC_CONST) {
		w->at = at;
		return 0;
	}
	if (w->at == 0 && at > 0 && c->codec == AUR__CODEC_DELTA2) {
		w->value += w->step;
		w->at = 1;
	}
	while (w->at < at) {
		uint64_t token = 0, n;

		if (w->run == 0 && c->codec != AUR__CODEC_XOR)
			walk_short(w, c, at);
		n = at - w->at;
		if (n == 0)
			break;
		if (w->run == 0 && take_token(w, c, &token) < 0)
			return AUR_EINVALID;
		if (token != 0) {
			apply(w, c, token);
			w->at++;
			continue;
		}
		if (n > w->run)
			n = w->run;
		if (c->codec == AUR__CODEC_DELTA2)
			w->value += w->step * n;
		w->run -= n;
		w->at += n;
	}
	return 0;
}

static uint64_t cell_of(const struct aur__column *c, uint64_t value)
{
	double x;

	if ((c->flags & AUR__CODEC_DECIMAL) == 0)
		return value;
	x = (double)(int64_t)value / aur__power(c->exponent);
	memcpy(&value, &x, sizeof(value));
	return value;
}

uint64_t aur__walk_cell(const struct aur__walk *w, const struct aur__column *c)
{
	return cell_of(c, w->value);
}

/* The rest of a run at once; where it ends. */
static size_t fill_run(
    struct aur__walk *w, const struct aur__column *c, uint64_t *cells, size_t i)
{
	uint64_t step = c->codec == AUR__CODEC_DELTA2 ? w->step : 0;

	for (; w->run > 0 && i < c->n; w->run--)
		cells[i++] = w->value += step;
	return i;
}

/* Short ones to their cells, as far as they go; where they end. */
static size_t fill_short(
    struct aur__walk *w, const struct aur__column *c, uint64_t *cells, size_t i)
{
	const uint8_t *p = w->in.p, *end = p + w->in.n;
	uint64_t value = w->value, step = w->step, keeps = keeps_step(c);
	uint64_t grain = c->grain, n = c->n;

	while (end - p >= SHORT && i < n) {
		struct token t = short_token(p);

		if (t.values == 0 || t.values > n - i)
			break;
		p += t.bytes;
		step = (step & keeps) + (uint64_t)aur_unzigzag(t.v) * grain;
		cells[i++] = value += step;
		for (; t.values > 1; t.values--)
			cells[i++] = value += step & keeps;
	}
	w->in = aur_slice_of(p, (size_t)(end - p));
	w->value = value;
	w->step = step;
	return i;
}

static int fill(
    struct aur__walk *w, const struct aur__column *c, uint64_t *cells)
{
	size_t i = 0;

	cells[i++] = w->value;
	if (c->codec == AUR__CODEC_DELTA2 && i < c->n)
		cells[i++] = w->value += w->step;
	while (i < c->n) {
		uint64_t token;

		if (c->codec != AUR__CODEC_XOR)
			i = fill_short(w, c, cells, i);
		if (i == c->n)
			break;
		if (take_token(w, c, &token) < 0)
			return AUR_EINVALID;
		if (token == 0) {
			i = fill_run(w, c, cells, i);
			continue;
		}
		apply(w, c, token);
		cells[i++] = w->value;
	}
	return w->in.n == 0 && w->run == 0 ? 0 : AUR_EINVALID;
}

int aur__column_cells(const struct aur__column *c, uint64_t *ret_cells)
{
	struct aur__walk w;
	int rc = 0;

	aur__walk_begin(&w, c);
	if (c->codec == AUR__CODEC_CONST)
		for (uint64_t i = 0; i < c->n; i++)
			ret_cells[i] = w.value;
	else if (c->n > 0)
		rc = fill(&w, c, ret_cells);
	if (rc < 0 || (c->flags & AUR__CODEC_DECIMAL) == 0)
		return rc;
	for (uint64_t i = 0; i < c->n; i++)
		ret_cells[i] = cell_of(c, ret_cells[i]);
	return 0;
}

int aur__column_check(const struct aur__column *c, struct aur__walk *ret_w)
{
	int rc;

	aur__walk_begin(ret_w, c);
	rc = aur__walk_to(ret_w, c, c->n - 1);
	return rc == 0 && ret_w->in.n == 0 && ret_w->run == 0 ? 0
							      : AUR_EINVALID;
}
