/* SPDX-License-Identifier: MIT */
/*
 * Hosts, near and far, as one live feed. Each has a link to an agent, over a
 * child on a socket pair (this machine), libssh2, or the system's ssh; whoever
 * reads the feed cannot tell which.
 *
 *	struct aur_fleet_host hosts[] = {
 *	    {.name = "local", .via = AUR_FLEET_LOCAL},
 *	    {.name = "web1", .user = "alice", .address = "web1.example"},
 *	};
 *	rc = aur_fleet_new(&feed, loop, hosts, 2, &options);
 *	feed->class->listen(feed, on_change, me);
 *	... the loop runs ...
 *	feed->class->free(feed);
 *
 * The order of the feed is that of `hosts`. What the feed tells of a host is
 * in model/feed.h; its states and what leads from one to the other are drawn
 * at the top of link.c. Nothing here waits, and everything has a deadline.
 *
 * A refused login, an unknown and a changed host key are final: they are not
 * tried again before feed->class->retry. A refusal is also remembered for an
 * hour, for the next program, in $XDG_STATE_HOME/aurora/refused.
 */
#ifndef AUR_FLEET_FLEET_H
#define AUR_FLEET_FLEET_H

#include "base/log.h"
#include "loop/loop.h"
#include "model/feed.h"

enum aur_fleet_via {
	AUR_FLEET_AUTO, /* libssh2, or ssh for what it cannot do */
	AUR_FLEET_LIBSSH2,
	AUR_FLEET_OPENSSH,
	AUR_FLEET_LOCAL, /* a child of ours */
};
/* "auto" "libssh2" "openssh" "local"; static. */
const char *aur_fleet_via_name(enum aur_fleet_via via);

/* The command that is run on a host where none is given. */
#define AUR_FLEET_AGENT_COMMAND "aurora-agentd"

/* Whom to reach and how. NULL and 0 are always allowed but for the name, and
 * mean: as ssh would do it, ~/.ssh/config included. */
struct aur_fleet_host {
	const char *name; /* what it is called here; no two alike */
	const char *id;	  /* random id of the team file */
	const char *user;
	const char *address; /* name, alias of ssh_config or number; NULL: as
				`name` */
	unsigned port;
	const char *jump; /* another one's name, or as for ssh -J:
			     [user@]host[:port], several with commas; "none":
			     none, whatever ssh_config says */
	enum aur_fleet_via via;
	const char *identity; /* a private key's file */
	bool alone; /* `identity` and no other key, nor a password, is tried;
		       its passphrase may be asked */
	const char *agent; /* command of the agent there, words for sh; --stdio
			      is put behind it */
	const char *host_key; /* the only key to accept: "SHA256:..." */
	const char *const *groups;
	size_t ngroup;
};

/* --- questions ------------------------------------------------------------ */

enum aur_fleet_ask {
	AUR_FLEET_ASK_HOST_KEY, /* yes or no */
	AUR_FLEET_ASK_SECRET,	/* a passphrase, a password, a PIN, a code */
	AUR_FLEET_ASK_TOUCH,	/* nothing to answer: a key wants a touch */
};

/* What a person is asked; texts are borrowed, hostile where they come from
 * the host (clean them when they are drawn). */
struct aur_fleet_question {
	size_t host;
	enum aur_fleet_ask kind;
	const char *prompt;	 /* one line, without a blank at its end */
	const char *fingerprint; /* "SHA256:..." of a host key, or NULL */
	bool echo;		 /* what is typed may be seen */
};
/* One is open at a time in a feed. It may be answered at once, in the
 * callback, or later; NULL as question: the open one is void (its host is
 * gone, the key was touched). */
typedef void (*aur_fleet_ask_fn)(
    void *arg, const struct aur_fleet_question *question);

/* --- steps ---------------------------------------------------------------- */

enum aur_fleet_step {
	AUR_FLEET_RESOLVE,
	AUR_FLEET_CONNECT,
	AUR_FLEET_HOST_KEY,
	AUR_FLEET_LOGIN,
	AUR_FLEET_AGENT,
	AUR_FLEET_SAMPLE,
	AUR_FLEET_STEPS
};
enum aur_fleet_how { AUR_FLEET_BEGUN, AUR_FLEET_DONE, AUR_FLEET_FAILED };

struct aur_fleet_progress {
	size_t host;
	enum aur_fleet_step step;
	enum aur_fleet_how how;
	struct aur_span took; /* since it began; 0 when it begins */
	const char *text;     /* what is known: an address, a fingerprint, the
				 reason; "" for nothing; borrowed */
};
typedef void (*aur_fleet_step_fn)(
    void *arg, const struct aur_fleet_progress *progress);
/* "resolve" "connect" "host key" "authenticate" "agent" "first sample". */
const char *aur_fleet_step_name(enum aur_fleet_step step);

/* --- the feed ------------------------------------------------------------- */

struct aur_fleet_options {
	const char *agent; /* program for this machine; NULL: AURORA_AGENTD in
			      the environment, beside our own, or in PATH */
	const char *ssh;   /* program; NULL: AURORA_SSH in the environment, or
			      ssh in PATH */
	const struct aur_log *log; /* may be NULL */
	bool once;	 /* nobody will wait for another try: errors do not
			    speak of one */
	bool accept_new; /* unknown host keys are taken and noted */
	bool asked; /* a person asks for these hosts: what was refused before
		       is tried */
	unsigned handshakes; /* at once; 0: 8 */
	/* hosts that are only jumped over, by name */
	const struct aur_fleet_host *jumps;
	size_t njump;
	/* NULL: nobody can be asked; whatever would ask fails instead */
	aur_fleet_ask_fn ask;
	/* our own program is also the helper for questions of the system's ssh
	 * (fleet/askpass.h); else that one cannot ask */
	bool askpass;
	aur_fleet_step_fn step; /* NULL: nobody wants to know */
	void *arg;		/* of both */
};

/* A feed whose hosts are connecting. Everything given is copied, `loop`
 * outlives the feed; options may be NULL. 0, AUR_ENOMEM, AUR_EINVALID (no
 * host, a name twice, an address or user that begins with '-' or has control
 * characters, hosts that jump over each other in a ring). */
AUR_MUST_CHECK int aur_fleet_new(struct aur_feed **ret_feed,
    struct aur_loop *loop, const struct aur_fleet_host *hosts, size_t n,
    const struct aur_fleet_options *options);

/* Answers the open question: what was typed, "yes" for a host key; NULL
 * declines. Without an open question it does nothing. */
void aur_fleet_answer(struct aur_feed *feed, const char *text);

/* --- a person's own login ------------------------------------------------- */

/* What opens a shell on host `i` for a person at a terminal: the system's ssh
 * by the way that the feed goes, for this machine the shell of the user. The
 * file and its words, which are ended by NULL, are freed by
 * aur_fleet_login_free. 0; AUR_EABSENT: there is no ssh; AUR_ENOMEM,
 * AUR_ELIMIT, AUR_EINVALID. */
struct aur_fleet_login {
	char *path;
	char **argv;
};
AUR_MUST_CHECK int aur_fleet_login(
    struct aur_feed *feed, size_t i, struct aur_fleet_login *ret_login);
void aur_fleet_login_free(struct aur_fleet_login *login); /* zeroed is fine */

/* --- a team's file -------------------------------------------------------- */

struct aur_fleet_team {
	int err;	       /* 0: `file` is it; AUR_EABSENT: none is there;
				  AUR_EUNSUPPORTED: an old agent; others */
	struct aur_slice file; /* hostile, of AUR_MAX_TEAM_FILE at most */
	struct aur_slice text; /* a sentence, where there is an error */
};
typedef void (*aur_fleet_team_fn)(
    void *arg, const struct aur_fleet_team *result);

/* Asks the agent of host `i`, which should be up, for the file of the team
 * with that id as it was published there. `done` is called exactly once,
 * maybe before this returns; it has no deadline but the link's end. */
void aur_fleet_team(struct aur_feed *feed, size_t i, const char *id,
    aur_fleet_team_fn done, void *arg);

/* --- commands ------------------------------------------------------------- */

struct aur_fleet_result {
	int err;	       /* 0: it ran and ended; else why it did not */
	int status;	       /* exit status, 128 + the signal's number */
	struct aur_slice out;  /* what it wrote: the first AUR_MAX_EXEC_OUT */
	struct aur_slice text; /* its stderr; or why it could not be run */
};
typedef void (*aur_fleet_result_fn)(
    void *arg, const struct aur_fleet_result *result);

/* Runs `command` (POSIX sh, any login shell there) on host `i` with `input`
 * as its stdin, beside the agent: a second channel, or a second ssh. It need
 * not be up. `done` is called exactly once, maybe before this returns, and
 * when `most` has passed; `command` and `input` are copied. Of one host one
 * runs at a time: AUR_EBUSY. */
void aur_fleet_exec(struct aur_feed *feed, size_t i, const char *command,
    struct aur_slice input, struct aur_span most, aur_fleet_result_fn done,
    void *arg);

#endif
