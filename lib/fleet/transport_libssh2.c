/* SPDX-License-Identifier: MIT */
/*
 * A command on a host, as a channel of an SSH session of our own (node_int.h):
 * no process for each host, and one connection for a host's agent and for the
 * commands beside it, and one for all hosts behind a jump.
 *
 *	open ─▶ the node is being made ─▶ channel ─▶ bytes ─▶ ended
 *	                │                   │                   ▲
 *	                └── it fails ───────┴── it fails ───────┘
 *
 * What libssh2 was found unable to do for a host is kept for the life of the
 * feed, so that each reconnect goes to the system's ssh at once.
 */
#include "fleet/fleet_int.h"
#include "fleet/node_int.h"
#include "fleet/openssh_int.h"

#include "base/err.h"
#include "base/mem.h"

struct unfit {
	struct unfit *next;
	const struct aur_fleet_host *host;
	struct aur__failure why;
};

struct pool {
	struct aur__nodes nodes; /* first: node->all is this */
	struct unfit *unfit;
};

struct libssh2 {
	struct aur__transport transport; /* first: this is one */
	struct aur__node_user user;
	struct pool *pool;
	const struct aur__route *route;
	const struct aur__transport_handler *handler;
	void *arg;
	char *command;
	struct aur_ssh_channel *channel;
	bool shut, plain;
	bool wants_room; /* it was told that a write would block */
	bool ended;
};

static struct libssh2 *of(struct aur__transport *t)
{
	return (struct libssh2 *)t;
}

static struct libssh2 *of_user(struct aur__node_user *u)
{
	return (struct libssh2 *)((char *)u - offsetof(struct libssh2, user));
}

/* --- what libssh2 cannot do ----------------------------------------------- */

static const struct unfit *find_unfit(
    const struct pool *p, const struct aur_fleet_host *host)
{
	const struct unfit *u = p->unfit;

	while (u != NULL && u->host != host)
		u = u->next;
	return u;
}

/* Not for a login that failed: another key may be there the next time. */
static void note_unfit(struct libssh2 *t, const struct aur__failure *why)
{
	struct unfit *u;

	if (!why->unfit || why->state == AUR_HOST_AUTH_FAILED ||
	    t->route->host->via != AUR_FLEET_AUTO ||
	    find_unfit(t->pool, t->route->host) != NULL)
		return;
	u = aur_mem_new(1, sizeof *u);
	if (u == NULL)
		return;
	u->host = t->route->host;
	u->why = *why;
	u->next = t->pool->unfit;
	t->pool->unfit = u;
}

/* --- the end -------------------------------------------------------------- */

static void end(struct libssh2 *t, const struct aur__failure *why)
{
	struct aur__failure copy = *why;

	if (t->ended)
		return;
	t->ended = true;
	note_unfit(t, &copy);
	t->handler->ended(t->arg, &copy);
}

static void on_failed(struct aur__node_user *u, const struct aur__failure *why)
{
	end(of_user(u), why);
}

static void end_refused(struct libssh2 *t)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};

	snprintf(why.what, sizeof why.what, "the host opens no channel: %s",
	    aur_ssh_channel_error(t->channel));
	snprintf(why.remedy, sizeof why.remedy,
	    "is MaxSessions of its sshd large enough?");
	end(t, &why);
}

static void end_done(struct libssh2 *t)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	int status = aur_ssh_channel_status(t->channel);

	if (status == 255) /* would be ssh's own there */
		snprintf(
		    why.what, sizeof why.what, "the agent ended: exit 255");
	else
		aur__openssh_explain(
		    t->route, status, aur_ssh_channel_words(t->channel), &why);
	end(t, &why);
}

/* --- what the node says --------------------------------------------------- */

static bool begin(struct libssh2 *t)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	int rc;

	rc = aur_ssh_session_exec(
	    t->user.node->session, t->command, &t->channel);
	if (rc < 0) {
		snprintf(why.what, sizeof why.what, "%s",
		    rc == AUR_EBUSY ? "two commands run there already"
				    : aur_err_str(rc));
		end(t, &why);
		return false;
	}
	if (t->shut)
		aur_ssh_channel_shut(t->channel);
	aur__node_kick(t->user.node);
	if (!t->plain)
		t->handler->step(t->arg, AUR_FLEET_AGENT, AUR_FLEET_BEGUN, "");
	return true;
}

/* Calls back at most once, as the last thing; the node comes round again while
 * there is more to say. */
static void on_moved(struct aur__node_user *u)
{
	struct libssh2 *t = of_user(u);
	bool started = false;

	if (t->ended)
		return;
	if (t->channel == NULL) {
		if (!aur__node_ready(u->node) || !begin(t))
			return;
		started = true;
	}
	switch (aur_ssh_channel_state(t->channel)) {
	case AUR_SSH_CHANNEL_REFUSED:
		end_refused(t);
		return;
	case AUR_SSH_CHANNEL_DONE:
		if (!aur_ssh_channel_pending(t->channel)) {
			end_done(t);
			return;
		}
		break;
	case AUR_SSH_CHANNEL_OPENING:
	case AUR_SSH_CHANNEL_OPEN:
	case AUR_SSH_CHANNEL_DEAD: /* on_failed says why */
		break;
	}
	if (t->wants_room && aur_ssh_channel_room(t->channel) > 0) {
		t->wants_room = false;
		started = true;
	}
	if (aur_ssh_channel_pending(t->channel)) {
		aur__node_kick(u->node);
		started = true;
	}
	if (started)
		t->handler->ready(t->arg);
}

static void on_step(struct aur__node_user *u, enum aur_fleet_step step,
    enum aur_fleet_how how, const char *text)
{
	struct libssh2 *t = of_user(u);

	t->handler->step(t->arg, step, how, text);
}

static void on_ask(
    struct aur__node_user *u, const struct aur_fleet_question *question)
{
	struct libssh2 *t = of_user(u);

	t->handler->ask(t->arg, question);
}

/* --- life ----------------------------------------------------------------- */

static void free_libssh2(struct aur__transport *transport)
{
	struct libssh2 *t = of(transport);

	if (t == NULL)
		return;
	if (t->user.node != NULL)
		aur__node_kick(t->user.node);
	aur_ssh_channel_free(t->channel);
	aur__node_leave(&t->user);
	aur_mem_free(t->command);
	aur_mem_free(t);
}

/* The nodes of the jumps, the host's own last. */
static int find_way(struct libssh2 *t, struct aur__node **ret_node)
{
	struct aur__node *n = NULL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < t->route->nhop; i++)
		rc = aur__node_get(&t->pool->nodes, t->route->hop[i], n,
		    i > 0 || aur__host_straight(t->route->hop[i]), &n);
	if (rc == 0)
		rc = aur__node_get(&t->pool->nodes, t->route->host, n,
		    n != NULL || aur__host_straight(t->route->host), &n);
	if (rc == 0)
		*ret_node = n;
	return rc;
}

static int make(struct libssh2 *t, const struct aur__transport_need *need)
{
	struct aur__node *n = NULL;
	int rc;

	t->transport.class = &aur__transport_libssh2;
	t->pool = need->pool;
	t->route = need->route;
	t->handler = need->handler;
	t->arg = need->arg;
	t->plain = need->plain;
	t->user.batch = need->batch;
	t->user.moved = on_moved;
	t->user.failed = on_failed;
	t->user.step = on_step;
	t->user.ask = on_ask;
	t->command = aur_mem_dup(need->command, strlen(need->command));
	if (t->command == NULL)
		return AUR_ENOMEM;
	rc = find_way(t, &n);
	if (rc == 0)
		aur__node_join(n, &t->user);
	return rc;
}

static int open_libssh2(struct aur__transport **ret_t,
    const struct aur__transport_need *need, struct aur__failure *why)
{
	const struct unfit *u = find_unfit(need->pool, need->route->host);
	struct libssh2 *t;
	int rc;

	if (u != NULL) {
		*why = u->why;
		return AUR_EUNSUPPORTED;
	}
	t = aur_mem_new(1, sizeof *t);
	if (t == NULL)
		return AUR_ENOMEM;
	rc = make(t, need);
	if (rc == AUR_EABSENT) {
		why->final = true;
		snprintf(why->what, sizeof why->what,
		    "there is no ssh program in PATH");
		snprintf(why->remedy, sizeof why->remedy,
		    "install OpenSSH's client");
	}
	if (rc < 0)
		free_libssh2(&t->transport);
	else
		*ret_t = &t->transport;
	return rc;
}

static int pool_new(void **ret_pool, struct aur_loop *loop,
    const struct aur_fleet_options *options)
{
	struct pool *p = aur_mem_new(1, sizeof *p);
	int rc;

	if (p == NULL)
		return AUR_ENOMEM;
	rc = aur__nodes_init(&p->nodes, loop, options);
	if (rc < 0) {
		aur__nodes_release(&p->nodes);
		aur_mem_free(p);
		return rc;
	}
	*ret_pool = p;
	return 0;
}

static void pool_free(void *pool)
{
	struct pool *p = pool;

	if (p == NULL)
		return;
	aur__nodes_release(&p->nodes);
	while (p->unfit != NULL) {
		struct unfit *u = p->unfit;

		p->unfit = u->next;
		aur_mem_free(u);
	}
	aur_mem_free(p);
}

/* --- bytes ---------------------------------------------------------------- */

static int64_t read_libssh2(
    struct aur__transport *transport, uint8_t *p, size_t size)
{
	struct libssh2 *t = of(transport);
	int64_t n;

	if (t->channel == NULL)
		return t->ended ? AUR_ECLOSED : 0;
	n = aur_ssh_channel_read(t->channel, p, size);
	if (n != 0 && t->user.node != NULL)
		aur__node_kick(t->user.node);
	return n;
}

static int64_t write_libssh2(
    struct aur__transport *transport, struct aur_slice s)
{
	struct libssh2 *t = of(transport);
	int64_t n = 0;

	if (t->ended)
		return AUR_ECLOSED;
	if (t->channel != NULL)
		n = aur_ssh_channel_write(t->channel, s);
	if (n >= 0 && (size_t)n < s.n)
		t->wants_room = true;
	if (n > 0 && t->user.node != NULL)
		aur__node_kick(t->user.node);
	return n;
}

static void shut_libssh2(struct aur__transport *transport)
{
	struct libssh2 *t = of(transport);

	t->shut = true;
	if (t->channel == NULL)
		return;
	aur_ssh_channel_shut(t->channel);
	if (t->user.node != NULL)
		aur__node_kick(t->user.node);
}

static struct aur_slice words_libssh2(const struct aur__transport *transport)
{
	const struct libssh2 *t = (const struct libssh2 *)transport;

	return t->channel != NULL ? aur_ssh_channel_words(t->channel)
				  : aur_slice_of(NULL, 0);
}

static int status_libssh2(const struct aur__transport *transport)
{
	const struct libssh2 *t = (const struct libssh2 *)transport;

	return t->channel != NULL ? aur_ssh_channel_status(t->channel) : -1;
}

static void answer_libssh2(struct aur__transport *transport, const char *text)
{
	aur__node_answer(&of(transport)->user, text);
}

const struct aur__transport_class aur__transport_libssh2 = {
    .name = "libssh2",
    .remote = true,
    .pool_new = pool_new,
    .pool_free = pool_free,
    .open = open_libssh2,
    .read = read_libssh2,
    .write = write_libssh2,
    .shut = shut_libssh2,
    .words = words_libssh2,
    .status = status_libssh2,
    .answer = answer_libssh2,
    .free = free_libssh2,
};
