/* SPDX-License-Identifier: MIT */
/* Public keys: types, blobs, fingerprints as ssh-keygen prints them. */
#include "ssh/key.h"
#include "base/err.h"
#include "base/limits.h"
#include "ssh/algo.h"
#include "tests/harness/fail.h"
#include "tests/unit/ssh_fixture.h"

/* As `ssh-keygen -l` shows the fixtures. */
static const struct {
	const char *file;
	enum aur_ssh_key type;
	unsigned bits;
	const char *fingerprint;
} keys[] = {
    {"keys/ed25519.pub", AUR_SSH_KEY_ED25519, 256,
	"SHA256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC4"},
    {"keys/ecdsa.pub", AUR_SSH_KEY_ECDSA_256, 256,
	"SHA256:Uriv+RNqAhIR1+/dJQYoehQMmGud/aEc85FIT0h006o"},
    {"keys/ecdsa384.pub", AUR_SSH_KEY_ECDSA_384, 384,
	"SHA256:JyC6OqCpvKCt0KsyF0bs3Umf4hYJVCdTwNXbErGylms"},
    {"keys/ecdsa521.pub", AUR_SSH_KEY_ECDSA_521, 521,
	"SHA256:WMoiLvu1gUH4rykEEkt458rH6aEEMGsu6izSWCp4H88"},
    {"keys/rsa.pub", AUR_SSH_KEY_RSA, 2048,
	"SHA256:prfTmp+88xGEuq2H/AuEy8LfVwpormPK4dZDxV1E190"},
    {"keys/dsa.pub", AUR_SSH_KEY_DSA, 1024,
	"SHA256:PgoHEyCaTjd0CFF6lgvMr6FXHC5+HXKcLzpPqEWIVCk"},
};

static void test_types(void)
{
	size_t bad = 0;

	for (int i = 1; i < AUR_SSH_KEY_TYPES; i++) {
		const char *name = aur_ssh_key_name((enum aur_ssh_key)i);

		bad += aur_ssh_key_find(aur_slice_str(name)) !=
		       (enum aur_ssh_key)i;
	}
	tap_eq_u64(bad, 0, "every type is found by its name");
	tap_eq_int(aur_ssh_key_find(aur_slice_str("rsa-sha2-512")),
	    AUR_SSH_KEY_RSA, "and RSA by those of its signatures");
	tap_eq_int(aur_ssh_key_find(aur_slice_str("ssh-xmss@openssh.com")),
	    AUR_SSH_KEY_UNKNOWN, "others are unknown");
	tap_eq_str(aur_ssh_key_label(AUR_SSH_KEY_SK_ED25519), "ED25519-SK",
	    "for people");
	tap_eq_u64(aur_ssh_key_flags(AUR_SSH_KEY_CERT_SK_ECDSA),
	    AUR_SSH_KEY_HARDWARE | AUR_SSH_KEY_CERTIFICATE, "flags");
	tap_eq_str(aur_ssh_key_name(AUR_SSH_KEY_UNKNOWN), "unknown",
	    "the unknown one has a name too");
}

/* The blob of a fixture's one line. */
static struct aur_buf blob_of(const char *file, struct aur_buf *text)
{
	struct aur_ssh_line l = {0};
	struct aur_buf blob;

	*text = fixture(file);
	aur_buf_init(&blob, AUR_MAX_SSH_BLOB);
	tap_eq_int(aur_ssh_line_parse(aur_buf_peek(text), &l), 0, file);
	tap_eq_int(aur_ssh_line_blob(&l, &blob), 0, "its blob");
	return blob;
}

static void test_blobs(void)
{
	char fingerprint[AUR_SSH_FINGERPRINT];

	for (size_t i = 0; i < AUR_ARRAY_LEN(keys); i++) {
		struct aur_buf text, b = blob_of(keys[i].file, &text);
		struct aur_slice blob = aur_buf_peek(&b);
		size_t bad = 0;

		tap_eq_int(aur_ssh_key_of(blob), keys[i].type, "type");
		tap_eq_u64(aur_ssh_key_bits(blob), keys[i].bits, "bits");
		tap_eq_int(aur_ssh_fingerprint(blob, fingerprint), 0, "hashed");
		tap_eq_str(
		    fingerprint, keys[i].fingerprint, "as ssh-keygen says");
		tap_ok(aur_ssh_fingerprint_valid(aur_slice_str(fingerprint)),
		    "has the form of one");
		tap_ok(aur_ssh_key_valid(blob), "is well formed");
		for (size_t n = 0; n < blob.n; n++)
			bad += aur_ssh_key_valid(aur_slice_of(blob.p, n));
		tap_eq_u64(bad, 0, "cut anywhere it is not");
		aur_buf_release(&b);
		aur_buf_release(&text);
	}
}

static void test_fingerprints(void)
{
	static const char *const bad[] = {"",
	    "SHA256:", "SHA256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC",
	    "SHA256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC4=",
	    "sha256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC4",
	    "SHA256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC_",
	    "SHA256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC5",
	    "MD5:27:9c:bd:1d:1a:aa:36:bd:84:5a:25:9a:fc:2f:12:34"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		tap_ok(!aur_ssh_fingerprint_valid(aur_slice_str(bad[i])),
		    "no fingerprint: '%s'", bad[i]);
}

static void test_rename(void)
{
	static const char want[] = "\0\0\0\014rsa-sha2-256\0\0\0\003\1\0\1";
	struct aur_buf text, blob = blob_of("keys/rsa.pub", &text), out;

	aur_buf_init(&out, AUR_MAX_SSH_BLOB);
	tap_eq_int(
	    aur_ssh_key_rename(aur_buf_peek(&blob), "rsa-sha2-256", &out), 0,
	    "renamed");
	tap_eq_bytes(aur_buf_peek(&out).p, sizeof want - 1, want,
	    sizeof want - 1, "the name and the exponent behind it");
	tap_eq_u64(out.n, blob.n + 5, "the rest is as it was");
	tap_eq_int(aur_ssh_key_of(aur_buf_peek(&out)), AUR_SSH_KEY_UNKNOWN,
	    "no blob says so by itself");
	tap_eq_int(aur_ssh_key_rename(aur_slice_str("abc"), "x", &out),
	    AUR_EINVALID, "no blob");
	aur_buf_release(&out);
	aur_buf_release(&blob);
	aur_buf_release(&text);
}

static void test_certificate(void)
{
	struct aur_buf text, b = blob_of("keys/ecdsa_cert.pub", &text);

	tap_eq_int(aur_ssh_key_of(aur_buf_peek(&b)), AUR_SSH_KEY_CERT_ECDSA_256,
	    "a certificate");
	tap_ok(aur_ssh_key_valid(aur_buf_peek(&b)), "is well formed");
	aur_buf_release(&b);
	aur_buf_release(&text);
}

static void test_algorithms(void)
{
	const enum aur_ssh_key rsa = AUR_SSH_KEY_RSA,
			       two[] = {AUR_SSH_KEY_ECDSA_384, AUR_SSH_KEY_RSA};
	struct aur_buf b;

	aur_buf_init(&b, 512);
	tap_eq_int(aur_ssh_algo_host_key(NULL, 0, false, false, &b), 0,
	    "a host of which nothing is known");
	tap_eq_str(aur_buf_str(&b),
	    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
	    "ecdsa-sha2-nistp521",
	    "all, best first");
	aur_buf_clear(&b);
	tap_eq_int(aur_ssh_algo_host_key(two, 2, false, true, &b), 0, "two");
	tap_eq_str(aur_buf_str(&b),
	    "ecdsa-sha2-nistp384,rsa-sha2-512,rsa-sha2-256,ssh-ed25519,"
	    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp521",
	    "the known ones in front");
	aur_buf_clear(&b);
	tap_eq_int(aur_ssh_algo_host_key(two, 2, true, false, &b), 0, "only");
	tap_eq_str(aur_buf_str(&b), "ecdsa-sha2-nistp384", "the known one");
	aur_buf_clear(&b);
	tap_eq_int(aur_ssh_algo_host_key(&rsa, 1, true, false, &b), AUR_EABSENT,
	    "an RSA host key needs a newer library");
	aur_buf_release(&b);
	aur_buf_init(&b, 20);
	tap_eq_int(aur_ssh_algo_host_key(NULL, 0, false, false, &b), AUR_ELIMIT,
	    "no room");
	tap_eq_u64(b.n, 0, "nothing added");
	aur_buf_release(&b);
	tap_ok(strstr(aur_ssh_algo_kex(), "sha1") == NULL &&
		   strstr(aur_ssh_algo_cipher(), "cbc") == NULL &&
		   strstr(aur_ssh_algo_mac(), "md5") == NULL,
	    "nothing of yesterday");
}

static void test_no_memory(void)
{
	struct aur_buf text = fixture("keys/rsa.pub"), blob;
	char fingerprint[AUR_SSH_FINGERPRINT];
	struct aur_ssh_line l;
	size_t bad = 0;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		aur_buf_init(&blob, AUR_MAX_SSH_BLOB);
		rc = aur_ssh_line_parse(aur_buf_peek(&text), &l);
		if (rc == 0)
			rc = aur_ssh_line_blob(&l, &blob);
		if (rc == 0)
			rc = aur_ssh_fingerprint(
			    aur_buf_peek(&blob), fingerprint);
		aur_buf_release(&blob);
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
	test_types();
	test_blobs();
	test_fingerprints();
	test_rename();
	test_certificate();
	test_algorithms();
	test_no_memory();
	return tap_done();
}
