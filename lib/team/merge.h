/* SPDX-License-Identifier: MIT */
/*
 * Three versions of a team's document become one: what we have, what another
 * place has, and the copy that both had when they last met. Pure.
 *
 *	struct aur_merge m;
 *	rc = aur_merge(&m, base, ours, theirs, why, sizeof(why));
 *	if (rc == 0 && m.nconflict > 0)
 *		show(m.conflict, m.nconflict);
 *	else if (rc == 0)
 *		use(aur_buf_peek(&m.text));
 *	aur_merge_release(&m);
 *
 * Hosts and members are the same when their ids are; each of their members
 * (address, port, ...) and every other member of the document is taken alone:
 *
 *	base  ours  theirs   result
 *	 x     x     y        y       only one side changed it
 *	 x     y     x        y
 *	 x     y     y        y       both the same way
 *	 x     y     z        ?       a conflict: shown, never guessed
 *
 * Absent is a value like any other. A host that one side removed goes, unless
 * the other side changed it: that is a conflict too. New ones of both sides
 * come together; in the list ours stand first, in our order.
 */
#ifndef AUR_TEAM_MERGE_H
#define AUR_TEAM_MERGE_H

#include "base/buf.h"
#include "base/compiler.h"

struct aur_merge_conflict {
	char *where;	     /* "hosts web1: address", "members bob", "rules" */
	char *ours, *theirs; /* as JSON; NULL: it is gone, or not there */
};

struct aur_merge {
	struct aur_buf text; /* the merged document, as its file holds it;
				with conflicts, ours stands there */
	struct aur_merge_conflict *conflict;
	size_t nconflict;
	bool differs_from_ours, differs_from_theirs;
};

/* Merges. `base` may be empty: they never met, and only what is the same on
 * both sides or missing on one is no conflict. 0; AUR_EINVALID, AUR_EVERSION,
 * AUR_ELIMIT where one of the three is no team's document, with the sentence
 * in `why`; AUR_ENOMEM. Release it in any case. */
AUR_MUST_CHECK int aur_merge(struct aur_merge *m, struct aur_slice base,
    struct aur_slice ours, struct aur_slice theirs, char *why, size_t size);
void aur_merge_release(struct aur_merge *m);

#endif
