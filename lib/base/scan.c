/* SPDX-License-Identifier: MIT */
/*
 * Numbers out of bytes. All of it goes through one digit loop that knows its
 * maximum. Floating point is made of at most 19 digits and a power of ten:
 * exact where both fit a double (Clinger 1990: all that /proc, a filter or a
 * user writes), else by scaling in long double, some units in the last place
 * off where that is no wider than a double. strtod was rejected: it obeys the
 * locale, needs a NUL, and takes inf, nan and hexadecimal.
 */
#include "base/scan.h"

#include "base/err.h"

#include <math.h>

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static void skip(struct aur_slice *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

/* Takes the digits at the front of `s`. 0, AUR_EINVALID where there are none,
 * AUR_ERANGE above `max` (at least 10^18, so that nearly all numbers need no
 * look at it); on failure nothing is taken. */
static int digits(struct aur_slice *s, uint64_t max, uint64_t *ret_v)
{
	const size_t safe = s->n < 18 ? s->n : 18;
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < safe && is_digit(s->p[i]); i++)
		v = v * 10 + (s->p[i] - (unsigned)'0');
	for (; i < s->n && is_digit(s->p[i]); i++) {
		unsigned d = s->p[i] - (unsigned)'0';

		if (v > (max - d) / 10)
			return AUR_ERANGE;
		v = v * 10 + d;
	}
	if (i == 0)
		return AUR_EINVALID;
	*ret_v = v;
	skip(s, i);
	return 0;
}

static bool all_digits(struct aur_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

int aur_scan_u64(struct aur_slice s, uint64_t *ret_v)
{
	struct aur_slice rest = s;
	uint64_t v;
	int rc = digits(&rest, UINT64_MAX, &v);

	/* "99999999999999999999x" is no number, not one out of range. */
	if (rc == AUR_ERANGE)
		return all_digits(s) ? AUR_ERANGE : AUR_EINVALID;
	if (rc < 0 || rest.n > 0)
		return AUR_EINVALID;
	*ret_v = v;
	return 0;
}

/* Takes a sign off `s`; whether it was a minus. */
static bool sign(struct aur_slice *s)
{
	bool minus;

	if (s->n == 0 || (s->p[0] != '-' && s->p[0] != '+'))
		return false;
	minus = s->p[0] == '-';
	skip(s, 1);
	return minus;
}

static int signed_digits(struct aur_slice *s, int64_t *ret_v)
{
	struct aur_slice rest = *s;
	bool minus = sign(&rest);
	uint64_t v;
	int rc = digits(&rest, (uint64_t)INT64_MAX + (minus ? 1 : 0), &v);

	if (rc < 0)
		return rc;
	*ret_v = minus && v > 0 ? -(int64_t)(v - 1) - 1 : (int64_t)v;
	*s = rest;
	return 0;
}

int aur_scan_i64(struct aur_slice s, int64_t *ret_v)
{
	struct aur_slice rest = s;

	sign(&rest);
	if (!all_digits(rest))
		return AUR_EINVALID;
	return signed_digits(&s, ret_v);
}

static int hex_digit(uint8_t c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int aur_scan_hex(struct aur_slice s, uint64_t *ret_v)
{
	bool over = false;
	uint64_t v = 0;

	if (s.n == 0)
		return AUR_EINVALID;
	for (size_t i = 0; i < s.n; i++) {
		int d = hex_digit(s.p[i]);

		if (d < 0)
			return AUR_EINVALID;
		over = over || v >> 60 != 0;
		v = v << 4 | (unsigned)d;
	}
	if (over)
		return AUR_ERANGE;
	*ret_v = v;
	return 0;
}

/* digits[.digits] as mantissa * 10^exponent; digits that a uint64_t cannot
 * hold only count towards the exponent. */
struct decimal {
	uint64_t mantissa;
	int64_t exponent;
};

static void decimal_digit(struct decimal *d, unsigned digit, bool fraction)
{
	bool fits = d->mantissa <= (UINT64_MAX - 9) / 10;

	if (fits)
		d->mantissa = d->mantissa * 10 + digit;
	if (fits && fraction)
		d->exponent--;
	if (!fits && !fraction)
		d->exponent++;
}

static bool take_decimal(struct aur_slice *s, struct decimal *d)
{
	size_t i = 0, from;

	*d = (struct decimal){0};
	for (; i < s->n && is_digit(s->p[i]); i++)
		decimal_digit(d, s->p[i] - (unsigned)'0', false);
	if (i == 0)
		return false;
	if (i < s->n && s->p[i] == '.') {
		from = ++i;
		for (; i < s->n && is_digit(s->p[i]); i++)
			decimal_digit(d, s->p[i] - (unsigned)'0', true);
		if (i == from)
			return false;
	}
	skip(s, i);
	return true;
}

/* e[-+]digits into the exponent; absurd ones are only known to be absurd. */
static bool take_exponent(struct aur_slice *s, struct decimal *d)
{
	const uint64_t absurd = 100000;
	uint64_t v;
	bool minus;

	if (s->n == 0 || (s->p[0] | 0x20) != 'e')
		return true;
	skip(s, 1);
	minus = sign(s);
	if (!all_digits(*s))
		return false;
	if (digits(s, UINT64_MAX, &v) < 0 || v > absurd)
		v = absurd;
	skip(s, s->n);
	d->exponent += minus ? -(int64_t)v : (int64_t)v;
	return true;
}

static double scale(struct decimal d)
{
	static const double exact[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	    1e19, 1e20, 1e21, 1e22};
	const int64_t most = AUR_ARRAY_LEN(exact) - 1;
	long double v = (long double)d.mantissa;
	int64_t step;

	if (d.mantissa == 0)
		return 0;
	if (d.mantissa <= (uint64_t)1 << 53) {
		if (d.exponent >= 0 && d.exponent <= most)
			return (double)d.mantissa * exact[d.exponent];
		if (d.exponent < 0 && d.exponent >= -most)
			return (double)d.mantissa / exact[-d.exponent];
	}
	for (; d.exponent > 0 && v < 1e320L; d.exponent -= step) {
		step = d.exponent < most ? d.exponent : most;
		v *= exact[step];
	}
	for (; d.exponent < 0 && v > 1e-360L; d.exponent += step) {
		step = -d.exponent < most ? -d.exponent : most;
		v /= exact[step];
	}
	return (double)v;
}

int aur_scan_f64(struct aur_slice s, double *ret_v)
{
	struct decimal d;
	bool minus = sign(&s);
	double v;

	if (!take_decimal(&s, &d) || !take_exponent(&s, &d) || s.n > 0)
		return AUR_EINVALID;
	v = scale(d);
	if (isinf(v))
		return AUR_ERANGE;
	*ret_v = minus ? -v : v;
	return 0;
}

/* The first `places` digits of `s`, as if it went on with zeros. */
static int fraction(struct aur_slice s, unsigned places, uint64_t *v)
{
	for (unsigned i = 0; i < places; i++) {
		unsigned d = i < s.n ? s.p[i] - (unsigned)'0' : 0;

		if (*v > (UINT64_MAX - d) / 10)
			return AUR_ERANGE;
		*v = *v * 10 + d;
	}
	return 0;
}

int aur_scan_fixed(struct aur_slice s, unsigned places, uint64_t *ret_v)
{
	struct aur_slice whole = s, rest = {NULL, 0};
	uint64_t v = 0;
	int rc;

	if (aur_slice_until(&s, '.', &whole)) {
		rest = s;
		if (!all_digits(rest))
			return AUR_EINVALID;
	}
	rc = aur_scan_u64(whole, &v);
	if (rc < 0)
		return rc;
	rc = fraction(rest, places, &v);
	if (rc < 0)
		return rc;
	*ret_v = v;
	return 0;
}

static struct aur_slice after_blanks(struct aur_slice s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		skip(&s, 1);
	return s;
}

bool aur_scan_next_u64(struct aur_slice *s, uint64_t *ret_v)
{
	struct aur_slice rest = after_blanks(*s);

	if (digits(&rest, UINT64_MAX, ret_v) < 0)
		return false;
	*s = rest;
	return true;
}

bool aur_scan_next_i64(struct aur_slice *s, int64_t *ret_v)
{
	struct aur_slice rest = after_blanks(*s);

	if (signed_digits(&rest, ret_v) < 0)
		return false;
	*s = rest;
	return true;
}

/* K is 1, M is 2, ...; 0 where there is no such letter. */
static int unit_power(uint8_t c)
{
	static const char units[] = "kmgtp";

	for (int i = 0; units[i] != '\0'; i++)
		if ((c | 0x20) == units[i])
			return i + 1;
	return 0;
}

int aur_scan_size(struct aur_slice s, double *ret_bytes)
{
	struct decimal d;
	int power = 0;
	double v;

	if (!take_decimal(&s, &d))
		return AUR_EINVALID;
	if (s.n > 0)
		power = unit_power(s.p[0]);
	if (power > 0)
		skip(&s, 1);
	if (power > 0 && s.n == 2 && (s.p[0] | 0x20) == 'i')
		skip(&s, 1);
	if (s.n == 1 && (s.p[0] | 0x20) == 'b')
		skip(&s, 1);
	if (s.n > 0)
		return AUR_EINVALID;
	v = ldexp(scale(d), 10 * power);
	if (isinf(v))
		return AUR_ERANGE;
	*ret_bytes = v;
	return 0;
}
