/* SPDX-License-Identifier: MIT */
/*
 * Kept time on its way: what is asked for, the pieces of blocks, and the leave
 * to send more of them. A block may have megabytes, a piece has not: between
 * two of them there is room for the newest sample.
 */
#include "wire/msg.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/varint.h"
#include "wire/pay.h"

int aur_backfill_put(struct aur_buf *b, const struct aur_backfill_ask *ask)
{
	int rc = aur_varint_add(b, ask->request);

	if (rc == 0)
		rc = aur_varint_add(b, ask->what.kinds);
	if (rc == 0)
		rc = aur__put_i64(b, ask->what.from.ns);
	return rc < 0 ? rc : aur__put_i64(b, ask->what.to.ns);
}

int aur_backfill_take(struct aur_slice in, struct aur_backfill_ask *ret_ask)
{
	struct aur_backfill_ask a = {0};
	uint64_t kinds = 0;
	int rc = aur__take_u64(&in, &a.request);

	if (rc == 0)
		rc = aur__take_max(&in, UINT32_MAX, &kinds);
	if (rc == 0)
		rc = aur__take_i64(&in, &a.what.from.ns);
	if (rc == 0)
		rc = aur__take_i64(&in, &a.what.to.ns);
	a.what.kinds = (unsigned)kinds;
	if (rc == 0)
		*ret_ask = a;
	return rc;
}

int aur_piece_put(struct aur_buf *b, const struct aur_piece *piece)
{
	int rc = aur_varint_add(b, piece->request);

	if (piece->bytes.n > AUR_MAX_PIECE)
		return AUR_ELIMIT;
	if (rc == 0)
		rc = aur_varint_add(b, piece->left);
	if (rc == 0)
		rc = aur_varint_add(b, piece->bytes.n);
	return rc < 0 ? rc : aur_buf_add_slice(b, piece->bytes);
}

int aur_piece_take(struct aur_slice in, struct aur_piece *ret_piece)
{
	struct aur_piece p = {0};
	int rc = aur__take_u64(&in, &p.request);

	if (rc == 0)
		rc = aur__take_max(&in, AUR_MAX_BLOCK, &p.left);
	if (rc == 0)
		rc = aur__take_blob(&in, AUR_MAX_PIECE, &p.bytes);
	if (rc == 0 && p.bytes.n == 0)
		rc = AUR_EPROTOCOL;
	if (rc == 0 && p.left > AUR_MAX_BLOCK - p.bytes.n)
		rc = AUR_ELIMIT;
	if (rc == 0)
		*ret_piece = p;
	return rc;
}

int aur_more_put(struct aur_buf *b, const struct aur_more *more)
{
	int rc = aur_varint_add(b, more->request);

	return rc < 0 ? rc : aur_varint_add(b, more->bytes);
}

int aur_more_take(struct aur_slice in, struct aur_more *ret_more)
{
	struct aur_more m = {0};
	int rc = aur__take_u64(&in, &m.request);

	if (rc == 0)
		rc = aur__take_u64(&in, &m.bytes);
	if (rc == 0)
		*ret_more = m;
	return rc;
}
