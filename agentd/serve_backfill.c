/* SPDX-License-Identifier: MIT */
/*
 * A backfill beside the live stream:
 *
 *	       backfill          room, and leave of the reader
 *	 idle ───────────▶ filling ─────────────────────────▶ a piece
 *	   ▲                 │  ▲                               │
 *	   └──── reply ──────┘  └───────────────────────────────┘
 *	  all sent, failed, stopped
 *
 * Two things keep live samples from being late. A piece is put into the output
 * only while less than one of them waits there, so that a sample has at most
 * two before it. And the reader gives leave: what it has not taken yet fills
 * no more than a window of whatever pipes and networks lie between.
 */
#include "agentd/serve_int.h"

#include "base/err.h"
#include "base/limits.h"

/* Output above which no piece is added. */
#define LITTLE (16u << 10)

static int reply(struct serve *s, uint64_t request, int err)
{
	struct aur_reply r = {.request = request, .reply = {.err = err}};
	int rc;

	if (err < 0)
		r.reply.text = aur_slice_str(aur_err_str(err));
	aur_buf_clear(&s->body);
	rc = aur_reply_put(&s->body, &r);
	if (rc == 0)
		rc = serve__send(s, AUR_MSG_REPLY);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

static int finish(struct serve *s, int err)
{
	s->filling = false;
	return reply(s, s->backfill, err);
}

/* One piece. 1; 0: not yet; the error that ended the backfill. */
static int add_piece(struct serve *s)
{
	size_t most = s->leave < AUR_MAX_PIECE ? s->leave : AUR_MAX_PIECE;
	struct aur_piece piece = {0};
	int rc = s->source.kept->piece(s->source.arg, most, &piece);

	if (rc <= 0)
		return rc;
	piece.request = s->backfill;
	s->leave -= piece.bytes.n;
	aur_buf_clear(&s->body);
	rc = aur_piece_put(&s->body, &piece);
	if (rc == 0)
		rc = serve__send(s, AUR_MSG_BLOCK);
	if (rc < 0)
		s->source.kept->stop(s->source.arg);
	return rc < 0 ? rc : 1;
}

void serve_blocks(struct serve *s)
{
	int rc = 1;

	while (rc > 0 && s->filling && s->state == SERVE_OPEN && s->leave > 0 &&
	       aur_buf_peek(&s->out).n < LITTLE)
		rc = add_piece(s);
	/* an end that cannot be told has ended the connection */
	if (rc < 0)
		(void)finish(s, rc == AUR_EABSENT ? 0 : rc);
}

static int stop(struct serve *s, const struct aur_backfill_ask *ask)
{
	if (!s->filling || ask->request != s->backfill)
		return 0; /* its reply is on the way */
	s->source.kept->stop(s->source.arg);
	return finish(s, AUR_ECLOSED);
}

int serve__backfill(struct serve *s, const struct aur_frame *f)
{
	struct aur_backfill_ask ask;
	int rc = aur_backfill_take(f->payload, &ask);

	if (rc < 0)
		return serve_end(s, rc, "broken request");
	if (ask.what.kinds == 0)
		return stop(s, &ask);
	if (s->source.kept == NULL)
		return reply(s, ask.request, AUR_EUNSUPPORTED);
	if (s->filling)
		return reply(s, ask.request, AUR_EBUSY);
	rc = s->source.kept->begin(s->source.arg, &ask.what);
	if (s->state == SERVE_ENDED)
		return s->err;
	if (rc < 0)
		return reply(s, ask.request, rc);
	s->filling = true;
	s->backfill = ask.request;
	s->leave = AUR_MAX_WINDOW;
	serve_blocks(s);
	return s->state == SERVE_ENDED ? s->err : 0;
}

int serve__more(struct serve *s, const struct aur_frame *f)
{
	struct aur_more more;
	int rc = aur_more_take(f->payload, &more);

	if (rc < 0)
		return serve_end(s, rc, "broken leave");
	if (!s->filling || more.request != s->backfill)
		return 0; /* for one that has ended */
	if (more.bytes > AUR_MAX_WINDOW - s->leave)
		return serve_end(s, AUR_EPROTOCOL, "leave for too much");
	s->leave += more.bytes;
	if (s->source.kept->more != NULL)
		s->source.kept->more(s->source.arg, more.bytes);
	if (s->state != SERVE_ENDED)
		serve_blocks(s);
	return s->state == SERVE_ENDED ? s->err : 0;
}
