/* SPDX-License-Identifier: MIT */
/*
 * Key types and blobs. A blob is looked at as far as text and sizes go; that
 * its numbers make a key is for the cryptography to find out, which gets them
 * from a server that proves it, or not at all.
 */
#include "ssh/key.h"

#include "base/base64.h"
#include "base/err.h"
#include "base/limits.h"
#include "ssh/bytes_int.h"

#include <openssl/evp.h>

static const struct {
	const char *name, *label;
	unsigned flags;
} types[AUR_SSH_KEY_TYPES] = {
    [AUR_SSH_KEY_UNKNOWN] = {"unknown", "unknown", 0},
#define AUR_SSH_KEY(NAME, name, label, flags)                                  \
	[AUR_SSH_KEY_##NAME] = {name, label, flags},
#include "ssh/keytype.def"
#undef AUR_SSH_KEY
};

enum aur_ssh_key aur_ssh_key_find(struct aur_slice name)
{
	for (int i = 1; i < AUR_SSH_KEY_TYPES; i++)
		if (aur_slice_is(name, types[i].name))
			return (enum aur_ssh_key)i;
	if (aur_slice_is(name, "rsa-sha2-256") ||
	    aur_slice_is(name, "rsa-sha2-512"))
		return AUR_SSH_KEY_RSA;
	return AUR_SSH_KEY_UNKNOWN;
}

const char *aur_ssh_key_name(enum aur_ssh_key type)
{
	return types[type].name;
}

const char *aur_ssh_key_label(enum aur_ssh_key type)
{
	return types[type].label;
}

unsigned aur_ssh_key_flags(enum aur_ssh_key type)
{
	return types[type].flags;
}

/* Names are printable and have no comma (RFC 4250, section 4.6.1). */
static bool name_valid(struct aur_slice name)
{
	if (name.n == 0 || name.n > 64)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] <= ' ' || name.p[i] >= 0x7f || name.p[i] == ',' ||
		    name.p[i] == '"')
			return false;
	return true;
}

struct aur_slice aur_ssh_key_blob_name(struct aur_slice blob)
{
	struct aur_slice name;

	if (aur__ssh_take_string(&blob, &name) && name_valid(name))
		return name;
	return aur_slice_of(NULL, 0);
}

enum aur_ssh_key aur_ssh_key_of(struct aur_slice blob)
{
	struct aur_slice name = aur_ssh_key_blob_name(blob);

	/* a blob of an RSA key says ssh-rsa, whatever signs */
	if (aur_slice_starts(name, "rsa-sha2-"))
		return AUR_SSH_KEY_UNKNOWN;
	return aur_ssh_key_find(name);
}

/* Strings behind the name; 0 where that is not looked at. */
static size_t strings_of(enum aur_ssh_key type)
{
	switch (type) {
	case AUR_SSH_KEY_ED25519:
		return 1;
	case AUR_SSH_KEY_ECDSA_256:
	case AUR_SSH_KEY_ECDSA_384:
	case AUR_SSH_KEY_ECDSA_521:
	case AUR_SSH_KEY_RSA:
	case AUR_SSH_KEY_SK_ED25519:
		return 2;
	case AUR_SSH_KEY_SK_ECDSA:
		return 3;
	case AUR_SSH_KEY_DSA:
		return 4;
	default:
		return 0;
	}
}

bool aur_ssh_key_valid(struct aur_slice blob)
{
	const size_t n = strings_of(aur_ssh_key_of(blob));
	struct aur_slice part;

	if (aur_ssh_key_blob_name(blob).n == 0 || blob.n > AUR_MAX_SSH_BLOB ||
	    !aur__ssh_take_string(&blob, &part))
		return false;
	if (n == 0)
		return blob.n > 0;
	for (size_t i = 0; i < n; i++)
		if (!aur__ssh_take_string(&blob, &part) || part.n == 0)
			return false;
	return blob.n == 0;
}

/* Bits of a positive mpint. */
static unsigned mpint_bits(struct aur_slice m)
{
	unsigned bits;

	while (m.n > 0 && m.p[0] == 0)
		m = aur_slice_of(m.p + 1, m.n - 1);
	if (m.n == 0 || m.n > AUR_MAX_SSH_BLOB)
		return 0;
	bits = (unsigned)(m.n - 1) * 8;
	for (uint8_t first = m.p[0]; first != 0; first >>= 1)
		bits++;
	return bits;
}

unsigned aur_ssh_key_bits(struct aur_slice blob)
{
	const enum aur_ssh_key type = aur_ssh_key_of(blob);
	struct aur_slice part;

	if (!aur_ssh_key_valid(blob))
		return 0;
	switch (type) {
	case AUR_SSH_KEY_ED25519:
	case AUR_SSH_KEY_SK_ED25519:
	case AUR_SSH_KEY_ECDSA_256:
	case AUR_SSH_KEY_SK_ECDSA:
		return 256;
	case AUR_SSH_KEY_ECDSA_384:
		return 384;
	case AUR_SSH_KEY_ECDSA_521:
		return 521;
	case AUR_SSH_KEY_RSA: /* name, e, n */
	case AUR_SSH_KEY_DSA: /* name, p, ... */
		break;
	default:
		return 0;
	}
	for (int i = type == AUR_SSH_KEY_RSA ? 0 : 1; i < 3; i++)
		if (!aur__ssh_take_string(&blob, &part))
			return 0;
	return mpint_bits(part);
}

int aur_ssh_fingerprint(
    struct aur_slice blob, char ret_text[AUR_SSH_FINGERPRINT])
{
	static const char head[] = "SHA256:";
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct aur_buf text;
	int rc;

	if (EVP_Digest(blob.p, blob.n, hash, &n, EVP_sha256(), NULL) != 1)
		return AUR_ENOMEM;
	aur_buf_init(&text, AUR_SSH_FINGERPRINT);
	rc = aur_buf_add_str(&text, head);
	if (rc == 0)
		rc = aur_base64_add(&text, aur_slice_of(hash, n), false);
	if (rc == 0)
		rc = aur_buf_add_byte(&text, '\0');
	if (rc == 0)
		memcpy(ret_text, aur_buf_peek(&text).p, AUR_SSH_FINGERPRINT);
	aur_buf_release(&text);
	return rc;
}

int aur_ssh_sha256(struct aur_slice bytes, char ret_text[AUR_SSH_SHA256])
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_Digest(bytes.p, bytes.n, hash, &n, EVP_sha256(), NULL) != 1)
		return AUR_ENOMEM;
	for (unsigned i = 0; i < n; i++)
		snprintf(ret_text + 2 * i, 3, "%02x", hash[i]);
	return 0;
}

bool aur_ssh_fingerprint_valid(struct aur_slice text)
{
	char base64[44 + 1];
	struct aur_buf hash;
	bool good;

	if (text.n != AUR_SSH_FINGERPRINT - 1 ||
	    !aur_slice_starts(text, "SHA256:"))
		return false;
	memcpy(base64, text.p + 7, 43);
	base64[43] = '=';
	base64[44] = '\0';
	aur_buf_init(&hash, 32);
	good = aur_base64_decode(aur_slice_str(base64), &hash) == 0;
	aur_buf_release(&hash);
	return good;
}

int aur_ssh_key_rename(
    struct aur_slice blob, const char *name, struct aur_buf *out)
{
	const size_t before = out->n;
	struct aur_slice old;
	int rc;

	if (!aur__ssh_take_string(&blob, &old))
		return AUR_EINVALID;
	rc = aur__ssh_add_string(out, aur_slice_str(name));
	if (rc == 0 && (rc = aur_buf_add_slice(out, blob)) < 0)
		aur_buf_cut(out, before);
	return rc;
}
