/* SPDX-License-Identifier: MIT */
/*
 * Stepping sessions. One event on a root's socket may concern any session of
 * its tree, so the tree is gone through from the root: a session is stepped
 * where something waits for it (dirty, its way has bytes, its time has come),
 * then its children, then itself once more for what they have written. A host
 * with nothing to say costs a few comparisons.
 */
#include "fleet/node_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Up and down between a parent and its children in one go. */
#define ROUNDS 4
/* Links have their own deadlines; a jump that nobody waits for has these. */
#define PATIENCE_S 20

static void pump(struct aur__node *n);

/* --- bytes ---------------------------------------------------------------- */

static int64_t sock_send(void *arg, struct aur_slice bytes)
{
	struct aur__node *n = arg;
	ssize_t sent;

	do
		sent = send(n->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return sent;
	return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : AUR_ECLOSED;
}

static int64_t sock_recv(void *arg, uint8_t *p, size_t size)
{
	struct aur__node *n = arg;
	ssize_t got;

	do
		got = recv(n->fd, p, size, 0);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		return got;
	return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
		   ? 0
		   : AUR_ECLOSED;
}

static void on_io(void *arg, unsigned ready)
{
	struct aur__node *n = arg;

	(void)ready;
	n->dirty = true;
	aur__node_pump(n);
}

static void on_agent(void *arg, unsigned ready)
{
	struct aur__node *n = arg;

	(void)ready;
	n->dirty = true;
	while (n->parent != NULL)
		n = n->parent;
	aur__node_pump(n);
}

/* --- beginning ------------------------------------------------------------ */

static const char *agent_socket(const struct aur_ssh_config *config)
{
	const char *name = config->agent;

	if (name == NULL)
		return NULL;
	if (strcmp(name, "SSH_AUTH_SOCK") == 0)
		return getenv(name);
	return name[0] == '$' ? getenv(name + 1) : name;
}

static bool somebody_answers(const struct aur__node *n)
{
	for (const struct aur__node_user *u = n->users; u != NULL; u = u->next)
		if (!u->batch)
			return true;
	for (const struct aur__node *c = n->children; c != NULL; c = c->sibling)
		if (somebody_answers(c))
			return true;
	return false;
}

static enum aur_ssh_unknown unknown(
    const struct aur__node *n, const struct aur_ssh_config *config)
{
	if (n->all->options->accept_new ||
	    config->strict == AUR_SSH_STRICT_ACCEPT_NEW ||
	    config->strict == AUR_SSH_STRICT_NO)
		return AUR_SSH_UNKNOWN_ACCEPT;
	return config->strict == AUR_SSH_STRICT_ASK ? AUR_SSH_UNKNOWN_ASK
						    : AUR_SSH_UNKNOWN_REFUSE;
}

static int make_session(struct aur__node *n, const struct aur_ssh_io *io)
{
	const struct aur_ssh_config *config = aur__sshconf_config(n->ask);
	struct aur_ssh_options o = {
	    .user = config->user,
	    .host = {.name = config->hostname,
		.alias = config->alias,
		.port = config->port},
	    .host_key = n->host->host_key,
	    .unknown = unknown(n, config),
	    .ring = n->all->ring,
	    .identities = (const char *const *)config->identity_files.at,
	    .nidentity = config->identity_files.n,
	    .identities_only = config->identities_only,
	    .agent = agent_socket(config),
	    .no_pubkey = !config->pubkey,
	    .password = config->password,
	    .keyboard = config->keyboard,
	    .may_ask = !config->batch_mode && somebody_answers(n),
	    .patience = aur_span_seconds(PATIENCE_S),
	};
	int rc = aur__sshknown_get(&n->all->known, config, &n->known);

	if (n->host->alone) {
		o.identities = &n->host->identity;
		o.nidentity = 1;
		o.identities_only = true; /* the agent may hold that one */
		o.password = o.keyboard = false;
	}
	o.known = rc == 0 ? aur__sshknown_known(n->known) : NULL;
	return rc == 0 ? aur_ssh_session_new(&n->session, &o, io) : rc;
}

int aur__node_talk(struct aur__node *n)
{
	struct aur_ssh_io io = {sock_send, sock_recv, n, n->fd};
	int rc = 0;

	if (n->way != NULL)
		aur_ssh_channel_io(n->way, &io);
	else
		rc = aur_watch_new(
		    n->all->loop, n->fd, AUR_LOOP_READ, on_io, n, &n->io);
	if (rc == 0)
		rc = make_session(n, &io);
	if (rc < 0)
		return rc;
	n->state = AUR__NODE_TALKING;
	aur__node_tell(n, AUR_FLEET_HOST_KEY, AUR_FLEET_BEGUN, "");
	aur__node_kick(n);
	return 0;
}

/* --- what a step has brought ---------------------------------------------- */

static void note_key(struct aur__node *n, const struct aur_ssh_host_key *key)
{
	const struct aur_ssh_config *config = aur__sshconf_config(n->ask);
	struct aur_ssh_known_host host = {.name = config->hostname,
	    .alias = config->alias,
	    .port = config->port};
	int rc = aur__sshknown_note(config, &host, key->blob);

	if (rc < 0)
		aur_log_write(n->all->options->log, AUR_LOG_WARN,
		    "%s: its key was not noted: %s", n->host->name,
		    aur_err_str(rc));
}

static void tell_key(struct aur__node *n)
{
	const struct aur_ssh_host_key *key =
	    aur_ssh_session_host_key(n->session);
	char text[AUR_SSH_FINGERPRINT + 40];

	if (n->told_key || key == NULL ||
	    aur_ssh_session_phase(n->session) < AUR_SSH_LOGIN)
		return;
	n->told_key = true;
	if (key->accepted)
		note_key(n, key);
	snprintf(text, sizeof text, "%s %s",
	    aur_ssh_key_label(aur_ssh_key_of(key->blob)), key->fingerprint);
	aur__node_tell(n, AUR_FLEET_HOST_KEY, AUR_FLEET_DONE, text);
	aur__node_tell(n, AUR_FLEET_LOGIN, AUR_FLEET_BEGUN, "");
}

static void tell_ready(struct aur__node *n)
{
	struct aur__node *next;

	if (n->told_ready || !aur__node_ready(n))
		return;
	n->told_ready = true;
	aur__node_tell(n, AUR_FLEET_LOGIN, AUR_FLEET_DONE,
	    aur_ssh_session_login(n->session));
	for (struct aur__node *c = n->children; c != NULL; c = next) {
		next = c->sibling;
		if (c->state == AUR__NODE_WAITING)
			aur__node_pass(c);
	}
}

/* --- questions ------------------------------------------------------------ */

static struct aur__node_user *whom_to_ask(struct aur__node *n)
{
	struct aur__node_user *u = n->users;

	while (u != NULL && (u->batch || u->asking != NULL))
		u = u->next;
	for (struct aur__node *c = n->children; u == NULL && c != NULL;
	     c = c->sibling)
		u = whom_to_ask(c);
	return u;
}

static enum aur_fleet_ask kind_of(enum aur_ssh_ask kind)
{
	if (kind == AUR_SSH_ASK_HOST_KEY)
		return AUR_FLEET_ASK_HOST_KEY;
	return kind == AUR_SSH_ASK_TOUCH ? AUR_FLEET_ASK_TOUCH
					 : AUR_FLEET_ASK_SECRET;
}

static void put_question(struct aur__node *n, const struct aur_ssh_question *q)
{
	const struct aur_ssh_host_key *key =
	    aur_ssh_session_host_key(n->session);
	struct aur__node_user *u = whom_to_ask(n);
	struct aur_fleet_question question = {
	    .kind = kind_of(q->kind),
	    .prompt = q->prompt,
	    .fingerprint = key != NULL && q->kind == AUR_SSH_ASK_HOST_KEY
			       ? key->fingerprint
			       : NULL,
	    .echo = q->echo,
	};

	if (u == NULL) {
		if (!somebody_answers(n) && q->kind != AUR_SSH_ASK_TOUCH) {
			aur_ssh_session_answer(n->session, NULL);
			aur__node_kick(n);
		}
		return;
	}
	n->asked = u;
	u->asking = n;
	u->ask(u, &question);
}

static void look_at_question(struct aur__node *n)
{
	const struct aur_ssh_question *q = aur_ssh_session_question(n->session);

	if (q != NULL && n->asked == NULL) {
		put_question(n, q);
	} else if (q == NULL && n->asked != NULL) {
		struct aur__node_user *u = n->asked;

		n->asked = NULL;
		u->asking = NULL;
		u->ask(u, NULL);
	}
}

void aur__node_answer(struct aur__node_user *u, const char *text)
{
	struct aur__node *n = u->asking;

	if (n == NULL)
		return;
	u->asking = NULL;
	n->asked = NULL;
	aur_ssh_session_answer(n->session, text);
	aur__node_kick(n);
	for (n = n->all->first; n != NULL; n = n->next)
		if (n->state == AUR__NODE_TALKING &&
		    aur_ssh_session_waits_for_ring(n->session))
			aur__node_kick(n);
}

/* --- stepping ------------------------------------------------------------- */

/* The descriptor of the agent comes and goes. */
static void arm_agent(struct aur__node *n)
{
	unsigned wants = 0, events = 0;
	int fd = aur_ssh_session_agent_fd(n->session, &wants);

	if (wants & AUR_SSH_WANT_READ)
		events |= AUR_LOOP_READ;
	if (wants & AUR_SSH_WANT_WRITE)
		events |= AUR_LOOP_WRITE;
	if (fd == n->agent_fd && n->agent != NULL) {
		(void)aur_watch_set(n->agent, events);
		return;
	}
	aur_watch_free(n->agent);
	n->agent = NULL;
	n->agent_fd = fd;
	if (fd >= 0 &&
	    aur_watch_new(n->all->loop, fd, events, on_agent, n, &n->agent) < 0)
		n->agent_fd = -1;
}

static void arm(struct aur__node *n)
{
	unsigned wants = aur_ssh_session_wants(n->session), events = 0;
	struct aur_mono when;

	if (wants & AUR_SSH_WANT_READ)
		events |= AUR_LOOP_READ;
	if (wants & AUR_SSH_WANT_WRITE)
		events |= AUR_LOOP_WRITE;
	if (n->io != NULL)
		(void)aur_watch_set(n->io, events);
	if (wants & AUR_SSH_WANT_STEP)
		aur__node_kick(n);
	arm_agent(n);
	if (aur_ssh_session_wake(n->session, &when))
		aur_timer_start(
		    n->wake, aur_mono_since(when, aur_clock_mono()));
	else
		aur_timer_stop(n->wake);
}

/* The way through the parent was refused: that says more than an end. */
static bool way_refused(struct aur__node *n)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};

	if (n->way == NULL ||
	    aur_ssh_channel_state(n->way) != AUR_SSH_CHANNEL_REFUSED)
		return false;
	snprintf(why.what, sizeof why.what, "%s cannot reach it: %s",
	    n->parent->host->name, aur_ssh_channel_error(n->way));
	aur__node_fail(n, &why);
	return true;
}

/* Whether a step would do something. */
static bool due(const struct aur__node *n)
{
	unsigned wants = aur_ssh_session_wants(n->session);

	return n->dirty || (wants & AUR_SSH_WANT_STEP) != 0 ||
	       (n->way != NULL && (wants & AUR_SSH_WANT_READ) != 0 &&
		   aur_ssh_channel_readable(n->way));
}

static void tell_moved(struct aur__node *n)
{
	uint64_t round = ++n->all->round;
	struct aur__node_user *u;

	do {
		u = aur__node_next_user(n, round);
		if (u != NULL)
			u->moved(u);
	} while (u != NULL && n->state == AUR__NODE_TALKING);
}

/* Goes on with one session; false when it is over. */
static bool step(struct aur__node *n)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	int rc;

	n->dirty = false;
	rc = aur_ssh_session_step(n->session, aur_clock_mono());
	if (rc < 0) {
		/* what its channels have brought is read before */
		if (n->told_ready)
			tell_moved(n);
		if (way_refused(n))
			return false;
		aur__node_explain(
		    n->host, aur__sshconf_config(n->ask), n->session, &why);
		aur__node_fail(n, &why);
		return false;
	}
	tell_key(n);
	tell_ready(n);
	look_at_question(n);
	arm(n);
	return n->state == AUR__NODE_TALKING;
}

/* One session, told to those who use it. */
static void go_on(struct aur__node *n)
{
	if (due(n) && step(n) && n->told_ready)
		tell_moved(n);
}

static void pump(struct aur__node *n)
{
	struct aur__node *next;

	for (int i = 0; i < ROUNDS; i++) {
		if (n->state != AUR__NODE_TALKING)
			return;
		go_on(n);
		for (struct aur__node *c = n->children; c != NULL; c = next) {
			next = c->sibling;
			pump(c);
		}
		if (n->state != AUR__NODE_TALKING || !due(n))
			return;
	}
	aur__node_kick(n);
}

void aur__node_pump(struct aur__node *root)
{
	pump(root);
}
