/* SPDX-License-Identifier: MIT */
/*
 * Reaching hosts step by step, each step printed when it is done: what `team
 * add host` does before it saves, and what `doctor` is for.
 *
 *	struct walk w;
 *	status = walk_run(&w, c, o, &hosts, NULL);
 *	if (status == CLI_OK)
 *		all of w.host[i].reached;
 *	walk_release(&w);                in any case
 *
 * A line is the host, the step, how long it took and what was learned:
 *
 *	web1  authenticate      41 ms  ~/.ssh/id_ed25519
 *
 * Hosts are reached side by side, so their lines mingle; a host that fails
 * keeps no other waiting. What failed and what to do is said on stderr.
 */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include "cli/push.h"
#include "cli/session.h"

/* What is done on the way; NULL: nothing. */
struct walk_how {
	bool accept_new; /* unknown host keys are taken */
	bool install;	 /* a host without an agent is given one */
	bool ask;	 /* where the person at the terminal says so */
};

/* What is known of a host when its walk has ended. */
struct walk_host {
	const char *name;	/* of the pick; lives as long */
	bool reached;		/* a sample has come */
	bool recording;		/* it keeps what happens while nobody looks */
	const char *mode, *via; /* as in struct aur_feed_host */
};

struct walk {
	struct cli *cli;
	struct session session;
	struct push push;
	struct walk_host *host; /* in the order of hosts->select */
	size_t n;
	size_t name_width;
};

/* Walks to the end of every host's way, at most until --timeout. CLI_OK when
 * all were reached; CLI_UNSAMPLED when some were not, which has been said;
 * CLI_INTERRUPTED, and CLI_FAILED, CLI_USAGE after saying why. */
AUR_MUST_CHECK int walk_run(struct walk *w, struct cli *c, const struct opts *o,
    struct hosts *hosts, const struct walk_how *how);
void walk_release(struct walk *w);

#endif
