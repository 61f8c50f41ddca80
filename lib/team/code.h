/* SPDX-License-Identifier: MIT */
/*
 * The code of an invitation: which team, where its file is, and whose host key
 * is to be met there. No secret is in it: who has it can knock, and is let in
 * when the owner gives his key a line.
 *
 *	aurora1-BnBpeGVsAV8M...     URL-safe base64 of:
 *
 *	  1 byte    what follows: 1 the id is 16 bytes, else a text
 *	  text      the team's name
 *	  16 bytes or text            its id
 *	  varint    places: the hosts to pass, then the one that has the file
 *	    text    user, may be empty
 *	    text    address
 *	    varint  port, 0: ssh's own
 *	    1 byte  1: 32 bytes follow, the SHA-256 of its host key; 0: none
 *	  4 bytes   the first of the SHA-256 of all before: a slip of the pen
 *	            is seen, and so is a line that was cut
 *
 * A later form has another number behind its "aurora".
 */
#ifndef AUR_TEAM_CODE_H
#define AUR_TEAM_CODE_H

#include "base/address.h"
#include "base/buf.h"
#include "base/limits.h"

/* "SHA256:" and 43 characters, with the NUL; an id. */
#define AUR_CODE_KEY 51
#define AUR_CODE_ID 65

struct aur_code_place {
	struct aur_address at;
	char host_key[AUR_CODE_KEY]; /* "": not said */
};

struct aur_code {
	char name[AUR_MAX_NAME + 1];
	char id[AUR_CODE_ID];
	struct aur_code_place place[AUR_MAX_HOST_JUMPS + 1];
	size_t nplace; /* the last one has the file */
};

/* Appends the code. 0; AUR_EINVALID (no place, or a key that is none),
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_code_write(
    struct aur_buf *out, const struct aur_code *code);

/* Reads one; everything in it is checked. 0; AUR_EINVALID (no code, or a
 * damaged one), AUR_EVERSION (of a later form), AUR_ENOMEM; `why` is then a
 * sentence. */
AUR_MUST_CHECK int aur_code_read(
    struct aur_slice text, struct aur_code *ret_code, char *why, size_t size);

#endif
