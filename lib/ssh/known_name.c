/* SPDX-License-Identifier: MIT */
/*
 * Names in known_hosts. A list is patterns with commas between; one that is
 * negated and matches wins over all others. A hashed name is alone, and stands
 * for HMAC-SHA1 of the name in lower case under its salt.
 *
 *	web1,web1.example,10.0.0.7      [web1]:2222      *.example,!db*.example
 *	|1|base64 of 20 bytes of salt|base64 of 20 bytes of hash
 */
#include "ssh/known_int.h"

#include "base/base64.h"
#include "base/err.h"

#include <openssl/rand.h>

#define HASH_BYTES 20
#define BLOCK 64     /* of SHA-1 */
#define HASH_TEXT 28 /* of base64 */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static void lower_all(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)lower((uint8_t)*s);
}

bool aur__known_names(
    const struct aur_ssh_known_host *host, struct aur__known_names *ret_names)
{
	const char *name = host->alias != NULL ? host->alias : host->name;
	struct aur__known_names n = {"", ""};

	if (name[0] == '\0' || strlen(name) > AUR_MAX_HOSTNAME)
		return false;
	if (host->alias != NULL || host->port == 0 || host->port == 22) {
		snprintf(n.full, sizeof n.full, "%s", name);
	} else {
		snprintf(n.full, sizeof n.full, "[%s]:%u", name,
		    (unsigned)host->port);
		snprintf(n.bare, sizeof n.bare, "%s", name);
	}
	lower_all(n.full);
	lower_all(n.bare);
	*ret_names = n;
	return true;
}

/* * and ?, in linear memory and without recursion: after a failure only the
 * last star can take more. */
static bool match_pattern(struct aur_slice pattern, struct aur_slice s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = i;
		} else if (p < pattern.n &&
			   (pattern.p[p] == '?' ||
			       lower(pattern.p[p]) == s.p[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static bool match_list(struct aur_slice list, struct aur_slice name)
{
	struct aur_slice part;
	bool found = false;

	while (list.n > 0) {
		bool negated;

		if (!aur_slice_until(&list, ',', &part)) {
			part = list;
			list.n = 0;
		}
		negated = part.n > 0 && part.p[0] == '!';
		if (negated)
			part = aur_slice_of(part.p + 1, part.n - 1);
		if (part.n == 0 || !match_pattern(part, name))
			continue;
		if (negated)
			return false;
		found = true;
	}
	return found;
}

int aur__known_hmac_init(struct aur__known_hmac *h)
{
	h->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	h->ctx = EVP_MD_CTX_new();
	return h->sha1 != NULL && h->ctx != NULL ? 0 : AUR_ENOMEM;
}

void aur__known_hmac_release(struct aur__known_hmac *h)
{
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->sha1);
}

/* SHA-1 of the salt, padded to a block and xored with `pad`, and `text`. */
static bool pass(const struct aur__known_hmac *h,
    const uint8_t salt[HASH_BYTES], uint8_t pad, struct aur_slice text,
    uint8_t out[HASH_BYTES])
{
	uint8_t block[BLOCK];

	memset(block, pad, BLOCK);
	for (size_t i = 0; i < HASH_BYTES; i++)
		block[i] ^= salt[i];
	return EVP_DigestInit_ex2(h->ctx, h->sha1, NULL) == 1 &&
	       EVP_DigestUpdate(h->ctx, block, BLOCK) == 1 &&
	       EVP_DigestUpdate(h->ctx, text.p, text.n) == 1 &&
	       EVP_DigestFinal_ex(h->ctx, out, NULL) == 1;
}

/* RFC 2104. */
static bool hmac(const struct aur__known_hmac *h,
    const uint8_t salt[HASH_BYTES], struct aur_slice name,
    uint8_t out[HASH_BYTES])
{
	uint8_t inner[HASH_BYTES];

	return pass(h, salt, 0x36, name, inner) &&
	       pass(h, salt, 0x5c, aur_slice_of(inner, HASH_BYTES), out);
}

static int match_hash(const struct aur__known_hmac *h, struct aur_slice names,
    struct aur_slice name)
{
	uint8_t salt[HASH_BYTES], want[HASH_BYTES], got[HASH_BYTES];
	const uint8_t *text = names.p + 3;

	if (names.n != 3 + HASH_TEXT + 1 + HASH_TEXT ||
	    text[HASH_TEXT] != '|' ||
	    aur_base64_decode_exact(
		aur_slice_of(text, HASH_TEXT), salt, HASH_BYTES) < 0 ||
	    aur_base64_decode_exact(
		aur_slice_of(text + HASH_TEXT + 1, HASH_TEXT), want,
		HASH_BYTES) < 0)
		return 0;
	if (!hmac(h, salt, name, got))
		return AUR_ENOMEM;
	return memcmp(got, want, HASH_BYTES) == 0;
}

int aur__known_match(
    const struct aur_ssh_known *k, struct aur_slice names, const char *name)
{
	struct aur_slice s = aur_slice_str(name);

	if (aur_slice_starts(names, "|1|"))
		return match_hash(&k->hmac, names, s);
	return match_list(names, s);
}

int aur__known_hash(const char *name, struct aur_buf *out)
{
	const size_t before = out->n;
	uint8_t salt[HASH_BYTES], hash[HASH_BYTES];
	struct aur__known_hmac h;
	int rc = aur__known_hmac_init(&h);

	if (rc == 0 && RAND_bytes(salt, sizeof salt) != 1)
		rc = AUR_EIO;
	if (rc == 0 && !hmac(&h, salt, aur_slice_str(name), hash))
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = aur_buf_add_str(out, "|1|");
	if (rc == 0)
		rc = aur_base64_add(out, aur_slice_of(salt, sizeof salt), true);
	if (rc == 0)
		rc = aur_buf_add_byte(out, '|');
	if (rc == 0)
		rc = aur_base64_add(out, aur_slice_of(hash, sizeof hash), true);
	if (rc < 0)
		aur_buf_cut(out, before);
	aur__known_hmac_release(&h);
	return rc;
}
