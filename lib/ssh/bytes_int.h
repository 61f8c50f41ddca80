/* SPDX-License-Identifier: MIT */
/*
 * The two things that everything of SSH is made of (RFC 4251, section 5):
 *
 *	uint32    4 bytes, big end first
 *	string    uint32 length | bytes
 *
 * A take that fails takes nothing.
 */
#ifndef AUR_SSH_BYTES_INT_H
#define AUR_SSH_BYTES_INT_H

#include "base/buf.h"

bool aur__ssh_take_u32(struct aur_slice *s, uint32_t *ret_v);
bool aur__ssh_take_string(struct aur_slice *s, struct aur_slice *ret_string);

/* The next word, up to a blank or tab, and the blanks behind it; false at the
 * end. */
bool aur__ssh_take_word(struct aur_slice *s, struct aur_slice *ret_word);

/* 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__ssh_add_u32(struct aur_buf *b, uint32_t v);
AUR_MUST_CHECK int aur__ssh_add_string(struct aur_buf *b, struct aur_slice s);

/* Same bytes, ASCII letters alike whatever their case. */
bool aur__ssh_same_word(struct aur_slice a, const char *b);

#endif
