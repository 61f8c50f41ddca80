/* SPDX-License-Identifier: MIT */
/*
 * Signatures as SSH has them. libcrypto's ECDSA signature is DER; SSH's is two
 * mpints (RFC 5656, section 3.1.2). RSA's (RFC 8332) and Ed25519's (RFC 8709)
 * are the same bytes.
 */
#include "base/err.h"
#include "ssh/bytes_int.h"
#include "ssh/private_int.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>

enum { SIGNATURE_MOST = 2048 };

/* The hash that an algorithm of this key has; false for other algorithms. */
static bool digest_of(
    enum aur_ssh_key type, const char *algorithm, const EVP_MD **ret_md)
{
	if (type == AUR_SSH_KEY_RSA) {
		if (strcmp(algorithm, "rsa-sha2-256") == 0)
			*ret_md = EVP_sha256();
		else if (strcmp(algorithm, "rsa-sha2-512") == 0)
			*ret_md = EVP_sha512();
		else
			return false;
		return true;
	}
	if (strcmp(algorithm, aur_ssh_key_name(type)) != 0)
		return false;
	*ret_md = type == AUR_SSH_KEY_ECDSA_256	  ? EVP_sha256()
		  : type == AUR_SSH_KEY_ECDSA_384 ? EVP_sha384()
		  : type == AUR_SSH_KEY_ECDSA_521 ? EVP_sha512()
						  : NULL;
	return true;
}

static int sign(EVP_PKEY *pkey, const EVP_MD *md, struct aur_slice data,
    uint8_t out[SIGNATURE_MOST], size_t *ret_n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = SIGNATURE_MOST;
	int rc = AUR_ENOMEM;

	if (ctx == NULL)
		return rc;
	if (EVP_DigestSignInit(ctx, NULL, md, NULL, pkey) == 1 &&
	    EVP_DigestSign(ctx, out, &n, data.p, data.n) == 1) {
		*ret_n = n;
		rc = 0;
	}
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}

static int add_mpint(struct aur_buf *out, const BIGNUM *v)
{
	uint8_t bytes[1 + 66] = {0}; /* of the largest curve */
	const int n = BN_num_bytes(v);
	const bool zero = BN_num_bits(v) % 8 == 0;

	if (n >= (int)sizeof bytes)
		return AUR_ELIMIT;
	BN_bn2bin(v, bytes + 1);
	return aur__ssh_add_string(
	    out, zero ? aur_slice_of(bytes, (size_t)n + 1)
		      : aur_slice_of(bytes + 1, (size_t)n));
}

static int add_ecdsa(struct aur_buf *out, const uint8_t *der, size_t n)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	int rc;

	if (sig == NULL)
		return AUR_ENOMEM;
	rc = add_mpint(out, ECDSA_SIG_get0_r(sig));
	if (rc == 0)
		rc = add_mpint(out, ECDSA_SIG_get0_s(sig));
	ECDSA_SIG_free(sig);
	return rc;
}

int aur_ssh_private_sign(const struct aur_ssh_private *key,
    const char *algorithm, struct aur_slice data, struct aur_buf *out)
{
	const size_t before = out->n;
	uint8_t signature[SIGNATURE_MOST];
	const EVP_MD *md;
	size_t n = 0;
	int rc;

	if (!digest_of(key->type, algorithm, &md))
		return AUR_EUNSUPPORTED;
	rc = sign(key->pkey, md, data, signature, &n);
	if (rc < 0)
		return rc;
	if (key->type == AUR_SSH_KEY_ED25519 || key->type == AUR_SSH_KEY_RSA)
		return aur_buf_add(out, signature, n);
	rc = add_ecdsa(out, signature, n);
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}
