/* SPDX-License-Identifier: MIT */
/* What bridge.c and bridge_*.c share. */
#ifndef AGENTD_BRIDGE_INT_H
#define AGENTD_BRIDGE_INT_H

#include "agentd/bridge.h"
#include "wire/client.h"

struct bridge {
	struct serve_options options;
	struct serve *serve;  /* NULL: the service has not said hello */
	struct serve_now now; /* of the call that runs */

	struct aur_collect *host; /* this machine, with our rights */
	struct aur_want own;	  /* what of it goes into samples */

	struct aur_client *up; /* the service; NULL: we are alone */
	uint64_t service_uid;
	struct aur_mono until; /* when it must have spoken; see bridge_step */
	bool own_processes;    /* we are shown more of them */
	bool waiting;	       /* a sample of the service is to come */
	uint64_t left;	       /* of those, where it is a number; else 0 */
	struct aur_span patience;
	uint64_t asked, heard; /* pings that part subscriptions */
	int rc;		       /* what a callback could not say */

	uint64_t filling;    /* the request for what was kept; 0: none */
	int filled;	     /* how it ended; 0: not yet */
	struct aur_buf kept; /* pieces for the client, as frames */
	size_t taken;	     /* bytes of it that may go */
	const char *why;     /* what the service did wrong */
};

/* Parts a want: what the service is to give, and b->own. Whether it is asked
 * for anything. */
bool bridge__part(
    struct bridge *b, const struct aur_want *want, struct aur_want *ret_up);

/* The service's sample and ours, as one; the caller owns it. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int bridge__merge(
    struct bridge *b, struct aur_sample *up, struct aur_sample **ret_sample);

/* bridge_backfill.c: what the service kept, for the client; and what the
 * service says of it. */
extern const struct serve_kept bridge__kept;
void bridge__up_piece(void *arg, const struct aur_piece *piece);
void bridge__up_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply);

#endif
