/* SPDX-License-Identifier: MIT */
/*
 * Where a published team lies, and what a client is given of it. The id comes
 * from the client and becomes a part of a path, so it is only what ids are
 * made of. A team's file is code for whoever takes it: one that another user
 * could have written is not handed out.
 */
#include "agentd/place.h"

#include "base/err.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096

static int fail(struct aur_buf *text, int err, const char *what)
{
	int rc = aur_buf_add_str(text, what);

	return rc < 0 ? rc : err;
}

/* As lib/team has them. */
static bool is_id(struct aur_slice id)
{
	if (id.n < 8 || id.n > 64)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY"
			   "Z0123456789-",
			id.p[i]) == NULL ||
		    id.p[i] == '\0')
			return false;
	return true;
}

static bool find_path(struct aur_slice id, char path[PATH_SIZE])
{
	const char *state = getenv("XDG_STATE_HOME"), *more = "";
	int n;

	if (state == NULL || state[0] != '/') {
		state = getenv("HOME");
		more = "/.local/state";
	}
	if (state == NULL || state[0] != '/')
		return false;
	n = snprintf(path, PATH_SIZE, "%s%s/aurora/teams/%.*s.json", state,
	    more, (int)id.n, (const char *)id.p);
	return n > 0 && n < PATH_SIZE;
}

/* Whether nobody else can have written it. */
static int check(int fd, struct aur_buf *text, size_t *ret_size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return AUR_EIO;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 022) != 0)
		return fail(text, AUR_EDENIED,
		    "the published team's file there can be written by others, "
		    "so it is not given out");
	if (st.st_size > (off_t)AUR_MAX_TEAM_FILE)
		return AUR_ELIMIT;
	*ret_size = (size_t)st.st_size;
	return 0;
}

static int read_all(int fd, size_t size, struct aur_buf *ret_file)
{
	uint8_t *room = aur_buf_reserve(ret_file, size);
	size_t got = 0;

	if (room == NULL)
		return AUR_ENOMEM;
	while (got < size) {
		ssize_t n = read(fd, room + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	if (got < size)
		return AUR_EIO;
	aur_buf_commit(ret_file, got);
	return 0;
}

int place_team(
    struct aur_slice id, struct aur_buf *ret_file, struct aur_buf *text)
{
	char path[PATH_SIZE];
	size_t size = 0;
	int fd, rc;

	if (!is_id(id) || !find_path(id, path))
		return AUR_EINVALID;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return fail(
		    text, AUR_EABSENT, "the team is not published there");
	if (fd < 0)
		return errno == EACCES || errno == ELOOP ? AUR_EDENIED
							 : AUR_EIO;
	rc = check(fd, text, &size);
	if (rc == 0)
		rc = read_all(fd, size, ret_file);
	close(fd);
	return rc;
}
