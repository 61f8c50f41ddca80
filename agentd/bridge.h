/* SPDX-License-Identifier: MIT */
/*
 * What speaks on stdin and stdout: one client's agent, which takes from the
 * host's service what that sees as well, and samples the rest itself. Without
 * a service it is an agent alone. No I/O in here: bytes of the client and of
 * the service go in and gather to go out, and time is told by the caller.
 *
 *	rc = bridge_new(&b, host, &options, now);        alone, or
 *	rc = bridge_join(&b, service_uid, &options, now);
 *	loop:
 *		write bridge_out, tell bridge_sent; the same with _up_
 *		wait for input, room, or bridge_wait
 *		rc = bridge_put(b, bytes of the client, now);
 *		rc = bridge_put_up(b, bytes of the service, now);
 *		rc = bridge_step(b, now);
 *	bridge_free(b);
 *
 * Acts are always done here, with the rights of the login.
 */
#ifndef AGENTD_BRIDGE_H
#define AGENTD_BRIDGE_H

#include "agentd/serve.h"

struct bridge;

/* An agent alone, or one that first waits for the hello of the service, which
 * is run by `service_uid`; it has two seconds, then we are alone. `options`
 * is copied; mode, recording and sight are set here. 0, AUR_ENOMEM, or what
 * aur_collect_new says. */
AUR_MUST_CHECK int bridge_new(struct bridge **ret_b,
    const struct serve_options *options, struct serve_now now);
AUR_MUST_CHECK int bridge_join(struct bridge **ret_b, uint64_t service_uid,
    const struct serve_options *options, struct serve_now now);
void bridge_free(struct bridge *b); /* NULL is fine */

/* What the service did wrong, for people; static; NULL: nothing. */
const char *bridge_why(const struct bridge *b);

/* Whether the client has been greeted; before, nothing is read or written. */
bool bridge_is_open(const struct bridge *b);

/* As those of serve.h. */
AUR_MUST_CHECK int bridge_put(
    struct bridge *b, struct aur_slice bytes, struct serve_now now);
AUR_MUST_CHECK int bridge_step(struct bridge *b, struct serve_now now);
struct aur_span bridge_wait(const struct bridge *b, struct serve_now now);
bool bridge_reads(const struct bridge *b);
struct aur_slice bridge_out(const struct bridge *b);
void bridge_sent(struct bridge *b, size_t n);

/* Whether there is a service to read from. It can be gone after any call that
 * is told of it or of time; its descriptor is then of no use any more. */
bool bridge_has_up(const struct bridge *b);
AUR_MUST_CHECK int bridge_put_up(
    struct bridge *b, struct aur_slice bytes, struct serve_now now);
/* The service has closed its end. 0: we go on alone; else the connection
 * ends, for the client was told that there is a service. */
AUR_MUST_CHECK int bridge_lost_up(struct bridge *b, struct serve_now now);
/* Of one that is alone: there is a service now. The connection ends, and the
 * client's next one has it: what serves was said once. An aur_err. */
AUR_MUST_CHECK int bridge_found_up(struct bridge *b, struct serve_now now);
struct aur_slice bridge_up_out(const struct bridge *b);
void bridge_up_sent(struct bridge *b, size_t n);

#endif
