/* SPDX-License-Identifier: MIT */
/*
 * It waits, as there is nothing else for it to do: ssh waits too, and ends it
 * by a signal when a key was touched. stdin is left alone: what comes there is
 * for ssh.
 */
#include "cli/askpass.h"

#include "base/limits.h"
#include "cli/cli.h"
#include "fleet/askpass.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool askpass_called(int argc, char **argv)
{
	const char *name = getenv("SSH_ASKPASS");

	return argc == 2 && name != NULL && getenv(AUR_ASKPASS_ENV) != NULL &&
	       strcmp(argv[0], name) == 0;
}

static bool put(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = write(fd, p, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		p += did;
		n -= (size_t)did;
	}
	return true;
}

static char kind(void)
{
	const char *hint = getenv("SSH_ASKPASS_PROMPT");

	if (hint != NULL && strcmp(hint, "none") == 0)
		return AUR_ASKPASS_NOTICE;
	if (hint != NULL && strcmp(hint, "confirm") == 0)
		return AUR_ASKPASS_CONFIRM;
	return AUR_ASKPASS_SECRET;
}

static int dial(void)
{
	struct sockaddr_un address;
	socklen_t n;
	int fd;

	if (!aur_askpass_address(getenv(AUR_ASKPASS_ENV), &address, &n))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, n) == 0 &&
	    aur_askpass_same_user(fd))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* All that comes, with its head and room for a line's end. */
static size_t take(int fd, char *p, size_t most)
{
	size_t n = 0;
	ssize_t got;

	do {
		got = read(fd, p + n, most - n);
		if (got > 0)
			n += (size_t)got;
	} while ((got > 0 && n < most) || (got < 0 && errno == EINTR));
	return n;
}

int askpass_run(const char *prompt)
{
	char text[AUR_MAX_LINE + 2], head = kind();
	size_t n = strlen(prompt);
	bool good;
	int fd = dial();

	/* the end of it is what says most */
	if (n > AUR_MAX_PROMPT - 2)
		prompt += n - (AUR_MAX_PROMPT - 2);
	good =
	    fd >= 0 && put(fd, &head, 1) && put(fd, prompt, strlen(prompt) + 1);
	n = good ? take(fd, text, sizeof text - 1) : 0;
	good = n > 0 && text[0] == AUR_ASKPASS_ANSWERED;
	if (good) {
		text[n] = '\n';
		good = put(STDOUT_FILENO, text + 1, n);
	}
	explicit_bzero(text, sizeof text);
	if (fd >= 0)
		close(fd);
	return good ? CLI_OK : CLI_FAILED;
}
