/* SPDX-License-Identifier: MIT */
/*
 *	loop                      helper (4 at most, started as they are needed)
 *	aur_resolve_new ──▶ queue ──▶ getaddrinfo ──▶ done ──▶ a byte in
 *	                                                       the pipe
 *	fn ◀────────────────────────────────────────────────── on_done
 *
 * The lists are the only thing that both sides touch, under one lock; a
 * question belongs to whoever has taken it off a list. What the resolver and
 * its helpers share is counted, because a helper that hangs outlives the
 * resolver. Helpers allocate nothing of ours and take no signals.
 *
 * Rejected: libevent's evdns, which reads resolv.conf and /etc/hosts and
 * knows nothing of nsswitch.conf; a helper process, 1 MB for a question.
 */
#include "loop/resolve.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define HELPERS_MAX 4u

struct aur_resolve {
	struct aur_resolve *next;
	char name[256], port[8];
	int family;
	struct addrinfo *found;
	int err;      /* of getaddrinfo */
	bool dropped; /* nobody wants to know any more */
	bool told;
	struct shared *shared;
	aur_loop_fn fn;
	void *arg;
};

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct aur_resolve *queue, *done;
	unsigned users; /* the resolver and its helpers */
	unsigned helpers, idle;
	bool closing;
	int pipe[2];
};

struct aur_resolver {
	struct shared *shared;
	struct aur_watch *watch;
};

static void free_question(struct aur_resolve *q)
{
	if (q->found != NULL)
		freeaddrinfo(q->found);
	aur_mem_free(q);
}

static struct aur_resolve *take_first(struct aur_resolve **list)
{
	struct aur_resolve *q = *list;

	if (q != NULL)
		*list = q->next;
	return q;
}

static void put_last(struct aur_resolve **list, struct aur_resolve *q)
{
	while (*list != NULL)
		list = &(*list)->next;
	q->next = NULL;
	*list = q;
}

static void shared_free(struct shared *s)
{
	struct aur_resolve *q;

	while ((q = take_first(&s->queue)) != NULL ||
	       (q = take_first(&s->done)) != NULL)
		free_question(q);
	for (int i = 0; i < 2; i++)
		if (s->pipe[i] >= 0)
			close(s->pipe[i]);
	pthread_cond_destroy(&s->more);
	pthread_mutex_destroy(&s->lock);
	aur_mem_free(s);
}

/* With the lock held; gives it back. */
static void leave(struct shared *s)
{
	bool last = --s->users == 0;

	pthread_mutex_unlock(&s->lock);
	if (last)
		shared_free(s);
}

/* --- a helper ------------------------------------------------------------- */

static void ask(struct aur_resolve *q)
{
	struct addrinfo hints = {.ai_family = q->family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG};

	q->err = getaddrinfo(q->name, q->port, &hints, &q->found);
	if (q->err != 0)
		q->found = NULL;
}

static void *help(void *arg)
{
	struct shared *s = arg;
	struct aur_resolve *q;

	pthread_mutex_lock(&s->lock);
	while (!s->closing) {
		q = take_first(&s->queue);
		if (q == NULL) {
			s->idle++;
			pthread_cond_wait(&s->more, &s->lock);
			s->idle--;
			continue;
		}
		pthread_mutex_unlock(&s->lock);
		ask(q);
		pthread_mutex_lock(&s->lock);
		put_last(&s->done, q);
		(void)!write(s->pipe[1], "", 1); /* full: it will be read */
	}
	leave(s);
	return NULL;
}

/* With the lock held. */
static int start_helper(struct shared *s)
{
	sigset_t all, before;
	pthread_t thread;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, NULL, help, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		return s->helpers > 0 ? 0 : AUR_EIO;
	pthread_detach(thread);
	s->helpers++;
	s->users++;
	return 0;
}

/* --- the loop's side ------------------------------------------------------ */

static void tell(struct aur_resolve *q)
{
	q->told = true;
	if (q->dropped)
		free_question(q);
	else
		q->fn(q->arg); /* may free it */
}

static void on_done(void *arg, unsigned ready)
{
	struct aur_resolver *r = arg;
	struct shared *s = r->shared;
	struct aur_resolve *q;
	char bytes[64];

	(void)ready;
	while (read(s->pipe[0], bytes, sizeof bytes) > 0)
		;
	pthread_mutex_lock(&s->lock);
	q = take_first(&s->done);
	if (s->done != NULL)
		(void)!write(s->pipe[1], "", 1);
	pthread_mutex_unlock(&s->lock);
	/* one at a time, last: `fn` may free the resolver */
	if (q != NULL)
		tell(q);
}

int aur_resolver_new(struct aur_resolver **ret_r, struct aur_loop *l)
{
	struct aur_resolver *r = aur_mem_new(1, sizeof *r);
	struct shared *s = aur_mem_new(1, sizeof *s);
	int rc = AUR_ENOMEM;

	if (r == NULL || s == NULL)
		goto out;
	s->pipe[0] = s->pipe[1] = -1;
	s->users = 1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->more, NULL);
	r->shared = s;
	s = NULL;
	rc = AUR_EIO;
	if (pipe2(r->shared->pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		goto out;
	rc = aur_watch_new(
	    l, r->shared->pipe[0], AUR_LOOP_READ, on_done, r, &r->watch);
	if (rc < 0)
		goto out;
	*ret_r = r;
	r = NULL;
out:
	aur_mem_free(s);
	aur_resolver_free(r);
	return rc;
}

void aur_resolver_free(struct aur_resolver *r)
{
	if (r == NULL)
		return;
	aur_watch_free(r->watch);
	if (r->shared != NULL) {
		pthread_mutex_lock(&r->shared->lock);
		r->shared->closing = true;
		pthread_cond_broadcast(&r->shared->more);
		leave(r->shared);
	}
	aur_mem_free(r);
}

static bool numeric(struct aur_resolve *q)
{
	struct addrinfo hints = {.ai_family = q->family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV | AI_NUMERICHOST};

	return getaddrinfo(q->name, q->port, &hints, &q->found) == 0;
}

static int hand_over(struct shared *s, struct aur_resolve *q)
{
	int rc = 0;

	pthread_mutex_lock(&s->lock);
	if (q->found != NULL) {
		put_last(&s->done, q);
		(void)!write(s->pipe[1], "", 1);
	} else {
		if (s->idle == 0 && s->helpers < HELPERS_MAX)
			rc = start_helper(s);
		if (rc == 0) {
			put_last(&s->queue, q);
			pthread_cond_signal(&s->more);
		}
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

int aur_resolve_new(struct aur_resolver *r, const char *name, unsigned port,
    int family, aur_loop_fn fn, void *arg, struct aur_resolve **ret_q)
{
	struct aur_resolve *q;
	size_t n = strlen(name);
	int rc;

	if (n == 0 || n >= sizeof q->name || port > 65535)
		return AUR_EINVALID;
	q = aur_mem_new(1, sizeof *q);
	if (q == NULL)
		return AUR_ENOMEM;
	memcpy(q->name, name, n + 1);
	snprintf(q->port, sizeof q->port, "%u", port);
	q->family = family;
	q->shared = r->shared;
	q->fn = fn;
	q->arg = arg;
	if (!numeric(q))
		q->found = NULL;
	rc = hand_over(r->shared, q);
	if (rc < 0)
		free_question(q);
	else
		*ret_q = q;
	return rc;
}

/* It may be in a helper's hands: then it is only marked, and freed when it
 * comes back. */
void aur_resolve_free(struct aur_resolve *q)
{
	struct shared *s;

	if (q == NULL)
		return;
	if (q->told) {
		free_question(q);
		return;
	}
	s = q->shared;
	pthread_mutex_lock(&s->lock);
	q->dropped = true;
	pthread_mutex_unlock(&s->lock);
}

const struct addrinfo *aur_resolve_found(const struct aur_resolve *q)
{
	return q->found;
}

const char *aur_resolve_error(const struct aur_resolve *q)
{
	return q->err != 0 ? gai_strerror(q->err) : "";
}
