/* SPDX-License-Identifier: MIT */
/*
 * What the files of private keys share. A key is libcrypto's, with its blob
 * beside it.
 */
#ifndef AUR_SSH_PRIVATE_INT_H
#define AUR_SSH_PRIVATE_INT_H

#include "base/limits.h"
#include "ssh/private.h"

#include <openssl/evp.h>

struct aur_ssh_private {
	EVP_PKEY *pkey;
	enum aur_ssh_key type;
	struct aur_buf blob;
};

/* A key file in OpenSSH's own format, apart (slices of what was decoded). */
struct aur__ssh_container {
	struct aur_slice cipher, kdf, salt, blob, secret, tag;
	uint32_t rounds;
};

/* Whether `text` begins as an OpenSSH key file does. */
bool aur__ssh_is_openssh(struct aur_slice text);

/* Decodes the base64 of such a file into `bytes` and takes it apart. 0,
 * AUR_EINVALID, AUR_EUNSUPPORTED (several keys in one), AUR_ENOMEM. */
AUR_MUST_CHECK int aur__ssh_container(struct aur_slice text,
    struct aur_buf *bytes, struct aur__ssh_container *ret_c);

/* Whether there is no doing with such a container here, and why. */
const char *aur__ssh_container_unfit(const struct aur__ssh_container *c);

/* Opens it. As aur_ssh_private_open, with the key of libcrypto alone. */
AUR_MUST_CHECK int aur__ssh_openssh_open(
    struct aur_slice text, struct aur_slice passphrase, EVP_PKEY **ret_pkey);

/* Opens PEM. */
AUR_MUST_CHECK int aur__ssh_pem_open(
    struct aur_slice text, struct aur_slice passphrase, EVP_PKEY **ret_pkey);

/* A key out of the numbers in an OpenSSH file: `type`, and `s` behind its
 * name; what is behind the numbers stays in `s`. 0, AUR_EINVALID,
 * AUR_EUNSUPPORTED, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__ssh_pkey_make(
    enum aur_ssh_key type, struct aur_slice *s, EVP_PKEY **ret_pkey);

/* The type of a key, AUR_SSH_KEY_UNKNOWN where SSH has none; and its blob,
 * appended. 0, AUR_EUNSUPPORTED, AUR_ELIMIT, AUR_ENOMEM. */
enum aur_ssh_key aur__ssh_pkey_type(EVP_PKEY *pkey);
AUR_MUST_CHECK int aur__ssh_pkey_blob(EVP_PKEY *pkey, struct aur_buf *out);

/* bcrypt_pbkdf of OpenBSD: `n` bytes (1 to 1024) of key out of a passphrase
 * and a salt. Some 7 ms a round for each 32 bytes. 0, AUR_EINVALID (nothing
 * to do, or a part is empty), AUR_ENOMEM. */
AUR_MUST_CHECK int aur__ssh_bcrypt(struct aur_slice passphrase,
    struct aur_slice salt, uint32_t rounds, uint8_t *out, size_t n);

#endif
