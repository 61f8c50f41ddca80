/* SPDX-License-Identifier: MIT */
/*
 * The reading end of one stream: payloads of its frames go in, samples come
 * out. Everything in them is hostile: a maximum or a broken order is an error
 * with a reason, and after it the stream is over.
 *
 *	rc = aur_decoder_new(&d, strs);
 *	rc = aur_decoder_open(d, payload);
 *	for each sample:
 *		rc = aur_decoder_begin(d, payload);
 *		rc = aur_decoder_part(d, payload, &part);     some
 *		rc = aur_decoder_end(d, payload, &sample);
 *	aur_decoder_why(d)                                    after an error
 *
 * Domains and fields are found by name in our catalogue. A field that we lack
 * is left out; a domain that we lack becomes one at run time, kept alive by
 * the samples that speak of it.
 */
#ifndef AUR_WIRE_DECODE_H
#define AUR_WIRE_DECODE_H

#include "base/compiler.h"
#include "model/sample.h"

struct aur_decoder;

/* A decoder whose samples' strings are in `strs`, which it holds. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_decoder_new(
    struct aur_decoder **ret_d, struct aur_strs *strs);
void aur_decoder_free(struct aur_decoder *d); /* NULL is fine */

/* From the next open on parts of other domains than these (bits of those built
 * in) are passed over, and strings are empty: for who sums some numbers up.
 * Not for domains whose instances have names. */
void aur_decoder_only(struct aur_decoder *d, uint64_t domains);

/* The four payloads. With aur_decoder_only the part may be NULL. 0,
 * AUR_EPROTOCOL, AUR_ELIMIT, AUR_ENOMEM. The part is borrowed until the next
 * call; the sample is the caller's to unref. */
AUR_MUST_CHECK int aur_decoder_open(
    struct aur_decoder *d, struct aur_slice payload);
AUR_MUST_CHECK int aur_decoder_begin(
    struct aur_decoder *d, struct aur_slice payload);
AUR_MUST_CHECK int aur_decoder_part(struct aur_decoder *d,
    struct aur_slice payload, const struct aur_part **ret_part);
AUR_MUST_CHECK int aur_decoder_end(struct aur_decoder *d,
    struct aur_slice payload, struct aur_sample **ret_sample);

/* The sample between its begin and its end, borrowed; NULL outside. */
struct aur_sample *aur_decoder_coming(const struct aur_decoder *d);

/* What was wrong, for people; static; NULL while nothing is. */
const char *aur_decoder_why(const struct aur_decoder *d);

#endif
