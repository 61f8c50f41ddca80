/* SPDX-License-Identifier: MIT */
/*
 * The agent's input and output: one file per operating system. It moves
 * bytes between two descriptors, a bridge and the host's service, and waits.
 */
#ifndef AGENTD_IO_H
#define AGENTD_IO_H

#include "agentd/bridge.h"

/* Serves one client on stdin and stdout until either ends, with the host's
 * service where there is one. `options` lacks flush and uid, which this brings.
 * 0; an aur_err of what went wrong: the client's
 * fault (AUR_EPROTOCOL, ...), the service's or the system's, and in `ret_why`
 * a sentence, static, or NULL where there is none but the error's own. */
int io_run(const struct serve_options *options, const char **ret_why);

/* Makes closed standard descriptors ones that give the end and take nothing,
 * before a socket gets their number. False: that failed. */
bool io_hold_standard(void);

#endif
