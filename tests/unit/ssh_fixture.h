/* SPDX-License-Identifier: MIT */
/* Files of tests/fixtures/ssh: keys made for these tests, known nowhere. */
#ifndef TESTS_UNIT_SSH_FIXTURE_H
#define TESTS_UNIT_SSH_FIXTURE_H

#include "base/buf.h"
#include "tests/harness/tap.h"

/* Passphrase of the keys that have one. */
#define FIXTURE_PASSPHRASE "correct horse"

/* The content of tests/fixtures/ssh/`name`, for the caller to release. */
__attribute__((unused)) static struct aur_buf fixture(const char *name)
{
	const char *src = getenv("AUR_SRCDIR");
	char path[1024], bytes[4096];
	struct aur_buf b;
	size_t n;
	FILE *f;

	aur_buf_init(&b, 4u << 20);
	snprintf(path, sizeof path, "%s/tests/fixtures/ssh/%s", src ? src : ".",
	    name);
	f = fopen(path, "rb");
	if (f == NULL) {
		tap_ok(false, "cannot read %s", path);
		return b;
	}
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		if (aur_buf_add(&b, bytes, n) < 0)
			abort();
	fclose(f);
	return b;
}

#endif
