/* SPDX-License-Identifier: MIT */
/*
 * The socket of the ssh-agent, non-blocking: what is in `out` goes there, what
 * comes is added to `in`; agent.h knows what the bytes mean. An agent that is
 * gone, or that says more than it may, is closed and done without.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "base/limits.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void aur__ssh_agent_close(struct aur__ssh_agent *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	aur_buf_release(&a->out);
	aur_buf_release(&a->in);
}

void aur__ssh_agent_open(struct aur__ssh_agent *a, const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t n = strlen(path);

	a->fd = -1;
	a->connecting = false;
	aur_buf_init(&a->out, AUR_MAX_SSH_AGENT + 4);
	aur_buf_init(&a->in, AUR_MAX_SSH_AGENT + 4);
	if (n == 0 || n >= sizeof at.sun_path)
		return;
	memcpy(at.sun_path, path, n + 1);
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0)
		return;
	if (connect(a->fd, (struct sockaddr *)&at, sizeof at) == 0)
		return;
	if (errno == EINPROGRESS)
		a->connecting = true;
	else /* EAGAIN as well: its queue is full, it is of no use now */
		aur__ssh_agent_close(a);
}

static bool send_out(struct aur__ssh_agent *a)
{
	while (a->out.n > 0) {
		struct aur_slice s = aur_buf_peek(&a->out);
		ssize_t n = send(a->fd, s.p, s.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == ENOTCONN;
		aur_buf_take(&a->out, (size_t)n);
	}
	a->connecting = false;
	return true;
}

static bool take_in(struct aur__ssh_agent *a)
{
	char chunk[4096];
	ssize_t n;

	for (;;) {
		n = recv(a->fd, chunk, sizeof chunk, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == ENOTCONN;
		if (n == 0 || aur_buf_add(&a->in, chunk, (size_t)n) < 0)
			return false;
	}
}

bool aur__ssh_agent_move(struct aur__ssh_agent *a)
{
	if (a->fd < 0)
		return false;
	if (send_out(a) && take_in(a))
		return true;
	aur__ssh_agent_close(a);
	return false;
}
