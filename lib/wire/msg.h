/* SPDX-License-Identifier: MIT */
/*
 * The payloads of the small messages, one put and one take for each. A put
 * appends to a buffer; a take reads a whole payload, borrows its texts from
 * it, and ignores what stands behind the fields it knows: that is how fields
 * are added. What a take refuses is AUR_EPROTOCOL (it cannot be read),
 * AUR_ELIMIT (a maximum of base/limits.h) or AUR_ERANGE.
 */
#ifndef AUR_WIRE_MSG_H
#define AUR_WIRE_MSG_H

#include "base/buf.h"
#include "base/clock.h"
#include "model/act.h"
#include "model/event.h"
#include "model/feed.h"
#include "model/want.h"
#include "wire/frame.h"

enum aur_capability {
#define AUR_CAPABILITY(NAME, name) AUR_CAPABILITY_##NAME,
#include "wire/capability.def"
#undef AUR_CAPABILITY
	AUR_CAPABILITY_COUNT
};
#define AUR_CAN(NAME) (1u << AUR_CAPABILITY_##NAME)

/* What a side says of itself; borrowed strings. */
struct aur_hello {
	uint32_t version;	/* of the protocol */
	struct aur_slice agent; /* version of the program */
	struct aur_slice mode;	/* "direct" "pushed" "daemon"; client: "" */
	struct aur_slice role;	/* "operator", "viewer"; "" from a client */
	bool recording;
	struct aur_wall wall;  /* the sender's clock; 0 from a client */
	uint32_t capabilities; /* AUR_CAN bits that we know */
	/* how much of the processes the sender tells its reader; of a service,
	 * whose bridge may be shown more. UNKNOWN is not sent */
	enum aur_sight sight;
};
AUR_MUST_CHECK int aur_hello_put(
    struct aur_buf *b, const struct aur_hello *hello);
AUR_MUST_CHECK int aur_hello_take(
    struct aur_slice payload, struct aur_hello *ret_hello);

struct aur_error {
	int err; /* an aur_err; AUR_EINVALID for a name that we do not know */
	struct aur_slice text;
};
AUR_MUST_CHECK int aur_error_put(
    struct aur_buf *b, const struct aur_error *error);
AUR_MUST_CHECK int aur_error_take(
    struct aur_slice payload, struct aur_error *ret_error);

/* Ping and pong alike. */
AUR_MUST_CHECK int aur_ping_put(struct aur_buf *b, uint64_t token);
AUR_MUST_CHECK int aur_ping_take(struct aur_slice payload, uint64_t *ret_token);

/* Domains and fields travel by name: those that the taker does not know are
 * left out. AUR_ERANGE: an interval that is not 0.1 s to 1 h. */
AUR_MUST_CHECK int aur_want_put(struct aur_buf *b, const struct aur_want *want);
AUR_MUST_CHECK int aur_want_take(
    struct aur_slice payload, struct aur_want *ret_want);

/* A request to act; the frame's type is by act.kind. */
struct aur_request {
	uint64_t id;
	struct aur_span deadline; /* from its arrival; 0 for none */
	struct aur_act act;
};
/* The message for a kind of act, and the kind of a message; 0: none.
 */
enum aur_msg aur_request_message(enum aur_act_kind kind);
enum aur_act_kind aur_request_kind(uint32_t message);
/* The capability that an agent needs for it: AUR_CAN bits. */
uint32_t aur_request_needs(enum aur_act_kind kind);

AUR_MUST_CHECK int aur_request_put(
    struct aur_buf *b, const struct aur_request *request);
AUR_MUST_CHECK int aur_request_take(struct aur_slice payload,
    enum aur_act_kind kind, struct aur_request *ret_request);

struct aur_reply {
	uint64_t request;
	struct aur_act_reply reply;
};
AUR_MUST_CHECK int aur_reply_put(
    struct aur_buf *b, const struct aur_reply *reply);
AUR_MUST_CHECK int aur_reply_take(
    struct aur_slice payload, struct aur_reply *ret_reply);

/* Asks for what the host kept; no kinds: the request of that number ends. */
struct aur_backfill_ask {
	uint64_t request;
	struct aur_backfill what;
};
AUR_MUST_CHECK int aur_backfill_put(
    struct aur_buf *b, const struct aur_backfill_ask *ask);
AUR_MUST_CHECK int aur_backfill_take(
    struct aur_slice payload, struct aur_backfill_ask *ret_ask);

/* A piece of a block: some bytes, at most AUR_MAX_PIECE, and how many of the
 * same block come behind them; the block has at most AUR_MAX_BLOCK. */
struct aur_piece {
	uint64_t request;
	uint64_t left;
	struct aur_slice bytes;
};
AUR_MUST_CHECK int aur_piece_put(
    struct aur_buf *b, const struct aur_piece *piece);
AUR_MUST_CHECK int aur_piece_take(
    struct aur_slice payload, struct aur_piece *ret_piece);

/* Leave to send so many bytes of blocks more than AUR_MAX_WINDOW. */
struct aur_more {
	uint64_t request;
	uint64_t bytes;
};
AUR_MUST_CHECK int aur_more_put(struct aur_buf *b, const struct aur_more *more);
AUR_MUST_CHECK int aur_more_take(
    struct aur_slice payload, struct aur_more *ret_more);

/* Asks for the file of the team with that id, as it was published on the
 * host. */
struct aur_team_ask {
	uint64_t id;
	struct aur_slice team;
};
AUR_MUST_CHECK int aur_team_ask_put(
    struct aur_buf *b, const struct aur_team_ask *ask);
AUR_MUST_CHECK int aur_team_ask_take(
    struct aur_slice payload, struct aur_team_ask *ret_ask);

/* The file, of at most AUR_MAX_TEAM_FILE bytes; with an error there is none,
 * and `text` is a sentence. */
struct aur_team_answer {
	uint64_t request;
	int err;
	struct aur_slice text, file;
};
AUR_MUST_CHECK int aur_team_answer_put(
    struct aur_buf *b, const struct aur_team_answer *answer);
AUR_MUST_CHECK int aur_team_answer_take(
    struct aur_slice payload, struct aur_team_answer *ret_answer);

AUR_MUST_CHECK int aur_event_put(
    struct aur_buf *b, const struct aur_event *event);
AUR_MUST_CHECK int aur_event_take(
    struct aur_slice payload, struct aur_event *ret_event);

/* A stretch of time of which there are no samples, though they were due. */
struct aur_gap {
	struct aur_wall from, to;
	struct aur_slice reason; /* "nomem", an error's name, or other words */
};
AUR_MUST_CHECK int aur_gap_put(struct aur_buf *b, const struct aur_gap *gap);
AUR_MUST_CHECK int aur_gap_take(
    struct aur_slice payload, struct aur_gap *ret_gap);

#endif
