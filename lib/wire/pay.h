/* SPDX-License-Identifier: MIT */
/*
 * The atoms of payloads: varints, zigzag varints, and texts (a length and so
 * many bytes). All takes fail with AUR_EPROTOCOL or AUR_ELIMIT. Internal to
 * the room.
 */
#ifndef AUR_WIRE_PAY_H
#define AUR_WIRE_PAY_H

#include "base/err.h"
#include "base/varint.h"

AUR_MUST_CHECK int aur__put_i64(struct aur_buf *b, int64_t v);
AUR_MUST_CHECK int aur__put_text(struct aur_buf *b, struct aur_slice s);

/* Called for each cell that changed; most are one byte. */
AUR_MUST_CHECK static inline int aur__take_u64(
    struct aur_slice *in, uint64_t *ret_v)
{
	if (in->n > 0 && in->p[0] < 0x80) {
		*ret_v = in->p[0];
		in->p++;
		in->n--;
		return 0;
	}
	return aur_varint_take(in, ret_v) < 0 ? AUR_EPROTOCOL : 0;
}

AUR_MUST_CHECK static inline int aur__take_i64(
    struct aur_slice *in, int64_t *ret_v)
{
	uint64_t v;
	int rc = aur__take_u64(in, &v);

	if (rc == 0)
		*ret_v = aur_unzigzag(v);
	return rc;
}

/* At most `most`, else AUR_ELIMIT. */
AUR_MUST_CHECK int aur__take_max(
    struct aur_slice *in, uint64_t most, uint64_t *ret_v);
AUR_MUST_CHECK int aur__take_bool(struct aur_slice *in, bool *ret_v);
/* At most AUR_MAX_STRING bytes; borrowed. */
AUR_MUST_CHECK int aur__take_text(
    struct aur_slice *in, struct aur_slice *ret_text);
AUR_MUST_CHECK int aur__take_bytes(struct aur_slice *in, void *out, size_t n);

/* The same of at most `most`. */
AUR_MUST_CHECK int aur__take_blob(
    struct aur_slice *in, uint64_t most, struct aur_slice *ret_blob);

/* An error by its name; "" for none. One that we do not know is taken as
 * AUR_EINVALID. */
AUR_MUST_CHECK int aur__put_err(struct aur_buf *b, int err);
AUR_MUST_CHECK int aur__take_err(struct aur_slice *in, int *ret_err);

#endif
