/* SPDX-License-Identifier: MIT */
/*
 * A command's time with its hosts: loop, feed, deadline, Ctrl-C.
 *
 *	struct session s;
 *	status = session_open(&s, c, o, &hosts);
 *	if (status == CLI_OK)
 *		status = session_take(&s, &want);     samples are in the feed
 *	...
 *	session_close(&s);
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/log.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/hosts.h"
#include "cli/opt.h"
#include "loop/loop.h"
#include "model/feed.h"

/* What a session may be told beside its hosts. */
struct session_how {
	aur_fleet_step_fn step; /* of reaching them; NULL: nobody looks */
	void *arg;
	bool accept_new; /* unknown host keys */
	bool asked;	 /* what was refused before is tried */
	bool stays; /* lost hosts are reached for again, and events tell of it
		     */
};

struct session {
	struct cli *cli;
	struct session_how how;
	struct aur_log log;
	struct aur_loop *loop;
	struct aur_feed *feed;
	struct ask ask;
	struct aur_timer *deadline;
	struct aur_mono ends; /* when it is due */
	struct aur_span left; /* of it, while somebody is asked */
	struct aur_signal *sigint;
	struct aur_span timeout;
	size_t nhost;
	uint64_t *got;	/* samples since the last session_ask, per host */
	uint64_t *goal; /* as many are waited for, per host; 0: for none */
	uint64_t *told; /* what was last said to have failed, per host */
	bool waiting;
	bool interrupted, expired, timed;
	/* Told of every change after the session's own look; may be NULL. */
	aur_feed_listen_fn changed;
	void *arg;
};

/* Starts reaching the chosen hosts. `o` brings --timeout. CLI_OK, or the exit
 * status after a message; then too it must be closed. */
AUR_MUST_CHECK int session_open(struct session *s, struct cli *c,
    const struct opts *o, struct hosts *hosts);
/* The same; `how` is copied, NULL is none of it. */
AUR_MUST_CHECK int session_open_how(struct session *s, struct cli *c,
    const struct opts *o, struct hosts *hosts, const struct session_how *how);
/* The same over a feed that is there, of the past: nobody is reached and
 * nothing waited for. It becomes the session's. CLI_OK, CLI_FAILED. */
AUR_MUST_CHECK int session_open_feed(
    struct session *s, struct cli *c, struct aur_feed *feed);
void session_close(struct session *s);

/* The whole of --timeout from now on. */
void session_start_deadline(struct session *s);

/* A feed of the chosen hosts, which have been reached for, and of nothing
 * else: for who has a loop of his own. As aur_fleet_new. */
AUR_MUST_CHECK int session_feed(struct aur_feed **ret_feed,
    struct aur_loop *loop, const struct hosts *h,
    struct aur_fleet_options *options);

/* Subscribes for one host: want->count samples of it will be waited for. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int session_ask(
    struct session *s, size_t host, const struct aur_want *want);

/* Waits until each host has given what it was asked for or has failed, at most
 * until the deadline. CLI_OK even when hosts failed; CLI_INTERRUPTED;
 * CLI_FAILED. */
AUR_MUST_CHECK int session_wait(struct session *s);

/* Both, the same of every host. */
AUR_MUST_CHECK int session_take(struct session *s, const struct aur_want *want);

/* Runs until aur_loop_stop or Ctrl-C, without a deadline. */
AUR_MUST_CHECK int session_run(struct session *s);

/* What all one-shots begin with: two samples 0.1 s apart. */
struct aur_want session_want(uint64_t domains, uint64_t process_fields);

#endif
