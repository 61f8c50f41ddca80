/* SPDX-License-Identifier: MIT */
/*
 * Private keys out of files, and signatures by them. What is done where:
 *
 *	format                        encrypted by           done
 *	OpenSSH, ed25519 ecdsa rsa    -, aes*-ctr -cbc -gcm  here
 *	OpenSSH                       chacha20-poly1305      openssh (-Z only)
 *	PEM: PKCS#1, SEC1, PKCS#8     what libcrypto reads   here
 *	sk-*, certificates, PuTTY, DSA                       openssh
 *
 * "openssh" is AUR_EUNSUPPORTED here: the system's ssh may do better.
 *
 * libssh2 is given no file at all, but a blob and a callback that signs
 * (libssh2_userauth_publickey). It would run bcrypt, 110 ms of it, for each
 * session again; it cannot tell a wrong passphrase from a file it does not
 * know; and 1.10 signs for RSA keys with SHA-1 only, which no server takes.
 * Here a key is opened once and signs for every host. For RSA, give libssh2
 * the blob renamed (aur_ssh_key_rename) to "rsa-sha2-256" or "rsa-sha2-512"
 * where libssh2_version(0x010b00) is NULL, and sign with that algorithm.
 * OpenSSH servers take this; one that refuses goes to the system's ssh.
 *
 *	rc = aur_ssh_private_open(text, aur_slice_str(""), &key);
 *	if (rc == AUR_EDENIED)
 *		... ask for the passphrase, try again with it
 *	rc = aur_ssh_private_sign(key, "rsa-sha2-256", data, &signature);
 *	aur_ssh_private_free(key);
 *
 * Secrets are wiped before their memory is given back.
 */
#ifndef AUR_SSH_PRIVATE_H
#define AUR_SSH_PRIVATE_H

#include "ssh/key.h"

struct aur_ssh_private;

/* What stands in a key file, as far as it can be told without a passphrase. */
struct aur_ssh_private_look {
	enum aur_ssh_key type; /* AUR_SSH_KEY_UNKNOWN: PEM, encrypted */
	bool encrypted;
	bool supported;	      /* aur_ssh_private_open can read it */
	struct aur_slice why; /* static: where not, "needs a hardware token" */
};

/* 0; AUR_EINVALID where `text` is no private key at all. */
AUR_MUST_CHECK int aur_ssh_private_look(
    struct aur_slice text, struct aur_ssh_private_look *ret_look);

/* Opens a key file's content (at most AUR_MAX_SSH_KEY_FILE). An empty
 * passphrase is none. Runs bcrypt where the file asks for it: some 100 ms,
 * so not from a loop that draws. 0 and a key that the caller frees;
 * AUR_EDENIED: needs a passphrase, or another one; AUR_EUNSUPPORTED;
 * AUR_EINVALID, AUR_ELIMIT (too large, too many rounds), AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_private_open(struct aur_slice text,
    struct aur_slice passphrase, struct aur_ssh_private **ret_key);
void aur_ssh_private_free(struct aur_ssh_private *key); /* NULL is fine */

/* Appends a key file's content to `out`, a buffer of AUR_MAX_SSH_KEY_FILE at
 * most that the caller wipes (aur_ssh_wipe). 0; AUR_EABSENT, AUR_EDENIED
 * (also where others than the owner may read it, as ssh has it), AUR_EIO,
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_private_read(const char *path, struct aur_buf *out);

/* Overwrites the content of `b`, in a way that no compiler leaves out, and
 * releases it. */
void aur_ssh_wipe(struct aur_buf *b);

/* The public half, valid as long as the key. */
enum aur_ssh_key aur_ssh_private_type(const struct aur_ssh_private *key);
struct aur_slice aur_ssh_private_blob(const struct aur_ssh_private *key);

/* Appends the signature of `data`, without the name of the algorithm in front
 * (RFC 8332, 5656, 8709): what libssh2's callback returns. `algorithm` is
 * the key's type, for RSA "rsa-sha2-256" or "rsa-sha2-512". 0;
 * AUR_EUNSUPPORTED for any other, SHA-1 included; AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_private_sign(const struct aur_ssh_private *key,
    const char *algorithm, struct aur_slice data, struct aur_buf *out);

#endif
