/* SPDX-License-Identifier: MIT */
/*
 * Which units of systemd failed, as its manager tells on the system bus: what
 * org.freedesktop.systemd1(5) lets any user ask. Each unit that was not among
 * the failed ones becomes an event; those that had failed when it was asked
 * first are no news. Pure: bytes and times in, bytes and events out.
 *
 *	units_init(&u, tell, me);
 *	rc = units_open(&u, uid, now);           a connection is there
 *	rc = units_put(&u, bytes, now);          it says something
 *	rc = units_turn(&u, now);                units_wait is over
 *	... send(units_out(&u)); units_sent(&u, n);
 *	units_close(&u);                         it is gone; on any error, too
 *	units_release(&u);
 *
 * What has been told is remembered over connections, so a bus that starts
 * anew, or that was away, loses and repeats nothing.
 *
 * A unit that leaves the failed state and comes back between two looks, which
 * are a second apart at least, is told once. Managers from before 2014 have no
 * list by state (ListUnitsFiltered): of them nothing is told.
 */
#ifndef AGENTD_DAEMON_UNITS_H
#define AGENTD_DAEMON_UNITS_H

#include "base/buf.h"
#include "base/clock.h"
#include "model/event.h"

/* Failed units that are named and remembered. Of more only their number is
 * asked, and told as it grows. */
#define UNITS_MOST 256u

/* An event whose boot, number and time are left to the listener; borrowed. */
typedef void (*units_fn)(void *arg, struct aur_event *event);

enum units_state {
	UNITS_CLOSED,
	UNITS_AUTH,  /* we said who we are */
	UNITS_COUNT, /* asked how many failed */
	UNITS_LIST,  /* asked which */
	UNITS_REST,  /* until a signal or a minute */
};

struct units {
	units_fn fn;
	void *arg;
	enum units_state state;
	struct aur_buf in, out;
	uint32_t serial;      /* of the last call */
	struct aur_mono due;  /* an answer is late, or the next look */
	struct aur_mono look; /* the last one began */
	bool again;	      /* it is outdated already */

	bool known;	  /* there was an answer */
	bool named;	  /* of which `seen` has all names */
	uint32_t count;	  /* that failed */
	uint32_t asked;	  /* the number that the list is of */
	uint32_t most;	  /* that can be listed */
	uint64_t *seen;	  /* hashes of their names; UNITS_MOST of them */
	uint64_t *seeing; /* of the list that is being read */
	size_t nseen;
};

/* 0, AUR_ENOMEM (and it may be released). */
AUR_MUST_CHECK int units_init(struct units *u, units_fn fn, void *arg);
void units_release(struct units *u);

/* A connection as user `uid` begins. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int units_open(
    struct units *u, uint64_t uid, struct aur_mono now);
void units_close(struct units *u);

/* Takes what the bus sent. 0; AUR_EDENIED (no such manager, or not for us),
 * AUR_EPROTOCOL, AUR_ELIMIT, AUR_ENOMEM: the connection is of no more use. */
AUR_MUST_CHECK int units_put(
    struct units *u, struct aur_slice bytes, struct aur_mono now);

/* How long until units_turn has something to do. */
struct aur_span units_wait(const struct units *u, struct aur_mono now);
/* Asks, if it is time. 0; AUR_ETIMEOUT, AUR_ENOMEM: as above. */
AUR_MUST_CHECK int units_turn(struct units *u, struct aur_mono now);

/* What is to be sent; and that so much of it was. */
struct aur_slice units_out(const struct units *u);
void units_sent(struct units *u, size_t n);

#endif
