/* SPDX-License-Identifier: MIT */
/*
 * An SSH session that is stepped and never waits. It does no I/O of its own
 * but with the ssh-agent: bytes go through two functions of the caller's, so
 * that it runs over a socket, a socket pair or a channel of another session
 * (a jump host), in any event loop or none.
 *
 *	rc = aur_ssh_session_new(&s, &options, &io);
 *	for (;;) {
 *		rc = aur_ssh_session_step(s, aur_clock_mono());
 *		if (rc < 0)
 *			... aur_ssh_session_failure(s) says why
 *		if (aur_ssh_session_question(s) != NULL)
 *			... ask a person, aur_ssh_session_answer(s, text)
 *		if (aur_ssh_session_phase(s) == AUR_SSH_READY && ch == NULL)
 *			rc = aur_ssh_session_exec(s, "aurora-agentd", &ch);
 *		n = aur_ssh_channel_read(ch, p, sizeof p);
 *		... wait for aur_ssh_session_wants(s) on the socket, for the
 *		agent's descriptor, until aur_ssh_session_wake(s); then step
 *	}
 *	aur_ssh_session_free(s);
 *
 * A step goes as far as the bytes that are there allow, and sends what has
 * gathered. Writes, questions answered and channels opened take effect in the
 * next step. The host's key is judged before any credential is sent; what was
 * found is an outcome with both fingerprints, not a message.
 *
 * Identities: those of the agent first, as ssh does, then files. A file that
 * is locked is asked for only when the server takes its public half. Opened
 * keys stand in a ring that all sessions of a process share: bcrypt (110 ms)
 * runs once for each file and typed passphrase.
 *
 * One thread. All that comes from the other side is hostile text.
 */
#ifndef AUR_SSH_SESSION_H
#define AUR_SSH_SESSION_H

#include "base/clock.h"
#include "ssh/known.h"
#include "ssh/ring.h"

struct aur_ssh_session;
struct aur_ssh_channel;

/* Where the bytes of a session go. `fd` is a non-blocking descriptor that
 * lives as long as the session, the socket at the bottom of all jumps:
 * libssh2 looks at its flags and nothing else. */
struct aur_ssh_io {
	/* Bytes taken; 0 where it would block; AUR_E... when it has ended. */
	int64_t (*send)(void *arg, struct aur_slice bytes);
	/* Bytes put at `p`; 0 where it would block; AUR_E... at the end. */
	int64_t (*recv)(void *arg, uint8_t *p, size_t n);
	void *arg;
	int fd;
};

/* What to do with a host key that nobody knows. */
enum aur_ssh_unknown {
	AUR_SSH_UNKNOWN_REFUSE,
	AUR_SSH_UNKNOWN_ASK,
	AUR_SSH_UNKNOWN_ACCEPT,
};

/* All borrowed for the life of the session. NULL and 0 are none. */
struct aur_ssh_options {
	const char *user;
	struct aur_ssh_known_host host;	   /* as known_hosts calls it */
	const struct aur_ssh_known *known; /* NULL: nothing is known */
	const char *host_key; /* "SHA256:...": this key and no other */
	enum aur_ssh_unknown unknown;
	struct aur_ssh_ring *ring;     /* opened keys; never NULL */
	const char *const *identities; /* files of private keys, best first */
	size_t nidentity;
	bool identities_only;	  /* of the agent, only those in files */
	const char *agent;	  /* socket */
	bool no_pubkey;		  /* not even with keys */
	bool password, keyboard;  /* by a question, when no key is taken */
	bool may_ask;		  /* somebody answers questions */
	struct aur_span patience; /* for the handshake, and for the login */
};

enum aur_ssh_phase {
	AUR_SSH_HANDSHAKE, /* until the host key is there */
	AUR_SSH_HOST_KEY,  /* a person is asked about it */
	AUR_SSH_LOGIN,
	AUR_SSH_READY, /* channels may be opened */
	AUR_SSH_OVER,  /* the failure says why */
};

enum aur_ssh_outcome {
	AUR_SSH_END_NONE, /* it has not ended */
	AUR_SSH_END_KEY_UNKNOWN,
	AUR_SSH_END_KEY_CHANGED, /* or not the one that options.host_key names
				  */
	AUR_SSH_END_KEY_REVOKED,
	AUR_SSH_END_REFUSED, /* the login */
	AUR_SSH_END_UNFIT,   /* libssh2 cannot do this; the system's ssh may */
	AUR_SSH_END_CLOSED,  /* by the other side, or the network */
	AUR_SSH_END_BUSY,    /* it takes no more logins for now */
	AUR_SSH_END_GARBAGE, /* it does not speak SSH, or badly */
	AUR_SSH_END_LATE,    /* options.patience has passed */
	AUR_SSH_END_NOMEM,
};

struct aur_ssh_failure {
	enum aur_ssh_outcome outcome;
	enum aur_ssh_phase phase; /* it ended in this one */
	char what[256];		  /* a sentence, cleaned of controls */
};

/* What the host said that it is. */
struct aur_ssh_host_key {
	struct aur_slice blob;
	char fingerprint[AUR_SSH_FINGERPRINT];
	struct aur_ssh_known_answer known; /* lines that speak of the host */
	bool accepted; /* it was unknown and taken: the caller's to note */
};

enum aur_ssh_ask {
	AUR_SSH_ASK_HOST_KEY,	/* "yes" accepts */
	AUR_SSH_ASK_PASSPHRASE, /* of the file `about` */
	AUR_SSH_ASK_PASSWORD,	/* of user@host `about` */
	AUR_SSH_ASK_KEYBOARD,	/* whatever the host wants to know */
	AUR_SSH_ASK_TOUCH,	/* the agent waits for its owner: no answer */
};

struct aur_ssh_question {
	enum aur_ssh_ask kind;
	const char *prompt; /* one line, cleaned */
	const char *about;
	bool echo;
};

/* bits of aur_ssh_session_wants */
#define AUR_SSH_WANT_READ 1u  /* step when io.recv would give something */
#define AUR_SSH_WANT_WRITE 2u /* step when io.send would take something */
#define AUR_SSH_WANT_STEP 4u  /* step soon: there is more to do already */

/* A session that will shake hands when it is first stepped; `io` is copied.
 * 0, AUR_ENOMEM, AUR_EIO (libssh2 or OpenSSL cannot be set up). */
AUR_MUST_CHECK int aur_ssh_session_new(struct aur_ssh_session **ret_s,
    const struct aur_ssh_options *options, const struct aur_ssh_io *io);

/* Says goodbye where that needs no waiting, and frees the session and its
 * channels. NULL is fine. */
void aur_ssh_session_free(struct aur_ssh_session *s);

/* Goes on as far as possible. 0, or the error with which it is over:
 * AUR_EDENIED (host key, login), AUR_EUNSUPPORTED (unfit), AUR_ECLOSED,
 * AUR_EBUSY, AUR_EPROTOCOL, AUR_ETIMEOUT, AUR_ENOMEM. */
int aur_ssh_session_step(struct aur_ssh_session *s, struct aur_mono now);

enum aur_ssh_phase aur_ssh_session_phase(const struct aur_ssh_session *s);
const struct aur_ssh_failure *aur_ssh_session_failure(
    const struct aur_ssh_session *s);

/* What it waits for on its io: bits. */
unsigned aur_ssh_session_wants(const struct aur_ssh_session *s);
/* Whether it must be stepped at a certain time at the latest. */
bool aur_ssh_session_wake(
    const struct aur_ssh_session *s, struct aur_mono *ret_when);
/* A descriptor to be watched as well (the agent's), and for what: READ or
 * WRITE; -1 for none. Ask after each step: it comes and goes. */
int aur_ssh_session_agent_fd(
    const struct aur_ssh_session *s, unsigned *ret_wants);
/* Whether it waits until another session's question about a key in the ring
 * is answered: step it then. */
bool aur_ssh_session_waits_for_ring(const struct aur_ssh_session *s);

/* The open question, NULL for none; valid until the next step or answer. */
const struct aur_ssh_question *aur_ssh_session_question(
    const struct aur_ssh_session *s);
/* Answers it; NULL declines. The text is wiped after use. Without a question
 * nothing happens. */
void aur_ssh_session_answer(struct aur_ssh_session *s, const char *text);

/* Known as soon as the handshake is done; NULL before. */
const struct aur_ssh_host_key *aur_ssh_session_host_key(
    const struct aur_ssh_session *s);

/* What was agreed on: "curve25519-sha256, ssh-ed25519, aes256-ctr,
 * hmac-sha2-256"; "" before. */
const char *aur_ssh_session_methods(const struct aur_ssh_session *s);
/* How the login was proved, for people: "ED25519 key of the agent", "the file
 * /home/a/.ssh/id_rsa"; "" before. */
const char *aur_ssh_session_login(const struct aur_ssh_session *s);

/* Bytes that have come and gone, as the network saw them. */
uint64_t aur_ssh_session_received(const struct aur_ssh_session *s);
uint64_t aur_ssh_session_sent(const struct aur_ssh_session *s);

/* --- channels ------------------------------------------------------------- */

enum aur_ssh_channel_state {
	AUR_SSH_CHANNEL_OPENING,
	AUR_SSH_CHANNEL_OPEN,
	AUR_SSH_CHANNEL_DONE,	 /* the other side closed it; read gives what
				    is left; the status is known */
	AUR_SSH_CHANNEL_REFUSED, /* by the host: the session goes on */
	AUR_SSH_CHANNEL_DEAD,	 /* the session is over */
};

/* Begins a channel that runs `command` in the login shell (copied), or one to
 * another place as seen from the host, the way of a jump. Two commands at a
 * time, as a careful MaxSessions allows no more. 0, AUR_EBUSY (two run),
 * AUR_EINVALID (not ready), AUR_ENOMEM. Freed by aur_ssh_channel_free, or
 * with its session. */
AUR_MUST_CHECK int aur_ssh_session_exec(struct aur_ssh_session *s,
    const char *command, struct aur_ssh_channel **ret_ch);
AUR_MUST_CHECK int aur_ssh_session_connect(struct aur_ssh_session *s,
    const char *host, unsigned port, struct aur_ssh_channel **ret_ch);

/* Closes it in the session's next steps; `ch` is gone at once. NULL is fine. */
void aur_ssh_channel_free(struct aur_ssh_channel *ch);

enum aur_ssh_channel_state aur_ssh_channel_state(
    const struct aur_ssh_channel *ch);
/* Why it was refused; "" otherwise. */
const char *aur_ssh_channel_error(const struct aur_ssh_channel *ch);

/* Bytes of its stdout that the last steps brought: how many were put at `p`;
 * 0 where there are none yet; AUR_ECLOSED when no more will come. */
int64_t aur_ssh_channel_read(struct aur_ssh_channel *ch, uint8_t *p, size_t n);
/* Whether read has bytes to give; or those or the end. */
bool aur_ssh_channel_pending(const struct aur_ssh_channel *ch);
bool aur_ssh_channel_readable(const struct aur_ssh_channel *ch);
/* Bytes taken for the next step, fewer than given where AUR_SSH_CHANNEL_QUEUE
 * is reached; 0 where it would block; AUR_ECLOSED. */
int64_t aur_ssh_channel_write(
    struct aur_ssh_channel *ch, struct aur_slice bytes);
#define AUR_SSH_CHANNEL_QUEUE 65536u
/* Bytes that write would take now. */
size_t aur_ssh_channel_room(const struct aur_ssh_channel *ch);
/* No more will be written: the other side reads an end after what is queued. */
void aur_ssh_channel_shut(struct aur_ssh_channel *ch);
/* The last 4 KB of its stderr. */
struct aur_slice aur_ssh_channel_words(const struct aur_ssh_channel *ch);
/* Exit status, or 128 + the signal's number where that has one; -1 unknown. */
int aur_ssh_channel_status(const struct aur_ssh_channel *ch);

/* The io of a session that runs inside `ch`: the way through a jump host.
 * `ret_io->arg` is the channel. After that session's steps the outer one
 * is to be stepped too, and the other way round. */
void aur_ssh_channel_io(struct aur_ssh_channel *ch, struct aur_ssh_io *ret_io);

#endif
