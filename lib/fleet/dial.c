/* SPDX-License-Identifier: MIT */
/*
 *	aur__dial_new ─▶ resolving ─▶ trying 1 ─ 250 ms or refused ─▶ trying 2
 *	                     │             │                             │ ...
 *	                     ▼             └────── one connects ─────────┤
 *	                done: error        done: its socket ◀────────────┘
 *
 * A connect that ends is asked for its errno once; nothing is ever sent here,
 * so an attempt that loses the race leaves no trace but a connection closed.
 */
#include "fleet/dial_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTEMPTS_MAX 8u
#define NEXT_MS 250
/* Bytes that nobody acknowledges for so long end the connection. */
#define USER_TIMEOUT_MS 20000
#define KEEPALIVE_S 15

struct attempt {
	struct aur__dial *dial;
	struct aur_watch *watch;
	int fd;
};

struct aur__dial {
	struct aur__dial_need need;
	char *name;
	struct aur_resolve *resolve;
	struct aur_timer *next;
	const struct addrinfo *at; /* the next address */
	struct attempt attempts[ATTEMPTS_MAX];
	size_t n, open;
	int fd;
	bool over;
	int number; /* errno of the last attempt */
	char address[INET6_ADDRSTRLEN];
};

static void try_next(struct aur__dial *d);

static void close_attempt(struct attempt *a)
{
	aur_watch_free(a->watch);
	a->watch = NULL;
	if (a->fd >= 0) {
		close(a->fd);
		a->dial->open--;
	}
	a->fd = -1;
}

/* Last thing that is done in a callback: the user may free us. */
static void finish(struct aur__dial *d)
{
	d->over = true;
	aur_timer_stop(d->next);
	for (size_t i = 0; i < d->n; i++)
		close_attempt(&d->attempts[i]);
	d->need.done(d->need.arg);
}

static void note_address(
    struct aur__dial *d, const struct sockaddr *sa, socklen_t n)
{
	(void)getnameinfo(
	    sa, n, d->address, sizeof d->address, NULL, 0, NI_NUMERICHOST);
}

static void set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof value);
}

static void set_options(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_S);
#endif
#ifdef TCP_USER_TIMEOUT
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
#endif
}

static void won(struct aur__dial *d, struct attempt *a)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof sa;

	if (getpeername(a->fd, (struct sockaddr *)&sa, &n) == 0)
		note_address(d, (struct sockaddr *)&sa, n);
	d->fd = a->fd;
	a->fd = -1;
	d->open--;
	d->number = 0;
	finish(d);
}

static void on_connected(void *arg, unsigned ready)
{
	struct attempt *a = arg;
	struct aur__dial *d = a->dial;
	int number = 0;
	socklen_t n = sizeof number;

	(void)ready;
	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &number, &n) < 0)
		number = errno;
	if (number == 0) {
		won(d, a);
		return;
	}
	d->number = number;
	close_attempt(a);
	try_next(d);
}

/* 0 when it is under way. */
static int begin(struct aur__dial *d, const struct addrinfo *at)
{
	struct attempt *a = &d->attempts[d->n];

	*a = (struct attempt){.dial = d, .fd = -1};
	note_address(d, at->ai_addr, at->ai_addrlen);
	a->fd = socket(
	    at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0)
		return errno;
	d->n++;
	d->open++;
	set_options(a->fd);
	if (connect(a->fd, at->ai_addr, at->ai_addrlen) < 0 &&
	    errno != EINPROGRESS) {
		int number = errno;

		close_attempt(a);
		return number;
	}
	if (aur_watch_new(d->need.loop, a->fd, AUR_LOOP_WRITE, on_connected, a,
		&a->watch) < 0) {
		close_attempt(a);
		return ENOMEM;
	}
	return 0;
}

static void try_next(struct aur__dial *d)
{
	while (d->at != NULL && d->n < ATTEMPTS_MAX) {
		const struct addrinfo *at = d->at;
		int number;

		d->at = at->ai_next;
		number = begin(d, at);
		if (number == 0) {
			aur_timer_start(d->next, aur_span_ms(NEXT_MS));
			return;
		}
		d->number = number;
	}
	if (d->open == 0)
		finish(d);
}

static void on_next(void *arg)
{
	struct aur__dial *d = arg;

	if (!d->over && d->at != NULL && d->n < ATTEMPTS_MAX)
		try_next(d);
}

static void on_resolved(void *arg)
{
	struct aur__dial *d = arg;

	d->at = aur_resolve_found(d->resolve);
	if (d->at == NULL) {
		finish(d);
		return;
	}
	note_address(d, d->at->ai_addr, d->at->ai_addrlen);
	d->need.resolved(d->need.arg);
	try_next(d);
}

int aur__dial_new(struct aur__dial **ret_d, const struct aur__dial_need *need)
{
	struct aur__dial *d = aur_mem_new(1, sizeof *d);
	int rc = AUR_ENOMEM;

	if (d == NULL)
		return rc;
	d->need = *need;
	d->fd = -1;
	d->name = aur_mem_dup(need->name, strlen(need->name));
	if (d->name != NULL)
		rc = aur_timer_new(need->loop, on_next, d, &d->next);
	if (rc == 0)
		rc = aur_resolve_new(need->resolver, need->name, need->port,
		    need->family, on_resolved, d, &d->resolve);
	if (rc < 0)
		aur__dial_free(d);
	else
		*ret_d = d;
	return rc;
}

void aur__dial_free(struct aur__dial *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		close_attempt(&d->attempts[i]);
	if (d->fd >= 0)
		close(d->fd);
	aur_timer_free(d->next);
	aur_resolve_free(d->resolve);
	aur_mem_free(d->name);
	aur_mem_free(d);
}

int aur__dial_take(struct aur__dial *d)
{
	int fd = d->fd;

	d->fd = -1;
	return fd;
}

const char *aur__dial_unresolved(const struct aur__dial *d)
{
	return aur_resolve_error(d->resolve);
}

int aur__dial_errno(const struct aur__dial *d)
{
	return d->number;
}

const char *aur__dial_address(const struct aur__dial *d)
{
	return d->address;
}
