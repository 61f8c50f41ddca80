/* SPDX-License-Identifier: MIT */
/*
 * bcrypt_pbkdf, by which OpenSSH makes a key of a passphrase (OpenBSD's
 * bcrypt_pbkdf(3); Provos and Mazieres, "A Future-Adaptable Password Scheme",
 * 1999; Schneier's Blowfish). No library of Debian offers it: libcrypto has
 * Blowfish, but not the salted key schedule, and libssh2 keeps its own to
 * itself. It is slow on purpose: a round is 129 key schedules of 521
 * encryptions each.
 *
 *	hash(pass, salt):   state = digits of pi
 *	                    schedule with pass, salt mixed in
 *	                    64 times: schedule with salt; with pass
 *	                    encrypt a constant 64 times
 *	block(count):       salt' = SHA-512(salt, count)
 *	                    xor over the rounds of hash(SHA-512(pass), salt'),
 *	                    salt' = SHA-512 of the hash before
 *	key:                bytes of the blocks, dealt in turn
 */
#include "base/err.h"
#include "base/mem.h"
#include "ssh/private_int.h"

#include <openssl/crypto.h>

enum {
	WORDS_P = 18,
	WORDS_S = 4 * 256,
	HASH = 32,
	SHA512 = 64,
	MOST = 1024, /* bytes of key */
};

struct blowfish {
	uint32_t p[WORDS_P];
	uint32_t s[WORDS_S];
};

static const uint32_t pi[WORDS_P + WORDS_S] = {
#include "ssh/pi.def"
};

static uint32_t mix(const struct blowfish *b, uint32_t x)
{
	return ((b->s[x >> 24] + b->s[256 + (x >> 16 & 255)]) ^
		   b->s[512 + (x >> 8 & 255)]) +
	       b->s[768 + (x & 255)];
}

static void encrypt(const struct blowfish *b, uint32_t *left, uint32_t *right)
{
	uint32_t l = *left ^ b->p[0], r = *right;

	for (int i = 1; i <= 16; i += 2) {
		r ^= mix(b, l) ^ b->p[i];
		l ^= mix(b, r) ^ b->p[i + 1];
	}
	*left = r ^ b->p[17];
	*right = l;
}

/* Four bytes, big end first. */
static uint32_t word_at(const uint8_t *k)
{
	return (uint32_t)k[0] << 24 | (uint32_t)k[1] << 16 |
	       (uint32_t)k[2] << 8 | k[3];
}

/* The next word of a key, which repeats. */
static uint32_t next_word(const uint8_t key[SHA512], size_t *at)
{
	const uint8_t *k = key + *at;

	*at = (*at + 4) % SHA512;
	return word_at(k);
}

/* Blowfish's key schedule; `salt`, where there is one, is mixed into what is
 * encrypted. */
static void schedule(
    struct blowfish *b, const uint8_t *salt, const uint8_t key[SHA512])
{
	uint32_t l = 0, r = 0;
	size_t at = 0;

	for (int i = 0; i < WORDS_P; i++)
		b->p[i] ^= next_word(key, &at);
	at = 0;
	for (int i = 0; i < WORDS_P + WORDS_S; i += 2) {
		uint32_t *to = i < WORDS_P ? &b->p[i] : &b->s[i - WORDS_P];

		if (salt != NULL) {
			l ^= next_word(salt, &at);
			r ^= next_word(salt, &at);
		}
		encrypt(b, &l, &r);
		to[0] = l;
		to[1] = r;
	}
}

static void hash(struct blowfish *b, const uint8_t pass[SHA512],
    const uint8_t salt[SHA512], uint8_t out[HASH])
{
	static const char text[] = "OxychromaticBlowfishSwatDynamite";
	uint32_t word[HASH / 4];

	memcpy(b->p, pi, sizeof b->p);
	memcpy(b->s, pi + WORDS_P, sizeof b->s);
	schedule(b, salt, pass);
	for (int i = 0; i < 64; i++) {
		schedule(b, NULL, salt);
		schedule(b, NULL, pass);
	}
	for (size_t i = 0; i < HASH / 4; i++)
		word[i] = word_at((const uint8_t *)text + 4 * i);
	for (int n = 0; n < 64; n++)
		for (size_t i = 0; i < HASH / 4; i += 2)
			encrypt(b, &word[i], &word[i + 1]);
	for (size_t i = 0; i < HASH; i++)
		out[i] = (uint8_t)(word[i / 4] >> (8 * (i % 4)));
	OPENSSL_cleanse(word, sizeof word);
}

static bool sha512(struct aur_slice s, uint8_t out[SHA512])
{
	unsigned n;

	return EVP_Digest(s.p, s.n, out, &n, EVP_sha512(), NULL) == 1;
}

/* One block of key material. */
static int block(struct blowfish *b, const uint8_t pass[SHA512],
    struct aur_slice salt, uint32_t rounds, uint8_t out[HASH])
{
	uint8_t salted[SHA512], last[HASH];
	int rc = 0;

	memset(out, 0, HASH);
	if (!sha512(salt, salted))
		return AUR_ENOMEM;
	for (uint32_t n = 0; n < rounds && rc == 0; n++) {
		if (n > 0 && !sha512(aur_slice_of(last, HASH), salted))
			rc = AUR_ENOMEM;
		hash(b, pass, salted, last);
		for (size_t i = 0; i < HASH; i++)
			out[i] ^= last[i];
	}
	OPENSSL_cleanse(last, sizeof last);
	return rc;
}

/* Deals the blocks to the key: byte i of block c goes to i * blocks + c. */
static int fill(struct blowfish *b, const uint8_t pass[SHA512],
    struct aur_buf *salt, uint32_t rounds, uint8_t *out, size_t n)
{
	const size_t blocks = (n + HASH - 1) / HASH, before = salt->n;
	uint8_t bytes[HASH];
	int rc = 0;

	for (size_t c = 0; c < blocks && rc == 0; c++) {
		const uint8_t count[4] = {0, 0, 0, (uint8_t)(c + 1)};

		aur_buf_cut(salt, before);
		rc = aur_buf_add(salt, count, sizeof count);
		if (rc == 0)
			rc = block(b, pass, aur_buf_peek(salt), rounds, bytes);
		for (size_t i = 0; i * blocks + c < n && rc == 0; i++)
			out[i * blocks + c] = bytes[i];
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return rc;
}

int aur__ssh_bcrypt(struct aur_slice passphrase, struct aur_slice salt,
    uint32_t rounds, uint8_t *out, size_t n)
{
	struct blowfish *b;
	struct aur_buf salted;
	uint8_t pass[SHA512];
	int rc;

	if (passphrase.n == 0 || salt.n == 0 || rounds == 0 || n == 0 ||
	    n > MOST)
		return AUR_EINVALID;
	b = aur_mem_new(1, sizeof *b);
	if (b == NULL)
		return AUR_ENOMEM;
	aur_buf_init(&salted, salt.n + 4);
	rc = aur_buf_add_slice(&salted, salt);
	if (rc == 0 && !sha512(passphrase, pass))
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = fill(b, pass, &salted, rounds, out, n);
	aur_buf_release(&salted);
	OPENSSL_cleanse(pass, sizeof pass);
	OPENSSL_cleanse(b, sizeof *b);
	aur_mem_free(b);
	return rc;
}
