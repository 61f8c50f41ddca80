/* SPDX-License-Identifier: MIT */
/*
 * What the files of the session share: session.c steps, lib.c holds libssh2,
 * login.c proves who we are, hostkey.c judges, channel.c carries, agent_link.c
 * moves bytes to the ssh-agent.
 */
#ifndef AUR_SSH_SESSION_INT_H
#define AUR_SSH_SESSION_INT_H

#include "ssh/agent.h"
#include "ssh/session.h"

#include <libssh2.h>

/* --- the ssh-agent -------------------------------------------------------- */

struct aur__ssh_agent {
	int fd; /* -1: there is none, or it is of no more use */
	bool connecting;
	struct aur_buf out, in;
};

/* Begins to connect; fd stays -1 where that is hopeless. */
void aur__ssh_agent_open(struct aur__ssh_agent *a, const char *path);
void aur__ssh_agent_close(struct aur__ssh_agent *a);
/* Moves what can be moved. False when the agent is gone (and closed). */
bool aur__ssh_agent_move(struct aur__ssh_agent *a);

/* --- login ---------------------------------------------------------------- */

enum aur__login_step {
	LOGIN_METHODS, /* ask what the host takes */
	LOGIN_AGENT,   /* ask the agent what it holds */
	LOGIN_PICK,    /* the next candidate */
	LOGIN_UNLOCK,  /* a file without a public half: open it first */
	LOGIN_TRY,     /* libssh2 asks the host, signs, asks again */
	LOGIN_PASSWORD,
};

/* A key to try: of the agent (blob), or a file, or both. */
struct aur__candidate {
	uint8_t *blob; /* owned; NULL: not known yet */
	size_t n;
	enum aur_ssh_key type;
	bool in_agent;
	struct aur_ssh_ring_key *file; /* NULL: the agent's alone */
};

enum aur__sign { SIGN_NONE, SIGN_WANTED, SIGN_ASKED, SIGN_DONE, SIGN_FAILED };

struct aur__login {
	enum aur__login_step step;
	struct aur__ssh_agent agent;
	struct aur_mono agent_until;
	struct aur__candidate *list;
	size_t n, at;
	unsigned tried, skipped; /* keys; unfit ones */
	bool methods_pubkey, methods_password, methods_keyboard;
	struct aur_buf blob; /* the public half as libssh2 gets it */
	enum aur__sign sign;
	struct aur_buf signature;
	struct aur_buf secret; /* a password that was typed */
	unsigned passwords;    /* typed until now */
	bool waits_ring;
	bool refused_signed; /* a key was taken, and yet not the login */
	char how[160];	     /* aur_ssh_session_login */
	char hint[200];	     /* why keys were left out */
};

/* --- the session ---------------------------------------------------------- */

struct aur_ssh_session {
	struct aur_ssh_options o;
	struct aur_ssh_io io;
	LIBSSH2_SESSION *lib;
	struct aur__ssh_block *blocks; /* memory of lib */
	enum aur_ssh_phase phase;
	struct aur_ssh_failure failure;
	int rc; /* of the failure */

	struct aur_buf out;  /* what libssh2 has sent */
	struct aur_buf idle; /* read while no channel would */
	bool gone;	     /* io has ended */
	bool leaving;	     /* nothing is waited for any more */
	bool more;	     /* the step's share of bytes is used up */
	size_t share;
	uint64_t received, sent;
	size_t before_banner;
	char first_line[80]; /* of a host that does not say SSH- */
	char goodbye[160];   /* the text of a disconnect */

	struct aur_mono now;
	struct aur_mono until; /* of the phase; ns 0: no end */

	struct aur_ssh_host_key key;
	struct aur_buf key_blob;
	char methods[160];

	struct aur__login login;
	struct aur_ssh_question question;
	bool asks;
	char prompt[256], about[256];

	struct aur_ssh_channel *channels; /* newest last */
	struct aur_ssh_channel *opening;  /* libssh2 opens one at a time */
};

/* lib.c */
AUR_MUST_CHECK int aur__ssh_lib_new(struct aur_ssh_session *s);
void aur__ssh_lib_free(struct aur_ssh_session *s);
/* What libssh2 may free as its own. */
void *aur__ssh_lib_alloc(struct aur_ssh_session *s, size_t n);
/* Which of `names`, with commas between, to ask the host for, best first.
 * 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__ssh_lib_prefer(
    struct aur_ssh_session *s, int method, struct aur_slice names);
/* Sends of the queue what io takes. */
void aur__ssh_flush(struct aur_ssh_session *s);
/* Reads where no channel does, so that an end is seen; what comes is kept for
 * libssh2. Whether something came. */
bool aur__ssh_listen(struct aur_ssh_session *s);
const char *aur__ssh_lib_error(struct aur_ssh_session *s);

/* session.c: it is over; the last `rc` and words. Returns false, what turns
 * return when nothing moved. */
bool aur__ssh_fail(struct aur_ssh_session *s, enum aur_ssh_outcome outcome,
    const char *fmt, ...) AUR_PRINTF(3, 4);
/* What libssh2 says, told apart from an end of the bytes. */
bool aur__ssh_fail_lib(struct aur_ssh_session *s, int rc, const char *doing);
void aur__ssh_enter(struct aur_ssh_session *s, enum aur_ssh_phase phase);
/* Opens a question, prompt and about as printf has it, cleaned. */
void aur__ssh_ask(struct aur_ssh_session *s, enum aur_ssh_ask kind, bool echo,
    struct aur_slice prompt, const char *about);
/* `src` cut to `n` bytes, its controls made blanks. */
void aur__ssh_clean(char *dst, size_t n, struct aur_slice src);

/* hostkey.c: false when nothing moved. */
AUR_MUST_CHECK int aur__ssh_host_key_prefer(struct aur_ssh_session *s);
bool aur__ssh_host_key_judge(struct aur_ssh_session *s);
void aur__ssh_host_key_answer(struct aur_ssh_session *s, const char *text);

/* login.c */
bool aur__ssh_login_turn(struct aur_ssh_session *s);
void aur__ssh_login_answer(struct aur_ssh_session *s, const char *text);
void aur__ssh_login_release(struct aur_ssh_session *s);
/* Asks for the passphrase of the file at hand, or waits for who does. */
bool aur__ssh_login_unlock(struct aur_ssh_session *s);
/* login_keys.c: the list of keys to try, and one try of libssh2's. */
int aur__ssh_login_gather(
    struct aur_ssh_session *s, struct aur_ssh_agent_answer *held);
bool aur__ssh_login_hint(
    struct aur_ssh_session *s, const char *name, const char *why);
/* login_sign.c */
bool aur__ssh_login_try(struct aur_ssh_session *s);
/* The login is proved; how, for people. */
bool aur__ssh_login_done(struct aur_ssh_session *s, const char *how);

/* channel.c */
bool aur__ssh_channels_turn(struct aur_ssh_session *s);
void aur__ssh_channels_end(struct aur_ssh_session *s);
/* Whether a channel's next turn reads from io. */
bool aur__ssh_channels_listen(const struct aur_ssh_session *s);
void aur__ssh_channel_drop(struct aur_ssh_channel *ch);

#endif
