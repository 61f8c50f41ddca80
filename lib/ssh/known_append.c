/* SPDX-License-Identifier: MIT */
/*
 * A line more in known_hosts. One write with O_APPEND, so that two programs
 * which learn a host at the same time both have their line; ssh does the same.
 * Writing the file anew was rejected: it would lose what another one appends
 * meanwhile, and it is not our file. A link is followed where root or we made
 * it (people keep such files in a repository), step by step, so that nobody
 * can put his own there between the look and the opening.
 */
#include "ssh/known_int.h"

#include "base/base64.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 8
#define PATH_SIZE 4096

/* Names that would mean something else in the file are refused. */
static bool name_writable(const char *name)
{
	if (name[0] == '#' || name[0] == '@')
		return false;
	for (const char *c = name; *c != '\0'; c++)
		if (*c <= ' ' || *c == 0x7f || strchr(",*?!|", *c) != NULL)
			return false;
	return true;
}

static int add_key(struct aur_buf *out, struct aur_slice blob)
{
	int rc =
	    aur_buf_addf(out, " %s ", aur_ssh_key_name(aur_ssh_key_of(blob)));

	if (rc == 0)
		rc = aur_base64_add(out, blob, true);
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

int aur_ssh_known_line(const struct aur_ssh_known_host *host,
    struct aur_slice blob, bool hash, struct aur_buf *out)
{
	const size_t before = out->n;
	struct aur__known_names names;
	int rc;

	if (!aur_ssh_key_valid(blob) ||
	    aur_ssh_key_of(blob) == AUR_SSH_KEY_UNKNOWN ||
	    !aur__known_names(host, &names) || !name_writable(names.full))
		return AUR_EINVALID;
	rc = hash ? aur__known_hash(names.full, out)
		  : aur_buf_add_str(out, names.full);
	if (rc == 0)
		rc = add_key(out, blob);
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}

static bool ours(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

static int failed(void)
{
	return errno == EROFS || errno == EPERM ? AUR_EDENIED
						: aur_err_errno(errno);
}

/* Bytes of the folder's name in `path`; 0 where there is none. */
static size_t folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path);
}

/* The folder is there, or is made; and is no stranger's link. */
static int need_folder(const char *path)
{
	size_t n = folder_of(path);
	char folder[PATH_SIZE];
	struct stat st;

	if (n == 0)
		return 0;
	memcpy(folder, path, n);
	folder[n] = '\0';
	if (lstat(folder, &st) == 0)
		return S_ISLNK(st.st_mode) && !ours(st.st_uid) ? AUR_EDENIED
							       : 0;
	if (errno != ENOENT)
		return failed();
	return mkdir(folder, 0700) == 0 || errno == EEXIST ? 0 : failed();
}

/* Puts where the link at `path` points into it. */
static int follow(char path[PATH_SIZE])
{
	char to[PATH_SIZE];
	struct stat st;
	ssize_t n;
	size_t keep;

	if (lstat(path, &st) < 0)
		return failed();
	if (!S_ISLNK(st.st_mode) || !ours(st.st_uid))
		return AUR_EDENIED;
	n = readlink(path, to, sizeof to);
	if (n <= 0)
		return failed();
	keep = to[0] == '/' ? 0 : folder_of(path);
	if (keep > 0 || (to[0] != '/' && path[0] == '/'))
		keep++; /* the slash */
	if (keep + (size_t)n >= PATH_SIZE)
		return AUR_EDENIED;
	memcpy(path + keep, to, (size_t)n);
	path[keep + (size_t)n] = '\0';
	return 0;
}

/* A descriptor of the plain file, ours to append to; or an error. */
static int open_file(char path[PATH_SIZE])
{
	for (int i = 0; i < LINKS_MAX; i++) {
		struct stat st;
		int fd, rc = need_folder(path);

		if (rc < 0)
			return rc;
		fd = open(path,
		    O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC |
			O_NONBLOCK | O_NOCTTY,
		    0600);
		if (fd < 0 && errno == ELOOP) {
			rc = follow(path);
			if (rc < 0)
				return rc;
			continue;
		}
		if (fd < 0)
			return failed();
		if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    ours(st.st_uid))
			return fd;
		close(fd);
		return AUR_EDENIED;
	}
	return AUR_EDENIED;
}

/* Whether the file ends in the middle of a line. */
static bool lacks_newline(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last = '\n';

	return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

static int write_once(int fd, struct aur_slice line)
{
	struct aur_buf b;
	ssize_t n;
	int rc = 0;

	aur_buf_init(&b, line.n + 1);
	if (lacks_newline(fd))
		rc = aur_buf_add_byte(&b, '\n');
	if (rc == 0)
		rc = aur_buf_add_slice(&b, line);
	if (rc == 0) {
		do {
			n = write(fd, aur_buf_peek(&b).p, b.n);
		} while (n < 0 && errno == EINTR);
		if (n != (ssize_t)b.n)
			rc = n < 0 ? failed() : AUR_EIO;
	}
	aur_buf_release(&b);
	return rc;
}

int aur_ssh_known_append(const char *path, struct aur_slice line)
{
	char at[PATH_SIZE];
	int fd, rc;

	if (strlen(path) >= sizeof at)
		return AUR_ELIMIT;
	memcpy(at, path, strlen(path) + 1);
	fd = open_file(at);
	if (fd < 0)
		return fd;
	rc = write_once(fd, line);
	if (close(fd) < 0 && rc == 0)
		rc = failed();
	return rc;
}
