/* SPDX-License-Identifier: MIT */
/*
 * Which hosts a command line means, and how they are reached: names, lists
 * (web1,web2), globs, all, user@address, and -x to leave out; team/select.h
 * has the words. No word: the hosts of the team, without a team this machine.
 *
 *	struct hosts h;
 *	status = hosts_choose(&h, o);
 *	if (status == CLI_OK)
 *		status = hosts_reach(&h);      h.reach, h.n: for aur_fleet_new
 *	...
 *	hosts_release(&h);
 */
#ifndef CLI_HOSTS_H
#define CLI_HOSTS_H

#include "base/compiler.h"
#include "cli/opt.h"
#include "fleet/fleet.h"
#include "team/select.h"

struct hosts {
	struct aur_team *team; /* NULL: there is none, or no word needs it */
	struct aur_select select;
	const struct opts *opts; /* borrowed: which team is meant */
	bool looked;		 /* for the team */
	bool named;		 /* a person wrote whom */
	bool lent;		 /* the team is another's */
	bool alone;		 /* their keys and no others are tried */
	/* As lib/fleet wants them, in the order of the picks. */
	struct aur_fleet_host *reach;
	size_t n;
	/* those that are only jumped over */
	struct aur_fleet_host *jump;
	size_t njump;
};

/* Reads the operands and -x, with the team that is meant where a word needs
 * one; what others changed in it is asked about first. CLI_OK, or CLI_USAGE,
 * CLI_FAILED after saying why. Release it in any case. */
AUR_MUST_CHECK int hosts_choose(struct hosts *h, const struct opts *o);

/* The same in a team that is read already, which stays the caller's and is in
 * no file: documents name none. */
AUR_MUST_CHECK int hosts_choose_in(
    struct hosts *h, const struct opts *o, struct aur_team *team);

/* The same host by host: begin, then each word, which must mean one host;
 * `ret_index` is its place among the picks. */
void hosts_begin(struct hosts *h, const struct opts *o);
AUR_MUST_CHECK int hosts_one(
    struct hosts *h, struct aur_slice word, size_t *ret_index);

/* The same in a team that is read already, whose owner `h` becomes. */
void hosts_begin_team(
    struct hosts *h, const struct opts *o, struct aur_team *team);

/* Fills in `reach` and `jump`, once. CLI_OK or CLI_FAILED. */
AUR_MUST_CHECK int hosts_reach(struct hosts *h);

/* The name of the team that was read, as documents have it; or NULL. */
const char *hosts_team(const struct hosts *h);

void hosts_release(struct hosts *h);

#endif
