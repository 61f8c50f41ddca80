/* SPDX-License-Identifier: MIT */
/*
 * Public keys: their types, the bytes that travel (a *blob*: the type's name
 * as a string of RFC 4251, then numbers), fingerprints, and the lines of
 * text that hold them in *.pub and authorized_keys (sshd(8), AUTHORIZED_KEYS
 * FILE FORMAT).
 *
 *	[OPTIONS] ssh-ed25519 AAAAC3... a comment
 *	restrict,command="aurora-agentd --stdio" ssh-ed25519 AAAAC3... bob
 *
 * A parsed line is slices of the line: nothing is copied, nothing owned. Two
 * lines hold the same key when their blobs are the same bytes; base64 is
 * taken in its one strict form, so equal texts are equal blobs and the other
 * way round.
 *
 *	struct aur_ssh_line l;
 *	if (aur_ssh_line_parse(line, &l) == 0 &&
 *	    aur_ssh_line_blob(&l, &blob) == 0)
 *		aur_ssh_fingerprint(aur_buf_peek(&blob), text);
 */
#ifndef AUR_SSH_KEY_H
#define AUR_SSH_KEY_H

#include "base/buf.h"

/* Flags of a type. */
enum {
	AUR_SSH_KEY_HARDWARE = 1,    /* needs a token: sk-... */
	AUR_SSH_KEY_CERTIFICATE = 2, /* signed by an authority */
	AUR_SSH_KEY_OBSOLETE = 4,    /* DSA: no server takes it any more */
};

enum aur_ssh_key {
	AUR_SSH_KEY_UNKNOWN,
#define AUR_SSH_KEY(NAME, name, label, flags) AUR_SSH_KEY_##NAME,
#include "ssh/keytype.def"
#undef AUR_SSH_KEY
	AUR_SSH_KEY_TYPES, /* one past the last */
};

/* Bytes of "SHA256:" and 43 characters, with the NUL. */
#define AUR_SSH_FINGERPRINT 51

/* The type called `name` ("ssh-rsa"; also rsa-sha2-256 and -512, which are
 * signatures of RSA keys); AUR_SSH_KEY_UNKNOWN for others. */
enum aur_ssh_key aur_ssh_key_find(struct aur_slice name);

/* The name on the wire ("ssh-ed25519"), the one for people ("ED25519"); of
 * AUR_SSH_KEY_UNKNOWN "unknown". Static. */
const char *aur_ssh_key_name(enum aur_ssh_key type);
const char *aur_ssh_key_label(enum aur_ssh_key type);
unsigned aur_ssh_key_flags(enum aur_ssh_key type);

/* The type that a blob says it is; the name it says, which may be unknown to
 * us. AUR_SSH_KEY_UNKNOWN and an empty slice where it is no blob. */
enum aur_ssh_key aur_ssh_key_of(struct aur_slice blob);
struct aur_slice aur_ssh_key_blob_name(struct aur_slice blob);

/* Whether `blob` is well formed: a name, then the strings that its type has,
 * and nothing behind (of unknown types: a name and something behind). */
bool aur_ssh_key_valid(struct aur_slice blob);

/* Bits of the key: 256, 384, 521, or those of RSA's and DSA's modulus; 0
 * where that is not known. */
unsigned aur_ssh_key_bits(struct aur_slice blob);

/* "SHA256:..." as `ssh-keygen -l` prints it. 0; AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_fingerprint(
    struct aur_slice blob, char ret_text[AUR_SSH_FINGERPRINT]);

/* SHA-256 in hexadecimal digits, as sha256sum prints it. 0, AUR_ENOMEM. */
#define AUR_SSH_SHA256 65
AUR_MUST_CHECK int aur_ssh_sha256(
    struct aur_slice bytes, char ret_text[AUR_SSH_SHA256]);

/* Whether all of `text` has the form of a fingerprint: what a user types. */
bool aur_ssh_fingerprint_valid(struct aur_slice text);

/* Appends `blob` with the name in its front replaced by `name`: what makes
 * libssh2 1.10 sign with rsa-sha2-256 (see private.h). 0, AUR_EINVALID,
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_key_rename(
    struct aur_slice blob, const char *name, struct aur_buf *out);

/* A line of *.pub or authorized_keys. */
struct aur_ssh_line {
	struct aur_slice options; /* authorized_keys only; may be empty */
	enum aur_ssh_key type;	  /* may be unknown: `name` says */
	struct aur_slice name;
	struct aur_slice base64;
	struct aur_slice comment; /* trimmed; may be empty */
};

/* Parses a line (a newline and CR at its end do no harm). 0; AUR_EABSENT for
 * an empty line or a comment, AUR_EINVALID, AUR_ELIMIT. The base64 is
 * checked, and that the blob names the same type. */
AUR_MUST_CHECK int aur_ssh_line_parse(
    struct aur_slice line, struct aur_ssh_line *ret_line);

/* Clears `ret_blob` and puts the key's bytes there. 0, AUR_ELIMIT,
 * AUR_ENOMEM, AUR_EINVALID. */
AUR_MUST_CHECK int aur_ssh_line_blob(
    const struct aur_ssh_line *l, struct aur_buf *ret_blob);

/* Whether both lines hold the same key, whatever options and comments say. */
bool aur_ssh_line_same_key(
    const struct aur_ssh_line *a, const struct aur_ssh_line *b);

/* Takes the next option off `options`: its name (case does not count) and its
 * value as it stands between the quotes, escapes and all (`ret_value->p` is
 * NULL where it has none). False at the end; options of a parsed line are
 * always well formed. */
bool aur_ssh_option_next(struct aur_slice *options, struct aur_slice *ret_name,
    struct aur_slice *ret_value);

/* Appends an option's value as it is meant: \" becomes ". 0, AUR_ELIMIT,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_option_value(
    struct aur_slice value, struct aur_buf *out);

/* Finds the first option called `name`; its value as aur_ssh_option_next
 * gives it. */
bool aur_ssh_option_find(
    struct aur_slice options, const char *name, struct aur_slice *ret_value);

/* Appends NAME="value" with quotes escaped, and a comma in front where `out`
 * has options already; `value` NULL: NAME alone. 0; AUR_EINVALID where the
 * value holds a control or ends in a backslash, which sshd cannot read;
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_option_add(
    struct aur_buf *out, const char *name, const char *value);

#endif
