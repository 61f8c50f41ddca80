/* SPDX-License-Identifier: MIT */
/*
 * The teams of this user: which one is meant, reading it, changing it. What
 * every part of `aurora team` needs, and every selection of hosts.
 *
 *	struct aur_team *t;
 *	status = team_load(&t, o, TEAM_NEEDED | TEAM_TRUSTED);
 *	...
 *	status = team_change(o, my_change, &what);
 *
 * All of it says what is wrong on stderr and gives an exit status.
 */
#ifndef CLI_TEAM_H
#define CLI_TEAM_H

#include "cli/cli.h"
#include "cli/opt.h"
#include "team/team.h"

#define TEAM_NAME (63 + 1)

enum team_flag {
	TEAM_NEEDED = 1,  /* none is an error */
	TEAM_TRUSTED = 2, /* what others changed is shown and asked about */
};

/* Where team files are. False, and said: there is no such place. */
bool team_dir(char *out, size_t size);

/* The team that is meant: --team, AURORA_TEAM, config.json; "" for none. That
 * it exists was not looked at. CLI_OK or CLI_FAILED. */
AUR_MUST_CHECK int team_current(const struct opts *o, char out[TEAM_NAME]);

/* Makes it the one in config.json; "" for none. */
AUR_MUST_CHECK int team_keep(const char *name);

/* Reads the team that is meant; NULL for none. The caller frees it. CLI_OK,
 * CLI_FAILED, CLI_USAGE. */
AUR_MUST_CHECK int team_load(
    struct aur_team **ret_team, const struct opts *o, unsigned flags);

/* The team that is meant, without a word about what is wrong; NULL where
 * anything is. */
void team_peek(struct aur_team **ret_team, const struct opts *o);

/* As team_load, for a team by name. */
AUR_MUST_CHECK int team_load_name(
    struct aur_team **ret_team, const char *name, unsigned flags);

/* Does one change to the team: an exit status, and only CLI_OK is saved. It is
 * called again with the team read anew where another program was faster, so it
 * asks nobody and prints nothing but what is wrong. */
typedef int (*team_change_fn)(struct aur_team *t, void *arg);

/* Changes the team that is meant, and saves it. */
AUR_MUST_CHECK int team_change(
    const struct opts *o, team_change_fn change, void *arg);

/* Holds the directory of teams while `act` runs. An exit status. */
typedef int (*team_act_fn)(const char *dir, void *arg);
AUR_MUST_CHECK int team_hold(team_act_fn act, void *arg);

/* Shows on stderr what others changed, asks unless `yes`, and trusts what was
 * shown. CLI_OK: it is trusted now. */
AUR_MUST_CHECK int team_trust(const struct aur_team *t, bool yes);

/* What others changed, as lines; what of it is to be said on stderr. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int team_list_changes(
    const struct aur_team *t, struct aur_buf *out);
void team_say_lines(struct aur_slice text);

/* Whether somebody can be asked: stdin and stderr are a terminal. */
bool team_can_ask(void);

#endif
