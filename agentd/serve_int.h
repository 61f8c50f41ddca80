/* SPDX-License-Identifier: MIT */
/* What serve.c and serve_*.c share. */
#ifndef AGENTD_SERVE_INT_H
#define AGENTD_SERVE_INT_H

#include "agentd/serve.h"
#include "wire/encode.h"
#include "wire/frame.h"
#include "wire/msg.h"

enum serve_state { SERVE_NEW, SERVE_KNOWN, SERVE_OPEN, SERVE_ENDED };

struct serve {
	struct serve_source source;
	struct serve_options options;
	enum serve_state state;
	int err; /* why it ended */
	struct aur_buf in, out, body;
	uint64_t sent; /* bytes written in all */
	uint64_t mark; /* what that is when the last sample has gone */

	/* samples */
	struct aur_encoder *encoder;
	bool given; /* samples come by serve_give */
	bool fresh; /* no sample of this subscription has gone yet */
	bool live;  /* subscribed, and samples are still to come */
	struct aur_want want;
	uint64_t declared; /* domains of the stream as it is open */
	uint64_t left;	   /* samples to come, where want.count is one */
	struct aur_mono due;
	struct aur_wall last; /* when the last sample went */
	uint64_t seq;
	uint64_t missed;     /* in all */
	uint64_t missed_new; /* since the last sample */
	bool begun;	     /* the sample being taken has its begin */
	int coding;	     /* what went wrong while it was coded */

	uint64_t event; /* number of the last one */

	/* the backfill that runs */
	bool filling;
	uint64_t backfill; /* its request */
	uint64_t leave;	   /* bytes of blocks that may be sent */
};

/* Frames s->body. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int serve__send(struct serve *s, enum aur_msg type);

AUR_MUST_CHECK int serve__subscribe(
    struct serve *s, const struct aur_frame *f, struct serve_now now);
AUR_MUST_CHECK int serve__act(
    struct serve *s, const struct aur_frame *f, struct serve_now now);
AUR_MUST_CHECK int serve__backfill(struct serve *s, const struct aur_frame *f);
AUR_MUST_CHECK int serve__more(struct serve *s, const struct aur_frame *f);
AUR_MUST_CHECK int serve__team(struct serve *s, const struct aur_frame *f);
AUR_MUST_CHECK int serve__report(struct serve *s, const struct aur_frame *f);

#endif
