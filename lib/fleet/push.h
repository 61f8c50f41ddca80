/* SPDX-License-Identifier: MIT */
/*
 * Agents for hosts that have none, or an old one: which file fits the host,
 * what is run there, and what its answer means. No connection: the scripts go
 * through aur_fleet_exec, and push.sh is what they say.
 *
 *	rc = aur_push_script(&b, &(struct aur_push_order){AUR_PUSH_PROBE});
 *	aur_fleet_exec(feed, i, aur_buf_str(&b), none, most, on_result, me);
 *	... in on_result:
 *	rc = aur_push_parse(&answer, result->out);
 *	rc = aur_push_file(&bytes, answer.system, false, why, sizeof why);
 *	... the same with AUR_PUSH_PUT, answer's best place, and the bytes
 *	aur_push_release(&answer);
 *
 * There are two agents for a kind of machine: a small one, which speaks with
 * one client and is sent where none is, and one that is a service as well.
 */
#ifndef AUR_FLEET_PUSH_H
#define AUR_FLEET_PUSH_H

#include "base/buf.h"

/* Bytes of a sentence. */
#define AUR_PUSH_WHY 512

enum aur_push_verb {
	AUR_PUSH_PROBE,	 /* what is there; changes nothing */
	AUR_PUSH_PUT,	 /* an agent for logins; takes bytes */
	AUR_PUSH_USER,	 /* the service of a user; takes bytes */
	AUR_PUSH_SYSTEM, /* the service of the host; takes bytes */
	AUR_PUSH_REMOVE, /* all that those left */
};

/* Where an agent for logins may be: the cache, /run/user, /var/tmp, /dev/shm,
 * /tmp; in this order. The agent's command looks in all of them. */
#define AUR_PUSH_PLACES 5

struct aur_push_order {
	enum aur_push_verb verb;
	unsigned place;		/* of PUT */
	struct aur_slice agent; /* the bytes that will be its stdin */
};

/* Appends the script. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_push_script(
    struct aur_buf *b, const struct aur_push_order *order);

/* --- answers -------------------------------------------------------------- */

enum aur_push_where {
	AUR_PUSH_IN_PATH, /* what `aurora-agentd` means there */
	AUR_PUSH_PUSHED,
	AUR_PUSH_OF_USER, /* with a unit of ours */
	AUR_PUSH_OF_SYSTEM,
	AUR_PUSH_WHERES
};

/* A file that is there. Slices are hostile, and good until the release. */
struct aur_push_found {
	enum aur_push_where where;
	struct aur_slice path;
	struct aur_slice version; /* empty: it does not run, or is no agent */
};
#define AUR_PUSH_FOUND_MOST 8

/* What has been done, what remains, why it could not be done. */
enum aur_push_tell { AUR_PUSH_DID, AUR_PUSH_REMAINS, AUR_PUSH_FAILED };
struct aur_push_line {
	enum aur_push_tell tell;
	struct aur_slice text;
};
#define AUR_PUSH_LINES_MOST 32

struct aur_push_answer {
	bool done; /* it came to its end; else the last line may say why */
	char system[48]; /* "linux-x86_64"; "" unknown */
	struct aur_push_found found[AUR_PUSH_FOUND_MOST];
	size_t nfound;
	struct aur_push_line line[AUR_PUSH_LINES_MOST];
	size_t nline;
	bool good[AUR_PUSH_PLACES]; /* ours to write, and to run from */
	struct aur_slice place[AUR_PUSH_PLACES];
	bool root;		     /* or sudo without a password */
	bool systemd, openrc;	     /* one of them runs the host */
	bool user;		     /* systemd keeps services of this user */
	bool linger;		     /* and they outlive its logins */
	bool lacks_linger;	     /* was not allowed, just now */
	bool noexec;		     /* where it was put nothing runs */
	bool runs_user, runs_system; /* the service */
	struct aur_buf text;
};

/* Reads what a script printed, whatever else stands between. 0, AUR_ENOMEM.
 * Release it in any case; zeroed is fine. */
AUR_MUST_CHECK int aur_push_parse(
    struct aur_push_answer *ret_answer, struct aur_slice out);
void aur_push_release(struct aur_push_answer *a);

/* The first good place from `from` on; AUR_PUSH_PLACES: none. */
unsigned aur_push_place(const struct aur_push_answer *a, unsigned from);

/* --- files ---------------------------------------------------------------- */

/* The name of agents for what `uname -sm` says: "Linux x86_64" is
 * "linux-x86_64", all 32-bit ARM is "linux-arm". False: it makes no sense. */
bool aur_push_name(struct aur_slice uname, char *ret_name, size_t size);

/* Whether `bytes` are a program for the machine of that name. A machine that
 * is not known is believed. */
bool aur_push_fits(struct aur_slice bytes, const char *name);

/* Reads the agent of that name, out of AURORA_AGENTS in the environment, or
 * agents/ beside our own program, or where they are installed. 0; AUR_EABSENT
 * (there is none), AUR_EINVALID (it is of another machine), AUR_EIO: then `why`
 * names the file and what to do; AUR_ENOMEM. */
AUR_MUST_CHECK int aur_push_file(struct aur_buf *ret_bytes, const char *name,
    bool service, char *why, size_t size);

#endif
