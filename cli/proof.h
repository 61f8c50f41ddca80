/* SPDX-License-Identifier: MIT */
/*
 * Throw-away keys, and what a host does for them: the proof that a line in
 * authorized_keys gives what it says and nothing else.
 *
 *	struct proof p;
 *	status = proof_begin(&p);
 *	if (status == CLI_OK)
 *		status = proof_key(&p, role, &line);    ... put it on hosts
 *	if (status == CLI_OK)
 *		status = proof_run(&p, session, hosts, try, n);
 *	... take it off the hosts
 *	proof_end(&p);                in any case; the keys are gone
 *
 * Each try logs in with the key alone and asks for another command than the
 * line's. A line that holds answers with the agent's greeting, in its role.
 */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include "cli/hosts.h"
#include "cli/session.h"
#include "team/team.h"

#define PROOF_ROLES 2 /* one key for each role */
#define PROOF_PATH 4200

struct proof {
	char dir[PROOF_PATH]; /* 0700; "": there is none */
	char path[PROOF_ROLES][PROOF_PATH];
	char line[PROOF_ROLES][1024]; /* "ssh-ed25519 AAAA..."; "": none yet */
};

struct proof_try {
	size_t host; /* its place among the chosen */
	enum aur_team_role role;
	bool good;
	char why[512]; /* where it is not */
};

/* A place for keys. CLI_OK, CLI_FAILED. */
AUR_MUST_CHECK int proof_begin(struct proof *p);
void proof_end(struct proof *p);

/* The public half of the key of a role, made when it is first asked for by
 * ssh-keygen. CLI_OK, CLI_FAILED. */
AUR_MUST_CHECK int proof_key(
    struct proof *p, enum aur_team_role role, const char **ret_line);

/* Makes all tries side by side and fills in what came of them. CLI_OK, also
 * where they failed; CLI_FAILED. */
AUR_MUST_CHECK int proof_run(const struct proof *p, struct session *s,
    const struct hosts *h, struct proof_try *try, size_t n);

#endif
