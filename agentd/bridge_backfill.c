/* SPDX-License-Identifier: MIT */
/*
 * A backfill through the bridge: the request goes up as it is, pieces come
 * down as they are. The client's leave is passed on to the service, so what
 * waits here is never more than a window.
 */
#include "agentd/bridge_int.h"

#include "base/err.h"

static int on_begin(void *arg, const struct aur_backfill *what)
{
	struct bridge *b = arg;
	int rc;

	/* of one that was stopped there may still be something on the way */
	if (b->up == NULL)
		return AUR_EUNSUPPORTED;
	rc = aur_client_backfill(b->up, what, &b->filling);
	if (rc < 0)
		return rc;
	b->filled = 0;
	aur_buf_init(&b->kept, AUR_MAX_WINDOW + AUR_MAX_WINDOW / 4);
	b->taken = 0;
	return 0;
}

static int finish(struct bridge *b)
{
	aur_buf_release(&b->kept);
	b->filling = 0;
	return b->filled;
}

/* They wait as frames, as they will be sent. */
static int on_piece(void *arg, size_t most, struct aur_piece *ret_piece)
{
	struct bridge *b = arg;
	struct aur_slice in;
	struct aur_frame f;
	int rc;

	aur_buf_take(&b->kept, b->taken);
	b->taken = 0;
	in = aur_buf_peek(&b->kept);
	if (in.n == 0)
		return b->filled == 0 ? 0 : finish(b);
	rc = aur_frame_take(&in, &f);
	if (rc == 1)
		rc = aur_piece_take(f.payload, ret_piece) < 0 ? AUR_EIO : 1;
	/* the client's leave is the service's, so it fits */
	if (rc == 1 && ret_piece->bytes.n > most)
		return 0;
	b->taken = aur_buf_peek(&b->kept).n - in.n;
	return rc;
}

static void on_more(void *arg, uint64_t bytes)
{
	struct bridge *b = arg;
	int rc = b->up != NULL ? aur_client_more(b->up, bytes) : 0;

	if (rc < 0)
		b->rc = rc;
}

static void on_stop(void *arg)
{
	struct bridge *b = arg;
	int rc = b->up != NULL ? aur_client_backfill_stop(b->up) : 0;

	aur_buf_release(&b->kept);
	b->taken = 0;
	b->filling = 0;
	if (rc < 0)
		b->rc = rc;
}

const struct serve_kept bridge__kept = {
    .begin = on_begin,
    .piece = on_piece,
    .more = on_more,
    .stop = on_stop,
};

void bridge__up_piece(void *arg, const struct aur_piece *piece)
{
	struct bridge *b = arg;
	struct aur_buf body;
	int rc;

	if (b->rc < 0 || b->filling == 0 || piece->request != b->filling)
		return;
	aur_buf_init(&body, AUR_MAX_PIECE + 64);
	rc = aur_piece_put(&body, piece);
	if (rc == 0)
		rc = aur_frame_add(
		    &b->kept, 0, AUR_MSG_BLOCK, aur_buf_peek(&body));
	aur_buf_release(&body);
	if (rc < 0)
		b->rc = rc;
	else
		serve_blocks(b->serve);
}

void bridge__up_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct bridge *b = arg;

	if (b->filling == 0 || request != b->filling)
		return;
	b->filled = reply->err < 0 ? reply->err : AUR_EABSENT;
	serve_blocks(b->serve);
}
