/* SPDX-License-Identifier: MIT */
/* The atoms of payloads; see pay.h. */
#include "wire/pay.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/varint.h"

int aur__put_i64(struct aur_buf *b, int64_t v)
{
	return aur_varint_add(b, aur_zigzag(v));
}

int aur__put_text(struct aur_buf *b, struct aur_slice s)
{
	size_t had = aur_buf_peek(b).n;
	int rc;

	if (s.n > AUR_MAX_STRING)
		return AUR_ELIMIT;
	rc = aur_varint_add(b, s.n);
	if (rc < 0)
		return rc;
	rc = aur_buf_add_slice(b, s);
	if (rc < 0)
		aur_buf_cut(b, had);
	return rc;
}

int aur__take_max(struct aur_slice *in, uint64_t most, uint64_t *ret_v)
{
	struct aur_slice s = *in;
	uint64_t v;
	int rc = aur__take_u64(&s, &v);

	if (rc < 0)
		return rc;
	if (v > most)
		return AUR_ELIMIT;
	*in = s;
	*ret_v = v;
	return 0;
}

int aur__take_bool(struct aur_slice *in, bool *ret_v)
{
	uint64_t v;
	int rc = aur__take_u64(in, &v);

	if (rc == 0)
		*ret_v = v != 0;
	return rc;
}

int aur__take_text(struct aur_slice *in, struct aur_slice *ret_text)
{
	struct aur_slice s = *in;
	uint64_t n;
	int rc = aur__take_max(&s, AUR_MAX_STRING, &n);

	if (rc < 0)
		return rc;
	if (n > s.n)
		return AUR_EPROTOCOL;
	*ret_text = aur_slice_of(s.p, (size_t)n);
	*in = aur_slice_of(s.p + n, s.n - (size_t)n);
	return 0;
}

int aur__take_bytes(struct aur_slice *in, void *out, size_t n)
{
	if (in->n < n)
		return AUR_EPROTOCOL;
	memcpy(out, in->p, n);
	*in = aur_slice_of(in->p + n, in->n - n);
	return 0;
}

int aur__put_err(struct aur_buf *b, int err)
{
	return aur__put_text(
	    b, aur_slice_str(err == 0 ? "" : aur_err_name(err)));
}

int aur__take_err(struct aur_slice *in, int *ret_err)
{
	char name[32];
	struct aur_slice s;
	int rc = aur__take_text(in, &s);

	if (rc < 0)
		return rc;
	*ret_err = 0;
	if (s.n == 0)
		return 0;
	*ret_err = AUR_EINVALID;
	if (s.n < sizeof(name)) {
		memcpy(name, s.p, s.n);
		name[s.n] = '\0';
		*ret_err = aur_err_find(name);
	}
	return 0;
}

int aur__take_blob(
    struct aur_slice *in, uint64_t most, struct aur_slice *ret_blob)
{
	uint64_t n;
	int rc = aur__take_max(in, most, &n);

	if (rc < 0)
		return rc;
	if (n > in->n)
		return AUR_EPROTOCOL;
	*ret_blob = aur_slice_of(in->p, (size_t)n);
	*in = aur_slice_of(in->p + n, in->n - (size_t)n);
	return 0;
}
