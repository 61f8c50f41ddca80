/* SPDX-License-Identifier: MIT */
/*
 * A file read whole, with a bound. A pipe or a terminal in its place would
 * wait for ever, a directory means nothing: only a plain file will do.
 */
#include "json/json_int.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 4096

int aur__json_load(const char *path, struct aur_buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = AUR_EIO;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? AUR_EABSENT
		       : errno == EACCES		   ? AUR_EDENIED
							   : AUR_EIO;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		goto out;
	for (;;) {
		uint8_t *p;
		ssize_t got;

		rc = AUR_ELIMIT;
		if (out->n >= out->max)
			goto out;
		p = aur_buf_reserve(
		    out, out->max - out->n < CHUNK ? out->max - out->n : CHUNK);
		rc = AUR_ENOMEM;
		if (p == NULL)
			goto out;
		got = read(fd, p,
		    out->max - out->n < CHUNK ? out->max - out->n : CHUNK);
		rc = got < 0 ? AUR_EIO : 0;
		if (got <= 0)
			goto out;
		aur_buf_commit(out, (size_t)got);
	}
out:
	close(fd);
	return rc;
}
