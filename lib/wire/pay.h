/* SPDX-License-Identifier: MIT */
/*
 * The atoms of payloads: varints, zigzag varints, and texts (a length and so
 * many bytes). All takes fail with AUR_EPROTOCOL or AUR_ELIMIT. Internal to
 * the room.
 */
#ifndef AUR_WIRE_PAY_H
#define AUR_WIRE_PAY_H

#include "base/buf.h"

AUR_MUST_CHECK int aur__put_i64(struct aur_buf *b, int64_t v);
AUR_MUST_CHECK int aur__put_text(struct aur_buf *b, struct aur_slice s);

AUR_MUST_CHECK int aur__take_u64(struct aur_slice *in, uint64_t *ret_v);
AUR_MUST_CHECK int aur__take_i64(struct aur_slice *in, int64_t *ret_v);
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
