/* SPDX-License-Identifier: MIT */
/*
 * Which hosts are meant. Words, with commas between or one after another:
 *
 *	web1          a host of the team, or a glob: 'web*'
 *	web1..9       those there are from web1 to web9 (web01..09: two digits)
 *	@group        the hosts of a group
 *	all           every host of the team; with no team local
 *	user@address[:port]   one that is not saved
 *	local         this machine
 *
 *	struct aur_select s;
 *	aur_select_init(&s, team);                  team may be NULL
 *	rc = aur_select_add(&s, aur_slice_str("web1,@db"));
 *	if (rc == 0)
 *		rc = aur_select_less(&s, aur_slice_str("db2"));
 *	if (rc == AUR_EINVALID || rc == AUR_EABSENT)
 *		say(s.why);
 *	for (size_t i = 0; rc == 0 && i < s.n; i++)
 *		use(&s.pick[i]);
 *	aur_select_release(&s);
 *
 * Hosts come in the order in which they were named, a group's in the order of
 * the team, and each once. A word that means no host is an error and never
 * nothing: a script that watches nobody is worse than one that fails.
 *
 * A team of a thousand hosts has a thousand words to compare and no index:
 * this runs once for a command line.
 */
#ifndef AUR_TEAM_SELECT_H
#define AUR_TEAM_SELECT_H

#include "base/address.h"
#include "base/compiler.h"
#include "team/team.h"

enum aur_pick_kind {
	AUR_PICK_LOCAL,
	AUR_PICK_HOST,	  /* of the team */
	AUR_PICK_ADDRESS, /* as it was written */
};

struct aur_pick {
	enum aur_pick_kind kind;
	size_t host;	  /* HOST: its number in the team */
	const char *name; /* "local", the host's, or the word; lives as long
			     as the team and the selection */
	/* ADDRESS: its parts, as base/address.h has them; owned. */
	struct aur_address *address;
};

struct aur_select {
	const struct aur_team *team; /* borrowed; NULL: none */
	const char *listed; /* borrowed; what lists its hosts, as in "'aurora
			       team show' lists those of team pixel", which
			       NULL is */
	struct aur_pick *pick;
	size_t n;
	bool *has;	/* by host; for select.c */
	char word[256]; /* what was wrong, when it was */
	char why[768];	/* a sentence that says so and what is near */
};

void aur_select_init(struct aur_select *s, const struct aur_team *team);
void aur_select_release(struct aur_select *s);

/* Adds what `words` means, commas between; takes it away. 0; AUR_EABSENT (a
 * word means no host; for `less` one that is not known, not one that was not
 * chosen), AUR_EINVALID (it cannot be read), with `word` and `why`;
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_select_add(struct aur_select *s, struct aur_slice words);
AUR_MUST_CHECK int aur_select_less(
    struct aur_select *s, struct aur_slice words);

/* What no word at all means: the hosts of the team, without a team local. 0,
 * AUR_EABSENT (a team without hosts), AUR_ENOMEM. */
AUR_MUST_CHECK int aur_select_rest(struct aur_select *s);

/* Whether `words` can be understood without a team: only local and addresses
 * with a user. Then a damaged team file need not matter. */
bool aur_select_needs_team(struct aur_slice words);

#endif
