/* SPDX-License-Identifier: MIT */
/*
 * A command's time with its hosts: loop, feed, deadline, Ctrl-C.
 *
 *	struct session s;
 *	status = session_open(&s, c, o);
 *	if (status == CLI_OK)
 *		status = session_take(&s, &want);     samples are in the feed
 *	...
 *	session_close(&s);
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/log.h"
#include "cli/cli.h"
#include "cli/opt.h"
#include "loop/loop.h"
#include "model/feed.h"

struct session {
	struct cli *cli;
	struct aur_log log;
	struct aur_loop *loop;
	struct aur_feed *feed;
	struct aur_timer *deadline;
	struct aur_signal *sigint;
	struct aur_span timeout;
	size_t nhost;
	uint64_t *got;	/* samples since the last session_take, per host */
	uint64_t *told; /* what was last said to have failed, per host */
	uint64_t goal;	/* as many are waited for */
	bool interrupted, expired;
	/* Told of every change after the session's own look; may be NULL. */
	aur_feed_listen_fn changed;
	void *arg;
};

/* Starts the agents of the chosen hosts. `o` brings --timeout. CLI_OK, or
 * the exit status after a message; then too it must be closed. */
AUR_MUST_CHECK int session_open(
    struct session *s, struct cli *c, const struct opts *o);
void session_close(struct session *s);

/* Subscribes and waits for want->count samples of every host, less those that
 * fail, or the deadline. CLI_OK even when hosts failed; CLI_INTERRUPTED;
 * CLI_FAILED. */
AUR_MUST_CHECK int session_take(struct session *s, const struct aur_want *want);

/* Runs until aur_loop_stop or Ctrl-C, without a deadline. */
AUR_MUST_CHECK int session_run(struct session *s);

/* What all one-shots begin with: two samples 0.1 s apart. */
struct aur_want session_want(uint64_t domains, uint64_t process_fields);

#endif
