/* SPDX-License-Identifier: MIT */
/*
 * One connection:
 *
 *	        magic line      hello           end, error
 *	 (new) ───────────▶ (known) ───▶ (open) ──────────▶ (ended)
 *	                                  ▲  │ subscribe, ping, signal, renice
 *	                                  └──┘ sample when due, blocks between
 *
 * A thread per connection, and a queue of samples per reader, were not taken:
 * the one is no portable C, the other grows when a network is slow, which is
 * when nobody wants old samples.
 */
#include "agentd/serve.h"

#include "agentd/serve_int.h"
#include "base/err.h"
#include "base/mem.h"

/* Output above which no input is read. */
#define READ_MOST (64u << 10)

int serve__send(struct serve *s, enum aur_msg type)
{
	return aur_frame_add(&s->out, 0, type, aur_buf_peek(&s->body));
}

int serve_end(struct serve *s, int err, const char *why)
{
	struct aur_error error = {err, aur_slice_str(why)};

	s->state = SERVE_ENDED;
	s->err = err;
	aur_buf_clear(&s->body);
	/* Without memory there is nobody to tell; the end tells it too. */
	if (aur_error_put(&s->body, &error) == 0 &&
	    serve__send(s, AUR_MSG_ERROR) < 0)
		s->err = err;
	return err;
}

static bool reads_only(const struct serve *s)
{
	return s->options.viewer || s->source.act == NULL;
}

static int greet(struct serve *s, struct serve_now now)
{
	struct aur_hello hello = {
	    .version = AUR_WIRE_VERSION,
	    .agent = aur_slice_str(AUR_VERSION),
	    .mode = aur_slice_str(
		s->options.mode != NULL ? s->options.mode : "direct"),
	    .role = aur_slice_str(reads_only(s) ? "viewer" : "operator"),
	    .wall = now.wall,
	    .recording = s->options.recording,
	    .capabilities = AUR_CAN(SAMPLE) | AUR_CAN(EVENT),
	    .sight = s->options.sight,
	};
	int rc = aur_buf_add_str(&s->out, AUR_WIRE_PREAMBLE);

	if (s->source.act != NULL)
		hello.capabilities |= AUR_CAN(AFFINITY) | AUR_CAN(IO_PRIORITY);
	if (s->source.act != NULL && !s->options.viewer)
		hello.capabilities |= AUR_CAN(ACT);
	if (s->options.team != NULL)
		hello.capabilities |= AUR_CAN(TEAM);
	if (s->source.report != NULL)
		hello.capabilities |= AUR_CAN(REPORT);
	if (s->source.kept != NULL)
		hello.capabilities |= AUR_CAN(BACKFILL);
	if (rc == 0)
		rc = aur_hello_put(&s->body, &hello);
	return rc < 0 ? rc : serve__send(s, AUR_MSG_HELLO);
}

int serve_new(struct serve **ret_s, const struct serve_source *source,
    const struct serve_options *options, struct serve_now now)
{
	struct serve *s = aur_mem_new(1, sizeof(*s));
	int rc;

	if (s == NULL)
		return AUR_ENOMEM;
	s->source = *source;
	s->options = *options;
	aur_buf_init(&s->in, AUR_MAX_ASK + 16);
	aur_buf_init(&s->out, AUR_MAX_QUEUE);
	aur_buf_init(&s->body, AUR_MAX_FRAME);
	rc = aur_encoder_new(&s->encoder, 1);
	if (rc == 0)
		rc = greet(s, now);
	if (rc < 0) {
		serve_free(s);
		return rc;
	}
	*ret_s = s;
	return 0;
}

void serve_free(struct serve *s)
{
	if (s == NULL)
		return;
	aur_encoder_free(s->encoder);
	aur_buf_release(&s->in);
	aur_buf_release(&s->out);
	aur_buf_release(&s->body);
	aur_mem_free(s);
}

/* --- input ---------------------------------------------------------------- */

/* The magic line must come first, byte by byte. 1 when it has. */
static int take_preamble(struct serve *s)
{
	const size_t n = sizeof(AUR_WIRE_PREAMBLE) - 1;
	const size_t magic = sizeof(AUR_WIRE_MAGIC) - 1;
	struct aur_slice in = aur_buf_peek(&s->in);
	size_t have = in.n < n ? in.n : n;

	if (memcmp(in.p, AUR_WIRE_PREAMBLE, have < magic ? have : magic) != 0)
		return serve_end(s, AUR_EPROTOCOL, "this is no Aurora client");
	if (memcmp(in.p, AUR_WIRE_PREAMBLE, have) != 0)
		return serve_end(s, AUR_EVERSION,
		    "this agent speaks version 1 of the protocol");
	if (have < n)
		return 0;
	aur_buf_take(&s->in, n);
	s->state = SERVE_KNOWN;
	return 1;
}

static int on_hello(struct serve *s, const struct aur_frame *f)
{
	struct aur_hello hello;
	int rc = aur_hello_take(f->payload, &hello);

	if (rc < 0)
		return serve_end(s, rc, "broken hello");
	if (s->state == SERVE_OPEN)
		return serve_end(s, AUR_EPROTOCOL, "a second hello");
	s->state = SERVE_OPEN;
	return 0;
}

static int on_ping(struct serve *s, const struct aur_frame *f)
{
	uint64_t token;
	int rc = aur_ping_take(f->payload, &token);

	if (rc < 0)
		return serve_end(s, rc, "broken ping");
	aur_buf_clear(&s->body);
	rc = aur_ping_put(&s->body, token);
	if (rc == 0)
		rc = serve__send(s, AUR_MSG_PONG);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

static int on_frame(
    struct serve *s, const struct aur_frame *f, struct serve_now now)
{
	if (s->state != SERVE_OPEN && f->type != AUR_MSG_HELLO)
		return serve_end(s, AUR_EPROTOCOL, "a message before hello");
	switch (f->type) {
	case AUR_MSG_HELLO:
		return on_hello(s, f);
	case AUR_MSG_PING:
		return on_ping(s, f);
	case AUR_MSG_SUBSCRIBE:
		return serve__subscribe(s, f, now);
	case AUR_MSG_SIGNAL:
	case AUR_MSG_RENICE:
	case AUR_MSG_AFFINITY:
	case AUR_MSG_IO_PRIORITY:
		return serve__act(s, f, now);
	case AUR_MSG_BACKFILL:
		return serve__backfill(s, f);
	case AUR_MSG_MORE:
		return serve__more(s, f);
	case AUR_MSG_TEAM_ASK:
		return serve__team(s, f);
	case AUR_MSG_REPORT:
		return serve__report(s, f);
	default:
		return 0; /* nothing to us, or of a later version */
	}
}

static int take_frames(struct serve *s, struct serve_now now)
{
	while (s->state != SERVE_ENDED) {
		struct aur_slice in = aur_buf_peek(&s->in);
		size_t had = in.n;
		struct aur_frame f;
		int rc = aur_frame_take_most(&in, AUR_MAX_ASK, &f);

		if (rc == 0)
			return 0;
		if (rc < 0)
			return serve_end(s, rc, "a broken frame");
		rc = on_frame(s, &f, now);
		if (rc < 0)
			return rc;
		aur_buf_take(&s->in, had - in.n);
	}
	return s->err;
}

int serve_put(struct serve *s, struct aur_slice bytes, struct serve_now now)
{
	int rc = 0;

	while (s->state != SERVE_ENDED && bytes.n > 0) {
		size_t n = bytes.n < READ_MOST ? bytes.n : READ_MOST;
		size_t room = s->in.max - aur_buf_peek(&s->in).n;

		if (n > room)
			n = room;
		rc = aur_buf_add(&s->in, bytes.p, n);
		if (rc < 0)
			return serve_end(s, rc, aur_err_str(rc));
		bytes = aur_slice_of(bytes.p + n, bytes.n - n);
		rc = s->state == SERVE_NEW ? take_preamble(s) : 1;
		if (rc > 0)
			rc = take_frames(s, now);
	}
	return s->state == SERVE_ENDED ? s->err : rc;
}

/* --- output --------------------------------------------------------------- */

bool serve_reads(const struct serve *s)
{
	return aur_buf_peek(&s->out).n < READ_MOST;
}

bool serve_is_open(const struct serve *s)
{
	return s->state == SERVE_OPEN;
}

struct aur_slice serve_out(const struct serve *s)
{
	return aur_buf_peek(&s->out);
}

void serve_sent(struct serve *s, size_t n)
{
	aur_buf_take(&s->out, n);
	s->sent += n;
	serve_blocks(s);
}
