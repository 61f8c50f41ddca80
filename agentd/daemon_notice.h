/* SPDX-License-Identifier: MIT */
/*
 * What happened on the host, as samples tell it: a suspend, a clock that was
 * set, a gap, processes killed for want of memory, a filesystem that is full,
 * a unit of systemd that runs anew. Each becomes an event. Pure: samples in,
 * events out, no clock.
 *
 *	notice_init(&n, tell, me);
 *	rc = notice_system(&n, sample);       each second
 *	rc = notice_processes(&n, sample);    every few
 *	notice_release(&n);
 *
 * That a unit failed is told by daemon_units.h: samples show who is gone, and
 * not why.
 */
#ifndef AGENTD_DAEMON_NOTICE_H
#define AGENTD_DAEMON_NOTICE_H

#include "model/event.h"
#include "model/sample.h"

/* Percent of a filesystem, as df counts, at which it is full, and below which
 * it is no longer. */
#define NOTICE_FULL 95u
#define NOTICE_ROOM 90u
/* Filesystems that are remembered as full. */
#define NOTICE_MOUNTS 64u
/* A stretch without samples that is worth a word. */
#define NOTICE_GAP_NS (5 * AUR_SECOND_NS)

/* An event whose boot, number and time are left to the listener; borrowed. */
typedef void (*notice_fn)(void *arg, struct aur_event *event);

struct notice {
	notice_fn fn;
	void *arg;
	struct aur_sample *before;    /* times, and vmstat; held */
	struct aur_sample *processes; /* the table before; held */
	char *full[NOTICE_MOUNTS];    /* mounts; owned */
	size_t nfull;
};

void notice_init(struct notice *n, notice_fn fn, void *arg);
void notice_release(struct notice *n);

/* What `now` tells beside the one before, which shares its string table; it is
 * held until the next. 0, AUR_ENOMEM: it was not looked at. */
AUR_MUST_CHECK int notice_system(struct notice *n, struct aur_sample *now);
AUR_MUST_CHECK int notice_processes(struct notice *n, struct aur_sample *now);

#endif
