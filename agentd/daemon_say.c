/* SPDX-License-Identifier: MIT */
/*
 * The protocol of sd_notify(3) is one datagram; a library for that would be
 * the largest thing the service links.
 */
#include "agentd/daemon_say.h"

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void say(enum aur_log_level level, const char *fmt, ...)
{
	static const int priority[] = {
	    [AUR_LOG_ERROR] = 3,
	    [AUR_LOG_WARN] = 4,
	    [AUR_LOG_INFO] = 6,
	    [AUR_LOG_DEBUG] = 7,
	};
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (getenv("JOURNAL_STREAM") != NULL)
		fprintf(stderr, "<%d>%s\n", priority[level], line);
	else
		fprintf(stderr, "aurora-agentd: %s\n", line);
}

void say_state(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	size_t n = path != NULL ? strlen(path) : 0;
	ssize_t sent;
	int fd;

	if (n < 2 || n >= sizeof(a.sun_path) ||
	    (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(a.sun_path, path, n);
	if (a.sun_path[0] == '@')
		a.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (struct sockaddr *)&a,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)sent;
	close(fd);
}
