/* SPDX-License-Identifier: MIT */
/*
 * The members' lines in ~/.ssh/authorized_keys of a host: what stands there,
 * what should, and the file that makes it so. Pure: bytes in, bytes out.
 *
 *	restrict,command="/usr/bin/aurora-agentd --stdio --role viewer
 *	--member bob" ssh-ed25519 AAAA... aurora:pixel:bob:5f0c...
 *
 *	rc = aur_keys_plan(&p, file, team, host, agent);
 *	if (rc == 0)
 *		show(p.change, p.n), write(aur_buf_peek(&p.text));
 *	aur_keys_plan_release(&p);
 *
 * A line is the team's when its comment says so: aurora:, names for people,
 * and at the end the team's id, which no rename changes and no other team
 * has. The team's lines are made what they should be; every other byte of the
 * file stays where it is.
 *
 * sshd takes the first line that holds a key. A member whose key stands in
 * another line too would have the rights of whichever comes first, so he is
 * refused: he needs a key of his own.
 */
#ifndef AUR_TEAM_KEYS_H
#define AUR_TEAM_KEYS_H

#include "base/buf.h"
#include "team/team.h"

enum aur_keys_kind {
	AUR_KEYS_ADD,	  /* `line` is new */
	AUR_KEYS_TAKE,	  /* `line` goes */
	AUR_KEYS_OTHER,	  /* refused: line number `number` has the key */
	AUR_KEYS_SHARED,  /* refused: a member before has the same key */
	AUR_KEYS_INVALID, /* refused: the member's key is none */
};

struct aur_keys_change {
	enum aur_keys_kind kind;
	size_t member; /* number in the team; of AUR_KEYS_TAKE nothing */
	char *line;    /* of AUR_KEYS_ADD, _TAKE: without its newline */
	size_t number; /* of a line in the file, from 1; 0: none */
};

struct aur_keys_plan {
	struct aur_buf text; /* the whole new file */
	struct aur_keys_change *change;
	size_t n;
	size_t nadd, ntake, nrefused;
};

/* Plans the file of host number `host`, which holds `file` now; `agent` is
 * the command of the agent there with an absolute path. NULL: lines of those
 * who are gone are taken away, and nothing is given to anybody. 0;
 * AUR_EINVALID (the command cannot stand in a line), AUR_ELIMIT, AUR_ENOMEM.
 * Then too the plan may be released. */
AUR_MUST_CHECK int aur_keys_plan(struct aur_keys_plan *ret_plan,
    struct aur_slice file, const struct aur_team *t, size_t host,
    const char *agent);
void aur_keys_plan_release(struct aur_keys_plan *p);

/* Appends the line of a member on a host, without newline: with the right to
 * pass on to the hosts behind, where the host is a jump. `key` NULL: the
 * member's own. As above. */
AUR_MUST_CHECK int aur_keys_line(struct aur_buf *out, const struct aur_team *t,
    size_t host, const char *agent, size_t member, const char *key);

/* Appends a line to a file, behind a newline where the last line lacks it. 0,
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_keys_append(struct aur_buf *file, struct aur_slice line);

#endif
