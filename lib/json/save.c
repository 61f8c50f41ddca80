/* SPDX-License-Identifier: MIT */
/*
 * A file written so that it cannot be lost: beside the target under another
 * name, fsync, rename, fsync of the directory. A link is followed to what it
 * names, as people keep their settings in a repository and link them; but
 * only one that we made ourselves, or root: who else made it chooses what we
 * overwrite. A file without write permission is meant to stay, also where
 * rename or root could have their way.
 *
 * Whoever changes a file that others change too brings what he read: if the
 * file is something else by now it stays as it is.
 */
#include "json/json_int.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 8
#define TRIES 16

/* Room for the name of a temporary file behind the path. */
#define PATH_SIZE 4096
#define SUFFIX_SIZE 32

static int failed(const char *path, const char *what, char *why, size_t size)
{
	int err = errno;

	snprintf(why, size, "%s: %s: %s", path, what, strerror(err));
	return err == EACCES || err == EPERM || err == EROFS ? AUR_EDENIED
							     : AUR_EIO;
}

/* Bytes of the directory's name with its slash; 0 when there is none. */
static size_t directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Puts where the link at `path` points into it. */
static bool follow(char path[PATH_SIZE])
{
	char to[PATH_SIZE], whole[2 * PATH_SIZE];
	ssize_t n = readlink(path, to, sizeof(to) - 1);
	size_t keep;

	if (n <= 0)
		return false;
	to[n] = '\0';
	keep = to[0] == '/' ? 0 : directory(path);
	if (keep + (size_t)n >= PATH_SIZE)
		return false;
	memcpy(whole, path, keep);
	memcpy(whole + keep, to, (size_t)n + 1);
	memcpy(path, whole, keep + (size_t)n + 1);
	return true;
}

/* Finds the file that shall be written; its mode, 0 when it is new. */
static int find_target(
    char path[PATH_SIZE], mode_t *ret_mode, char *why, size_t size)
{
	struct stat st;

	*ret_mode = 0;
	for (int i = 0; i < LINKS_MAX; i++) {
		if (lstat(path, &st) < 0)
			return errno == ENOENT
				   ? 0
				   : failed(path, "cannot be looked at", why,
					 size);
		if (S_ISLNK(st.st_mode)) {
			if (st.st_uid != geteuid() && st.st_uid != 0) {
				snprintf(why, size,
				    "%s: a link that another user made", path);
				return AUR_EDENIED;
			}
			if (!follow(path))
				break;
			continue;
		}
		if (!S_ISREG(st.st_mode)) {
			snprintf(why, size, "%s: not a plain file", path);
			return AUR_EDENIED;
		}
		if ((st.st_mode & 0222) == 0 || access(path, W_OK) < 0) {
			snprintf(why, size, "%s: it is read-only", path);
			return AUR_EDENIED;
		}
		*ret_mode = st.st_mode & 0777;
		return 0;
	}
	snprintf(why, size, "%s: too many links", path);
	return AUR_EDENIED;
}

/* Makes the directories of `path` that are not there. */
static int make_directories(const char *path, char *why, size_t size)
{
	char part[PATH_SIZE];

	for (const char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
		memcpy(part, path, (size_t)(p - path));
		part[p - path] = '\0';
		if (mkdir(part, 0700) == 0 || errno == EEXIST)
			continue;
		if (access(part, X_OK) == 0) /* EROFS and it is there */
			continue;
		return failed(part, "cannot be made", why, size);
	}
	return 0;
}

static bool write_all(int fd, struct aur_slice s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			s.p += n;
			s.n -= (size_t)n;
		}
	}
	return true;
}

/* Opens a new file beside `path`, named in `name`. */
static int open_beside(const char *path, char name[PATH_SIZE + SUFFIX_SIZE])
{
	int fd = -1;

	for (int i = 0; i < TRIES && fd < 0; i++) {
		snprintf(name, PATH_SIZE + SUFFIX_SIZE, "%s.%ld.%d.new", path,
		    (long)getpid(), i);
		fd = open(name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

static void sync_directory(char path[PATH_SIZE])
{
	int fd;

	path[directory(path)] = '\0';
	fd = open(
	    path[0] != '\0' ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd); /* some file systems have none */
	close(fd);
}

/* Writes a new file beside `path`, named in `name`. */
static int write_beside(const char *path, struct aur_slice text, mode_t mode,
    char name[PATH_SIZE + SUFFIX_SIZE], char *why, size_t size)
{
	int fd = open_beside(path, name), rc;
	bool whole;

	if (fd < 0)
		return failed(path, "cannot be written", why, size);
	whole = write_all(fd, text) && (mode == 0 || fchmod(fd, mode) == 0) &&
		fsync(fd) == 0;
	if (close(fd) < 0)
		whole = false;
	if (whole)
		return 0;
	rc = failed(path, "cannot be written", why, size);
	unlink(name);
	return rc;
}

/* Whether the file holds what somebody thinks it does. One byte more than that
 * is enough to know that it does not. */
static bool is_as_before(const char *path, const struct aur_buf *before)
{
	struct aur_buf now;
	bool same;
	int rc;

	aur_buf_init(&now, before != NULL ? before->n + 2 : 1);
	rc = aur__json_load(path, &now);
	same = before == NULL ? rc == AUR_EABSENT
			      : rc == 0 && aur_slice_eq(aur_buf_peek(&now),
					       aur_buf_peek(before));
	aur_buf_release(&now);
	return same;
}

int aur__json_save_as(const char *path, struct aur_slice text,
    const struct aur__json_save_how *how, char *why, size_t size)
{
	char target[PATH_SIZE], name[PATH_SIZE + SUFFIX_SIZE];
	mode_t mode;
	int rc;

	if (strlen(path) >= sizeof(target)) {
		snprintf(
		    why, size, "a path of %zu bytes is too long", strlen(path));
		return AUR_ELIMIT;
	}
	snprintf(target, sizeof(target), "%s", path);
	rc = find_target(target, &mode, why, size);
	if (rc == 0)
		rc = make_directories(target, why, size);
	if (rc == 0)
		rc = write_beside(target, text,
		    how->mode != 0 ? (mode_t)how->mode : mode, name, why, size);
	if (rc < 0)
		return rc;
	/* as late as can be: who locks nothing is still seen here */
	if (how->compare && !is_as_before(target, how->before)) {
		snprintf(why, size, "%s: somebody else changed it", path);
		rc = AUR_EBUSY;
	} else if (rename(name, target) < 0) {
		rc = failed(target, "cannot be written", why, size);
	}
	if (rc < 0) {
		unlink(name);
		return rc;
	}
	sync_directory(target);
	return 0;
}

int aur__json_save(
    const char *path, struct aur_slice text, char *why, size_t size)
{
	const struct aur__json_save_how how = {.compare = false};

	return aur__json_save_as(path, text, &how, why, size);
}
