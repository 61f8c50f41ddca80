/* SPDX-License-Identifier: MIT */
/*
 * What the files of known_hosts share. The text of each file is kept as it
 * was read, and an entry is places in it: 40 bytes for a line, whatever its
 * key is.
 */
#ifndef AUR_SSH_KNOWN_INT_H
#define AUR_SSH_KNOWN_INT_H

#include "base/limits.h"
#include "ssh/known.h"

#include <openssl/evp.h>

enum aur__known_marker {
	AUR__KNOWN_PLAIN,
	AUR__KNOWN_REVOKED,
	AUR__KNOWN_CA,
};

struct aur__known_entry {
	struct aur_slice names;	 /* list, or |1|salt|hash */
	struct aur_slice base64; /* the key, checked */
	uint32_t file, line;
	enum aur_ssh_key type;
	enum aur__known_marker marker;
};

struct aur__known_file {
	char *name, *text;
};

/* HMAC-SHA1 for many names. HMAC() looks its algorithm up anew in each call,
 * which takes longer than the hash: of 1000 hashed lines 4.1 ms against 1.5. */
struct aur__known_hmac {
	EVP_MD *sha1;
	EVP_MD_CTX *ctx;
};
AUR_MUST_CHECK int aur__known_hmac_init(struct aur__known_hmac *h);
void aur__known_hmac_release(struct aur__known_hmac *h);

struct aur_ssh_known {
	struct aur__known_hmac hmac;
	struct aur__known_entry *entries;
	size_t n, cap;
	struct aur__known_file *files;
	size_t nfiles;
	size_t bad;
	uint32_t bad_file, bad_line; /* of the first bad one */
};

/* Room for [name]:65535. */
#define AUR__KNOWN_NAME (AUR_MAX_HOSTNAME + 9)

/* The names that a host is looked up by, in lower case: the full one, and the
 * bare one ("" where there is none). False where it is too long or empty. */
struct aur__known_names {
	char full[AUR__KNOWN_NAME], bare[AUR__KNOWN_NAME];
};
bool aur__known_names(
    const struct aur_ssh_known_host *host, struct aur__known_names *ret_names);

/* Whether a line's names speak of `name`: 1, 0; AUR_ENOMEM. */
int aur__known_match(
    const struct aur_ssh_known *k, struct aur_slice names, const char *name);

/* Appends |1|salt|hash of `name`. 0, AUR_ELIMIT, AUR_ENOMEM, AUR_EIO. */
AUR_MUST_CHECK int aur__known_hash(const char *name, struct aur_buf *out);

#endif
