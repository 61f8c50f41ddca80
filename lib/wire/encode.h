/* SPDX-License-Identifier: MIT */
/*
 * The writing end of one stream: samples go in, frames come out, each as
 * small as what has changed since the last one that was sent.
 *
 *	struct aur_encoder *e;
 *	rc = aur_encoder_new(&e, 1);
 *	rc = aur_encoder_open(e, "live", domains, n, out);
 *	for each sample:
 *		rc = aur_encoder_begin(e, s, out);
 *		rc = aur_encoder_part(e, s, part, out);     some
 *		rc = aur_encoder_end(e, s, out);            or
 *		aur_encoder_sample(e, s, out)               all of it
 *
 * A sample that is not encoded is simply not there: the next one is coded
 * against the last that was. All samples must share one string table. After
 * an error the stream cannot go on; the caller ends it.
 */
#ifndef AUR_WIRE_ENCODE_H
#define AUR_WIRE_ENCODE_H

#include "base/buf.h"
#include "model/sample.h"

struct aur_encoder;

/* An encoder of frames for `stream`. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_encoder_new(struct aur_encoder **ret_e, uint32_t stream);
void aur_encoder_free(struct aur_encoder *e); /* NULL is fine */

/* Declares the stream, or declares it anew: what it carries (`kind`, "live")
 * and the domains that samples may hold from now on, which are borrowed for
 * its life. The next sample is whole. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_encoder_open(struct aur_encoder *e, const char *kind,
    const struct aur_domain *const *domain, size_t n, struct aur_buf *out);

/* The times of `s`, which is still being filled. 0, AUR_EINVALID (no open, or
 * no end before), AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_encoder_begin(
    struct aur_encoder *e, const struct aur_sample *s, struct aur_buf *out);

/* A complete part of `s`; one whose domain is not declared is left out. 0,
 * AUR_EINVALID (no begin, twice, keys not in order), AUR_ENOMEM, AUR_ELIMIT.
 */
AUR_MUST_CHECK int aur_encoder_part(struct aur_encoder *e,
    const struct aur_sample *s, const struct aur_part *p, struct aur_buf *out);

/* The end mark; holds `s`, which nobody may write to from now on. 0,
 * AUR_EINVALID, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_encoder_end(
    struct aur_encoder *e, struct aur_sample *s, struct aur_buf *out);

/* Begin, all parts, end. */
AUR_MUST_CHECK int aur_encoder_sample(
    struct aur_encoder *e, struct aur_sample *s, struct aur_buf *out);

/* The sample sent last, borrowed; NULL if there is none. */
const struct aur_sample *aur_encoder_last(const struct aur_encoder *e);

#endif
