/* SPDX-License-Identifier: MIT */
/*
 * What the transports share that are a program of ours on a socket pair: the
 * local agent, the system's ssh. They differ in what is started, and in what
 * its end means.
 */
#ifndef AUR_FLEET_PIPE_INT_H
#define AUR_FLEET_PIPE_INT_H

#include "fleet/transport_int.h"

struct aur__pipe;

/* What makes a kind of pipe. */
struct aur__pipe_kind {
	/* Says what the end means; `status` is waitpid's, -1 where the program
	 * closed its side and lives on. */
	void (*explain)(
	    struct aur__pipe *p, int status, struct aur__failure *why);
	/* A line of its stderr, without its end: true where it is no news for
	 * people and is not kept. May be NULL. */
	bool (*line)(struct aur__pipe *p, struct aur_slice line);
	struct aur_span linger; /* closed, and not ended: wait for the status */
};

struct aur__pipe {
	struct aur__transport transport; /* first: this is one */
	const struct aur__pipe_kind *kind;
	const struct aur__transport_handler *handler;
	void *arg;
	struct aur_loop *loop;
	struct aur_child *child;
	struct aur_watch *io, *err;
	struct aur_timer *late;
	struct aur_buf words; /* the last of its stderr */
	size_t seen;	      /* of the words: lines given to the kind */
	bool closed, ended, full;
};

/* Starts the program. 0, AUR_ENOMEM, AUR_EIO, AUR_EABSENT. Release in any case.
 */
AUR_MUST_CHECK int aur__pipe_init(struct aur__pipe *p,
    const struct aur__transport_class *class, const struct aur__pipe_kind *kind,
    const struct aur__transport_need *need, const struct aur_program *program);
void aur__pipe_release(struct aur__pipe *p);

/* It is of no use any more: soon, from the loop, it is over, and the kind says
 * why. */
void aur__pipe_abandon(struct aur__pipe *p);

/* The last line of its stderr that is not empty. */
struct aur_slice aur__pipe_last(const struct aur__pipe *p);

/* Members of the class. */
int64_t aur__pipe_read(struct aur__transport *t, uint8_t *p, size_t n);
int64_t aur__pipe_write(struct aur__transport *t, struct aur_slice s);
void aur__pipe_shut(struct aur__transport *t);
struct aur_slice aur__pipe_words(const struct aur__transport *t);
int aur__pipe_status(const struct aur__transport *t);

#endif
