/* SPDX-License-Identifier: MIT */
/*
 * What the service hands out of its spool: blocks, to one reader, as much of
 * each as that one may see. It is the `kept` of a serve_source whose arg is a
 * client (daemon_int.h); what takes its time is done between two turns of the
 * loop.
 */
#ifndef AGENTD_DAEMON_KEPT_H
#define AGENTD_DAEMON_KEPT_H

#include "agentd/daemon_spool.h"
#include "agentd/daemon_veil.h"

/* One reader's place in what was kept. Zeroed: it reads nothing. */
struct kept {
	struct spool_walk *walk; /* NULL: nothing is read */
	struct aur_buf block;	 /* being sent */
	size_t sent;		 /* of it */
	struct veil *veil;	 /* of a block that is not shown whole */
	bool seeks;		 /* the next block, and has not found it yet */
};

/* The next piece, as serve_kept.piece; 0: kept_step is to be called until it
 * says 1, then serve_blocks. */
AUR_MUST_CHECK int kept_piece(struct kept *k, const struct view_peer *peer,
    size_t most, struct aur_piece *ret_piece);

/* Whether a block is looked for, or a veil made; goes on with it. 1: ask
 * kept_piece again; 0: call again. */
bool kept_works(const struct kept *k);
AUR_MUST_CHECK int kept_step(struct kept *k);

/* Reads nothing any more. */
void kept_end(struct kept *k);

#endif
