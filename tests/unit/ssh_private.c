/* SPDX-License-Identifier: MIT */
/*
 * Private keys that ssh-keygen wrote, in each form, with and without a
 * passphrase; the public half and signatures checked against *.pub by
 * libcrypto alone.
 */
#include "ssh/private.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/unit/ssh_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *file, *public; /* in fixtures/ssh/keys */
	bool encrypted;
} keys[] = {
    {"ed25519", "ed25519.pub", false},
    {"ed25519_pass", "ed25519.pub", true},
    {"ed25519_rounds", "ed25519.pub", true},
    {"ed25519_aes128-ctr", "ed25519.pub", true},
    {"ed25519_aes192-ctr", "ed25519.pub", true},
    {"ed25519_aes128-cbc", "ed25519.pub", true},
    {"ed25519_aes256-cbc", "ed25519.pub", true},
    {"ed25519_aes256-gcm", "ed25519.pub", true},
    {"ed25519_3des-cbc", "ed25519.pub", true},
    {"ecdsa", "ecdsa.pub", false},
    {"ecdsa_pass", "ecdsa.pub", true},
    {"ecdsa384", "ecdsa384.pub", false},
    {"ecdsa521", "ecdsa521.pub", false},
    {"ecdsa.pem", "ecdsa.pub", false},
    {"ecdsa_pass.pkcs8", "ecdsa.pub", true},
    {"rsa", "rsa.pub", false},
    {"rsa_pass", "rsa.pub", true},
    {"rsa.pem", "rsa.pub", false},
    {"rsa_pass.pem", "rsa.pub", true},
    {"rsa.pkcs8", "rsa.pub", false},
};

static const struct aur_slice none = {NULL, 0};

static struct aur_buf key_file(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "keys/%s", name);
	return fixture(path);
}

static struct aur_slice right(void)
{
	return aur_slice_str(FIXTURE_PASSPHRASE);
}

static void check_public(const struct aur_ssh_private *key, const char *public)
{
	struct aur_buf text = key_file(public), blob;
	struct aur_ssh_line l;

	aur_buf_init(&blob, AUR_MAX_SSH_BLOB);
	if (aur_ssh_line_parse(aur_buf_peek(&text), &l) < 0 ||
	    aur_ssh_line_blob(&l, &blob) < 0)
		abort();
	tap_eq_int(aur_ssh_private_type(key), l.type, "type");
	tap_ok(aur_slice_eq(aur_ssh_private_blob(key), aur_buf_peek(&blob)),
	    "has the blob of %s", public);
	aur_buf_release(&blob);
	aur_buf_release(&text);
}

static void test_open(void)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(keys); i++) {
		struct aur_buf text = key_file(keys[i].file);
		struct aur_slice t = aur_buf_peek(&text);
		struct aur_ssh_private *key = NULL;
		struct aur_ssh_private_look look = {.supported = false};

		tap_eq_int(aur_ssh_private_look(t, &look), 0, keys[i].file);
		tap_ok(look.supported && look.encrypted == keys[i].encrypted,
		    "is for us, %s", look.encrypted ? "encrypted" : "in clear");
		if (keys[i].encrypted) {
			tap_eq_int(aur_ssh_private_open(t, none, &key),
			    AUR_EDENIED, "needs a passphrase");
			tap_eq_int(aur_ssh_private_open(
				       t, aur_slice_str("wrong"), &key),
			    AUR_EDENIED, "the right one");
		}
		tap_eq_int(aur_ssh_private_open(
			       t, keys[i].encrypted ? right() : none, &key),
		    0, "opens");
		if (key != NULL)
			check_public(key, keys[i].public);
		aur_ssh_private_free(key);
		aur_buf_release(&text);
	}
}

static void look_is(const char *text, int rc, bool supported, const char *why)
{
	struct aur_ssh_private_look look = {.encrypted = true};

	tap_eq_int(
	    aur_ssh_private_look(aur_slice_str(text), &look), rc, "look");
	if (rc < 0)
		return;
	tap_eq_int(look.supported, supported, "supported");
	tap_eq_bytes(look.why.p, look.why.n, why, strlen(why), "why");
}

static void test_unfit(void)
{
	struct aur_buf text = key_file("ed25519_chacha20-poly1305");
	struct aur_ssh_private *key = NULL;

	look_is(aur_buf_str(&text), 0, false,
	    "it is encrypted in a way that is not for us");
	tap_eq_int(aur_ssh_private_open(aur_buf_peek(&text), right(), &key),
	    AUR_EUNSUPPORTED, "chacha20 is left to ssh");
	aur_buf_release(&text);
	look_is("PuTTY-User-Key-File-3: ssh-ed25519\n", 0, false,
	    "it is in PuTTY's format: puttygen -O private-openssh makes it "
	    "OpenSSH's");
	look_is("", AUR_EINVALID, false, "");
	look_is("ssh-ed25519 AAAA\n", AUR_EINVALID, false, "");
	look_is("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"
		"-----END RSA PRIVATE KEY-----\n",
	    AUR_EINVALID, false, "");
	look_is("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
		"-----END OPENSSH PRIVATE KEY-----\n",
	    AUR_EINVALID, false, "");
	look_is(
	    "-----BEGIN OPENSSH PRIVATE KEY-----\n", AUR_EINVALID, false, "");
	text = key_file("other_ed25519.pkcs8");
	look_is(aur_buf_str(&text), 0, true, "");
	aur_buf_release(&text);
	tap_ok(key == NULL, "nothing was opened");
	aur_ssh_private_free(NULL);
}

static struct aur_ssh_private *open_key(const char *name)
{
	struct aur_buf text = key_file(name);
	struct aur_ssh_private *key = NULL;

	if (aur_ssh_private_open(aur_buf_peek(&text), none, &key) < 0)
		abort();
	aur_ssh_wipe(&text);
	return key;
}

/* That a signature is right is shown by ssh-keygen -Y verify and real servers
 * (tests/ssh); here: its form, and who must not sign. */
static void test_sign(void)
{
	static const struct {
		const char *file, *algorithm;
		size_t least, most;
	} ways[] = {
	    {"ed25519", "ssh-ed25519", 64, 64},
	    {"ecdsa", "ecdsa-sha2-nistp256", 66, 74},
	    {"ecdsa384", "ecdsa-sha2-nistp384", 98, 106},
	    {"ecdsa521", "ecdsa-sha2-nistp521", 130, 140},
	    {"rsa", "rsa-sha2-256", 256, 256},
	    {"rsa", "rsa-sha2-512", 256, 256},
	};
	static const char *const refused[] = {"ssh-rsa", "ssh-ed25519", ""};
	struct aur_ssh_private *key;
	struct aur_buf out;

	aur_buf_init(&out, 4096);
	for (size_t i = 0; i < AUR_ARRAY_LEN(ways); i++) {
		key = open_key(ways[i].file);
		aur_buf_clear(&out);
		tap_eq_int(aur_ssh_private_sign(key, ways[i].algorithm,
			       aur_slice_str("data"), &out),
		    0, ways[i].algorithm);
		tap_ok(out.n >= ways[i].least && out.n <= ways[i].most,
		    "%zu bytes", out.n);
		aur_ssh_private_free(key);
	}
	key = open_key("rsa");
	for (size_t i = 0; i < AUR_ARRAY_LEN(refused); i++)
		tap_eq_int(aur_ssh_private_sign(
			       key, refused[i], aur_slice_str("data"), &out),
		    AUR_EUNSUPPORTED, "an RSA key does not sign as that");
	aur_ssh_private_free(key);
	aur_buf_release(&out);
}

static void test_read(void)
{
	char path[] = "/tmp/aurora-key-XXXXXX";
	int fd = mkstemp(path);
	struct aur_buf b;

	if (fd < 0 || write(fd, "secret", 6) != 6)
		abort();
	aur_buf_init(&b, 100);
	tap_eq_int(aur_ssh_private_read(path, &b), 0, "read");
	tap_eq_str(aur_buf_str(&b), "secret", "whole");
	aur_buf_clear(&b);
	fchmod(fd, 0640);
	tap_eq_int(aur_ssh_private_read(path, &b), AUR_EDENIED,
	    "not one that others can read");
	fchmod(fd, 0600);
	tap_ok(ftruncate(fd, 200) == 0, "longer");
	tap_eq_int(
	    aur_ssh_private_read(path, &b), AUR_ELIMIT, "than the buffer");
	tap_ok(ftruncate(fd, AUR_MAX_SSH_KEY_FILE + 1) == 0, "still longer");
	tap_eq_int(aur_ssh_private_read(path, &b), AUR_ELIMIT, "than any key");
	unlink(path);
	tap_eq_int(aur_ssh_private_read(path, &b), AUR_EABSENT, "not there");
	tap_eq_int(aur_ssh_private_read("/tmp", &b), AUR_EINVALID, "a folder");
	close(fd);
	aur_ssh_wipe(&b);
}

static void test_no_memory(void)
{
	struct aur_buf text = key_file("ed25519_rounds"), out;
	struct aur_ssh_private *key = NULL;
	size_t bad = 0;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		aur_buf_init(&out, 1000);
		key = NULL;
		rc = aur_ssh_private_open(aur_buf_peek(&text), right(), &key);
		if (rc == 0)
			rc = aur_ssh_private_sign(
			    key, "ssh-ed25519", aur_slice_str("x"), &out);
		aur_ssh_private_free(key);
		aur_buf_release(&out);
		if (!fail_end())
			break;
		bad += rc != AUR_ENOMEM;
	}
	tap_eq_int(rc, 0, "got through");
	tap_eq_u64(bad, 0, "every failure was said");
	aur_buf_release(&text);
}

int main(void)
{
	test_open();
	test_unfit();
	test_sign();
	test_read();
	test_no_memory();
	return tap_done();
}
