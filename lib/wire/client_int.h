/* SPDX-License-Identifier: MIT */
/* What client.c and client_backfill.c share. */
#ifndef AUR_WIRE_CLIENT_INT_H
#define AUR_WIRE_CLIENT_INT_H

#include "base/limits.h"
#include "wire/client.h"
#include "wire/decode.h"
#include "wire/frame.h"

enum aur__client_state {
	AUR__CLIENT_NOISE,
	AUR__CLIENT_NEW,
	AUR__CLIENT_OPEN,
	AUR__CLIENT_ENDED,
};

struct aur__client_stream {
	uint32_t id;
	struct aur_decoder *decoder;
};

struct aur_client {
	struct aur_client_handler handler;
	void *arg;
	enum aur__client_state state;
	int err; /* why it ended */
	char why[160];
	size_t skipped; /* bytes of noise */
	struct aur_buf in, out, body;
	struct aur_strs *strs;
	struct aur__client_stream stream[AUR_MAX_STREAMS];
	size_t nstream;
	uint32_t can;	  /* AUR_CAN bits of the agent, from its hello */
	uint64_t request; /* the last id given */
	uint64_t waiting[AUR_MAX_REQUESTS];
	size_t nwaiting;

	/* the backfill that runs */
	uint64_t backfill;    /* its id; 0: none does */
	struct aur_buf block; /* the block that is coming */
	uint64_t left;	      /* of it, still to come */
	uint64_t eaten;	      /* bytes for which no leave was given yet */
};

/* Ends the link for a reason; gives `err` back. */
AUR_PRINTF(3, 4)
int aur__client_end(struct aur_client *c, int err, const char *fmt, ...);
/* The same, for a message that could not be read. */
int aur__client_bad(struct aur_client *c, const struct aur_frame *f, int rc);
/* Frames c->body. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__client_send(struct aur_client *c, enum aur_msg type);
/* Notes a request that is sent, and gives its id. */
uint64_t aur__client_wait(struct aur_client *c);

/* A piece of a block. 0, or the error that ends the link. */
AUR_MUST_CHECK int aur__client_block(
    struct aur_client *c, const struct aur_frame *f);
/* The backfill has its reply. False: not there, within a block. */
bool aur__client_backfilled(struct aur_client *c, int err);

#endif
