/* SPDX-License-Identifier: MIT */
/*
 * For sign.test: signs as `ssh-keygen -Y sign` does (OpenSSH's
 * PROTOCOL.sshsig), with our keys: sign KEYFILE ALGORITHM SHA512, where SHA512
 * is the message's hash in hexadecimal; $PASSPHRASE opens the key.
 */
#include "base/base64.h"
#include "base/err.h"
#include "base/scan.h"
#include "ssh/bytes_int.h"
#include "ssh/private.h"

#include <stdio.h>
#include <stdlib.h>

enum { HASH = 64, ROOM = 64 << 10 };

static void must(int rc)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s\n", aur_err_str(rc));
	exit(1);
}

static void add(struct aur_buf *b, const char *text)
{
	must(aur__ssh_add_string(b, aur_slice_str(text)));
}

static void read_hash(const char *hex, uint8_t out[HASH])
{
	if (strlen(hex) != (size_t)2 * HASH)
		must(AUR_EINVALID);
	for (size_t i = 0; i < HASH; i++) {
		uint64_t v;

		must(aur_scan_hex(aur_slice_of(hex + 2 * i, 2), &v));
		out[i] = (uint8_t)v;
	}
}

/* What is signed, or, with the key, the front of the file. */
static void frame(struct aur_buf *b, const struct aur_ssh_private *key)
{
	aur_buf_init(b, ROOM);
	must(aur_buf_add_str(b, "SSHSIG"));
	if (key != NULL) {
		must(aur__ssh_add_u32(b, 1));
		must(aur__ssh_add_string(b, aur_ssh_private_blob(key)));
	}
	add(b, "file");
	add(b, "");
	add(b, "sha512");
}

static struct aur_ssh_private *open_key(const char *path)
{
	const char *pass = getenv("PASSPHRASE");
	struct aur_ssh_private *key = NULL;
	struct aur_buf text;

	aur_buf_init(&text, ROOM);
	must(aur_ssh_private_read(path, &text));
	must(aur_ssh_private_open(
	    aur_buf_peek(&text), aur_slice_str(pass ? pass : ""), &key));
	aur_ssh_wipe(&text);
	return key;
}

int main(int argc, char **argv)
{
	struct aur_buf data, signature, whole, file, base64;
	struct aur_ssh_private *key;
	uint8_t hash[HASH];

	if (argc != 4)
		return 2;
	key = open_key(argv[1]);
	read_hash(argv[3], hash);
	frame(&data, NULL);
	must(aur__ssh_add_string(&data, aur_slice_of(hash, HASH)));
	aur_buf_init(&signature, ROOM);
	must(aur_ssh_private_sign(
	    key, argv[2], aur_buf_peek(&data), &signature));
	aur_buf_init(&whole, ROOM);
	add(&whole, argv[2]);
	must(aur__ssh_add_string(&whole, aur_buf_peek(&signature)));
	frame(&file, key);
	must(aur__ssh_add_string(&file, aur_buf_peek(&whole)));
	aur_buf_init(&base64, ROOM);
	must(aur_base64_add(&base64, aur_buf_peek(&file), true));
	printf("-----BEGIN SSH SIGNATURE-----\n%s\n"
	       "-----END SSH SIGNATURE-----\n",
	    aur_buf_str(&base64));
	aur_ssh_private_free(key);
	aur_buf_release(&data);
	aur_buf_release(&signature);
	aur_buf_release(&whole);
	aur_buf_release(&file);
	aur_buf_release(&base64);
	return 0;
}
