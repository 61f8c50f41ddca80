/* SPDX-License-Identifier: MIT */
/*
 * One service for each folder. The lock says so: it goes with its process,
 * however that ends, which a file with a pid in it does not. Whoever has it
 * may remove a socket that is left over, but asks first whether somebody
 * answers there: a lock's file can be deleted under a service that runs.
 *
 *	folder: ours, not writable for others
 *	   │
 *	lock ──── taken ────▶ BUSY
 *	   │
 *	connect ─ answers ──▶ BUSY
 *	   │ refused, no such file
 *	unlink, bind, chmod, listen
 */
#include "agentd/daemon_door.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#if !defined(SO_PEERGROUPS)
#define SO_PEERGROUPS 59 /* asm-generic/socket.h, Linux 4.13 */
#endif

#define BACKLOG 64
/* What the kernel keeps for a guest that does not read is old by the time it
 * does: little, so that it soon misses samples and then gets the newest. */
#define KEPT (32 << 10)

static int fail(struct door *d, int rc, char *why, size_t size,
    const char *what, const char *todo)
{
	snprintf(why, size, "%s: %s: %s", d->folder, what, todo);
	return rc;
}

/* The folder and those above it that are missing. */
static void make_folders(const char *path, mode_t mode)
{
	char part[PLACE_MAX];

	for (size_t i = 1; path[i] != '\0'; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		(void)mkdir(part, 0700); /* what fails is seen at the end */
	}
	if (mkdir(path, mode) == 0)
		(void)chmod(path, mode); /* whatever the umask is */
}

static int open_folder(struct door *d, char *why, size_t size)
{
	bool shared = place_is_shared();
	mode_t mode = shared ? 0755 : 0700;
	struct stat st;

	make_folders(d->folder, mode);
	d->folder_fd =
	    open(d->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (d->folder_fd < 0 || fstat(d->folder_fd, &st) < 0)
		return fail(d, AUR_EIO, why, size, strerror(errno),
		    "the socket needs this folder");
	if (st.st_uid != geteuid() || (st.st_mode & 022) != 0)
		return fail(d, AUR_EDENIED, why, size, "others may write there",
		    "it must be ours alone to put a socket into it");
	if (!shared && (st.st_mode & 077) != 0 &&
	    fchmod(d->folder_fd, mode) < 0)
		return fail(d, AUR_EIO, why, size, strerror(errno),
		    "it must be closed to others");
	return 0;
}

static int take_lock(struct door *d, char *why, size_t size)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char who[64];

	d->lock_fd = openat(d->folder_fd, PLACE_LOCK,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (d->lock_fd < 0)
		return fail(d, AUR_EIO, why, size, strerror(errno),
		    "a lock must be made there");
	if (fcntl(d->lock_fd, F_SETLK, &lock) == 0)
		return 0;
	if (errno != EACCES && errno != EAGAIN)
		return fail(d, AUR_EIO, why, size, strerror(errno),
		    "it cannot be locked");
	if (fcntl(d->lock_fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		lock.l_pid = 0;
	snprintf(who, sizeof(who), "a service is running already (pid %ld)",
	    (long)lock.l_pid);
	return fail(d, AUR_EBUSY, why, size, who, "one is enough for all");
}

/* Whether a service without our lock answers. */
static int look_for_other(struct door *d, char *why, size_t size)
{
	int fd = place_connect(d->folder);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == AUR_EBUSY)
		return fail(d, AUR_EBUSY, why, size,
		    "a service is running already", "one is enough for all");
	if (fd == AUR_ELIMIT)
		return fail(d, AUR_ELIMIT, why, size,
		    "the path is too long for a socket",
		    "set RUNTIME_DIRECTORY to a shorter one");
	return 0;
}

static int listen_there(struct door *d, char *why, size_t size)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	mode_t mode = place_is_shared() ? 0666 : 0600;
	struct stat st;

	if (!place_socket(d->folder, a.sun_path, sizeof(a.sun_path)))
		return AUR_ELIMIT; /* looked for already */
	d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void)unlinkat(d->folder_fd, PLACE_SOCKET, 0);
	/* nobody gets in before listen, so the mode is never too wide */
	if (d->fd < 0 || bind(d->fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    fchmodat(d->folder_fd, PLACE_SOCKET, mode, 0) < 0 ||
	    fstatat(d->folder_fd, PLACE_SOCKET, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    listen(d->fd, BACKLOG) < 0)
		return fail(d, AUR_EIO, why, size, strerror(errno),
		    "the socket cannot be made");
	d->device = st.st_dev;
	d->inode = st.st_ino;
	return 0;
}

int door_open(struct door *d, char *why, size_t size)
{
	int rc;

	*d = (struct door){.fd = -1, .folder_fd = -1, .lock_fd = -1};
	if (!place_own(d->folder)) {
		snprintf(why, size,
		    "no folder for the socket: set "
		    "XDG_RUNTIME_DIR or HOME");
		return AUR_EABSENT;
	}
	rc = open_folder(d, why, size);
	if (rc == 0)
		rc = take_lock(d, why, size);
	if (rc == 0)
		rc = look_for_other(d, why, size);
	if (rc == 0)
		rc = listen_there(d, why, size);
	if (rc < 0)
		door_close(d);
	return rc;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void door_close(struct door *d)
{
	struct stat st;

	if (d->inode != 0 && d->folder_fd >= 0 &&
	    fstatat(d->folder_fd, PLACE_SOCKET, &st, AT_SYMLINK_NOFOLLOW) ==
		0 &&
	    st.st_dev == d->device && st.st_ino == d->inode)
		(void)unlinkat(d->folder_fd, PLACE_SOCKET, 0);
	close_one(&d->fd);
	close_one(&d->lock_fd);
	close_one(&d->folder_fd);
}

static void ask_groups(int fd, struct guest *g)
{
	socklen_t n = sizeof(g->group);

	/* Before 4.13, and of more than fit, there are none: less is shown. */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, g->group, &n) == 0)
		g->ngroup = (unsigned)(n / sizeof(g->group[0]));
}

int door_accept(const struct door *d, struct guest *ret_guest)
{
	static const int kept = KEPT;
	struct ucred peer;
	socklen_t n = sizeof(peer);
	int fd = accept4(d->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return AUR_EABSENT;
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			       errno == ENOMEM
			   ? AUR_ELIMIT
			   : AUR_EIO;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0) {
		close(fd);
		return AUR_EIO;
	}
	*ret_guest = (struct guest){.uid = peer.uid,
	    .gid = peer.gid,
	    .pid = (uint64_t)(peer.pid > 0 ? peer.pid : 0)};
	ask_groups(fd, ret_guest);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kept, sizeof(kept));
	return fd;
}

bool guest_in_group(const struct guest *g, uint64_t gid)
{
	if (g->gid == gid)
		return true;
	for (unsigned i = 0; i < g->ngroup; i++)
		if (g->group[i] == gid)
			return true;
	return false;
}
