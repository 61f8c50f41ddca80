/* SPDX-License-Identifier: MIT */
/*
 * What a line of `team add host` and `team edit host` says of a host, read and
 * checked once, to be put over one host or many.
 *
 *	struct team_spec s;
 *	status = team_spec_read(&s, o);
 *	...
 *	struct aur_team_host h = t->host[i];
 *	team_spec_apply(&s, &h, &lists);
 *	rc = aur_team_put_host(t, i, &h, why, sizeof(why));
 */
#ifndef CLI_TEAM_SPEC_H
#define CLI_TEAM_SPEC_H

#include "base/address.h"
#include "base/limits.h"
#include "cli/opt.h"
#include "team/team.h"

struct team_spec {
	const struct opts *opts; /* borrowed */
	/* Groups; the texts are in `text`. */
	bool has_groups;
	const char *group[AUR_MAX_HOST_GROUPS];
	size_t ngroup;
	/* Tags; an empty value takes one away. */
	struct aur_team_tag tag[AUR_MAX_HOST_TAGS];
	size_t ntag;
	enum aur_team_via via;
	bool has_address;
	struct aur_address address;
	char text[2 * AUR_MAX_TEAM_TEXT];
};

/* What the lists of a changed host stand in. */
struct team_lists {
	struct aur_team_tag tag[2 * AUR_MAX_HOST_TAGS];
};

/* Reads --group, --tag, --via, --address and checks the other options of
 * hosts. CLI_OK, or CLI_USAGE and said. */
AUR_MUST_CHECK int team_spec_read(struct team_spec *s, const struct opts *o);

/* Puts it over `h`, which then borrows from `s` and `lists`. */
void team_spec_apply(const struct team_spec *s, struct aur_team_host *h,
    struct team_lists *lists);

/* Puts a user's and a port's over `h`, of an address that was given. */
void team_spec_address(struct aur_team_host *h, const struct aur_address *a);

/* Reads one [user@]address[:port]; said when it is none. */
AUR_MUST_CHECK int team_spec_parse_address(
    const char *text, struct aur_address *ret);

/* Splits a list of names for `what` into text that has room for `size` bytes.
 * CLI_OK, or CLI_USAGE and said. */
AUR_MUST_CHECK int team_spec_names(const char *what, const char *list,
    char *text, size_t size, const char **name, size_t most, size_t *n);

#endif
