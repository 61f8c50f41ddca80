/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's own key files (its PROTOCOL.key):
 *
 *	"openssh-key-v1\0"
 *	string cipher | string kdf | string (string salt, uint32 rounds)
 *	uint32 1 | string blob | string secret | tag of the cipher, if any
 *
 * and the secret, once decrypted:
 *
 *	uint32 check | uint32 check | string type | numbers | string comment
 *	padding 1, 2, 3 ...
 *
 * The two checks are equal where the passphrase was right.
 */
#include "base/base64.h"
#include "base/err.h"
#include "ssh/bytes_int.h"
#include "ssh/private_int.h"

#include <openssl/crypto.h>

#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1" /* and its NUL */

enum { KEY_MOST = 32, IV_MOST = 16, TAG = 16 };

static const struct cipher {
	const char *name;
	const EVP_CIPHER *(*evp)(void);
	unsigned key, iv;
	bool tag;
} ciphers[] = {
    {"aes256-ctr", EVP_aes_256_ctr, 32, 16, false},
    {"aes192-ctr", EVP_aes_192_ctr, 24, 16, false},
    {"aes128-ctr", EVP_aes_128_ctr, 16, 16, false},
    {"aes256-cbc", EVP_aes_256_cbc, 32, 16, false},
    {"aes192-cbc", EVP_aes_192_cbc, 24, 16, false},
    {"aes128-cbc", EVP_aes_128_cbc, 16, 16, false},
    {"3des-cbc", EVP_des_ede3_cbc, 24, 8, false},
    {"aes256-gcm@openssh.com", EVP_aes_256_gcm, 32, 12, true},
    {"aes128-gcm@openssh.com", EVP_aes_128_gcm, 16, 12, true},
};

static const struct cipher *cipher_of(struct aur_slice name)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(ciphers); i++)
		if (aur_slice_is(name, ciphers[i].name))
			return &ciphers[i];
	return NULL;
}

bool aur__ssh_is_openssh(struct aur_slice text)
{
	return aur_slice_starts(aur_slice_trim(text), BEGIN);
}

/* The base64 between the two lines, without its newlines. */
static int collect(struct aur_slice text, struct aur_buf *base64)
{
	struct aur_slice line;
	bool inside = false;
	int rc = 0;

	/* room at once: a buffer that grows leaves copies behind */
	if (aur_buf_reserve(base64, text.n + 1) == NULL)
		return AUR_ENOMEM;
	while (rc == 0 && aur_slice_line(&text, &line)) {
		line = aur_slice_trim(line);
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (aur_slice_is(line, END))
			return inside ? 0 : AUR_EINVALID;
		if (inside)
			rc = aur_buf_add_slice(base64, line);
		inside |= aur_slice_is(line, BEGIN);
	}
	return rc < 0 ? rc : AUR_EINVALID;
}

static int take_kdf(struct aur_slice s, struct aur__ssh_container *c)
{
	if (aur_slice_is(c->kdf, "none"))
		return s.n == 0 && aur_slice_is(c->cipher, "none")
			   ? 0
			   : AUR_EINVALID;
	if (!aur_slice_is(c->kdf, "bcrypt"))
		return 0; /* of tomorrow: unfit, not invalid */
	return aur__ssh_take_string(&s, &c->salt) &&
		       aur__ssh_take_u32(&s, &c->rounds) && s.n == 0 &&
		       c->salt.n > 0 && c->rounds > 0 &&
		       !aur_slice_is(c->cipher, "none")
		   ? 0
		   : AUR_EINVALID;
}

static int take_apart(struct aur_slice s, struct aur__ssh_container *c)
{
	struct aur_slice kdf;
	uint32_t keys;

	if (s.n < sizeof MAGIC || memcmp(s.p, MAGIC, sizeof MAGIC) != 0)
		return AUR_EINVALID;
	s = aur_slice_of(s.p + sizeof MAGIC, s.n - sizeof MAGIC);
	if (!aur__ssh_take_string(&s, &c->cipher) ||
	    !aur__ssh_take_string(&s, &c->kdf) ||
	    !aur__ssh_take_string(&s, &kdf) || !aur__ssh_take_u32(&s, &keys))
		return AUR_EINVALID;
	if (keys != 1)
		return keys == 0 ? AUR_EINVALID : AUR_EUNSUPPORTED;
	if (!aur__ssh_take_string(&s, &c->blob) ||
	    !aur__ssh_take_string(&s, &c->secret) ||
	    !aur_ssh_key_valid(c->blob))
		return AUR_EINVALID;
	c->tag = s;
	return take_kdf(kdf, c);
}

int aur__ssh_container(struct aur_slice text, struct aur_buf *bytes,
    struct aur__ssh_container *ret_c)
{
	struct aur__ssh_container c = {.rounds = 0};
	struct aur_buf base64;
	int rc;

	aur_buf_init(&base64, text.n + 1);
	rc = collect(text, &base64);
	if (rc == 0)
		rc = aur_base64_decode(aur_buf_peek(&base64), bytes);
	aur_ssh_wipe(&base64);
	if (rc == 0)
		rc = take_apart(aur_buf_peek(bytes), &c);
	if (rc == 0)
		*ret_c = c;
	return rc;
}

const char *aur__ssh_container_unfit(const struct aur__ssh_container *c)
{
	const unsigned flags = aur_ssh_key_flags(aur_ssh_key_of(c->blob));

	if ((flags & AUR_SSH_KEY_HARDWARE) != 0)
		return "it needs a hardware token";
	if (flags != 0 || aur_ssh_key_of(c->blob) == AUR_SSH_KEY_UNKNOWN)
		return "this type of key is not for us";
	if (aur_slice_is(c->cipher, "none"))
		return NULL;
	if (cipher_of(c->cipher) == NULL || !aur_slice_is(c->kdf, "bcrypt"))
		return "it is encrypted in a way that is not for us";
	if (c->rounds > AUR_MAX_SSH_ROUNDS)
		return "it has more rounds of bcrypt than we wait for";
	return NULL;
}

/* Decrypts `in` into `out`, of the same size. */
static int run_cipher(const struct cipher *cipher, const uint8_t *key,
    const struct aur__ssh_container *c, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tag[TAG];
	int n = 0, last = 0, rc = AUR_EDENIED;

	if (ctx == NULL)
		return AUR_ENOMEM;
	if (EVP_DecryptInit_ex(
		ctx, cipher->evp(), NULL, key, key + cipher->key) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1) {
		rc = AUR_EUNSUPPORTED; /* a build without it */
		goto out;
	}
	if (cipher->tag) {
		memcpy(tag, c->tag.p, TAG);
		if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, tag) !=
		    1)
			goto out;
	}
	if (EVP_DecryptUpdate(ctx, out, &n, c->secret.p, (int)c->secret.n) ==
		1 &&
	    EVP_DecryptFinal_ex(ctx, out + n, &last) == 1 &&
	    (size_t)(n + last) == c->secret.n)
		rc = 0;
out:
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}

static int decrypt(const struct aur__ssh_container *c,
    struct aur_slice passphrase, struct aur_buf *out)
{
	const struct cipher *cipher = cipher_of(c->cipher);
	const size_t block = cipher->iv == 8 ? 8 : 16;
	uint8_t key[KEY_MOST + IV_MOST], *to;
	int rc;

	if (c->tag.n != (cipher->tag ? TAG : 0) || c->secret.n == 0 ||
	    c->secret.n % block != 0)
		return AUR_EINVALID;
	if (passphrase.n == 0)
		return AUR_EDENIED;
	to = aur_buf_reserve(out, c->secret.n);
	if (to == NULL)
		return AUR_ENOMEM;
	rc = aur__ssh_bcrypt(
	    passphrase, c->salt, c->rounds, key, cipher->key + cipher->iv);
	if (rc == 0)
		rc = run_cipher(cipher, key, c, to);
	if (rc == 0)
		aur_buf_commit(out, c->secret.n);
	OPENSSL_cleanse(key, sizeof key);
	return rc;
}

static bool padding_right(struct aur_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != (uint8_t)(i + 1))
			return false;
	return true;
}

/* The secret in clear as a key. */
static int parse_secret(
    struct aur_slice s, enum aur_ssh_key type, EVP_PKEY **ret_pkey)
{
	struct aur_slice name, comment;
	EVP_PKEY *pkey = NULL;
	uint32_t a, b;
	int rc;

	if (!aur__ssh_take_u32(&s, &a) || !aur__ssh_take_u32(&s, &b))
		return AUR_EINVALID;
	if (a != b)
		return AUR_EDENIED;
	if (!aur__ssh_take_string(&s, &name) ||
	    !aur_slice_is(name, aur_ssh_key_name(type)))
		return AUR_EINVALID;
	rc = aur__ssh_pkey_make(type, &s, &pkey);
	if (rc < 0)
		return rc;
	if (!aur__ssh_take_string(&s, &comment) || !padding_right(s)) {
		EVP_PKEY_free(pkey);
		return AUR_EINVALID;
	}
	*ret_pkey = pkey;
	return 0;
}

static int open_container(const struct aur__ssh_container *c,
    struct aur_slice passphrase, EVP_PKEY **ret_pkey)
{
	const enum aur_ssh_key type = aur_ssh_key_of(c->blob);
	struct aur_buf clear;
	int rc;

	if (aur__ssh_container_unfit(c) != NULL)
		return c->rounds > AUR_MAX_SSH_ROUNDS ? AUR_ELIMIT
						      : AUR_EUNSUPPORTED;
	if (aur_slice_is(c->cipher, "none")) {
		rc = parse_secret(c->secret, type, ret_pkey);
		/* nobody's passphrase is wrong here */
		return rc == AUR_EDENIED ? AUR_EINVALID : rc;
	}
	aur_buf_init(&clear, AUR_MAX_SSH_KEY_FILE);
	rc = decrypt(c, passphrase, &clear);
	if (rc == 0)
		rc = parse_secret(aur_buf_peek(&clear), type, ret_pkey);
	aur_ssh_wipe(&clear);
	return rc;
}

/* That the two halves of the file belong together. */
static int check_blob(EVP_PKEY *pkey, struct aur_slice blob)
{
	struct aur_buf own;
	int rc;

	aur_buf_init(&own, AUR_MAX_SSH_BLOB);
	rc = aur__ssh_pkey_blob(pkey, &own);
	if (rc == 0 && !aur_slice_eq(aur_buf_peek(&own), blob))
		rc = AUR_EINVALID;
	aur_buf_release(&own);
	return rc;
}

int aur__ssh_openssh_open(
    struct aur_slice text, struct aur_slice passphrase, EVP_PKEY **ret_pkey)
{
	struct aur__ssh_container c;
	EVP_PKEY *pkey = NULL;
	struct aur_buf bytes;
	int rc;

	aur_buf_init(&bytes, AUR_MAX_SSH_KEY_FILE);
	rc = aur__ssh_container(text, &bytes, &c);
	if (rc == 0)
		rc = open_container(&c, passphrase, &pkey);
	if (rc == 0)
		rc = check_blob(pkey, c.blob);
	aur_ssh_wipe(&bytes);
	if (rc == 0)
		*ret_pkey = pkey;
	else
		EVP_PKEY_free(pkey);
	return rc;
}
