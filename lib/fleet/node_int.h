/* SPDX-License-Identifier: MIT */
/*
 * A node is one SSH session to one host, a monitored one or a jump, with all
 * that it takes to make and keep it. Nodes form trees: a host behind a jump is
 * a child of the jump's node and its session runs in a channel of that one, so
 * a hundred hosts behind a bastion share one connection to it. Transports are
 * users of nodes; a node lives while it has users or children.
 *
 * node.c makes and frees nodes and finds their way, node_talk.c steps their
 * sessions, node_why.c says in words what failed. Callbacks of users come from
 * the loop; in any of them the user may leave, and others too.
 */
#ifndef AUR_FLEET_NODE_INT_H
#define AUR_FLEET_NODE_INT_H

#include "fleet/dial_int.h"
#include "fleet/sshconf_int.h"
#include "fleet/sshknown_int.h"
#include "fleet/transport_int.h"
#include "ssh/session.h"

struct aur__node;

struct aur__nodes {
	struct aur_loop *loop;
	const struct aur_fleet_options *options;
	struct aur_resolver *resolver;
	struct aur_ssh_ring *ring;
	struct aur__sshconf *conf;
	struct aur__sshknowns known;
	struct aur__node *first;
	struct aur_timer *reap; /* frees what nobody uses any more */
	uint64_t round;
};

/* What a user of a node hears. */
struct aur__node_user {
	struct aur__node_user *next;
	struct aur__node *node;	  /* NULL: it has none, or that has failed */
	struct aur__node *asking; /* whose question it has */
	bool batch;		  /* it cannot ask */
	uint64_t round;
	/* the session is ready, or has moved: look at your channel */
	void (*moved)(struct aur__node_user *u);
	void (*failed)(
	    struct aur__node_user *u, const struct aur__failure *why);
	void (*step)(struct aur__node_user *u, enum aur_fleet_step step,
	    enum aur_fleet_how how, const char *text);
	void (*ask)(struct aur__node_user *u,
	    const struct aur_fleet_question *question);
};

enum aur__node_state {
	AUR__NODE_ASKING,  /* ssh -G */
	AUR__NODE_WAITING, /* for its jump */
	AUR__NODE_DIALING,
	AUR__NODE_TALKING, /* its session says how far it is */
	AUR__NODE_FAILED,
};

struct aur__node {
	struct aur__node *next; /* in the list of all */
	struct aur__node *parent, *children, *sibling;
	const struct aur__node *behind; /* the parent it was asked for with */
	struct aur__nodes *all;
	struct aur__node_user *users;
	const struct aur_fleet_host *host; /* the feed's, or `own` */
	struct aur_fleet_host own;	   /* a jump out of ssh_config */
	char *own_text[2];
	bool straight;
	enum aur__node_state state;

	struct aur__sshconf_ask *ask;
	struct aur__sshknown *known;
	struct aur__dial *dial;
	struct aur_ssh_channel *way; /* through the parent */
	struct aur_ssh_session *session;
	int fd; /* of a node without parent */
	struct aur_watch *io, *agent;
	int agent_fd;
	struct aur_timer *kick, *wake;

	bool dirty; /* its session is to be stepped */
	bool told_key, told_ready;
	struct aur__node_user *asked; /* has the open question */
	struct aur__failure why;
};

/* 0, AUR_ENOMEM, AUR_EIO. */
AUR_MUST_CHECK int aur__nodes_init(struct aur__nodes *all,
    struct aur_loop *loop, const struct aur_fleet_options *options);
void aur__nodes_release(struct aur__nodes *all);

/* The node of `host` behind `parent` (NULL: none, and then, unless `straight`,
 * ssh_config may name jumps): the one that there is, or a new one that begins.
 * 0; AUR_ENOMEM, AUR_EABSENT (no ssh to ask), AUR_EIO, AUR_ELIMIT (too many
 * jumps). */
AUR_MUST_CHECK int aur__node_get(struct aur__nodes *all,
    const struct aur_fleet_host *host, struct aur__node *parent, bool straight,
    struct aur__node **ret_node);

/* `u` uses `n` from now on; and no more. */
void aur__node_join(struct aur__node *n, struct aur__node_user *u);
void aur__node_leave(struct aur__node_user *u);
bool aur__node_ready(const struct aur__node *n);
/* Something was written or opened: its session will be stepped soon. */
void aur__node_kick(struct aur__node *n);
/* The answer to the question that `u` has; NULL declines. */
void aur__node_answer(struct aur__node_user *u, const char *text);

/* Between the two files. */
AUR_MUST_CHECK int aur__node_talk(struct aur__node *n);
void aur__node_pump(struct aur__node *root);
/* The next user that has not heard of this round; after each the list may be
 * another one. NULL at the end. */
struct aur__node_user *aur__node_next_user(struct aur__node *n, uint64_t round);
void aur__node_tell(struct aur__node *n, enum aur_fleet_step step,
    enum aur_fleet_how how, const char *text);
/* It is over, for its children too. */
void aur__node_fail(struct aur__node *n, const struct aur__failure *why);
void aur__node_failf(struct aur__node *n, const char *fmt, ...)
    AUR_PRINTF(2, 3);
/* The parent is ready: the way through it. */
void aur__node_pass(struct aur__node *n);

/* node_why.c: what a session's end means, and a connection that failed. */
void aur__node_explain(const struct aur_fleet_host *host,
    const struct aur_ssh_config *config, const struct aur_ssh_session *s,
    struct aur__failure *why);
void aur__node_explain_dial(
    const struct aur__dial *d, struct aur__failure *why);

#endif
