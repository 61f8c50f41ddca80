/* SPDX-License-Identifier: MIT */
/*
 * A frame:
 *
 *	+---------+---------+---------+---------------------+
 *	| length  | stream  | type    | payload             |
 *	| varint  | varint  | varint  | the rest of length  |
 *	+---------+---------+---------+---------------------+
 *
 * Fixed-width heads were not taken: a sample has a dozen parts of ten bytes,
 * and an eight-byte head would nearly double it.
 */
#include "wire/frame.h"

#include "base/err.h"
#include "base/varint.h"

#define VARINT_MAX 10u

int aur_frame_take(struct aur_slice *in, struct aur_frame *ret_frame)
{
	return aur_frame_take_most(in, AUR_MAX_FRAME, ret_frame);
}

/* Most frames are short: their head is three bytes. */
static bool take_short(
    struct aur_slice *in, size_t most, struct aur_frame *ret_frame)
{
	const uint8_t *p = in->p;
	size_t length;

	if (in->n < 3 || (p[0] | p[1] | p[2]) >= 0x80)
		return false;
	length = p[0];
	if (length < 2 || length > most || length >= in->n)
		return false;
	*ret_frame =
	    (struct aur_frame){p[1], p[2], aur_slice_of(p + 3, length - 2)};
	*in = aur_slice_of(p + 1 + length, in->n - 1 - length);
	return true;
}

int aur_frame_take_most(
    struct aur_slice *in, size_t most, struct aur_frame *ret_frame)
{
	struct aur_slice s = *in, body;
	uint64_t length, stream, type;
	int rc;

	if (take_short(in, most, ret_frame))
		return 1;
	rc = aur_varint_take(&s, &length);
	if (rc == AUR_ETRUNCATED && in->n < VARINT_MAX)
		return 0;
	if (rc < 0)
		return AUR_EPROTOCOL;
	if (length > most)
		return AUR_ELIMIT;
	if (length > s.n)
		return 0;
	body = aur_slice_of(s.p, (size_t)length);
	if (aur_varint_take(&body, &stream) < 0 ||
	    aur_varint_take(&body, &type) < 0 || stream > UINT32_MAX ||
	    type > UINT32_MAX)
		return AUR_EPROTOCOL;
	*ret_frame = (struct aur_frame){(uint32_t)stream, (uint32_t)type, body};
	*in = aur_slice_of(s.p + length, s.n - (size_t)length);
	return 1;
}

int aur_frame_add(struct aur_buf *out, uint32_t stream, enum aur_msg type,
    struct aur_slice payload)
{
	uint8_t head[3 * VARINT_MAX], tail[2 * VARINT_MAX];
	size_t ntail = aur_varint_put(tail, stream);
	uint8_t *p;
	size_t n;

	ntail += aur_varint_put(tail + ntail, (uint64_t)type);
	if (payload.n > AUR_MAX_FRAME - ntail)
		return AUR_ELIMIT;
	n = aur_varint_put(head, ntail + payload.n);
	memcpy(head + n, tail, ntail);
	n += ntail;
	if (n + payload.n > out->max - out->n)
		return AUR_ELIMIT;
	p = aur_buf_reserve(out, n + payload.n);
	if (p == NULL)
		return AUR_ENOMEM;
	memcpy(p, head, n);
	if (payload.n > 0)
		memcpy(p + n, payload.p, payload.n);
	aur_buf_commit(out, n + payload.n);
	return 0;
}

const char *aur_msg_name(uint32_t type)
{
	switch (type) {
#define AUR_MSG(number, NAME, name, from)                                      \
	case number:                                                           \
		return name;
#define AUR_MSG_RETIRED(number, name)                                          \
	case number:                                                           \
		return name;
#include "wire/msg.def"
#undef AUR_MSG
#undef AUR_MSG_RETIRED
	default:
		return "unknown";
	}
}
