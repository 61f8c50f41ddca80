/* SPDX-License-Identifier: MIT */
/*
 * The parts of `aurora team`, each in its file, and the little that several of
 * them share.
 */
#ifndef CLI_TEAM_PART_H
#define CLI_TEAM_PART_H

#include "cli/cmd.h"
#include "cli/place.h"
#include "cli/team.h"

extern const struct cmd_entry team_add_group, team_add_host, team_add_member,
    team_create, team_delete, team_edit_group, team_edit_host, team_edit_member,
    team_import, team_invite, team_join, team_key, team_leave, team_list,
    team_publish, team_pull, team_remove_group, team_remove_host,
    team_remove_member, team_rename, team_show, team_sync, team_trusts,
    team_use;

/* The key of a team, ~/.ssh/id_aurora_TEAM: made where it is not there, and
 * where it is; its public half, one line. An exit status. */
#define TEAM_KEY_LINE 4096
AUR_MUST_CHECK int team_make_key(
    const char *team, char path[PLACE_SIZE], bool *ret_made);
AUR_MUST_CHECK int team_read_key(const char *path, char line[TEAM_KEY_LINE]);

/* Makes a team and uses it. An exit status. */
AUR_MUST_CHECK int team_make(const char *name);

/* Says that operands are missing or too many, with the usage; CLI_USAGE. At
 * least `least`, at most `most` (0: any number) are right: CLI_OK. */
int team_operands(
    const struct cmd_entry *cmd, const struct opts *o, int least, int most);

/* Whether `name` may be one; else said. CLI_OK or CLI_USAGE. */
int team_check_name(const char *what, const char *name);

/* Asks unless --yes; without a terminal --yes is needed. CLI_OK, CLI_FAILED
 * (no), CLI_USAGE. */
int team_confirm(const struct opts *o, const char *question);

/* The hosts of the team that the operands from number `first` on mean, less
 * those of -x: at least one. The caller frees the list with aur_mem_free. An
 * exit status. */
AUR_MUST_CHECK int team_pick(const struct aur_team *t, const struct opts *o,
    int first, size_t **ret_hosts, size_t *ret_n);

/* Appends a line to the answer. */
AUR_PRINTF(2, 3) int team_say(struct cli *c, const char *fmt, ...);

/* Tells of a change that lib/team refused; an exit status. */
int team_refused(int rc, const char *why);

#endif
