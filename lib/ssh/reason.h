/* SPDX-License-Identifier: MIT */
/*
 * Why a host cannot be reached over SSH: one table (reason.def) for both
 * transports, with the state that the host gets, a sentence, and the command
 * that mends it. libssh2's side knows its reason by name; what the system's
 * ssh writes to stderr is matched with the table's patterns, and its last
 * telling line stands for the whole.
 *
 *	enum aur_ssh_reason r = aur_ssh_reason_of(stderr_text);
 *	rc = aur_ssh_reason_what(r, &about, &text);    "host key unknown"
 *	rc = aur_ssh_reason_remedy(r, &about, &text);  "check it with: ssh web1"
 */
#ifndef AUR_SSH_REASON_H
#define AUR_SSH_REASON_H

#include "base/buf.h"

/* The host states of failures, as the JSON names them. */
enum aur_ssh_state {
	AUR_SSH_UNREACHABLE,
	AUR_SSH_AUTH_FAILED,
	AUR_SSH_KEY_UNKNOWN,
	AUR_SSH_KEY_CHANGED,
	AUR_SSH_NO_AGENT,
};

enum aur_ssh_reason {
	AUR_SSH_REASON_NONE, /* nothing telling was said */
#define AUR_SSH_REASON(NAME, state, retry, pattern, what, remedy)              \
	AUR_SSH_REASON_##NAME,
#include "ssh/reason.def"
#undef AUR_SSH_REASON
	AUR_SSH_REASONS, /* one past the last */
};

/* What the sentences speak of; all borrowed, any may be NULL. */
struct aur_ssh_about {
	const char *host;    /* as the user calls it */
	const char *user;    /* the login */
	const char *name;    /* as connected to, known_hosts' name */
	const char *file;    /* the known_hosts file of the offending line */
	unsigned port, line; /* 0: not known */
};

/* The first reason that the text of ssh's stderr gives: rows of the table
 * are tried in order, each on all lines. AUR_SSH_REASON_NONE where no row
 * fits. */
enum aur_ssh_reason aur_ssh_reason_of(struct aur_slice stderr_text);

/* The last line of the text that is not blank and not a mere warning: what is
 * shown where the reason is none. May be empty; hostile text. */
struct aur_slice aur_ssh_reason_line(struct aur_slice stderr_text);

enum aur_ssh_state aur_ssh_reason_state(enum aur_ssh_reason r);

/* Whether trying again by itself may help: not after a refused login, a
 * changed key, or bad configuration. */
bool aur_ssh_reason_retry(enum aur_ssh_reason r);

/* Appends what failed; what to do about it, a command or a hint. The texts
 * say no more than `about` knows. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_reason_what(enum aur_ssh_reason r,
    const struct aur_ssh_about *about, struct aur_buf *out);
AUR_MUST_CHECK int aur_ssh_reason_remedy(enum aur_ssh_reason r,
    const struct aur_ssh_about *about, struct aur_buf *out);

#endif
