/* SPDX-License-Identifier: MIT */
/*
 * Where the helpers of one ssh come to with their questions.
 *
 *	           connection             '\0'
 *	  LISTENS ────────────▶ READS ───────────▶ OPEN
 *	   ▲  ▲                   │                 │ │
 *	   │  └─ gone, too long, ─┘                 │ │
 *	   │     another user                       │ │
 *	   └──────────── answered ──────────────────┘ │
 *	   └──────────── gone: the question is void ──┘
 */
#include "fleet/askpass_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/fleet_int.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <unistd.h>

#define NAME_BYTES 16u
#define WAITING 8

struct aur__askpass {
	struct aur_loop *loop;
	aur__askpass_fn ask;
	void *arg;
	int fd, peer; /* -1: none */
	struct aur_watch *door, *line;
	struct aur_buf message;
	bool open;
	char name[sizeof AUR_ASKPASS_ENV + 1 + 2 * NAME_BYTES];
	char program[sizeof "SSH_ASKPASS=" + 4096];
	const char *env[6];
};

/* --- both sides ----------------------------------------------------------- */

bool aur_askpass_address(
    const char *name, struct sockaddr_un *ret_address, socklen_t *ret_n)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	/* a zero before the name: it is no file */
	int n = snprintf(
	    a.sun_path + 1, sizeof a.sun_path - 1, "aurora-askpass-%s", name);

	if (n < 0 || (size_t)n >= sizeof a.sun_path - 1)
		return false;
	*ret_address = a;
	*ret_n =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
	return true;
}

bool aur_askpass_same_user(int fd)
{
	struct ucred peer;
	socklen_t n = sizeof peer;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
	       peer.uid == geteuid();
}

/* --- a helper ------------------------------------------------------------- */

static void hang_up(struct aur__askpass *a)
{
	aur_watch_free(a->line);
	a->line = NULL;
	if (a->peer >= 0)
		close(a->peer);
	a->peer = -1;
	a->open = false;
	aur_buf_clear(&a->message);
	if (a->door != NULL)
		aur_watch_set(a->door, AUR_LOOP_READ);
}

/* It has ended: it was killed, or the key was touched. */
static void lose(struct aur__askpass *a)
{
	bool open = a->open;

	hang_up(a);
	if (open)
		a->ask(a->arg, NULL);
}

static void look_at_message(struct aur__askpass *a)
{
	struct aur_slice rest = aur_buf_peek(&a->message), message;
	struct aur__asked asked;

	if (!aur_slice_until(&rest, '\0', &message))
		return;
	if (!aur__askpass_read(message, &asked)) {
		hang_up(a);
		return;
	}
	a->open = true;
	a->ask(a->arg, &asked.question);
}

static void on_line(void *arg, unsigned ready)
{
	struct aur__askpass *a = arg;
	char chunk[1024];
	ssize_t n = recv(a->peer, chunk, sizeof chunk, MSG_DONTWAIT);

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		lose(a);
		return;
	}
	if (a->open) /* it has nothing more to say */
		return;
	if (aur_buf_add(&a->message, chunk, (size_t)n) < 0)
		hang_up(a);
	else
		look_at_message(a);
}

static void on_door(void *arg, unsigned ready)
{
	struct aur__askpass *a = arg;

	(void)ready;
	a->peer = accept4(a->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (a->peer < 0)
		return;
	if (!aur_askpass_same_user(a->peer) ||
	    aur_watch_new(
		a->loop, a->peer, AUR_LOOP_READ, on_line, a, &a->line) < 0) {
		hang_up(a);
		return;
	}
	aur_watch_set(a->door, 0);
}

void aur__askpass_answer(struct aur__askpass *a, const char *text)
{
	char head = AUR_ASKPASS_ANSWERED;
	struct iovec part[2] = {{&head, 1}, {NULL, 0}};
	struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};

	if (!a->open)
		return;
	if (text != NULL) {
		part[1].iov_base = (char *)(uintptr_t)text;
		part[1].iov_len = strlen(text);
		/* it is short and the socket is empty: all or nothing */
		(void)sendmsg(a->peer, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	hang_up(a);
}

/* --- life ----------------------------------------------------------------- */

static int make_name(struct aur__askpass *a)
{
	uint8_t byte[NAME_BYTES];
	int n = snprintf(a->name, sizeof a->name, AUR_ASKPASS_ENV "=");

	if (getrandom(byte, sizeof byte, 0) != (ssize_t)sizeof byte)
		return AUR_EIO;
	for (size_t i = 0; i < sizeof byte; i++)
		n += snprintf(
		    a->name + n, sizeof a->name - (size_t)n, "%02x", byte[i]);
	return 0;
}

static int make_env(struct aur__askpass *a)
{
	struct aur_buf self;
	size_t n = 0;
	int rc;

	aur_buf_init(&self, 4096);
	rc = aur__fleet_find_self(&self);
	if (rc == 0 && aur_buf_str(&self) == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0) {
		snprintf(a->program, sizeof a->program, "SSH_ASKPASS=%s",
		    aur_buf_str(&self));
		a->env[n++] = a->name;
		a->env[n++] = a->program;
		a->env[n++] = "SSH_ASKPASS_REQUIRE=force";
		a->env[n++] = "SHELL=/bin/sh"; /* of ways over jumps */
		/* before 8.4 a helper is asked only where there seems to be a
		 * display */
		if (getenv("DISPLAY") == NULL)
			a->env[n++] = "DISPLAY=none:0";
	}
	aur_buf_release(&self);
	return rc;
}

static int listen_there(struct aur__askpass *a)
{
	struct sockaddr_un address;
	socklen_t n;

	if (!aur_askpass_address(
		a->name + sizeof AUR_ASKPASS_ENV, &address, &n))
		return AUR_ELIMIT;
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (a->fd < 0 || bind(a->fd, (struct sockaddr *)&address, n) < 0 ||
	    listen(a->fd, WAITING) < 0)
		return aur_err_errno(errno);
	return aur_watch_new(
	    a->loop, a->fd, AUR_LOOP_READ, on_door, a, &a->door);
}

int aur__askpass_new(struct aur__askpass **ret_a, struct aur_loop *loop,
    aur__askpass_fn ask, void *arg)
{
	struct aur__askpass *a = aur_mem_new(1, sizeof *a);
	int rc;

	if (a == NULL)
		return AUR_ENOMEM;
	a->loop = loop;
	a->ask = ask;
	a->arg = arg;
	a->fd = a->peer = -1;
	aur_buf_init(&a->message, AUR_MAX_PROMPT);
	rc = make_name(a);
	if (rc == 0)
		rc = make_env(a);
	if (rc == 0)
		rc = listen_there(a);
	if (rc < 0)
		aur__askpass_free(a);
	else
		*ret_a = a;
	return rc;
}

void aur__askpass_free(struct aur__askpass *a)
{
	if (a == NULL)
		return;
	aur_watch_free(a->door);
	a->door = NULL;
	hang_up(a);
	if (a->fd >= 0)
		close(a->fd);
	aur_buf_release(&a->message);
	aur_mem_free(a);
}

const char *const *aur__askpass_env(const struct aur__askpass *a)
{
	return a->env;
}
