/* SPDX-License-Identifier: MIT */
/*
 * The agent's side of one connection, without any I/O: bytes of a client go
 * in, bytes for it gather in a buffer, and time is told by the caller. What
 * is sampled comes from a source, so that a test can be one.
 *
 *	rc = serve_new(&s, &source, &options, now);
 *	loop:
 *		write what serve_out has, tell serve_sent
 *		wait for input, room, or serve_wait
 *		rc = serve_put(s, bytes, now);
 *		rc = serve_step(s, now);
 *	serve_free(s);
 *
 * A reader that is slow gets the newest sample once it has taken the one
 * before: what falls due while that one waits is not taken, but counted.
 */
#ifndef AGENTD_SERVE_H
#define AGENTD_SERVE_H

#include "base/clock.h"
#include "collect/collect.h"

/* Where samples come from and acts go. */
struct serve_source {
	void *arg;
	void (*want)(void *arg, const struct aur_want *want);
	/* as aur_collect_sample */
	int (*sample)(void *arg, aur_collect_part_fn part, void *part_arg,
	    struct aur_sample **ret_sample);
	/* as aur_collect_act */
	int (*act)(void *arg, const struct aur_act *act, struct aur_buf *text);
};

struct serve_options {
	bool viewer;	    /* may not act */
	const char *member; /* who the key says it is; NULL: not said */
	uint64_t uid;	    /* whose rights the agent has */
	/* called for each part of a subscription's first sample, once it is in
	 * the output: the rest may take longer; may be NULL */
	void (*flush)(void *arg);
	void *flush_arg;
};

struct serve_now {
	struct aur_mono mono;
	struct aur_wall wall;
};

struct serve;

/* A connection that has put its greeting into the output. Both structs are
 * copied. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int serve_new(struct serve **ret_s,
    const struct serve_source *source, const struct serve_options *options,
    struct serve_now now);
void serve_free(struct serve *s); /* NULL is fine */

/* Bytes from the client. 0, or the error that ends the connection; the output
 * then ends with an error message that should still be written. */
AUR_MUST_CHECK int serve_put(
    struct serve *s, struct aur_slice bytes, struct serve_now now);

/* Takes a sample if one is due. 0, or an error as above. */
AUR_MUST_CHECK int serve_step(struct serve *s, struct serve_now now);

/* How long until serve_step has something to do, at most the interval;
 * negative: nothing until there is input. */
struct aur_span serve_wait(const struct serve *s, struct serve_now now);

/* Whether input should be read: not while too much output waits. */
bool serve_reads(const struct serve *s);

/* Bytes to write, and that `n` of them have been. */
struct aur_slice serve_out(const struct serve *s);
void serve_sent(struct serve *s, size_t n);

#endif
