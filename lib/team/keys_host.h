/* SPDX-License-Identifier: MIT */
/*
 * What is run on a host to look at its authorized_keys and to replace it, and
 * what it answers. Texts alone: lib/fleet carries them.
 *
 *	aur_keys_look_script(&script, agent)	-> run -> aur_keys_look_parse
 *	aur_keys_write_script(&script, &order)	-> run, with the file as its
 *						   input -> aur_keys_write_parse
 *
 * The scripts are POSIX sh. A file is replaced only while it is what was
 * looked at (cksum(1)), whole or not at all, and keeps its mode and owner. An
 * answer begins behind a line of its own, since rc files print what they like.
 */
#ifndef AUR_TEAM_KEYS_HOST_H
#define AUR_TEAM_KEYS_HOST_H

#include "base/buf.h"
#include "base/compiler.h"

/* Bytes of what cksum prints, of a path, with their NULs. */
#define AUR_KEYS_SUM 48
#define AUR_KEYS_PATH 1024

enum aur_keys_word {
	AUR_KEYS_READ, /* looked at; there may be no file yet */
	AUR_KEYS_WRITTEN,
	AUR_KEYS_CHANGED, /* somebody else was faster: nothing was done */
	AUR_KEYS_LINK,	  /* it is a link: replacing it would cut it off */
	AUR_KEYS_FAILED,  /* it cannot be read, or written */
};

struct aur_keys_answer {
	enum aur_keys_word word;
	char sum[AUR_KEYS_SUM];	    /* of the file; "none": there is none */
	char agent[AUR_KEYS_PATH];  /* with an absolute path; "": none there */
	char backup[AUR_KEYS_PATH]; /* the name beside it; "": none was made */
	struct aur_slice file;	    /* of what was parsed */
};

/* Appends the script that reads; `agent` is the agent's command there. 0;
 * AUR_EINVALID where a word of it could mean something to a shell;
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_keys_look_script(struct aur_buf *out, const char *agent);

/* Appends the script that writes `size` bytes of its input where the file
 * still has the sum `was`, which must come from an answer; with `backup` it
 * keeps the old one first. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_keys_write_script(
    struct aur_buf *out, const char *was, size_t size, bool backup);

/* Reads what the scripts printed. 0; AUR_EPROTOCOL: the login did something
 * else. */
AUR_MUST_CHECK int aur_keys_look_parse(
    struct aur_slice out, struct aur_keys_answer *ret_answer);
AUR_MUST_CHECK int aur_keys_write_parse(
    struct aur_slice out, struct aur_keys_answer *ret_answer);

#endif
