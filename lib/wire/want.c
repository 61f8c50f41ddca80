/* SPDX-License-Identifier: MIT */
/*
 * A subscription as bytes. Names, not numbers: the two sides may have
 * different catalogues, and what one of them lacks is merely not sent.
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/varint.h"
#include "wire/msg.h"
#include "wire/pay.h"

#define INTERVAL_MIN (AUR_SECOND_NS / 10)
#define INTERVAL_MAX (AUR_SECOND_NS * 3600)

static const char *domain_name(unsigned i)
{
	return aur_domain_get((enum aur_domain_id)i)->name;
}

static const char *field_name(unsigned i)
{
	return aur_domain_get(AUR_DOMAIN_PROCESS)->field[i].name;
}

/* The names of the bits set in `set`, of `n`. */
static int put_names(
    struct aur_buf *b, uint64_t set, unsigned n, const char *(*name)(unsigned))
{
	uint64_t count = 0;
	int rc;

	for (unsigned i = 0; i < n; i++)
		count += (set >> i) & 1;
	rc = aur_varint_add(b, count);
	for (unsigned i = 0; rc == 0 && i < n; i++)
		if ((set >> i) & 1)
			rc = aur__put_text(b, aur_slice_str(name(i)));
	return rc;
}

static int take_names(struct aur_slice *in, uint64_t *ret_set, unsigned n,
    const char *(*name)(unsigned))
{
	uint64_t count;
	int rc = aur__take_max(in, AUR_MAX_FIELDS, &count);

	*ret_set = 0;
	for (; rc == 0 && count > 0; count--) {
		struct aur_slice s;

		rc = aur__take_text(in, &s);
		for (unsigned i = 0; rc == 0 && i < n; i++)
			if (aur_slice_is(s, name(i)))
				*ret_set |= (uint64_t)1 << i;
	}
	return rc;
}

int aur_want_put(struct aur_buf *b, const struct aur_want *want)
{
	int rc = put_names(b, want->domains, AUR_DOMAIN_COUNT, domain_name);

	if (rc == 0)
		rc = put_names(
		    b, want->process_fields, AUR_PROCESS_COUNT, field_name);
	if (rc == 0)
		rc = aur__put_i64(b, want->interval.ns);
	if (rc == 0)
		rc = aur_varint_add(b, want->count);
	if (rc == 0)
		rc = aur_varint_add(b, want->aligned);
	if (rc == 0)
		rc = aur_varint_add(b, want->nclose);
	for (size_t i = 0; rc == 0 && i < want->nclose; i++)
		rc = aur_varint_add(b, want->close[i]);
	if (rc == 0)
		rc = put_names(
		    b, want->close_fields, AUR_PROCESS_COUNT, field_name);
	return rc;
}

static int take_close(struct aur_slice *in, struct aur_want *w)
{
	uint64_t n;
	int rc = aur__take_max(in, AUR_WANT_CLOSE_MAX, &n);

	if (rc < 0)
		return rc;
	w->nclose = (uint32_t)n;
	for (size_t i = 0; rc == 0 && i < w->nclose; i++)
		rc = aur__take_u64(in, &w->close[i]);
	return rc;
}

int aur_want_take(struct aur_slice in, struct aur_want *ret_want)
{
	struct aur_want w = {0};
	int rc = take_names(&in, &w.domains, AUR_DOMAIN_COUNT, domain_name);

	if (rc == 0)
		rc = take_names(
		    &in, &w.process_fields, AUR_PROCESS_COUNT, field_name);
	if (rc == 0)
		rc = aur__take_i64(&in, &w.interval.ns);
	if (rc == 0)
		rc = aur__take_u64(&in, &w.count);
	if (rc == 0)
		rc = aur__take_bool(&in, &w.aligned);
	if (rc == 0)
		rc = take_close(&in, &w);
	if (rc == 0)
		rc = take_names(
		    &in, &w.close_fields, AUR_PROCESS_COUNT, field_name);
	if (rc < 0)
		return rc;
	if (w.interval.ns < INTERVAL_MIN || w.interval.ns > INTERVAL_MAX)
		return AUR_ERANGE;
	*ret_want = w;
	return 0;
}
