/* SPDX-License-Identifier: MIT */
/*
 * The agent's input and output: one file per operating system. It moves
 * bytes between two descriptors and a connection, and waits.
 */
#ifndef AGENTD_IO_H
#define AGENTD_IO_H

#include "agentd/serve.h"

/* Serves one client on stdin and stdout until either ends. `options` lacks
 * flush, which this brings. 0; an aur_err of what went wrong: the client's
 * fault (AUR_EPROTOCOL, ...) or the system's. */
int io_run(
    const struct serve_source *source, const struct serve_options *options);

/* Makes closed standard descriptors ones that give the end and take nothing,
 * before a socket gets their number. False: that failed. */
bool io_hold_standard(void);

/* Whose rights this process has. */
uint64_t io_uid(void);

#endif
