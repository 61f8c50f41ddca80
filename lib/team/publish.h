/* SPDX-License-Identifier: MIT */
/*
 * Putting a team's file into the care of a host, and taking it away: what is
 * run there, and what it answers. Texts alone: lib/fleet carries them, and
 * reads the file by the protocol (aur_fleet_team).
 *
 *	aur_publish_script(&script, id, was, size) -> run, with the file as its
 *						input -> aur_publish_parse
 *
 * It is written by a script, and there is no message for it: a login that may
 * run a script is one whose line in authorized_keys does not fix what is run,
 * so it is the owner's. A member's runs the agent, whatever it asks for, and
 * so no bug in the agent's messages lets a member change what others take for
 * the owner's word.
 *
 * The file is replaced only while it is what `was` says (SHA-256), whole or
 * not at all; the one before stays beside it as ID.previous.json.
 */
#ifndef AUR_TEAM_PUBLISH_H
#define AUR_TEAM_PUBLISH_H

#include "base/buf.h"
#include "base/compiler.h"

/* Hexadecimal digits of a SHA-256, or "none", with the NUL. */
#define AUR_PUBLISH_SUM 65

enum aur_publish_word {
	AUR_PUBLISH_WRITTEN,
	AUR_PUBLISH_REMOVED,
	AUR_PUBLISH_CHANGED, /* it is not what it was: nothing was done */
	AUR_PUBLISH_LINK,    /* something else than a file is there */
	AUR_PUBLISH_NO_HASH, /* no sha256sum, shasum, openssl there */
	AUR_PUBLISH_FAILED,  /* it cannot be read, or written */
};

/* Appends the script that writes `size` bytes of the team with that id, where
 * `was` is the sum of what is there. 0; AUR_EINVALID (an id or a sum that is
 * none), AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_publish_script(
    struct aur_buf *out, const char *id, const char *was, size_t size);

/* The same to take it away with all that was kept beside it. */
AUR_MUST_CHECK int aur_unpublish_script(struct aur_buf *out, const char *id);

/* What a script printed. AUR_EPROTOCOL: the login runs something else. */
AUR_MUST_CHECK int aur_publish_parse(
    struct aur_slice out, enum aur_publish_word *ret_word);

#endif
