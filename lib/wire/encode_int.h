/* SPDX-License-Identifier: MIT */
/* What the files of the encoder share. Internal to the room. */
#ifndef AUR_WIRE_ENCODE_INT_H
#define AUR_WIRE_ENCODE_INT_H

#include "wire/encode.h"
#include "wire/lane.h"

/* Which entry of the reader's table has a local string. */
struct aur__sent {
	uint32_t serial; /* of the id, when it was sent */
	uint32_t epoch;	 /* of the table */
	uint32_t entry;
};

struct aur_encoder {
	uint32_t stream;
	struct aur__lane *lane;
	size_t nlane;
	struct aur_sample *base; /* sent last; held */
	bool open, key, coming;
	struct aur__sent *sent; /* by local id */
	size_t nsent;
	uint32_t epoch;	     /* counts resets of the reader's table */
	uint32_t nstring;    /* entries of it */
	size_t string_bytes; /* and their bytes */
	uint32_t *match;     /* scratch of the part being coded */
	size_t match_cap;
	uint64_t *differ; /* scratch: words of each row: cells to be sent */
	size_t differ_cap;
	uint32_t *index; /* scratch: instance by string id */
	size_t index_cap;
	struct aur_buf body; /* scratch: a payload */
};

/* Appends a string's reference to `b`, or the string where it is new. */
AUR_MUST_CHECK int aur__encoder_string(struct aur_encoder *e,
    const struct aur_strs *strs, uint32_t id, struct aur_buf *b);

/* Builds the payload of a part in e->body. 1; 0 where it equals the base's
 * and need not be sent; or an error. */
AUR_MUST_CHECK int aur__encoder_part(struct aur_encoder *e, struct aur__lane *l,
    const struct aur_sample *s, const struct aur_part *p);

#endif
