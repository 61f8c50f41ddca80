/* SPDX-License-Identifier: MIT */
/* What decode.c, decode_part.c and schema.c share. Internal to the room. */
#ifndef AUR_WIRE_DECODE_INT_H
#define AUR_WIRE_DECODE_INT_H

#include "model/schema.h"
#include "wire/decode.h"
#include "wire/lane.h"

struct aur_decoder {
	struct aur_strs *strs; /* held */
	struct aur_schema *schema;
	struct aur__lane *lane; /* by the number that parts have */
	size_t nlane;
	struct aur_sample *base;   /* ended last; held */
	struct aur_sample *spare;  /* one that nobody holds any more, or NULL */
	struct aur_sample *coming; /* begun */
	struct aur_sample *fresh;  /* scratch: new rows before their place */
	size_t cells;		   /* of the coming sample */
	uint32_t *string;	   /* local ids by entry, each held */
	size_t nstring, string_cap, string_bytes;
	uint64_t only; /* domains, of them numbers; 0: everything */
	const char *why;
	/* scratch of a part */
	uint8_t *gone; /* rows of the base */
	size_t gone_cap;
	uint64_t *gap; /* rows kept before a new one, of named domains */
	size_t gap_cap;
	uint32_t *seen; /* by string id: the check that has met it */
	size_t seen_cap;
	uint32_t check;
};

/* Notes the reason and gives the error back. */
int aur__decoder_fail(struct aur_decoder *d, int rc, const char *why);

/* Makes lanes and run-time domains of a schema. */
AUR_MUST_CHECK int aur__schema_take(struct aur_decoder *d, struct aur_slice in);
/* Forgets both. */
void aur__schema_drop(struct aur_decoder *d);

/* Reads a string's reference: its local id, without a reference of the
 * caller's. */
AUR_MUST_CHECK int aur__decoder_string(
    struct aur_decoder *d, struct aur_slice *in, uint32_t *ret_id);

/* Gives `dst` all rows of the base's part: where nobody else holds the base,
 * that is left without them. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__decoder_inherit(
    struct aur_decoder *d, struct aur_part *base, struct aur_part *dst);

/* Reads the rows of a part into `dst`. `base` is NULL for a keyframe. */
AUR_MUST_CHECK int aur__decoder_rows(struct aur_decoder *d, struct aur__lane *l,
    unsigned flags, struct aur_slice in, struct aur_part *base,
    struct aur_part *dst);

#endif
