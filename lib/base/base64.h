/* SPDX-License-Identifier: MIT */
/*
 * Base64 (RFC 4648 section 4), strict: no blank, no foreign byte, padding
 * whole, unused bits zero, so that one run of bytes has one text.
 *
 *	rc = aur_base64_add(&text, blob, true);
 *	rc = aur_base64_decode(aur_slice_str("aGk="), &bytes);
 */
#ifndef AUR_BASE_BASE64_H
#define AUR_BASE_BASE64_H

#include "base/buf.h"

/* Appends `bytes` as base64 to `out`; `pad` says whether with "=" at the end
 * (fingerprints have none). 0, AUR_ELIMIT, AUR_ENOMEM; on failure `out` is as
 * it was. */
AUR_MUST_CHECK int aur_base64_add(
    struct aur_buf *out, struct aur_slice bytes, bool pad);

/* Appends the bytes that `text`, padded base64, stands for to `out`. 0,
 * AUR_EINVALID, AUR_ELIMIT, AUR_ENOMEM; on failure `out` is as it was. */
AUR_MUST_CHECK int aur_base64_decode(
    struct aur_slice text, struct aur_buf *out);

/* The same into `out`, which gets exactly `n` bytes and allocates nothing. 0,
 * AUR_EINVALID (also where `text` stands for more or fewer); `out` is then
 * undefined. */
AUR_MUST_CHECK int aur_base64_decode_exact(
    struct aur_slice text, uint8_t *out, size_t n);

#endif
