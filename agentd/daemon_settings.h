/* SPDX-License-Identifier: MIT */
/*
 * agentd.json: who may read, how much of it, how many at once, and what is
 * recorded. Read at the start and at each SIGHUP; aurora-agentd(8) explains the
 * members.
 */
#ifndef AGENTD_DAEMON_SETTINGS_H
#define AGENTD_DAEMON_SETTINGS_H

#include "agentd/daemon_view.h"

#define SETTINGS_PATH_MAX 1024

struct daemon_settings {
	bool group_only; /* root, the group and our own user alone may read */
	char group[64];
	bool has_group; /* there is such a group, with this id: */
	uint64_t gid;
	enum view_cmdline cmdline;
	unsigned max_clients, max_per_user;
	bool record;
	unsigned record_hours;
	uint64_t record_bytes;
	unsigned process_interval; /* seconds between tables that are kept */
};

/* Reads the file `config`, or where that is NULL the user's own, or where
 * there is none the host's; without any, all as by default. 0; else an
 * aur_err and a sentence that begins with the file, and what was in `s` is
 * still there. */
AUR_MUST_CHECK int daemon_settings_read(
    struct daemon_settings *s, const char *config, char *why, size_t size);

#endif
