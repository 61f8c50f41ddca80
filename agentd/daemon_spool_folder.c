/* SPDX-License-Identifier: MIT */
/*
 * The spool's folder, which is ours alone, and the few things that are asked
 * of files. A lock tells whether another service records there: it goes with
 * its process, however that ends.
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What is left to others: the smaller of the two. */
#define RESERVE_BYTES (64ull << 20)
#define RESERVE_PART 50 /* a fiftieth: 2 % */

static int fail(
    int rc, const char *path, const char *what, char *why, size_t size)
{
	snprintf(why, size, "%s: %s", path, what);
	return rc;
}

/* The folder and those above it that are missing. */
static void make_folders(const char *path)
{
	char part[PLACE_MAX];

	for (size_t i = 1; path[i] != '\0'; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		(void)mkdir(part, 0700); /* what fails is seen at the end */
	}
	(void)mkdir(path, 0700);
}

static int take_lock(
    int folder_fd, const char *path, int *ret_fd, char *why, size_t size)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int err, fd = openat(folder_fd, SPOOL_LOCK,
		     O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return fail(AUR_EIO, path, strerror(errno), why, size);
	if (fcntl(fd, F_SETLK, &lock) == 0) {
		*ret_fd = fd;
		return 0;
	}
	err = errno;
	close(fd);
	if (err == EACCES || err == EAGAIN)
		return fail(AUR_EBUSY, path, "another service records there",
		    why, size);
	return fail(AUR_EIO, path, strerror(err), why, size);
}

int spool__folder_open(const char *path, int *ret_folder_fd, int *ret_lock_fd,
    char *why, size_t size)
{
	struct stat st;
	int rc, fd;

	make_folders(path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		rc = fail(AUR_EIO, path, strerror(errno), why, size);
		goto out;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 022) != 0) {
		rc = fail(AUR_EDENIED, path,
		    "others may write there: it must be ours alone", why, size);
		goto out;
	}
	/* it holds the command lines of all users */
	if ((st.st_mode & 077) != 0 && fchmod(fd, 0700) < 0) {
		rc = fail(AUR_EIO, path, strerror(errno), why, size);
		goto out;
	}
	rc = take_lock(fd, path, ret_lock_fd, why, size);
out:
	if (rc == 0)
		*ret_folder_fd = fd;
	else if (fd >= 0)
		close(fd);
	return rc;
}

int spool__write_all(int fd, struct aur_slice s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = ENOSPC;
			return AUR_EIO;
		}
		s = aur_slice_of(s.p + n, s.n - (size_t)n);
	}
	return 0;
}

ssize_t spool__read_some(int fd, void *p, size_t n, uint64_t at)
{
	size_t got = 0;

	while (got < n) {
		ssize_t k =
		    pread(fd, (uint8_t *)p + got, n - got, (off_t)(at + got));

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (k == 0)
			break;
		got += (size_t)k;
	}
	return (ssize_t)got;
}

int spool__read_all(int fd, void *p, size_t n, uint64_t at)
{
	ssize_t got = spool__read_some(fd, p, n, at);

	if (got < 0)
		return AUR_EIO;
	return (size_t)got == n ? 0 : AUR_ETRUNCATED;
}

bool spool__has_room(int folder_fd)
{
	struct statvfs v;
	uint64_t part, reserve;

	if (fstatvfs(folder_fd, &v) < 0)
		return true; /* writing will tell */
	part = (uint64_t)v.f_blocks / RESERVE_PART * v.f_frsize;
	reserve = part < RESERVE_BYTES ? part : RESERVE_BYTES;
	return (uint64_t)v.f_bavail * v.f_frsize >= reserve;
}
