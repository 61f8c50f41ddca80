/* SPDX-License-Identifier: MIT */
/*
 * Hosts whose authorized_keys become what the team says, step by step and side
 * by side: looked at, planned, written with throw-away lines, proven, written
 * for good.
 *
 *	struct sync s;
 *	status = sync_open(&s, c, o);
 *	if (status == CLI_OK)
 *		status = sync_look(&s);         s.host[i].plan
 *	... shown, and asked about ...
 *	if (status == CLI_OK)
 *		status = sync_write(&s);        s.host[i].done
 *	sync_close(&s);                         in any case
 *
 * What fails is said at once, and is remembered of its host; the others go on.
 */
#ifndef CLI_SYNC_H
#define CLI_SYNC_H

#include "cli/proof.h"
#include "team/keys.h"
#include "team/keys_host.h"

struct sync_host {
	size_t host; /* its number in the team */
	const char *name;
	struct aur_keys_answer seen; /* what was found, without the file */
	struct aur_buf file;	     /* what was found */
	struct aur_buf agent;	     /* the whole command there; empty: none */
	struct aur_keys_plan plan;
	struct aur_buf text;	/* what is written next */
	char sum[AUR_KEYS_SUM]; /* of what is there now */
	char backup[AUR_KEYS_PATH];
	bool lost;     /* it could not be looked at */
	bool wrong;    /* something is, and was said; the rest may go on */
	bool tried;    /* throw-away lines are there */
	bool unproven; /* and one of them did not hold */
	bool done;     /* what was planned is there now */
};

struct sync {
	struct cli *cli;
	struct hosts hosts;
	struct session session;
	struct proof proof;
	struct sync_host *host; /* in the order of the picks */
	size_t n;
	bool clean; /* set before sync_look: as if the team had no members */
};

/* Chooses the hosts and reaches them. CLI_OK, also where some are lost, or an
 * exit status after a message. */
AUR_MUST_CHECK int sync_open(
    struct sync *s, struct cli *c, const struct opts *o);
void sync_close(struct sync *s);

/* Looks at all of them and plans. As above. */
AUR_MUST_CHECK int sync_look(struct sync *s);

/* Does what was planned, and proves the lines that are new: a host on which
 * one does not hold gets none of them. As above. */
AUR_MUST_CHECK int sync_write(struct sync *s);

#endif
