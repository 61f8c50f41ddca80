/* SPDX-License-Identifier: MIT */
/*
 * What is done about agents on the hosts of a session: asked, put there, made
 * a service, taken away; host by host, sixteen at a time, over connections
 * that the session has. lib/fleet/push.h has the scripts and their answers.
 *
 *	struct push p;
 *	status = push_begin(&p, &session, NULL);    what each host answers
 *	p.host[i].todo = PUSH_PUT;
 *	if (status == CLI_OK)
 *		status = push_work(&p);        does it, and prints what was done
 *	session_close(&session);
	push_release(&p);                      only then: what runs is told
 *
 * What goes wrong on a host is said, with what to do, and is no concern of the
 * others.
 */
#ifndef CLI_PUSH_H
#define CLI_PUSH_H

#include "cli/session.h"
#include "fleet/push.h"

/* Jobs; what is put comes in this order. */
#define PUSH_PUT (1u << AUR_PUSH_PUT)
#define PUSH_USER (1u << AUR_PUSH_USER)
#define PUSH_SYSTEM (1u << AUR_PUSH_SYSTEM)
#define PUSH_REMOVE (1u << AUR_PUSH_REMOVE)

struct push_host {
	struct push *all;
	size_t index;
	bool reached;		   /* it has been asked, and has answered */
	bool failed;		   /* something went wrong, and was said */
	struct aur_push_answer is; /* what it answered first */
	/* What is to be done, and what has been. */
	unsigned todo, done;
	enum aur_push_verb verb; /* what is being done */
	unsigned place;
	bool busy;
	unsigned strikes;
};

struct push_file;

struct push {
	struct session *session;
	struct push_host *host;
	size_t n, busy, next;
	bool runs;		/* the loop */
	struct push_file *file; /* agents that have been read */
};

/* Asks each host of the session that was logged in to: that is up, or has no
 * agent, or is one of `logged_in` (of each host; NULL: no others). The
 * session's hosts have been waited for. CLI_OK; CLI_INTERRUPTED, CLI_FAILED.
 */
AUR_MUST_CHECK int push_begin(
    struct push *p, struct session *s, const bool *logged_in);
void push_release(struct push *p);

/* Whether the host is of a kind that a job can be done on; else what is
 * missing has been said, and the host has failed. */
bool push_can(struct push_host *h, enum aur_push_verb verb);

/* Does what is to be done. As push_begin. */
AUR_MUST_CHECK int push_work(struct push *p);

/* Waits until those that something was put on have given a sample, at most a
 * while. As push_begin. */
AUR_MUST_CHECK int push_settle(struct push *p);

/* For the reaching of hosts that have no agent: puts one there. `ask`: only
 * where the person at the terminal says so. As push_begin, and `p` is to be
 * released likewise. */
AUR_MUST_CHECK int push_agent(struct push *p, struct session *s, bool ask);

/* Prints "HOST: text"; the text may be the host's. CLI_OK or CLI_FAILED. */
int push_say(const struct push_host *h, struct aur_slice text);
const char *push_name(const struct push_host *h);

#endif
