/* SPDX-License-Identifier: MIT */
/*
 * The client's side of a connection:
 *
 *	          magic line        hello           broken frame
 *	 (noise) ───────────▶ (new) ─────▶ (open) ─────────────▶ (ended)
 *	     │                  │             ▲ │
 *	     └──▶ (ended) ◀─────┘             └─┘ frames
 *	  64 KB without it
 *
 * Input is gathered until a frame is whole; a frame's length is checked when
 * its head is there, and memory is taken as its bytes come.
 */
#include "wire/client_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"
#include "wire/decode.h"
#include "wire/frame.h"

#include <stdarg.h>

/* Longest line after the magic: a version. */
#define VERSION_LINE 16u
/* How long an agent may think about an act before it says no. */
#define ACT_DEADLINE_MS 5000

int aur__client_end(struct aur_client *c, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	c->state = AUR__CLIENT_ENDED;
	c->err = err;
	return err;
}

int aur__client_send(struct aur_client *c, enum aur_msg type)
{
	return aur_frame_add(&c->out, 0, type, aur_buf_peek(&c->body));
}

static int send_hello(struct aur_client *c)
{
	struct aur_hello hello = {.version = AUR_WIRE_VERSION,
	    .agent = aur_slice_str(AUR_VERSION),
	    .capabilities = (1u << AUR_CAPABILITY_COUNT) - 1};
	int rc = aur_buf_add_str(&c->out, AUR_WIRE_PREAMBLE);

	if (rc == 0)
		rc = aur_hello_put(&c->body, &hello);
	return rc < 0 ? rc : aur__client_send(c, AUR_MSG_HELLO);
}

int aur_client_new(struct aur_client **ret_c,
    const struct aur_client_handler *handler, void *arg)
{
	struct aur_client *c = aur_mem_new(1, sizeof(*c));
	int rc = AUR_ENOMEM;

	if (c == NULL)
		return AUR_ENOMEM;
	c->handler = *handler;
	c->arg = arg;
	aur_buf_init(&c->in, AUR_MAX_FRAME + 16);
	aur_buf_init(&c->out, AUR_MAX_QUEUE);
	aur_buf_init(&c->body, AUR_MAX_FRAME);
	aur_buf_init(&c->block, AUR_MAX_BLOCK);
	c->strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (c->strs != NULL)
		rc = send_hello(c);
	if (rc < 0) {
		aur_client_free(c);
		return rc;
	}
	*ret_c = c;
	return 0;
}

void aur_client_free(struct aur_client *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->nstream; i++)
		aur_decoder_free(c->stream[i].decoder);
	aur_strs_unref(c->strs);
	aur_buf_release(&c->in);
	aur_buf_release(&c->out);
	aur_buf_release(&c->body);
	aur_buf_release(&c->block);
	aur_mem_free(c);
}

/* --- input ---------------------------------------------------------------- */

static size_t find_magic(struct aur_slice s)
{
	const size_t n = sizeof(AUR_WIRE_MAGIC) - 1;

	for (size_t i = 0; i + n <= s.n; i++) {
		const uint8_t *p =
		    memchr(s.p + i, AUR_WIRE_MAGIC[0], s.n - n + 1 - i);

		if (p == NULL)
			break;
		i = (size_t)(p - s.p);
		if (memcmp(p, AUR_WIRE_MAGIC, n) == 0)
			return i;
	}
	return SIZE_MAX;
}

static void skip_noise(struct aur_client *c, size_t n)
{
	c->skipped += n;
	aur_buf_take(&c->in, n);
}

/* Looks for the magic line. 1 when it has been read, 0 for more. */
static int take_preamble(struct aur_client *c)
{
	const size_t magic = sizeof(AUR_WIRE_MAGIC) - 1;
	struct aur_slice s = aur_buf_peek(&c->in), line;
	size_t at = find_magic(s);
	uint64_t version;

	if (at == SIZE_MAX) {
		if (s.n >= magic)
			skip_noise(c, s.n - (magic - 1));
		if (c->skipped > AUR_MAX_NOISE)
			return aur__client_end(c, AUR_EPROTOCOL,
			    "this is no Aurora agent: it said other things");
		return 0;
	}
	skip_noise(c, at);
	s = aur_buf_peek(&c->in);
	s = aur_slice_of(s.p + magic, s.n - magic);
	if (!aur_slice_until(&s, '\n', &line)) {
		if (s.n < VERSION_LINE)
			return 0;
		return aur__client_end(c, AUR_EPROTOCOL, "a broken greeting");
	}
	if (aur_scan_u64(aur_slice_trim(line), &version) < 0)
		return aur__client_end(c, AUR_EPROTOCOL, "a broken greeting");
	if (version != AUR_WIRE_VERSION)
		return aur__client_end(c, AUR_EVERSION,
		    "the agent speaks version %llu of the protocol, not %u",
		    (unsigned long long)version, AUR_WIRE_VERSION);
	aur_buf_take(&c->in, aur_buf_peek(&c->in).n - s.n);
	c->state = AUR__CLIENT_NEW;
	return 1;
}

int aur__client_bad(struct aur_client *c, const struct aur_frame *f, int rc)
{
	return aur__client_end(c, rc, "broken message '%s': %s",
	    aur_msg_name(f->type), aur_err_str(rc));
}

static int on_hello(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_hello hello;
	int rc = aur_hello_take(f->payload, &hello);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (c->state != AUR__CLIENT_NEW)
		return aur__client_end(c, AUR_EPROTOCOL, "a second hello");
	c->state = AUR__CLIENT_OPEN;
	c->can = hello.capabilities;
	if (c->handler.hello != NULL)
		c->handler.hello(c->arg, &hello);
	return 0;
}

static int on_error(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_error error;
	int rc = aur_error_take(f->payload, &error);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (c->handler.error != NULL)
		c->handler.error(c->arg, error.err, error.text);
	return 0;
}

static int on_ping(struct aur_client *c, const struct aur_frame *f)
{
	uint64_t token;
	int rc = aur_ping_take(f->payload, &token);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	aur_buf_clear(&c->body);
	rc = aur_ping_put(&c->body, token);
	if (rc == 0)
		rc = aur__client_send(c, AUR_MSG_PONG);
	return rc < 0 ? aur__client_end(c, rc, "%s", aur_err_str(rc)) : 0;
}

static int on_pong(struct aur_client *c, const struct aur_frame *f)
{
	uint64_t token;
	int rc = aur_ping_take(f->payload, &token);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (c->handler.pong != NULL)
		c->handler.pong(c->arg, token);
	return 0;
}

/* Whether that request waits; it does no more. */
static bool take_waiting(struct aur_client *c, uint64_t request)
{
	size_t i = 0;

	while (i < c->nwaiting && c->waiting[i] != request)
		i++;
	if (i == c->nwaiting)
		return false;
	c->waiting[i] = c->waiting[--c->nwaiting];
	return true;
}

static int on_team(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_team_answer answer;
	int rc = aur_team_answer_take(f->payload, &answer);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (!take_waiting(c, answer.request))
		return aur__client_end(
		    c, AUR_EPROTOCOL, "a team to no request");
	if (c->handler.team != NULL)
		c->handler.team(c->arg, &answer);
	return 0;
}

static int on_reply(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_reply reply;
	int rc = aur_reply_take(f->payload, &reply);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (!take_waiting(c, reply.request))
		return aur__client_end(
		    c, AUR_EPROTOCOL, "a reply to no request");
	if (reply.request == c->backfill &&
	    !aur__client_backfilled(c, reply.reply.err))
		return aur__client_end(
		    c, AUR_EPROTOCOL, "a block without its end");
	if (c->handler.reply != NULL)
		c->handler.reply(c->arg, reply.request, &reply.reply);
	return 0;
}

static int on_event(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_event event;
	int rc = aur_event_take(f->payload, &event);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (c->handler.event != NULL)
		c->handler.event(c->arg, &event);
	return 0;
}

static int on_gap(struct aur_client *c, const struct aur_frame *f)
{
	struct aur_gap gap;
	int rc = aur_gap_take(f->payload, &gap);

	if (rc < 0)
		return aur__client_bad(c, f, rc);
	if (c->handler.gap != NULL)
		c->handler.gap(c->arg, &gap);
	return 0;
}

/* --- streams -------------------------------------------------------------- */

static struct aur__client_stream *find_stream(struct aur_client *c, uint32_t id)
{
	for (size_t i = 0; i < c->nstream; i++)
		if (c->stream[i].id == id)
			return &c->stream[i];
	return NULL;
}

static int on_open(struct aur_client *c, const struct aur_frame *f)
{
	struct aur__client_stream *s = find_stream(c, f->stream);
	int rc;

	if (s == NULL) {
		if (c->nstream == AUR_MAX_STREAMS)
			return aur__client_end(
			    c, AUR_ELIMIT, "too many streams");
		s = &c->stream[c->nstream];
		rc = aur_decoder_new(&s->decoder, c->strs);
		if (rc < 0)
			return aur__client_end(c, rc, "%s", aur_err_str(rc));
		s->id = f->stream;
		c->nstream++;
	}
	rc = aur_decoder_open(s->decoder, f->payload);
	if (rc < 0)
		return aur__client_end(
		    c, rc, "%s", aur_decoder_why(s->decoder));
	return 0;
}

static int on_close(struct aur_client *c, const struct aur_frame *f)
{
	struct aur__client_stream *s = find_stream(c, f->stream);

	if (s == NULL)
		return aur__client_end(
		    c, AUR_EPROTOCOL, "the end of no stream");
	aur_decoder_free(s->decoder);
	*s = c->stream[--c->nstream];
	return 0;
}

static int on_sample(struct aur_client *c, const struct aur_frame *f)
{
	struct aur__client_stream *s = find_stream(c, f->stream);
	const struct aur_part *part = NULL;
	struct aur_sample *sample = NULL;
	int rc;

	if (s == NULL)
		return aur__client_end(
		    c, AUR_EPROTOCOL, "a sample of no stream");
	if (f->type == AUR_MSG_SAMPLE_BEGIN)
		rc = aur_decoder_begin(s->decoder, f->payload);
	else if (f->type == AUR_MSG_PART)
		rc = aur_decoder_part(s->decoder, f->payload, &part);
	else
		rc = aur_decoder_end(s->decoder, f->payload, &sample);
	if (rc < 0)
		return aur__client_end(
		    c, rc, "%s", aur_decoder_why(s->decoder));
	if (part != NULL && c->handler.part != NULL)
		c->handler.part(c->arg, aur_decoder_coming(s->decoder), part);
	if (sample != NULL && c->handler.sample != NULL)
		c->handler.sample(c->arg, sample);
	aur_sample_unref(sample);
	return 0;
}

static int on_frame(struct aur_client *c, const struct aur_frame *f)
{
	if (c->state == AUR__CLIENT_NEW && f->type != AUR_MSG_HELLO &&
	    f->type != AUR_MSG_ERROR)
		return aur__client_end(c, AUR_EPROTOCOL, "'%s' before hello",
		    aur_msg_name(f->type));
	switch (f->type) {
	case AUR_MSG_HELLO:
		return on_hello(c, f);
	case AUR_MSG_ERROR:
		return on_error(c, f);
	case AUR_MSG_PING:
		return on_ping(c, f);
	case AUR_MSG_PONG:
		return on_pong(c, f);
	case AUR_MSG_STREAM_OPEN:
		return on_open(c, f);
	case AUR_MSG_STREAM_CLOSE:
		return on_close(c, f);
	case AUR_MSG_SAMPLE_BEGIN:
	case AUR_MSG_PART:
	case AUR_MSG_SAMPLE_END:
		return on_sample(c, f);
	case AUR_MSG_GAP:
		return on_gap(c, f);
	case AUR_MSG_EVENT:
		return on_event(c, f);
	case AUR_MSG_REPLY:
		return on_reply(c, f);
	case AUR_MSG_BLOCK:
		return aur__client_block(c, f);
	case AUR_MSG_TEAM:
		return on_team(c, f);
	default:
		return 0; /* of a later version */
	}
}

/* All whole frames of the input. */
static int take_frames(struct aur_client *c)
{
	for (;;) {
		struct aur_slice s = aur_buf_peek(&c->in);
		size_t had = s.n;
		struct aur_frame f;
		int rc = aur_frame_take(&s, &f);

		if (rc == 0)
			return 0;
		if (rc < 0)
			return aur__client_end(
			    c, rc, "a broken frame: %s", aur_err_str(rc));
		rc = on_frame(c, &f);
		if (rc < 0)
			return rc;
		aur_buf_take(&c->in, had - s.n);
	}
}

int aur_client_put(struct aur_client *c, struct aur_slice s)
{
	int rc = 0;

	/* in portions, so that a large read does not need a large buffer */
	while (c->state != AUR__CLIENT_ENDED && s.n > 0) {
		size_t n = s.n < AUR_MAX_NOISE ? s.n : AUR_MAX_NOISE;
		size_t room = c->in.max - aur_buf_peek(&c->in).n;

		if (n > room)
			n = room;
		rc = aur_buf_add(&c->in, s.p, n);
		if (rc < 0)
			return aur__client_end(c, rc, "%s", aur_err_str(rc));
		s = aur_slice_of(s.p + n, s.n - n);
		rc = c->state == AUR__CLIENT_NOISE ? take_preamble(c) : 1;
		if (rc > 0)
			rc = take_frames(c);
	}
	return c->state == AUR__CLIENT_ENDED ? c->err : rc;
}

const char *aur_client_error(const struct aur_client *c)
{
	return c->state == AUR__CLIENT_ENDED ? c->why : NULL;
}

/* --- output --------------------------------------------------------------- */

struct aur_buf *aur_client_out(struct aur_client *c)
{
	return &c->out;
}

int aur_client_want(struct aur_client *c, const struct aur_want *want)
{
	int rc;

	aur_buf_clear(&c->body);
	rc = aur_want_put(&c->body, want);
	return rc < 0 ? rc : aur__client_send(c, AUR_MSG_SUBSCRIBE);
}

uint64_t aur__client_wait(struct aur_client *c)
{
	c->waiting[c->nwaiting++] = ++c->request;
	return c->request;
}

int aur_client_act(
    struct aur_client *c, const struct aur_act *act, uint64_t *ret_request)
{
	struct aur_request request = {
	    c->request + 1, aur_span_ms(ACT_DEADLINE_MS), *act};
	uint32_t needs = aur_request_needs(act->kind);
	int rc;

	/* An older agent would skip it and never answer. */
	if (c->state == AUR__CLIENT_OPEN && needs != AUR_CAN(ACT) &&
	    (c->can & needs) == 0)
		return AUR_EUNSUPPORTED;
	if (c->nwaiting == AUR_MAX_REQUESTS)
		return AUR_ELIMIT;
	aur_buf_clear(&c->body);
	rc = aur_request_put(&c->body, &request);
	if (rc == 0)
		rc = aur__client_send(c, aur_request_message(act->kind));
	if (rc < 0)
		return rc;
	*ret_request = aur__client_wait(c);
	return 0;
}

int aur_client_team(
    struct aur_client *c, struct aur_slice team, uint64_t *ret_request)
{
	struct aur_team_ask ask = {c->request + 1, team};
	int rc;

	if (c->state != AUR__CLIENT_OPEN || (c->can & AUR_CAN(TEAM)) == 0)
		return AUR_EUNSUPPORTED;
	if (c->nwaiting == AUR_MAX_REQUESTS)
		return AUR_ELIMIT;
	aur_buf_clear(&c->body);
	rc = aur_team_ask_put(&c->body, &ask);
	if (rc == 0)
		rc = aur__client_send(c, AUR_MSG_TEAM_ASK);
	if (rc < 0)
		return rc;
	*ret_request = aur__client_wait(c);
	return 0;
}

int aur_client_report(struct aur_client *c, const struct aur_event *event)
{
	int rc;

	if (c->state != AUR__CLIENT_OPEN || (c->can & AUR_CAN(REPORT)) == 0)
		return AUR_EUNSUPPORTED;
	aur_buf_clear(&c->body);
	rc = aur_event_put(&c->body, event);
	return rc < 0 ? rc : aur__client_send(c, AUR_MSG_REPORT);
}

struct aur_strs *aur_client_strs(struct aur_client *c)
{
	return c->strs;
}

int aur_client_ping(struct aur_client *c, uint64_t token)
{
	int rc;

	aur_buf_clear(&c->body);
	rc = aur_ping_put(&c->body, token);
	return rc < 0 ? rc : aur__client_send(c, AUR_MSG_PING);
}
