/* SPDX-License-Identifier: MIT */
/*
 * PEM key files, which libcrypto reads: PKCS#1 and SEC1 ("BEGIN RSA PRIVATE
 * KEY"), PKCS#8 with and without encryption. It asks for a passphrase by a
 * callback; that it asked tells a wrong one from a broken file.
 */
#include "base/err.h"
#include "ssh/private_int.h"

#include <openssl/err.h>
#include <openssl/pem.h>

struct asked {
	struct aur_slice passphrase;
	bool asked;
};

static int give(char *to, int size, int writing, void *arg)
{
	struct asked *a = arg;

	(void)writing;
	a->asked = true;
	if (a->passphrase.n == 0 || size < 0 || a->passphrase.n > (size_t)size)
		return -1;
	memcpy(to, a->passphrase.p, a->passphrase.n);
	return (int)a->passphrase.n;
}

int aur__ssh_pem_open(
    struct aur_slice text, struct aur_slice passphrase, EVP_PKEY **ret_pkey)
{
	struct asked a = {passphrase, false};
	EVP_PKEY *pkey = NULL;
	BIO *bio;

	if (text.n > AUR_MAX_SSH_KEY_FILE)
		return AUR_ELIMIT;
	bio = BIO_new_mem_buf(text.p, (int)text.n);
	if (bio == NULL)
		return AUR_ENOMEM;
	pkey = PEM_read_bio_PrivateKey(bio, NULL, give, &a);
	BIO_free(bio);
	ERR_clear_error();
	if (pkey == NULL)
		return a.asked ? AUR_EDENIED : AUR_EINVALID;
	if (aur__ssh_pkey_type(pkey) == AUR_SSH_KEY_UNKNOWN) {
		EVP_PKEY_free(pkey);
		return AUR_EUNSUPPORTED;
	}
	*ret_pkey = pkey;
	return 0;
}
