/* SPDX-License-Identifier: MIT */
/*
 * The service: a unix socket, many readers, one sampling. It reads and never
 * acts; daemon.c opens with how. A build without the host's libraries has
 * daemon_none.c instead, which says so.
 */
#ifndef AGENTD_DAEMON_H
#define AGENTD_DAEMON_H

/* Serves in the foreground until SIGTERM or SIGINT, with the settings of the
 * file `config` (NULL: where they are by rule). The exit status; what went
 * wrong has been said on stderr. */
int daemon_run(const char *config);

#endif
