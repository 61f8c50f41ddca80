/* SPDX-License-Identifier: MIT */
/*
 * Which hosts a command line means: names, lists (web1,web2), globs, all, and
 * -x to leave out. So far there is one to choose from: local, this machine.
 */
#ifndef CLI_HOSTS_H
#define CLI_HOSTS_H

#include "base/slice.h"
#include "cli/opt.h"

struct hosts {
	bool local;
};

/* Reads the operands and -x; no operand: this machine. CLI_OK, or CLI_USAGE
 * after saying why. */
AUR_MUST_CHECK int hosts_choose(struct hosts *h, const struct opts *o);

/* Whether `word` names `local`; CLI_USAGE, with a message, where it names
 * nothing. */
AUR_MUST_CHECK int hosts_match(struct aur_slice word, bool *ret_local);

#endif
