/* SPDX-License-Identifier: MIT */
/*
 * Places by environment, and connecting to them. Who listens is asked of the
 * kernel (SO_PEERCRED: whoever called listen(2)), not of the socket's file:
 * between a look at a name and its use there is time.
 */
#include "agentd/place.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SERVICE_USER "aurora"

/* An absolute path, as the XDG specification demands; NULL. */
static const char *folder_in(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] == '/' ? v : NULL;
}

static bool join(char out[PLACE_MAX], const char *folder, const char *rest)
{
	int n;

	if (folder == NULL)
		return false;
	n = snprintf(out, PLACE_MAX, "%s%s", folder, rest);
	return n > 0 && n < PLACE_MAX;
}

/* systemd lists several, parted by colons: the first is ours. */
static bool given(const char *name, char out[PLACE_MAX])
{
	if (!join(out, folder_in(name), ""))
		return false;
	out[strcspn(out, ":")] = '\0';
	return true;
}

bool place_of(enum place place, char out[PLACE_MAX])
{
	switch (place) {
	case PLACE_GIVEN:
		return given("RUNTIME_DIRECTORY", out);
	case PLACE_SYSTEM:
		return join(out, "/run", "/aurora");
	case PLACE_USER:
		return join(out, folder_in("XDG_RUNTIME_DIR"), "/aurora");
	case PLACE_STATE:
		if (folder_in("XDG_STATE_HOME") != NULL)
			return join(
			    out, folder_in("XDG_STATE_HOME"), "/aurora/run");
		return join(out, folder_in("HOME"), "/.local/state/aurora/run");
	case PLACE_COUNT:
		break;
	}
	return false;
}

bool place_own(char out[PLACE_MAX])
{
	if (place_of(PLACE_GIVEN, out))
		return true;
	if (geteuid() == 0)
		return place_of(PLACE_SYSTEM, out);
	return place_of(PLACE_USER, out) || place_of(PLACE_STATE, out);
}

bool place_state(char out[PLACE_MAX])
{
	if (given("STATE_DIRECTORY", out))
		return true;
	if (geteuid() == 0)
		return join(out, "/var/lib", "/aurora");
	return join(out, folder_in("XDG_STATE_HOME"), "/aurora") ||
	       join(out, folder_in("HOME"), "/.local/state/aurora");
}

bool place_is_shared(void)
{
	return geteuid() == 0 || folder_in("RUNTIME_DIRECTORY") != NULL;
}

bool place_socket(const char *folder, char *out, size_t size)
{
	int n = snprintf(out, size, "%s/" PLACE_SOCKET, folder);

	return n > 0 && (size_t)n < size;
}

int place_connect(const char *folder)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd, err;

	if (!place_socket(folder, a.sun_path, sizeof(a.sun_path)))
		return AUR_ELIMIT;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return aur_err_errno(errno);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	err = errno;
	close(fd);
	return err == EAGAIN ? AUR_EBUSY : AUR_EABSENT;
}

/* A service's words are shown to people as the host's: not anybody's. */
static bool is_trusted(uid_t uid)
{
	const struct passwd *user;

	if (uid == 0 || uid == geteuid())
		return true;
	user = getpwnam(SERVICE_USER);
	return user != NULL && user->pw_uid == uid;
}

static int find_in(const char *folder, uint64_t *ret_uid)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);
	int fd = place_connect(folder);

	if (fd < 0)
		return fd;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
	    is_trusted(peer.uid)) {
		*ret_uid = peer.uid;
		return fd;
	}
	close(fd);
	return AUR_EDENIED;
}

int place_find(uint64_t *ret_uid)
{
	char folder[PLACE_MAX];
	int fd = AUR_EABSENT;

	if (place_of(PLACE_GIVEN, folder))
		return find_in(folder, ret_uid);
	for (int i = PLACE_SYSTEM; fd < 0 && i < PLACE_COUNT; i++)
		if (place_of((enum place)i, folder))
			fd = find_in(folder, ret_uid);
	return fd;
}
