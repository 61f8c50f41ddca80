/* SPDX-License-Identifier: MIT */
/* Lists of algorithms; the header says why these. */
#include "ssh/algo.h"

#include "base/err.h"

const char *aur_ssh_algo_kex(void)
{
	return "curve25519-sha256,curve25519-sha256@libssh.org,"
	       "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
	       "diffie-hellman-group14-sha256,"
	       "diffie-hellman-group-exchange-sha256";
}

const char *aur_ssh_algo_cipher(void)
{
	return "aes128-gcm@openssh.com,aes256-gcm@openssh.com,"
	       "chacha20-poly1305@openssh.com,"
	       "aes128-ctr,aes192-ctr,aes256-ctr";
}

const char *aur_ssh_algo_mac(void)
{
	return "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
	       "hmac-sha2-256,hmac-sha2-512";
}

/* The algorithms that a key of this type signs with; NULL for types that
 * libssh2 does not do as host keys. */
static const char *signed_by(enum aur_ssh_key type, bool rsa_sha2)
{
	switch (type) {
	case AUR_SSH_KEY_ED25519:
	case AUR_SSH_KEY_ECDSA_256:
	case AUR_SSH_KEY_ECDSA_384:
	case AUR_SSH_KEY_ECDSA_521:
		return aur_ssh_key_name(type);
	case AUR_SSH_KEY_RSA:
		return rsa_sha2 ? "rsa-sha2-512,rsa-sha2-256" : NULL;
	default:
		return NULL;
	}
}

static int add(struct aur_buf *out, size_t start, const char *names)
{
	int rc = out->n > start ? aur_buf_add_byte(out, ',') : 0;

	return rc < 0 ? rc : aur_buf_add_str(out, names);
}

static bool among(const enum aur_ssh_key *known, size_t n, int type)
{
	for (size_t i = 0; i < n; i++)
		if ((int)known[i] == type)
			return true;
	return false;
}

int aur_ssh_algo_host_key(const enum aur_ssh_key *known, size_t n,
    bool only_known, bool rsa_sha2, struct aur_buf *out)
{
	const size_t start = out->n;
	int rc = 0;

	for (int pass = 0; pass < (only_known ? 1 : 2) && rc == 0; pass++)
		for (int i = 1; i < AUR_SSH_KEY_TYPES && rc == 0; i++) {
			const char *names =
			    signed_by((enum aur_ssh_key)i, rsa_sha2);

			if (names != NULL && among(known, n, i) == (pass == 0))
				rc = add(out, start, names);
		}
	if (rc < 0)
		aur_buf_cut(out, start);
	return rc < 0 ? rc : out->n > start ? 0 : AUR_EABSENT;
}
