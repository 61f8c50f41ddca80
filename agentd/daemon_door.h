/* SPDX-License-Identifier: MIT */
/*
 * The socket of the service: its folder, its lock, and who comes in.
 *
 *	rc = door_open(&door, why, sizeof(why));
 *	watch door.fd; while ((fd = door_accept(&door, &guest)) >= 0) ...
 *	door_close(&door);
 */
#ifndef AGENTD_DAEMON_DOOR_H
#define AGENTD_DAEMON_DOOR_H

#include "agentd/place.h"

struct door {
	int fd; /* listening, non-blocking */
	int folder_fd, lock_fd;
	uint64_t device, inode; /* of the socket's file, which is ours */
	char folder[PLACE_MAX];
};

/* Who connected, as the kernel says: SO_PEERCRED, SO_PEERGROUPS. */
struct guest {
	uint64_t uid, gid, pid;
	unsigned ngroup;
	uint32_t group[256]; /* where there are more, none */
};

/* Makes the folder where there is none, takes the lock, removes a socket that
 * nobody serves any more, and listens. 0; AUR_EBUSY (there is a service),
 * AUR_EDENIED (the folder is not safe), AUR_ELIMIT, AUR_EIO, and then a
 * sentence for people; `d` is closed. */
AUR_MUST_CHECK int door_open(struct door *d, char *why, size_t size);

/* Removes the socket, if it is still ours, and lets go of the lock. */
void door_close(struct door *d);

/* The next guest's descriptor, non-blocking. AUR_EABSENT: nobody waits;
 * AUR_ELIMIT: out of descriptors; others: try again. */
AUR_MUST_CHECK int door_accept(const struct door *d, struct guest *ret_guest);

bool guest_in_group(const struct guest *g, uint64_t gid);

#endif
