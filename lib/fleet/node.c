/* SPDX-License-Identifier: MIT */
/*
 * A node's way to its session:
 *
 *	aur__node_get
 *	     │
 *	     ▼   ssh -G says that only ssh can ──▶ FAILED, unfit
 *	  ASKING ────────── no jump ────────▶ DIALING ──▶ TALKING
 *	     │                                   │           │
 *	     └─ behind a jump ─▶ WAITING ─ its session is ready ─┘
 *	                            │            │           │
 *	                            ▼            ▼           ▼
 *	                         FAILED: users are told, children fail with it
 *
 * A failed node is no longer found by aur__node_get: whoever tries again gets
 * a new one. Nodes are freed by a timer and never within a callback, children
 * before their parents, as their sessions write into the parents' channels.
 */
#include "fleet/node_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet_int.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void on_answer(void *arg);
static void on_kick(void *arg);
static int get(struct aur__nodes *all, const struct aur_fleet_host *host,
    bool of_feed, struct aur__node *parent, bool straight,
    struct aur__node **ret_node);

/* --- telling -------------------------------------------------------------- */

struct aur__node_user *aur__node_next_user(struct aur__node *n, uint64_t round)
{
	for (struct aur__node_user *u = n->users; u != NULL; u = u->next)
		if (u->round < round) {
			u->round = round;
			return u;
		}
	return NULL;
}

void aur__node_tell(struct aur__node *n, enum aur_fleet_step step,
    enum aur_fleet_how how, const char *text)
{
	uint64_t round = ++n->all->round;
	struct aur__node_user *u;

	while ((u = aur__node_next_user(n, round)) != NULL)
		u->step(u, step, how, text);
}

static void take_out(struct aur__node *n)
{
	struct aur__node **p = &n->all->first;

	while (*p != NULL && *p != n)
		p = &(*p)->next;
	if (*p != NULL)
		*p = n->next;
	n->next = NULL;
}

static void fail_children(struct aur__node *n)
{
	struct aur__failure why = n->why;

	if (!why.by_jump)
		snprintf(why.jump, sizeof why.jump, "%s", n->host->name);
	why.by_jump = true;
	if (why.state != AUR_HOST_UNREACHABLE && !why.unfit)
		why.state = AUR_HOST_UNREACHABLE;
	for (struct aur__node *c = n->children; c != NULL; c = c->sibling)
		aur__node_fail(c, &why);
}

void aur__node_fail(struct aur__node *n, const struct aur__failure *why)
{
	struct aur__node_user *u;

	if (n->state == AUR__NODE_FAILED)
		return;
	n->state = AUR__NODE_FAILED;
	n->why = *why;
	if (n->asked != NULL)
		n->asked->asking = NULL;
	n->asked = NULL;
	aur_timer_stop(n->wake);
	if (n->io != NULL)
		(void)aur_watch_set(n->io, 0);
	aur_watch_free(n->agent);
	n->agent = NULL;
	if (n->ask != NULL)
		aur__sshconf_forget(n->ask);
	fail_children(n);
	aur_timer_start(n->all->reap, aur_span_ms(0));
	while ((u = n->users) != NULL) {
		n->users = u->next;
		u->node = NULL;
		u->failed(u, &n->why);
	}
}

void aur__node_failf(struct aur__node *n, const char *fmt, ...)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why.what, sizeof why.what, fmt, ap);
	va_end(ap);
	aur__node_fail(n, &why);
}

/* --- dialing -------------------------------------------------------------- */

static void on_resolved(void *arg)
{
	struct aur__node *n = arg;

	aur__node_tell(
	    n, AUR_FLEET_RESOLVE, AUR_FLEET_DONE, aur__dial_address(n->dial));
	aur__node_tell(n, AUR_FLEET_CONNECT, AUR_FLEET_BEGUN, "");
}

static void on_dialed(void *arg)
{
	struct aur__node *n = arg;
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	int rc;

	n->fd = aur__dial_take(n->dial);
	if (n->fd < 0) {
		aur__node_explain_dial(n->dial, &why);
		aur__node_fail(n, &why);
		return;
	}
	aur__node_tell(
	    n, AUR_FLEET_CONNECT, AUR_FLEET_DONE, aur__dial_address(n->dial));
	rc = n->state == AUR__NODE_FAILED ? 0 : aur__node_talk(n);
	if (rc < 0)
		aur__node_failf(n, "%s", aur_err_str(rc));
}

static int dial(struct aur__node *n, const struct aur_ssh_config *config)
{
	struct aur__dial_need need = {.loop = n->all->loop,
	    .resolver = n->all->resolver,
	    .name = config->hostname,
	    .port = config->port,
	    .family = config->family == AUR_SSH_FAMILY_INET    ? AF_INET
		      : config->family == AUR_SSH_FAMILY_INET6 ? AF_INET6
							       : AF_UNSPEC,
	    .resolved = on_resolved,
	    .done = on_dialed,
	    .arg = n};

	n->state = AUR__NODE_DIALING;
	aur__node_tell(n, AUR_FLEET_RESOLVE, AUR_FLEET_BEGUN, "");
	return n->state == AUR__NODE_FAILED ? 0
					    : aur__dial_new(&n->dial, &need);
}

/* --- behind a jump -------------------------------------------------------- */

static void adopt(struct aur__node *n, struct aur__node *parent)
{
	n->parent = parent;
	n->sibling = parent->children;
	parent->children = n;
}

void aur__node_pass(struct aur__node *n)
{
	const struct aur_ssh_config *config = aur__sshconf_config(n->ask);
	int rc = aur_ssh_session_connect(
	    n->parent->session, config->hostname, config->port, &n->way);

	if (rc == 0)
		rc = aur__node_talk(n);
	if (rc < 0)
		aur__node_failf(n, "%s", aur_err_str(rc));
	else
		aur__node_kick(n);
}

static int wait_for_parent(struct aur__node *n)
{
	if (n->parent->state == AUR__NODE_FAILED) {
		struct aur__failure why = n->parent->why;

		if (!why.by_jump)
			snprintf(why.jump, sizeof why.jump, "%s",
			    n->parent->host->name);
		why.by_jump = true;
		aur__node_fail(n, &why);
		return 0;
	}
	n->state = AUR__NODE_WAITING;
	aur__node_tell(n, AUR_FLEET_CONNECT, AUR_FLEET_BEGUN, "");
	if (n->state == AUR__NODE_WAITING && aur__node_ready(n->parent))
		aur__node_pass(n);
	return 0;
}

static unsigned depth(const struct aur__node *n)
{
	unsigned d = 0;

	for (; n->parent != NULL; n = n->parent)
		d++;
	return d;
}

static bool is_above(const struct aur__node *above, const struct aur__node *n)
{
	for (; n != NULL; n = n->parent)
		if (n == above)
			return true;
	return false;
}

/* The jumps that ssh_config has for it: the first may have jumps of its own.
 */
static int find_jumps(struct aur__node *n, const struct aur_ssh_config *config)
{
	struct aur__node *jump = NULL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < config->n_hops; i++) {
		const struct aur_address *a = &config->hops[i];
		struct aur_fleet_host h = {
		    .name = a->host,
		    .address = a->host,
		    .user = a->user[0] != '\0' ? a->user : NULL,
		    .port = a->port,
		};

		rc = get(n->all, &h, false, jump, jump != NULL, &jump);
	}
	if (rc == 0 && is_above(n, jump))
		rc = AUR_EINVALID;
	if (rc == 0)
		adopt(n, jump);
	return rc;
}

/* --- ssh -G --------------------------------------------------------------- */

static bool connectable(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t n = path != NULL ? strlen(path) : 0;
	int fd, rc;

	if (n == 0 || n >= sizeof at.sun_path || access(path, F_OK) < 0)
		return false;
	memcpy(at.sun_path, path, n + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	rc = connect(fd, (struct sockaddr *)&at, sizeof at);
	close(fd);
	return rc == 0 || errno == EAGAIN;
}

static bool has_ticket(void)
{
	const char *cache = getenv("KRB5CCNAME");
	char path[64];

	if (cache != NULL && cache[0] != '\0')
		return strncmp(cache, "FILE:", 5) != 0 ||
		       access(cache + 5, R_OK) == 0;
	snprintf(path, sizeof path, "/tmp/krb5cc_%lu", (unsigned long)getuid());
	return access(path, R_OK) == 0;
}

/* Whether it is for the system's ssh; then it has failed. */
static bool unfit(struct aur__node *n, const struct aur_ssh_config *config)
{
	struct aur__failure why = {
	    .state = AUR_HOST_UNREACHABLE, .unfit = true, .final = true};
	struct aur_ssh_seen seen = {
	    .control_open = connectable(config->control_path),
	    .ticket = config->gssapi && has_ticket()};
	struct aur_buf text;
	bool is;

	aur_buf_init(&text, sizeof why.what / 2);
	is = aur_ssh_config_wants_openssh(config, &seen, &text);
	if (!is && config->bind_address != NULL) {
		is = true;
		if (aur_buf_add_str(&text, "BindAddress is set") < 0)
			aur_buf_clear(&text);
	}
	if (is) {
		snprintf(why.what, sizeof why.what,
		    "libssh2 cannot reach it: %.*s", (int)text.n,
		    text.n > 0 ? (const char *)aur_buf_peek(&text).p : "");
		snprintf(why.remedy, sizeof why.remedy, "use --via openssh");
	}
	aur_buf_release(&text);
	if (is)
		aur__node_fail(n, &why);
	return is;
}

static void on_answer(void *arg)
{
	struct aur__node *n = arg;
	const struct aur_ssh_config *config = aur__sshconf_config(n->ask);
	int rc = 0;

	if (n->state != AUR__NODE_ASKING)
		return;
	if (config == NULL) {
		aur__node_failf(n, "%s", aur__sshconf_why(n->ask));
		return;
	}
	if (unfit(n, config))
		return;
	if (n->parent == NULL && !n->straight && config->n_hops > 0)
		rc = find_jumps(n, config);
	if (rc == AUR_EINVALID || rc == AUR_ELIMIT)
		aur__node_failf(n, "ProxyJump leads in a ring, or too far");
	else if (rc == 0)
		rc = n->parent != NULL ? wait_for_parent(n) : dial(n, config);
	if (rc < 0 && n->state != AUR__NODE_FAILED)
		aur__node_failf(n, "%s", aur_err_str(rc));
}

/* --- getting one ---------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Hosts of the feed are told apart by where they stand; jumps out of
 * ssh_config by what is said of them. */
static bool same_host(
    const struct aur__node *n, const struct aur_fleet_host *host, bool of_feed)
{
	if (of_feed || n->host != &n->own)
		return of_feed && n->host == host;
	return host->port == n->own.port &&
	       same_text(host->user, n->own.user) &&
	       same_text(host->address, n->own.address);
}

static struct aur__node *find(struct aur__nodes *all,
    const struct aur_fleet_host *host, bool of_feed,
    const struct aur__node *behind)
{
	for (struct aur__node *n = all->first; n != NULL; n = n->next)
		if (n->state != AUR__NODE_FAILED && n->behind == behind &&
		    same_host(n, host, of_feed))
			return n;
	return NULL;
}

static int copy(char **at, const char *text, const char **ret_text)
{
	*ret_text = NULL;
	if (text == NULL)
		return 0;
	*ret_text = *at = aur_mem_dup(text, strlen(text));
	return *at != NULL ? 0 : AUR_ENOMEM;
}

static int take_host(
    struct aur__node *n, const struct aur_fleet_host *host, bool of_feed)
{
	int rc;

	n->host = of_feed ? host : &n->own;
	if (of_feed)
		return 0;
	n->own.port = host->port;
	rc = copy(&n->own_text[0], host->name, &n->own.name);
	if (rc == 0)
		rc = copy(&n->own_text[1], host->user, &n->own.user);
	n->own.address = n->own.name;
	return rc;
}

static void free_node(struct aur__node *n)
{
	struct aur__node **p;

	take_out(n);
	aur_ssh_session_free(n->session);
	if (n->way != NULL)
		aur_ssh_channel_free(n->way);
	if (n->parent != NULL) {
		for (p = &n->parent->children; *p != n; p = &(*p)->sibling)
			;
		*p = n->sibling;
		aur__node_kick(n->parent);
	}
	aur_watch_free(n->io);
	aur_watch_free(n->agent);
	aur__dial_free(n->dial);
	aur__sshconf_drop(n->ask);
	aur__sshknown_put(&n->all->known, n->known);
	aur_timer_free(n->kick);
	aur_timer_free(n->wake);
	if (n->fd >= 0)
		close(n->fd);
	for (size_t i = 0; i < AUR_ARRAY_LEN(n->own_text); i++)
		aur_mem_free(n->own_text[i]);
	aur_mem_free(n);
}

static void on_wake(void *arg)
{
	struct aur__node *n = arg;

	n->dirty = true;
	on_kick(n);
}

static int get(struct aur__nodes *all, const struct aur_fleet_host *host,
    bool of_feed, struct aur__node *parent, bool straight,
    struct aur__node **ret_node)
{
	struct aur__node *n = find(all, host, of_feed, parent);
	int rc;

	if (n != NULL) {
		*ret_node = n;
		return 0;
	}
	if (parent != NULL && depth(parent) + 1 >= AUR__HOPS_MAX)
		return AUR_ELIMIT;
	n = aur_mem_new(1, sizeof *n);
	if (n == NULL)
		return AUR_ENOMEM;
	n->all = all;
	n->fd = n->agent_fd = -1;
	n->straight = straight;
	n->behind = parent;
	n->next = all->first;
	all->first = n;
	if (parent != NULL)
		adopt(n, parent);
	rc = take_host(n, host, of_feed);
	if (rc == 0)
		rc = aur_timer_new(all->loop, on_kick, n, &n->kick);
	if (rc == 0)
		rc = aur_timer_new(all->loop, on_wake, n, &n->wake);
	if (rc == 0)
		rc = aur__sshconf_ask(all->conf, n->host,
		    straight || parent != NULL, on_answer, n, &n->ask);
	if (rc < 0)
		free_node(n);
	else
		*ret_node = n;
	/* a node that nobody joins after all goes */
	aur_timer_start(all->reap, aur_span_ms(0));
	return rc;
}

int aur__node_get(struct aur__nodes *all, const struct aur_fleet_host *host,
    struct aur__node *parent, bool straight, struct aur__node **ret_node)
{
	return get(all, host, true, parent, straight, ret_node);
}

void aur__node_join(struct aur__node *n, struct aur__node_user *u)
{
	u->node = n;
	u->next = n->users;
	n->users = u;
	if (aur__node_ready(n))
		aur__node_kick(n);
}

void aur__node_leave(struct aur__node_user *u)
{
	struct aur__node_user **p;

	if (u->asking != NULL) {
		u->asking->asked = NULL; /* somebody else is asked */
		u->asking->dirty = true;
		aur__node_kick(u->asking);
		u->asking = NULL;
	}
	if (u->node == NULL)
		return;
	for (p = &u->node->users; *p != NULL; p = &(*p)->next)
		if (*p == u) {
			*p = u->next;
			break;
		}
	aur_timer_start(u->node->all->reap, aur_span_ms(0));
	u->node = NULL;
}

bool aur__node_ready(const struct aur__node *n)
{
	return n->state == AUR__NODE_TALKING && n->session != NULL &&
	       aur_ssh_session_phase(n->session) == AUR_SSH_READY;
}

/* --- kicking -------------------------------------------------------------- */

static struct aur__node *root_of(struct aur__node *n)
{
	while (n->parent != NULL)
		n = n->parent;
	return n;
}

void aur__node_kick(struct aur__node *n)
{
	n->dirty = true;
	aur_timer_start(root_of(n)->kick, aur_span_ms(0));
}

static void on_kick(void *arg)
{
	aur__node_pump(root_of(arg));
}

/* --- all of them ---------------------------------------------------------- */

static bool unused(const struct aur__node *n)
{
	return n->users == NULL && n->children == NULL;
}

static void on_reap(void *arg)
{
	struct aur__nodes *all = arg;
	struct aur__node *n = all->first;

	while (n != NULL) {
		if (!unused(n)) {
			n = n->next;
			continue;
		}
		free_node(n);
		n = all->first; /* its parent may be the next */
	}
}

int aur__nodes_init(struct aur__nodes *all, struct aur_loop *loop,
    const struct aur_fleet_options *options)
{
	int rc;

	*all = (struct aur__nodes){.loop = loop, .options = options};
	rc = aur_resolver_new(&all->resolver, loop);
	if (rc == 0)
		rc = aur_ssh_ring_new(&all->ring);
	if (rc == 0)
		rc = aur__sshconf_new(&all->conf, loop, options->ssh);
	if (rc == 0)
		rc = aur_timer_new(loop, on_reap, all, &all->reap);
	return rc;
}

void aur__nodes_release(struct aur__nodes *all)
{
	while (all->first != NULL) {
		struct aur__node *n = all->first;

		while (n->children != NULL)
			n = n->children;
		while (n->users != NULL)
			aur__node_leave(n->users);
		free_node(n);
	}
	aur_timer_free(all->reap);
	aur__sshconf_free(all->conf);
	aur__sshknowns_release(&all->known);
	aur_ssh_ring_free(all->ring);
	aur_resolver_free(all->resolver);
	*all = (struct aur__nodes){0};
}
