/* SPDX-License-Identifier: MIT */
/*
 * Streams, samples and strings of the decoder; rows are decode_part.c's, the
 * schema is schema.c's.
 *
 *	           open            begin             end
 *	 (nothing) ────▶ (between) ─────▶ (in a sample) ────▶ (between)
 *	                   ▲  open │         │ part ▲
 *	                   └───────┘         └──────┘
 *
 * A sample that is done and that somebody holds is never written to again: the
 * next one is built beside it, and rows that did not change are copied. Who
 * lets go of each before the next one comes is spared that: its rows move on,
 * and its memory takes the one after that.
 */
#include "wire/decode.h"

#include "base/err.h"
#include "base/mem.h"
#include "wire/decode_int.h"
#include "wire/pay.h"

int aur_decoder_new(struct aur_decoder **ret_d, struct aur_strs *strs)
{
	struct aur_decoder *d = aur_mem_new(1, sizeof(*d));

	if (d == NULL)
		return AUR_ENOMEM;
	d->strs = aur_strs_ref(strs);
	*ret_d = d;
	return 0;
}

static void drop_strings(struct aur_decoder *d)
{
	for (size_t i = 0; i < d->nstring; i++)
		aur_strs_drop(d->strs, d->string[i]);
	d->nstring = 0;
	d->string_bytes = 0;
}

static void drop_samples(struct aur_decoder *d)
{
	aur_sample_unref(d->base);
	aur_sample_unref(d->spare);
	aur_sample_unref(d->coming);
	aur_sample_unref(d->fresh);
	d->base = NULL;
	d->spare = NULL;
	d->coming = NULL;
	d->fresh = NULL;
}

void aur_decoder_free(struct aur_decoder *d)
{
	if (d == NULL)
		return;
	drop_samples(d);
	drop_strings(d);
	aur__schema_drop(d);
	aur_mem_free(d->string);
	aur_mem_free(d->gone);
	aur_mem_free(d->gap);
	aur_mem_free(d->seen);
	aur_strs_unref(d->strs);
	aur_mem_free(d);
}

int aur__decoder_fail(struct aur_decoder *d, int rc, const char *why)
{
	if (d->why == NULL)
		d->why = rc == AUR_ENOMEM ? aur_err_str(rc) : why;
	return rc;
}

const char *aur_decoder_why(const struct aur_decoder *d)
{
	return d->why;
}

struct aur_sample *aur_decoder_coming(const struct aur_decoder *d)
{
	return d->coming;
}

void aur_decoder_only(struct aur_decoder *d, uint64_t domains)
{
	d->only = domains;
}

static bool is_passed_over(
    const struct aur_decoder *d, const struct aur_domain *domain)
{
	return d->only != 0 && (domain->id >= AUR_DOMAIN_COUNT ||
				   !((d->only >> domain->id) & 1));
}

int aur_decoder_open(struct aur_decoder *d, struct aur_slice payload)
{
	int rc;

	if (d->coming != NULL)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "a stream was opened within a sample");
	drop_samples(d);
	drop_strings(d);
	rc = aur__schema_take(d, payload);
	if (rc < 0)
		return aur__decoder_fail(d, rc, "broken schema");
	d->fresh = aur_sample_new(d->strs);
	if (d->fresh == NULL)
		return aur__decoder_fail(d, AUR_ENOMEM, "");
	return 0;
}

/* A sum that wraps: the other side's difference did. */
static int64_t sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t less(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int take_times(
    struct aur_decoder *d, struct aur_slice *in, struct aur_sample *s)
{
	static const struct aur_sample none;
	const struct aur_sample *base = d->base != NULL ? d->base : &none;
	int64_t v;
	int rc = aur__take_i64(in, &v);

	if (rc < 0)
		return rc;
	s->mono.ns = sum(v, base->mono.ns);
	if (d->base != NULL)
		s->mono.ns = sum(s->mono.ns, s->interval.ns);
	rc = aur__take_i64(in, &v);
	if (rc < 0)
		return rc;
	s->boot.ns =
	    sum(s->mono.ns, sum(v, less(base->boot.ns, base->mono.ns)));
	rc = aur__take_i64(in, &v);
	if (rc < 0)
		return rc;
	s->wall.ns =
	    sum(s->mono.ns, sum(v, less(base->wall.ns, base->mono.ns)));
	return 0;
}

static int take_begin(struct aur_decoder *d, struct aur_slice *in,
    uint64_t flags, struct aur_sample *s)
{
	int rc = 0;

	if (d->base != NULL) {
		memcpy(s->boot_id, d->base->boot_id, sizeof(s->boot_id));
		s->seq = d->base->seq + 1;
		s->interval = d->base->interval;
	}
	if (flags & AUR__BEGIN_BOOT)
		rc = aur__take_bytes(in, s->boot_id, sizeof(s->boot_id));
	if (rc == 0 && (flags & AUR__BEGIN_SEQ))
		rc = aur__take_u64(in, &s->seq);
	if (rc == 0 && (flags & AUR__BEGIN_SEQ))
		rc = aur__take_u64(in, &s->missed);
	if (rc == 0 && (flags & AUR__BEGIN_INTERVAL))
		rc = aur__take_i64(in, &s->interval.ns);
	if (rc == 0 && s->interval.ns < 0)
		rc = AUR_EPROTOCOL;
	return rc < 0 ? rc : take_times(d, in, s);
}

/* An empty sample. NULL: no memory. */
static struct aur_sample *take_sample(struct aur_decoder *d)
{
	struct aur_sample *s = d->spare;

	if (s == NULL)
		return aur_sample_new(d->strs);
	d->spare = NULL;
	return s;
}

/* What was the base is not needed any more. */
static void let_go(struct aur_decoder *d)
{
	struct aur_sample *s = d->base;

	d->base = NULL;
	if (s == NULL || d->spare != NULL || !aur_sample_is_sole(s)) {
		aur_sample_unref(s);
		return;
	}
	aur_sample_renew(s);
	d->spare = s;
}

int aur_decoder_begin(struct aur_decoder *d, struct aur_slice in)
{
	struct aur_sample *s;
	uint64_t flags;
	int rc;

	if (d->schema == NULL || d->coming != NULL)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "a sample began within another");
	if (aur__take_u64(&in, &flags) < 0)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "broken begin of a sample");
	if (flags & AUR__BEGIN_STRINGS)
		drop_strings(d);
	if (flags & AUR__BEGIN_KEY) {
		let_go(d);
	} else if (d->base == NULL) {
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "a difference from no sample");
	}
	s = take_sample(d);
	if (s == NULL)
		return aur__decoder_fail(d, AUR_ENOMEM, "");
	aur_sample_keep(s, aur_schema_keep(d->schema));
	rc = take_begin(d, &in, flags, s);
	if (rc < 0) {
		aur_sample_unref(s);
		return aur__decoder_fail(d, rc, "broken begin of a sample");
	}
	for (size_t i = 0; i < d->nlane; i++) {
		d->lane[i].here = false;
		d->lane[i].coming_at = 0;
	}
	d->cells = 0;
	d->coming = s;
	return 0;
}

static struct aur_part *base_part(
    const struct aur_decoder *d, const struct aur__lane *l)
{
	if (d->base == NULL || l->base_at == 0)
		return NULL;
	return &d->base->part[l->base_at - 1];
}

/* The part of the coming sample, which has none yet. NULL: no memory. */
static struct aur_part *add_part(struct aur_decoder *d, struct aur__lane *l)
{
	struct aur_part *p = aur_sample_part(d->coming, l->domain);

	l->coming_at = p != NULL ? (uint16_t)d->coming->npart : 0;
	return p;
}

int aur__decoder_inherit(
    struct aur_decoder *d, struct aur_part *base, struct aur_part *dst)
{
	if (!aur_sample_is_sole(d->base))
		return aur_part_append(dst, base, 0, base->n);
	aur_part_move(dst, base);
	return 0;
}

/* The age of a part that was read when the base's was. */
static int64_t same_instant(
    const struct aur_decoder *d, const struct aur_part *base)
{
	return sum(base->at_ns, less(d->base->mono.ns, d->coming->mono.ns));
}

static int take_part(struct aur_decoder *d, struct aur__lane *l,
    struct aur_slice in, struct aur_part *dst)
{
	struct aur_part *base = base_part(d, l);
	int64_t at = base != NULL ? base->at_ns : 0;
	uint64_t flags;
	int rc = aur__take_u64(&in, &flags);

	if (rc < 0)
		return rc;
	if (flags & ~(uint64_t)AUR__PART_ALL)
		return AUR_EPROTOCOL;
	if (flags & AUR__PART_KEY) {
		base = NULL;
		at = 0;
		aur__lane_reset(l);
	} else if (base == NULL) {
		return AUR_EPROTOCOL;
	}
	if ((flags & AUR__PART_SAME) && base == NULL)
		return AUR_EPROTOCOL;
	if (flags & AUR__PART_SAME)
		at = same_instant(d, base);
	if (flags & AUR__PART_AT)
		rc = aur__take_i64(&in, &at);
	if (rc < 0)
		return rc;
	l->fixed = (flags & AUR__PART_SAME) != 0;
	dst->at_ns = at;
	return aur__decoder_rows(d, l, (unsigned)flags, in, base, dst);
}

int aur_decoder_part(struct aur_decoder *d, struct aur_slice in,
    const struct aur_part **ret_part)
{
	struct aur__lane *l;
	struct aur_part *dst;
	uint64_t number;
	int rc;

	if (d->coming == NULL)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "a part outside of a sample");
	if (aur__take_u64(&in, &number) < 0 || number >= d->nlane)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "a part of no declared domain");
	l = &d->lane[number];
	if (l->here)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "a second part of a domain");
	if (is_passed_over(d, l->domain)) {
		l->here = true;
		*ret_part = NULL;
		return 0;
	}
	dst = add_part(d, l);
	if (dst == NULL)
		return aur__decoder_fail(d, AUR_ENOMEM, "");
	rc = take_part(d, l, in, dst);
	if (rc < 0)
		return aur__decoder_fail(d, rc,
		    rc == AUR_ELIMIT ? "a part larger than allowed"
				     : "broken part");
	l->here = true;
	*ret_part = dst;
	return 0;
}

/* Marks the domains that the base had and this sample has not. */
static int take_gone(struct aur_decoder *d, struct aur_slice *in)
{
	uint64_t n, number;
	int rc = aur__take_max(in, d->nlane, &n);

	for (; rc == 0 && n > 0; n--) {
		rc = aur__take_u64(in, &number);
		if (rc == 0 && (number >= d->nlane || d->lane[number].here))
			rc = AUR_EPROTOCOL;
		if (rc == 0)
			d->lane[number].here = true;
	}
	return rc;
}

/* Parts that were not sent are as they were. */
static int carry(struct aur_decoder *d)
{
	for (size_t i = 0; i < d->nlane; i++) {
		struct aur__lane *l = &d->lane[i];
		struct aur_part *base = base_part(d, l);
		struct aur_part *p;
		int64_t at;
		int rc;

		if (l->here || base == NULL)
			continue;
		d->cells += base->n * (l->domain->nfield + 1u);
		if (d->cells > AUR_MAX_CELLS)
			return AUR_ELIMIT;
		at = l->fixed ? same_instant(d, base) : base->at_ns;
		p = add_part(d, l);
		rc = p == NULL ? AUR_ENOMEM : aur__decoder_inherit(d, base, p);
		if (rc < 0)
			return rc;
		p->at_ns = at;
	}
	return 0;
}

int aur_decoder_end(
    struct aur_decoder *d, struct aur_slice in, struct aur_sample **ret_sample)
{
	int rc;

	if (d->coming == NULL)
		return aur__decoder_fail(
		    d, AUR_EPROTOCOL, "the end of no sample");
	rc = take_gone(d, &in);
	if (rc == 0)
		rc = carry(d);
	if (rc < 0)
		return aur__decoder_fail(d, rc, "broken end of a sample");
	let_go(d);
	d->base = d->coming;
	d->coming = NULL;
	for (size_t i = 0; i < d->nlane; i++)
		d->lane[i].base_at = d->lane[i].coming_at;
	*ret_sample = aur_sample_ref(d->base);
	return 0;
}

static int add_string(struct aur_decoder *d, struct aur_slice text)
{
	uint32_t id;
	int rc;

	if (d->nstring >= AUR_MAX_STRINGS ||
	    text.n > AUR_MAX_STRING_BYTES - d->string_bytes)
		return AUR_ELIMIT;
	if (d->nstring == d->string_cap) {
		size_t cap = d->string_cap + d->string_cap / 2 + 64;
		uint32_t *mem = aur_mem_grow(d->string, cap, sizeof(*mem));

		if (mem == NULL)
			return AUR_ENOMEM;
		d->string = mem;
		d->string_cap = cap;
	}
	rc = aur_strs_put(d->strs, text, &id);
	if (rc < 0)
		return rc;
	d->string[d->nstring++] = id;
	d->string_bytes += text.n;
	return 0;
}

int aur__decoder_string(
    struct aur_decoder *d, struct aur_slice *in, uint32_t *ret_id)
{
	struct aur_slice text;
	uint64_t ref;
	int rc = aur__take_u64(in, &ref);

	if (rc < 0)
		return rc;
	if (ref == 1) {
		*ret_id = 0;
		return 0;
	}
	if (ref == 0) {
		rc = aur__take_text(in, &text);
		if (rc == 0 && d->only == 0)
			rc = add_string(d, text);
		if (rc < 0)
			return rc;
		ref = d->nstring + 1;
	}
	if (d->only != 0) { /* most of them were in what was passed over */
		*ret_id = 0;
		return 0;
	}
	if (ref - 2 >= d->nstring)
		return AUR_EPROTOCOL;
	*ret_id = d->string[ref - 2];
	return 0;
}
