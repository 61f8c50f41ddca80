/* SPDX-License-Identifier: MIT */
/*
 * A transport carries the bytes of one agent. It is a const class in a file of
 * its own, named in the table of transport.c; link.c is its one user, and the
 * only one who knows what the bytes mean.
 *
 *	open ──▶ (step, ask ... answer)* ──▶ ready* ──▶ ended
 *	                                       │
 *	                        read, write until they would block
 *
 * Bytes may be written from the start: a transport that is not through yet
 * takes them into a small queue or says that it would block. Callbacks come
 * from the loop, never from inside a call of the link's, and are the last thing
 * the transport does there: the link may free the transport in any of them.
 */
#ifndef AUR_FLEET_TRANSPORT_INT_H
#define AUR_FLEET_TRANSPORT_INT_H

#include "base/buf.h"
#include "fleet/fleet.h"

#define AUR__HOPS_MAX 8u

/* The way to a host: over these, in this order. */
struct aur__route {
	const struct aur_fleet_host *host;
	const struct aur_fleet_host *hop[AUR__HOPS_MAX];
	size_t nhop;
};

/* Why a transport ended, in words for people. */
struct aur__failure {
	enum aur_host_state state; /* what that means for the host */
	bool final;		   /* trying again is for a person to ask for */
	bool unfit;		   /* this transport cannot; another one may */
	bool by_jump; /* it is a jump host that failed: `jump` names it */
	char jump[64];
	char what[256];	  /* "connection refused" */
	char remedy[512]; /* "is sshd running there?"; or "" */
};

struct aur__transport_handler {
	/* There is something to read, or room to write again. */
	void (*ready)(void *arg);
	/* It is over; nothing more comes but what read still gives. Once. */
	void (*ended)(void *arg, const struct aur__failure *why);
	/* A step begins, is done, or has failed. The deadline of a step starts
	 * anew with each of these. */
	void (*step)(void *arg, enum aur_fleet_step step,
	    enum aur_fleet_how how, const char *text);
	/* A question; answer() of the class brings the answer. The deadline
	 * stands still meanwhile. NULL: the question is void. */
	void (*ask)(void *arg, const struct aur_fleet_question *question);
};

/* What open gets; all is borrowed for the transport's life but `command`. */
struct aur__transport_need {
	struct aur_loop *loop;
	const struct aur__route *route;
	const struct aur_fleet_options *options;
	void *pool;	     /* the class's, of this feed; see below */
	const char *command; /* for the login shell there */
	bool plain;	     /* a command, not an agent; local: for our sh */
	bool batch;	     /* nobody can be asked */
	const struct aur__transport_handler *handler;
	void *arg;
};

struct aur__transport;

struct aur__transport_class {
	const char *name; /* as JSON's "via" has it */
	bool remote;	  /* opening it is a handshake, of which few are made at
			     once; losing it may be the network's doing */

	/* What all links of a feed share: sessions of jump hosts, a socket.
	 * Both may be NULL. */
	int (*pool_new)(void **ret_pool, struct aur_loop *loop,
	    const struct aur_fleet_options *options);
	void (*pool_free)(void *pool);

	/* Begins. 0; or an error, told like a failure: then `why` may be filled
	 * in (zeroed before), else it is the error's sentence. */
	int (*open)(struct aur__transport **ret_t,
	    const struct aur__transport_need *need, struct aur__failure *why);
	/* Bytes read; 0 where it would block; AUR_ECLOSED at the end: ended()
	 * follows with the reason. */
	int64_t (*read)(struct aur__transport *t, uint8_t *p, size_t n);
	/* Bytes taken; 0 where it would block: ready() comes when it would not;
	 * AUR_ECLOSED. */
	int64_t (*write)(struct aur__transport *t, struct aur_slice s);
	/* No more will be written: the other side reads an end. */
	void (*shut)(struct aur__transport *t);
	/* What the other side says beside the bytes, the last of it: stderr. */
	struct aur_slice (*words)(const struct aur__transport *t);
	/* Exit status of the command, 128 + its signal; -1 unknown. */
	int (*status)(const struct aur__transport *t);
	/* NULL declines. */
	void (*answer)(struct aur__transport *t, const char *text);
	/* Drops the connection, or this link's part in it. NULL is fine. */
	void (*free)(struct aur__transport *t);
};

/* An implementation embeds this first. */
struct aur__transport {
	const struct aur__transport_class *class;
};

/* The n-th to try for `via`; NULL when there is no more. */
const struct aur__transport_class *aur__transport_get(
    enum aur_fleet_via via, size_t n);
/* All of them, ended by NULL. */
extern const struct aur__transport_class *const aur__transports[];

#endif
