/* SPDX-License-Identifier: MIT */
/*
 * Where the service of a host is: a folder with a socket and a lock in it.
 *
 *	$RUNTIME_DIRECTORY        where it is set, nothing else is looked at
 *	/run/aurora               the host's, or of root
 *	$XDG_RUNTIME_DIR/aurora   of a user
 *	$XDG_STATE_HOME/aurora/run   of a user without such a folder
 *
 * The same list serves the service, which takes the first that is its own,
 * and the bridge, which asks all of them.
 */
#ifndef AGENTD_PLACE_H
#define AGENTD_PLACE_H

#include "base/buf.h"
#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLACE_MAX 256
#define PLACE_SOCKET "agentd.sock"
#define PLACE_LOCK "agentd.lock"

enum place { PLACE_GIVEN, PLACE_SYSTEM, PLACE_USER, PLACE_STATE, PLACE_COUNT };

/* The folder of a place; false where the environment does not name one. */
bool place_of(enum place place, char out[PLACE_MAX]);

/* The one that a service of this user has. False: there is none. */
bool place_own(char out[PLACE_MAX]);

/* Where a service of this user keeps what outlives it: $STATE_DIRECTORY, else
 * /var/lib/aurora of root, $XDG_STATE_HOME/aurora, ~/.local/state/aurora.
 * False: there is none. */
bool place_state(char out[PLACE_MAX]);

/* Whether the folder stays when its user logs out or the host boots is not
 * ours to say; whether others of this host are to come in is: only into
 * $RUNTIME_DIRECTORY and root's. */
bool place_is_shared(void);

/* The file of the team with that id which was published to this account, as
 * serve_options.team: $XDG_STATE_HOME/aurora/teams/ID.json, for root as well,
 * since /var/lib/aurora is the service's, which runs as another user. `text`
 * gets a sentence where it is not 0: AUR_EABSENT, AUR_EINVALID (no id),
 * AUR_EDENIED (it is not our own file alone), AUR_ELIMIT, AUR_EIO,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int place_team(
    struct aur_slice id, struct aur_buf *ret_file, struct aur_buf *text);

/* The socket in a folder; false where it does not fit. */
bool place_socket(const char *folder, char *out, size_t size);

/* Connects to the socket in a folder. A non-blocking descriptor, or an
 * aur_err:
 * AUR_EABSENT (nobody listens there), AUR_EBUSY (its queue is full),
 * AUR_ELIMIT (the path is too long). */
AUR_MUST_CHECK int place_connect(const char *folder);

/* The host's service, if it is run by root, by the user `aurora` or by us: a
 * non-blocking descriptor, and whose it is. An aur_err: nobody is there. */
AUR_MUST_CHECK int place_find(uint64_t *ret_uid);

#endif
