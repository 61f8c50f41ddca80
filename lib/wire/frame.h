/* SPDX-License-Identifier: MIT */
/*
 * Frames, the envelopes of the protocol (PROTOCOL.md, "Frames"), and the line
 * of text that goes before the first one.
 *
 *	while ((rc = aur_frame_take(&in, &f)) > 0)
 *		if (f.type == AUR_MSG_PING)
 *			...
 *	if (rc < 0)
 *		the link has ended
 */
#ifndef AUR_WIRE_FRAME_H
#define AUR_WIRE_FRAME_H

#include "base/buf.h"
#include "base/limits.h"

#define AUR_WIRE_VERSION 1u

/* What either side writes first. A login shell may have said something before
 * it, so it must be unlike anything that a shell says. */
#define AUR_WIRE_MAGIC "AURORA-WIRE-8d5f2c71b3e94a06 "
#define AUR_WIRE_PREAMBLE AUR_WIRE_MAGIC "1\n"
/* Bytes of noise that a client skips in search of it. */
#define AUR_MAX_NOISE (64u << 10)

enum aur_msg {
#define AUR_MSG(number, NAME, name, from) AUR_MSG_##NAME = number,
#define AUR_MSG_RETIRED(number, name)
#include "wire/msg.def"
#undef AUR_MSG
#undef AUR_MSG_RETIRED
};

struct aur_frame {
	uint32_t stream;
	uint32_t type;		  /* enum aur_msg, or one we do not know */
	struct aur_slice payload; /* borrowed from the input */
};

/* Takes the next whole frame off `in`. 1; 0 where its end has not arrived and
 * nothing was taken; AUR_ELIMIT (longer than AUR_MAX_FRAME), AUR_EPROTOCOL. */
AUR_MUST_CHECK int aur_frame_take(
    struct aur_slice *in, struct aur_frame *ret_frame);

/* The same, of at most `most` bytes. */
AUR_MUST_CHECK int aur_frame_take_most(
    struct aur_slice *in, size_t most, struct aur_frame *ret_frame);

/* Appends a frame. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_frame_add(struct aur_buf *out, uint32_t stream,
    enum aur_msg type, struct aur_slice payload);

/* The message's name; "unknown" for numbers that are none. */
const char *aur_msg_name(uint32_t type);

#endif
