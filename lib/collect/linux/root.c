/* SPDX-License-Identifier: MIT */
/*
 * Reading below a root: "/" of this machine or a folder that holds proc/ and
 * sys/. One buffer serves all readers in turn; it grows to the largest file
 * and stays, so that a sample allocates nothing for text.
 */
#include "collect/linux/linux.h"

#include "base/err.h"
#include "base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Room for the first read; seq_file gives at most a page at a time of files
 * with many records, and whole files where they are made at once. */
#define READ_FIRST 8192u
#define PAGE_MIN 4096 /* the least that seq_file fills */

void aur__root_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int open_below(const struct aur_root *root, const char *path)
{
	int fd = openat(root->dirfd, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? aur_err_errno(errno) : fd;
}

/* All of `fd` from its start. The last read, which gives nothing, is needed:
 * /proc cuts files with many records where the next does not fit its page.
 * Where records are known to be short, half a page is not such a cut. */
static int read_all(struct aur_root *root, int fd, bool short_records)
{
	struct aur_buf *b = &root->text;

	aur_buf_clear(b);
	for (;;) {
		size_t room = b->cap > b->n + READ_FIRST / 2 ? b->cap - b->n - 1
							     : READ_FIRST;
		uint8_t *p = aur_buf_reserve(b, room);
		ssize_t got;

		if (p == NULL)
			return b->n + room > b->max ? AUR_ELIMIT : AUR_ENOMEM;
		got = pread(fd, p, room, (off_t)b->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return aur_err_errno(errno);
		if (got == 0)
			return 0;
		aur_buf_commit(b, (size_t)got);
		if (short_records && got < PAGE_MIN / 2)
			return 0;
	}
}

int aur__root_read(
    struct aur_root *root, const char *path, struct aur_slice *ret_text)
{
	int fd = open_below(root, path);
	int rc;

	if (fd < 0)
		return fd;
	rc = read_all(root, fd, false);
	close(fd);
	if (rc < 0)
		return rc;
	*ret_text = aur_buf_peek(&root->text);
	return 0;
}

/* Every line of /proc ends in a newline: what does not was cut, and half a
 * number is worse than none. */
static struct aur_slice whole_lines(const struct aur_root *root)
{
	struct aur_slice s = aur_buf_peek(&root->text);

	while (s.n > 0 && s.p[s.n - 1] != '\n')
		s.n--;
	return s;
}

int aur__root_reread(struct aur_root *root, int *fd, const char *path,
    struct aur_slice *ret_text)
{
	int rc;

	if (!root->live) {
		rc = aur__root_read(root, path, ret_text);
		if (rc == 0)
			*ret_text = whole_lines(root);
		return rc;
	}
	if (*fd >= 0 && read_all(root, *fd, true) == 0) {
		*ret_text = whole_lines(root);
		return 0;
	}
	aur__root_close(fd);
	*fd = open_below(root, path);
	if (*fd < 0) {
		rc = *fd;
		*fd = -1;
		return rc;
	}
	rc = read_all(root, *fd, true);
	if (rc < 0) {
		aur__root_close(fd);
		return rc;
	}
	*ret_text = whole_lines(root);
	return 0;
}

int aur__root_word(
    struct aur_root *root, const char *path, char *out, size_t size)
{
	char text[512];
	struct aur_slice s;
	ssize_t got;
	int fd = open_below(root, path);

	if (fd < 0)
		return fd;
	do
		got = read(fd, text, sizeof(text));
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		int rc = aur_err_errno(errno);

		close(fd);
		return rc;
	}
	close(fd);
	s = aur_slice_trim(aur_slice_of(text, (size_t)got));
	if (s.n >= size)
		return AUR_ELIMIT;
	if (s.n > 0)
		memcpy(out, s.p, s.n);
	out[s.n] = '\0';
	return (int)s.n;
}

int aur__root_u64(struct aur_root *root, const char *path, uint64_t *ret_v)
{
	char word[32];
	int n = aur__root_word(root, path, word, sizeof(word));

	if (n < 0)
		return n;
	return aur_scan_u64(aur_slice_of(word, (size_t)n), ret_v);
}
