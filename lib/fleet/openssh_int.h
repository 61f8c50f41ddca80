/* SPDX-License-Identifier: MIT */
/*
 * The command line of the system's ssh, and what it says. Pure: what runs it
 * stands in transport_openssh.c.
 */
#ifndef AUR_FLEET_OPENSSH_INT_H
#define AUR_FLEET_OPENSSH_INT_H

#include "fleet/transport_int.h"
#include "fleet/words_int.h"

struct aur__openssh_line {
	const char *program; /* path of ssh */
	const struct aur__route *route;
	const char *command; /* for the login shell there */
	bool accept_new;
	bool telling; /* ssh shall say what it does */
	bool asking;  /* it has a helper to ask its questions by */
	bool person;  /* for a person at a terminal: no command, all may be
			 asked, and the configuration holds */
};

/* Where the system's ssh is: `given`, AURORA_SSH in the environment, in PATH.
 * 0, AUR_EABSENT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__openssh_find(
    const char *given, struct aur_buf *ret_path);

/* The argv for it, into `w` (empty); w->rc tells how it went. */
void aur__openssh_words(
    struct aur__words *w, const struct aur__openssh_line *line);

/* The options for a key's file, as ssh_config has it: in quotes, as ssh puts
 * its tokens into a file's name too. With -i it would look for it before. */
void aur__openssh_identity(struct aur__words *w, const char *file);

/* Reads a line of what a telling ssh says: true where it is no more than that,
 * and then, where it tells of a step, `step` and `how` say which. */
bool aur__openssh_told(struct aur_slice line, bool *ret_is_step,
    enum aur_fleet_step *ret_step, enum aur_fleet_how *ret_how,
    struct aur_slice *ret_text);

/* What the end of ssh means: its exit status as the transport's has it (-1:
 * it lives on), its stderr. */
void aur__openssh_explain(const struct aur__route *route, int status,
    struct aur_slice words, struct aur__failure *why);

#endif
