/* SPDX-License-Identifier: MIT */
/*
 * The client's end of a backfill: one at a time, its blocks put together out
 * of their pieces. It gives leave for more as it takes what comes, so that no
 * more than a window of it is ever on the way before the next live sample.
 */
#include "wire/client_int.h"

#include "base/err.h"

int aur_client_more(struct aur_client *c, uint64_t bytes)
{
	struct aur_more more = {c->backfill, bytes};
	int rc;

	if (c->backfill == 0)
		return 0;
	aur_buf_clear(&c->body);
	rc = aur_more_put(&c->body, &more);
	return rc < 0 ? rc : aur__client_send(c, AUR_MSG_MORE);
}

/* A block is given when it is whole; one of one piece is not copied. */
static int take_piece(struct aur_client *c, const struct aur_piece *piece)
{
	struct aur_slice block = piece->bytes;
	int rc = 0;

	if (c->block.n > 0 || piece->left > 0) {
		rc = aur_buf_add_slice(&c->block, piece->bytes);
		block = aur_buf_peek(&c->block);
	}
	if (rc == 0 && piece->left == 0) {
		if (c->handler.block != NULL)
			c->handler.block(c->arg, piece->request, block);
		aur_buf_clear(&c->block);
	}
	c->eaten += piece->bytes.n;
	if (rc < 0 || c->eaten < AUR_MAX_WINDOW / 4)
		return rc;
	rc = aur_client_more(c, c->eaten);
	c->eaten = 0;
	return rc;
}

int aur__client_block(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_piece piece;
	int rc = aur_piece_take(f->payload, &piece);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (c->backfill == 0 || piece.request != c->backfill)
		return aur__client_end(
		    c, AUR_EPROTOCOL, "a block to no request");
	if (c->left > 0 && piece.left + piece.bytes.n != c->left)
		return aur__client_end(
		    c, AUR_EPROTOCOL, "a block in wrong pieces");
	c->left = piece.left;
	if (c->handler.piece != NULL)
		c->handler.piece(c->arg, &piece);
	else
		rc = take_piece(c, &piece);
	return rc < 0 ? aur__client_end(c, rc, "%s", aur_err_str(rc)) : 0;
}

/* Whether it may end here: only one that failed does within a block. */
bool aur__client_backfilled(struct aur_client *c, int err)
{
	bool whole = c->left == 0;

	aur_buf_release(&c->block);
	aur_buf_init(&c->block, AUR_MAX_BLOCK);
	c->backfill = c->left = c->eaten = 0;
	return whole || err < 0;
}

static int send_backfill(
    struct aur_client *c, uint64_t request, const struct aur_backfill *what)
{
	struct aur_backfill_ask ask = {request, *what};
	int rc;

	aur_buf_clear(&c->body);
	rc = aur_backfill_put(&c->body, &ask);
	return rc < 0 ? rc : aur__client_send(c, AUR_MSG_BACKFILL);
}

int aur_client_backfill(struct aur_client *c, const struct aur_backfill *what,
    uint64_t *ret_request)
{
	int rc;

	if (what->kinds == 0)
		return AUR_EINVALID;
	if (c->state != AUR__CLIENT_OPEN || (c->can & AUR_CAN(BACKFILL)) == 0)
		return AUR_EUNSUPPORTED;
	if (c->backfill != 0)
		return AUR_EBUSY;
	if (c->nwaiting == AUR_MAX_REQUESTS)
		return AUR_ELIMIT;
	rc = send_backfill(c, c->request + 1, what);
	if (rc < 0)
		return rc;
	*ret_request = c->backfill = aur__client_wait(c);
	return 0;
}

int aur_client_backfill_stop(struct aur_client *c)
{
	static const struct aur_backfill none = {0};

	return c->backfill != 0 ? send_backfill(c, c->backfill, &none) : 0;
}
