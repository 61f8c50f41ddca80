/* SPDX-License-Identifier: MIT */
/*
 * The reading half of the protocol (PROTOCOL.md), without any I/O: bytes of an
 * agent go in, samples, events and replies come out; what is to be sent
 * gathers in a buffer that the caller drains.
 *
 *	struct aur_client *c;
 *	rc = aur_client_new(&c, &handler, arg);
 *	rc = aur_client_want(c, &want);
 *	write(fd, aur_client_out(c)) ... aur_buf_take
 *	rc = aur_client_put(c, bytes);
 *	if (rc < 0)
 *		the link has ended: aur_client_error(c) says why
 *
 * Everything that arrives is hostile: sizes are checked before memory is
 * taken, and the first broken frame ends the link.
 */
#ifndef AUR_WIRE_CLIENT_H
#define AUR_WIRE_CLIENT_H

#include "base/buf.h"
#include "model/act.h"
#include "model/event.h"
#include "model/sample.h"
#include "model/want.h"
#include "wire/msg.h"

struct aur_client;

/* Callbacks, run inside aur_client_put; each may be NULL. Samples are
 * borrowed: aur_sample_ref to keep one. */
struct aur_client_handler {
	void (*hello)(void *arg, const struct aur_hello *hello);
	/* a part has arrived; `coming` is incomplete */
	void (*part)(
	    void *arg, struct aur_sample *coming, const struct aur_part *part);
	void (*sample)(void *arg, struct aur_sample *sample);
	void (*event)(void *arg, const struct aur_event *event);
	void (*reply)(
	    void *arg, uint64_t request, const struct aur_act_reply *reply);
	void (*pong)(void *arg, uint64_t token);
	void (*error)(void *arg, int err, struct aur_slice text);
	/* no samples of this stretch will come */
	void (*gap)(void *arg, const struct aur_gap *gap);
	/* a team's file, or why there is none; borrowed */
	void (*team)(void *arg, const struct aur_team_answer *answer);
	/* a whole block of a backfill, not checked; borrowed */
	void (*block)(void *arg, uint64_t request, struct aur_slice block);
	/* its pieces as they come, instead: for who passes them on, and then
	 * also gives leave for more of them */
	void (*piece)(void *arg, const struct aur_piece *piece);
};

/* A client that has put its hello into the output. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_client_new(struct aur_client **ret_c,
    const struct aur_client_handler *handler, void *arg);
void aur_client_free(struct aur_client *c); /* NULL is fine */

/* Bytes from the agent, in any portions. 0, or the error that ends the link:
 * AUR_EPROTOCOL, AUR_EVERSION, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_client_put(struct aur_client *c, struct aur_slice s);

/* Why it ended, for people; NULL while it has not. */
const char *aur_client_error(const struct aur_client *c);

/* Bytes to send; the caller takes what it has sent off the front. */
struct aur_buf *aur_client_out(struct aur_client *c);

/* Replaces the subscription. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_client_want(
    struct aur_client *c, const struct aur_want *want);

/* Asks the agent to act; the reply comes with the id given back. 0,
 * AUR_ENOMEM, AUR_ELIMIT (AUR_MAX_REQUESTS wait). */
AUR_MUST_CHECK int aur_client_act(
    struct aur_client *c, const struct aur_act *act, uint64_t *ret_request);

/* Asks for a team's file; the answer comes with the id given back. 0,
 * AUR_EUNSUPPORTED (the agent does not keep any, or has not said hello),
 * AUR_ENOMEM, AUR_ELIMIT (AUR_MAX_REQUESTS wait). */
AUR_MUST_CHECK int aur_client_team(
    struct aur_client *c, struct aur_slice team, uint64_t *ret_request);

/* Asks for what the host kept: blocks come, then a reply with the id given
 * back. 0, AUR_EINVALID (no kinds), AUR_EUNSUPPORTED (it keeps nothing, or has
 * not said hello), AUR_EBUSY (another one runs), AUR_ENOMEM, AUR_ELIMIT
 * (AUR_MAX_REQUESTS wait). */
AUR_MUST_CHECK int aur_client_backfill(struct aur_client *c,
    const struct aur_backfill *what, uint64_t *ret_request);
/* Wants no more of it; the reply still comes. Without one, nothing. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_client_backfill_stop(struct aur_client *c);
/* Leave for so many bytes more, where there is a handler `piece`; without one
 * it is given as blocks come. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_client_more(struct aur_client *c, uint64_t bytes);

/* Tells a service of an act that was done. 0, AUR_EUNSUPPORTED (it does not
 * take reports, or has not said hello), AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_client_report(
    struct aur_client *c, const struct aur_event *event);

/* The string table of its samples, borrowed. */
struct aur_strs *aur_client_strs(struct aur_client *c);

/* Asks for a pong with this token. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_client_ping(struct aur_client *c, uint64_t token);

#endif
