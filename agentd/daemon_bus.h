/* SPDX-License-Identifier: MIT */
/*
 * The connection to the system bus, for daemon_units.h: made, waited for, and
 * made again when it has ended, all of it in the loop. Without a bus, or
 * without systemd on it, nothing is told and nothing said; it is tried again,
 * less and less often.
 *
 *	rc = bus_begin(&b, loop, tell, me);
 *	bus_end(&b);
 */
#ifndef AGENTD_DAEMON_BUS_H
#define AGENTD_DAEMON_BUS_H

#include "agentd/daemon_units.h"
#include "loop/loop.h"

/* A zeroed one has not begun and may be ended. */
struct bus {
	struct aur_loop *loop;
	struct units units;
	int fd; /* -1: waiting to connect */
	struct aur_watch *watch;
	struct aur_timer *timer;
	int64_t pause_s; /* before the next try */
	bool said;	 /* that it talks nonsense */
};

/* Begins, or does nothing where it has begun. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int bus_begin(
    struct bus *b, struct aur_loop *loop, units_fn fn, void *arg);
void bus_end(struct bus *b);

/* Where the bus is: the first path in $DBUS_SYSTEM_BUS_ADDRESS, else the one
 * that all systems with systemd have. False: it is none that we can reach. */
bool bus_path(char *out, size_t size);

#endif
