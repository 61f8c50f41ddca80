/* SPDX-License-Identifier: MIT */
/*
 *	walk ──▶ block ──▶ plain ─────────────▶ pieces
 *	  ▲        ├─────▶ veil, table by table ──▶│
 *	  │        └─────▶ hidden                  │
 *	  └─────────┴──────────────────────────────┘
 *
 * A block that cannot be veiled is left out: what was not checked for a reader
 * is not shown. Whatever reads of the disk, or works, without a block for the
 * reader ends the turn: a spool may have hundreds of megabytes of what he did
 * not ask for.
 */
#include "agentd/daemon_kept.h"

#include "base/err.h"
#include "base/limits.h"

#define TABLES_A_STEP 8

void kept_end(struct kept *k)
{
	spool_walk_end(k->walk);
	veil_free(k->veil);
	aur_buf_release(&k->block);
	*k = (struct kept){0};
}

/* The next block that the peer is shown. 1; 0: it is looked for, or made. */
static int next_block(struct kept *k, const struct view_peer *peer)
{
	struct aur_block head;
	enum veil_what how;
	int rc = spool_walk_step(k->walk, &k->block);

	k->sent = 0;
	k->seeks = rc == AUR_EBUSY;
	if (rc < 0 && !k->seeks)
		return rc;
	if (rc == 0 && aur_block_head(aur_buf_peek(&k->block), &head) == 0) {
		how = veil_how(&head, peer);
		if (how == VEIL_PLAIN)
			return 1;
		if (how == VEIL_SOME)
			rc = veil_new(&k->veil, &head, peer);
	}
	aur_buf_clear(&k->block);
	k->seeks = k->veil == NULL;
	return rc == AUR_ENOMEM ? rc : 0;
}

int kept_piece(struct kept *k, const struct view_peer *peer, size_t most,
    struct aur_piece *ret_piece)
{
	struct aur_slice b;

	if (k->veil != NULL)
		return 0;
	if (k->sent == aur_buf_peek(&k->block).n) {
		int rc = next_block(k, peer);

		if (rc < 0)
			kept_end(k);
		if (rc <= 0)
			return rc;
	}
	b = aur_buf_peek(&k->block);
	b = aur_slice_of(b.p + k->sent, b.n - k->sent);
	ret_piece->bytes = aur_slice_of(b.p, b.n < most ? b.n : most);
	ret_piece->left = b.n - ret_piece->bytes.n;
	k->sent += ret_piece->bytes.n;
	return 1;
}

bool kept_works(const struct kept *k)
{
	return k->veil != NULL || k->seeks;
}

int kept_step(struct kept *k)
{
	int rc;

	k->seeks = false;
	if (k->veil == NULL)
		return 1;
	rc = veil_step(k->veil, TABLES_A_STEP);
	if (rc == 1)
		return 0;
	aur_buf_clear(&k->block);
	if (rc == 0)
		rc = veil_take(k->veil, &k->block);
	if (rc < 0)
		aur_buf_clear(&k->block);
	veil_free(k->veil);
	k->veil = NULL;
	return 1;
}
