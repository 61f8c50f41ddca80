/* SPDX-License-Identifier: MIT */
/* Private keys: which reader is for a file, and the key's life. */
#include "base/err.h"
#include "base/mem.h"
#include "ssh/private_int.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void aur_ssh_wipe(struct aur_buf *b)
{
	if (b->cap > 0)
		OPENSSL_cleanse(b->mem, b->cap);
	aur_buf_release(b);
}

static bool has(struct aur_slice text, const char *part)
{
	return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static void unfit(struct aur_ssh_private_look *look, const char *why)
{
	look->supported = why == NULL;
	look->why = aur_slice_str(why != NULL ? why : "");
}

static int look_openssh(
    struct aur_slice text, struct aur_ssh_private_look *look)
{
	struct aur__ssh_container c;
	struct aur_buf bytes;
	int rc;

	aur_buf_init(&bytes, AUR_MAX_SSH_KEY_FILE);
	rc = aur__ssh_container(text, &bytes, &c);
	if (rc == 0) {
		look->type = aur_ssh_key_of(c.blob);
		look->encrypted = !aur_slice_is(c.cipher, "none");
		unfit(look, aur__ssh_container_unfit(&c));
	} else if (rc == AUR_EUNSUPPORTED) {
		unfit(look, "it holds several keys");
		rc = 0;
	}
	aur_ssh_wipe(&bytes);
	return rc;
}

/* What is not encrypted is opened to see what it is. */
static int look_pem(struct aur_slice text, struct aur_ssh_private_look *look)
{
	EVP_PKEY *pkey = NULL;
	int rc;

	if (has(text, "BEGIN DSA ")) {
		unfit(look, "DSA keys are not for us");
		return 0;
	}
	rc = aur__ssh_pem_open(text, aur_slice_of(NULL, 0), &pkey);
	unfit(look,
	    rc == AUR_EUNSUPPORTED ? "this type of key is not for us" : NULL);
	if (rc == 0)
		look->type = aur__ssh_pkey_type(pkey);
	else if (rc == AUR_EDENIED && has(text, "BEGIN RSA "))
		look->type = AUR_SSH_KEY_RSA;
	look->encrypted = rc == AUR_EDENIED;
	EVP_PKEY_free(pkey);
	return rc == AUR_EDENIED || rc == AUR_EUNSUPPORTED ? 0 : rc;
}

int aur_ssh_private_look(
    struct aur_slice text, struct aur_ssh_private_look *ret_look)
{
	struct aur_ssh_private_look look = {.type = AUR_SSH_KEY_UNKNOWN};
	int rc;

	if (text.n > AUR_MAX_SSH_KEY_FILE)
		return AUR_EINVALID;
	if (aur_slice_starts(text, "PuTTY-User-Key-File")) {
		unfit(&look, "it is in PuTTY's format: puttygen -O "
			     "private-openssh makes it OpenSSH's");
		rc = 0;
	} else if (aur__ssh_is_openssh(text)) {
		rc = look_openssh(text, &look);
	} else {
		rc = has(text, "PRIVATE KEY-----") ? look_pem(text, &look)
						   : AUR_EINVALID;
	}
	if (rc == 0)
		*ret_look = look;
	return rc;
}

static int open_pkey(
    struct aur_slice text, struct aur_slice passphrase, EVP_PKEY **ret_pkey)
{
	if (text.n > AUR_MAX_SSH_KEY_FILE)
		return AUR_ELIMIT;
	if (aur_slice_starts(text, "PuTTY-User-Key-File"))
		return AUR_EUNSUPPORTED;
	if (aur__ssh_is_openssh(text))
		return aur__ssh_openssh_open(text, passphrase, ret_pkey);
	return aur__ssh_pem_open(text, passphrase, ret_pkey);
}

int aur_ssh_private_open(struct aur_slice text, struct aur_slice passphrase,
    struct aur_ssh_private **ret_key)
{
	struct aur_ssh_private *key = aur_mem_new(1, sizeof *key);
	int rc;

	if (key == NULL)
		return AUR_ENOMEM;
	aur_buf_init(&key->blob, AUR_MAX_SSH_BLOB);
	rc = open_pkey(text, passphrase, &key->pkey);
	if (rc == 0) {
		key->type = aur__ssh_pkey_type(key->pkey);
		rc = aur__ssh_pkey_blob(key->pkey, &key->blob);
	}
	if (rc == 0)
		*ret_key = key;
	else
		aur_ssh_private_free(key);
	return rc;
}

void aur_ssh_private_free(struct aur_ssh_private *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	aur_buf_release(&key->blob);
	aur_mem_free(key);
}

/* ssh ignores a key that others could have read; so do we. */
static int check_mode(int fd, size_t *ret_size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return AUR_EIO;
	if (!S_ISREG(st.st_mode))
		return AUR_EINVALID;
	if (st.st_uid == getuid() && (st.st_mode & 077) != 0)
		return AUR_EDENIED;
	if (st.st_size > (off_t)AUR_MAX_SSH_KEY_FILE)
		return AUR_ELIMIT;
	*ret_size = (size_t)st.st_size;
	return 0;
}

int aur_ssh_private_read(const char *path, struct aur_buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
	size_t size = 0, got = 0;
	uint8_t *to = NULL;
	ssize_t n = 1;

	if (fd < 0)
		return errno == ENOTDIR ? AUR_EABSENT : aur_err_errno(errno);
	rc = check_mode(fd, &size);
	if (rc == 0 && (to = aur_buf_reserve(out, size + 1)) == NULL)
		rc = size >= out->max - out->n ? AUR_ELIMIT : AUR_ENOMEM;
	while (rc == 0 && n != 0 && got <= size) {
		n = read(fd, to + got, size + 1 - got);
		if (n > 0)
			got += (size_t)n;
		else if (n < 0 && errno != EINTR)
			rc = aur_err_errno(errno);
	}
	close(fd);
	if (rc == 0)
		aur_buf_commit(out, got);
	return rc;
}

enum aur_ssh_key aur_ssh_private_type(const struct aur_ssh_private *key)
{
	return key->type;
}

struct aur_slice aur_ssh_private_blob(const struct aur_ssh_private *key)
{
	return aur_buf_peek(&key->blob);
}
