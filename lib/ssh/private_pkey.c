/* SPDX-License-Identifier: MIT */
/*
 * Between the numbers of SSH and the keys of libcrypto 3.
 *
 *	ed25519   string public (32) | string seed, public (64)
 *	ecdsa     string curve | string point | mpint d
 *	rsa       mpint n | e | d | q^-1 mod p | p | q
 */
#include "base/err.h"
#include "ssh/bytes_int.h"
#include "ssh/private_int.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

enum { SEED = 32, POINT_MOST = 133 };

static const struct curve {
	enum aur_ssh_key type;
	const char *ssh, *openssl;
} curves[] = {
    {AUR_SSH_KEY_ECDSA_256, "nistp256", "prime256v1"},
    {AUR_SSH_KEY_ECDSA_384, "nistp384", "secp384r1"},
    {AUR_SSH_KEY_ECDSA_521, "nistp521", "secp521r1"},
};

static const struct curve *curve_of(enum aur_ssh_key type)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(curves); i++)
		if (curves[i].type == type)
			return &curves[i];
	return NULL;
}

/* A key of the kind `name` out of what `build` holds. */
static int from_data(
    const char *name, OSSL_PARAM_BLD *build, EVP_PKEY **ret_pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, name, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	int rc = AUR_ENOMEM;

	if (ctx == NULL || params == NULL)
		goto out;
	rc = EVP_PKEY_fromdata_init(ctx) == 1 &&
		     EVP_PKEY_fromdata(
			 ctx, ret_pkey, EVP_PKEY_KEYPAIR, params) == 1
		 ? 0
		 : AUR_EINVALID;
out:
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}

static int make_ed25519(struct aur_slice *s, EVP_PKEY **ret_pkey)
{
	struct aur_slice public, both;
	EVP_PKEY *pkey;

	if (!aur__ssh_take_string(s, &public) ||
	    !aur__ssh_take_string(s, &both) || public.n != SEED ||
	    both.n != 2 * SEED || memcmp(both.p + SEED, public.p, SEED) != 0)
		return AUR_EINVALID;
	pkey =
	    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, both.p, SEED);
	if (pkey == NULL)
		return AUR_ENOMEM;
	*ret_pkey = pkey;
	return 0;
}

/* A positive number of at most 16384 bits. */
static bool take_number(struct aur_slice *s, BIGNUM *to)
{
	struct aur_slice m;

	return aur__ssh_take_string(s, &m) && m.n > 0 && m.n <= 2049 &&
	       (m.p[0] & 0x80) == 0 && to != NULL &&
	       BN_bin2bn(m.p, (int)m.n, to) != NULL;
}

static int make_ecdsa(
    const struct curve *curve, struct aur_slice *s, EVP_PKEY **ret_pkey)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *d = BN_secure_new();
	struct aur_slice name, point;
	int rc = AUR_EINVALID;

	if (build == NULL || d == NULL) {
		rc = AUR_ENOMEM;
		goto out;
	}
	if (!aur__ssh_take_string(s, &name) ||
	    !aur__ssh_take_string(s, &point) || !take_number(s, d) ||
	    !aur_slice_is(name, curve->ssh) || point.n > POINT_MOST)
		goto out;
	if (OSSL_PARAM_BLD_push_utf8_string(
		build, OSSL_PKEY_PARAM_GROUP_NAME, curve->openssl, 0) != 1 ||
	    OSSL_PARAM_BLD_push_octet_string(
		build, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) != 1)
		rc = AUR_ENOMEM;
	else
		rc = from_data("EC", build, ret_pkey);
out:
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(build);
	return rc;
}

enum { N, E, D, QINV, P, Q, DP, DQ, NUMBERS };

static const char *const rsa_names[NUMBERS] = {
    OSSL_PKEY_PARAM_RSA_N,
    OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_D,
    OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2,
    OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2,
};

/* to = d mod (prime - 1) */
static bool exponent(
    BIGNUM *to, const BIGNUM *d, const BIGNUM *prime, BN_CTX *ctx)
{
	BIGNUM *less = BN_secure_new();
	bool good = less != NULL && BN_copy(less, prime) != NULL &&
		    BN_sub_word(less, 1) == 1 && !BN_is_zero(less);

	if (good) {
		BN_set_flags(less, BN_FLG_CONSTTIME);
		good = BN_mod(to, d, less, ctx) == 1;
	}
	BN_clear_free(less);
	return good;
}

static int take_rsa(struct aur_slice *s, BIGNUM *number[NUMBERS])
{
	BN_CTX *ctx = BN_CTX_secure_new();
	int rc = AUR_EINVALID;

	for (int i = 0; i < DP; i++)
		if (!take_number(s, number[i]))
			goto out;
	if (ctx == NULL)
		rc = AUR_ENOMEM;
	else if (exponent(number[DP], number[D], number[P], ctx) &&
		 exponent(number[DQ], number[D], number[Q], ctx))
		rc = 0;
out:
	BN_CTX_free(ctx);
	return rc;
}

static int make_rsa(struct aur_slice *s, EVP_PKEY **ret_pkey)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *number[NUMBERS] = {NULL};
	int rc = build == NULL ? AUR_ENOMEM : 0;

	for (int i = 0; i < NUMBERS && rc == 0; i++) {
		number[i] = BN_secure_new();
		if (number[i] == NULL)
			rc = AUR_ENOMEM;
	}
	if (rc == 0)
		rc = take_rsa(s, number);
	for (int i = 0; i < NUMBERS && rc == 0; i++)
		if (OSSL_PARAM_BLD_push_BN(build, rsa_names[i], number[i]) != 1)
			rc = AUR_ENOMEM;
	if (rc == 0)
		rc = from_data("RSA", build, ret_pkey);
	for (int i = 0; i < NUMBERS; i++)
		BN_clear_free(number[i]);
	OSSL_PARAM_BLD_free(build);
	return rc;
}

int aur__ssh_pkey_make(
    enum aur_ssh_key type, struct aur_slice *s, EVP_PKEY **ret_pkey)
{
	const struct curve *curve = curve_of(type);

	if (type == AUR_SSH_KEY_ED25519)
		return make_ed25519(s, ret_pkey);
	if (type == AUR_SSH_KEY_RSA)
		return make_rsa(s, ret_pkey);
	return curve != NULL ? make_ecdsa(curve, s, ret_pkey)
			     : AUR_EUNSUPPORTED;
}

enum aur_ssh_key aur__ssh_pkey_type(EVP_PKEY *pkey)
{
	char group[32];
	size_t n;

	if (EVP_PKEY_is_a(pkey, "ED25519"))
		return AUR_SSH_KEY_ED25519;
	if (EVP_PKEY_is_a(pkey, "RSA"))
		return AUR_SSH_KEY_RSA;
	if (!EVP_PKEY_is_a(pkey, "EC") ||
	    EVP_PKEY_get_group_name(pkey, group, sizeof group, &n) != 1)
		return AUR_SSH_KEY_UNKNOWN;
	for (size_t i = 0; i < AUR_ARRAY_LEN(curves); i++)
		if (strcmp(group, curves[i].openssl) == 0)
			return curves[i].type;
	return AUR_SSH_KEY_UNKNOWN;
}

static int add_ed25519(EVP_PKEY *pkey, struct aur_buf *out)
{
	uint8_t public[SEED];
	size_t n = sizeof public;

	if (EVP_PKEY_get_raw_public_key(pkey, public, &n) != 1)
		return AUR_ENOMEM;
	return aur__ssh_add_string(out, aur_slice_of(public, n));
}

static int add_ecdsa(
    EVP_PKEY *pkey, const struct curve *curve, struct aur_buf *out)
{
	uint8_t point[POINT_MOST];
	size_t n = 0;
	int rc;

	if (EVP_PKEY_get_octet_string_param(
		pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &n) != 1)
		return AUR_EUNSUPPORTED;
	/* SSH knows points in their long form alone */
	if (n == 0 || point[0] != 4)
		return AUR_EUNSUPPORTED;
	rc = aur__ssh_add_string(out, aur_slice_str(curve->ssh));
	return rc < 0 ? rc : aur__ssh_add_string(out, aur_slice_of(point, n));
}

/* A public number as mpint. */
static int add_number(EVP_PKEY *pkey, const char *name, struct aur_buf *out)
{
	BIGNUM *v = NULL;
	uint8_t bytes[2049] = {0};
	int n, rc = AUR_EUNSUPPORTED;

	if (EVP_PKEY_get_bn_param(pkey, name, &v) != 1)
		return AUR_ENOMEM;
	n = BN_num_bytes(v);
	if (n > 0 && n < (int)sizeof bytes) {
		const bool zero = BN_num_bits(v) % 8 == 0;

		BN_bn2bin(v, bytes + 1);
		rc = aur__ssh_add_string(
		    out, zero ? aur_slice_of(bytes, (size_t)n + 1)
			      : aur_slice_of(bytes + 1, (size_t)n));
	}
	BN_free(v);
	return rc;
}

int aur__ssh_pkey_blob(EVP_PKEY *pkey, struct aur_buf *out)
{
	const enum aur_ssh_key type = aur__ssh_pkey_type(pkey);
	int rc;

	if (type == AUR_SSH_KEY_UNKNOWN)
		return AUR_EUNSUPPORTED;
	rc = aur__ssh_add_string(out, aur_slice_str(aur_ssh_key_name(type)));
	if (rc < 0)
		return rc;
	if (type == AUR_SSH_KEY_ED25519)
		return add_ed25519(pkey, out);
	if (type != AUR_SSH_KEY_RSA)
		return add_ecdsa(pkey, curve_of(type), out);
	rc = add_number(pkey, OSSL_PKEY_PARAM_RSA_E, out);
	return rc < 0 ? rc : add_number(pkey, OSSL_PKEY_PARAM_RSA_N, out);
}
