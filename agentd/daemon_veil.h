/* SPDX-License-Identifier: MIT */
/*
 * What one reader is shown of a block that was kept of all. Blocks of the
 * system go as they are. Those of processes are unpacked, each table is made
 * a view (daemon_view.h) of, and the views are packed again: some tables at a
 * time, since a reader's past must not keep the others' present waiting.
 *
 *	switch (veil_how(&block, &peer)) {
 *	case VEIL_PLAIN: send it
 *	case VEIL_HIDE:  leave it out
 *	case VEIL_SOME:
 *		rc = veil_new(&v, &block, &peer);
 *		while ((rc = veil_step(v, 8)) == 1)
 *			... something else
 *		rc = veil_take(v, &out);
 *		veil_free(v);
 *
 * Command lines that were recorded are for root, the group and the service's
 * own user; others are shown the name of the program at most.
 */
#ifndef AGENTD_DAEMON_VEIL_H
#define AGENTD_DAEMON_VEIL_H

#include "agentd/daemon_view.h"
#include "pack/pack.h"

enum veil_what { VEIL_PLAIN, VEIL_SOME, VEIL_HIDE };

enum veil_what veil_how(
    const struct aur_block *block, const struct view_peer *peer);

struct veil;

/* A view of the block for the peer, which is copied. 0, AUR_EINVALID
 * (damaged), AUR_ENOMEM. */
AUR_MUST_CHECK int veil_new(struct veil **ret_v, const struct aur_block *block,
    const struct view_peer *peer);
void veil_free(struct veil *v); /* NULL is fine */

/* Goes on by `n` tables. 1: there is more; 0: all is done; AUR_EINVALID,
 * AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int veil_step(struct veil *v, unsigned n);

/* Appends the block that the peer is shown. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int veil_take(struct veil *v, struct aur_buf *out);

#endif
