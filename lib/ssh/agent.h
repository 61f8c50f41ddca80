/* SPDX-License-Identifier: MIT */
/*
 * The protocol of ssh-agent as bytes (draft-miller-ssh-agent), client side.
 * Nothing here has a socket: somebody moves the bytes and never waits, so
 * that `ssh-add -c`, which asks a person, or a forwarded agent on a dead link
 * stops nothing. libssh2's own agent code reads and writes blocking.
 *
 *	rc = aur_ssh_agent_ask_identities(&out);
 *	... bytes of `out` go to the socket, what comes is added to `in` ...
 *	rc = aur_ssh_agent_take(&in, &answer);         1: here is one
 *	while (aur_ssh_agent_identity(&answer, &id))
 *		...
 *	rc = aur_ssh_agent_ask_sign(&out, id.blob, data, 0);
 *
 * Answers come in the order of the questions. They are slices of `in`'s
 * content: aur_ssh_agent_drop it before the next aur_ssh_agent_take.
 *
 *	uint32 length | byte type | ...        both ways
 */
#ifndef AUR_SSH_AGENT_H
#define AUR_SSH_AGENT_H

#include "ssh/key.h"

/* Flags of a signature with an RSA key. */
enum {
	AUR_SSH_AGENT_RSA_SHA2_256 = 2,
	AUR_SSH_AGENT_RSA_SHA2_512 = 4,
};

enum aur_ssh_agent_kind {
	AUR_SSH_AGENT_FAILURE, /* it would not: locked, refused, no such key */
	AUR_SSH_AGENT_SUCCESS,
	AUR_SSH_AGENT_IDENTITIES,
	AUR_SSH_AGENT_SIGNATURE,
	AUR_SSH_AGENT_OTHER, /* a type that we do not know */
};

struct aur_ssh_agent_answer {
	enum aur_ssh_agent_kind kind;
	size_t identities;	    /* IDENTITIES: left to be taken */
	struct aur_slice rest;	    /* IDENTITIES: what is left of them */
	struct aur_slice algorithm; /* SIGNATURE: "rsa-sha2-256" */
	struct aur_slice signature; /* SIGNATURE: without its name, what
				       libssh2's sign callback returns */
	size_t bytes;		    /* of the message, in `in` */
};

struct aur_ssh_identity {
	enum aur_ssh_key type;
	struct aur_slice blob;
	struct aur_slice comment; /* hostile text */
};

/* Append a question to `out`. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_agent_ask_identities(struct aur_buf *out);
AUR_MUST_CHECK int aur_ssh_agent_ask_sign(struct aur_buf *out,
    struct aur_slice blob, struct aur_slice data, uint32_t flags);

/* Looks for a whole answer at the front of `in`, whose maximum should be
 * AUR_MAX_SSH_AGENT + 4. 1 with the answer, all of it checked (identities
 * too); 0 where more bytes are needed; AUR_EPROTOCOL, AUR_ELIMIT: give the
 * agent up. */
AUR_MUST_CHECK int aur_ssh_agent_take(
    const struct aur_buf *in, struct aur_ssh_agent_answer *ret_answer);

/* Drops the answer from `in`; its slices are gone. */
void aur_ssh_agent_drop(
    struct aur_buf *in, const struct aur_ssh_agent_answer *answer);

/* Takes the next identity off the answer. False at the end. */
bool aur_ssh_agent_identity(
    struct aur_ssh_agent_answer *answer, struct aur_ssh_identity *ret_id);

#endif
